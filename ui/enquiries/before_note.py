"""What is worth knowing before an enquiry is sent: who is away, and which duty officer is there to take it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QFrame

from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.mailboxes import MailboxKind
from member_tracker.domain.people import DutyOfficer
from member_tracker.domain.vocabulary import Status
from ui import look
from ui.desk import Desk
from ui.enquiries.reading import Opened
from ui.jobs import Job
from ui.language import tr
from ui.widgets.parts import column, label
from ui.widgets.shown_text import shown_text

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.services.before_sending import BeforeSending

_SETTLE_MS = 400
_STALE_AFTER = timedelta(minutes=10)


def ask_before(app: "App", enquiry_id: EnquiryId) -> "BeforeSending | None":
    """What the mail server knows of the recipients; None where mail goes through no server."""
    from member_tracker.services.before_sending import before_sending

    if all(account.kind is MailboxKind.FOLDER for account in app.profile.accounts()):
        return None
    return before_sending(app, enquiry_id)


class BeforeNote(QFrame):
    """A quiet note above the buttons of an enquiry that is not sent yet; it keeps nobody from sending it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("beforeNote")
        self.setProperty("kind", "hint")
        self._desk = desk
        self._about: tuple[str, str] | None = None
        self._asked_at: datetime | None = None
        self._asked: Job | None = None
        self._officer: DutyOfficer | None = None
        self._is_turn = False
        self._words = label(name="beforeWords")
        self._also = QCheckBox()
        self._also.setObjectName("alsoDutyOfficer")
        layout = column(
            label(tr("Before you send it"), name="beforeHeading", kind="strong"), self._words, self._also, gap=2
        )
        layout.setContentsMargins(look.GAP, look.TIGHT, look.GAP, look.TIGHT)
        self.setLayout(layout)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SETTLE_MS)
        self._soon.timeout.connect(self._ask)
        self.hide()

    @property
    def duty_officer(self) -> DutyOfficer | None:
        """The duty officer who is to have the enquiry too: whose turn it is, else who was chosen; None for nobody."""
        return self._officer if self._is_turn or self._also.isChecked() else None

    def show_opened(self, opened: Opened) -> None:
        """Ask about the enquiry that is shown now, where it is still to be sent; an old answer is asked for anew."""
        enquiry = opened.view.enquiry
        if enquiry.status is not Status.DRAFT or self._desk.is_practice:
            self.clear()
            return
        about = (enquiry.id, enquiry.service_area_id)
        is_fresh = self._asked_at is not None and opened.now - self._asked_at < _STALE_AFTER
        if about != self._about or not is_fresh:
            self.clear()
            self._about, self._asked_at = about, opened.now
            self._soon.start()

    def clear(self) -> None:
        """Nothing is to be sent; an answer that still comes is dropped."""
        self._soon.stop()
        if self._asked is not None:
            self._asked.cancel()
        self._about = self._asked = self._officer = self._asked_at = None
        self._is_turn = False
        self.hide()

    def _ask(self) -> None:
        if self._about is None or not self._desk.is_open:
            return
        enquiry_id = EnquiryId(self._about[0])
        self._asked = self._desk.ask_outside(
            lambda app: ask_before(app, enquiry_id), owner=self, done=self._show, failed=self._say_nothing
        )

    def _show(self, known: "BeforeSending | None") -> None:
        self._asked = None
        words = (*known.notes, *known.duty.notes, *known.duty.handover) if known else ()
        if known is None or not (words or known.duty_officer):
            return
        self._officer, self._is_turn = known.duty_officer, known.duty.turn is not None
        self._words.setText(shown_text("\n".join(words)))
        self._words.setVisible(bool(words))
        self._also.setChecked(False)
        self._also.setVisible(known.duty_officer is not None and not self._is_turn)
        if known.duty_officer is not None:
            name = shown_text(known.duty_officer.name).replace("&", "&&")
            self._also.setText(tr("Send it als&o to {name}, the duty officer who is there").format(name=name))
        self.show()

    def _say_nothing(self, _error: TrackerError) -> None:
        """Nobody waits for this: what cannot be asked keeps nobody from sending."""
        self._asked = None
