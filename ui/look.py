"""How the window looks: palettes, spacing and icons. The only file with colours, and every pair of them is readable."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from string import Template
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyleFactory

if TYPE_CHECKING:
    from member_tracker.domain.vocabulary import State

TIGHT, GAP, ROOM, WIDE = 4, 8, 16, 24
NAV_WIDTH = 216
THREE_PANES = 1200
FIELD_WIDTH = 460
FORM_WIDTH = 720
SIZES = (16, 20, 24, 32, 48, 64)


class Scheme(StrEnum):
    """Which palette a person chose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """One palette; every ink is read on `window`, `paper` and `raised`, `on_accent` on `accent`."""

    window: str
    paper: str
    raised: str
    line: str
    edge: str
    ink: str
    quiet: str
    accent: str
    on_accent: str
    accent_ink: str
    chosen: str
    late: str
    soon: str
    good: str
    note: str
    note_ink: str
    hint: str
    hint_ink: str
    wrong: str


LIGHT = Colours(
    window="#f3f5f7",
    paper="#ffffff",
    raised="#e9edf1",
    line="#d5dbe1",
    edge="#7b8794",
    ink="#1a242e",
    quiet="#4c5966",
    accent="#17567f",
    on_accent="#ffffff",
    accent_ink="#14507a",
    chosen="#d6e6f2",
    late="#a11b22",
    soon="#7c4700",
    good="#1c6437",
    note="#fdf6dc",
    note_ink="#4d3d00",
    hint="#e2eef8",
    hint_ink="#123f60",
    wrong="#fbe9e9",
)
DARK = Colours(
    window="#181d23",
    paper="#1f262d",
    raised="#29323b",
    line="#36414c",
    edge="#7f8d9b",
    ink="#e6ebf0",
    quiet="#aeb9c4",
    accent="#7cbde8",
    on_accent="#0d2233",
    accent_ink="#8cc6ee",
    chosen="#274459",
    late="#ff9d97",
    soon="#f0c06a",
    good="#8fd3a3",
    note="#3a3420",
    note_ink="#f1e3b0",
    hint="#1f3648",
    hint_ink="#cfe6f8",
    wrong="#45262a",
)

_INKS = {
    "overdue": "late",
    "missed": "late",
    "due_today": "soon",
    "in_time": "good",
    "met": "good",
    "not_measured": "quiet",
}


def dress(app: QApplication, scheme: Scheme) -> None:
    """Put the palette on the program: the one chosen, or the one the system has."""
    dark = scheme is Scheme.DARK or (scheme is Scheme.SYSTEM and _system_is_dark())
    colours = DARK if dark else LIGHT
    app.setProperty("dark", dark)
    if app.style().name() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(_palette(colours))
    app.setStyleSheet(_sheet(colours, app.font().pointSizeF()))


def colours() -> Colours:
    """The palette the program wears now."""
    app = QGuiApplication.instance()
    return DARK if app is not None and app.property("dark") else LIGHT


def state_brush(state: "State") -> QBrush:
    """The ink of a state; the state itself is always said in words as well."""
    return QBrush(QColor(getattr(colours(), _INKS[state.value])))


def ink_brush(ink: str) -> QBrush:
    """One of the palette's inks; what it says is always said in words as well."""
    return QBrush(QColor(getattr(colours(), ink)))


def state_icon(state: "State") -> QIcon:
    """The icon of a state, each of another shape."""
    return icon(state.value, _INKS[state.value])


def icon(name: str, ink: str = "ink") -> QIcon:
    """A shipped icon in one of the palette's inks."""
    return _icon(name, getattr(colours(), ink))


