"""The form that logs an enquiry: one page, with its due date and the reason for it worked out as one types."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QLayout, QScrollArea, QWidget

from member_tracker.app import App
from member_tracker.domain.change import RecordKind
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import TrackerError
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.intake import Intake, log_by_name
from ui import look
from ui.deeds import Deed, Doing
from ui.desk import Desk
from ui.enquiries.due_preview import DuePreview
from ui.enquiries.form_fields import FormFields, Known, read_known
from ui.typed_dates import echo, typed_moment
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.page import Page
from ui.widgets.parts import buddy, button, column, label, row

_TYPING_MS = 150
_NARROW = 860


class LogForm(Page):
    """Logs an enquiry: `logged` carries its id, `left` says that nothing was kept.

    What was typed stays until it is saved or thrown away, whatever else is looked at meanwhile.
    """

    kinds = (RecordKind.COUNCILLOR, RecordKind.RESIDENT, RecordKind.SERVICE_AREA, RecordKind.COUNCIL)
    logged = Signal(str)
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "logForm", parent)
        self._sending = False
        self._busy = False
        self._summary = ErrorSummary("logErrors")
        self._fields = FormFields()
        self._echo = label(name="receivedEcho", kind="quiet")
        self._due = DuePreview(desk)
        self._save = button("&Save", self._save_it, name="saveButton", tip="Ctrl+S")
        self._send = button("Save and se&nd", self._save_and_send, name="saveSendButton", kind="first", icon="send")
        self._stop = button("Sto&p without saving", self._throw_away, name="stopButton", kind="link")
        self._typing = QTimer(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        fields = self._fields
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.ROOM)
        grid.setVerticalSpacing(look.GAP)
        lines = (
            ("&Councillor", fields.councillor),
            ("&Resident", fields.resident),
            ("Service &area", fields.area),
            ("Ho&w it came", fields.channel),
            ("Kin&d", fields.kind),
            ("Received &on", fields.received),
            ("Su&bject", fields.subject),
            ("The ques&tion", fields.text),
        )
        for number, (text, field) in enumerate(lines):
            at = number if number < 6 else number + 1
            top = Qt.AlignmentFlag.AlignTop if field is fields.text else Qt.AlignmentFlag.AlignVCenter
            grid.addWidget(buddy(text, field), at, 0, top)
            grid.addWidget(field, at, 1)
        grid.addWidget(self._echo, 6, 1)
        grid.setColumnStretch(1, 1)
        form = column(grid, row(self._send, self._save, self._stop, None), None, gap=look.ROOM)
        self._sides = sides = row(form, self._due, gap=look.WIDE)
        sides.setStretch(0, 3)
        sides.setStretch(1, 2)
        sides.setAlignment(self._due, Qt.AlignmentFlag.AlignTop)
        title = label("Log an enquiry", name="logTitle", kind="title")
        self.setLayout(column(_scrolled(column(title, self._summary, sides, None, margin=look.ROOM, gap=look.ROOM))))
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)

    def _connect(self) -> None:
        self._fields.changed.connect(self._typing.start)
        self._typing.timeout.connect(self._show_due)
        self._fields.councillor.currentTextChanged.connect(lambda _text: self._typing.start())
        self.logged.connect(self.desk.show_enquiry)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the dates beside the fields, or above them on a narrow window."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self._sides.setDirection(QBoxLayout.Direction.BottomToTop if narrow else QBoxLayout.Direction.LeftToRight)
        self._due.be_compact(compact=narrow)

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._fields.councillor]

    def deeds(self) -> Doing:
        """Ctrl+S saves."""
        return {Deed.SAVE: self._save_it}

    def ask(self) -> None:
        """Read the people and service areas known here."""
        self.desk.ask(read_known, owner=self, done=self._show_known)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the first field still empty."""
        super().focusInEvent(event)
        self._fields.first_empty().setFocus(event.reason())

    def _show_known(self, known: Known) -> None:
        began = self._fields.show_known(known)
        if self.isVisible() and (began or self._fields.nothing_focused()):
            self._fields.first_empty().setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_due()

    def _show_due(self) -> None:
        """Echo the date in words and work the due date out anew."""
        if not self.desk.is_open:
            return
        try:
            received_at = self._received_at()
        except TrackerError as error:
            self._echo.setText(str(error))
            self._due.clear(error.title)
            return
        self._echo.setText(echo(received_at, self.desk.now()))
        self._due.show_for(
            channel=self._fields.chosen_channel,
            kind=self._fields.chosen_kind,
            received_at=received_at,
            service_area=self._fields.area.currentText(),
        )

    def _received_at(self) -> datetime:
        return typed_moment(self._fields.received.text(), self.desk.now())

    def _wrongs(self) -> Sequence[Wrong]:
        """What must be put right before the enquiry can be kept."""
        fields = self._fields
        wrongs = [Wrong(words=words, field=field) for field, words in fields.missing()]
        try:
            self._received_at()
        except TrackerError as error:
            wrongs.append(Wrong(words=str(error), field=fields.received))
        return wrongs

    def _save_and_send(self) -> None:
        self._sending = True
        self._keep()

    def _save_it(self) -> None:
        self._sending = False
        self._keep()

    def _keep(self) -> None:
        """Keep the enquiry, and queue it where it is to be sent; one press keeps it once."""
        wrongs = self._wrongs()
        self._summary.tell(wrongs)
        if wrongs or self._busy:
            return
        self._busy = True
        said = self._fields.received.text().strip().casefold()
        intake = self._fields.intake(None if said in {"today", "now"} else self._received_at())
        sending = self._sending
        self.desk.ask(lambda app: keep(app, intake, sending=sending), owner=self, done=self._kept, failed=self._refuse)

    def _kept(self, logged: "tuple[Enquiry, TrackerError | None]") -> None:
        self._busy = False
        enquiry, refused = logged
        self._fields.clear()
        self._summary.tell(())
        self.logged.emit(enquiry.id)
        if refused is not None:
            self.desk.jobs.refused.emit(refused)

    def _refuse(self, error: TrackerError) -> None:
        self._busy = False
        self._summary.tell([Wrong(words=str(error), field=self._fields.field_of(str(error)))])

    def _throw_away(self) -> None:
        self._fields.clear()
        self._summary.tell(())
        self.left.emit()


def keep(app: App, intake: Intake, *, sending: bool) -> tuple[Enquiry, TrackerError | None]:
    """Log the enquiry and queue it where wanted; it stays logged where it cannot be sent, and that is handed back."""
    enquiry = log_by_name(app, intake)
    if not sending:
        return enquiry, None
    try:
        return send_enquiry(app, EnquiryId(enquiry.id)), None
    except TrackerError as error:
        return enquiry, error


def _scrolled(layout: QLayout) -> QScrollArea:
    inside = QFrame()
    inside.setObjectName("scrolled")
    inside.setLayout(layout)
    area = QScrollArea()
    area.setObjectName("logScroll")
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area
