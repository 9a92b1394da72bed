"""The strip that says a mail is about to go, for the ten seconds in which it can be taken back."""

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame

from member_tracker.domain.change import ChangeSet, RecordKind
from ui import look
from ui.desk import Desk
from ui.language import tr, tr_count
from ui.widgets.announce import announce
from ui.widgets.parts import button, label, row

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.domain.writing import Wanted
    from member_tracker.services.sending_by_hand import Held

_TICK_MS = 250


def read_held(app: "App") -> "tuple[Held, ...]":
    """The mails that can be taken back."""
    from member_tracker.services.sending_by_hand import held_mails

    return held_mails(app)


class HeldBar(QFrame):
    """Counts down for the newest mail; once its time is over it asks for mail to be sent. Hidden at other times."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("heldBar")
        self.setProperty("kind", "hint")
        self._desk = desk
        self._held: Held | None = None
        self._words = label(name="heldWords", kind="strong")
        self._undo = button(tr("Do not send it (&0)"), self.take_back, name="heldUndo", kind="first", tip="Alt+0")
        layout = row(self._words, self._undo, margin=look.GAP)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._count)
        desk.news.changed.connect(self._hear)
        desk.settled.connect(self._ask)
        self.hide()

    def take_back(self) -> None:
        """Keep the mail from going, and go on writing it."""
        held = self._held
        if held is None:
            return
        from member_tracker.services.sending_by_hand import take_back

        self._desk.ask(lambda app: take_back(app, held.mail_id), owner=self, done=self._write_on)

    def _write_on(self, wanted: "Wanted | None") -> None:
        self._end()
        if wanted is not None:
            self._desk.page_wanted.emit("compose", wanted)

    def _hear(self, change: ChangeSet) -> None:
        if change.touches(RecordKind.OUTGOING):
            self._ask()

    def _ask(self) -> None:
        if self._desk.is_open:
            self._desk.ask(read_held, owner=self, done=self._show)

    def _show(self, held: "tuple[Held, ...]") -> None:
        now = self._desk.now()
        waiting = [each for each in held if each.until > now]
        if not waiting:
            self._end()
            return
        is_new = self._held is None or self._held.mail_id != waiting[0].mail_id
        self._held = waiting[0]
        self._count()
        self._tick.start()
        self.show()
        if is_new:
            announce(self, tr("{words} Alt+0 takes it back.").format(words=self._words.text()))

    def _count(self) -> None:
        """Say how long there is; at the end the mail goes."""
        if self._held is None or not self._desk.is_open:
            return
        left = self._held.until - self._desk.now()
        if left <= timedelta(0):
            self._end()
            self._desk.mail_wanted.emit()
            return
        seconds = left // timedelta(seconds=1) + 1
        words = tr_count(
            "The mail about {reference} goes in {n} second.", "The mail about {reference} goes in {n} seconds.", seconds
        )
        self._words.setText(words.format(reference=self._held.reference, n=seconds))

    def _end(self) -> None:
        self._held = None
        self._tick.stop()
        self.hide()
