"""What has changed, told to screens: the store announces on a worker's thread, screens hear it on the GUI thread."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

if TYPE_CHECKING:
    from member_tracker.domain.change import ChangeSet


class News(QObject):
    """One signal for every change that was kept, whoever made it."""

    changed = Signal(object)
    _heard = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heard.connect(self.changed, Qt.ConnectionType.QueuedConnection)

    def hear(self, change: "ChangeSet") -> None:
        """Pass a change on; called from any thread, and heard later on the GUI thread."""
        self._heard.emit(change)
