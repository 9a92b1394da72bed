"""Closure days: those there are, and before one is added which open enquiries would be due on other days."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFormLayout, QFrame, QLineEdit, QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.recount import WouldChange
from member_tracker.domain.working_time import ClosureDay
from member_tracker.services.closing_days import Changes, add_closure_day, closure_days, would_change
from ui import look
from ui.desk import Desk
from ui.language import tr, tr_count
from ui.table import Column, TableModel
from ui.table import Page as RowsPage
from ui.typed_dates import typed_day
from ui.widgets.announce import announce
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.page import Page
from ui.widgets.parts import buddy, button, column, empty, label, row
from ui.widgets.rows_view import RowsView
from ui.widgets.scrolled import Scrolled
from ui.words import day_in_words

_TYPING_MS = 300
_MOST_ROWS = 8
_WHY = tr("Days the council is shut beside weekends and bank holidays. No working day is counted on them.")


class ClosuresPage(Page):
    """Lists closure days and adds one, with what would change said before."""

    kinds = (RecordKind.COUNCIL,)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "closuresPage", parent)
        self._said = label(name="closureSaid", kind="strong")
        self._days: TableModel[ClosureDay] = TableModel(_day_columns(), self)
        self._view = RowsView("closureDays", tr("Closure days"), quiet=True, wrap=True)
        self._nothing = label(tr("There are none yet."), name="closuresEmpty", kind="quiet")
        self._changes: TableModel[WouldChange] = TableModel(_change_columns(), self)
        self._preview = RowsView("wouldChange", tr("What would change"), quiet=True, wrap=True)
        self._effect = label(name="closureEffect")
        self._summary = ErrorSummary("closureErrors")
        self._day = QLineEdit()
        self._reason = QLineEdit()
        self._typing = QTimer(self)
        self._lay_out()
        self._day.textChanged.connect(lambda _text: self._typing.start())
        self._typing.timeout.connect(self._look_ahead)

    def _lay_out(self) -> None:
        self._view.show_model(self._days, (37, 0))
        self._preview.show_model(self._changes, (0,))
        for field, name, example in (
            (self._day, "closureDay", tr("24 dec or 24/12/2026")),
            (self._reason, "closureReason", tr("Christmas shutdown")),
        ):
            field.setObjectName(name)
            field.setPlaceholderText(example)
            field.setMaximumWidth(look.FIELD_WIDTH)
            field.returnPressed.connect(self._add)
        form = QFormLayout()
        form.setHorizontalSpacing(look.ROOM)
        form.addRow(buddy(tr("&Day"), self._day), self._day)
        form.addRow(buddy(tr("&Why the council is shut"), self._reason), self._reason)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._said.hide()
        self._preview.hide()
        self._heading = buddy(tr("What would &change"), self._preview, kind="heading")
        self._heading.hide()
        add = button(tr("&Add this day"), self._add, name="addClosure", kind="first")
        back = button(tr("&Back"), self.left.emit, name="closuresBack", tip="Esc")
        inside = QFrame()
        inside.setObjectName("closures")
        inside.setLayout(
            column(
                label(tr("Closure days"), name="closuresTitle", kind="title"),
                self._said,
                label(_WHY, name="closuresWhy"),
                buddy(tr("The days there a&re"), self._view, kind="heading"),
                self._nothing,
                self._view,
                label(tr("Add one"), name="closureAddHeading", kind="heading"),
                self._summary,
                form,
                self._effect,
                self._heading,
                self._preview,
                row(add, back, None),
                None,
            )
        )
        self.setLayout(column(Scrolled(inside)))

    def ask(self) -> None:
        """Read the closure days."""
        self.desk.ask(closure_days, owner=self, done=self._show)

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._view, self._day]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the day to add."""
        super().focusInEvent(event)
        self._day.setFocus(event.reason())

    def _show(self, days: Sequence[ClosureDay]) -> None:
        self._days.show([RowsPage(rows=tuple(days))])
        self._nothing.setVisible(not days)
        self._view.setVisible(bool(days))
        if days:
            self._view.fit(_MOST_ROWS)
            self._view.go_to(len(days) - 1)

    def _typed(self) -> date:
        return typed_day(self._day.text(), local_date(self.desk.now()))

    def _look_ahead(self) -> None:
        """Say what was understood and which enquiries would be due on other days."""
        if not self._day.text().strip():
            self._show_effect((), "")
            return
        try:
            on = self._typed()
        except TrackerError as error:
            self._show_effect((), str(error))
            return

        def show(changes: tuple[WouldChange, ...]) -> None:
            count = len(changes)
            moved = tr_count(
                "{n} promise of open enquiries would move.", "{n} promises of open enquiries would move.", count
            )
            effect = moved.format(n=count) if count else tr("No open enquiry would change.")
            self._show_effect(changes, f"{day_in_words(on)}. {effect}")

        self.desk.ask(
            lambda app: would_change(app, closed_on=on),
            owner=self,
            done=show,
            failed=lambda error: self._show_effect((), str(error)),
        )

    def _show_effect(self, changes: tuple[WouldChange, ...], words: str) -> None:
        self._effect.setText(words)
        self._changes.show([RowsPage(rows=changes)])
        self._preview.setVisible(bool(changes))
        self._heading.setVisible(bool(changes))
        if changes:
            self._preview.fit(_MOST_ROWS)
            self._preview.go_to(0)

    def _add(self) -> None:
        try:
            on = self._typed()
        except TrackerError as error:
            self._summary.tell([Wrong(words=error.title, advice=error.advice, field=self._day)])
            return
        reason = self._reason.text()

        def done(changes: Changes) -> None:
            self._summary.tell(())
            empty(self._day, self._reason)
            count = len(changes.changes)
            moved = tr_count("{n} due day has moved.", "{n} due days have moved.", count).format(n=count)
            shut = tr("The council is shut on {day}.").format(day=day_in_words(on))
            self._said.setText(f"{shut} {moved}" if count else shut)
            self._said.show()
            announce(self, self._said.text())
            self._show(changes.closure_days)

        def refuse(error: TrackerError) -> None:
            field = self._reason if "reason" in error.title else self._day
            self._summary.tell([Wrong(words=error.title, advice=error.advice, field=field)])

        self.desk.ask(lambda app: add_closure_day(app, on, reason, agreed=True), owner=self, done=done, failed=refuse)


def _day_columns() -> tuple[Column[ClosureDay], ...]:
    return (
        Column(heading=tr("Day"), words=lambda day: day_in_words(day.on)),
        Column(heading=tr("Why"), words=lambda day: day.reason),
    )


def _change_columns() -> tuple[Column[WouldChange], ...]:
    return (Column(heading=tr("Open enquiry"), words=lambda change: change.words),)
