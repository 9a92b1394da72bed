"""Sending and receiving mail: when somebody asks, after something was queued, and every two minutes."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from member_tracker.domain.errors import TrackerError, Unavailable
from ui.desk import Desk
from ui.status import Status

if TYPE_CHECKING:
    from member_tracker.app import App

_EVERY_MS = 120_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What came of sending and receiving; `problem` says why some mail still waits."""

    ended_at: datetime
    problem: str | None


def send_and_receive(app: "App") -> Round:
    """Send what is queued, then bring in what has come."""
    from member_tracker.services.collecting import collect
    from member_tracker.services.post import post_queued

    posted = post_queued(app)
    collect(app)
    return Round(ended_at=app.now(), problem=posted.problem)


class MailRounds(QObject):
    """One round at a time; what is asked for during a round is done once more after it."""

    def __init__(self, desk: Desk, status: Status, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._status = status
        self._under_way = False
        self._again = False
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.go)

    def start(self) -> None:
        """Go now, and every two minutes."""
        self._timer.start()
        self.go()

    def go(self) -> None:
        """Send and receive."""
        if not self._desk.is_open:
            return
        if self._under_way:
            self._again = True
            return
        self._under_way = True
        self._desk.ask_outside(send_and_receive, owner=self, done=self._done, failed=self._failed)

    def _done(self, what: Round) -> None:
        if what.problem:
            self._status.show_offline(Unavailable(what.problem, advice=""))
        else:
            self._status.show_mail(what.ended_at)
        self._over()

    def _failed(self, error: TrackerError) -> None:
        self._status.show_offline(error)
        self._over()

    def _over(self) -> None:
        self._under_way = False
        if self._again:
            self._again = False
            self.go()
