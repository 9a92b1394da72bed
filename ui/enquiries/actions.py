"""The buttons under an enquiry: what its status allows, and nothing else."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QMenu

from member_tracker.app import App
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.people import DutyOfficer
from member_tracker.domain.vocabulary import MailKind, Status
from member_tracker.domain.writing import Wanted, Writing
from member_tracker.services.collecting import collect
from member_tracker.services.enquiries import (
    add_note,
    close_enquiry,
    reopen_enquiry,
)
from member_tracker.services.practice import place_reply
from ui import look
from ui.deeds import Deed as MenuDeed
from ui.deeds import Doing
from ui.desk import Desk
from ui.enquiries.reading import Opened
from ui.enquiries.small_form import Asks, SmallForm
from ui.enquiries.steps import Choices, Step, read_choices, steps_for
from ui.language import tr
from ui.widgets.asking import Asking
from ui.widgets.one_line import OneLine
from ui.widgets.parts import button, column

Deed = Callable[[App], object]

_PRACTICE_REPLIES = {
    Status.WITH_SERVICE_AREA: "acknowledgement.eml",
    Status.ACKNOWLEDGED: "holding.eml",
    Status.HOLDING_REPLY: "answer.eml",
    Status.WAITING_FOR_RESIDENT: "answer.eml",
}


_NOT_CHASED = tr(
    "It waits for the resident, so there is nobody to chase. Once they have answered, let the clock run again (More)."
)


def practice_reply(app: App, enquiry_id: EnquiryId, file: str) -> None:
    """Have a made-up reply come in by mail."""
    place_reply(app, enquiry_id, file)
    collect(app)


def _newest_mail(opened: Opened) -> str | None:
    """The newest mail of a person on the enquiry, to reply to; None where nobody has written."""
    written = [mail for mail in opened.view.mails if mail.kind is MailKind.HUMAN]
    return max(written, key=lambda mail: mail.received_at).id if written else None


def _waits_for_area(enquiry: Enquiry) -> bool:
    """Whether the service area owes an answer, and may be chased: not while the resident is waited for."""
    is_owed = enquiry.sent_at is not None and enquiry.answered_at is None and enquiry.status.is_open
    return is_owed and enquiry.status is not Status.WAITING_FOR_RESIDENT


class Actions(QFrame):
    """Asks for what a deed needs, then sends it as `deed_wanted`; `duty_officer` says who is to have an enquiry too."""

    deed_wanted = Signal(object)

    def __init__(self, desk: Desk, duty_officer: Callable[[], DutyOfficer | None]) -> None:
        super().__init__()
        self.setObjectName("enquiryActions")
        self._duty_officer = duty_officer
        self._desk = desk
        self._opened: Opened | None = None
        self._send = button(tr("&Send…"), self._ask_send, name="sendButton", kind="first", icon="send")
        self._reply = button(tr("Repl&y…"), self._ask_reply, name="replyButton", icon="reply")
        self._chase = button(tr("Cha&se…"), lambda: self._write(Writing.CHASE), name="chaseButton", icon="chase")
        self._tell = button(tr("&Tell resident…"), lambda: self._write(Writing.UPDATE), name="tellButton", icon="tell")
        self._note = button(tr("Add &note…"), self._ask_note, name="noteButton", icon="note")
        self._close = button(tr("&Close"), self._ask_close, name="closeButton", icon="close")
        self._reopen = button(tr("&Reopen"), self._reopen_it, name="reopenButton", icon="reopen")
        self._more = button(tr("More (&X)"), self._show_steps, name="moreButton")
        self._steps = QMenu(self)
        self._steps.setObjectName("stepsMenu")
        self._practise = button(
            tr("&Practice: let a reply come"), self._let_reply_come, name="practiseReply", kind="link"
        )
        writing = (self._send, self._reply, self._chase, self._tell)
        self._line = OneLine((*writing, self._note, self._close, self._reopen, self._practise), self._more)
        layout = column(self._line)
        layout.setContentsMargins(0, look.GAP, 0, 0)
        self.setLayout(layout)

    def show_opened(self, opened: Opened) -> None:
        """Offer what can be done to this enquiry; a menu that was opened for another, or for how it stood, goes."""
        before, self._opened = self._opened, opened
        enquiry, status = opened.view.enquiry, opened.view.enquiry.status
        if before is not None and (before.view.enquiry.id, before.view.enquiry.status) != (enquiry.id, status):
            self._steps.close()
        may = {
            self._send: status is Status.DRAFT,
            self._reply: status not in (Status.DRAFT, Status.WAITING_TO_SEND),
            self._chase: _waits_for_area(enquiry),
            self._tell: status.is_open,
            self._note: True,
            self._close: status.is_open,
            self._reopen: status is Status.CLOSED,
            self._practise: self._desk.is_practice and status in _PRACTICE_REPLIES and not opened.view.waiting,
        }
        self._line.offer(*(made for made, offered in may.items() if offered))

    def _show_steps(self) -> None:
        """What has no room in the line, and below it what else can be done to this enquiry."""
        self._steps.clear()
        self._line.fill(self._steps)
        self._steps.addSeparator()
        for step in steps_for(self._enquiry()):
            action = self._steps.addAction(step.text)
            action.triggered.connect(lambda _on=False, step=step: self._begin(step))
            action.setObjectName(f"step{step.name[0].upper()}{step.name[1:]}")
        self._line.open_above(self._steps)

    def _begin(self, step: Step) -> None:
        """Ask what a step needs; the values of some choices are read first."""
        open_names = [ask.name for ask in step.asks if ask.asks is Asks.CHOICE and not ask.choices]
        if open_names:
            self._desk.ask(read_choices, owner=self, done=lambda choices: self._open_form(step, choices))
        else:
            self._open_form(step, {})

    def _open_form(self, step: Step, choices: Choices) -> None:
        enquiry = self._enquiry()
        form = SmallForm(
            self._desk,
            self,
            name=f"{step.name}Form",
            title=f"{step.title}: {enquiry.reference}",
            explanation=step.explanation,
            agree=step.agree,
            asks=tuple(replace(ask, choices=choices.get(ask.name, ask.choices)) for ask in step.asks),
            deed=lambda app, answers: step.deed(app, enquiry, answers),
        )
        form.open()

    def deeds(self) -> Doing:
        """The same deeds for the menus."""
        buttons = {
            MenuDeed.SEND: self._send,
            MenuDeed.REPLY: self._reply,
            MenuDeed.CHASE: self._chase,
            MenuDeed.TELL: self._tell,
            MenuDeed.NOTE: self._note,
            MenuDeed.CLOSE: self._close,
        }
        return {deed: made.click for deed, made in buttons.items() if self._line.offers(made)}

    def why_not(self, deed: MenuDeed) -> str:
        """Why something cannot be done to this enquiry as it stands; empty where what the deed itself says will do."""
        opened = self._opened
        if deed is MenuDeed.CHASE and opened and opened.view.enquiry.status is Status.WAITING_FOR_RESIDENT:
            return _NOT_CHASED
        return ""

    def _ask_send(self) -> None:
        officer = self._duty_officer()
        self._write(Writing.ENQUIRY, also=officer.email if officer else None)

    def _ask_reply(self) -> None:
        """Reply to the newest mail that came in, else to the service area in the thread of ours."""
        self._write(Writing.REPLY, reply_to=_newest_mail(self._opened) if self._opened else None)

    def _write(self, writing: Writing, *, also: str | None = None, reply_to: str | None = None) -> None:
        """Go to where mails are written; the mail leaves from there."""
        wanted = Wanted(enquiry_id=self._enquiry().id, writing=writing, also=also, reply_to=reply_to)
        self._desk.page_wanted.emit("compose", wanted)

    def _ask_note(self) -> None:
        enquiry = self._enquiry()
        dialog = Asking(
            self,
            name="noteDialog",
            title=tr("Add a note"),
            explanation=tr("A note is for you and your office alone. It is never put into a mail."),
            field=tr("&Note"),
            agree=tr("&Add it"),
            needed=True,
        )
        dialog.answered.connect(lambda text: self._want(lambda app: add_note(app, enquiry.id, text)))
        dialog.open()

    def _ask_close(self) -> None:
        enquiry = self._enquiry()
        if enquiry.told_at is not None:
            self._want(lambda app: close_enquiry(app, enquiry.id))
            return
        dialog = Asking(
            self,
            name="closeDialog",
            title=tr("Close {reference}").format(reference=enquiry.reference),
            explanation=tr("The resident has not been told, so say why the enquiry is closed. It can be reopened."),
            field=tr("&Reason"),
            agree=tr("C&lose it"),
            needed=True,
        )
        dialog.answered.connect(lambda text: self._want(lambda app: close_enquiry(app, enquiry.id, text)))
        dialog.open()

    def _reopen_it(self) -> None:
        enquiry = self._enquiry()
        self._want(lambda app: reopen_enquiry(app, enquiry.id))

    def _let_reply_come(self) -> None:
        """In practice, do what the service area would do next."""
        enquiry = self._enquiry()
        file = _PRACTICE_REPLIES[enquiry.status]
        self._desk.ask_outside(lambda app: practice_reply(app, enquiry.id, file), owner=self)

    def _want(self, deed: Deed) -> None:
        self.deed_wanted.emit(deed)

    def _enquiry(self) -> Enquiry:
        if self._opened is None:
            raise RuntimeError("a button was pressed before an enquiry was shown")
        return self._opened.view.enquiry
