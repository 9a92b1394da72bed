"""Casework: the list on the left, one enquiry on the right; on a narrow window one of the two at a time."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSplitter, QStackedLayout, QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.dates import local_date
from member_tracker.services.lists import EnquiryRow
from ui import look
from ui.deeds import Doing
from ui.desk import Desk
from ui.enquiries.columns import about_column, due_column, resident_column
from ui.enquiries.detail import Detail
from ui.enquiries.reading import read_list, read_page
from ui.jobs import Job
from ui.places import Place, sign_of
from ui.table import PAGE_ROWS, TableModel
from ui.table import Page as RowsPage
from ui.widgets.page import Page
from ui.widgets.parts import buddy, column, label
from ui.widgets.rows_view import RowsView

_MOST_PAGES = 10
_SETTLE_MS = 120
_DETAIL_BESIDE = look.THREE_PANES - look.NAV_WIDTH


class CaseworkPage(Page):
    """A list of enquiries and the one that is open."""

    kinds = (RecordKind.ENQUIRY, RecordKind.SUGGESTION, RecordKind.RESIDENT, RecordKind.SERVICE_AREA)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "caseworkPage", parent)
        self._place, self._find = Place.OPEN, ""
        self._shown: str | None = None
        self._asked: Job | None = None
        self._model: TableModel[EnquiryRow] = TableModel(
            (due_column(lambda: local_date(desk.now())), about_column(), resident_column()), self
        )
        self._view = RowsView("enquiryList", "Enquiries")
        self._heading = buddy("", self._view, kind="title")
        self._empty = label(name="enquiryListEmpty", kind="quiet")
        self._list = QFrame()
        self._detail = Detail(desk)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._settle = QTimer(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._view.show_model(self._model, (162, 0, 112))
        self._view.setIconSize(QSize(18, 18))
        self._stack = QStackedLayout()
        self._stack.addWidget(self._view)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setMargin(look.GAP)
        self._stack.addWidget(self._empty)
        self._list.setObjectName("listPane")
        layout = column(self._heading, self._stack)
        layout.setStretch(1, 1)
        layout.setContentsMargins(look.ROOM, look.TIGHT, look.TIGHT, look.ROOM)
        self._list.setLayout(layout)
        self._split.setObjectName("paneSplit")
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(look.GAP)
        self._split.addWidget(self._list)
        self._split.addWidget(self._detail)
        self._split.setSizes([520, 590])
        self._split.setStretchFactor(0, 2)
        self._split.setStretchFactor(1, 3)
        self._list.setMinimumWidth(320)
        self.setLayout(column(self._split))
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)

    def _connect(self) -> None:
        self._model.wanted.connect(self._fetch)
        self._view.row_chosen.connect(self._open_row)
        self._view.row_current.connect(self._follow)
        self._settle.timeout.connect(lambda: self._open_row(self._view.currentIndex().row()))
        self._detail.left.connect(self.back)

    @property
    def is_narrow(self) -> bool:
        """Whether list and enquiry do not fit beside each other."""
        return self.width() < _DETAIL_BESIDE

    def show_list(self, place: Place, *, find: str = "") -> None:
        """Show a list from its top."""
        same = (place, find) == (self._place, self._find)
        self._place, self._find = place, find
        found = f"Enq&uiries with “{find.replace('&', '&&')}”"
        self._heading.setText(found if find else sign_of(place).heading)
        if not same:
            self._shown = None
            self._model.show([])
            self._detail.clear()
        self._arrange()
        self.refresh()

    def open_enquiry(self, enquiry_id: str) -> None:
        """Show one enquiry, and its row as the current one where it is in the list."""
        self._shown = enquiry_id
        self._detail.show_enquiry(enquiry_id)
        self._mark_shown()
        self._arrange()
        self._detail.setFocus(Qt.FocusReason.OtherFocusReason)

    def deeds(self) -> Doing:
        """What the menus can do to the enquiry that is shown."""
        return self._detail.deeds()

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._view, self._detail.area]

    def back(self) -> bool:
        """On a narrow window, go back from the enquiry to the list; else to the list with the keyboard."""
        if self.is_narrow and self._shown is not None:
            self._shown = None
            self._arrange()
        elif self._view.hasFocus() or not self._model.rowCount():
            return False
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def ask(self) -> None:
        """Read the list again as far as somebody has gone down it."""
        if self._asked is not None:
            self._asked.cancel()
        seen = self._view.rowAt(self._view.viewport().height() - 1)
        bottom = seen if seen >= 0 else self._view.currentIndex().row()
        pages = min(max(bottom, 0) // PAGE_ROWS + 1, _MOST_PAGES)
        place, find = self._place, self._find
        self._asked = self.desk.ask(lambda app: read_list(app, place, find, pages), owner=self, done=self._show_rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show both panes or one."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Hide what does not fit; nothing hidden keeps the keyboard."""
        narrow = self.is_narrow
        self._list.setVisible(not narrow or self._shown is None)
        self._detail.setVisible(not narrow or self._shown is not None)
        self._detail.show_back(shown=narrow)

    def _fetch(self, number: int, anchor: object | None) -> None:
        place, find = self._place, self._find

        def take(page: RowsPage[EnquiryRow]) -> None:
            if (place, find) == (self._place, self._find):
                self._model.take(number, page)

        self.desk.ask(lambda app: read_page(app, place, find, anchor), owner=self, done=take)

    def _show_rows(self, pages: list[RowsPage[EnquiryRow]]) -> None:
        self._asked = None
        at = self._view.verticalScrollBar().value()
        self._model.show(pages)
        self._view.verticalScrollBar().setValue(at)
        some = self._model.rowCount() > 0
        self._empty.setText(self._nothing())
        self._stack.setCurrentIndex(0 if some else 1)
        if not some:
            if not self.is_narrow and self._shown is None:
                self._detail.clear()
            return
        self._mark_shown()
        if self._shown is None and not self.is_narrow:
            self._open_row(self._view.currentIndex().row())

    def _nothing(self) -> str:
        if self._find:
            return f"Nothing was found for “{self._find}”.\nTry fewer words, a name, or a reference."
        return sign_of(self._place).empty

    def _mark_shown(self) -> None:
        """Put the current row where the open enquiry is, or at the top: there is always one."""
        if not self._model.rowCount():
            return
        found = self._model.find(lambda row: row.id == self._shown) if self._shown else None
        self._view.blockSignals(True)
        if found is not None:
            self._view.go_to(found)
        elif not self._view.currentIndex().isValid():
            self._view.go_to(0)
        self._view.blockSignals(False)

    def _follow(self, _row: int) -> None:
        if not self.is_narrow:
            self._settle.start()

    def _open_row(self, number: int) -> None:
        self._settle.stop()
        chosen = self._model.row(number)
        if chosen is not None and chosen.id != self._shown:
            self._shown = chosen.id
            self._detail.show_enquiry(chosen.id)
            self._arrange()
