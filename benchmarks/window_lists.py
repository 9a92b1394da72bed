"""The list of a million enquiries in the real window, beside a bare model of keyset pages over the same encrypted file.

Both are drawn where there is no screen, in tables of one size with as many columns. The limit reads on the thread that
paints; ours reads in the lane of the store, judges each enquiry against its standard and paints in the window's style.
Processor time is of all threads, up to the paint that shows every row.
"""

import gc
import os
import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView

from benchmarks.big_office import ENQUIRIES, KEY
from benchmarks.big_profile import big_profile
from benchmarks.figure import Figure
from member_tracker.profile import Profile
from member_tracker.store.first_look import open_reading_only
from ui.app import Running, application
from ui.enquiries.page import CaseworkPage
from ui.picture import settle, wait_until
from ui.places import Place

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
PAGE = 256
RUNS, STEPS, JUMPS = 5, 40, 30
MOST_MEGABYTES = 25.0
_AREA_COLUMN = 3
_TOP = QModelIndex()
_NAMES = (
    "SELECT e.{key}, e.pos, e.respond_by, e.subject, r.name, s.name, e.status, e.reference, c.name, e.received_at"
    " FROM enquiry e JOIN resident r ON r.id = e.resident_id JOIN service_area s ON s.id = e.service_area_id"
    " JOIN councillor c ON c.id = e.raised_by WHERE e.is_open >= 0 AND "
)


