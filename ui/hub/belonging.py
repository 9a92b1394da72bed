"""The hub this computer belongs to: how it stands, and the way out."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame

from member_tracker.services.hub_here import HubHere
from ui import look
from ui.hub_standing import HubStanding
from ui.language import tr
from ui.widgets.announce import announce
from ui.widgets.parts import button, column, label, row

_PART = tr(
    "Not everything has been fetched yet. It goes on by itself whenever there is a connection, from where it was."
)


class BelongingPart(QFrame):
    """`sync_wanted` asks to fall into step, `sign_out_wanted` for the way out."""

    sync_wanted = Signal()
    sign_out_wanted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("hubBelonging")
        self._said = label(name="hubSaid", kind="heading")
        self._note = label(name="hubNote")
        self._whose = label(name="hubWhose")
        self._words = label(name="hubWords", kind="strong")
        self._part = label(_PART, name="hubInPart")
        self._sync = button(tr("Fall into step &now"), self.sync_wanted.emit, name="hubSyncNow", kind="first", tip="F5")
        self._out = button(tr("&Sign out…"), self.sign_out_wanted.emit, name="hubSignOut")
        self._back = button(tr("&Back"), self.left.emit, name="hubBack", tip="Esc")
        for part in (self._said, self._note):
            part.hide()
        self.setLayout(
            column(
                label(tr("The hub"), name="hubTitle", kind="title"),
                self._said,
                self._note,
                self._words,
                self._part,
                self._whose,
                row(self._sync, self._out, self._back, None),
                None,
                gap=look.GAP + look.TIGHT,
            )
        )

    def show_here(self, here: HubHere) -> None:
        """Show which hub it is, and as whom."""
        person = f" ({here.person})" if here.person and here.person != here.login else ""
        self._whose.setText(
            tr("This computer belongs to the hub {hub}, as {login}{person}.").format(
                hub=here.hub, login=here.login, person=person
            )
        )
        self._part.setVisible(not here.is_whole)

    def show_standing(self, stands: HubStanding) -> None:
        """Say in a line how it stands."""
        self._words.setText(f"{stands.words}." if stands.words else "")

    def say(self, words: str, note: str = "") -> None:
        """Say what was done, and what is worth knowing of it."""
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._said.setText(words)
        self._said.setVisible(bool(words))
        if words:
            announce(self, f"{words} {note}".strip())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the first button."""
        super().focusInEvent(event)
        self._sync.setFocus(event.reason())
