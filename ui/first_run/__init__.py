"""The first start: one question, and what a council's profile needs."""
