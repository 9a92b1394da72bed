"""The left of the window: log an enquiry, and the places to go with how much waits in each."""

from collections.abc import Mapping
from functools import cache

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap, QResizeEvent, QShowEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui import look
from ui.language import tr
from ui.places import Place, places, sign_of
from ui.widgets.parts import buddy, button, column, label

_PRACTICE = tr("Practice data: everything here is made up, and no mail leaves this computer.")
_PRACTICE_SHORT = tr("Practice data: all made up.")
_ICON = QSize(18, 18)
_COUNT = Qt.ItemDataRole.UserRole + 1


class Navigation(QWidget):
    """Says where somebody wants to go: `gone_to` carries the place."""

    gone_to = Signal(object)
    log_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navigation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(look.scaled(look.NAV_WIDTH))
        self._name = label("Member Tracker", name="programName")
        self._log = button(tr("&Log an enquiry"), self.log_wanted.emit, name="logButton", kind="first", tip="Ctrl+N")
        self._log.setIconSize(_ICON)
        self._log.setIcon(_room())
        self.places = _places_view()
        self._items = _items(self.places)
        self._practice = label(name="practiceNote", kind="quiet")
        self._practice.hide()
        layout = column(
            self._name,
            self._log,
            buddy(tr("&Go to"), self.places, kind="quiet"),
            self.places,
            self._practice,
            margin=look.ROOM - 2,
        )
        layout.insertStretch(4, 1)
        self._to_sort_out = 0
        self._hide_or_show()
        self.setLayout(layout)
        self.places.selectionModel().currentChanged.connect(self._went)

    @property
    def place(self) -> Place:
        """Where the window is."""
        return places()[max(0, self.places.currentIndex().row())]

    def go_to(self, place: Place) -> None:
        """Go to a place; being there already, go to it again."""
        index = self._items[place].index()
        if self.places.currentIndex() == index:
            self.gone_to.emit(place)
        else:
            self.places.setCurrentIndex(index)

    def show_place(self, place: Place) -> None:
        """Mark a place as the one shown, without going there."""
        self.blockSignals(True)
        self.places.setCurrentIndex(self._items[place].index())
        self.blockSignals(False)

    def show_counts(self, counts: Mapping[Place, int]) -> None:
        """Show beside each place how much waits there."""
        for place, count in counts.items():
            item = self._items[place]
            item.setData(str(count) if count else "", _COUNT)
            item.setData(f"{sign_of(place).name}, {count}", Qt.ItemDataRole.AccessibleTextRole)

    def offer_sorting_out(self, waiting: int) -> None:
        """Changes to sort out are a place only while there are some, or somebody is there."""
        self._to_sort_out = waiting
        self.show_counts({Place.SORT_OUT: waiting})
        self._hide_or_show()

    def show_practice(self, *, practice: bool) -> None:
        """Say that the data is made up."""
        self._practice.setText(_PRACTICE)
        self._practice.setVisible(practice)

    def wear(self) -> None:
        """Draw the icons, in the colours of the moment: the first time once the window was painted."""
        for place, item in self._items.items():
            item.setIcon(look.icon(place.value, "late" if place is Place.OVERDUE else "ink"))
        self._log.setIcon(look.icon("log", "on_accent"))
        self.places.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a low window the places lie closer, and the name, which the title bar says too, gives way."""
        super().resizeEvent(event)
        self._be_compact(compact=event.size().height() < self._roomy_height())

    def _roomy_height(self) -> int:
        """How high everything is with room between it."""
        line, is_compact = self.fontMetrics().height(), self._name.isHidden()
        rows = self.places.shown_rows * (self.places.sizeHintForRow(0) + (look.PLACE_ROOM if is_compact else 0))
        note = 3 * line + look.GAP if not self._practice.isHidden() else 0
        others = self._name.sizeHint().height() + self._log.sizeHint().height() + line + 5 * look.GAP + 2 * look.ROOM
        return rows + note + others

    def _be_compact(self, *, compact: bool) -> None:
        if self._name.isHidden() == compact:
            return
        self._name.setVisible(not compact)
        self._practice.setText(_PRACTICE_SHORT if compact else _PRACTICE)
        self.places.setProperty("compact", compact)
        self.places.style().unpolish(self.places)
        self.places.style().polish(self.places)
        self.places.doItemsLayout()
        self.places.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        """Larger text needs more room."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.setFixedWidth(look.scaled(look.NAV_WIDTH))

    def _hide_or_show(self) -> None:
        row = self._items[Place.SORT_OUT].row()
        hidden = not self._to_sort_out and self.places.currentIndex().row() != row
        if self.places.isRowHidden(row) != hidden:
            self.places.setRowHidden(row, hidden)
            self.places.updateGeometry()

    def _went(self, current: QModelIndex, _before: QModelIndex) -> None:
        self._hide_or_show()
        self.gone_to.emit(places()[current.row()])


class _CountDelegate(QStyledItemDelegate):
    """Paints the count of a place at the right of its row."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The row as usual, then its count."""
        super().paint(painter, option, index)
        count = index.data(_COUNT)
        if count:
            room: QRect = option.rect.adjusted(0, 0, -look.GAP - 2, 0)
            painter.save()
            painter.setPen(option.palette.windowText().color())
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
            painter.restore()


class PlacesView(QListView):
    """A list as high as its rows are, where there is so much room; else it scrolls."""

    @property
    def shown_rows(self) -> int:
        """How many places are offered."""
        count = self.model().rowCount() if self.model() is not None else 0
        return sum(not self.isRowHidden(row) for row in range(count))

    def showEvent(self, event: QShowEvent) -> None:
        """Dressed for the first time by now, the rows lie as they will from here on."""
        super().showEvent(event)
        self.doItemsLayout()

    def sizeHint(self) -> QSize:
        """Room for every place, whatever the size of the text."""
        return QSize(
            look.scaled(look.NAV_WIDTH), self.shown_rows * self.sizeHintForRow(0) + 2 * self.frameWidth() + look.TIGHT
        )

    def minimumSizeHint(self) -> QSize:
        """A few places can be seen at least."""
        return QSize(self.sizeHint().width(), 3 * self.sizeHintForRow(0))


def _places_view() -> PlacesView:
    view = PlacesView()
    view.setObjectName("places")
    view.setAccessibleName(tr("Go to"))
    view.setIconSize(_ICON)
    view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
    view.setItemDelegate(_CountDelegate(view))
    view.setModel(QStandardItemModel(view))
    return view


def _items(view: QListView) -> dict[Place, QStandardItem]:
    model = view.model()
    if not isinstance(model, QStandardItemModel):
        raise TypeError("the places have a model of their own")
    items = {}
    for place in places():
        item = QStandardItem(_room(), sign_of(place).name)
        model.appendRow(item)
        items[place] = item
    view.setCurrentIndex(model.index(0, 0))
    return items


@cache
def _room() -> QIcon:
    """Room for an icon: nothing moves when it is drawn."""
    room = QPixmap(_ICON)
    room.fill(Qt.GlobalColor.transparent)
    return QIcon(room)
