"""The charter: the sets of standards of one's council, each promise with where it is written; only to be read."""

import re
from collections.abc import Sequence

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.services.charter_ledger import CharterPage, Promise, charters_here
from ui.desk import Desk
from ui.language import tr
from ui.table import Column, TableModel
from ui.table import Page as RowsPage
from ui.widgets.page import Page
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.rows_view import RowsView
from ui.widgets.scrolled import Scrolled

_MOST_SETS, _MOST_PROMISES = 5, 12
_FILE = re.compile(r"\b\w+\.txt,? ")
_WHY = tr(
    "An enquiry is judged by the set in force on the day it came in. Each figure is as the council published it; it is "
    "not changed here."
)
_EMPTY = tr("No charter of your council is known here.\nEnquiries are kept without due dates until one is.")


class CharterSettings(Page):
    """Shows the sets, and the promises of the one chosen."""

    kinds = (RecordKind.COUNCIL,)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "charterPage", parent)
        self._sets: TableModel[CharterPage] = TableModel(_set_columns(), self)
        self._view = RowsView("charterSets", tr("Sets of standards"), wrap=True)
        self._promises: TableModel[Promise] = TableModel(_promise_columns(), self)
        self._ledger = RowsView("charterPromises", tr("Promises"), quiet=True, wrap=True)
        self._heading = buddy(tr("&Promises"), self._ledger, kind="heading")
        self._empty = label(_EMPTY, name="charterEmpty", kind="quiet")
        self._lay_out()
        self._view.row_current.connect(self._choose)

    def _lay_out(self) -> None:
        self._view.show_model(self._sets, (0, 47, 14))
        self._ledger.show_model(self._promises, (0, 21, 21, 0))
        back = button(tr("&Back"), self.left.emit, name="charterBack", tip="Esc")
        inside = QFrame()
        inside.setObjectName("charter")
        inside.setLayout(
            column(
                label(tr("Charter"), name="charterTitle", kind="title"),
                label(_WHY, name="charterWhy"),
                self._empty,
                buddy(tr("&Sets of standards"), self._view, kind="heading"),
                self._view,
                self._heading,
                self._ledger,
                row(back, None),
                None,
            )
        )
        self.setLayout(column(Scrolled(inside)))

    def ask(self) -> None:
        """Read the sets."""
        self.desk.ask(charters_here, owner=self, done=self._show)

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._view, self._ledger]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the sets."""
        super().focusInEvent(event)
        self._view.setFocus(event.reason())

    def _show(self, found: Sequence[CharterPage]) -> None:
        self._sets.show([RowsPage(rows=tuple(found))])
        self._empty.setVisible(not found)
        for part in (self._view, self._heading, self._ledger):
            part.setVisible(bool(found))
        if found:
            self._view.fit(_MOST_SETS)
            self._view.go_to(0)
            self._choose(0)

    def _choose(self, number: int) -> None:
        chosen = self._sets.row(number)
        if chosen is not None:
            self._heading.setText(tr("&Promises of {chosen}").format(chosen=chosen.title.replace("&", "&&")))
            self._promises.show([RowsPage(rows=chosen.promises)])
            if chosen.promises:
                self._ledger.fit(_MOST_PROMISES)
                self._ledger.go_to(0)


def _set_columns() -> tuple[Column[CharterPage], ...]:
    return (
        Column(heading=tr("Set"), words=lambda page: page.title),
        Column(heading=tr("Counts"), words=lambda page: page.dates),
        Column(heading=tr("Today"), words=lambda page: tr("in force") if page.is_in_force else tr("not in force")),
    )


def _promise_columns() -> tuple[Column[Promise], ...]:
    return (
        Column(heading=tr("Contact"), words=lambda promise: promise.contact),
        Column(heading=tr("Acknowledged in"), words=lambda promise: promise.acknowledge or tr("no standard")),
        Column(heading=tr("Answered in"), words=lambda promise: promise.respond or tr("no standard")),
        Column(heading=tr("Where it is written"), words=lambda promise: where_written(promise.source)),
    )


def where_written(source: str) -> str:
    """The place in the council's document, without the name of the file that it was read from."""
    place = _FILE.sub("", source).replace("para ", "paragraph ").replace(tr("App. "), "appendix ")
    return place[:1].upper() + place[1:]
