"""How a long deed tells how far it has come, and asks whether it should go on."""

from collections.abc import Callable
from dataclasses import dataclass

from member_tracker.domain.errors import TrackerError


class Stopped(TrackerError):
    """Somebody stopped a long deed; it has left nothing behind."""

    def __init__(self) -> None:
        super().__init__("Stopped.", advice="Nothing was written. Begin again whenever you like.")


def _tell_nobody(stage: str, share: float) -> None:
    del stage, share


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """`progress` hears the stage in words and the share of it that is done (0 to 1); `stop` says whether to give up."""

    progress: Callable[[str, float], None] = _tell_nobody
    stop: Callable[[], bool] = _never

    def at(self, stage: str, done: int, whole: int) -> None:
        """Tell how far the stage is; raises `Stopped` where somebody wants no more of it."""
        if self.stop():
            raise Stopped
        self.progress(stage, done / whole if whole else 1.0)


UNWATCHED = Watch()
