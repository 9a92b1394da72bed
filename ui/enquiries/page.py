"""Casework: the list on the left, one enquiry on the right; on a narrow window one of the two at a time."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSplitter, QStackedLayout, QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.dates import local_date
from member_tracker.services.lists import ListView, Order, Window, narrowed, remember_view
from ui import look
from ui.deeds import Deed, Doing
from ui.desk import Desk
from ui.enquiries.detail import Detail
from ui.enquiries.filters import Filters
from ui.enquiries.list_columns import LIST_COLUMNS, SORTED_BY, list_columns
from ui.enquiries.long_list import LongModel
from ui.enquiries.reading import Listed, read_list, read_part, wanted
from ui.jobs import Job
from ui.language import tr
from ui.places import Place, sign_of
from ui.widgets.page import Page
from ui.widgets.parts import buddy, column, label, row
from ui.widgets.rows_view import RowsView

if TYPE_CHECKING:
    from ui.reports.list_saving import CaseworkSaving

_SETTLE_MS = 120
_DETAIL_BESIDE = look.THREE_PANES - look.NAV_WIDTH


class CaseworkPage(Page):
    """A list of enquiries and the one that is open."""

    kinds = (RecordKind.ENQUIRY, RecordKind.SUGGESTION, RecordKind.RESIDENT, RecordKind.SERVICE_AREA)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "caseworkPage", parent)
        self._place = Place.OPEN
        self._list_view: ListView | None = None
        self._saving: CaseworkSaving | None = None
        self._shown: str | None = None
        self._asked: Job | None = None
        self._reading: Job | None = None
        self._then: list[int] = []
        self._model = LongModel(list_columns(lambda: local_date(desk.now())), self)
        self._view = RowsView("enquiryList", tr("Enquiries"))
        self._filters = Filters(desk)
        self._heading = buddy("", self._view, kind="title")
        self._empty = label(name="enquiryListEmpty", kind="quiet")
        self._list = QFrame()
        self._detail = Detail(desk)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._settle = QTimer(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._view.show_model(self._model, tuple(shown.letters for shown in LIST_COLUMNS))
        self._view.fit_columns(least=18)
        self._view.sort_by(frozenset(number for number, shown in enumerate(LIST_COLUMNS) if shown.orders))
        self._view.setIconSize(QSize(18, 18))
        stacked = QWidget()
        self._stack = QStackedLayout(stacked)
        self._stack.addWidget(self._view)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setMargin(look.GAP)
        self._stack.addWidget(self._empty)
        self._list.setObjectName("listPane")
        layout = column(row(self._heading, None, self._filters.opener), self._filters, stacked)
        layout.setStretch(2, 1)
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
        self._view.heading_chosen.connect(self._sort)
        self._filters.chosen.connect(self._narrow)
        self._view.row_chosen.connect(self._open_row)
        self._view.row_current.connect(self._follow)
        self._settle.timeout.connect(lambda: self._open_row(self._view.currentIndex().row()))
        self._detail.left.connect(self.back)

    @property
    def is_narrow(self) -> bool:
        """Whether list and enquiry do not fit beside each other."""
        return self.width() < _DETAIL_BESIDE

    def show_list(self, place: Place) -> None:
        """Show a list from its top, as it was last shown."""
        if place is not self._place or self._list_view is None:
            self._place, self._list_view, self._shown = place, None, None
            self._heading.setText(sign_of(place).heading)
            self._model.clear()
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
        """What the menus can do to the enquiry that is shown, and to the list."""
        return {**self._saving_deeds(), **self._detail.deeds()}

    def why_not(self, deed: Deed) -> str:
        """Why something cannot be done to the enquiry that is shown."""
        return self._detail.why_not(deed)

    def _saving_deeds(self) -> Doing:
        from ui.reports.list_saving import CaseworkSaving

        self._saving = self._saving or CaseworkSaving(self.desk, self)
        place, view = self._place, self._list_view
        title = sign_of(place).heading.replace("&", "")
        return self._saving.deeds(lambda app: narrowed(wanted(app, place), view or ListView()), title, self._shown)

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
        """Read the list again where somebody looks at it."""
        for job in (self._asked, self._reading):
            if job is not None:
                job.cancel()
        self._reading = None
        self._then.clear()
        place, view = self._place, self._list_view
        top = max(0, self._view.rowAt(0)) // self._model.page_rows * self._model.page_rows
        keep = self._model.mark(top)
        self._asked = self.desk.ask(
            lambda app: read_list(app, place, view, first=top, keep=keep), owner=self, done=self._show_rows
        )

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

    def _fetch(self, first: int) -> None:
        """Read the page from that row on; while one is read, only the last two that were wanted wait."""
        if self._reading is not None or self._asked is not None:
            self._then = [*[number for number in self._then if number != first][-1:], first]
            return
        place, view, known = self._place, self._list_view, self._model.known(first)
        self._reading = self.desk.ask(
            lambda app: read_part(app, place, view, first=first, known=known), owner=self, done=self._take
        )

    def _take(self, part: Window) -> None:
        self._reading = None
        if not self._model.take(part):
            self.ask()
            return
        self._fetch_waiting()

    def _fetch_waiting(self) -> None:
        waiting, self._then = self._then, []
        for first in waiting:
            if not self._model.has(first):
                self._fetch(first)

    def _show_rows(self, listed: Listed) -> None:
        self._asked = None
        self._list_view = listed.view
        bar = self._view.verticalScrollBar()
        at, current = bar.value(), self._view.currentIndex().row()
        self._model.show(listed.windows)
        bar.setValue(at + listed.moved)
        self._filters.show_view(listed.view, listed.order)
        self._view.show_sorted(*SORTED_BY.get(listed.order, (-1, False)))
        some = self._model.rowCount() > 0
        self._empty.setText(self._nothing())
        self._stack.setCurrentIndex(0 if some else 1)
        if not some:
            if not self.is_narrow and self._shown is None:
                self._detail.clear()
            return
        self._mark_shown(current + listed.moved)
        if self._shown is None and not self.is_narrow:
            self._settle.start()

    def _sort(self, column: int) -> None:
        """Sort by that column, or the other way round where it is sorted by it already."""
        orders = LIST_COLUMNS[column].orders
        if not orders or self._list_view is None:
            return
        now = self._list_view.order or self._usual
        self._change(replace(self._list_view, order=orders[now == orders[0]]))

    @property
    def _usual(self) -> Order:
        return Order.NEWEST if self._place is Place.ALL else Order.DUE

    def _narrow(self, view: ListView) -> None:
        self._change(replace(view, order=None if view.order is self._usual else view.order))

    def _change(self, view: ListView) -> None:
        """Show the list in another way, from its top, and keep that."""
        place = self._place
        self._list_view, self._shown = view, None
        self._model.clear()
        self.desk.ask(lambda app: remember_view(app, place.value, view), owner=self)
        self.ask()

    def _nothing(self) -> str:
        if self._list_view is not None and self._list_view.terms:
            return tr("Nothing here is as you asked.\nPress “Filter” and take something away to see more.")
        return sign_of(self._place).empty

    def _mark_shown(self, current: int = 0) -> None:
        """Put the current row where the open enquiry is, or else where it was: there is always one."""
        if not self._model.rowCount():
            return
        found = self._model.find(lambda row: row.id == self._shown) if self._shown else None
        self._view.blockSignals(True)
        if found is not None:
            self._view.go_to(found)
        elif not self._view.currentIndex().isValid():
            self._view.go_to(max(0, min(current, self._model.rowCount() - 1)))
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
