"""The settings page: the mailboxes mail is read from and sent through."""
