"""What is remembered: one encrypted file and the only SQL in the program."""
