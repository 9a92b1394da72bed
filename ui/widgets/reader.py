"""A window to read one text in: plain text only, whatever the mail was made of."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QWidget

from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from ui import look
from ui.language import tr
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
        close = buttons.addButton(tr("&Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("readerClose")
        heads = label(shown_text(heading), name="readerHeading")
        self.setLayout(column(heads, buddy(tr("&Text"), self._text), self._text, buttons, margin=look.ROOM))
        self.resize(680, 520)
        buttons.rejected.connect(self.reject)

    @classmethod
    def of_mail(cls, mail: ReceivedMail, parent: QWidget) -> "Reader":
        """A reader of a mail that came in."""
        sender = f"{mail.from_name} <{mail.from_address}>" if mail.from_name else mail.from_address
        return cls(
            tr("Mail received"),
            tr("From {sender}\n{subject}").format(sender=sender, subject=mail.subject),
            mail.text,
            parent.window(),
        )

    @classmethod
    def of_sent(cls, mail: QueuedMail, parent: QWidget, title: str = tr("Mail sent")) -> "Reader":
        """A reader of a mail of ours."""
        return cls(
            title,
            tr("To {to}\n{subject}").format(to=", ".join(mail.to), subject=mail.subject),
            mail.body,
            parent.window(),
        )
