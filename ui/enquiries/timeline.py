"""What happened to an enquiry, newest first: mails, what was sent, notes and steps, each of another shape."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from member_tracker.domain.dates import local_date
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.timeline import Entry, EntryKind
from ui import look
from ui.enquiries.reading import Opened
from ui.widgets.parts import button, column, frame, label, row
from ui.widgets.reader import Reader
from ui.widgets.shown_text import clipped, shown_text
from ui.words import capital, short_moment, size_words

RECENT = 30


class Timeline(QWidget):
    """Shows the newest entries, and behind a button the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("timeline")
        self._opened: Opened | None = None
        self._all = False
        self._earlier = button("Show what happened earlier (&P)", self._show_all, name="earlierButton", kind="link")
        self._entries: list[QWidget] = []
        self._box = column(gap=look.GAP)
        self.setLayout(column(self._box, row(self._earlier, None)))

    def show_recent(self) -> None:
        """Fold up again what happened long ago."""
        self._all = False

    def show_opened(self, opened: Opened) -> None:
        """Show what happened to this enquiry."""
        if self._opened is not None and self._opened.view.entries == opened.view.entries and self._same(opened):
            return
        self._opened = opened
        self._draw()

    def _same(self, opened: Opened) -> bool:
        before = self._opened
        return before is not None and _shown(before) == _shown(opened)

    def _show_all(self) -> None:
        self._all = True
        self._draw()

    def _draw(self) -> None:
        if self._opened is None:
            return
        for old in self._entries:
            self._box.removeWidget(old)
            old.hide()
            old.deleteLater()
        newest = newest_first(self._opened.view.entries)
        shown = newest if self._all else newest[:RECENT]
        self._entries = [entry_widget(entry, self._opened) for entry in shown]
        for made in self._entries:
            self._box.addWidget(made)
        self._earlier.setVisible(len(shown) < len(newest))


def _shown(opened: Opened) -> tuple[object, ...]:
    """What the widgets of mails are drawn from."""
    return opened.view.mails, opened.view.sent, opened.view.left_mailboxes, local_date(opened.now)


def newest_first(entries: Sequence[Entry]) -> list[Entry]:
    """Entries with the newest on top; what happened in one moment stands in the order it was written."""
    ordered = sorted(enumerate(entries), key=lambda found: (found[1].at, found[1].written_at, found[0]), reverse=True)
    return [entry for _place, entry in ordered]


def entry_widget(entry: Entry, opened: Opened) -> QWidget:
    """One entry in the shape of its kind."""
    when = capital(short_moment(entry.at, local_date(opened.now)))
    who = opened.view.name(entry.author)
    mail = _mail_of(entry, opened)
    sent = _sent_of(entry, opened)
    if mail is not None:
        return _mail_widget(mail, when, opened.view.left_mailboxes.get(mail.id, ()))
    if sent is not None:
        return _sent_widget(sent, when)
    if entry.kind is EntryKind.NOTE:
        return _box("note", f"Internal note, never sent · {when}" + (f" · {who}" if who else ""), entry.text)
    if entry.kind is EntryKind.RESIDENT_TOLD:
        return _box("sent", f"Resident told · {when}" + (f" · {who}" if who else ""), entry.text)
    return _step(f"{when} · {entry.text}" + (f" ({who})" if who else ""))


def _mail_of(entry: Entry, opened: Opened) -> ReceivedMail | None:
    wanted = entry.details.get("mail") if entry.kind is EntryKind.MAIL else None
    return next((mail for mail in opened.view.mails if mail.id == wanted), None)


def _sent_of(entry: Entry, opened: Opened) -> QueuedMail | None:
    wanted = entry.details.get("message_id") if entry.kind is EntryKind.SENT else None
    return next((mail for mail in opened.view.sent if mail.message_id == wanted), None)


def _mail_widget(mail: ReceivedMail, when: str, left: Sequence[str]) -> QWidget:
    sender = f"{mail.from_name} <{mail.from_address}>" if mail.from_name else mail.from_address
    box = _box("mail", shown_text(f"Mail received · {when} · {mail.kind.words} · from {sender}"), mail.reply_text)
    layout = box.layout()
    if mail.attachments:
        names = ", ".join(f"{shown_text(part.name)} ({size_words(part.size)})" for part in mail.attachments)
        _add(layout, label(f"Came with it: {names}", name="mailAttachments", kind="quiet"))
    if len(mail.text.strip()) > len(mail.reply_text.strip()) + 2 or clipped(mail.reply_text) != mail.reply_text.strip():
        whole = button("Read the whole mail", lambda: Reader.of_mail(mail, box).open(), name="readMail", kind="link")
        whole.setAccessibleName(shown_text(f"Read the whole mail from {mail.from_address}, {when}"))
        _add(layout, whole)
    if left:
        where = " and ".join(left)
        _add(layout, label(f"No longer where it was read in {where}. This copy stays.", name="mailLeft", kind="quiet"))
    return box


def _sent_widget(sent: QueuedMail, when: str) -> QWidget:
    box = _box("sent", f"Mail sent · {when} · to {', '.join(sent.to)} · {sent.state.words}", "")
    if sent.problem:
        _add(box.layout(), label(sent.problem, name="sentProblem", kind="wrong"))
    whole = button("Read what was sent", lambda: Reader.of_sent(sent, box).open(), name="readSent", kind="link")
    whole.setAccessibleName(f"Read what was sent {when} to {', '.join(sent.to)}")
    _add(box.layout(), whole)
    return box


def _box(kind: str, head: str, text: str) -> QFrame:
    box = frame(kind, name=f"{kind}Entry")
    layout = column(label(head, name="entryHead", kind="quiet"), margin=look.GAP + 2, gap=look.TIGHT)
    words = clipped(text)
    if words:
        body = label(words, name="entryText")
        body.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(body)
    box.setLayout(layout)
    return box


def _step(words: str) -> QWidget:
    made = label(shown_text(words), name="entryStep", kind="quiet")
    made.setContentsMargins(look.GAP, 0, 0, 0)
    return made


def _add(layout: QLayout | None, part: QWidget) -> None:
    if layout is not None:
        layout.addWidget(part)
