"""Where an import begins: choose a file, save a template, and undo what was imported on this computer."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame

from member_tracker.services.importing_kept import Imported
from ui import look
from ui.language import tr
from ui.table import Column, Page, TableModel
from ui.widgets.announce import announce
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.rows_view import RowsView
from ui.words import moment_in_words

_WHAT = tr(
    "Drop a file anywhere on the window, or choose one. Mail saved as .eml or .msg goes to its enquiry, or to Unmatched"
    " mail. A table saved as CSV becomes enquiries: you see first what would come of it, and can take it back."
)


class ChoosePart(QFrame):
    """`file_wanted` asks for a file to be chosen, `template_wanted` for the template, `undo_wanted` for undoing."""

    file_wanted = Signal()
    template_wanted = Signal()
    undo_wanted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("importChoose")
        self._said = label(name="importSaid", kind="heading")
        self._choose = button(tr("Choose &a file…"), self.file_wanted.emit, name="importChooseFile", kind="first")
        self._template = button(tr("Save a &template…"), self.template_wanted.emit, name="importTemplate")
        self._undo = button(tr("&Undo the latest import"), self.undo_wanted.emit, name="importUndo", tip="Ctrl+Z")
        self._back = button(tr("&Back"), self.left.emit, name="importBack", tip="Esc")
        self._model: TableModel[Imported] = TableModel(_columns(), self)
        self._list = RowsView("importList", tr("What was imported on this computer"), quiet=True, wrap=True)
        self._list.show_model(self._model, (0, 16, 16, 16))
        self._heading = buddy(tr("&What was imported on this computer"), self._list, kind="heading")
        self.setLayout(
            column(
                label(tr("Import"), name="importTitle", kind="title"),
                self._said,
                label(_WHAT, name="importWhat"),
                row(self._choose, self._template, None),
                self._heading,
                self._list,
                row(self._undo, None),
                row(self._back, None),
                None,
                gap=look.GAP + look.TIGHT,
            )
        )
        self._said.hide()

    def say(self, words: str) -> None:
        """Say what came of it."""
        self._said.setText(words)
        self._said.setVisible(bool(words))
        announce(self, words)

    def show_imports(self, made: tuple[Imported, ...]) -> None:
        """Show what was imported and not undone."""
        self._model.show([Page(rows=made)])
        for part in (self._heading, self._list, self._undo):
            part.setVisible(bool(made))
        if made:
            self._list.fit(8)
            self._list.go_to(0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to choosing a file."""
        super().focusInEvent(event)
        self._choose.setFocus(event.reason())


def _columns() -> tuple[Column[Imported], ...]:
    def when(made: Imported) -> str:
        rest = "" if made.is_whole else tr("\nIn part: undo it, or import the same file again")
        return moment_in_words(datetime.fromisoformat(made.at)) + (tr("\nBeing taken back") if made.going else rest)

    def spoken(made: Imported) -> str:
        at = when(made).replace("\n", ". ")
        return tr("{at}: {enquiries} enquiries, {residents} residents, {left_out} rows left out").format(
            at=at, enquiries=made.enquiries, residents=made.residents, left_out=made.left_out
        )

    return (
        Column(heading=tr("When"), words=when, spoken=spoken),
        Column(heading=tr("Enquiries"), words=lambda made: f"{made.enquiries:,}"),
        Column(heading=tr("Residents"), words=lambda made: f"{made.residents:,}"),
        Column(heading=tr("Left out"), words=lambda made: f"{made.left_out:,}"),
    )
