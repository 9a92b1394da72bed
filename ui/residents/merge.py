"""Two records of one resident side by side: field by field it is chosen which value stands."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from member_tracker.domain.people import Resident
from member_tracker.domain.resident_merge import ContactDetails
from member_tracker.domain.values import with_fields
from member_tracker.services.residents import ResidentView, details_of
from ui import look
from ui.language import tr, tr_count
from ui.residents.columns import SideBySide, side_columns
from ui.residents.words import FIELDS, shown
from ui.table import Page, TableModel
from ui.widgets.announce import announce
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.rows_view import RowsView
from ui.widgets.scrolled import Scrolled

_WHY = tr(
    "Enter on a line takes the other value. All enquiries go over to this record. Where the two agreed to different "
    "things, the narrower consent stands. It can be undone."
)


class MergeForm(QFrame):
    """`wanted` carries the details chosen; `left` says that the two stay apart."""

    wanted = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("mergeForm")
        self._mine: Resident | None = None
        self._theirs: Resident | None = None
        self._rows: tuple[SideBySide, ...] = ()
        self._title = label(tr("Are these the same person?"), name="mergeTitle", kind="title")
        self._moving = label(name="mergeMoving")
        self._model: TableModel[SideBySide] = TableModel(side_columns(), self)
        self.view = RowsView("mergeFields", tr("Both records, field by field"), wrap=True)
        self._lay_out()
        self.view.row_chosen.connect(self._turn)

    def _lay_out(self) -> None:
        self.view.show_model(self._model, (14, 0, 0, 0))
        merge = button(tr("&Merge them"), self._merge, name="mergeNow", kind="first")
        stop = button(tr("&Keep them apart"), self.left.emit, name="mergeStop", tip="Esc")
        inside = QFrame()
        inside.setObjectName("mergeInside")
        inside.setLayout(
            column(
                self._title,
                self._moving,
                buddy(tr("&Both records, field by field"), self.view, kind="heading"),
                self.view,
                label(_WHY, name="mergeWhy", kind="quiet"),
                row(merge, stop, None),
                None,
                gap=look.GAP + look.TIGHT,
            )
        )
        self.setLayout(column(Scrolled(inside)))

    @property
    def other_id(self) -> str | None:
        """The record that goes into the other; None before two are shown."""
        return self._theirs.id if self._theirs else None

    @property
    def first(self) -> QWidget:
        """Where the keyboard goes."""
        return self.view

    def begin(self, mine: ResidentView, theirs: ResidentView) -> None:
        """Show both; what only one of them knows stands, and else what was confirmed later."""
        self._mine, self._theirs = mine.resident, theirs.resident
        count = len(theirs.enquiries)
        moving = tr_count("One enquiry goes over to this record.", "{n} enquiries go over to this record.", count)
        self._moving.setText(moving.format(n=count) if count else tr("No enquiries go over to this record."))
        newer = (theirs.resident.confirmed_on or mine.resident.confirmed_on) != mine.resident.confirmed_on and (
            mine.resident.confirmed_on is None
            or (theirs.resident.confirmed_on is not None and theirs.resident.confirmed_on > mine.resident.confirmed_on)
        )
        self._rows = tuple(_side(name, mine.resident, theirs.resident, newer=newer) for name in FIELDS)
        self._show()
        self.view.go_to(next((number for number, each in enumerate(self._rows) if each.differs), 0))

    def _turn(self, number: int) -> None:
        """Take the other value of a field that differs."""
        chosen = self._rows[number]
        if chosen.differs:
            turned = replace(chosen, takes_theirs=not chosen.takes_theirs)
            self._rows = (*self._rows[:number], turned, *self._rows[number + 1 :])
            self._show()
            self.view.go_to(number)
            announce(self, f"{turned.what}: {turned.stands or tr('nothing')}")

    def _show(self) -> None:
        self._model.show([Page(rows=self._rows)])
        self.view.fit(len(self._rows))

    def _merge(self) -> None:
        if self._mine is not None and self._theirs is not None:
            self.wanted.emit(self._chosen(self._mine, self._theirs))

    def _chosen(self, mine: Resident, theirs: Resident) -> ContactDetails:
        """The details as chosen; they count as confirmed on the day of the record that most of them come from."""
        taken = {each.name: getattr(theirs, each.name) for each in self._rows if each.takes_theirs and each.differs}
        differing = [each for each in self._rows if each.differs]
        mostly_theirs = sum(each.takes_theirs for each in differing) * 2 > len(differing)
        on = theirs.confirmed_on if mostly_theirs else mine.confirmed_on
        return with_fields(details_of(mine), {**taken, "confirmed_on": on})


def _side(name: str, mine: Resident, theirs: Resident, *, newer: bool) -> SideBySide:
    both = shown(mine, name), shown(theirs, name)
    return SideBySide(
        name=name,
        what=FIELDS[name],
        mine=both[0],
        theirs=both[1],
        takes_theirs=bool(both[1]) and (not both[0] or (newer and both[0] != both[1])),
    )
