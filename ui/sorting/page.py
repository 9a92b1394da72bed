"""Changes to sort out: what two people changed at once, times of a wrong clock, and what the hub did not take."""

from PySide6.QtWidgets import QWidget

from member_tracker.domain.change import RecordKind
from ui.deeds import Deed, Doing
from ui.desk import Desk
from ui.language import tr
from ui.sorting.clashes import ClashesPart
from ui.sorting.reading import ToSortOut, read_to_sort_out
from ui.sorting.refused import RefusedPart
from ui.sorting.wrong_times import WrongTimesPart
from ui.widgets.decisions import DecisionsPage

_EMPTY = tr(
    "There is nothing to sort out.\nWhere two people change the same thing at once, both values are shown here."
)


class SortOutPage(DecisionsPage):
    """Lists clashes with both values side by side, below them wrong times and what was not accepted."""

    kinds = (RecordKind.CONFLICT, RecordKind.ENQUIRY)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self._clashes = ClashesPart(desk)
        parts = (self._clashes, WrongTimesPart(desk), RefusedPart(desk))
        super().__init__(desk, "sortOut", title=tr("Changes to sort out"), empty=_EMPTY, parts=parts, parent=parent)
        desk.hub_stands.connect(lambda _stands: self.refresh())

    def ask(self) -> None:
        """Read what waits to be sorted out."""
        self.desk.ask(read_to_sort_out, owner=self, done=self._show)

    def deeds(self) -> Doing:
        """Ctrl+Z turns the last choice round."""
        return {Deed.UNDO: self._clashes.turn_round}

    def _show(self, found: ToSortOut) -> None:
        self.show_lists(found.clashes, found.times, found.refused)
