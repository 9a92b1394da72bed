"""Member Tracker: members' enquiries, logged, sent, answered and judged by the council's charter."""

__version__ = "0.1.0"
