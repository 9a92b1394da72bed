"""Asks for the password of a mailbox that is set up; it is gone from the field once it was used."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QLineEdit

from member_tracker.domain.errors import TrackerError
from member_tracker.domain.mailboxes import MailboxAccount
from ui import look
from ui.language import tr
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.parts import buddy, button, column, empty, label, row


class PasswordForm(QFrame):
    """`wanted` carries the password that was typed."""

    wanted = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("passwordForm")
        self._title = label(name="passwordTitle", kind="title")
        self._summary = ErrorSummary("passwordErrors")
        self._field = QLineEdit()
        self._field.setObjectName("signInPassword")
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setMaximumWidth(look.FIELD_WIDTH)
        self._label = buddy(tr("&Password"), self._field)
        self._go = button(tr("&Sign in"), self._say, name="passwordGo", kind="first")
        self._back = button(tr("&Back"), self.left.emit, name="passwordBack", tip="Esc")
        self._field.returnPressed.connect(self._say)
        self.setLayout(
            column(
                self._title,
                self._summary,
                self._label,
                self._field,
                row(self._go, self._back, None),
                None,
                gap=look.GAP + look.TIGHT,
            )
        )

    def begin(self, account: MailboxAccount) -> None:
        """Ask for the password of whoever signs in to this mailbox."""
        self._title.setText(tr("Sign in again to {address}").format(address=account.address))
        self._label.setText(tr("&Password of {signs_in_as}").format(signs_in_as=account.signs_in_as).replace("&&", "&"))
        self._summary.tell(())
        self.forget()

    def refuse(self, error: TrackerError) -> None:
        """Show why it did not open the mailbox."""
        self._summary.tell([Wrong(words=error.title, advice=error.advice, field=self._field)])

    def forget(self) -> None:
        """Nothing secret stays in a field that is not seen."""
        empty(self._field)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the field."""
        super().focusInEvent(event)
        self._field.setFocus(event.reason())

    def _say(self) -> None:
        password = self._field.text()
        self.forget()
        if password:
            self._summary.tell(())
            self.wanted.emit(password)
        else:
            self._summary.tell([Wrong(words=tr("Type the password."), field=self._field)])
