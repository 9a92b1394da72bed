"""What the window remembers between starts, in the profile's folder: its place, panes, colours and size of text."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from ui import look
from ui.look import Scheme
from ui.main_window import MainWindow

FILE = "window.ini"
_SMALLEST, _LARGEST = 8.0, 24.0


class Remembered(QObject):
    """The window's place, its splitters, its colours and the size of its text."""

    def __init__(self, folder: Path, app: QApplication, window: MainWindow) -> None:
        super().__init__(window)
        self._settings = QSettings(str(folder / FILE), QSettings.Format.IniFormat)
        self._app = app
        self._window = window
        self._usual = app.font().pointSizeF()
        menus = window.menus
        for scheme, action in menus.schemes.items():
            action.triggered.connect(lambda _on=False, scheme=scheme: self.wear(scheme))
        menus.larger.triggered.connect(lambda: self.resize_text(1.0))
        menus.smaller.triggered.connect(lambda: self.resize_text(-1.0))
        menus.reset.triggered.connect(self.reset)
        window.page_made.connect(self._restore_panes)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    def restore(self) -> None:
        """Put the window where it was, on a screen that is there."""
        if self._scheme() is not Scheme.SYSTEM:
            self.wear(self._scheme())
        points = self._settings.value("window/points")
        if points is not None:
            self._set_points(float(str(points)))
        place = self._settings.value("window/geometry")
        if isinstance(place, QByteArray):
            self._window.restoreGeometry(place)
        bring_onto_a_screen(self._window)

    def keep(self) -> None:
        """Write down how the window is now."""
        self._settings.setValue("window/geometry", self._window.saveGeometry())
        self._settings.setValue("window/points", self._app.font().pointSizeF())
        for split in self._window.findChildren(QSplitter):
            self._settings.setValue(f"panes/{split.objectName()}", split.saveState())
        self._settings.sync()

    def wear(self, scheme: Scheme) -> None:
        """Put a palette on and remember it."""
        self._settings.setValue("window/colours", scheme.value)
        self._window.menus.schemes[scheme].setChecked(True)
        look.dress(self._app, scheme)
        self._window.wear()

    def resize_text(self, by: float) -> None:
        """Make all text larger or smaller."""
        self._set_points(self._app.font().pointSizeF() + by)

    def reset(self) -> None:
        """Forget where things were."""
        self._settings.clear()
        self._set_points(self._usual)
        self.wear(Scheme.SYSTEM)
        self._window.showNormal()
        self._window.resize(1180, 720)
        bring_onto_a_screen(self._window)

    def _set_points(self, points: float) -> None:
        font = self._app.font()
        font.setPointSizeF(min(max(points, _SMALLEST), _LARGEST))
        self._app.setFont(font)
        look.dress(self._app, self._scheme())

    def _restore_panes(self, page: QWidget) -> None:
        """Give a page that was just made the panes it had."""
        for split in page.findChildren(QSplitter):
            state = self._settings.value(f"panes/{split.objectName()}")
            if isinstance(state, QByteArray):
                split.restoreState(state)

    def _scheme(self) -> Scheme:
        said = str(self._settings.value("window/colours", Scheme.SYSTEM.value))
        return Scheme(said) if said in set(Scheme) else Scheme.SYSTEM

    def _system_changed(self, _scheme: Qt.ColorScheme) -> None:
        if self._scheme() is Scheme.SYSTEM:
            self.wear(Scheme.SYSTEM)


def bring_onto_a_screen(window: MainWindow) -> None:
    """Move a window that would lie on no screen, or beyond the edge of one, to where it is seen."""
    screen = QGuiApplication.screenAt(window.frameGeometry().center()) or QGuiApplication.primaryScreen()
    room = screen.availableGeometry()
    size = window.size().boundedTo(room.size())
    window.resize(size)
    left = min(max(window.x(), room.left()), max(room.left(), room.right() - size.width()))
    top = min(max(window.y(), room.top()), max(room.top(), room.bottom() - size.height()))
    window.move(left, top)
