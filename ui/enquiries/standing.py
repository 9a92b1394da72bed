"""Where an enquiry stands against its standard, why the date is what it is, and the ledger day by day."""

from PySide6.QtWidgets import QFrame

from member_tracker.domain.clock import Clock, ClockEntry, state_of
from member_tracker.domain.dates import local_date
from ui import look
from ui.enquiries.reading import Opened
from ui.language import tr, tr_word
from ui.table import Column, Page, TableModel
from ui.widgets.parts import button, column, label, row, set_tone
from ui.widgets.rows_view import RowsView
from ui.words import TONES, day_in_words, short_day, short_moment, standing

MOST_ROWS = 12
LEDGER_LETTERS = (13, 16, 0)


def ledger_columns() -> tuple[Column[ClockEntry], ...]:
    """The columns of a ledger."""
    return (
        Column(
            heading=tr("Day"),
            words=lambda entry: short_day(entry.on, entry.on),
            spoken=lambda entry: f"{day_in_words(entry.on)}: {_counts(entry)}, {entry.reason}",
        ),
        Column(heading=tr("Counts"), words=_counts),
        Column(heading=tr("Why"), words=lambda entry: entry.reason),
    )


def _counts(entry: ClockEntry) -> str:
    return tr("counts") if entry.counted else tr("does not count")


class Standing(QFrame):
    """The state in words, the reason for the date, and behind a button each day of the count."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("standing")
        self.setProperty("kind", "card")
        self.setAccessibleName(tr("Where it stands"))
        self._state = label(name="standingState", kind="heading")
        self._why = label(name="standingWhy")
        self._acknowledged = label(name="standingAcknowledged", kind="quiet")
        self._warning = label(name="standingWarning", kind="wrong")
        self._days = button(tr("Show each day (&Z)"), self._fold_out, name="ledgerButton", kind="link", tip="Alt+Z")
        self._days.setCheckable(True)
        self._model: TableModel[ClockEntry] = TableModel(ledger_columns(), self)
        self._ledger = RowsView("ledger", tr("Each day of the count"), quiet=True, wrap=True)
        self._ledger.show_model(self._model, LEDGER_LETTERS)
        self._ledger.hide()
        head = row(self._state, self._days)
        head.setStretch(0, 1)
        self.setLayout(
            column(
                head,
                self._why,
                self._acknowledged,
                self._warning,
                self._ledger,
                margin=look.GAP,
                gap=2,
            )
        )

    def show_opened(self, opened: Opened) -> None:
        """Show where this enquiry stands."""
        enquiry = opened.view.enquiry
        self._state.setText(standing(enquiry, opened.now))
        set_tone(self._state, TONES[enquiry.state(opened.now)])
        self._why.setText(opened.why)
        clocks = enquiry.clocks
        self._acknowledged.setText(_acknowledgement(clocks.acknowledge if clocks else None, opened))
        self._acknowledged.setVisible(bool(self._acknowledged.text()))
        self._warning.setText((clocks.warning if clocks else "") or "")
        self._warning.setVisible(bool(self._warning.text()))
        ledger = clocks.ledger if clocks else ()
        self._model.show([Page(rows=ledger)])
        self._days.setVisible(bool(ledger))
        if not ledger:
            self.fold()
        self._ledger.fit(MOST_ROWS)
        if ledger and not self._ledger.currentIndex().isValid():
            self._ledger.go_to(0)

    def fold(self) -> None:
        """Hide the ledger."""
        self._days.setChecked(False)
        self._fold_out()

    def _fold_out(self) -> None:
        shown = self._days.isChecked()
        self._ledger.setVisible(shown)
        self._days.setText(tr("Hide each day (&Z)") if shown else tr("Show each day (&Z)"))


def _acknowledgement(clock: Clock | None, opened: Opened) -> str:
    """How the acknowledgement stands, in one sentence; nothing where no standard asks for one."""
    if clock is None or clock.due_by is None:
        return ""
    today = local_date(opened.now)
    state = state_of(clock, opened.now)
    if clock.stopped_at is not None:
        said = short_moment(clock.stopped_at, today)
        return tr("Acknowledged {said}: the standard ({day}) was {state}.").format(
            said=said, day=day_in_words(clock.due_by), state=tr_word(state).lower()
        )
    return tr("Acknowledgement due by {day}: {state}.").format(
        day=day_in_words(clock.due_by), state=tr_word(state).lower()
    )
