"""Mail that may have gone out, and what somebody says of it."""
