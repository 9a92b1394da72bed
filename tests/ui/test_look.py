"""Every ink can be read on everything it is put on, in light and in dark."""

import re
from itertools import product
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from member_tracker.domain.vocabulary import State
from member_tracker.shipped import shipped
from ui import look
from ui.look import CONTRAST, DARK, LIGHT, Colours, Scheme
from ui.places import Place
from ui.sheet import SHEET

PALETTES = pytest.mark.parametrize("colours", [LIGHT, DARK, CONTRAST], ids=["light", "dark", "contrast"])
TEXT, ENHANCED, SHAPE = 4.5, 7.0, 3.0


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    ink = QColor(colour)
    parts = (ink.redF(), ink.greenF(), ink.blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4) for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@PALETTES
@pytest.mark.parametrize("ink", ["ink", "quiet", "accent_ink", "late", "soon", "good"])
@pytest.mark.parametrize("ground", ["window", "paper", "raised"])
def test_every_ink_can_be_read_on_every_ground(colours: Colours, ink: str, ground: str) -> None:
    needed = ENHANCED if colours is CONTRAST else TEXT
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= needed


@PALETTES
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("on_accent", "accent"),
        ("ink", "chosen"),
        ("late", "chosen"),
        ("note_ink", "note"),
        ("hint_ink", "hint"),
        ("ink", "wrong"),
        ("late", "wrong"),
        ("accent_ink", "wrong"),
        ("late", "hint"),
    ],
)
def test_every_ink_can_be_read_on_the_grounds_of_its_own(colours: Colours, ink: str, ground: str) -> None:
    needed = ENHANCED if colours is CONTRAST else TEXT
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= needed


@PALETTES
@pytest.mark.parametrize(("edge", "ground"), list(product(["edge", "accent"], ["window", "paper"])))
def test_the_edges_of_fields_and_of_the_focus_can_be_seen(colours: Colours, edge: str, ground: str) -> None:
    assert contrast(getattr(colours, edge), getattr(colours, ground)) >= SHAPE


@pytest.mark.parametrize(
    ("scheme", "expected"), [(Scheme.LIGHT, LIGHT), (Scheme.DARK, DARK), (Scheme.CONTRAST, CONTRAST)]
)
def test_a_chosen_palette_is_worn_whatever_the_system_says(
    qapp: QApplication, scheme: Scheme, expected: Colours
) -> None:
    look.dress(qapp, scheme)
    assert look.colours() is expected
    assert qapp.palette().color(QPalette.ColorRole.WindowText).name() == expected.ink


@pytest.mark.parametrize(
    ("contrast", "scheme", "expected"),
    [
        (Qt.ContrastPreference.HighContrast, Qt.ColorScheme.Light, CONTRAST),
        (Qt.ContrastPreference.NoPreference, Qt.ColorScheme.Dark, DARK),
        (Qt.ContrastPreference.NoPreference, Qt.ColorScheme.Unknown, LIGHT),
    ],
)
def test_the_systems_wish_is_followed_high_contrast_before_light_and_dark(
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    contrast: Qt.ContrastPreference,
    scheme: Qt.ColorScheme,
    expected: Colours,
) -> None:
    hints = SimpleNamespace(
        accessibility=lambda: SimpleNamespace(contrastPreference=lambda: contrast), colorScheme=lambda: scheme
    )
    monkeypatch.setattr(QGuiApplication, "styleHints", lambda: hints)
    look.dress(qapp, Scheme.SYSTEM)
    assert look.colours() is expected


def test_an_icon_takes_the_ink_of_the_palette_that_is_worn(qapp: QApplication) -> None:
    for scheme, colours in ((Scheme.LIGHT, LIGHT), (Scheme.CONTRAST, CONTRAST)):
        look.dress(qapp, scheme)
        drawn = look.icon("reports").pixmap(64, 64).toImage()
        inks = {
            drawn.pixelColor(x, y).name() for x in range(64) for y in range(64) if drawn.pixelColor(x, y).alpha() == 255
        }
        assert inks == {colours.ink}


def test_every_state_and_every_place_has_an_icon_of_its_own(qapp: QApplication) -> None:
    look.dress(qapp, Scheme.LIGHT)
    names = [*(state.value for state in State), *(place.value for place in Place)]
    drawings = {name: shipped("icons", f"{name}.svg").read_text(encoding="utf-8") for name in names}
    assert not look.state_icon(State.OVERDUE).isNull()
    states = [drawings[state.value] for state in State if state is not State.OVERDUE]
    assert len(set(states)) == len(states)
    assert all("currentColor" in drawing for drawing in drawings.values())


@pytest.mark.parametrize(
    "part",
    ['QPushButton[kind="first"]', 'QPushButton[kind="link"]', "QLineEdit", "QTableView", "QListView#places", "QMenu",
     'QFrame[kind="note"]', "QStatusBar"],
)  # fmt: skip
def test_every_part_of_the_window_is_dressed(part: str) -> None:
    assert re.search(rf"^{re.escape(part)}[ ,]", SHEET, re.MULTILINE)
