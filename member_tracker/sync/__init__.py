"""Keeping several people's stores in step through the hub."""