class Bare(QAbstractTableModel):
    """The limit: pages off anchors, each found by a step along the index, and nothing done to what is read."""

    def __init__(self, file: sqlite3.Connection, key: str, columns: int) -> None:
        super().__init__()
        self._file, self._columns = file, columns
        self.load(key)

    def load(self, key: str) -> None:
        """Begin again by another key."""
        self._pages: dict[int, list[tuple[object, ...]]] = {}
        self._anchors: list[tuple[object, ...]] = [("", 0)]
        self._count = self._file.execute("SELECT count(*) FROM enquiry WHERE is_open >= 0").fetchone()[0]
        kept = f"FROM enquiry WHERE is_open >= 0 AND {key}"
        self._same = f"SELECT {key}, pos {kept} = ? AND pos > ? ORDER BY pos LIMIT 1 OFFSET {PAGE - 1}"
        self._left = f"SELECT count(*) {kept} = ? AND pos > ?"
        self._beyond = f"SELECT {key}, pos {kept} > ? ORDER BY {key}, pos LIMIT 1 OFFSET ?"
        names = _NAMES.format(key=key)
        self._rows = f"{names} e.{key} = ? AND e.pos > ? ORDER BY e.pos LIMIT {PAGE}"
        self._more = f"{names} e.{key} > ? ORDER BY e.{key}, e.pos LIMIT ?"

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _TOP) -> int:  # noqa: N802 - the name is Qt's
        """As many as there are."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _TOP) -> int:  # noqa: N802 - the name is Qt's
        """As many as ours shows."""
        return 0 if parent.isValid() else self._columns

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        """The words as they lie there."""
        if role:
            return None
        row = index.row()
        page = self._pages.get(row // PAGE)
        return (page if page is not None else self._read(row // PAGE))[row % PAGE][index.column() + 2]

    def _read(self, number: int) -> list[tuple[object, ...]]:
        anchors = self._anchors
        while len(anchors) <= number:
            anchors.append(self._following(anchors[-1]))
        page = self._file.execute(self._rows, anchors[number]).fetchall()
        if len(page) < PAGE:
            page += self._file.execute(self._more, (anchors[number][0], PAGE - len(page))).fetchall()
        self._pages[number] = page
        if len(self._pages) > 64:
            self._pages.pop(next(iter(self._pages)))
        return page

    def _following(self, anchor: tuple[object, ...]) -> tuple[object, ...]:
        found = self._file.execute(self._same, anchor).fetchone()
        if found is None:
            left = self._file.execute(self._left, anchor).fetchone()[0]
            found = self._file.execute(self._beyond, (anchor[0], PAGE - 1 - left)).fetchone()
        return tuple(found)


class Painted(QObject):
    """Notes when a table has been painted with every row it shows."""

    def __init__(self, view: QTableView, is_here: Callable[[int], bool]) -> None:
        super().__init__()
        self._view, self._is_here, self.whole = view, is_here, False
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - the name is Qt's
        """Looks at paint events alone."""
        if event.type() == QEvent.Type.Paint and self._view.model().rowCount():
            top = max(0, self._view.rowAt(0))
            bottom = self._view.rowAt(self._view.viewport().height() - 1)
            bottom = bottom if bottom >= 0 else self._view.model().rowCount() - 1
            self.whole = self._is_here(top) and self._is_here(bottom)
        return False


class Window:
    """Ours: the real window on the big office."""

    def __init__(self, running: Running) -> None:
        self.running = running
        running.window.go_to(Place.OVERDUE)
        settle(running.desk.jobs)
        self.page = running.window.findChildren(CaseworkPage)[0]
        self.view = self.page._view
        self._painted = Painted(self.view, lambda row: self.page._model.row(row) is not None)

    def first(self) -> float:
        """Go to the list of everything."""
        self.running.window.go_to(Place.TODAY)
        settle(self.running.desk.jobs)
        self.page._place = Place.OPEN
        return self._spent(lambda: self.running.window.go_to(Place.ALL))

    def down(self) -> float:
        """Page down."""
        bar = self.view.verticalScrollBar()
        return self._spent(lambda: bar.setValue(bar.value() + bar.pageStep()))

    def jump(self, row: int) -> float:
        """Drag the scroll bar."""
        return self._spent(lambda: self.view.verticalScrollBar().setValue(row))

    def sort(self) -> float:
        """Sort by service area, from the usual order."""
        self.page._sort(0)
        settle(self.running.desk.jobs)
        return self._spent(lambda: self.page._sort(_AREA_COLUMN))

    def _spent(self, deed: Callable[[], object]) -> float:
        """The milliseconds until everything is painted."""
        self._painted.whole = False
        start = time.process_time()
        deed()
        while not self._painted.whole:
            QApplication.processEvents()
            if not self._painted.whole:
                time.sleep(0.0005)
        return (time.process_time() - start) * 1e3


class Limit:
    """The bare model in a bare table of the same size."""

    def __init__(self, file: sqlite3.Connection, like: QTableView) -> None:
        columns = sum(not like.isColumnHidden(column) for column in range(like.model().columnCount()))
        self._file, self._columns, self._like = file, columns, like
        self.view = QTableView()
        self.view.setStyleSheet("")
        self.view.resize(like.size())
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.view.verticalHeader().setDefaultSectionSize(like.verticalHeader().defaultSectionSize())
        self.view.setWordWrap(False)
        self.model: Bare | None = None

    def first(self) -> float:
        """Make the model and show it."""
        self.view.hide()
        return _spent(lambda: self._begin("received_at"))

    def down(self) -> float:
        """Page down."""
        bar = self.view.verticalScrollBar()
        return _spent(lambda: bar.setValue(bar.value() + self._like.verticalScrollBar().pageStep()))

    def jump(self, row: int) -> float:
        """Drag the scroll bar."""
        return _spent(lambda: self.view.verticalScrollBar().setValue(row))

    def sort(self) -> float:
        """Sort by due date."""
        return _spent(lambda: self._begin("due_key"))

    def _begin(self, key: str) -> None:
        self.model = Bare(self._file, key, self._columns)
        self.view.setModel(self.model)
        self.view.scrollToTop()
        self.view.show()


def _spent(deed: Callable[[], object]) -> float:
    start = time.process_time()
    deed()
    QApplication.processEvents()
    return (time.process_time() - start) * 1e3


def figures() -> Iterator[Figure]:
    """First paint, page down, jumps to anywhere, another order, and memory."""
    profile = big_profile()
    with open_window(profile) as running, closing(open_reading_only(profile.folder, KEY)) as file:
        ours = Window(running)
        draw = random.Random(5)
        places = [draw.randrange(ENQUIRIES) for _ in range(JUMPS)]
        yield _memory(ours, places)
        limit = Limit(file, ours.view)
        gc.collect()
        first = [(ours.first(), limit.first()) for _ in range(RUNS)]
        yield _figure("window: first paint of the list", first, at_most=1.5)
        down = [(ours.down(), limit.down()) for _ in range(STEPS)]
        yield _figure("window: page down", down, at_most=2)
        yield _figure("window: jump anywhere", [(ours.jump(row), limit.jump(row)) for row in places], at_most=2)
        sort = [(ours.sort(), limit.sort()) for _ in range(RUNS)]
        yield _figure("window: sort by service area", sort, at_most=2)


def _memory(ours: Window, places: list[int]) -> Figure:
    """What the list of everything takes more, seen in every part of it and in every order, before there is a limit."""
    before = _megabytes()
    ours.first()
    for column in (0, 2, _AREA_COLUMN, 7):
        for row in places:
            ours.jump(row)
        ours.page._sort(column)
        settle(ours.running.desk.jobs)
    grown = _megabytes() - before
    return Figure(name="window: memory, in every order", ours=grown, limit=MOST_MEGABYTES, unit="MB", at_most=1)


@contextmanager
def open_window(profile: Profile) -> Iterator[Running]:
    """The real window on a profile, at rest."""
    app = application()
    running = Running(app, profile)
    running.start()
    running.window.resize(1366, 768)
    try:
        wait_until(lambda: running.desk.is_open)
        settle(running.desk.jobs)
        yield running
    finally:
        running.stop()


def _figure(name: str, pairs: list[tuple[float, float]], *, at_most: float) -> Figure:
    ours, limit = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    return Figure(name=name, ours=ours, limit=limit, unit="ms", at_most=at_most)


def _megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
