"""Where the data is, what was deleted lately, and the lock."""
