"""A page of the window: asks again when what it shows has changed, at once where it is seen, else when it is."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from member_tracker.domain.change import ChangeSet, RecordKind
from ui.desk import Desk

_TOGETHER_MS = 60


class Page(QWidget):
    """A screen that shows kept records of some kinds; `ask` is written by each and puts its questions."""

    kinds: tuple[RecordKind, ...] = ()

    def __init__(self, desk: Desk, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.desk = desk
        self._stale = True
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_TOGETHER_MS)
        self._soon.timeout.connect(self.refresh)
        desk.news.changed.connect(self._hear)
        desk.opened.connect(self.refresh)

    def ask(self) -> None:
        """Put the questions whose answers this page shows."""
        raise NotImplementedError

    def panes(self) -> list[QWidget]:
        """The parts of the page that F6 goes round, in order."""
        return []

    def refresh(self) -> None:
        """Ask now if the page is seen, else when it next is."""
        if self.isVisible() and self.desk.is_open:
            self._stale = False
            self.ask()
        else:
            self._stale = True

    def showEvent(self, event: QShowEvent) -> None:
        """Ask again where something changed while the page was not seen."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _hear(self, change: ChangeSet) -> None:
        if change.touches(*self.kinds):
            self._stale = True
            if self.isVisible():
                self._soon.start()
