"""A report on screen: the table with every figure, bars for one share, and how they were counted."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QWidget

from member_tracker.domain.report_table import ColumnKind, Table
from member_tracker.services.reporting import Report
from ui import look
from ui.language import tr
from ui.reports.choices import Choices
from ui.reports.figures import FiguresView, Row, figure_columns
from ui.table import Page, TableModel
from ui.widgets.announce import announce
from ui.widgets.bars import Bars, bars_of
from ui.widgets.parts import buddy, column, label

_MOST_ROWS = 14
_ANSWERED = 3
_HINT = tr("Enter on a figure lists the enquiries behind it. The bars below follow the column you are in.")


class ReportPart(QFrame):
    """Shows one report; `figure_chosen` carries row and column of the figure somebody wants to look behind."""

    figure_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("report")
        self._table: Table | None = None
        self._model: TableModel[Row] | None = None
        self.choices = Choices()
        self.view = FiguresView("reportTable", tr("Figures"))
        self._title = label(name="reportTitle", kind="heading")
        self._notes = label(name="reportNotes", kind="quiet")
        self._bars_title = label(name="reportBarsTitle", kind="strong")
        self._bars = Bars("reportBars")
        self._hint = label(_HINT, name="reportHint", kind="quiet")
        self._footers = label(name="reportFooters", kind="quiet")
        self._empty = label(name="reportEmpty")
        self._lay_out()
        self.view.figure_chosen.connect(self.figure_chosen)
        self.view.column_current.connect(self._show_bars)

    def _lay_out(self) -> None:
        self._figures = QFrame()
        self._figures.setObjectName("reportFigures")
        self._figures.setLayout(
            column(
                self._notes,
                buddy(tr("Figu&res"), self.view, kind="strong"),
                self.view,
                self._hint,
                self._bars_title,
                self._bars,
                self._footers,
                gap=look.GAP,
            )
        )
        heading = label(tr("Reports"), name="reportsHeading", kind="title")
        self.setLayout(column(heading, self.choices, self._title, self._empty, self._figures, None, gap=look.GAP))
        self._figures.hide()
        self._title.hide()

    def show_report(self, report: Report) -> None:
        """Show it in place of the last one, the keyboard in the same cell if it was in one."""
        at = self.view.currentIndex()
        row, place = (at.row(), at.column()) if at.isValid() else (0, _ANSWERED)
        self._table = table = report.table
        self._title.setText(table.title)
        self._notes.setText("\n".join(table.notes))
        self._footers.setText("\n".join(table.footers))
        self._empty.setVisible(report.is_empty)
        self._empty.setText(
            tr("No enquiry was received in {period}.\nChoose another period, or log one with Ctrl+N.").format(
                period=report.period.words
            )
        )
        self._title.setVisible(not report.is_empty)
        self._figures.setVisible(not report.is_empty)
        self._show_table(table)
        self.view.go_to_cell(min(row, len(table.rows) - 1), place)
        self._show_bars(place)
        announce(self, self._empty.text() if report.is_empty else table.title)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the figures, or to what they are to be of."""
        super().focusInEvent(event)
        field = self.view if self.view.isVisible() else self.choices.first_field()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_table(self, table: Table) -> None:
        old, self._model = self._model, TableModel(figure_columns(table), self)
        self._model.show([Page(rows=table.rows)])
        self.view.setAccessibleName(table.title)
        self.view.show_model(self._model, tuple(1 for _ in table.columns))
        self.view.resizeColumnsToContents()
        self.view.watch_columns()
        self.view.fit(_MOST_ROWS)
        if old is not None:
            old.deleteLater()

    def _show_bars(self, place: int) -> None:
        """Bars for the share the keyboard is in; those of answers where it is in none."""
        table = self._table
        if table is None:
            return
        share = place if table.columns[place].kind is ColumnKind.OUT_OF else _ANSWERED
        self._bars_title.setText(table.columns[share].heading)
        self._bars.show_bars(table.columns[share].heading, bars_of(table, share))
