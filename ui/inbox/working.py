"""What was done to mails of the tray since it was opened, and how each is taken back, the latest first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from member_tracker.app import App

MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A deed: the mail it was done to, what is said of it, and what takes it back."""

    mail_id: str
    words: str
    take_back: Callable[["App"], object]


class Undoing:
    """Remembers the latest deeds."""

    def __init__(self) -> None:
        self._done: list[Done] = []

    def note(self, done: Done) -> None:
        """A deed was done."""
        self._done = [*self._done, done][-MOST:]

    def latest(self) -> Done | None:
        """The deed to be taken back next, which is then no longer remembered; None where there is none."""
        return self._done.pop() if self._done else None
