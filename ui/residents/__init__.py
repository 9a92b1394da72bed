"""Residents: the list, one seen whole, changed, and two records made into one."""
