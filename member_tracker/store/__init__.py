"""The local encrypted file: records, their history, the outbox and the search index."""
