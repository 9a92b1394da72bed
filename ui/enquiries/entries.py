"""One entry of a timeline in the shape of its kind: mail, what was sent, notes, promises and pauses, small steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from member_tracker.domain.dates import local_date
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.timeline import Entry, EntryKind
from ui import look
from ui.desk import Desk
from ui.enquiries.attachments import Attachments
from ui.enquiries.original import read_original
from ui.enquiries.reading import Opened
from ui.language import tr, tr_word
from ui.widgets.parts import button, column, label, row
from ui.widgets.reader import Reader
from ui.widgets.shown_text import clipped, shown_text
from ui.words import capital, short_moment

if TYPE_CHECKING:
    from member_tracker.app import App

_HEADED = {
    EntryKind.PAUSED: tr("Clock paused"),
    EntryKind.RESUMED: tr("Clock running again"),
    EntryKind.EXTENDED: tr("Extension agreed"),
    EntryKind.HELD: tr("Holding reply to the resident"),
    EntryKind.PROMISED: tr("Promise"),
    EntryKind.REROUTED: tr("Hand-over"),
    EntryKind.ESCALATED: tr("Escalation"),
    EntryKind.PASSED_ON: tr("Passed to an outside body"),
    EntryKind.CARRIED_OVER: tr("Carried over to another council"),
    EntryKind.COMPLAINT: tr("Complaint"),
    EntryKind.STAGE_TWO: tr("Complaint, stage 2"),
    EntryKind.MERGED: tr("Merged"),
    EntryKind.UNMERGED: tr("Taken apart"),
    EntryKind.CONSENT: tr("Consent"),
}
"""What weighs more than a small step, and is headed by its kind."""

_QUOTED_FROM = 2  # letters by which the whole text must be longer than the reply for a quoted part to be worth folding


def newest_first(entries: Sequence[Entry]) -> list[Entry]:
    """Entries with the newest on top; what happened in one moment stands in the order it was written."""
    ordered = sorted(enumerate(entries), key=lambda found: (found[1].at, found[1].written_at, found[0]), reverse=True)
    return [entry for _place, entry in ordered]


class EntryBox(QFrame):
    """A framed entry: its heading, then its words. It takes the keyboard, and is read out as a whole."""

    def __init__(self, kind: str, head: str, text: str) -> None:
        super().__init__()
        self.setObjectName(f"{kind}Entry")
        self.setProperty("kind", kind)
        self.head = label(head, name="entryHead", kind="quiet")
        self.words = label(clipped(text), name="entryText")
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._fold: QPushButton | None = None
        self.setLayout(column(self.head, self.words, margin=look.GAP + 2, gap=look.TIGHT))
        self.words.setVisible(bool(self.words.text()))
        self.be_reachable()

    def be_reachable(self) -> None:
        """The keyboard may come here with the arrows; what is said is the heading and the first words."""
        be_reachable(self, f"{self.head.text()}. {self.words.text()[:400]}")

    def add(self, part: QWidget) -> None:
        """Put something below the words."""
        layout = self.layout()
        if layout is not None:
            layout.addWidget(part)

    def fold_quoted(self, reply: str, whole: str, said_with: str) -> QPushButton:
        """Show the reply alone, and behind a button, or Enter, what it quotes as well."""

        def turn() -> None:
            shown = made.isChecked()
            self.words.setText(clipped(whole if shown else reply))
            self.words.setVisible(bool(self.words.text()))
            made.setText(tr("Hide what it quotes") if shown else tr("Show what it quotes"))
            made.setAccessibleName(f"{made.text()}, {said_with}")

        made = button(tr("Show what it quotes"), turn, name="showQuoted", kind="link")
        made.setCheckable(True)
        made.setAccessibleName(f"{made.text()}, {said_with}")
        self._fold = made
        return made

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space show and hide what a mail quotes."""
        if self._fold is not None and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._fold.click()
        else:
            super().keyPressEvent(event)


def be_reachable(part: QWidget, said: str) -> None:
    """Let the arrow keys of a timeline come to a part of it, which is then read out."""
    part.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    part.setAccessibleName(shown_text(said))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mails:
    """The mails of an enquiry by what its entries call them: those that came by id, ours by Message-ID."""

    came: Mapping[str, ReceivedMail]
    went: Mapping[str, QueuedMail]

    @classmethod
    def of(cls, opened: Opened) -> "Mails":
        """The mails of the enquiry that is shown."""
        view = opened.view
        return cls(came={mail.id: mail for mail in view.mails}, went={mail.message_id: mail for mail in view.sent})


