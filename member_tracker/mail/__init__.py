"""Mail: the mailboxes the program reads and sends through, and the bytes a mail is made of."""
