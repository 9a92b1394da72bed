"""A watch for long jobs, which tell how much of how much is done; made when the first of them is begun."""

from collections.abc import Callable
from dataclasses import dataclass

from member_tracker.domain.watching import Stopped, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingWatch(Watch):
    """A watch that passes on counts instead of shares."""

    counted: Callable[[str, int, int], None]

    def at(self, stage: str, done: int, whole: int) -> None:
        """Tell how far the stage is; raises `Stopped` where somebody wants no more of it."""
        if self.stop():
            raise Stopped
        self.counted(stage, done, whole)
