"""Changes to sort out: both values of a field that two people changed at once, and one key says which stands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import TrackerError
from member_tracker.services.conflicts import Choice, settle
from ui import look
from ui.desk import Desk
from ui.sorting.reading import ShownClash, ToSortOut, read_to_sort_out
from ui.sorting.refused import RefusedPart
from ui.table import Column, TableModel
from ui.table import Page as RowsPage
from ui.widgets.announce import announce
from ui.widgets.focus import holds_focus
from ui.widgets.page import Page
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.rows_view import RowsView
from ui.words import short_moment

if TYPE_CHECKING:
    from member_tracker.app import App

_MOST_ROWS = 6
_WIDTHS = (220, 110, 0, 0)
_WHY = (
    "Two people changed the same field, neither having seen what the other wrote. Both values are kept until somebody "
    "says which stands."
)
_EMPTY = "There is nothing to sort out.\nWhere two people change the same thing at once, both values are shown here."
_SAID = {Choice.KEPT: "what stands stays", Choice.LOST: "the other value stands now"}
_TURNED = {Choice.KEPT: Choice.LOST, Choice.LOST: Choice.KEPT}


class SortOutPage(Page):
    """Lists clashes with both values side by side, and below them what was not accepted. `left`: somebody goes back."""

    kinds = (RecordKind.CONFLICT, RecordKind.ENQUIRY)
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "sortOutPage", parent)
        self._settling = False
        self._last: tuple[ShownClash, Choice] | None = None
        self._model: TableModel[ShownClash] = TableModel(self._columns(), self)
        self._view = RowsView("clashList", "Changes by two people", quiet=True, wrap=True)
        self._view.show_model(self._model, _WIDTHS)
        self._why = label(_WHY, name="clashWhy")
        self._heading = buddy("Changed b&y two people", self._view, kind="heading")
        self._empty = label(_EMPTY, name="sortOutEmpty", kind="quiet")
        self._said = label(name="sortOutSaid", kind="heading")
        self._keep = button("Keep &what stands", lambda: self._settle(Choice.KEPT), name="keepWhatStands", kind="first")
        self._take = button("&Take the other", lambda: self._settle(Choice.LOST), name="takeTheOther")
        self._back = button("&Back", self.left.emit, name="sortOutBack", tip="Esc")
        self._refused = RefusedPart(desk, self._say, self.ask)
        self._said.hide()
        self.setLayout(
            column(
                label("Changes to sort out", name="sortOutTitle", kind="title"),
                self._said,
                self._empty,
                self._heading,
                self._why,
                self._view,
                row(self._keep, self._take, None),
                self._refused,
                row(self._back, None),
                None,
                margin=look.ROOM,
                gap=look.GAP + look.TIGHT,
            )
        )
        self._show(ToSortOut())
        desk.hub_stands.connect(lambda _stands: self.refresh())

    def ask(self) -> None:
        """Read what waits to be sorted out."""
        self.desk.ask(read_to_sort_out, owner=self, done=self._show)

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._view, self._refused.view]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the first list there is."""
        super().focusInEvent(event)
        self._first_part().setFocus(event.reason())

    def undo(self) -> None:
        """Turn the last choice round: the value that was not chosen stands."""
        if self._last is not None:
            clash, choice = self._last
            self._have_settled(clash, _TURNED[choice])

    def _first_part(self) -> QWidget:
        parts = (self._view, self._refused.view)
        return next((part for part in parts if part.isVisibleTo(self)), self._back)

    def _show(self, found: ToSortOut) -> None:
        """Show these; the place of the one settled last is taken by the next."""
        had_focus = holds_focus(self)
        self._show_clashes(found.clashes)
        self._refused.show_refused(found.refused)
        self._empty.setVisible(not found.clashes and not found.refused)
        if had_focus and self.isVisible() and not holds_focus(self):
            self._first_part().setFocus()

    def _show_clashes(self, clashes: Sequence[ShownClash]) -> None:
        at = max(0, self._view.currentIndex().row())
        held = holds_focus(self._view) or self._keep.hasFocus() or self._take.hasFocus()
        self._model.show([RowsPage(rows=tuple(clashes))])
        for part in (self._heading, self._why, self._view, self._keep, self._take):
            part.setVisible(bool(clashes))
        if clashes:
            self._view.fit(_MOST_ROWS)
            self._view.go_to(min(at, len(clashes) - 1))
        if held:
            self._first_part().setFocus()

    def _settle(self, choice: Choice) -> None:
        """One press is one deed."""
        index = self._view.currentIndex()
        clash = self._model.row(index.row()) if index.isValid() else None
        if clash is not None:
            self._have_settled(clash, choice)

    def _have_settled(self, clash: ShownClash, choice: Choice) -> None:
        if self._settling:
            return
        self._settling = True

        def deed(app: "App") -> None:
            settle(app, clash.id, choice)

        def done(_settled: None) -> None:
            self._settling = False
            self._last = (clash, choice)
            self._say(f"{clash.about}: {_SAID[choice]}. Ctrl+Z turns it round.")
            self.ask()

        def refuse(error: TrackerError) -> None:
            self._settling = False
            self.desk.jobs.refused.emit(error)
            self.ask()

        self.desk.ask(deed, owner=self, done=done, failed=refuse)

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.show()
        announce(self, words)

    def _columns(self) -> tuple[Column[ShownClash], ...]:
        def other(clash: ShownClash) -> str:
            when = short_moment(clash.at, local_date(self.desk.now()))
            return f"{clash.other}\nby {clash.by}, {when}"

        def spoken(clash: ShownClash) -> str:
            return f"{clash.about}, {clash.field}. Stands: {clash.stands}. The other: {other(clash)}"

        return (
            Column(heading="Enquiry or record", words=lambda clash: clash.about, spoken=spoken),
            Column(heading="Field", words=lambda clash: clash.field),
            Column(heading="What stands", words=lambda clash: clash.stands),
            Column(heading="The other", words=other),
        )
