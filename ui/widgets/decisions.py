"""Lists in which one thing after another is decided on, each by one press, and a page of such lists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QWidget

from member_tracker.domain.errors import TrackerError
from ui import look
from ui.desk import Desk
from ui.language import tr
from ui.table import Column, TableModel
from ui.table import Page as RowsPage
from ui.widgets.announce import announce
from ui.widgets.focus import holds_focus
from ui.widgets.page import Page
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.rows_view import RowsView
from ui.widgets.scrolled import Scrolled

if TYPE_CHECKING:
    from member_tracker.app import App

Row = TypeVar("Row")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Generic[Row]):
    """The words and the columns of a list; `most` is how many rows are seen at once."""

    name: str
    heading: str
    spoken: str
    why: str
    columns: tuple[Column[Row], ...]
    letters: tuple[int, ...]
    most: int


class Decisions(QWidget, Generic[Row]):
    """A heading, why it is there, the table, and the deeds for the row chosen.

    `said` carries in words what was done, `stale` asks for the rows to be read again.
    """

    said = Signal(str)
    stale = Signal()

    def __init__(self, desk: Desk, listed: Listed[Row]) -> None:
        super().__init__()
        self.setObjectName(f"{listed.name}Part")
        self._desk = desk
        self._most = listed.most
        self._deciding = False
        self._model: TableModel[Row] = TableModel(listed.columns, self)
        self.view = RowsView(f"{listed.name}List", listed.spoken, quiet=True, wrap=True)
        self.view.show_model(self._model, listed.letters)
        heading = buddy(listed.heading, self.view, kind="heading")
        why = label(listed.why, name=f"{listed.name}Why")
        self._deeds = row(None)
        self.setLayout(column(heading, why, self.view, self._deeds, gap=look.GAP + look.TIGHT))
        self.hide()

    def offer(self, *buttons: QWidget) -> None:
        """Put these below the list, in this order."""
        for place, each in enumerate(buttons):
            self._deeds.insertWidget(place, each)

    @property
    def chosen(self) -> Row | None:
        """The row the keyboard is on; None where there is none."""
        index = self.view.currentIndex()
        return self._model.row(index.row()) if index.isValid() else None

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these; the place of the one decided last is taken by the next, and keeps the keyboard."""
        at = max(0, self.view.currentIndex().row())
        held = holds_focus(self)
        self._model.show([RowsPage(rows=tuple(rows))])
        self.setVisible(bool(rows))
        if rows:
            self.view.fit(self._most)
            self.view.go_to(min(at, len(rows) - 1))
            if held:
                self.view.setFocus()

    def decide(self, deed: "Callable[[App], T]", words: Callable[[T], str]) -> None:
        """Have a deed done and say it in words; until then another press does nothing."""
        if self._deciding:
            return
        self._deciding = True

        def done(what: T) -> None:
            self._deciding = False
            self.said.emit(words(what))
            self.stale.emit()

        def refuse(error: TrackerError) -> None:
            self._deciding = False
            self._desk.jobs.refused.emit(error)
            self.stale.emit()

        self._desk.ask(deed, owner=self, done=done, failed=refuse)


class DecisionsPage(Page):
    """Shows lists of what waits for a decision, one above the other; `left` says that somebody goes back."""

    left = Signal()

    def __init__(
        self,
        desk: Desk,
        name: str,
        *,
        title: str,
        empty: str,
        parts: "Sequence[Decisions[Any]]",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, f"{name}Page", parent)
        self._parts = tuple(parts)
        self._empty = label(empty, name=f"{name}Empty", kind="quiet")
        self._said = label(name=f"{name}Said", kind="heading")
        self._back = button(tr("&Back"), self.left.emit, name=f"{name}Back", tip="Esc")
        self._said.hide()
        heading = label(title, name=f"{name}Title", kind="title")
        whole = QFrame()
        whole.setObjectName(name)
        whole.setLayout(
            column(heading, self._said, self._empty, *parts, row(self._back, None), None, gap=look.GAP + look.TIGHT)
        )
        self.setLayout(column(Scrolled(whole)))
        for part in parts:
            part.said.connect(self.say)
            part.stale.connect(self.ask)

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [part.view for part in self._parts]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the first list there is."""
        super().focusInEvent(event)
        self._first().setFocus(event.reason())

    def show_lists(self, *lists: Sequence[object]) -> None:
        """Show what each of the lists holds now; nothing that is hidden keeps the keyboard."""
        held = [part for part in self._parts if holds_focus(part)]
        was_here, was_empty = holds_focus(self), not self._empty.isHidden()
        for part, rows in zip(self._parts, lists, strict=True):
            part.show_rows(rows)
        self._empty.setVisible(not any(lists))
        is_lost = any(part.isHidden() for part in held) or not holds_focus(self)
        if was_here and (is_lost or was_empty) and self.isVisible():
            self._first().setFocus()

    def say(self, words: str) -> None:
        """Say what was done."""
        self._said.setText(words)
        self._said.show()
        announce(self, words)

    def _first(self) -> QWidget:
        return next((part.view for part in self._parts if not part.isHidden()), self._back)
