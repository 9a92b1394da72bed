"""Draws every screen, light and dark, at 100 and 150 %, into build/screenshots, with contact sheets to look over.

    python -m tests.desktop.pictures

At 150 % the window is given the room a council laptop of 1366×768 has left then: 911×512.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QPoint, QRect, QSize, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QAction, QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLineEdit, QPlainTextEdit, QTableView

from member_tracker.app import build
from member_tracker.profile import Profile
from member_tracker.services.practice import fill, put_into_inbox
from tests.desktop.casework import UNMATCHED
from tests.ui.walking import named
from ui import look
from ui.app import Running, application
from ui.deeds import Deed
from ui.first_run.pages import CouncilPage, PassphrasePage, Welcome
from ui.look import Scheme
from ui.page_table import PAGES
from ui.picture import settle, wait_until
from ui.places import Place, places

FOLDER = Path(__file__).resolve().parents[2] / "build" / "screenshots"
LAPTOP = QSize(1366, 768)
SCALES = {100: LAPTOP, 150: QSize(911, 512)}
SCHEMES = (Scheme.LIGHT, Scheme.DARK)
_ASKING = (Deed.REPLY, Deed.CHASE, Deed.TELL, Deed.NOTE, Deed.CLOSE)
_THUMBNAIL, _ACROSS, _CAPTION = QSize(455, 256), 3, 24

Step = Callable[[Running], object]


def screens() -> Mapping[str, Step]:
    """Every screen by the name of its picture, with how to come to it."""
    return {
        **{f"place-{place.value}": partial(go, place=place) for place in places()},
        **{f"page-{name}": partial(show, name=name) for name in _aside()},
        "form-filled": fill_form,
        "enquiry-reply": open_reply,
        "find": partial(_find, words="mould"),
        "find-nothing": partial(_find, words="walrus"),
        **{f"write-{deed.name.lower()}": partial(do, deed=deed) for deed in _ASKING},
        "help": lambda running: running.window.menus.help.trigger(),
        "about": lambda running: running.window.menus.about.trigger(),
        "first-welcome": lambda running: running.window.put_in_place(Welcome()),
        "first-council": lambda running: running.window.put_in_place(CouncilPage(("Chorley", "South Ribble"))),
        "first-passphrase": lambda running: running.window.put_in_place(PassphrasePage(new=True)),
    }


def _aside() -> Iterator[str]:
    """The pages that are no places and are not come to from an enquiry or by finding."""
    elsewhere = {"casework", "compose", "find"}
    yield from (line.name for line in PAGES if line.place is None and line.name not in elsewhere)


def go(running: Running, *, place: Place) -> None:
    """Go to a place of the navigation."""
    running.window.go_to(place)


def show(running: Running, *, name: str) -> None:
    """Show the page of that name."""
    running.desk.page_wanted.emit(name, None)


def fill_form(running: Running) -> None:
    """Fill in the form that logs an enquiry."""
    show(running, name="form")
    settle(running.desk.jobs)
    named(running.window, QLineEdit, "residentField").setText("Tamsin Ferreira")
    named(running.window, QComboBox, "areaField").setCurrentText("Housing")
    named(running.window, QLineEdit, "subjectField").setText("No heating since Monday")
    text = "The boiler in her flat has been off for three days. She asks when somebody will come."
    named(running.window, QPlainTextEdit, "textField").setPlainText(text)


def open_reply(running: Running) -> None:
    """Open the first enquiry with a new reply."""
    running.window.go_to(Place.TODAY)
    settle(running.desk.jobs)
    table = named(running.window, QTableView, "newSectionTable")
    table.clicked.emit(table.model().index(0, 0))


def _find(running: Running, *, words: str) -> None:
    running.window.go_to(Place.TODAY)
    box = named(running.window, QLineEdit, "findBox")
    box.setText(words)
    box.returnPressed.emit()


def do(running: Running, *, deed: Deed) -> None:
    """Do a deed of the menus to that enquiry."""
    named(running.window, QLineEdit, "findBox").clear()
    open_reply(running)
    settle(running.desk.jobs)
    action = next(each for each in running.window.findChildren(QAction) if each.text() == deed.value.text)
    action.trigger()


def draw(scale: int) -> None:
    """Draw every screen at the scale this process was started with."""
    app = application()
    before = qInstallMessageHandler(pass_on)
    with tempfile.TemporaryDirectory() as folder:
        profile = _practice(Path(folder) / "practice")
        for scheme in SCHEMES:
            running = open_window(app, profile, scheme, SCALES[scale])
            drawn = [_draw(running, name, step, FOLDER / f"{scheme.value}-{scale}") for name, step in screens().items()]
            running.stop()
            _sheet(drawn).save(str(FOLDER / f"sheet-{scheme.value}-{scale}.png"))
    qInstallMessageHandler(before)


def open_window(app: QApplication, profile: Profile, scheme: Scheme, size: QSize) -> Running:
    """The window on that profile, in those colours and of that size."""
    running = Running(app, profile)
    running.start()
    wait_until(lambda: running.desk.is_open)
    look.dress(app, scheme)
    running.window.wear()
    running.window.resize(size)
    settle(running.desk.jobs)
    return running


def _draw(running: Running, name: str, step: Step, folder: Path) -> Path:
    """Go to a screen, draw it or the dialog over it, and close that."""
    step(running)
    settle(running.desk.jobs)
    dialogs = [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.png"
    (dialogs[-1] if dialogs else running.window).grab().save(str(file))
    for dialog in dialogs:
        dialog.reject()
    return file


def pass_on(_kind: QtMsgType, _where: QMessageLogContext, message: str | None) -> None:
    """What Qt says, without what it says of every window it draws where there is no screen."""
    if message and "propagateSizeHints" not in message:
        sys.stderr.write(message + "\n")


def _practice(folder: Path) -> Profile:
    """A practice profile, with a mail that nobody could place."""
    profile = Profile(folder=folder)
    app = build(profile, passphrase=lambda: None, practice=True)
    fill(app)
    put_into_inbox(app, UNMATCHED.format(reference="the corner of Mill Lane").encode())
    app.store.close()
    return profile


def _sheet(files: list[Path]) -> QImage:
    """All pictures side by side, small, each with its name."""
    high = _THUMBNAIL.height() + _CAPTION
    sheet = QImage(_THUMBNAIL.width() * _ACROSS, high * -(-len(files) // _ACROSS), QImage.Format.Format_RGB32)
    sheet.fill(QColor("grey"))
    painter = QPainter(sheet)
    painter.setPen(QColor("white"))
    for number, file in enumerate(files):
        corner = QPoint(number % _ACROSS * _THUMBNAIL.width(), number // _ACROSS * high)
        small = QImage(str(file)).scaled(
            _THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        painter.drawText(QRect(corner, QSize(_THUMBNAIL.width(), _CAPTION)), Qt.AlignmentFlag.AlignCenter, file.stem)
        painter.drawImage(corner + QPoint(0, _CAPTION), small)
    painter.end()
    return sheet


def main() -> int:
    """Draw at each scale in a process of its own, for the scale is taken once, when Qt begins."""
    if len(sys.argv) > 1:
        draw(int(sys.argv[1]))
        return 0
    for scale in SCALES:
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale / 100)}
        subprocess.run([sys.executable, "-m", "tests.desktop.pictures", str(scale)], env=environment, check=True)
    sys.stdout.write(f"Look at {FOLDER}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
