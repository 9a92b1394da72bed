"""The forms that write a back-up or an export: where it goes, and for a back-up the words that open it."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QWidget

from member_tracker.domain.errors import TrackerError
from ui import look
from ui.language import tr
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.file_dialog import a_folder
from ui.widgets.parts import buddy, button, column, empty, label, line, row


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingOut:
    """Where to write, and the passphrase that opens a back-up; an export has none."""

    path: Path
    passphrase: str = ""


class TakeOutForm(QFrame):
    """`wanted` carries a `TakingOut`; `left` says that nothing is to be written."""

    wanted = Signal(object)
    left = Signal()

    def __init__(self, prefix: str, title: str, explanation: str, agree: str, *, secret: bool) -> None:
        super().__init__()
        self.setObjectName(f"{prefix}Form")
        self._prefix, self._secret = prefix, secret
        self._summary = ErrorSummary(f"{prefix}Errors")
        self._path = line(f"{prefix}Path")
        self._first = line(f"{prefix}Passphrase", secret=True)
        self._again = line(f"{prefix}Again", secret=True)
        browse = button(tr("B&rowse…"), self._browse, name=f"{prefix}Browse")
        where = QWidget()
        where.setLayout(row(self._path, browse))
        form = QFormLayout()
        form.setHorizontalSpacing(look.ROOM)
        form.addRow(buddy(tr("&Where to"), self._path), where)
        if secret:
            form.addRow(buddy(tr("&Passphrase"), self._first), self._first)
            form.addRow(buddy(tr("The &same again"), self._again), self._again)
        go = button(agree, self._say, name=f"{prefix}Go", kind="first")
        stop = button(tr("&Back"), self.left.emit, name=f"{prefix}Stop", tip="Esc")
        self.setMaximumWidth(look.FORM_WIDTH)
        self.setLayout(
            column(
                label(title, name=f"{prefix}Title", kind="title"),
                label(explanation, name=f"{prefix}Words"),
                self._summary,
                form,
                row(go, stop, None),
                None,
                gap=look.GAP + look.TIGHT,
            )
        )

    @property
    def first(self) -> QWidget:
        """Where the keyboard goes."""
        return self._path

    def begin(self, usual: Path) -> None:
        """Offer a usual place."""
        self._path.setText(str(usual))
        self.forget()

    def forget(self) -> None:
        """Keep no passphrase longer than it is needed."""
        empty(self._first, self._again)
        self._summary.tell(())

    def refuse(self, error: TrackerError) -> None:
        """Say why nothing was written."""
        field = self._first if "passphrase" in error.title.casefold() else self._path
        self._summary.tell([Wrong(words=error.title, advice=error.advice, field=field)])

    def _say(self) -> None:
        said = self._path.text().strip()
        wrongs = []
        if not said:
            wrongs.append(Wrong(words=tr("Say where it is to be written."), field=self._path))
        if self._secret and self._first.text() != self._again.text():
            wrongs.append(Wrong(words=tr("The two passphrases differ. Type the same twice."), field=self._again))
        self._summary.tell(wrongs)
        if not wrongs:
            path = Path(said).expanduser().absolute()
            self.wanted.emit(TakingOut(path=path, passphrase=self._first.text()))

    def _browse(self) -> None:
        """Look for the folder it is to lie in; the dialog is opened, not waited in."""
        name = Path(self._path.text().strip()).name
        a_folder(
            self,
            tr("Where it is to lie"),
            name=f"{self._prefix}Dialog",
            then=lambda chosen: self._path.setText(str(Path(chosen) / name)),
        ).open()
