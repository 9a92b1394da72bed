"""A window to read one text in: plain text only, whatever the mail was made of."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QWidget

from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from ui import look
from ui.widgets.parts import buddy, column, label
from ui.widgets.shown_text import shown_text


class Reader(QDialog):
    """Shows a heading and a text; Esc closes it."""

    def __init__(self, title: str, heading: str, text: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName("reader")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._text = QPlainTextEdit()
        self._text.setObjectName("readerText")
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setPlainText(shown_text(text))
        buttons = QDialogButtonBox()
        close = buttons.addButton("&Close", QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("readerClose")
        heads = label(shown_text(heading), name="readerHeading")
        self.setLayout(column(heads, buddy("&Text", self._text), self._text, buttons, margin=look.ROOM))
        self.resize(680, 520)
        buttons.rejected.connect(self.reject)

    @classmethod
    def of_mail(cls, mail: ReceivedMail, parent: QWidget) -> "Reader":
        """A reader of a mail that came in."""
        sender = f"{mail.from_name} <{mail.from_address}>" if mail.from_name else mail.from_address
        return cls("Mail received", f"From {sender}\n{mail.subject}", mail.text, parent.window())

    @classmethod
    def of_sent(cls, mail: QueuedMail, parent: QWidget, title: str = "Mail sent") -> "Reader":
        """A reader of a mail of ours."""
        return cls(title, f"To {', '.join(mail.to)}\n{mail.subject}", mail.body, parent.window())
