"""The residents found as one types."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLineEdit

from member_tracker.services.residents import ResidentPage, ResidentRow, resident_page
from ui import look
from ui.desk import Desk
from ui.jobs import Job
from ui.language import tr
from ui.residents.columns import resident_columns
from ui.table import Page, TableModel
from ui.widgets.announce import announce
from ui.widgets.parts import buddy, column, frame, label
from ui.widgets.rows_view import RowsView

_TYPING_MS = 60
_SETTLE_MS = 120
_CHOOSE_OTHER = tr("Choose the other record of the same person in this list and press Enter, or Esc to leave it.")
_NOBODY = tr("There are no residents yet.\nSomebody is added here when you log the first enquiry for them (Ctrl+N).")


class ResidentList(QFrame):
    """`chosen` carries the id of the resident opened, `rested` that of the one the keyboard has come to rest on.

    `shown` says that rows were read anew.
    """

    chosen = Signal(str)
    rested = Signal(str)
    shown = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("residentListPane")
        self._desk = desk
        self._asked: Job | None = None
        self._open_id: str | None = None
        self.box = QLineEdit()
        self._model: TableModel[ResidentRow] = TableModel(resident_columns(), self)
        self.view = RowsView("residentList", tr("Residents"))
        self._note = label(name="residentListNote", kind="quiet")
        self._other = frame("hint", name="chooseOtherBox")
        self._typing = _timer(self, _TYPING_MS)
        self._settle = _timer(self, _SETTLE_MS)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.box.setObjectName("residentFind")
        self.box.setPlaceholderText(tr("Name, street, telephone number or email"))
        self.box.setClearButtonEnabled(True)
        self.view.show_model(self._model, (21, 0, 8))
        self._other.setLayout(column(label(_CHOOSE_OTHER, name="chooseOther"), margin=look.GAP))
        self._other.hide()
        heading = buddy(tr("&Residents"), self.view, kind="heading")
        title = buddy(tr("Fi&nd a resident"), self.box, kind="title")
        layout = column(title, self.box, self._other, heading, self.view, self._note)
        layout.setStretch(4, 1)
        layout.setStretch(5, 1)
        layout.setContentsMargins(look.ROOM, look.TIGHT, look.TIGHT, look.ROOM)
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setLayout(layout)
        self.setMinimumWidth(320)

    def _connect(self) -> None:
        self.box.textChanged.connect(lambda _text: self._typing.start())
        self.box.returnPressed.connect(self._enter)
        self._typing.timeout.connect(self.ask)
        self._model.wanted.connect(self._fetch)
        self.view.row_chosen.connect(self._open)
        self.view.row_current.connect(lambda _row: self._settle.start())
        self._settle.timeout.connect(self.rest)

    @property
    def chooses_other(self) -> bool:
        """Whether the other record of somebody is being chosen."""
        return not self._other.isHidden()

    def choose_other(self, *, wanted: bool) -> None:
        """Have the other record of somebody chosen, or no longer."""
        self._other.setVisible(wanted)
        if wanted:
            announce(self, _CHOOSE_OTHER)
            self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def mark(self, resident_id: str | None) -> None:
        """The resident who is shown beside the list; their row is the current one."""
        self._open_id = resident_id
        self._go_to_marked()

    def ask(self) -> None:
        """Read the list again."""
        if self._asked is not None:
            self._asked.cancel()
        find = self.box.text()
        self._asked = self._desk.ask(lambda app: resident_page(app, find), owner=self, done=self._show)

    def _enter(self) -> None:
        """Enter in the field opens the only one found, else goes to the list."""
        if self._model.rowCount() == 1:
            self._open(0)
        else:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fetch(self, number: int, anchor: object | None) -> None:
        find = self.box.text()

        def take(page: ResidentPage) -> None:
            if find == self.box.text():
                self._model.take(number, Page(rows=page.rows, next=page.next))

        self._desk.ask(lambda app: resident_page(app, find, after=anchor), owner=self, done=take)  # type: ignore[arg-type]  # what a page gave

    def _show(self, page: ResidentPage) -> None:
        self._asked = None
        self._model.show([Page(rows=page.rows, next=page.next)])
        self.view.setVisible(bool(page.rows))
        note = _note(page, self.box.text().strip())
        self._note.setText(note)
        self._note.setVisible(bool(note))
        if self.box.hasFocus() and note:
            announce(self, note)
        self._go_to_marked()
        self.shown.emit()

    def _go_to_marked(self) -> None:
        """Put the current row where the shown resident is, or at the top: there is always one."""
        if self._model.rowCount():
            at = self._model.find(lambda row: row.id == self._open_id)
            if at is not None or not self.view.currentIndex().isValid():
                self.view.blockSignals(True)
                self.view.go_to(at or 0)
                self.view.blockSignals(False)

    def rest(self) -> None:
        """Say whom the keyboard is on."""
        self._settle.stop()
        found = self._at(self.view.currentIndex().row())
        if found is not None:
            self.rested.emit(found.id)

    def _open(self, number: int) -> None:
        self._settle.stop()
        found = self._at(number)
        if found is not None:
            self.chosen.emit(found.id)

    def _at(self, number: int) -> ResidentRow | None:
        return self._model.row(number) if number >= 0 else None


def _note(page: ResidentPage, find: str) -> str:
    if page.more_found:
        return tr("More fit than are shown here. Type more of the name, the street or the number.")
    if page.rows:
        return ""
    return tr("Nobody was found for “{find}”.\nTry fewer words.").format(find=find) if find else _NOBODY


def _timer(parent: QFrame, milliseconds: int) -> QTimer:
    made = QTimer(parent)
    made.setSingleShot(True)
    made.setInterval(milliseconds)
    return made
