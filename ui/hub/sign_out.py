"""Signing out of the hub: what leaves this computer, and a copy of everything first where something was not sent."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from member_tracker.domain.errors import TrackerError
from member_tracker.services.hub_here import HubHere
from ui import look
from ui.language import tr
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.file_dialog import a_folder
from ui.widgets.parts import buddy, button, column, label, row

_WHAT = tr(
    "Everything that came from the hub leaves this computer, and the password is forgotten. At the hub nothing "
    "changes, and you can join it again."
)
_COPY = tr("A copy of everything can be written first into a new folder, in forms that other programs read.")
_MUST_COPY = tr(
    "Fall into step and send your mail first, or have a copy of everything written into a new folder: what was not "
    "sent is then there, and nowhere else."
)


class SignOutPart(QFrame):
    """`wanted` carries the folder for a copy, None for no copy."""

    wanted = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("hubSigningOut")
        self._must_copy = False
        self._summary = ErrorSummary("signOutErrors")
        self._waits = label(name="signOutWaits", kind="strong")
        self._copy = label(name="signOutCopy")
        self._folder = QLineEdit()
        self._folder.setObjectName("signOutFolder")
        self._folder.setPlaceholderText(tr("No copy"))
        self._folder.setMaximumWidth(look.FORM_WIDTH)
        self._browse = button(tr("B&rowse…"), self._look_for_folder, name="signOutBrowse")
        self._go = button(tr("Sign &out"), self._say, name="signOutGo", kind="first")
        self._back = button(tr("&Back"), self.left.emit, name="signOutBack", tip="Esc")
        self._folder.returnPressed.connect(self._say)
        where = QWidget()
        where.setMaximumWidth(look.FORM_WIDTH)
        where.setLayout(row(buddy(tr("New fol&der"), self._folder), self._folder, self._browse))
        self.setLayout(
            column(
                label(tr("Sign out of the hub"), name="signOutTitle", kind="title"),
                label(_WHAT, name="signOutWords"),
                self._summary,
                self._waits,
                self._copy,
                where,
                row(self._go, self._back, None),
                None,
                gap=look.GAP + look.TIGHT,
            )
        )

    def begin(self, here: HubHere, today: date) -> None:
        """Say what waits, and offer a folder for the copy where one is needed."""
        self._must_copy = here.unsent.is_any
        self._waits.setText(here.unsent.sentence)
        self._waits.setVisible(self._must_copy)
        self._copy.setText(_MUST_COPY if self._must_copy else _COPY)
        usual = Path.home() / f"Member Tracker {today:%Y-%m-%d}"
        self._folder.setText(str(usual) if self._must_copy else "")
        self._summary.tell(())

    def refuse(self, error: TrackerError) -> None:
        """Show why nothing was done."""
        self._summary.tell([Wrong(words=error.title, advice=error.advice, field=self._folder)])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the folder."""
        super().focusInEvent(event)
        self._folder.setFocus(event.reason())

    def _say(self) -> None:
        said = self._folder.text().strip()
        if self._must_copy and not said:
            words = tr("Name a new folder for the copy, or go back and send first what waits.")
            self._summary.tell([Wrong(words=words, field=self._folder)])
            return
        self._summary.tell(())
        self.wanted.emit(Path(said).expanduser().absolute() if said else None)

    def _look_for_folder(self) -> None:
        """Look for the folder the new one is to lie in; the dialog is opened, not waited in."""
        name = Path(self._folder.text().strip()).name or "Member Tracker"
        a_folder(
            self,
            tr("Where the copy is to lie"),
            name="copyDialog",
            then=lambda chosen: self._folder.setText(str(Path(chosen) / name)),
        ).open()
