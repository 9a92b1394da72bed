"""A page of the settings that lists what the office keeps of one kind, and lets each be written, added and retired."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QFrame, QLineEdit, QPlainTextEdit, QWidget

from member_tracker.domain.errors import TrackerError
from member_tracker.services.office_records import Kept, Row, Rows, S
from ui import look
from ui.deeds import Deed, Doing
from ui.desk import Desk
from ui.language import tr
from ui.table import Column, TableModel
from ui.table import Page as RowsPage
from ui.widgets.announce import announce
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.flow import Flow
from ui.widgets.page import Page
from ui.widgets.parts import buddy, button, column, label
from ui.widgets.rows_view import RowsView
from ui.widgets.scrolled import Scrolled

if TYPE_CHECKING:
    from member_tracker.app import App

Field = QLineEdit | QPlainTextEdit | QComboBox | QCheckBox
_MOST_ROWS = 8
_UNDO = tr("Ctrl+Z undoes it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a page of records says; `name` begins the names of its widgets."""

    name: str
    title: str
    why: str
    rows: str
    a_new: str
    retire: str
    retired: str
    bring_back: str
    brought_back: str


class RecordsPage(Page, Generic[S]):
    """Lists rows and lets one be written; what was written for one is kept while others are looked at."""

    words: Words

    def __init__(self, desk: Desk, page_name: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, page_name, parent)
        name = self.words.name
        self._known: Rows[S] = Rows(rows=())
        self._chosen: Row[S] | None = None
        self._is_adding = False
        self._is_filled = False
        self._unsaved: dict[Row[S] | None, S] = {}
        self._undo: Callable[[App], Kept[S]] | None = None
        self._said = label(name=f"{name}Said", kind="strong")
        self._note = label(name=f"{name}Note")
        self._model: TableModel[Row[S]] = TableModel(self.columns(), self)
        self._view = RowsView(f"{name}List", self.words.rows.replace("&", ""), wrap=True)
        self._rows_heading = buddy(self.words.rows, self._view, kind="heading")
        self._heading = label(name=f"{name}Heading", kind="heading")
        self._summary = ErrorSummary(f"{name}Errors")
        self._save = button(tr("&Save"), self._keep, name=f"{name}Save", kind="first", tip="Ctrl+S")
        self._add = button(tr("&Add another"), self._begin_another, name=f"{name}Add")
        self._retire = button("", self._retire_or_not, name=f"{name}Retire")
        self._fields: list[Field] = []
        self._lay_out()
        self._view.row_current.connect(self._choose)
        self._view.row_chosen.connect(self._choose)

    # --- what each kind says ------------------------------------------------------------------------------------------

    def columns(self) -> tuple[Column[Row[S]], ...]:
        """The columns of the list; `widths` says how wide."""
        raise NotImplementedError

    def widths(self) -> tuple[int, ...]:
        """The letters that go into each column; 0 takes what is left."""
        raise NotImplementedError

    def fill_form(self, form: QFormLayout) -> None:
        """Put the fields into the form, each made by `field`."""
        raise NotImplementedError

    def read(self, app: "App") -> Rows[S]:
        """Read what is kept."""
        raise NotImplementedError

    def keep(self, app: "App", said: S, before: Row[S] | None) -> Kept[S]:
        """Keep what was written, in the place of `before`."""
        raise NotImplementedError

    def put_back(self, app: "App", record_id: str, deed: str) -> Kept[S]:
        """Undo a change."""
        raise NotImplementedError

    def empty(self) -> S:
        """What an empty form says."""
        raise NotImplementedError

    def typed(self, like: S) -> S:
        """What the form says, and `like` what no field says."""
        raise NotImplementedError

    def write_out(self, said: S) -> None:
        """Show it in the form."""
        raise NotImplementedError

    def with_retired(self, said: S, *, retired: bool) -> S:
        """The same, retired or not."""
        raise NotImplementedError

    def field_of(self, error: TrackerError) -> QWidget:
        """The field in which what is wrong is put right."""
        raise NotImplementedError

    def offer(self, rows: Rows[S]) -> None:
        """Let the form offer what there is to choose from now."""

    def note(self, rows: Rows[S]) -> str:
        """What is to be said of all of them."""
        return rows.not_allowed

    def field(self, made: Field, name: str) -> None:
        """Take a field into the form under that name."""
        made.setObjectName(f"{self.words.name}{name.title()}")
        made.setMaximumWidth(look.FIELD_WIDTH)
        if isinstance(made, QLineEdit):
            made.returnPressed.connect(self._keep)
        elif isinstance(made, QPlainTextEdit):
            made.setTabChangesFocus(True)
            made.setFixedHeight(made.fontMetrics().height() * 3 + look.ROOM)
        self._fields.append(made)

    # --- as a page ----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        name = self.words.name
        self._view.show_model(self._model, self.widths())
        self._said.hide()
        self._note.hide()
        form = QFormLayout()
        form.setHorizontalSpacing(look.ROOM)
        self.fill_form(form)
        back = button(tr("&Back"), self.left.emit, name=f"{name}Back", tip="Esc")
        inside = QFrame()
        inside.setObjectName(f"{name}Inside")
        inside.setLayout(
            column(
                label(self.words.title, name=f"{name}Title", kind="title"),
                label(self.words.why, name=f"{name}Why", kind="quiet"),
                self._note,
                self._said,
                self._rows_heading,
                self._view,
                self._heading,
                self._summary,
                form,
                Flow(self._save, self._add, self._retire, back),
                None,
            )
        )
        self.setLayout(column(Scrolled(inside)))

    def ask(self) -> None:
        """Read what is kept."""
        self.desk.ask(self.read, owner=self, done=self._show)

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [*([] if self._view.isHidden() else [self._view]), self._fields[0]]

    def deeds(self) -> Doing:
        """Ctrl+S keeps what was written, Ctrl+Z undoes what was done last."""
        found: dict[Deed, Callable[[], object]] = {}
        if not self._known.not_allowed:
            found[Deed.SAVE] = self._keep
        if self._undo is not None:
            found[Deed.UNDO] = self._undo_last
        return found

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the list, or to the form where it is empty."""
        super().focusInEvent(event)
        self.panes()[0].setFocus(event.reason())

    # --- the list and the form ----------------------------------------------------------------------------------------

    def _show(self, known: Rows[S]) -> None:
        self._stash()
        self._known = known
        self.offer(known)
        self._model.show([RowsPage(rows=known.rows)])
        for part in (self._view, self._rows_heading):
            part.setVisible(bool(known.rows))
        if not self._is_adding and self._chosen not in self._unsaved:
            self._chosen = self._model.row(self._at())
        if known.rows:
            self._view.fit(_MOST_ROWS)
            self._view.blockSignals(True)
            self._view.go_to(self._at())
            self._view.blockSignals(False)
        self._let_write()
        self._write_out()

    def _at(self) -> int:
        """The number of the row that is looked at, whatever is said of it now."""
        chosen = self._chosen
        return self._model.find(lambda row: chosen is not None and row.id == chosen.id) or 0

    def _let_write(self) -> None:
        """Where nobody may change anything here, it is said, and the form is to be read alone."""
        may_change = not self._known.not_allowed
        note = self.note(self._known)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        for field in self._fields:
            if isinstance(field, QComboBox | QCheckBox):
                field.setEnabled(may_change)
            else:
                field.setReadOnly(not may_change)
        for each in (self._save, self._add):
            each.setVisible(may_change)

    def _choose(self, number: int) -> None:
        row = self._model.row(number)
        if row is not None and row != self._chosen:
            self._stash()
            self._chosen, self._is_adding = row, False
            self._said.hide()
            self._write_out()

    def _begin_another(self) -> None:
        self._stash()
        self._chosen, self._is_adding = None, True
        self._said.hide()
        self._write_out()
        self._fields[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _stash(self) -> None:
        """Hold on to what was written and not saved."""
        if not self._is_filled:
            return
        said = self._chosen.said if self._chosen is not None else self.empty()
        if self.typed(said) != said:
            self._unsaved[self._chosen] = self.typed(said)
        else:
            self._unsaved.pop(self._chosen, None)

    def _write_out(self) -> None:
        """Show the row chosen, or what was written for it, or an empty form."""
        chosen = self._chosen
        self._summary.tell(())
        said = chosen.said if chosen is not None else self.empty()
        self.write_out(self._unsaved.get(chosen, said))
        self._is_filled = True
        heading = chosen.said.name if chosen is not None else self.words.a_new
        self._heading.setText(
            tr("{heading} (not saved yet)").format(heading=heading) if chosen in self._unsaved else heading
        )
        self._retire.setVisible(chosen is not None and not self._known.not_allowed)
        self._retire.setText(self.words.bring_back if said.retired else self.words.retire)

    # --- deeds --------------------------------------------------------------------------------------------------------

    def _keep(self) -> None:
        if self._known.not_allowed:
            return
        said = self.typed(self._chosen.said if self._chosen is not None else self.empty())
        self._keep_as(said, tr("“{}” was saved."))

    def _retire_or_not(self) -> None:
        """Retire it or bring it back, with whatever else was written."""
        chosen = self._chosen
        if chosen is not None:
            retired = not chosen.said.retired
            said = self.with_retired(self.typed(chosen.said), retired=retired)
            self._keep_as(said, self.words.retired if retired else self.words.brought_back)

    def _keep_as(self, said: S, words: str) -> None:
        before = self._chosen

        def done(kept: Kept[S]) -> None:
            deed, record_id = kept.deed, kept.row.id
            self._undo = None if deed is None else lambda app: self.put_back(app, record_id, deed)
            self._stash()
            self._unsaved.pop(before, None)
            self._show_kept(kept, words.format(kept.row.said.name))

        def refuse(error: TrackerError) -> None:
            self._summary.tell([Wrong(words=error.title, advice=error.advice, field=self.field_of(error))])

        self.desk.ask(lambda app: self.keep(app, said, before), owner=self, done=done, failed=refuse)

    def _undo_last(self) -> None:
        undo = self._undo

        def done(kept: Kept[S]) -> None:
            self._undo = None
            self._stash()
            typed = self._unsaved.pop(self._chosen, None)
            same = self._chosen is not None and self._chosen.id == kept.row.id
            if typed is not None:
                self._unsaved[kept.row if same else self._chosen] = typed
            self._show_kept(kept, tr("Undone: “{said}” is as it was.").format(said=kept.row.said.name))

        if undo is not None:
            self.desk.ask(undo, owner=self, done=done)

    def _show_kept(self, kept: Kept[S], said: str) -> None:
        """It is the one shown now, and the keyboard is where Ctrl+Z undoes it."""
        self._chosen, self._is_adding = kept.row, False
        self.write_out(self._unsaved.get(kept.row, kept.row.said))
        self._show(kept.rows)
        self._said.setText(f"{said} {_UNDO}" if self._undo is not None else said)
        self._said.show()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self._said.text())
