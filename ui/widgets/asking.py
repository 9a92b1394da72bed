"""A small dialog that asks for one text, or shows one and asks whether to go on. It is opened, never waited in."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QWidget

from ui import look
from ui.language import tr
from ui.widgets.parts import buddy, column, label


class Asking(QDialog):
    """Asks for a text; `answered` carries it when somebody agrees, and nothing is sent when they do not.

    With `needed` the button to agree waits until something is typed; with `fixed` the text is only read.
    """

    answered = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        *,
        name: str,
        title: str,
        explanation: str,
        field: str,
        agree: str,
        text: str = "",
        needed: bool = False,
        fixed: bool = False,
    ) -> None:
        super().__init__(parent.window())
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._needed = needed
        self._text = QPlainTextEdit()
        self._text.setObjectName(f"{name}Text")
        self._text.setTabChangesFocus(True)
        self._text.setReadOnly(fixed)
        self._text.setPlainText(text)
        self._buttons = QDialogButtonBox()
        self._agree = self._buttons.addButton(agree, QDialogButtonBox.ButtonRole.AcceptRole)
        self._agree.setObjectName(f"{name}Agree")
        self._agree.setProperty("kind", "first")
        cancel = self._buttons.addButton(tr("&Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setObjectName(f"{name}Cancel")
        said = label(explanation, name=f"{name}Explanation")
        self.setLayout(column(said, buddy(field, self._text), self._text, self._buttons, margin=look.ROOM))
        self.resize(560, 380)
        self._text.textChanged.connect(self._allow)
        self._buttons.accepted.connect(self._answer)
        self._buttons.rejected.connect(self.reject)
        self._allow()
        self._text.setFocus()

    def _allow(self) -> None:
        self._agree.setEnabled(not self._needed or bool(self._text.toPlainText().strip()))

    def _answer(self) -> None:
        self.accept()
        self.answered.emit(self._text.toPlainText().strip())
