"""What a list is narrowed to and sorted by, behind one button: the choices stay as they are until they are changed."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QGridLayout, QSizePolicy

from member_tracker.domain.vocabulary import Status
from member_tracker.services.lists import Choices, ListView, Order, choices
from ui import look
from ui.desk import Desk
from ui.enquiries.list_columns import ORDER_WORDS
from ui.language import tr, tr_count, tr_word
from ui.widgets.parts import buddy, button

_ANY = {"councillor_id": tr("Any councillor"), "service_area_id": tr("Any service area"), "ward_id": tr("Any ward")}


class Filters(QFrame):
    """Says how a list is shown; `chosen` carries another way (a `ListView`), `opener` is the button that unfolds it."""

    chosen = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("listFilters")
        self._desk = desk
        self._view = ListView()
        self._choices: Choices | None = None
        self.opener = button(tr("Filter or sort… (&K)"), self._fold, name="filterButton")
        self.opener.setCheckable(True)
        self._order = _combo("filterOrder")
        self._councillor = _combo("filterCouncillor")
        self._area = _combo("filterArea")
        self._ward = _combo("filterWard")
        self._status = _combo("filterStatus")
        self._late = QCheckBox(tr("Only what is overdue (&6)"))
        self._late.setObjectName("filterLate")
        self._all = button(tr("Show all again (&7)"), self._take_away, name="filterAll", kind="link")
        self._lay_out()
        for field in (self._order, self._councillor, self._area, self._ward, self._status):
            field.activated.connect(lambda _index: self._say())
        self._late.clicked.connect(lambda _on: self._say())
        self.hide()

    def _lay_out(self) -> None:
        layout = QGridLayout()
        layout.setContentsMargins(0, 0, 0, look.TIGHT)
        layout.setSpacing(look.TIGHT)
        fields = (
            (tr("Sort by (&1)"), self._order),
            (tr("Councillor (&2)"), self._councillor),
            (tr("Service area (&3)"), self._area),
            (tr("Ward (&4)"), self._ward),
            (tr("Status (&5)"), self._status),
        )
        for number, (words, field) in enumerate(fields):
            layout.addWidget(buddy(words, field), number // 2, number % 2 * 2)
            layout.addWidget(field, number // 2, number % 2 * 2 + 1)
        layout.addWidget(self._late, 2, 2, 1, 2)
        layout.addWidget(self._all, 3, 1, 1, 3)
        layout.setColumnStretch(1, 1)
        layout.setColumnStretch(3, 1)
        self.setLayout(layout)

    def show_view(self, view: ListView, order: Order) -> None:
        """Show how the list is shown now."""
        self._view = replace(view, order=order)
        chosen = tr_count("Filter or sort… ({n} chosen) (&K)", "Filter or sort… ({n} chosen) (&K)", view.terms)
        self.opener.setText(chosen.format(n=view.terms) if view.terms else tr("Filter or sort… (&K)"))
        self._all.setVisible(bool(view.terms))
        if self.isVisible() and self._choices is not None:
            self._fill(self._choices)

    def _fold(self) -> None:
        self.setVisible(self.opener.isChecked())
        if self.opener.isChecked():
            self._desk.ask(choices, owner=self, done=self._fill)
            self._order.setFocus()

    def _fill(self, offered: Choices) -> None:
        self._choices = offered
        view = self._view
        _offer(self._order, [(order.value, words) for order, words in ORDER_WORDS.items()], view.order)
        for field, name, pairs in (
            (self._councillor, "councillor_id", offered.councillors),
            (self._area, "service_area_id", offered.service_areas),
            (self._ward, "ward_id", offered.wards),
        ):
            _offer(field, [("", _ANY[name]), *pairs], getattr(view, name))
        self._ward.setEnabled(bool(offered.wards))
        _offer(self._status, [("", tr("Any status")), *((each.value, tr_word(each)) for each in Status)], view.status)
        self._late.setChecked(view.late)

    def _take_away(self) -> None:
        self.chosen.emit(ListView(order=self._view.order))

    def _say(self) -> None:
        status = self._status.currentData()
        self.chosen.emit(
            ListView(
                order=Order(self._order.currentData()),
                councillor_id=self._councillor.currentData() or None,
                service_area_id=self._area.currentData() or None,
                ward_id=self._ward.currentData() or None,
                status=Status(status) if status else None,
                late=self._late.isChecked(),
            )
        )


def _combo(name: str) -> QComboBox:
    made = QComboBox()
    made.setObjectName(name)
    made.setMinimumContentsLength(8)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return made


def _offer(field: QComboBox, pairs: list[tuple[str, str]], chosen: str | None) -> None:
    field.clear()
    for value, words in pairs:
        field.addItem(words, value)
    field.setCurrentIndex(max(0, field.findData(str(chosen) if chosen else "")))
