"""The buttons under an enquiry: what its status allows, and nothing else."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from member_tracker.app import App
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.people import DutyOfficer
from member_tracker.domain.vocabulary import Status
from member_tracker.services.collecting import collect
from member_tracker.services.enquiries import (
    add_note,
    close_enquiry,
    reopen_enquiry,
    send_enquiry,
    tell_resident,
)
from member_tracker.services.practice import place_reply
from ui import look
from ui.deeds import Deed as MenuDeed
from ui.deeds import Doing
from ui.desk import Desk
from ui.enquiries.reading import Letter, Opened, letter_to_area, letter_to_resident
from ui.widgets.asking import Asking
from ui.widgets.parts import button, column, row

Deed = Callable[[App], object]

_PRACTICE_REPLIES = {
    Status.WITH_SERVICE_AREA: "acknowledgement.eml",
    Status.ACKNOWLEDGED: "holding.eml",
    Status.HOLDING_REPLY: "answer.eml",
    Status.WAITING_FOR_RESIDENT: "answer.eml",
}


def practice_reply(app: App, enquiry_id: EnquiryId, file: str) -> None:
    """Have a made-up reply come in by mail."""
    place_reply(app, enquiry_id, file)
    collect(app)


class Actions(QFrame):
    """Asks for what a deed needs, then sends it as `deed_wanted`; `duty_officer` says who is to have an enquiry too."""

    deed_wanted = Signal(object)

    def __init__(self, desk: Desk, duty_officer: Callable[[], DutyOfficer | None]) -> None:
        super().__init__()
        self.setObjectName("enquiryActions")
        self._duty_officer = duty_officer
        self._desk = desk
        self._opened: Opened | None = None
        self._send = button("&Send…", self._ask_send, name="sendButton", kind="first", icon="send")
        self._tell = button("&Tell resident…", self._ask_tell, name="tellButton", icon="tell")
        self._note = button("Add &note…", self._ask_note, name="noteButton", icon="note")
        self._close = button("&Close", self._ask_close, name="closeButton", icon="close")
        self._reopen = button("&Reopen", self._reopen_it, name="reopenButton", icon="reopen")
        self._practise = button("&Practice: let a reply come", self._let_reply_come, name="practiseReply", kind="link")
        buttons = row(self._send, self._tell, self._note, self._close, self._reopen, None)
        layout = column(row(self._practise, None), buttons, gap=look.TIGHT)
        layout.setContentsMargins(0, look.GAP, 0, 0)
        self.setLayout(layout)

    def show_opened(self, opened: Opened) -> None:
        """Offer what can be done to this enquiry."""
        self._opened = opened
        status = opened.view.enquiry.status
        self._send.setVisible(status is Status.DRAFT)
        self._tell.setVisible(status.is_open)
        self._close.setVisible(status.is_open)
        self._reopen.setVisible(status is Status.CLOSED)
        self._practise.setVisible(self._desk.is_practice and status in _PRACTICE_REPLIES and not opened.view.waiting)

    def deeds(self) -> Doing:
        """The same deeds for the menus."""
        buttons = {
            MenuDeed.SEND: self._send,
            MenuDeed.TELL: self._tell,
            MenuDeed.NOTE: self._note,
            MenuDeed.CLOSE: self._close,
        }
        return {deed: made.click for deed, made in buttons.items() if not made.isHidden()}

    def _ask_send(self) -> None:
        enquiry, officer = self._enquiry(), self._duty_officer()

        def show(letter: Letter) -> None:
            self._show_send(enquiry, officer, letter)

        self._desk.ask(lambda app: letter_to_area(app, enquiry.id, officer), owner=self, done=show)

    def _show_send(self, enquiry: Enquiry, officer: DutyOfficer | None, letter: Letter) -> None:
        dialog = Asking(
            self,
            name="sendDialog",
            title=f"Send {enquiry.reference}",
            explanation=f"This mail goes to {', '.join(letter.to)}\nSubject: {letter.subject}",
            field="&What it says",
            agree="&Send it",
            text=letter.body,
            fixed=True,
        )
        dialog.answered.connect(
            lambda _text: self._want(lambda app: send_enquiry(app, enquiry.id, duty_officer=officer))
        )
        dialog.open()

    def _ask_tell(self) -> None:
        enquiry = self._enquiry()
        self._desk.ask(lambda app: letter_to_resident(app, enquiry.id), owner=self, done=self._show_tell)

    def _show_tell(self, letter: Letter) -> None:
        enquiry = self._enquiry()
        by_mail = f"This goes by email to {', '.join(letter.to)}. It is put into a letter with your councillor's name."
        by_us = "No email is held, or another way is preferred. Tell the resident, and keep here what you said."
        answered = enquiry.status is Status.ANSWERED
        dialog = Asking(
            self,
            name="tellDialog",
            title="Tell the resident",
            explanation=(by_mail if letter.to else by_us)
            + ("" if answered else " The enquiry has no answer yet, so it stays open."),
            field="&What to tell, in plain words",
            agree="&Send it" if letter.to else "&Keep as told",
            text=letter.body,
            needed=True,
        )
        dialog.answered.connect(lambda text: self._want(lambda app: tell_resident(app, enquiry.id, text)))
        dialog.open()

    def _ask_note(self) -> None:
        enquiry = self._enquiry()
        dialog = Asking(
            self,
            name="noteDialog",
            title="Add a note",
            explanation="A note is for you and your office alone. It is never put into a mail.",
            field="&Note",
            agree="&Add it",
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
            title=f"Close {enquiry.reference}",
            explanation="The resident has not been told, so say why the enquiry is closed. It can be reopened.",
            field="&Reason",
            agree="C&lose it",
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
