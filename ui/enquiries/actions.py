"""The buttons under an enquiry: what its status allows, and nothing else."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from member_tracker.app import App
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.vocabulary import Status
from member_tracker.services.enquiries import (
    add_note,
    close_enquiry,
    reopen_enquiry,
    send_enquiry,
    tell_resident,
)
from ui import look
from ui.desk import Desk
from ui.enquiries.reading import Letter, Opened, letter_to_area, letter_to_resident
from ui.widgets.asking import Asking
from ui.widgets.parts import button, row

Deed = Callable[[App], object]


class Actions(QFrame):
    """Asks for what a deed needs, then sends it as `deed_wanted`."""

    deed_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("enquiryActions")
        self._desk = desk
        self._opened: Opened | None = None
        self._send = button("&Send…", self._ask_send, name="sendButton", kind="first", icon="send")
        self._tell = button("&Tell resident…", self._ask_tell, name="tellButton", icon="tell")
        self._note = button("Add &note…", self._ask_note, name="noteButton", icon="note")
        self._close = button("&Close", self._ask_close, name="closeButton", icon="close")
        self._reopen = button("&Reopen", self._reopen_it, name="reopenButton", icon="reopen")
        layout = row(self._send, self._tell, self._note, self._close, self._reopen, None)
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

    def _ask_send(self) -> None:
        enquiry = self._enquiry()
        self._desk.ask(lambda app: letter_to_area(app, enquiry.id), owner=self, done=self._show_send)

    def _show_send(self, letter: Letter) -> None:
        enquiry = self._enquiry()
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
        dialog.answered.connect(lambda _text: self._want(lambda app: send_enquiry(app, enquiry.id)))
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

    def _want(self, deed: Deed) -> None:
        self.deed_wanted.emit(deed)

    def _enquiry(self) -> Enquiry:
        if self._opened is None:
            raise RuntimeError("a button was pressed before an enquiry was shown")
        return self._opened.view.enquiry
