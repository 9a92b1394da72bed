"""Windows packages: one for the whole computer (MSI), one for a person's own account (a set-up program)."""
