"""A table over frozen rows, read page by page: where each page begins is kept, and the near pages alone."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QFont, QIcon

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

PAGE_ROWS = 200
KEPT_PAGES = 25

_NOWHERE = QModelIndex()
_DISPLAY = Qt.ItemDataRole.DisplayRole
_ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole
_ICON = Qt.ItemDataRole.DecorationRole
_TIP = Qt.ItemDataRole.ToolTipRole
_COLOUR = Qt.ItemDataRole.ForegroundRole
_FONT = Qt.ItemDataRole.FontRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Row]):
    """One column: its heading, a row's words in it, and where wanted more about a cell."""

    heading: str
    words: Callable[[Row], str]
    spoken: Callable[[Row], str] | None = None
    icon: Callable[[Row], QIcon | None] | None = None
    colour: Callable[[Row], QBrush | None] | None = None
    font: Callable[[Row], QFont | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row]):
    """Some rows one after another; `next` is where the page after them begins, None at the end."""

    rows: tuple[Row, ...]
    next: object | None = None


class RowsModel(QAbstractTableModel, Generic[Row]):
    """What all tables share: columns over frozen rows, of which one that is not here shows as an ellipsis."""

    def __init__(self, columns: Sequence[Column[Row]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._answers = tuple(_answers(column) for column in columns)
        self._roles = frozenset(role for answers in self._answers for role in answers)
        self._count = 0

    def row(self, number: int) -> Row | None:
        """The row of that number; None where there is none or it is not here."""
        raise NotImplementedError

    def miss(self, number: int) -> None:
        """Somebody looks at a row that is not here."""

    def find(self, fits: Callable[[Row], bool]) -> int | None:
        """The number of the first row that is here and fits; None where none does."""
        raise NotImplementedError

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many rows are known so far."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> object:
        """The heading of a column; rows have none."""
        if role == _DISPLAY and orientation is Qt.Orientation.Horizontal and 0 <= section < len(self._columns):
            return self._columns[section].heading
        return None

    def data(self, index: Index, role: int = _DISPLAY) -> object:
        """What a cell shows; roles not served cost nothing."""
        if role not in self._roles:
            return None
        column = index.column()
        answer = self._answers[column].get(role)
        if answer is None:
            return None
        row = self.row(index.row())
        if row is not None:
            return answer(row)
        if role != _DISPLAY or column or not index.isValid():
            return None
        self.miss(index.row())
        return "…"


class TableModel(RowsModel[Row]):
    """Shows pages of rows. It reads nothing by itself: `wanted(number, anchor)` asks somebody for page `number`.

    Every page but the last has `page_rows` rows. A row of a page that was let go shows as an ellipsis until it is back.
    """

    wanted = Signal(int, object)

    def __init__(
        self, columns: Sequence[Column[Row]], parent: QObject | None = None, *, page_rows: int = PAGE_ROWS
    ) -> None:
        super().__init__(columns, parent)
        self._page_rows = page_rows
        self._pages: OrderedDict[int, tuple[Row, ...]] = OrderedDict()
        self._anchors: list[object | None] = []
        self._asked: set[int] = set()

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there is a page after the last one known."""
        return not parent.isValid() and len(self._anchors) > self._known_pages()

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next page."""
        if self.canFetchMore(parent):
            self._ask(self._known_pages())

    def miss(self, number: int) -> None:
        """Ask for the page of a row that was let go."""
        self._ask(number // self._page_rows)

    def row(self, number: int) -> Row | None:
        """The row of that number; None where there is none or its page was let go."""
        page = self._pages.get(number // self._page_rows)
        return page[number % self._page_rows] if page is not None and number % self._page_rows < len(page) else None

    def find(self, fits: Callable[[Row], bool]) -> int | None:
        """The number of the first kept row that fits; None where none does."""
        for number in sorted(self._pages):
            for offset, row in enumerate(self._pages[number]):
                if fits(row):
                    return number * self._page_rows + offset
        return None

    def show(self, pages: Sequence[Page[Row]]) -> None:
        """Show these pages, the first ones, in place of everything; the same rows in the same order do not flicker."""
        rows = sum(len(page.rows) for page in pages)
        kept = OrderedDict((number, page.rows) for number, page in enumerate(pages))
        following = [page.next for page in pages if page.next is not None]
        anchors: list[object | None] = [None, *following] if rows else []
        self._asked.clear()
        if rows == self._count and rows and list(kept) == list(self._pages):
            self._pages, self._anchors = kept, anchors
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, len(self._columns) - 1))
            return
        self.beginResetModel()
        self._pages, self._anchors, self._count = kept, anchors, rows
        self.endResetModel()

    def take(self, number: int, page: Page[Row]) -> None:
        """Take page `number`, either the next one or one that was let go before; another is not waited for any more."""
        if number not in self._asked:
            return
        self._asked.discard(number)
        if number == self._known_pages():
            self._append(number, page)
        elif number < self._known_pages():
            self._pages[number] = page.rows
            first = number * self._page_rows
            last = first + len(page.rows) - 1
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))
        self._let_go(near=number)

    def _append(self, number: int, page: Page[Row]) -> None:
        if page.next is not None:
            self._anchors.append(page.next)
        else:
            del self._anchors[number + 1 :]
        if not page.rows:
            del self._anchors[number:]
            return
        self.beginInsertRows(QModelIndex(), self._count, self._count + len(page.rows) - 1)
        self._pages[number] = page.rows
        self._count += len(page.rows)
        self.endInsertRows()

    def _known_pages(self) -> int:
        return -(-self._count // self._page_rows)

    def _ask(self, number: int) -> None:
        if number not in self._asked and number < len(self._anchors):
            self._asked.add(number)
            self.wanted.emit(number, self._anchors[number])

    def _let_go(self, *, near: int) -> None:
        """Keep no more than `KEPT_PAGES` pages: those nearest to where somebody looks."""
        while len(self._pages) > KEPT_PAGES:
            farthest = max(self._pages, key=lambda number: abs(number - near))
            del self._pages[farthest]


def _answers(column: Column[Row]) -> dict[int, Callable[[Row], object]]:
    """Who answers for which role of a cell; roles that are not here are not served."""
    answers: dict[int, Callable[[Row], object] | None] = {
        _DISPLAY: column.words,
        _TIP: column.words,
        _ACCESSIBLE: column.spoken or column.words,
        _ICON: column.icon,
        _COLOUR: column.colour,
        _FONT: column.font,
    }
    return {int(role): answer for role, answer in answers.items() if answer is not None}
