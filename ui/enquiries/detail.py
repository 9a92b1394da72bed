"""One enquiry: what was asked, where it stands and why, who owes the next word, what happened, and what can be done."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedLayout, QWidget

from member_tracker.app import App
from member_tracker.domain.change import RecordKind
from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.errors import TrackerError
from member_tracker.services.deleting import delete_enquiry
from member_tracker.services.undoing import undo_last
from ui import look
from ui.deeds import Deed, Doing
from ui.desk import Desk
from ui.enquiries.actions import Actions
from ui.enquiries.asked import Asked
from ui.enquiries.before_note import BeforeNote
from ui.enquiries.elsewhere_bar import ElsewhereBar
from ui.enquiries.gaps_bar import GapsBar
from ui.enquiries.header import Header
from ui.enquiries.reading import Opened, read_enquiry
from ui.enquiries.standing import Standing
from ui.enquiries.suggestion_bar import SuggestionBar
from ui.enquiries.timeline import Timeline
from ui.jobs import Job
from ui.language import tr
from ui.widgets.page import Page
from ui.widgets.parts import button, column, label


class Detail(Page):
    """Shows one enquiry, or says how to choose one; `left` is sent when somebody goes back to the list."""

    kinds = (
        RecordKind.ENQUIRY,
        RecordKind.ENTRY,
        RecordKind.SUGGESTION,
        RecordKind.MAIL,
        RecordKind.OUTGOING,
        RecordKind.RESIDENT,
        RecordKind.SERVICE_AREA,
    )
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "enquiryDetail", parent)
        self._enquiry_id: str | None = None
        self._look_at = ""
        self._asked: Job | None = None
        self._back = button(tr("Sho&w the list"), self.left.emit, name="backButton", icon="back")
        self._header = Header(self._back)
        self._suggestion = SuggestionBar(desk)
        self._elsewhere = ElsewhereBar(desk)
        self._question = Asked()
        self._gaps = GapsBar(desk)
        self._standing = Standing()
        self._timeline = Timeline(desk)
        self._before = BeforeNote(desk)
        self._actions = Actions(desk, lambda: self._before.duty_officer)
        self._nothing = label(tr("Choose an enquiry in the list to read it here."), name="detailEmpty", kind="quiet")
        self._stack = QStackedLayout()
        self._lay_out()
        for part in (self._suggestion, self._actions):
            part.deed_wanted.connect(self._do)
        self._timeline.looked_at.connect(lambda entry: self.area.ensureWidgetVisible(entry, 0, look.ROOM))

    def _lay_out(self) -> None:
        self.area = _scroll(
            self._header,
            self._standing,
            self._question,
            self._gaps,
            self._suggestion,
            self._elsewhere,
            label(tr("What happened, newest first"), name="timelineHeading", kind="heading"),
            self._timeline,
        )
        whole = QWidget()
        layout = column(self.area, self._before, self._actions, gap=0)
        layout.setStretch(0, 1)
        whole.setLayout(layout)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setLayout(self._stack)  # first, or what is put into it would be a window of its own for a moment
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(whole)
        self._stack.setContentsMargins(look.TIGHT, look.TIGHT, look.ROOM, look.ROOM)

    def clear(self) -> None:
        """Show no enquiry."""
        self._enquiry_id = None
        self.titled.emit("")
        self._before.clear()
        self._stack.setCurrentIndex(0)

    def show_enquiry(self, enquiry_id: str, *, at: str = "") -> None:
        """Show this enquiry from its top, or at what happened with the record of that id."""
        self._look_at = at
        if enquiry_id != self._enquiry_id:
            self.area.verticalScrollBar().setValue(0)
            self._timeline.show_recent()
            self._standing.fold()
            self._question.fold()
        self._enquiry_id = enquiry_id
        self.ask()

    def deeds(self) -> Doing:
        """What the menus can do to this enquiry."""
        if self._enquiry_id is None:
            return {}
        more = {Deed.DELETE: self.delete, **self._actions.deeds()} if self._actions.isEnabled() else {}
        return {Deed.UNDO: self.undo, **more}

    def why_not(self, deed: Deed) -> str:
        """Why something cannot be done to this enquiry as it stands; empty where the deed itself says enough."""
        return self._actions.why_not(deed) if self._enquiry_id is not None else ""

    def undo(self) -> None:
        """Undo the last step of the enquiry that is shown."""
        if self._enquiry_id is not None:
            enquiry_id = EnquiryId(self._enquiry_id)
            self._do(lambda app: undo_last(app, enquiry_id))

    def delete(self) -> None:
        """Put the enquiry that is shown among the recently deleted."""
        if self._enquiry_id is not None:
            enquiry_id = EnquiryId(self._enquiry_id)
            self._do(lambda app: delete_enquiry(app, enquiry_id))

    def show_back(self, *, shown: bool) -> None:
        """Offer the way back to the list where the list is hidden."""
        self._back.setVisible(shown)

    def ask(self) -> None:
        """Read the enquiry."""
        if self._enquiry_id is None:
            return
        if self._asked is not None:
            self._asked.cancel()
        wanted = self._enquiry_id
        self._asked = self.desk.ask(
            lambda app: read_enquiry(app, wanted), owner=self, done=self.show_opened, failed=self._gone
        )

    def show_opened(self, opened: Opened) -> None:
        """Show an enquiry that was read."""
        self._asked = None
        self.titled.emit(opened.view.enquiry.reference)
        self._header.show_opened(opened)
        self._suggestion.show_opened(opened)
        self._elsewhere.show_opened(opened)
        self._question.show_opened(opened)
        self._gaps.show_enquiry(opened.view.enquiry)
        self._standing.show_opened(opened)
        self._timeline.show_opened(opened)
        self._before.show_opened(opened)
        self._actions.show_opened(opened)
        for part in (self._suggestion, self._actions):
            part.setEnabled(opened.view.enquiry.deleted_at is None)
        self._stack.setCurrentIndex(1)
        if self._look_at:
            self._timeline.look_at(self._look_at)
            self._look_at = ""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to what is to be done: the suggestion where one waits, else the text."""
        super().focusInEvent(event)
        self.area.setFocus(event.reason())

    def _do(self, deed: Callable[[App], object]) -> None:
        """Have something done to the enquiry; the news brings back what came of it."""
        self.desk.ask(deed, owner=self)

    def _gone(self, error: TrackerError) -> None:
        self._asked = None
        self.clear()
        self.desk.jobs.refused.emit(error)


def _scroll(*items: QWidget) -> QScrollArea:
    inside = QFrame()
    inside.setObjectName("scrolled")
    layout = column(*items, None, gap=look.GAP)
    layout.setContentsMargins(look.TIGHT + 2, look.TIGHT, look.GAP, look.GAP)
    inside.setLayout(layout)
    area = QScrollArea()
    area.setObjectName("detailScroll")
    area.setAccessibleName(tr("The enquiry"))
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area
