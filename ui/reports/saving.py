"""Saving to a file somebody names: the place is asked for, the writing is done beside everything else and may stop."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog, QWidget

from member_tracker.domain.errors import TrackerError
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.services.exporting_tables import Form, Saved
from ui import look
from ui.desk import Desk
from ui.jobs import Job
from ui.language import tr
from ui.widgets.announce import announce
from ui.widgets.file_dialog import a_new_file
from ui.widgets.parts import column
from ui.widgets.working import Working

if TYPE_CHECKING:
    from member_tracker.app import App

_PATIENCE_MS = 700
_FILTERS = {
    Form.CSV: tr("CSV for any spreadsheet (*.csv)"),
    Form.XLSX: tr("Workbook (*.xlsx)"),
    Form.PDF: tr("PDF to print or send (*.pdf)"),
}
Write = Callable[["App", Path, Form, Watch], Saved]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be saved: the title of the question, a file name that says nothing about anybody, and how."""

    title: str
    name: str
    write: Write
    forms: tuple[Form, ...] = tuple(Form)


class Saving(QObject):
    """Asks where, writes, and says what came of it."""

    def __init__(self, desk: Desk, owner: QWidget) -> None:
        super().__init__(owner)
        self._desk, self._owner = desk, owner

    def ask(self, wish: Wish) -> None:
        """Ask for a place; somebody who names a file that is there is asked by the dialog whether to replace it."""
        first = wish.forms[0].value
        dialog = a_new_file(
            self._owner,
            wish.title,
            name="saveDialog",
            suggested=f"{wish.name}.{first}",
            then=lambda path: self.write(wish, Path(path), _named_form(Path(path), dialog.selectedNameFilter())),
        )
        dialog.setNameFilters([_FILTERS[form] for form in wish.forms])
        dialog.setDefaultSuffix(first)
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(_form_of(chosen).value))
        dialog.open()

    def write(self, wish: Wish, file: Path, form: Form) -> Job:
        """Write the file; how far it is shows once it takes a while."""
        box = _Box(self._owner)

        def done(saved: Saved) -> None:
            box.over()
            words = tr("Saved {file}.").format(file=saved.file.name)
            self._desk.said.emit(words)
            announce(self._owner, words)

        def failed(error: TrackerError) -> None:
            box.over()
            if isinstance(error, Stopped):
                self._desk.said.emit(tr("Stopped. Nothing was written."))
            else:
                self._desk.jobs.refused.emit(error)

        job = self._desk.ask_long(
            lambda app, line: wish.write(app, file, form, line.watch),
            owner=self._owner,
            heard=box.working.show_step,
            done=done,
            failed=failed,
        )
        box.begin(tr("Writing {file}").format(file=file.name), job)
        return job


class _Box(QDialog):
    """A small window beside the work that shows how far it is; it comes only if it takes a while."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner.window())
        self.setObjectName("savingBox")
        self.setWindowTitle(tr("Saving"))
        self.setModal(False)
        self._job: Job | None = None
        self.working = Working("saving")
        self.setLayout(column(self.working, margin=look.ROOM))
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_PATIENCE_MS)
        self._late.timeout.connect(self.show)
        self.working.stop_wanted.connect(self._stop)

    def begin(self, title: str, job: Job) -> None:
        """Wait a little, then show."""
        self._job = job
        self.working.begin(title)
        self._late.start()

    def reject(self) -> None:
        """Esc stops the work; the box goes when it has stopped."""
        self._stop()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()

    def over(self) -> None:
        """There is nothing more to wait for."""
        self._late.stop()
        self.hide()
        self.deleteLater()


def _form_of(chosen: str) -> Form:
    return next((form for form, words in _FILTERS.items() if words == chosen), Form.CSV)


def _named_form(file: Path, chosen: str) -> Form:
    """The kind of file its ending says, else the one chosen."""
    ending = file.suffix.casefold().removeprefix(".")
    return Form(ending) if ending in list(Form) else _form_of(chosen)
