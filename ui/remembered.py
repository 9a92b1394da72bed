"""What the window remembers between starts, in the profile's folder: its place, panes, columns, colours, size of text.

It is written down at the end, when the session ends, and now and then meanwhile, so that a crash costs little of it.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QByteArray, QObject, QSettings, QTimer
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication, QHeaderView, QSplitter, QTableView, QWidget

from member_tracker.domain.dates import local_date
from ui import look
from ui.look import Scheme
from ui.main_window import MainWindow
from ui.places import Place, places
from ui.shell.screens import bring_onto_a_screen

FILE = "window.ini"
_SMALLEST, _LARGEST = 8.0, 24.0
_KEEP_MS = 60_000

Letters: TypeAlias = tuple[float, ...]
"""How wide each of a table's columns is, in letters, so that it holds as much at any size of text."""


class Remembered(QObject):
    """The window's place, its panes and columns, the list it was at, its colours and the size of its text."""

    def __init__(self, folder: Path, app: QApplication, window: MainWindow) -> None:
        super().__init__(window)
        self._settings = QSettings(str(folder / FILE), QSettings.Format.IniFormat)
        self._app = app
        self._window = window
        self._usual_points = app.font().pointSizeF()
        self._usual_panes: dict[str, QByteArray] = {}
        self._usual_columns: dict[str, Letters] = {}
        self._kept: Mapping[str, object] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(_KEEP_MS)
        self._connect()

    def _connect(self) -> None:
        if self._window.is_furnished:
            self._connect_menus()
        else:
            self._window.furnished.connect(self._connect_menus)
        self._window.page_made.connect(self._restore_page)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._follow_system)
        hints.accessibility().contrastPreferenceChanged.connect(self._follow_system)
        self._app.screenRemoved.connect(self._lose_screen)
        self._timer.timeout.connect(self.keep)

    def _connect_menus(self) -> None:
        menus = self._window.menus
        for scheme, action in menus.schemes.items():
            action.triggered.connect(lambda _on=False, scheme=scheme: self.wear(scheme))
        menus.larger.triggered.connect(lambda: self.resize_text(1.0))
        menus.smaller.triggered.connect(lambda: self.resize_text(-1.0))
        menus.usual_size.triggered.connect(lambda: self._set_points(self._usual_points))
        menus.reset.triggered.connect(self.reset)
        menus.schemes[self._scheme()].setChecked(True)

    def restore(self, today: date) -> None:
        """Put the window where it was, on a screen that is there; a new day begins with Today."""
        if self._scheme() is not Scheme.SYSTEM:
            self.wear(self._scheme())
        more = _number(self._settings.value("window/larger"))
        if more:
            self._set_points(self._usual_points + more)
        place = self._settings.value("window/geometry")
        if isinstance(place, QByteArray):
            self._window.restoreGeometry(place)
        bring_onto_a_screen(self._window)
        at = str(self._settings.value("window/at", ""))
        if self._settings.value("window/on") == today.isoformat() and at in set(places()) - {Place.SORT_OUT}:
            self._window.navigation.show_place(Place(at))

    def begin(self) -> None:
        """Write down now and then how the window is, from when the profile is open."""
        self._timer.start()

    def keep(self) -> None:
        """Write down how the window is now, where that has changed."""
        now = self._how_it_is()
        if now == self._kept:
            return
        self._kept = now
        for name, value in now.items():
            self._settings.setValue(name, value)
        self._settings.sync()

    def wear(self, scheme: Scheme) -> None:
        """Put a palette on and remember it."""
        self._settings.setValue("window/colours", scheme.value)
        if self._window.is_furnished:
            self._window.menus.schemes[scheme].setChecked(True)
        look.dress(self._app, scheme)
        self._window.wear()

    def resize_text(self, by: float) -> None:
        """Make all text larger or smaller."""
        self._set_points(self._app.font().pointSizeF() + by)

    def reset(self) -> None:
        """Forget where things were, and put them where they are at first."""
        self._settings.clear()
        self._kept = {}
        self._set_points(self._usual_points)
        self.wear(Scheme.SYSTEM)
        for split in self._window.findChildren(QSplitter):
            usual = self._usual_panes.get(split.objectName())
            if usual is not None:
                split.restoreState(usual)
        for table in self._window.findChildren(QTableView):
            _set_letters(table, self._usual_columns.get(table.objectName(), ()))
        self._window.showNormal()
        self._window.resize(look.FIRST_SIZE)
        bring_onto_a_screen(self._window)

    def _how_it_is(self) -> dict[str, object]:
        """What is kept, by its name in the file."""
        found: dict[str, object] = {
            "window/geometry": self._window.saveGeometry(),
            "window/larger": self._app.font().pointSizeF() - self._usual_points,
            "window/at": self._window.navigation.place.value,
            "window/on": self._today(),
        }
        for split in self._window.findChildren(QSplitter):
            found[f"panes/{split.objectName()}"] = split.saveState()
        for table in self._window.findChildren(QTableView):
            if letters := _letters(table):
                found[f"letters/{table.objectName()}"] = " ".join(f"{wide:.2f}" for wide in letters)
        return found

    def _today(self) -> str:
        return local_date(self._window.now()).isoformat()

    def _set_points(self, points: float) -> None:
        font = self._app.font()
        font.setPointSizeF(min(max(points, _SMALLEST), _LARGEST))
        self._app.setFont(font)
        look.dress(self._app, self._scheme())

    def _restore_page(self, page: QWidget) -> None:
        """Give a page that was just made the panes and columns it had."""
        for split in page.findChildren(QSplitter):
            self._usual_panes.setdefault(split.objectName(), split.saveState())
            state = self._settings.value(f"panes/{split.objectName()}")
            if isinstance(state, QByteArray):
                split.restoreState(state)
        for table in page.findChildren(QTableView):
            self._usual_columns.setdefault(table.objectName(), _letters(table))
            kept = str(self._settings.value(f"letters/{table.objectName()}", "")).split()
            _set_letters(table, tuple(map(_number, kept)))

    def _scheme(self) -> Scheme:
        said = str(self._settings.value("window/colours", Scheme.SYSTEM.value))
        return Scheme(said) if said in set(Scheme) else Scheme.SYSTEM

    def _follow_system(self, _said: object) -> None:
        if self._scheme() is Scheme.SYSTEM:
            self.wear(Scheme.SYSTEM)

    def _lose_screen(self, _screen: QScreen) -> None:
        """Once Qt has done what it does, see that nothing lies where no screen is."""
        QTimer.singleShot(0, self, lambda: bring_onto_a_screen(self._window))


def _letters(table: QTableView) -> Letters:
    """How wide a table's columns are, 0 for one that takes what room is left."""
    header, letter = table.horizontalHeader(), look.letter(table.fontMetrics())
    modes = (header.sectionResizeMode(number) for number in range(header.count()))
    return tuple(
        header.sectionSize(number) / letter if mode is QHeaderView.ResizeMode.Interactive else 0
        for number, mode in enumerate(modes)
    )


def _set_letters(table: QTableView, letters: Letters) -> None:
    """Give a table its columns' widths; those of a table with other columns are passed over."""
    if len(letters) == table.horizontalHeader().count():
        for number, wide in enumerate(letters):
            if wide > 0:
                table.setColumnWidth(number, round(wide * look.letter(table.fontMetrics())))


def _number(said: object) -> float:
    try:
        return float(str(said))
    except ValueError:
        return 0.0
