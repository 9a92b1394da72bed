"""When mail is looked for: often while somebody is at work, seldom otherwise, never before a busy server allows."""

from datetime import datetime, timedelta

EVERY = timedelta(seconds=90)
SELDOM = timedelta(minutes=10)
IDLE_AFTER = timedelta(minutes=15)
BUSY_PAUSE = timedelta(minutes=1)
"""How long a server is left alone that is busy and does not say for how long."""


class Rhythm:
    """Keeps when somebody last did something here and when mail was last looked for; every moment is handed in."""

    def __init__(self, now: datetime) -> None:
        self._touched_at = now
        self._ended_at: datetime | None = None
        self._not_before: datetime | None = None

    @property
    def not_before(self) -> datetime | None:
        """Until when a busy server asked to be left alone; None where none did."""
        return self._not_before

    def note_input(self, now: datetime) -> bool:
        """Somebody pressed a key or a mouse button; whether nobody had for a while."""
        was_idle = self._is_idle(now)
        self._touched_at = now
        return was_idle

    def note_round(self, now: datetime, *, busy_for: timedelta | None = None) -> None:
        """A round of mail has ended; `busy_for` is how long a busy server wants to be left alone."""
        self._ended_at = now
        self._not_before = None if busy_for is None else now + busy_for

    def must_wait(self, now: datetime) -> bool:
        """Whether a busy server is still to be left alone."""
        return self._not_before is not None and now < self._not_before

    def is_due(self, now: datetime) -> bool:
        """Whether mail is to be looked for without anybody asking; a clock put back does not hold it up."""
        if self.must_wait(now):
            return False
        if self._ended_at is None or now < self._ended_at:
            return True
        return now - self._ended_at >= (SELDOM if self._is_idle(now) else EVERY)

    def _is_idle(self, now: datetime) -> bool:
        return now - self._touched_at >= IDLE_AFTER
