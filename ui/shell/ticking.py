"""What a window that stays open must notice once a second: other processes' work, a new day, waking from sleep."""

from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from member_tracker.domain.change import ChangeSet
from member_tracker.domain.dates import local_date
from ui.desk import Desk
from ui.jobs import Job

_TICK_MS = 1_000
_SLEPT = timedelta(seconds=30)


class Ticking(QObject):
    """Asks the store what others wrote; where a day began or the computer slept, every page asks again.

    `woke` says that the computer slept or its clock was set, so that mail and the hub are looked at again.
    """

    woke = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._asked: Job | None = None
        self._last: datetime | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        """Tick until stopped."""
        self._timer.start()

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()

    def tick(self) -> None:
        """Look once."""
        if not self._desk.is_open:
            return
        self._note_time(self._desk.now())
        if self._asked is None:
            self._asked = self._desk.ask(
                lambda app: app.store.notice_others(), owner=self, done=self._over, failed=self._over
            )

    def _over(self, _answer: object) -> None:
        """A store that could not be read just now is asked again at the next tick."""
        self._asked = None

    def _note_time(self, now: datetime) -> None:
        before, self._last = self._last, now
        if before is None:
            return
        slept = not timedelta(0) <= now - before < _SLEPT
        if slept or local_date(before) != local_date(now):
            self._desk.news.changed.emit(ChangeSet(everything=True))
        if slept:
            self.woke.emit()
