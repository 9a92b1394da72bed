"""One resident seen whole: how to reach them and since when that is known, what they need, and all that happened."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from member_tracker.services.lists import EnquiryRow
from member_tracker.services.residents import ResidentView, Word, confirmed_words
from ui import look
from ui.enquiries.columns import about_column, due_column, status_column
from ui.language import tr, tr_count, tr_word
from ui.residents.columns import word_columns
from ui.residents.words import FIELDS, one_line, shown
from ui.table import Page, TableModel
from ui.widgets.announce import announce
from ui.widgets.parts import buddy, button, column, frame, label, row
from ui.widgets.rows_view import RowsView
from ui.widgets.scrolled import Scrolled

_MOST_ROWS = 8
_IN_CARD = tuple(name for name in FIELDS if name not in ("name", "kind"))


class ResidentDetail(QFrame):
    """Asks for a deed on the resident shown; `enquiry_chosen` carries the id of one of their enquiries.

    `compare_wanted` carries the id of somebody who may be the same person, `apart_wanted` that of a merged record.
    """

    confirm_wanted = Signal()
    edit_wanted = Signal()
    log_wanted = Signal()
    merge_wanted = Signal()
    delete_wanted = Signal()
    compare_wanted = Signal(str)
    apart_wanted = Signal(str)
    enquiry_chosen = Signal(str)
    left = Signal()

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self.setObjectName("residentDetail")
        self._view: ResidentView | None = None
        self._back = button(tr("Sho&w the list"), self.left.emit, name="residentBack", icon="back")
        self._name = label(name="residentName", kind="title")
        self._who = label(name="residentWho", kind="quiet")
        self._said = label(name="residentSaid", kind="strong")
        self._confirmed = label(name="residentConfirmed")
        self._consent = label(name="residentConsent")
        self._values = {name: _value(name) for name in _IN_CARD}
        self._alike = label(name="residentAlike")
        self._apart = label(name="residentAbsorbed")
        self._enquiries: TableModel[EnquiryRow] = TableModel((due_column(today), about_column(), status_column()), self)
        self._enquiry_view = RowsView("residentEnquiries", tr("Their enquiries"), quiet=True)
        self._words: TableModel[Word] = TableModel(word_columns(today), self)
        self._word_view = RowsView("residentWords", tr("What was said and written"), quiet=True)
        self._no_enquiries = label(tr("There are none yet."), name="residentNoEnquiries", kind="quiet")
        self._no_words = label(tr("Nothing yet."), name="residentNoWords", kind="quiet")
        self._confirm = button(
            tr("&Confirmed today"),
            self.confirm_wanted.emit,
            name="confirmResident",
            tip=tr("These details are right today"),
        )
        self._log = button(tr("Log for &them…"), self.log_wanted.emit, name="logForResident", kind="first", icon="log")
        self._delete = button(tr("&Delete"), self.delete_wanted.emit, name="deleteResident")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._enquiry_view.show_model(self._enquiries, (23, 0, 27))
        self._enquiry_view.setIconSize(QSize(18, 18))
        self._word_view.show_model(self._words, (16, 27, 0))
        self._back_row = _line(self._back)
        self._alike_box = _hint(
            "residentAlikeBox", self._alike, tr("C&ompare them…"), self._compare, "compareResidents"
        )
        self._apart_box = _hint(
            "residentAbsorbedBox", self._apart, tr("Ta&ke it out again"), self._take_apart, "unmerge"
        )
        edit = button(tr("Ch&ange details…"), self.edit_wanted.emit, name="editResident")
        merge = button(tr("&Merge…"), self.merge_wanted.emit, name="mergeResident", tip=tr("Two records of one person"))
        inside = QFrame()
        inside.setObjectName("residentWhole")
        inside.setLayout(
            column(
                self._back_row,
                self._name,
                self._who,
                self._said,
                self._alike_box,
                self._card(),
                row(self._log, edit, merge, self._delete, None),
                label(tr("Consent"), name="residentConsentHeading", kind="heading"),
                self._consent,
                buddy(tr("Their en&quiries"), self._enquiry_view, kind="heading"),
                self._no_enquiries,
                self._enquiry_view,
                buddy(tr("What was &said and written"), self._word_view, kind="heading"),
                self._no_words,
                self._word_view,
                self._apart_box,
                None,
            )
        )
        self.setLayout(column(Scrolled(inside)))

    def _card(self) -> QFrame:
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.ROOM)
        grid.setVerticalSpacing(look.TIGHT)
        for number, (name, value) in enumerate(self._values.items()):
            grid.addWidget(label(FIELDS[name], name=f"{value.objectName()}Heading", kind="quiet"), number, 0)
            grid.addWidget(value, number, 1)
        grid.setColumnStretch(1, 1)
        card = frame("card", name="residentCard")
        below = row(self._confirmed, self._confirm)
        below.setStretch(0, 1)
        card.setLayout(column(grid, below, margin=look.ROOM - look.TIGHT))
        return card

    def _connect(self) -> None:
        self._enquiry_view.row_chosen.connect(lambda number: self._choose(self._enquiries, number))
        self._word_view.row_chosen.connect(lambda number: self._choose(self._words, number))

    @property
    def view(self) -> ResidentView | None:
        """The resident who is shown; None where nobody is."""
        return self._view

    @property
    def first(self) -> QWidget:
        """Where the keyboard goes."""
        return self._log

    def show_back(self, *, shown: bool) -> None:
        """Offer the way back to the list where the list is hidden."""
        self._back_row.setVisible(shown)

    def show_view(self, view: ResidentView) -> None:
        """Show a resident that was read."""
        if self._view is None or self._view.resident.id != view.resident.id:
            self.say("")
        self._view = view
        resident = view.resident
        self._name.setText(resident.name)
        self._who.setText(
            tr("{kind} · in the casework of {councillor}").format(
                kind=tr_word(resident.kind), councillor=view.councillor
            )
        )
        for name, value in self._values.items():
            value.setText(shown(resident, name) or tr("not known"))
        self._confirmed.setText(confirmed_words(resident.confirmed_on))
        self._consent.setText(view.consent)
        self._show_alike(view)
        self._delete.setEnabled(not view.enquiries)
        self._delete.setToolTip(tr("Somebody with enquiries is not deleted") if view.enquiries else "")
        _fill(self._enquiries, self._enquiry_view, self._no_enquiries, view.enquiries)
        _fill(self._words, self._word_view, self._no_words, view.words)

    def say(self, words: str) -> None:
        """Say what was done."""
        self._said.setText(words)
        self._said.setVisible(bool(words))
        if words:
            announce(self, words)

    def _show_alike(self, view: ResidentView) -> None:
        self._alike_box.setVisible(bool(view.alike))
        if view.alike:
            others = len(view.alike) - 1
            more = tr_count(" There is {n} more.", " There are {n} more.", others).format(n=others)
            first = view.alike[0]
            self._alike.setText(
                tr("This may be the same person: {resident} ({why}).{more}").format(
                    resident=one_line(first.resident), why=first.why, more=more if others else ""
                )
            )
        self._apart_box.setVisible(bool(view.absorbed))
        if view.absorbed:
            self._apart.setText(
                tr("Another record was merged into this one: {absorbed}.").format(absorbed=one_line(view.absorbed[-1]))
            )

    def _compare(self) -> None:
        if self._view is not None and self._view.alike:
            self.compare_wanted.emit(self._view.alike[0].resident.id)

    def _take_apart(self) -> None:
        if self._view is not None and self._view.absorbed:
            self.apart_wanted.emit(self._view.absorbed[-1].id)

    def _choose(self, model: "TableModel[EnquiryRow] | TableModel[Word]", number: int) -> None:
        chosen = model.row(number)
        if chosen is not None:
            self.enquiry_chosen.emit(chosen.id if isinstance(chosen, EnquiryRow) else chosen.enquiry_id)


def _fill(
    model: "TableModel[EnquiryRow] | TableModel[Word]", view: RowsView, nothing: QLabel, rows: Sequence[object]
) -> None:
    at = max(0, view.currentIndex().row())
    model.show([Page(rows=tuple(rows))])  # type: ignore[arg-type]  # each model is given rows of its own
    nothing.setVisible(not rows)
    view.setVisible(bool(rows))
    if rows:
        view.fit(_MOST_ROWS)
        view.go_to(min(at, len(rows) - 1))


def _value(name: str) -> QLabel:
    made = label(name=f"resident{name.title().replace('_', '')}")
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def _hint(name: str, words: QLabel, text: str, pressed: Callable[[], None], deed: str) -> QFrame:
    box = frame("hint", name=name)
    layout = row(words, button(text, pressed, name=deed), margin=look.GAP)
    layout.setStretch(0, 1)
    box.setLayout(layout)
    box.hide()
    return box


def _line(part: QWidget) -> QWidget:
    made = QWidget()
    made.setLayout(row(part, None))
    return made
