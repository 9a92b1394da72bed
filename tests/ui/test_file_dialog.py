"""Dialogs for files: each asks for what it is named after, tells what was chosen, and is gone once it is closed."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from ui.picture import wait_until
from ui.widgets.file_dialog import a_file, a_folder, a_new_file, some_files

Asks = Callable[..., QFileDialog]
KINDS: dict[str, tuple[Asks, dict[str, Any]]] = {
    "a file": (a_file, {}),
    "files": (some_files, {}),
    "a folder": (a_folder, {}),
    "a new file": (a_new_file, {"suggested": "letter.pdf"}),
}


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@contextmanager
def opened(window: QWidget, kind: str, chosen: list[object]) -> Iterator[QFileDialog]:
    ask, how = KINDS[kind]
    dialog = ask(window, "Choose", name="chooser", then=chosen.append, **how)
    dialog.open()
    yield dialog
    wait_until(lambda: not shiboken6.isValid(dialog))
    assert window.findChild(QFileDialog) is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", [QDialog.reject, QWidget.close])
def test_one_that_is_closed_is_gone_and_says_nothing(
    window: QWidget, kind: str, how: Callable[[QFileDialog], object]
) -> None:
    chosen: list[object] = []
    with opened(window, kind, chosen) as dialog:
        assert (dialog.objectName(), dialog.windowTitle()) == ("chooser", "Choose")
        how(dialog)
    assert chosen == []


def test_what_is_chosen_is_told_and_the_dialog_gone(window: QWidget, tmp_path: Path) -> None:
    there = tmp_path / "there.csv"
    there.touch()
    wanted: dict[str, tuple[Path, object]] = {
        "a file": (there, str(there)),
        "files": (there, [str(there)]),
        "a folder": (tmp_path, str(tmp_path)),
        "a new file": (tmp_path / "new.pdf", str(tmp_path / "new.pdf")),
    }
    for kind, (path, said) in wanted.items():
        chosen: list[object] = []
        with opened(window, kind, chosen) as dialog:
            dialog.setDirectory(str(tmp_path))
            dialog.selectFile(str(path))
            dialog.accept()
        assert chosen == [said], kind


def test_a_new_file_begins_with_the_name_suggested(window: QWidget) -> None:
    with opened(window, "a new file", []) as dialog:
        assert [Path(each).name for each in dialog.selectedFiles()] == ["letter.pdf"]
        assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
        dialog.reject()


def test_a_new_file_may_begin_in_a_folder(window: QWidget, tmp_path: Path) -> None:
    dialog = a_new_file(window, "Save", name="chooser", suggested=str(tmp_path / "report.txt"), then=print)
    assert Path(dialog.directory().absolutePath()) == tmp_path
    assert [Path(each) for each in dialog.selectedFiles()] == [tmp_path / "report.txt"]


def test_no_other_part_of_the_window_makes_one(repository: Path) -> None:
    makers = [
        file.relative_to(repository).as_posix()
        for file in (repository / "ui").rglob("*.py")
        if re.search(r"QFileDialog[(.]", file.read_text(encoding="utf-8"))
    ]
    assert makers == ["ui/widgets/file_dialog.py"]
