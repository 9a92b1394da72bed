"""The pages of a first start: practice, council or hub, the council's facts, and a passphrase where one is needed."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLayout, QLineEdit, QVBoxLayout, QWidget

from member_tracker.domain.errors import TrackerError
from member_tracker.domain.vocabulary import Role
from ui import look
from ui.language import tr, tr_word
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.fixed import fixed_words
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.scrolled import Scrolled

_WIDTH = 640


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody says to set a profile up."""

    council: str
    name: str
    role: Role


class Welcome(QWidget):
    """The one question of a first start."""

    practice_wanted = Signal()
    council_wanted = Signal()
    hub_wanted = Signal()
    restore_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("welcomePage")
        self._practice = button(
            tr("&Try it with practice data"),
            self.practice_wanted.emit,
            name="practiceButton",
            kind="choice",
            icon="practice",
        )
        self._council = button(
            tr("&Set it up for my council"),
            self.council_wanted.emit,
            name="councilButton",
            kind="choice",
            icon="council",
        )
        self._hub = button(
            tr("&Join my council’s hub"), self.hub_wanted.emit, name="hubButton", kind="choice", icon="sync"
        )
        self.setLayout(
            _centred(
                label(tr("Welcome to Member Tracker"), name="welcomeTitle", kind="title"),
                label(
                    tr(
                        "It keeps councillors’ enquiries: what was asked, when an answer is due under your council’s"
                        " charter and why, what was sent, and what came back. Everything stays encrypted on this "
                        "computer."
                    ),
                    name="welcomeWords",
                ),
                self._practice,
                label(
                    tr(
                        "Made-up people and enquiries to look around in. No mail is sent, and nothing has to be set up."
                    ),
                    name="practiceWords",
                    kind="quiet",
                ),
                self._council,
                label(
                    tr("Takes a minute: your council, your name and what you do."), name="councilWords", kind="quiet"
                ),
                self._hub,
                label(
                    tr(
                        "Where your council’s IT team gave you an address and a user name. It can be done later as "
                        "well."
                    ),
                    name="hubWords",
                    kind="quiet",
                ),
                row(
                    button(tr("&Restore a back-up…"), self.restore_wanted.emit, name="restoreButton", kind="link"), None
                ),
            )
        )

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the first answer."""
        super().focusInEvent(event)
        self._practice.setFocus(event.reason())


class CouncilPage(QWidget):
    """Asks for the council, a name and a role; `said` carries them."""

    said = Signal(object)
    left = Signal()

    def __init__(self, councils: tuple[str, ...], fixed: str = "") -> None:
        """Offer the councils; one that is `fixed` for this computer cannot be changed."""
        super().__init__()
        self.setObjectName("councilPage")
        self._summary = ErrorSummary("councilErrors")
        self._council = QComboBox()
        self._council.setObjectName("councilField")
        self._council.addItems(list(councils))
        self._council.setCurrentIndex(self._council.findText(fixed) if fixed else -1)
        self._council.setEnabled(not fixed)
        by_council = label(fixed_words(tr("The council") if fixed else ""), name="councilByPolicy", kind="quiet")
        if not fixed:
            by_council.hide()
        self._name = QLineEdit()
        self._name.setObjectName("nameField")
        self._role = QComboBox()
        self._role.setObjectName("roleField")
        for role in Role:
            self._role.addItem(tr_word(role), role)
        self._go = button(tr("&Set it up"), self._say, name="setUpButton", kind="first")
        self._back = button(tr("&Back"), self.left.emit, name="councilBack")
        self.setLayout(
            _centred(
                label(tr("Set it up for my council"), name="councilTitle", kind="title"),
                label(
                    tr("The council decides which charter an enquiry is judged by. Its service areas come with it."),
                    name="councilExplanation",
                ),
                self._summary,
                _grid(
                    (tr("&Council"), self._council), (tr("Your &name"), self._name), (tr("What you &do"), self._role)
                ),
                by_council,
                row(self._go, self._back, None),
            )
        )
        self._name.returnPressed.connect(self._say)

    def refuse(self, error: TrackerError) -> None:
        """Show what was wrong with what was said."""
        self._go.setEnabled(True)
        self._summary.tell([Wrong(words=str(error), field=self._council)])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the first field."""
        super().focusInEvent(event)
        (self._council if self._council.isEnabled() else self._name).setFocus(event.reason())

    def _say(self) -> None:
        wrongs = []
        if self._council.currentIndex() < 0:
            wrongs.append(Wrong(words=tr("Choose your council."), field=self._council))
        if not self._name.text().strip():
            wrongs.append(Wrong(words=tr("Type your name as it should be shown."), field=self._name))
        self._summary.tell(wrongs)
        if not wrongs:
            self._go.setEnabled(False)
            role = Role(self._role.currentData())
            self.said.emit(Said(council=self._council.currentText(), name=self._name.text().strip(), role=role))


