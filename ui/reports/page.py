"""Reports: performance against the charter for a period, and the enquiries behind each figure."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.services.exporting_tables import Form, Saved
from member_tracker.services.reporting import Report, performance
from ui import look
from ui.deeds import Deed, Doing
from ui.desk import Desk
from ui.jobs import Job, Lane
from ui.language import tr
from ui.reports.behind_part import BehindPart
from ui.reports.report_part import ReportPart
from ui.reports.saving import Saving, Wish
from ui.widgets.focus import holds_focus
from ui.widgets.page import Page
from ui.widgets.parts import column
from ui.widgets.scrolled import Scrolled
from ui.widgets.working import Working

if TYPE_CHECKING:
    from member_tracker.app import App

_PATIENCE_MS = 400


class ReportsPage(Page):
    """One report at a time, and what lies behind its figures; how far it is shows once adding up takes a while."""

    kinds = (RecordKind.ENQUIRY, RecordKind.SERVICE_AREA, RecordKind.WARD, RecordKind.COUNCILLOR)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "reportsPage", parent)
        self._report: Report | None = None
        self._job: Job | None = None
        self._part = ReportPart()
        self._behind = BehindPart(desk)
        self._working = Working("reportWorking")
        self._at: tuple[str, int] | None = None
        self._saving = Saving(desk, self)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_PATIENCE_MS)
        self._stack = QStackedLayout(self)  # else its first part would be a window of its own for a moment
        self._scrolled = Scrolled(self._part)
        behind = QWidget()
        behind.setLayout(column(self._behind, margin=look.ROOM))
        working = QWidget()
        working.setLayout(column(self._working, None, margin=look.ROOM))
        for part in (self._scrolled, behind, working):
            self._stack.addWidget(part)
        self._connect()

    def _connect(self) -> None:
        self._part.choices.changed.connect(self._choose)
        self._part.figure_chosen.connect(self._look_behind)
        self._behind.left.connect(self.back)
        self._behind.save_wanted.connect(self._export_behind)
        self._working.stop_wanted.connect(self._stop)
        self._late.timeout.connect(lambda: self._show_part(2))

    def panes(self) -> list[QWidget]:
        """The choices and the figures, or the list behind one."""
        if self._stack.currentIndex() == 1:
            return [self._behind]
        return [self._part.choices.first_field(), self._part.view]

    def deeds(self) -> Doing:
        """A report can be saved as a file, and so can the list behind a figure while it is shown."""
        if self._report is None:
            return {}
        if self._stack.currentIndex() == 1:
            return {Deed.EXPORT: self._export_behind, Deed.PDF: lambda: self._export_behind(Form.PDF)}
        return {Deed.EXPORT: self._export, Deed.PDF: lambda: self._export(Form.PDF)}

    def back(self) -> bool:
        """From the list behind a figure to the report, with the keyboard where it was; while adding up, stop that."""
        if self._stack.currentIndex() == 0:
            return False
        if self._stack.currentIndex() == 2:
            self._stop()
        else:
            self._at = None
            self._show_part(0)
            self._part.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the part that is shown."""
        super().focusInEvent(event)
        self._focus()

    def ask(self) -> None:
        """Add up what is chosen; what was asked before is no longer wanted."""
        period, by = self._part.choices.period(local_date(self.desk.now())), self._part.choices.by
        if period is None:
            return
        if self._job is not None:
            self._job.stop()
            self._job.cancel()
        self._working.begin(tr("Adding up"))
        self._late.start()
        self._job = self.desk.ask_long(
            lambda app, line: performance(app, period, by, watch=line.watch),
            owner=self,
            heard=self._working.show_step,
            done=self._take,
            failed=self._refuse,
            lane=Lane.LOCAL,
        )

    def _choose(self) -> None:
        self._at = None
        self.refresh()

    def _take(self, report: Report) -> None:
        self._over()
        self._report = report
        self._part.show_report(report)
        if not self._look_again():
            self._show_part(0)

    def _refuse(self, error: TrackerError) -> None:
        self._over()
        self._show_part(0)
        if isinstance(error, Stopped):
            self.desk.said.emit(tr("Stopped. Choose a shorter period, or show it again."))
        else:
            self.desk.jobs.refused.emit(error)

    def _over(self) -> None:
        self._job = None
        self._late.stop()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()

    def _look_behind(self, row: int, place: int) -> None:
        """Show what lies behind a figure, where enquiries do."""
        if self._report is not None and self._behind.show_behind(self._report, row, place):
            self._at = (str(self._report.table.rows[row][0]), place)
            self._show_part(1)
            self._behind.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look_again(self) -> bool:
        """Where somebody looked behind a figure, show that figure as it is now; False where it is gone."""
        if self._at is None or self._report is None:
            return False
        name, place = self._at
        rows = [number for number, row in enumerate(self._report.table.rows) if row[0] == name]
        return bool(rows) and self._behind.show_behind(self._report, rows[0], place)

    def _show_part(self, number: int) -> None:
        """Show a part, with the keyboard in it where it was in this page."""
        had_focus = holds_focus(self)
        if self._stack.currentIndex() != number:
            self._stack.setCurrentIndex(number)
            if had_focus:
                self._focus()

    def _focus(self) -> None:
        parts: tuple[QWidget, ...] = (self._part, self._behind, self._working)
        parts[self._stack.currentIndex()].setFocus(Qt.FocusReason.OtherFocusReason)

    def _export(self, first: Form = Form.CSV) -> None:
        report = self._report
        if report is None:
            return

        def write(app: "App", file: Path, form: Form, watch: Watch) -> Saved:
            from member_tracker.services.exporting_tables import save_table
            from ui.reports.paper import draw_table

            del watch
            return save_table(app, report.table, file, form, draw=draw_table, again=True)

        name = f"performance-{report.by.value}-{report.period.first}-to-{report.period.last}"
        self._saving.ask(Wish(title=tr("Save the report"), name=name, write=write, forms=_with_first(first)))

    def _export_behind(self, first: Form = Form.CSV) -> None:
        report, asked = self._report, self._behind.asked
        if report is None or asked is None:
            return
        title = f"{report.table.title}. {asked.title}"

        def write(app: "App", file: Path, form: Form, watch: Watch) -> Saved:
            from member_tracker.services.exporting_tables import save_behind
            from ui.reports.paper import draw_table

            return save_behind(app, asked, title, file, form, draw=draw_table, again=True, watch=watch)

        self._saving.ask(Wish(title=tr("Save the list"), name="enquiries", write=write, forms=_with_first(first)))


def _with_first(first: Form) -> tuple[Form, ...]:
    """Every kind of file, that one in front."""
    return (first, *(form for form in Form if form is not first))
