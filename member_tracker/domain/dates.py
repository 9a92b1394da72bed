"""Dates and moments in plain English, the same on every machine whatever its language."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day_in_words(on: date) -> str:
    """A day such as “Thursday 4 June 2026”."""
    return f"{_DAYS[on.weekday()]} {on.day} {_MONTHS[on.month - 1]} {on.year}"


def moment_in_words(at: datetime) -> str:
    """A moment as the office clock shows it, such as “17:20 on Thursday 4 June 2026”."""
    local = at.astimezone(LONDON)
    return f"{local:%H:%M} on {day_in_words(local.date())}"


def time_in_words(at: datetime) -> str:
    """The time of day as the office clock shows it, such as “17:20”."""
    return f"{at.astimezone(LONDON):%H:%M}"


def local_date(at: datetime) -> date:
    """The date in the office at that moment."""
    return at.astimezone(LONDON).date()
