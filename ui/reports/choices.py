"""What a report is of, chosen by keyboard: the time it is about, and what it is split by."""

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QWidget

from member_tracker.domain.errors import Invalid
from member_tracker.domain.period import Period, between, month_of, quarter_of, year_of
from member_tracker.services.reporting import By
from ui import look
from ui.language import tr
from ui.typed_dates import typed_past_day
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.parts import buddy, button, column, label, row
from ui.words import day_in_words

_ONE = timedelta(days=1)
_TWO_DATES = tr("Between two dates")
_HINT = tr("Type days such as 1/4/2026, 24 nov or yesterday, then press Enter.")


def _before(of: Callable[[date], Period]) -> Callable[[date], Period]:
    return lambda today: of(of(today).first - _ONE)


PERIODS: tuple[tuple[str, Callable[[date], Period]], ...] = (
    (tr("This month"), month_of),
    (tr("Last month"), _before(month_of)),
    (tr("This quarter"), quarter_of),
    (tr("Last quarter"), _before(quarter_of)),
    (tr("This financial year"), year_of),
    (tr("Last financial year"), _before(year_of)),
)
_SPLITS = {
    By.AREA: tr("Service area"),
    By.WARD: tr("Ward"),
    By.COUNCILLOR: tr("Councillor"),
    By.CHANNEL: tr("How it came"),
}


class Choices(QFrame):
    """The period and the split; `changed` says that another report is wanted."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reportChoices")
        self._period = QComboBox()
        self._period.setObjectName("reportPeriod")
        self._period.addItems([words for words, _ in PERIODS] + [_TWO_DATES])
        self._by = QComboBox()
        self._by.setObjectName("reportBy")
        self._by.addItems(list(_SPLITS.values()))
        self._first, self._last = QLineEdit(), QLineEdit()
        self._dates = QFrame()
        self._echo = label(name="reportPeriodEcho", kind="quiet")
        self._wrong = ErrorSummary("reportWrong")
        self._lay_out()
        self._period.activated.connect(self._choose_period)
        self._by.activated.connect(lambda _number: self.changed.emit())
        for field in (self._first, self._last):
            field.returnPressed.connect(self.changed.emit)

    def _lay_out(self) -> None:
        self._first.setObjectName("reportFirst")
        self._last.setObjectName("reportLast")
        self._dates.setObjectName("reportDates")
        show = button(tr("&Show these"), self.changed.emit, name="reportShow", kind="first")
        self._dates.setLayout(
            row(buddy(tr("Fro&m"), self._first), self._first, buddy(tr("t&o"), self._last), self._last, show, None)
        )
        self._dates.hide()
        chosen = row(buddy(tr("&Period"), self._period), self._period, buddy(tr("Split &by"), self._by), self._by, None)
        self.setLayout(column(self._wrong, chosen, self._dates, self._echo, gap=look.TIGHT))

    @property
    def by(self) -> By:
        """What the report is split by."""
        return tuple(_SPLITS)[self._by.currentIndex()]

    def period(self, today: date) -> Period | None:
        """The time chosen, echoed in words; None where what was typed is no period, which is then said."""
        self._wrong.tell(())
        place = self._period.currentIndex()
        found = PERIODS[place][1](today) if place < len(PERIODS) else self._typed(today)
        self._echo.setText(
            tr("{first} to {last}").format(first=day_in_words(found.first), last=day_in_words(found.last))
            if found
            else ""
        )
        return found

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        return self._period

    def _choose_period(self, place: int) -> None:
        two = place == len(PERIODS)
        self._dates.setVisible(two)
        if two:
            self._echo.setText(_HINT)
            self._first.setFocus()
        else:
            self.changed.emit()

    def _typed(self, today: date) -> Period | None:
        days = []
        for field, wrong, missing in (
            (self._first, tr("The first day: {problem}"), tr("Type the first day.")),
            (self._last, tr("The last day: {problem}"), tr("Type the last day.")),
        ):
            try:
                days.append(typed_past_day(field.text(), today))
            except Invalid as error:
                said = wrong.format(problem=error.title) if field.text().strip() else missing
                self._wrong.tell((Wrong(words=said, field=field, advice=error.advice),))
                return None
        try:
            return between(*days)
        except Invalid as error:
            self._wrong.tell((Wrong(words=error.title, field=self._first, advice=error.advice),))
            return None
