"""A mail of the enquiry that waits on another computer: it says so, and can be sent from here instead."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QMessageBox

from member_tracker.domain.errors import TrackerError
from member_tracker.domain.mailbag import QueuedMail
from ui import look
from ui.desk import Desk
from ui.enquiries.reading import Opened
from ui.language import tr
from ui.widgets.announce import announce
from ui.widgets.parts import button, column, label, row
from ui.widgets.shown_text import shown_text

if TYPE_CHECKING:
    from member_tracker.app import App

_WAITS = tr("It was queued on another computer, and is sent from there once that is connected.")
_BEGUN = tr("The other computer has begun to send it. If that computer is gone for good, look in the mailbox first.")
_ASKING = tr("Asking the hub for it…")
_LOOKED = tr(
    "The other computer had begun to send this mail. Look into Sent Items of its mailbox first: if it lies there, it "
    "went, and must not be sent again."
)


class ElsewhereBar(QFrame):
    """Shows the first mail that waits elsewhere; hidden where none does."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("elsewhereBar")
        self.setProperty("kind", "hint")
        self._desk = desk
        self._mail: QueuedMail | None = None
        self._has_begun = False
        self._head = label(name="elsewhereHead", kind="heading")
        self._words = label(name="elsewhereWords")
        self._take = button(tr("Send it from here (&6)"), self._wanted, name="takeOver", icon="send")
        self.setLayout(column(self._head, self._words, row(self._take, None), margin=look.GAP + 4, gap=look.TIGHT + 2))
        self.hide()

    def show_opened(self, opened: Opened) -> None:
        """Show what waits elsewhere for this enquiry."""
        self._mail = opened.elsewhere[0] if opened.elsewhere else None
        self.setVisible(self._mail is not None)
        if self._mail is None:
            return
        self._has_begun = opened.has_begun
        self._take.setEnabled(True)
        self._head.setText(
            shown_text(tr("The mail to {to} waits on another computer").format(to=", ".join(self._mail.to)))
        )
        self._words.setText(_BEGUN if self._has_begun else _WAITS)

    def _wanted(self) -> None:
        if self._has_begun:
            self._ask_first()
        else:
            self._take_it()

    def _ask_first(self) -> None:
        """A mail sent twice cannot be called back, so whoever takes it says that they have looked."""
        box = QMessageBox(self.window())
        box.setObjectName("takeOverDialog")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(tr("Send it from here"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(tr("Are you sure that it did not go?"))
        box.setInformativeText(_LOOKED)
        agree = box.addButton(tr("It did &not go: send it from here"), QMessageBox.ButtonRole.AcceptRole)
        keep = box.addButton(tr("&Leave it there"), QMessageBox.ButtonRole.RejectRole)
        agree.setObjectName("takeOverAgree")
        keep.setObjectName("takeOverKeep")
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        agree.clicked.connect(self._take_it)
        box.open()

    def _take_it(self) -> None:
        """Agree with the hub that this computer sends it; the next round of mail does."""
        mail, though_begun = self._mail, self._has_begun
        if mail is None:
            return
        self._take.setEnabled(False)
        self._words.setText(_ASKING)
        announce(self, _ASKING)

        def deed(app: "App") -> object:
            from member_tracker.services.taking_over import take_over

            return take_over(app, mail.id, though_begun=though_begun)

        def refuse(error: TrackerError) -> None:
            self._take.setEnabled(True)
            self._words.setText(_BEGUN if though_begun else _WAITS)
            self._desk.jobs.refused.emit(error)

        self._desk.ask_outside(deed, owner=self, done=lambda _taken: self._desk.mail_wanted.emit(), failed=refuse)
