"""A page of the window: asks again when what it shows has changed, at once where it is seen, else when it is."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from member_tracker.domain.change import ChangeSet, RecordKind
from ui.desk import Desk

if TYPE_CHECKING:
    from ui.deeds import Deed, Doing

_TOGETHER_MS = 60


class Page(QWidget):
    """A screen that shows kept records of some kinds; `ask` is written by each and puts its questions.

    `left` says that somebody goes back to where they came from, `place_wanted` that they go to a place; `titled`
    carries what the window's title is to add: a reference or a count, never anybody's name.
    """

    kinds: tuple[RecordKind, ...] = ()
    left = Signal()
    place_wanted = Signal(object)
    titled = Signal(str)

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

    def deeds(self) -> "Doing":
        """What of the menus can be done here now, and how."""
        return {}

    def why_not(self, deed: "Deed") -> str:
        """Why that cannot be done to what is shown here; empty where what the deed itself says will do."""
        del deed
        return ""

    def show_about(self, what: object) -> None:
        """Show what `Desk.page_wanted` brought: what that is, each page says for itself."""

    def back(self) -> bool:
        """Esc: go back inside the page; whether there was anywhere to go back to in here."""
        return False

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
