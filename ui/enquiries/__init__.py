"""Enquiries: the list, one in detail, and the form that logs one."""
