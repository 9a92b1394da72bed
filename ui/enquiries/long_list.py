"""The model of a list of enquiries of any length: it knows how many there are, and holds the pages near by alone."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from member_tracker.services.lists import EnquiryRow, Known, Mark, Window
from ui.table import Column, RowsModel

PAGE_ROWS = 50
KEPT_PAGES = 60


class LongModel(RowsModel[EnquiryRow]):
    """Shows a list as it stood at one moment. It reads nothing by itself: `wanted` asks for the page from a row on."""

    wanted = Signal(int)

    def __init__(
        self, columns: Sequence[Column[EnquiryRow]], parent: QObject | None = None, *, page_rows: int = PAGE_ROWS
    ) -> None:
        super().__init__(columns, parent)
        self.page_rows = page_rows
        self._pages: OrderedDict[int, tuple[EnquiryRow, ...]] = OrderedDict()
        self._marks: dict[int, Mark] = {}
        self._version = ""

    def row(self, number: int) -> EnquiryRow | None:
        """The row of that number; None where there is none or its page is not here."""
        page = self._pages.get(number // self.page_rows)
        if page is None:
            return None
        place = number % self.page_rows
        return page[place] if place < len(page) else None

    def miss(self, number: int) -> None:
        """Ask for the page a row is on."""
        if 0 <= number < self._count:
            self.wanted.emit(number // self.page_rows * self.page_rows)

    def find(self, fits: Callable[[EnquiryRow], bool]) -> int | None:
        """The number of the first row that is here and fits; None where none does."""
        for number in sorted(self._pages):
            for offset, row in enumerate(self._pages[number]):
                if fits(row):
                    return number * self.page_rows + offset
        return None

    def has(self, first: int) -> bool:
        """Whether the page from that row on is here."""
        return first // self.page_rows in self._pages

    def mark(self, number: int) -> Mark | None:
        """Where the row of that number begins, if that was learnt."""
        return self._marks.get(number)

    def known(self, first: int) -> Known:
        """What is known of the list that helps to find a row: the nearest places before and after it."""
        below = max((number for number in self._marks if number <= first), default=None)
        above = min((number for number in self._marks if number > first), default=None)
        marks = tuple(self._marks[number] for number in (below, above) if number is not None)
        return Known(version=self._version, count=self._count, marks=marks)

    def clear(self) -> None:
        """Show nothing."""
        self.show(())

    def show(self, windows: Sequence[Window]) -> None:
        """Show the list as these parts of it tell, in place of everything; one as long as before does not flicker."""
        count = windows[0].count if windows else 0
        same = count == self._count
        if not same:
            self.beginResetModel()
        self._pages.clear()
        self._marks.clear()
        self._count = count
        self._version = windows[0].version if windows else ""
        for window in windows:
            self._keep(window)
        if not same:
            self.endResetModel()
        elif count:
            self._redraw(0, count - 1)

    def take(self, window: Window) -> bool:
        """Take one more part of the list; False where the store has moved on, and all must be read again."""
        if window.version != self._version:
            return False
        self._keep(window)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        if window.rows:
            self._redraw(window.first, window.first + len(window.rows) - 1)
        return True

    def _keep(self, window: Window) -> None:
        self._marks.update((mark.number, mark) for mark in window.marks)
        number = window.first // self.page_rows
        self._pages[number] = window.rows
        self._pages.move_to_end(number)

    def _redraw(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))
