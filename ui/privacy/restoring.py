"""The form that puts a back-up in the place of what is here, or fills a new profile with it."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFormLayout, QFrame, QWidget

from member_tracker.domain.errors import TrackerError
from ui import look
from ui.language import tr
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.file_dialog import a_file
from ui.widgets.parts import buddy, button, column, empty, label, line, row

_IN_PLACE = tr(
    "The back-up is looked through first, and nothing is touched where it is damaged. Then what it holds takes the "
    "place of what is here, and the window opens anew. What is here now is kept beside it for 30 days. Mail that was "
    "waiting is not sent before you agree."
)
_NEW = tr(
    "The back-up is looked through, and what it holds is kept on this computer, encrypted under a key of its own. Mail "
    "that was waiting is not sent before you agree."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PuttingBack:
    """A back-up and what opens it; `own` locks the profile from then on, None where no passphrase does."""

    file: Path
    passphrase: str
    own: str | None


class RestoreForm(QFrame):
    """`wanted` carries a `PuttingBack`; `left` says that nothing is to be restored."""

    wanted = Signal(object)
    left = Signal()

    def __init__(self, *, in_place: bool) -> None:
        super().__init__()
        self.setObjectName("restoreForm")
        self._summary = ErrorSummary("restoreErrors")
        self._lost = label(name="restoreLost", kind="strong")
        self._path = line("restorePath")
        self._path.setPlaceholderText(tr("The file that was written by “Back up”"))
        self._passphrase = line("restorePassphrase", secret=True)
        self._own = line("restoreOwn", secret=True)
        self._again = line("restoreAgain", secret=True)
        self._form = QFormLayout()
        self._lay_out(in_place=in_place)
        self.begin(asks_own=False, lost="")

    def _lay_out(self, *, in_place: bool) -> None:
        where = QWidget()
        where.setLayout(row(self._path, button(tr("Bro&wse…"), self._browse, name="restoreBrowse")))
        form = self._form
        form.setHorizontalSpacing(look.ROOM)
        form.addRow(buddy(tr("Bac&k-up"), self._path), where)
        form.addRow(buddy(tr("Its &passphrase"), self._passphrase), self._passphrase)
        form.addRow(buddy(tr("Passphrase &of this profile"), self._own), self._own)
        form.addRow(buddy(tr("The &same again"), self._again), self._again)
        for field in (self._path, self._passphrase, self._own, self._again):
            field.returnPressed.connect(self._say)
        self.setMaximumWidth(look.FORM_WIDTH)
        go = button(tr("&Restore it"), self._say, name="restoreGo", kind="first")
        self.setLayout(
            column(
                label(tr("Restore a back-up"), name="restoreTitle", kind="title"),
                label(_IN_PLACE if in_place else _NEW, name="restoreWords"),
                self._summary,
                self._lost,
                form,
                row(go, button(tr("&Back"), self.left.emit, name="restoreStop", tip="Esc"), None),
                None,
                gap=look.GAP + look.TIGHT,
            )
        )

    @property
    def first(self) -> QWidget:
        """Where the keyboard goes."""
        return self._path

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the first field."""
        super().focusInEvent(event)
        self._path.setFocus(event.reason())

    def begin(self, *, asks_own: bool, lost: str) -> None:
        """Ask; `lost` says what is here and in no back-up, `asks_own` that a passphrase locks this profile."""
        for field in (self._own, self._again):
            self._form.setRowVisible(field, asks_own)
        self._lost.setText(lost)
        self._lost.setVisible(bool(lost))
        self.forget()

    def forget(self) -> None:
        """Keep no passphrase longer than it is needed."""
        empty(self._passphrase, self._own, self._again)
        self._summary.tell(())

    def refuse(self, error: TrackerError) -> None:
        """Say why nothing was restored."""
        field = self._passphrase if "passphrase" in error.title.casefold() else self._path
        self._summary.tell([Wrong(words=error.title, advice=error.advice, field=field)])

    def _say(self) -> None:
        said, asks_own = self._path.text().strip(), self._form.isRowVisible(self._own)
        wrongs = []
        if not said:
            wrongs.append(Wrong(words=tr("Choose the back-up."), field=self._path))
        if not self._passphrase.text():
            wrongs.append(Wrong(words=tr("Type the passphrase chosen when it was made."), field=self._passphrase))
        if asks_own and not self._own.text().strip():
            wrongs.append(Wrong(words=tr("Type the passphrase that is to open this profile."), field=self._own))
        elif asks_own and self._own.text() != self._again.text():
            wrongs.append(Wrong(words=tr("The two passphrases differ. Type the same twice."), field=self._again))
        self._summary.tell(wrongs)
        if not wrongs:
            own = self._own.text() if asks_own else None
            file = Path(said).expanduser().absolute()
            self.wanted.emit(PuttingBack(file=file, passphrase=self._passphrase.text(), own=own))

    def _browse(self) -> None:
        """Look for the file; the dialog is opened, not waited in."""
        a_file(self, tr("The back-up"), name="restoreDialog", then=self._path.setText).open()
