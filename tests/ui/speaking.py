"""Starts the window in a translation, goes to every page, and prints what it shows in English all the same."""

import json
import re
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, Qt, qInstallMessageHandler
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from installer.translations import SHOWN
from ui import app, language

ROOT = Path(__file__).resolve().parents[2]
BRACKETS = re.compile(r"⟦[^⟦⟧]*⟧")
FIELD = re.compile(r"\{[^{}]*\}")
FEWEST_LETTERS = 8
"""Of words around a value there must be so many letters, else they are found in everything."""


def main(folder: Path, profile: Path) -> None:
    """Print as JSON what is shown in English, and what is not."""
    language.FOLDER = folder
    application = app.application()
    # only now, as when the program starts: words are read when a module is imported
    from member_tracker.profile import Profile
    from tests.desktop.pictures import open_window, pass_on, screens
    from ui.help_text import shown_page
    from ui.look import Scheme
    from ui.picture import USUAL, settle

    qInstallMessageHandler(pass_on)
    running = open_window(application, Profile(folder=profile), Scheme.LIGHT, USUAL)
    seen: set[str] = set()
    for step in screens().values():
        step(running)
        settle(running.desk.jobs)
        dialogs = [each for each in application.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]
        for window in dialogs or filter(None, [shown_page(running.window)]):
            seen.update(shown_in(window))
        for dialog in dialogs:
            dialog.reject()
    for window in application.topLevelWidgets():
        seen.update(shown_in(window))
    named = sorted({each.objectName() for each in application.allWidgets() if "⟦" in each.objectName()})
    running.stop()
    is_english = partial(says_english, *words_of_the_window(folder / f"member_tracker_{language.spoken()}.ts"))
    english = sorted(text for text in seen if is_english(text))
    translated = sorted(text for text in seen if "⟦" in text)
    sys.stdout.write(json.dumps({"english": english, "named": named, "translated": translated}))


def shown_in(window: QWidget) -> Iterator[str]:
    """What a window says to eyes and ears, in what is shown and in what may be."""
    yield window.windowTitle()
    for action in window.findChildren(QAction):
        yield action.text()
    for widget in [window, *window.findChildren(QWidget)]:
        if widget.objectName().startswith("qt_"):
            continue  # parts of Qt's own, which has translations of its own
        yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        if isinstance(widget, QLineEdit | QPlainTextEdit):
            yield widget.placeholderText()
        if isinstance(widget, QComboBox):
            yield from (widget.itemText(number) for number in range(widget.count()))
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from _in_model(widget.model())


def _in_model(model: QAbstractItemModel) -> Iterator[str]:
    for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount()):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(min(model.rowCount(), 20)):
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
                yield str(model.index(row, column).data(role) or "")


def words_of_the_window(translation: Path) -> tuple[set[str], list[tuple[str, re.Pattern[str]]]]:
    """What is written in `ui/`: the words alone that the domain says nowhere, and those around values as patterns."""
    sources = {message.findtext("source") or "" for message in ET.parse(translation).iter("message")}
    around = []
    for source in sources:
        pieces = FIELD.split(_bare(source))
        if len(pieces) > 1 and len(re.findall("[A-Za-z]", "".join(pieces))) >= FEWEST_LETTERS:
            pattern = re.compile(".+".join(map(re.escape, pieces)), re.DOTALL)
            around.append((max(pieces, key=len), pattern))
    domain = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "member_tracker").rglob("*.py"))
    alone = {_bare(source) for source in sources if not FIELD.search(source)}
    fixed = {word.words for kind in SHOWN for word in kind}
    return {words for words in alone - fixed if f'"{words}"' not in domain}, around


def says_english(alone: set[str], around: list[tuple[str, re.Pattern[str]]], text: str) -> bool:
    """Whether anything in it that stands outside the brackets is written in `ui/`."""
    rest = _bare(text)
    while BRACKETS.search(rest):
        rest = BRACKETS.sub("\0", rest)
    parts = {part.strip(" \n’·–,;:()") for part in (rest, *rest.split("\0"))} - {""}
    return bool(parts & alone) or any(
        pattern.fullmatch(part) for part in parts for piece, pattern in around if piece in part
    )


def _bare(words: str) -> str:
    return words.replace("&", "").strip()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
