"""Keeping what is being written: saved every few seconds while it changes, and given back after a crash."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import TrackerError
from member_tracker.services.drafts import KeptDraft, Plain, drop_draft, find_draft, save_draft
from ui.desk import Desk
from ui.language import tr
from ui.widgets.parts import label
from ui.words import clock_time, near_day

EVERY_MS = 5_000


class DraftKeeper(QObject):
    """Keeps what `read` gives of a page under a key; `read` gives None where there is nothing worth keeping.

    `given_back` carries the fields of a draft found when the page begins; `note` is a label that says what is saved.
    A page calls `begin` with the key of what it shows, and `end` once that is kept, sent or thrown away. Nothing that
    somebody has typed meanwhile is written over by a draft that is found.
    """

    given_back = Signal(object)

    def __init__(self, desk: Desk, page: QWidget, read: Callable[[], Plain | None]) -> None:
        super().__init__(page)
        self._desk = desk
        self._read = read
        self._key: str | None = None
        self._is_ready = False
        self._saved: Plain | None = None
        self.note = label(name=f"{page.objectName()}Draft", kind="quiet")
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.save)
        page.installEventFilter(self)
        desk.jobs.closing.connect(self._save_at_last)
        desk.ending.connect(self.save)

    def begin(self, key: str) -> None:
        """Watch what is written under this key, after giving back what was being written there."""
        if key == self._key:
            return
        self.save()
        self._key, self._is_ready, self._saved = key, False, None
        self.note.setText("")
        self._desk.ask(lambda app: find_draft(app, key), owner=self, done=partial(self._found, key))

    def end(self) -> None:
        """Forget the draft: what was written is kept elsewhere, or thrown away."""
        key = self._key
        if key is not None:
            self._saved = None
            self.note.setText("")
            self._desk.ask(lambda app: drop_draft(app, key), owner=self)

    def save(self) -> None:
        """Save what is written now, unless it is saved already."""
        key = self._key
        if key is None or not self._is_ready:
            return
        plain = self._read()
        if plain == self._saved:
            return
        if plain is None:
            self.end()
            return
        kept = plain
        self._desk.ask(
            lambda app: save_draft(app, key, kept),
            owner=self,
            done=self._was_saved,
            failed=lambda error: self._was_not_saved(key, error),
        )
        self._saved = kept

    def _save_at_last(self) -> None:
        """What was under way when the program closed may not have been done."""
        if self._saved is not None:
            self._saved = {}
        self.save()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Save when the page goes out of sight, and look every few seconds only while it is seen."""
        if event.type() == QEvent.Type.Hide:
            self._timer.stop()
            self.save()
        elif event.type() == QEvent.Type.Show:
            self._timer.start()
        return super().eventFilter(watched, event)

    def _found(self, key: str, draft: KeptDraft | None) -> None:
        if key != self._key:
            return
        self._is_ready = True
        if draft is None or self._read() is not None:
            return
        self._saved = draft.plain
        self.given_back.emit(draft.plain)
        today = local_date(self._desk.now())
        self.note.setText(
            tr("As you left it, {day} {time}").format(
                day=near_day(local_date(draft.saved_at), today), time=clock_time(draft.saved_at)
            )
        )

    def _was_saved(self, draft: KeptDraft) -> None:
        if draft.key == self._key and self._saved is not None:
            self.note.setText(tr("Draft saved {time}").format(time=clock_time(draft.saved_at)))

    def _was_not_saved(self, key: str, error: TrackerError) -> None:
        """Say so beside the page, and try again the next time."""
        if key == self._key:
            self._saved = None
            self.note.setText(tr("The draft is not saved: {error}").format(error=error))
