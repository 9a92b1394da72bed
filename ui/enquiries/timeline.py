"""What happened to an enquiry, newest first, a page at a time; the arrow keys go from entry to entry."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from member_tracker.domain.dates import local_date
from member_tracker.domain.timeline import Entry, MailId
from ui import look
from ui.desk import Desk
from ui.enquiries.entries import Mails, entry_widget, newest_first
from ui.enquiries.reading import Opened
from ui.language import tr
from ui.widgets.focus import holds_focus
from ui.widgets.parts import button, column, row

RECENT = 30
EARLIER = 50

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class Timeline(QWidget):
    """Shows the newest entries, and page by page what happened earlier; `looked_at` carries the entry gone to."""

    looked_at = Signal(QWidget)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("timeline")
        self.setAccessibleName(tr("What happened"))
        self._desk = desk
        self._opened: Opened | None = None
        self._newest: list[Entry] = []
        self._most = RECENT
        self._earlier = button(
            tr("Show what happened earlier (&J)"), self._show_more, name="earlierButton", kind="link"
        )
        self._entries: list[QWidget] = []
        self._box = column(gap=look.GAP)
        self.setLayout(column(self._box, row(self._earlier, None)))

    @property
    def entries(self) -> Sequence[QWidget]:
        """What is shown now, newest first."""
        return tuple(self._entries)

    def show_recent(self) -> None:
        """Fold up again what happened long ago."""
        self._most = RECENT

    def show_opened(self, opened: Opened) -> None:
        """Show what happened to this enquiry."""
        before, self._opened = self._opened, opened
        if before is not None and before.view.entries == opened.view.entries and _shown(before) == _shown(opened):
            return
        self._newest = newest_first(opened.view.entries)
        held = holds_focus(self)
        for old in self._entries:
            self._box.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._entries = []
        self._draw()
        if held and self._entries:
            self._go_to(self._entries[0])

    def look_at(self, record_id: str) -> None:
        """Show what happened with that record, a note or a mail, without moving the keyboard."""
        if self._opened is None:
            return
        sent = {mail.id: mail.message_id for mail in self._opened.view.sent}
        keys = {record_id, sent.get(MailId(record_id), record_id)}
        at = next((at for at, each in enumerate(self._newest) if keys & {each.id, *_records(each)}), None)
        if at is None:
            return
        if at >= len(self._entries):
            self._most = at + 1
            self._draw()
        entry = self._entries[at]
        QTimer.singleShot(0, entry, lambda: self.looked_at.emit(entry))  # once it has its place

    def step(self, by: int) -> None:
        """Go so many entries on from where the keyboard is; from outside, to the newest."""
        focus = self.window().focusWidget()
        here = next((at for at, each in enumerate(self._entries) if each is focus), None)
        to = 0 if here is None else here + by
        if to >= len(self._entries) and len(self._entries) < len(self._newest):
            self._show_more()
        if 0 <= to < len(self._entries):
            self._go_to(self._entries[to])

    def _go_to(self, entry: QWidget) -> None:
        """The Tab key comes to the entry that was gone to last, the arrow keys to the others."""
        for each in self._entries:
            each.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        entry.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        entry.setFocus(Qt.FocusReason.OtherFocusReason)
        self.looked_at.emit(entry)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down go from entry to entry."""
        by = _STEPS.get(Qt.Key(event.key()))
        if by is None or event.modifiers() != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
        else:
            self.step(by)

    def _show_more(self) -> None:
        """Draw the next page, and leave the keyboard on its first entry where the button goes."""
        before, held = len(self._entries), self._earlier.hasFocus()
        self._most = before + EARLIER
        self._draw()
        if held and len(self._entries) > before:
            self._go_to(self._entries[before])

    def _draw(self) -> None:
        """Draw the entries that are not drawn yet, up to the page wanted."""
        if self._opened is None:
            return
        mails = Mails.of(self._opened)
        for entry in self._newest[len(self._entries) : self._most]:
            made = entry_widget(self._desk, entry, self._opened, mails)
            self._entries.append(made)
            self._box.addWidget(made)
            made.show()  # at once, so that the keyboard can go to it
        if self._entries and not any(each.focusPolicy() & Qt.FocusPolicy.TabFocus for each in self._entries):
            self._entries[0].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        left = len(self._newest) - len(self._entries)
        self._earlier.setText(tr("Show what happened earlier ({left} more) (&J)").format(left=left))
        self._earlier.setVisible(left > 0)


def _records(entry: Entry) -> tuple[object, ...]:
    """The mails an entry tells of."""
    return entry.details.get("mail"), entry.details.get("message_id")


def _shown(opened: Opened) -> tuple[object, ...]:
    """What the widgets of mails are drawn from."""
    return opened.view.mails, opened.view.sent, opened.view.left_mailboxes, local_date(opened.now)
