"""When an answer would be due, and why, worked out while an enquiry is typed."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from member_tracker.domain.clock import ClockEntry, Clocks, why_due
from member_tracker.domain.vocabulary import Channel, Kind
from member_tracker.services.judging import preview
from ui import look
from ui.desk import Desk
from ui.enquiries.standing import LEDGER_LETTERS, ledger_columns
from ui.jobs import Job
from ui.language import tr
from ui.table import Page, TableModel
from ui.widgets.parts import buddy, column, label
from ui.widgets.rows_view import RowsView
from ui.words import day_in_words

_ROWS = 9


class DuePreview(QFrame):
    """Shows both due dates, the sentence that gives the reason, and each day of the count; `shown` when they change."""

    shown = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("duePreview")
        self.setProperty("kind", "card")
        self._desk = desk
        self._asked: Job | None = None
        self._compact = False
        self._answer = label(name="dueAnswer", kind="heading")
        self._acknowledge = label(name="dueAcknowledge")
        self._why = label(name="dueWhy", kind="quiet")
        self._warning = label(name="dueWarning", kind="wrong")
        self._model: TableModel[ClockEntry] = TableModel(ledger_columns(), self)
        self._ledger = RowsView("dueLedger", tr("Each day of the count"), quiet=True, wrap=True)
        self._ledger_label = buddy(tr("Each da&y"), self._ledger, kind="quiet")
        self._ledger.show_model(self._model, LEDGER_LETTERS)
        self.setLayout(
            column(
                self._answer,
                self._acknowledge,
                self._why,
                self._warning,
                self._ledger_label,
                self._ledger,
                margin=look.GAP + 4,
            )
        )
        self.clear(tr("Working out when an answer is due…"))

    @property
    def in_short(self) -> str:
        """When the answer is due, in one sentence."""
        return f"{self._answer.text().rstrip('.')}."

    def clear(self, words: str) -> None:
        """Show no dates, and why."""
        if self._asked is not None:
            self._asked.cancel()
        self._answer.setText(words)
        for part in (self._acknowledge, self._why, self._warning, self._ledger, self._ledger_label):
            part.hide()
        self.shown.emit()

    def be_compact(self, *, compact: bool) -> None:
        """On a narrow window show the dates and the reason, not each day."""
        self._compact = compact
        shown = self._model.rowCount() > 0 and not compact and not self._why.isHidden()
        self._ledger.setVisible(shown)
        self._ledger_label.setVisible(shown)

    def show_for(self, *, channel: Channel, kind: Kind, received_at: datetime, service_area: str) -> None:
        """Work the dates out for this contact; an older answer still under way is dropped."""
        if self._asked is not None:
            self._asked.cancel()
        self._asked = self._desk.ask(
            lambda app: preview(app, channel=channel, kind=kind, received_at=received_at, service_area=service_area),
            owner=self,
            done=self.show_clocks,
            failed=lambda error: self.clear(str(error)),
        )

    def show_clocks(self, clocks: Clocks | None) -> None:
        """Show what was worked out."""
        if clocks is None:
            self.clear(tr("No charter was in force on that day, so no due date is set."))
            return
        respond, acknowledge = clocks.respond, clocks.acknowledge
        by = respond.due_by if respond else None
        self._answer.setText(
            tr("Answer due by {day}").format(day=day_in_words(by)) if by else tr("No due day for the answer")
        )
        first = acknowledge.due_by if acknowledge else None
        self._acknowledge.setText(tr("Acknowledgement due by {day}").format(day=day_in_words(first)) if first else "")
        self._why.setText(why_due(respond) if respond else tr("No standard is set for an answer to this."))
        self._warning.setText(clocks.warning or "")
        self._model.show([Page(rows=clocks.ledger)])
        self._why.show()
        self._acknowledge.setVisible(bool(first))
        self._warning.setVisible(bool(clocks.warning))
        shown = bool(clocks.ledger) and not self._compact
        self._ledger.setVisible(shown)
        self._ledger_label.setVisible(shown)
        self._ledger.fit(_ROWS)
        if clocks.ledger and not self._ledger.currentIndex().isValid():
            self._ledger.go_to(0)
        self.shown.emit()
