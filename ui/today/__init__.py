"""The Today page: what needs somebody today."""
