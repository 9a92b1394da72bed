"""Figures that may not get worse, each measured against its limit."""
