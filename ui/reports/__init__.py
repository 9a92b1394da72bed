"""Reports: performance against the charter, its bars, and the enquiries behind each figure."""
