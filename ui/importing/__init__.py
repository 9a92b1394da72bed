"""Importing: a table or mail in files, looked at first."""
