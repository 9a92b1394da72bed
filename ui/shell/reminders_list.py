"""The list of what needs somebody: a line for each enquiry by its reference, and why."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QListWidgetItem, QWidget

from member_tracker.services.reminders import About
from ui import look
from ui.language import tr
from ui.widgets.parts import buddy, column

if TYPE_CHECKING:
    from member_tracker.services.reminders import Reminder

_WHY = {
    About.OVERDUE: ("overdue", tr("is overdue")),
    About.DUE_TODAY: ("due_today", tr("is due today")),
    About.CAME_BACK: ("unmatched", tr("has a mail that came back, or may not have gone")),
    About.REPLY: ("reply", tr("has a reply that waits for you")),
    About.QUIET: ("due_soon", tr("has had no word from its service area for days")),
}


class RemindersList(QDialog):
    """Shows what needs somebody; `chosen` carries the id of the enquiry that is opened with Enter or a click."""

    chosen = Signal(str)

    def __init__(self, reminders: "Sequence[Reminder]", parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("remindersDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Reminders"))
        self._lines = QListWidget()
        self._lines.setObjectName("remindersLines")
        for reminder in reminders:
            icon, why = _WHY[reminder.about]
            for thing in reminder.things:
                line = QListWidgetItem(look.icon(icon), f"{thing.reference} {why}")
                line.setData(Qt.ItemDataRole.UserRole, thing.enquiry_id)
                self._lines.addItem(line)
        nothing = tr("&Nothing needs you now. What falls due or comes in is listed here.")
        heading = tr("&What needs you; Enter opens an enquiry") if self._lines.count() else nothing
        buttons = QDialogButtonBox()
        close = buttons.addButton(tr("&Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("remindersClose")
        self.setLayout(column(buddy(heading, self._lines), self._lines, buttons, margin=look.ROOM))
        self.resize(look.DIALOG_SIZE)
        self._lines.setCurrentRow(0)
        self._lines.itemActivated.connect(self._choose)
        self._lines.itemClicked.connect(self._choose)
        buttons.rejected.connect(self.reject)
        self._lines.setFocus()

    def _choose(self, line: QListWidgetItem) -> None:
        self.accept()
        self.chosen.emit(line.data(Qt.ItemDataRole.UserRole))
