"""The enquiries behind one figure of a report: all that were judged, those in time, or those late."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from member_tracker.domain.dates import local_date
from member_tracker.domain.report_table import OutOf
from member_tracker.services.lists import EnquiryPage, EnquiryRow
from member_tracker.services.reporting import Asked, Report, Standing, enquiries_behind, looked_up
from ui.desk import Desk
from ui.enquiries.columns import about_column, area_column, due_column, received_column, reference_column
from ui.jobs import Job
from ui.language import tr, tr_count
from ui.table import PAGE_ROWS, Page, TableModel
from ui.widgets.announce import announce
from ui.widgets.flow import Flow
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.rows_view import RowsView

if TYPE_CHECKING:
    from member_tracker.app import App

_NOTHING = tr("No enquiry lies behind this figure.")


class BehindPart(QFrame):
    """Lists what lies behind a figure; `left` asks for the report again, `save_wanted` for the list as a file."""

    left = Signal()
    save_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("behind")
        self._desk = desk
        self._asked: Asked | None = None
        self._job: Job | None = None
        self._choices: tuple[Asked, ...] = ()
        today = lambda: local_date(desk.now())  # noqa: E731 - handed to three columns
        self._model: TableModel[EnquiryRow] = TableModel(
            (due_column(today), reference_column(), received_column(today), about_column(), area_column()), self
        )
        self._view = RowsView("behindList", tr("Enquiries"))
        self._heading = label(name="behindHeading", kind="title")
        self._empty = label(_NOTHING, name="behindEmpty", kind="quiet")
        self._buttons = tuple(
            button("", self._chooser(number), name=name)
            for number, name in enumerate(("behindAll", "behindKept", "behindLate"))
        )
        back = button(tr("&Back to the report"), self.left.emit, name="behindBack")
        save = button(tr("&Save this list…"), self.save_wanted.emit, name="behindSave", tip="Ctrl+E")
        self._view.show_model(self._model, (1, 1, 1, 0, 1))
        self._view.setIconSize(QSize(18, 18))
        named = buddy(tr("En&quiries"), self._view, kind="strong")
        layout = column(row(back, None), self._heading, Flow(*self._buttons, save), self._empty, named, self._view)
        layout.setStretch(5, 1)
        self.setLayout(layout)
        self._model.wanted.connect(self._fetch)
        self._view.row_chosen.connect(self._open)

    def show_behind(self, report: Report, at_row: int, at_column: int) -> bool:
        """Show what lies behind a cell; False where no enquiries lie behind it."""
        asked = report.asked(at_row, at_column)
        if asked is None:
            return False
        cell = report.table.rows[at_row][at_column]
        parts = tuple(report.narrowed(at_row, at_column, standing) for standing in (Standing.KEPT, Standing.LATE))
        self._choices = (asked, *(part for part in parts if part is not None))
        self._name_buttons(shown=isinstance(cell, OutOf))
        self._show(asked)
        return True

    @property
    def asked(self) -> Asked | None:
        """What is listed; None before anything was."""
        return self._asked

    @property
    def view(self) -> RowsView:
        """The list, for the keyboard to go to."""
        return self._view

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the list, or to the way back where it is empty."""
        super().focusInEvent(event)
        some = self._asked is not None and self._asked.count
        field = self._view if some else self.findChild(QPushButton, "behindBack")
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _name_buttons(self, *, shown: bool) -> None:
        names = (tr("&All judged"), tr("In ti&me"), tr("Not in &time"))
        for number, made in enumerate(self._buttons):
            made.setVisible(shown)
            if number < len(self._choices):
                made.setText(f"{names[number]}: {self._choices[number].count}")
                made.setCheckable(True)

    def _chooser(self, number: int) -> Callable[[], None]:
        return lambda: self._show(self._choices[number])

    def _show(self, asked: Asked) -> None:
        if self._job is not None:
            self._job.cancel()
        self._asked = asked
        for made, choice in zip(self._buttons, self._choices, strict=False):
            made.setChecked(choice is asked)
        count = tr_count("{n} enquiry", "{n} enquiries", asked.count).format(n=asked.count)
        self._heading.setText(f"{asked.title}: {count}")
        self._view.setAccessibleName(f"{asked.title}: {count}")
        self._model.show([])
        self._empty.hide()

        def read(app: "App") -> tuple[Asked, EnquiryPage]:
            ready = looked_up(app, asked)
            return ready, enquiries_behind(app, ready, limit=PAGE_ROWS)

        self._job = self._desk.ask(read, owner=self, done=self._take_first)

    def _take_first(self, found: tuple[Asked, EnquiryPage]) -> None:
        self._job = None
        self._asked, page = found
        self._model.show([Page(rows=page.rows, next=page.next)])
        self._empty.setVisible(not page.rows)
        for place in (0, 1, 2, 4):
            self._view.resizeColumnToContents(place)
        if page.rows:
            self._view.go_to(0)
        announce(self, self._view.accessibleName())

    def _fetch(self, number: int, anchor: object | None) -> None:
        asked = self._asked
        if asked is None:
            return

        def read(app: "App") -> EnquiryPage:
            from member_tracker.services.lists import Anchor

            after = anchor if isinstance(anchor, Anchor) else None
            return enquiries_behind(app, asked, after=after, limit=PAGE_ROWS)

        def take(page: EnquiryPage) -> None:
            if asked is self._asked:
                self._model.take(number, Page(rows=page.rows, next=page.next))

        self._desk.ask(read, owner=self, done=take)

    def _open(self, number: int) -> None:
        chosen = self._model.row(number)
        if chosen is not None:
            self._desk.show_enquiry.emit(chosen.id)