def entry_widget(desk: Desk, entry: Entry, opened: Opened, mails: Mails) -> QWidget:
    """One entry in the shape of its kind."""
    when = capital(short_moment(entry.at, local_date(opened.now)))
    who = opened.view.name(entry.author)
    by = f" · {who}" if who else ""
    mail = mails.came.get(entry.details.get("mail", "")) if entry.kind is EntryKind.MAIL else None
    sent = mails.went.get(entry.details.get("message_id", "")) if entry.kind is EntryKind.SENT else None
    if mail is not None:
        return _mail_box(desk, mail, when, opened.view.left_mailboxes.get(mail.id, ()))
    if sent is not None:
        return _sent_box(sent, when, entry)
    if entry.kind is EntryKind.NOTE:
        return EntryBox("note", tr("Internal note, never sent · {when}{by}").format(when=when, by=by), entry.text)
    if entry.kind is EntryKind.RESIDENT_TOLD:
        return EntryBox("sent", tr("Resident told · {when}{by}").format(when=when, by=by), entry.text)
    if "gaps" in entry.details:
        return EntryBox(
            "entry", tr("Holding reply with gaps · {when}{by}").format(when=when, by=by), _with_request(entry, opened)
        )
    if entry.kind in _HEADED:
        return EntryBox("entry", f"{_HEADED[entry.kind]} · {when}{by}", entry.text)
    return _step(f"{when} · {entry.text}" + (f" ({who})" if who else ""))


def _with_request(entry: Entry, opened: Opened) -> str:
    """A holding reply's gaps, and what could be written to have them filled while it is the last one."""
    holding = opened.view.enquiry.holding
    if holding is None or "; ".join(holding.gaps) != entry.details["gaps"]:
        return entry.text
    return tr("{entry}\nYou could write: “{chaser}”").format(entry=entry.text, chaser=holding.chaser)


def _mail_box(desk: Desk, mail: ReceivedMail, when: str, left: Sequence[str]) -> QWidget:
    sender = f"{mail.from_name} <{mail.from_address}>" if mail.from_name else mail.from_address
    box = EntryBox(
        "mail",
        shown_text(
            tr("Mail received · {when} · {kind} · from {sender}").format(
                when=when, kind=tr_word(mail.kind), sender=sender
            )
        ),
        mail.reply_text,
    )
    said_with = shown_text(tr("{when}, from {from_address}").format(when=when, from_address=mail.from_address))
    if mail.attachments:
        box.add(Attachments(desk, mail.attachments, said_with))
    buttons: list[QWidget | None] = []
    if len(mail.text.strip()) > len(mail.reply_text.strip()) + _QUOTED_FROM:
        buttons.append(box.fold_quoted(mail.reply_text, mail.text, said_with))
    whole = button(tr("Read the original"), lambda: read_original(desk, mail, box), name="readMail", kind="link")
    whole.setAccessibleName(tr("Read the original, {said_with}").format(said_with=said_with))
    buttons.append(whole)
    if mail.enquiry_id is not None:
        away = button(
            tr("Not about this enquiry"), lambda: _take_away(desk, mail, box), name="takeAwayMail", kind="link"
        )
        away.setToolTip(tr("It goes back to Unmatched mail"))
        away.setAccessibleName(tr("Not about this enquiry, {said_with}").format(said_with=said_with))
        buttons.append(away)
    beneath = QWidget()
    beneath.setLayout(row(*buttons, None))
    box.add(beneath)
    if left:
        where = tr(" and ").join(left)
        box.add(
            label(
                tr("No longer where it was read in {where}. This copy stays.").format(where=where),
                name="mailLeft",
                kind="quiet",
            )
        )
    return box


def _take_away(desk: Desk, mail: ReceivedMail, beside: QWidget) -> None:
    """The mail goes back to the tray, from which a person files it anew."""

    def deed(app: "App") -> None:
        from member_tracker.services.filing import unfile_by_hand

        unfile_by_hand(app, mail.id)

    desk.ask(deed, owner=beside)


def _sent_box(sent: QueuedMail, when: str, entry: Entry) -> QWidget:
    """A mail of ours; one that only lies in a folder, as no mailbox is set up, is not said to be sent."""
    to = ", ".join(sent.to)
    if "in_folder" in entry.details:
        box = EntryBox("sent", tr("Mail not sent · {when} · for {to}").format(when=when, to=to), entry.text)
        read, title = tr("Read what was written"), tr("Mail not sent")
    else:
        box = EntryBox(
            "sent", tr("Mail sent · {when} · to {to} · {state}").format(when=when, to=to, state=tr_word(sent.state)), ""
        )
        read, title = tr("Read what was sent"), tr("Mail sent")
    if sent.problem:
        box.add(label(sent.problem, name="sentProblem", kind="wrong"))
    whole = button(read, lambda: Reader.of_sent(sent, box, title).open(), name="readSent", kind="link")
    whole.setAccessibleName(tr("{read} {when} to {to}").format(read=read, when=when, to=to))
    box.add(whole)
    return box


def _step(words: str) -> QLabel:
    made = label(shown_text(words), name="entryStep", kind="quiet")
    made.setContentsMargins(look.GAP, 0, 0, 0)
    made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return made
