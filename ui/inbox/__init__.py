"""The tray of mail that a person must place."""
