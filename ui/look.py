"""How the window looks: palettes, spacing and icons. The only file with colours, and every pair of them is readable."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
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
    """The style sheet: shapes and sizes here, every colour from the palette."""
    return _words_and_frames(wear, points) + _controls(wear, points) + _lists_and_menus(wear)


def _words_and_frames(wear: Colours, points: float) -> str:
    return f"""
    QWidget#navigation {{ background: {wear.raised}; }}
    QWidget#navigation QLabel#programName {{ font-size: {points * 1.6:.1f}pt; font-weight: 600; color: {wear.ink}; }}
    QScrollArea, QScrollArea > QWidget > QWidget#scrolled {{ background: transparent; border: none; }}
    QScrollArea:focus {{ border: 1px solid {wear.accent}; border-radius: 4px; }}
    QLabel[kind="title"] {{ font-size: {points * 1.7:.1f}pt; font-weight: 600; }}
    QLabel[kind="heading"] {{ font-size: {points * 1.15:.1f}pt; font-weight: 600; }}
    QLabel[kind="quiet"] {{ color: {wear.quiet}; }}
    QLabel[kind="wrong"] {{ color: {wear.late}; }}
    QLabel[kind="heading"] {{ padding-top: 6px; }}
    QLabel[kind="badge"] {{ border: 1px solid {wear.edge}; border-radius: 4px; padding: 1px 7px; font-weight: 600; }}
    QLabel[tone="late"] {{ color: {wear.late}; border-color: {wear.late}; }}
    QLabel[tone="soon"] {{ color: {wear.soon}; border-color: {wear.soon}; }}
    QLabel[tone="good"] {{ color: {wear.good}; border-color: {wear.good}; }}
    QLabel[tone="quiet"] {{ color: {wear.quiet}; }}
    QFrame[kind="card"] {{ background: {wear.paper}; border: 1px solid {wear.line}; border-radius: 6px; }}
    QFrame[kind="entry"] {{ background: {wear.paper}; border: 1px solid {wear.line}; border-radius: 6px; }}
    QFrame[kind="sent"] {{ background: {wear.paper}; border: 1px solid {wear.line};
        border-right: 4px solid {wear.accent}; border-radius: 6px; }}
    QFrame[kind="mail"] {{ background: {wear.paper}; border: 1px solid {wear.line};
        border-left: 4px solid {wear.accent}; border-radius: 6px; }}
    QFrame[kind="note"] {{ background: {wear.note}; border: 2px dashed {wear.note_ink}; border-radius: 0; }}
    QFrame[kind="note"] QLabel {{ color: {wear.note_ink}; }}
    QFrame[kind="hint"] {{ background: {wear.hint}; border: 1px solid {wear.accent}; border-radius: 6px; }}
    QFrame[kind="hint"] QLabel {{ color: {wear.hint_ink}; }}
    QFrame[kind="wrong"] {{ background: {wear.wrong}; border: 2px solid {wear.late}; border-radius: 6px; }}
    """


def _controls(wear: Colours, points: float) -> str:
    return f"""
    QPushButton {{ padding: 5px 12px; min-height: 20px; border: 1px solid {wear.edge}; border-radius: 5px;
        background: {wear.paper}; color: {wear.ink}; }}
    QPushButton:hover {{ background: {wear.chosen}; }}
    QPushButton:focus {{ border: 2px solid {wear.accent}; padding: 4px 11px; }}
    QPushButton:disabled {{ color: {wear.edge}; border-color: {wear.line}; }}
    QPushButton:checked {{ background: {wear.chosen}; }}
    QPushButton[kind="first"] {{ background: {wear.accent}; color: {wear.on_accent}; border-color: {wear.accent};
        font-weight: 600; }}
    QPushButton[kind="first"]:focus {{ border: 2px solid {wear.ink}; }}
    QPushButton[kind="first"]:disabled {{ background: {wear.raised}; color: {wear.edge}; border-color: {wear.line}; }}
    QPushButton[kind="link"] {{ background: transparent; border: 1px solid transparent; color: {wear.accent_ink};
        text-align: left; padding: 2px 4px; text-decoration: underline; }}
    QPushButton[kind="link"]:focus {{ border: 2px solid {wear.accent}; padding: 1px 3px; }}
    QPushButton[kind="choice"] {{ text-align: left; padding: 14px 18px; font-weight: 600;
        font-size: {points * 1.3:.1f}pt; }}
    QPushButton[kind="choice"]:focus {{ padding: 13px 17px; }}
    QLineEdit, QPlainTextEdit {{ border: 1px solid {wear.edge}; border-radius: 4px; padding: 4px 6px;
        background: {wear.paper}; color: {wear.ink}; selection-background-color: {wear.accent};
        selection-color: {wear.on_accent}; }}
    QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {wear.accent}; padding: 3px 5px; }}
    """


def _lists_and_menus(wear: Colours) -> str:
    return f"""
    QTableView {{ background: {wear.paper}; border: 1px solid {wear.line}; border-radius: 6px;
        gridline-color: {wear.line}; selection-background-color: {wear.chosen}; selection-color: {wear.ink}; }}
    QTableView:focus {{ border: 2px solid {wear.accent}; }}
    QTableView::item {{ padding: 2px 6px; border-bottom: 1px solid {wear.line}; }}
    QTableView::item:selected {{ background: {wear.chosen}; color: {wear.ink}; }}
    QHeaderView::section {{ background: {wear.window}; color: {wear.quiet}; border: none;
        border-bottom: 1px solid {wear.line}; padding: 5px 8px; font-weight: 600; }}
    QListView#places {{ background: transparent; border: 2px solid transparent; outline: none; }}
    QListView#places:focus {{ border: 2px solid {wear.accent}; border-radius: 6px; }}
    QListView#places::item {{ padding: 7px 8px; border-radius: 5px; color: {wear.ink}; }}
    QListView#places::item:selected {{ background: {wear.chosen}; color: {wear.ink}; font-weight: 600; }}
    QListView#candidates {{ background: {wear.paper}; border: 1px solid {wear.line}; border-radius: 6px; }}
    QListView#candidates:focus {{ border: 2px solid {wear.accent}; }}
    QListView#candidates::item {{ padding: 6px 8px; border-bottom: 1px solid {wear.line}; color: {wear.ink}; }}
    QListView#candidates::item:selected {{ background: {wear.chosen}; color: {wear.ink}; }}
    QStatusBar {{ background: {wear.raised}; color: {wear.ink}; }}
    QStatusBar::item {{ border: none; }}
    QSplitter::handle {{ background: transparent; }}
    QMenuBar {{ background: {wear.window}; color: {wear.ink}; }}
    QMenuBar::item {{ padding: 4px 10px; background: transparent; }}
    QMenuBar::item:selected {{ background: {wear.chosen}; border-radius: 4px; }}
    QMenu {{ background: {wear.paper}; color: {wear.ink}; border: 1px solid {wear.edge}; padding: 4px; }}
    QMenu::item {{ padding: 5px 24px 5px 20px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {wear.chosen}; color: {wear.ink}; }}
    QMenu::separator {{ height: 1px; background: {wear.line}; margin: 4px 8px; }}
    """
