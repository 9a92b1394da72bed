"""How the window looks: palettes, spacing and icons. The only file with colours, and every pair of them is readable."""

import math
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from string import Template, ascii_lowercase
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetrics,
    QFontMetricsF,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import QApplication

from member_tracker.shipped import shipped
from ui.sheet import CONTRAST_SHEET, SHEET

if TYPE_CHECKING:
    from member_tracker.domain.vocabulary import State

TIGHT, GAP, ROOM, WIDE = 4, 8, 16, 24
NAV_WIDTH = 216
PLACE_ROOM = 8
THREE_PANES = 1200
FIELD_WIDTH = 460
FORM_WIDTH = 720
FIRST_SIZE = QSize(1366, 768)
FIND_WIDTH = 340
DIALOG_SIZE = QSize(620, 440)
_USUAL_HEIGHT = 18.5
SIZES = (16, 20, 24, 32, 48, 64)


class Scheme(StrEnum):
    """Which palette a person chose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


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
CONTRAST = Colours(
    window="#000000",
    paper="#000000",
    raised="#141414",
    line="#ffffff",
    edge="#ffffff",
    ink="#ffffff",
    quiet="#e6e6e6",
    accent="#ffd60a",
    on_accent="#000000",
    accent_ink="#8fd8ff",
    chosen="#00324f",
    late="#ffb3ad",
    soon="#ffd97a",
    good="#9df0b0",
    note="#2b2400",
    note_ink="#fff1b8",
    hint="#00263d",
    hint_ink="#d6f0ff",
    wrong="#3d0000",
)
_WORN = {Scheme.LIGHT: LIGHT, Scheme.DARK: DARK, Scheme.CONTRAST: CONTRAST}

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
    worn = _of_the_system() if scheme is Scheme.SYSTEM else scheme
    colours = _WORN[worn]
    app.setProperty("scheme", worn.value)
    app.setPalette(_palette(colours))
    sheet = _sheet(colours, app.font().pointSizeF(), CONTRAST_SHEET if worn is Scheme.CONTRAST else "")
    if sheet != app.styleSheet():  # putting on the same again would go through every widget
        app.setStyleSheet(sheet)


def colours() -> Colours:
    """The palette the program wears now."""
    app = QGuiApplication.instance()
    return _WORN[Scheme(app.property("scheme") or Scheme.LIGHT)] if app is not None else LIGHT


def letter(metrics: QFontMetrics) -> int:
    """How wide a letter is as words have them: what a font calls its average is too little for some."""
    return math.ceil(metrics.horizontalAdvance(ascii_lowercase) / len(ascii_lowercase))


def scaled(width: int) -> int:
    """A width in the measure of the text: wider where the text is larger than usual."""
    return round(width * max(1.0, QFontMetricsF(QGuiApplication.font()).height() / _USUAL_HEIGHT))


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


def tray_icon() -> QIcon:
    """The program's icon on a disc of its own, so that it is seen on a light and on a dark panel."""
    made = QIcon()
    for size in SIZES:
        picture = QPixmap(QSize(size, size))
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(LIGHT.on_accent))
        painter.setBrush(QColor(LIGHT.accent))
        painter.drawEllipse(1, 1, size - 2, size - 2)
        inside = size * 3 // 5
        _icon("app", LIGHT.on_accent).paint(painter, (size - inside) // 2, (size - inside) // 2, inside, inside)
        painter.end()
        made.addPixmap(picture)
    return made


@cache
def _icon(name: str, colour: str) -> QIcon:
    from PySide6.QtSvg import QSvgRenderer

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


def _of_the_system() -> Scheme:
    """What the system asks for: high contrast before light or dark."""
    hints = QGuiApplication.styleHints()
    if hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast:
        return Scheme.CONTRAST
    return Scheme.DARK if hints.colorScheme() is Qt.ColorScheme.Dark else Scheme.LIGHT


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


_SIZES = {"name_points": 1.6, "title_points": 1.7, "heading_points": 1.15, "choice_points": 1.3}


def _sheet(wear: Colours, points: float, more: str = "") -> str:
    """The style sheet in these colours, its letters larger or smaller with the program's own."""
    sizes = {name: f"{points * factor:.1f}" for name, factor in _SIZES.items()}
    is_light = wear is LIGHT
    for drawing, shade in (("tick", "light" if is_light else "dark"), ("down", "dark" if is_light else "light")):
        sizes[drawing] = str(shipped("icons", f"{drawing}_{shade}.svg")).replace("\\", "/")
    return Template(SHEET + more).substitute(asdict(wear) | sizes)
