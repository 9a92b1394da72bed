"""The window: everything that knows of Qt."""
