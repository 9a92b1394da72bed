"""The box at the top of the window: what is typed is looked for as soon as the typing pauses."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui import look
from ui.language import tr
from ui.widgets.parts import empty

PAUSE_MS = 25


class FindBox(QLineEdit):
    """`typed` carries the words once the typing pauses or at Enter, `into` asks for the results, `left` is Esc."""

    typed = Signal(str)
    into = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBox")
        self.setPlaceholderText(tr("Name, reference, street or words"))
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(look.FIND_WIDTH)
        self.setMaximumWidth(look.FIELD_WIDTH)
        self.setEnabled(False)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._say)
        self.textEdited.connect(lambda _text: self._pause.start())
        self.returnPressed.connect(self._go)

    def event(self, event: QEvent) -> bool:
        """Esc is for this box, whatever else it means in the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down goes into the results, Esc back to what was shown before."""
        if event.key() == Qt.Key.Key_Down:
            if self._pause.isActive():
                self._say()
            self.into.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self._pause.stop()
            empty(self)
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _go(self) -> None:
        self._say()
        self.into.emit()

    def _say(self) -> None:
        self._pause.stop()
        self.typed.emit(self.text().strip())
