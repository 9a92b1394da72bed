"""A strip across the top for the hub: what somebody must know or do at once; it goes by itself."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QWidget

from ui import look
from ui.hub_standing import HubStanding
from ui.language import tr
from ui.widgets.announce import announce
from ui.widgets.parts import buddy, button, column, empty, label, row

if TYPE_CHECKING:
    from member_tracker.services.hub_health import Banner


class HubBanner(QFrame):
    """One strip with a title and advice for each thing that is wrong; `try_wanted` asks to fall into step now.

    Where the hub asks for a password it is typed here; `sign_in_wanted` carries it, and it is gone from the field.
    """

    try_wanted = Signal()
    sign_in_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hubBanner")
        self.setProperty("kind", "wrong")
        self._shown: tuple[Banner, ...] = ()
        self._lines: list[QLabel] = []
        self._words = column(gap=2)
        self._deed = button(tr("Fall into step now (&9)"), self.try_wanted.emit, name="fallIntoStep", tip="F5")
        self._password = QLineEdit()
        self._password.setObjectName("hubPassword")
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._password.returnPressed.connect(self._sign_in)
        self._label = buddy(tr("Password at the hub (&8)"), self._password)
        self._in = button(tr("Sign in (&7)"), self._sign_in, name="hubSignIn", kind="first")
        self._in.setAccessibleName(tr("Sign in to the hub"))
        self._asked = (self._label, self._password, self._in)
        for part in self._asked:
            part.hide()
        layout = row(self._words, *self._asked, self._deed, margin=look.GAP, gap=look.ROOM)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.hide()

    def show_standing(self, standing: HubStanding) -> None:
        """Show what is wrong; what is shown already stays as it is, and what is new is said aloud."""
        for part in self._asked:
            part.setVisible(standing.needs_sign_in)
        if not standing.needs_sign_in:
            empty(self._password)
        before, self._shown = self._shown, standing.banners
        if before == standing.banners:
            return
        self._clear()
        for number, banner in enumerate(standing.banners, start=1):
            self._add(label(banner.title, name=f"hubWarning{number}", kind="strong"))
            self._add(label(banner.advice, name=f"hubAdvice{number}"))
        self.setVisible(bool(standing.banners))
        fresh = [f"{banner.title} {banner.advice}" for banner in standing.banners if banner not in before]
        if fresh:
            announce(self, " ".join(fresh))

    def _sign_in(self) -> None:
        password = self._password.text()
        empty(self._password)
        if password:
            self.sign_in_wanted.emit(password)
        else:
            self._password.setFocus()

    def _add(self, line: QLabel) -> None:
        self._words.addWidget(line)
        self._lines.append(line)

    def _clear(self) -> None:
        for line in self._lines:
            self._words.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = []
