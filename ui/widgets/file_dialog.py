"""Asking for a file or a folder: a dialog that is opened, never waited in, and gone once it is closed.

Each of these makes the dialog and gives it back, for whoever asks to say more (filters, a suffix) and to open it.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def a_file(beside: QWidget, title: str, *, name: str, then: Callable[[str], object]) -> QFileDialog:
    """Asks for a file that is there."""
    made = _made(beside, title, name, QFileDialog.FileMode.ExistingFile)
    made.fileSelected.connect(then)
    return made


def some_files(beside: QWidget, title: str, *, name: str, then: Callable[[list[str]], object]) -> QFileDialog:
    """Asks for files that are there."""
    made = _made(beside, title, name, QFileDialog.FileMode.ExistingFiles)
    made.filesSelected.connect(then)
    return made


def a_folder(beside: QWidget, title: str, *, name: str, then: Callable[[str], object]) -> QFileDialog:
    """Asks for a folder that is there."""
    made = _made(beside, title, name, QFileDialog.FileMode.Directory)
    made.setOption(QFileDialog.Option.ShowDirsOnly)
    made.fileSelected.connect(then)
    return made


def a_new_file(beside: QWidget, title: str, *, name: str, suggested: str, then: Callable[[str], object]) -> QFileDialog:
    """Asks where to write a file; of one that is there the dialog asks by itself whether to replace it.

    `suggested` is a name, or a path whose folder the dialog begins in: a system's own dialog takes only a name from it.
    """
    made = _made(beside, title, name, QFileDialog.FileMode.AnyFile)
    made.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    if (place := Path(suggested)).is_absolute():
        made.setDirectory(str(place.parent))
    made.selectFile(place.name)
    made.fileSelected.connect(then)
    return made


def _made(beside: QWidget, title: str, name: str, mode: QFileDialog.FileMode) -> QFileDialog:
    made = QFileDialog(beside.window(), title)
    made.setObjectName(name)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    made.setFileMode(mode)
    return made
