"""How moments are written down: in UTC, to the microsecond, so that text sorts as time does."""

from datetime import UTC, datetime


def utc_text(moment: datetime) -> str:
    """The moment in UTC as text that sorts as time does; a time without a zone is refused."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone.")
    return moment.astimezone(UTC).isoformat("T", "microseconds")[:-6] + "Z"


def utc_moment(text: str) -> datetime:
    """The moment that `utc_text` wrote."""
    return datetime.fromisoformat(text).astimezone(UTC)