@cache
def _icon(name: str, colour: str) -> QIcon:
    from PySide6.QtSvg import QSvgRenderer

    from member_tracker.shipped import shipped

    drawing = shipped("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    made = QIcon()
    for size in SIZES:
        picture = QPixmap(QSize(size, size))
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        renderer.render(painter)
        painter.end()
        made.addPixmap(picture)
    return made


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


def _palette(wear: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for place, colour in (
        (role.Window, wear.window),
        (role.WindowText, wear.ink),
        (role.Base, wear.paper),
        (role.AlternateBase, wear.raised),
        (role.Text, wear.ink),
        (role.PlaceholderText, wear.quiet),
        (role.Button, wear.paper),
        (role.ButtonText, wear.ink),
        (role.BrightText, wear.late),
        (role.Highlight, wear.accent),
        (role.HighlightedText, wear.on_accent),
        (role.Accent, wear.accent),
        (role.Link, wear.accent_ink),
        (role.LinkVisited, wear.accent_ink),
        (role.ToolTipBase, wear.raised),
        (role.ToolTipText, wear.ink),
        (role.Light, wear.paper),
        (role.Midlight, wear.raised),
        (role.Mid, wear.line),
        (role.Dark, wear.edge),
        (role.Shadow, wear.edge),
    ):
        palette.setColor(place, QColor(colour))
    for place in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, place, QColor(wear.edge))
    return palette


def _sheet(wear: Colours, points: float) -> str:
    """The style sheet in these colours, its letters larger or smaller with the program's own."""
    sizes = {name: f"{points * factor:.1f}" for name, factor in _SIZES.items()}
    return Template(_SHEET).substitute(asdict(wear) | sizes)


_SIZES = {"name_points": 1.6, "title_points": 1.7, "heading_points": 1.15, "choice_points": 1.3}
_SHEET = """
QWidget#navigation { background: $raised; }
QWidget#navigation QLabel#programName { font-size: ${name_points}pt; font-weight: 600; color: $ink; }
QScrollArea, QScrollArea > QWidget > QWidget#scrolled { background: transparent; border: none; }
QScrollArea:focus { border: 1px solid $accent; border-radius: 4px; }
QLabel[kind="title"] { font-size: ${title_points}pt; font-weight: 600; }
QLabel[kind="heading"] { font-size: ${heading_points}pt; font-weight: 600; }
QLabel[kind="strong"] { font-weight: 600; }
QLabel[kind="quiet"] { color: $quiet; }
QLabel[kind="wrong"] { color: $late; }
QLabel[kind="heading"] { padding-top: 6px; }
QLabel[kind="badge"] { border: 1px solid $edge; border-radius: 4px; padding: 1px 7px; font-weight: 600; }
QLabel[tone="late"] { color: $late; border-color: $late; }
QLabel[tone="soon"] { color: $soon; border-color: $soon; }
QLabel[tone="good"] { color: $good; border-color: $good; }
QLabel[tone="quiet"] { color: $quiet; }
QFrame[kind="card"] { background: $paper; border: 1px solid $line; border-radius: 6px; }
QFrame[kind="entry"] { background: $paper; border: 1px solid $line; border-radius: 6px; }
QFrame[kind="sent"] { background: $paper; border: 1px solid $line;
    border-right: 4px solid $accent; border-radius: 6px; }
QFrame[kind="mail"] { background: $paper; border: 1px solid $line;
    border-left: 4px solid $accent; border-radius: 6px; }
QFrame[kind="note"] { background: $note; border: 2px dashed $note_ink; border-radius: 0; }
QFrame[kind="note"] QLabel { color: $note_ink; }
QFrame[kind="hint"] { background: $hint; border: 1px solid $accent; border-radius: 6px; }
QFrame[kind="hint"] QLabel { color: $hint_ink; }
QFrame[kind="wrong"] { background: $wrong; border: 2px solid $late; border-radius: 6px; }
QPushButton { padding: 5px 12px; min-height: 20px; border: 1px solid $edge; border-radius: 5px;
    background: $paper; color: $ink; }
QPushButton:hover { background: $chosen; }
QPushButton:focus { border: 2px solid $accent; padding: 4px 11px; }
QPushButton:disabled { color: $edge; border-color: $line; }
QPushButton:checked { background: $chosen; }
QPushButton[kind="first"] { background: $accent; color: $on_accent; border-color: $accent;
    font-weight: 600; }
QPushButton[kind="first"]:focus { border: 2px solid $ink; }
QPushButton[kind="first"]:disabled { background: $raised; color: $edge; border-color: $line; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; color: $accent_ink;
    text-align: left; padding: 2px 4px; text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 2px solid $accent; padding: 1px 3px; }
QPushButton[kind="choice"] { text-align: left; padding: 14px 18px; font-weight: 600;
    font-size: ${choice_points}pt; }
QPushButton[kind="choice"]:focus { padding: 13px 17px; }
QLineEdit, QPlainTextEdit { border: 1px solid $edge; border-radius: 4px; padding: 4px 6px;
    background: $paper; color: $ink; selection-background-color: $accent;
    selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit:focus { border: 2px solid $accent; padding: 3px 5px; }
QTableView { background: $paper; border: 1px solid $line; border-radius: 6px;
    gridline-color: $line; selection-background-color: $chosen; selection-color: $ink; }
QTableView:focus { border: 2px solid $accent; }
QTableView::item { padding: 2px 6px; border-bottom: 1px solid $line; }
QTableView::item:selected { background: $chosen; color: $ink; }
QHeaderView::section { background: $window; color: $quiet; border: none;
    border-bottom: 1px solid $line; padding: 5px 8px; font-weight: 600; }
QListView#places { background: transparent; border: 2px solid transparent; outline: none; }
QListView#places:focus { border: 2px solid $accent; border-radius: 6px; }
QListView#places::item { padding: 7px 8px; border-radius: 5px; color: $ink; }
QListView#places::item:selected { background: $chosen; color: $ink; font-weight: 600; }
QListView#candidates { background: $paper; border: 1px solid $line; border-radius: 6px; }
QListView#candidates:focus { border: 2px solid $accent; }
QListView#candidates::item { padding: 6px 8px; border-bottom: 1px solid $line; color: $ink; }
QListView#candidates::item:selected { background: $chosen; color: $ink; }
QStatusBar { background: $raised; color: $ink; }
QStatusBar::item { border: none; }
QSplitter::handle { background: transparent; }
QMenuBar { background: $window; color: $ink; }
QMenuBar::item { padding: 4px 10px; background: transparent; }
QMenuBar::item:selected { background: $chosen; border-radius: 4px; }
QMenu { background: $paper; color: $ink; border: 1px solid $edge; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 20px; border-radius: 4px; }
QMenu::item:selected { background: $chosen; color: $ink; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
"""
