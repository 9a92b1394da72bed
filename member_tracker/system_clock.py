"""The clock of this computer. Only `app` and a window that opens ask it; everybody else is handed the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The moment it is, in UTC."""
    return datetime.now(UTC)
