"""The form that logs an enquiry: one page, with its due date and the reason for it worked out as one types."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLineEdit, QWidget

from member_tracker.app import App
from member_tracker.domain.change import RecordKind
from member_tracker.domain.consent import ConsentKind, special_category_hints
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, TrackerError
from member_tracker.domain.vocabulary import Channel
from member_tracker.domain.writing import Wanted, Writing
from member_tracker.services.composing import begin
from member_tracker.services.drafts import drop_draft
from member_tracker.services.new_enquiries import NewEnquiry, log_new
from member_tracker.services.residents import ResidentView
from member_tracker.services.sending_by_hand import send_written
from member_tracker.services.tray_work import FromMail, file_with_new
from ui import look
from ui.deeds import Deed, Doing
from ui.desk import Desk
from ui.enquiries.due_preview import DuePreview
from ui.enquiries.form_fields import FormFields
from ui.enquiries.form_known import Known, read_known
from ui.enquiries.form_likes import LikeHint
from ui.enquiries.form_resident import for_resident
from ui.language import tr
from ui.typed_dates import echo, typed_moment
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.keeping_draft import DraftKeeper
from ui.widgets.page import Page
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.scrolled import Scrolled
from ui.widgets.shown_text import shown_text

DRAFT = "enquiry"
_TYPING_MS = 150
_NARROW = 860
_TEXT_LINES, _MOST_LINES = 4, 6
_LETTER = tr("Give the day the letter came in, not the day it was scanned.")


class LogForm(Page):
    """Logs an enquiry: `logged` carries its id, `left` says that nothing was kept.

    What was typed stays until it is saved or thrown away, whatever else is looked at meanwhile, and after a crash.
    """

    kinds = (RecordKind.COUNCILLOR, RecordKind.RESIDENT, RecordKind.SERVICE_AREA, RecordKind.COUNCIL)
    logged = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "logForm", parent)
        self._sending = False
        self._busy = False
        self._mail_id: str | None = None
        self._known = Known()
        self._summary = ErrorSummary("logErrors")
        self._fields = FormFields(desk)
        self._echo = label(name="receivedEcho", kind="quiet")
        self._hint = label(name="subjectHint", kind="quiet")
        self._health = label(name="healthHint", kind="quiet")
        self._reason_label = buddy(tr("E&xplain why"), self._fields.reason)
        self._due = DuePreview(desk)
        self._short = label(name="dueInShort", kind="strong")
        self._likes = LikeHint(desk)
        self._send = button(
            tr("Save and &send"),
            self._save_and_send,
            name="saveSendButton",
            kind="first",
            icon="send",
            tip="Ctrl+Enter",
        )
        self._save = button(tr("Save &unsent"), self._save_it, name="saveButton", tip="Ctrl+S")
        self._stop = button(tr("Stop &without saving"), self._throw_away, name="stopButton", kind="link")
        self._keeper = DraftKeeper(desk, self, self._fields.plain)
        self._typing = QTimer(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        form = column(self._grid(), None, gap=look.ROOM)
        beside = column(self._likes, self._due, None, gap=look.ROOM)
        self._sides = sides = row(form, beside, gap=look.WIDE)
        sides.setStretch(0, 3)
        sides.setStretch(1, 2)
        title = label(tr("Log an enquiry"), name="logTitle", kind="title")
        part = QWidget()
        part.setObjectName("log")
        part.setLayout(column(title, self._summary, sides, None, gap=look.GAP))
        buttons = row(self._send, self._save, self._stop, self._keeper.note)
        buttons.setStretch(3, 1)
        foot = column(self._short, buttons, gap=look.TIGHT)
        foot.setContentsMargins(look.ROOM, 0, look.ROOM, look.GAP)
        self._keeper.note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._scroll = Scrolled(part)
        self.setLayout(column(self._scroll, foot, gap=look.GAP))
        stops = (*self._fields.stops(), self._send, self._save, self._stop)
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)

    def _grid(self) -> QGridLayout:
        fields, resident = self._fields, self._fields.resident
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.ROOM)
        grid.setVerticalSpacing(look.GAP)
        _wide(grid, 0, tr("&Councillor"), fields.councillor)
        _wide(grid, 1, tr("&Resident"), resident.name)
        grid.addWidget(resident.standing, 2, 1, 1, 3)
        _pair(grid, 3, (tr("E&mail"), resident.email), (tr("&Phone"), resident.phone))
        _pair(grid, 4, (tr("A&ddress"), resident.address), None)
        grid.addWidget(resident.confirmed, 4, 2, 1, 2)
        _wide(grid, 5, tr("Su&bject"), fields.subject)
        _wide(grid, 6, tr("Service &area"), fields.area)
        grid.addWidget(self._reason_label, 7, 0)
        grid.addWidget(fields.reason, 7, 1, 1, 3)
        grid.addWidget(self._hint, 8, 1, 1, 3)
        grid.addWidget(fields.questions, 9, 0, 1, 4)
        grid.addWidget(buddy(tr("The &question"), fields.text), 10, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(fields.text, 10, 1, 1, 3)
        fields.text.setMinimumHeight(_TEXT_LINES * self.fontMetrics().lineSpacing())
        fields.text.setMaximumHeight(_MOST_LINES * self.fontMetrics().lineSpacing())
        _pair(grid, 11, (tr("H&ow it came"), fields.channel), (tr("&Kind"), fields.kind))
        _pair(grid, 12, (tr("Da&te received"), fields.received), None)
        grid.addWidget(self._echo, 12, 2, 1, 2)
        _wide(grid, 13, tr("Conse&nt"), fields.consent)
        grid.addWidget(self._health, 14, 1, 1, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        return grid

    def _connect(self) -> None:
        self._fields.changed.connect(self._typing.start)
        self._likes.changed.connect(self._typing.start)
        self._likes.shown.connect(self._say_in_short)
        self._due.shown.connect(self._say_in_short)
        self._typing.timeout.connect(self._look_again)
        self._fields.subject_changed.connect(self._show_hints)
        self._keeper.given_back.connect(self._give_back)
        self._likes.opened.connect(self.desk.show_enquiry)
        self.logged.connect(self.desk.show_enquiry)
        self._fields.resident.found.connect(lambda: self._go_on(self._fields.resident.name))
        self._fields.subject.chosen.connect(lambda _key: self._go_on(self._fields.subject))
        for each in self._fields.stops():
            if isinstance(each, QLineEdit):
                each.returnPressed.connect(lambda each=each: self._go_on(each))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the dates beside the fields, or below them on a narrow window, where they are said in short as well."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self._sides.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._due.be_compact(compact=narrow)
        self._short.setVisible(narrow)

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._fields.councillor]

    def deeds(self) -> Doing:
        """Ctrl+S saves, Ctrl+Enter saves and sends."""
        return {Deed.SAVE: self._save_it, Deed.SEND: self._save_and_send}

    def show_about(self, what: object) -> None:
        """Fill in what a mail of the tray says, which is filed with the enquiry once it is kept; or whom it is for."""
        if isinstance(what, ResidentView) and self._fields.is_empty:
            self._fields.give_back(for_resident(what))
        if not isinstance(what, FromMail):
            return
        if not self._fields.is_empty:
            words = tr("The form holds an enquiry that is not saved yet.")
            self.desk.jobs.refused.emit(NotAllowed(words, advice=tr("Save it or empty it, then go to the mail again.")))
            return
        self._mail_id = what.mail_id
        self._fields.give_back({"councillor": self._fields.councillor.currentText(), **what.fields})

    def ask(self) -> None:
        """Read the people and service areas known here."""
        self.desk.ask(read_known, owner=self, done=self._show_known)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the first field still empty."""
        super().focusInEvent(event)
        self._fields.first_empty().setFocus(event.reason())

    def _show_known(self, known: Known) -> None:
        self._known = known
        began = self._fields.show_known(known)
        if self.isVisible() and (began or not any(field.hasFocus() for field in self._fields.stops())):
            self._fields.first_empty().setFocus(Qt.FocusReason.OtherFocusReason)
        self._look_again()
        self._show_hints()
        self._keeper.begin(DRAFT)

    def _give_back(self, plain: dict[str, object]) -> None:
        self._fields.give_back(plain)
        self._fields.first_empty().setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_on(self, field: QWidget) -> None:
        """Enter goes on to the next line, unless it chooses from a list."""
        if getattr(field, "is_choosing", False):
            return
        lines = self._fields.lines()
        following = lines[lines.index(field) + 1 :] if field in lines else ()
        (following[0] if following else self._send).setFocus(Qt.FocusReason.TabFocusReason)

    def _look_again(self) -> None:
        """Echo the date in words, work the due date out anew, and look for enquiries like it."""
        if not self.desk.is_open:
            return
        self._likes.look_for(self._fields.alike())
        self._show_hints()
        try:
            received_at = self._received_at()
        except TrackerError as error:
            self._echo.setText(str(error))
            self._due.clear(error.title)
            return
        letter = f" {_LETTER}" if self._fields.chosen_channel is Channel.LETTER else ""
        self._echo.setText(f"{echo(received_at, self.desk.now())}.{letter}")
        self._due.show_for(
            channel=self._fields.chosen_channel,
            kind=self._fields.chosen_kind,
            received_at=received_at,
            service_area=self._fields.area.currentText(),
        )

    def _say_in_short(self) -> None:
        """What a narrow window would otherwise show out of sight."""
        self._short.setText(" ".join(words for words in (self._due.in_short, self._likes.in_short) if words))

    def _show_hints(self) -> None:
        """Why the subject goes where it goes, what could be done online, and what is about health and the like."""
        fields, area = self._fields, self._fields.chosen_area
        for part in (self._reason_label, fields.reason):
            part.setVisible(fields.goes_elsewhere)
        said = []
        if fields.about and area is not None and not fields.goes_elsewhere:
            straight = tr("“{subject}” goes to {area}, straight to a duty officer, for it is specialist (tier 3).")
            goes = straight if fields.is_specialist else tr("“{subject}” goes to {area}.")
            said.append(goes.format(subject=fields.about, area=area.name))
        if area is not None and area.self_service:
            said.append(tr("Could the resident do this online? {self_service}").format(self_service=area.self_service))
        said.append(self._known.duty.get(area.id, "") if area is not None else "")
        self._hint.setText(shown_text(" ".join(filter(None, said))))
        self._hint.setVisible(any(said))
        hints = special_category_hints(fields.text.toPlainText())
        wants_words = bool(hints) and fields.chosen_consent is not ConsentKind.EXPLICIT
        if wants_words:
            named = ", ".join(f"“{word}”" for word in hints[:3])
            self._health.setText(
                tr("{named}: ask whether the council may be told, and choose what they agreed to.").format(named=named)
            )
        self._health.setVisible(wants_words)

    def _received_at(self) -> datetime:
        return typed_moment(self._fields.received.text(), self.desk.now(), self._known.is_working)

    def _wrongs(self, *, sending: bool) -> Sequence[Wrong]:
        """What must be put right before the enquiry can be kept, or sent."""
        fields = self._fields
        wrongs = [Wrong(words=words, field=field) for field, words in fields.missing(sending=sending)]
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
        wrongs = self._wrongs(sending=self._sending)
        self._say_wrong(wrongs)
        if wrongs or self._busy:
            return
        self._busy = True
        said = self._fields.received.text().strip().casefold()
        new = self._fields.told(None if said in {"today", "now"} else self._received_at(), self._likes.linked_to)
        sending = self._sending
        self.desk.ask(lambda app: keep(app, new, sending=sending), owner=self, done=self._kept, failed=self._refuse)

    def _kept(self, logged: "tuple[Enquiry, TrackerError | None]") -> None:
        self._busy = False
        enquiry, refused = logged
        mail_id = self._mail_id
        if mail_id is not None:
            self.desk.ask(lambda app: file_with_new(app, mail_id, enquiry.id), owner=self)
        self._empty()
        self.logged.emit(enquiry.id)
        if refused is not None:
            self.desk.jobs.refused.emit(refused)

    def _refuse(self, error: TrackerError) -> None:
        self._busy = False
        self._say_wrong([Wrong(words=str(error), field=self._fields.field_of(str(error)))])

    def _say_wrong(self, wrongs: Sequence[Wrong]) -> None:
        """List what is to be put right on top, and bring that into view once it has its place."""
        self._summary.tell(wrongs)
        if wrongs:
            QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(self._summary))

    def _throw_away(self) -> None:
        self._empty()
        self.left.emit()

    def _empty(self) -> None:
        self._mail_id = None
        self._fields.clear()
        self._likes.clear()
        self._summary.tell(())
        self._keeper.end()


def keep(app: App, new: NewEnquiry, *, sending: bool) -> tuple[Enquiry, TrackerError | None]:
    """Log the enquiry, and queue it where wanted for ten seconds in which that can be taken back.

    It stays logged where it cannot be sent, and that is handed back.
    """
    enquiry = log_new(app, new)
    drop_draft(app, DRAFT)
    if not sending:
        return enquiry, None
    try:
        send_written(app, begin(app, Wanted(enquiry_id=enquiry.id, writing=Writing.ENQUIRY)).as_begun())
    except TrackerError as error:
        return enquiry, error
    return enquiry, None


def _wide(grid: QGridLayout, at: int, text: str, field: QWidget) -> None:
    """A field over the whole width."""
    grid.addWidget(buddy(text, field), at, 0)
    grid.addWidget(field, at, 1, 1, 3)


def _pair(grid: QGridLayout, at: int, first: tuple[str, QWidget], second: tuple[str, QWidget] | None) -> None:
    """Two fields beside each other."""
    for place, pair in ((0, first), (2, second)):
        if pair is not None:
            grid.addWidget(buddy(*pair), at, place)
            grid.addWidget(pair[1], at, place + 1)
