"""A line that offers what fits while one types: Down and Enter choose, typing on leaves the list alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QCompleter, QLineEdit

_WORDS = Qt.ItemDataRole.UserRole + 1
_KEY = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something to choose: what the list says, what the line says once it is chosen, and what it is known by."""

    line: str
    words: str
    key: str = ""


class TypeAhead(QLineEdit):
    """Offers what fits the words typed; `chosen` carries the key of what was chosen from the list.

    What fits is what `find` gives at once, or else what is put to `offer` once it has been looked up.
    """

    chosen = Signal(str)

    def __init__(self, name: str, example: str, find: Callable[[str], Sequence[Choice]] | None = None) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setPlaceholderText(example)
        self._model = QStandardItemModel(self)
        completer = QCompleter(self._model, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCompletionRole(_WORDS)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        if find is not None:
            self.textEdited.connect(lambda typed: self._fill(find(typed)))
        completer.activated[QModelIndex].connect(self._choose)  # type: ignore[index]  # the overload of that type

    @property
    def list(self) -> QAbstractItemView | None:
        """The list of what fits, once there was one."""
        return self.completer().popup()

    @property
    def is_choosing(self) -> bool:
        """Whether a line of the list is about to be chosen by Enter."""
        return self.list is not None and self.list.isVisible() and self.list.currentIndex().isValid()

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer these now, in a list below the line while the keyboard is in it."""
        if not choices and self.list is not None:
            self.list.hide()
        self._fill(choices)
        if choices and self.hasFocus():
            self.completer().complete()

    def _fill(self, choices: Sequence[Choice]) -> None:
        self._model.clear()
        for choice in choices:
            item = QStandardItem(choice.line)
            item.setData(choice.words, _WORDS)
            item.setData(choice.key, _KEY)
            self._model.appendRow(item)

    def _choose(self, index: QModelIndex) -> None:
        # The completer puts its words into the line only after it has said what was chosen.
        words, key = str(index.data(_WORDS)), str(index.data(_KEY))
        QTimer.singleShot(0, self, lambda: self._take(words, key))

    def _take(self, words: str, key: str) -> None:
        self.setText(words)
        self.chosen.emit(key)