class PassphrasePage(QWidget):
    """Asks for the passphrase of a profile, twice for a new one; `said` carries it."""

    said = Signal(str)
    left = Signal()

    def __init__(self, *, new: bool) -> None:
        super().__init__()
        self.setObjectName("passphrasePage")
        self._new = new
        self._summary = ErrorSummary("passphraseErrors")
        self._first = _secret("passphraseField")
        self._again = _secret("passphraseAgainField")
        words = tr("Choose &passphrase") if new else tr("&Passphrase")
        lines = [(words, self._first), (tr("Type it &again"), self._again)] if new else [(words, self._first)]
        self._go = button(
            tr("&Open") if not new else tr("&Use this passphrase"), self._say, name="passphraseButton", kind="first"
        )
        self._back = button(tr("&Back"), self.left.emit, name="passphraseBack")
        self._back.setVisible(new)
        self._title = label(
            tr("Choose a passphrase") if new else tr("Type your passphrase"), name="passphraseTitle", kind="title"
        )
        self.setLayout(
            _centred(
                self._title,
                label(_WHY_NEW if new else _WHY_OLD, name="passphraseExplanation"),
                self._summary,
                _grid(*lines),
                row(self._go, self._back, None),
            )
        )
        self._first.returnPressed.connect(self._again.setFocus if new else self._say)
        self._again.returnPressed.connect(self._say)
        if not new:
            self._again.deleteLater()

    def refuse(self, error: TrackerError) -> None:
        """Show why the passphrase does not open the profile; what was typed may be put right."""
        self._go.setEnabled(True)
        self._first.selectAll()
        self._summary.tell([Wrong(words=str(error), field=self._first)])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the first field."""
        super().focusInEvent(event)
        self._first.setFocus(event.reason())

    def _say(self) -> None:
        wrongs = []
        if not self._first.text().strip():
            wrongs.append(Wrong(words=tr("Type a passphrase."), field=self._first))
        elif self._new and self._first.text() != self._again.text():
            wrongs.append(Wrong(words=tr("The two are not the same: type the passphrase again."), field=self._again))
        self._summary.tell(wrongs)
        if not wrongs:
            self._go.setEnabled(False)
            self.said.emit(self._first.text())


_WHY_NEW = tr(
    "This computer has no keyring that could keep the key of your casework, so a passphrase locks it. "
    "Choose several words that you can remember: it is asked for each time Member Tracker starts, and without it "
    "nobody can read your casework, nor get it back for you."
)
_WHY_OLD = tr("Your casework on this computer is locked with the passphrase you chose.")


def _secret(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setObjectName(name)
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


def _grid(*lines: tuple[str, QWidget]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(look.ROOM)
    grid.setVerticalSpacing(look.GAP)
    for number, (text, field) in enumerate(lines):
        grid.addWidget(buddy(text, field), number, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(field, number, 1)
    grid.setColumnStretch(1, 1)
    return grid


def _centred(*items: QWidget | QLayout) -> QVBoxLayout:
    """Things in a column in the middle of the window, no wider than is good to read; it scrolls where they are many."""
    inside = QFrame()
    inside.setObjectName("middle")
    inside.setMaximumWidth(_WIDTH)
    inside.setMinimumWidth(min(_WIDTH, 480))
    inside.setLayout(column(*items, gap=look.ROOM))
    part = QWidget()
    part.setObjectName("firstRun")
    part.setLayout(row(None, column(None, inside, None, None), None))
    return column(Scrolled(part))
