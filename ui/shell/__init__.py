"""What the program does as one program among others on the computer: one window, files handed over, reminders."""
