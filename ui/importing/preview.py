"""What a table would become: its columns and what they hold, the problems row by row, and then the import itself."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QGridLayout

from member_tracker.services.importing import Checked, Table
from member_tracker.services.importing_fields import Field
from member_tracker.services.importing_rows import Plan, Problem
from member_tracker.services.importing_sheet import DELIMITERS, ENCODINGS
from ui import look
from ui.language import tr, tr_count
from ui.table import Column, Page, TableModel
from ui.widgets.announce import announce
from ui.widgets.parts import buddy, button, column, frame, label, row
from ui.widgets.rows_view import RowsView
from ui.widgets.shown_text import shown_text

MOST_COLUMNS = 40
_MOST_PROBLEMS = 2_000
_SETTLE_MS = 250
_SEEN = 4
_NAMED = (Field.SERVICE_AREA, Field.COUNCILLOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """The names a value in the file can stand for, and whether councillors can be made here."""

    councillors: tuple[str, ...]
    areas: tuple[str, ...]
    may_make: bool


class PreviewPart(QFrame):
    """`changed` carries the plan to be looked at anew, `agreed` that somebody wants it imported so."""

    changed = Signal(object)
    agreed = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("importPreview")
        self._table: Table | None = None
        self._plan = Plan(columns={})
        self._offered = Offered(councillors=(), areas=(), may_make=False)
        self._fields: list[QComboBox] = []
        self._facts = label(name="importFacts")
        self._notes = label(name="importNotes", kind="wrong")
        self._before = label(name="importBefore", kind="strong")
        self._columns = QFrame()
        self._columns.setObjectName("importColumns")
        self._grid = QGridLayout(self._columns)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._councillor = _combo("importCouncillor")
        self._month_first = _tick(tr("Dates have the &month first"), "importMonthFirst")
        self._make = _tick(tr("Make councillors that are not kno&wn"), "importMake")
        self._summary = label("", name="importSummary", kind="heading")
        self._model: TableModel[Problem] = TableModel(_problem_columns(), self)
        self._problems = RowsView("importProblems", tr("Problems, row by row"), quiet=True, wrap=True)
        self._problems.show_model(self._model, (9, 0, 0))
        self._problems_label = buddy(tr("P&roblems, row by row"), self._problems, kind="heading")
        self._instead = frame("hint", name="importInstead")
        self._value = label(name="importValue")
        self._known = _combo("importKnown")
        self._take = button(tr("Take it &so"), self._stand_for, name="importStandFor")
        self._go = button(tr("Im&port"), self._say_agreed, name="importGo", kind="first")
        self._back = button(tr("&Back"), self.left.emit, name="importPreviewBack", tip="Esc")
        self._soon = QTimer(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        stands = row(buddy(tr("It stands f&or"), self._known), self._known, self._take, None)
        self._instead.setLayout(column(self._value, stands, margin=look.GAP))
        self.setLayout(
            column(
                label(tr("What would be imported"), name="importPreviewTitle", kind="title"),
                self._before,
                self._facts,
                self._notes,
                self._summary,
                row(self._go, self._back, None),
                self._problems_label,
                self._problems,
                self._instead,
                label(tr("What the columns hold"), name="importColumnsHeading", kind="heading"),
                self._columns,
                row(buddy(tr("Councillor of rows that &name none"), self._councillor), self._councillor, None),
                row(self._month_first, self._make, None),
                None,
                gap=look.GAP,
            )
        )
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SETTLE_MS)

    def _connect(self) -> None:
        self._soon.timeout.connect(self._say_changed)
        self._councillor.currentIndexChanged.connect(lambda _index: self._soon.start())
        for tick in (self._month_first, self._make):
            tick.toggled.connect(lambda _on: self._soon.start())
        self._problems.row_current.connect(self._offer_instead)

    @property
    def plan(self) -> Plan:
        """How the table is to be read, as chosen."""
        columns: dict[Field, int] = {}
        for place, combo in enumerate(self._fields):
            if combo.currentData() is not None:
                columns.setdefault(Field(combo.currentData()), place)
        return replace(
            self._plan,
            columns=columns,
            councillor=str(self._councillor.currentData() or ""),
            day_first=not self._month_first.isChecked(),
            new_councillors=self._make.isChecked(),
        )

    def show_table(self, table: Table, offered: Offered) -> None:
        """Begin with a file that was read."""
        self._table, self._plan, self._offered = table, table.plan, offered
        sheet = table.sheet
        count, columns = len(sheet.rows), len(sheet.headers)
        facts = tr("{rows} and {columns}, read as {encoding} with a {mark} between the cells.").format(
            rows=tr_count("{n:,} row", "{n:,} rows", count).format(n=count),
            columns=tr_count("{n:,} column", "{n:,} columns", columns).format(n=columns),
            encoding=ENCODINGS[sheet.encoding],
            mark=DELIMITERS.get(sheet.delimiter, tr("mark")),
        )
        self._facts.setText(facts)
        for part, words in ((self._notes, " ".join(sheet.notes)), (self._before, table.before or "")):
            part.setText(words)
            part.setVisible(bool(words))
        self._fill(self._councillor, [(tr("None"), ""), *((name, name) for name in offered.councillors)])
        for tick, on in ((self._month_first, not table.plan.day_first), (self._make, False)):
            tick.blockSignals(True)
            tick.setChecked(on)
            tick.blockSignals(False)
        self._make.setVisible(offered.may_make)
        self._fill_columns(table)
        self._summary.setText(tr("Looking at the rows…"))

    def show_checked(self, checked: Checked) -> None:
        """Show what would come of it."""
        rows = checked.problems[:_MOST_PROBLEMS]
        self._model.show([Page(rows=rows[at : at + 200], next=at if at + 200 < len(rows) else None)
                          for at in range(0, max(1, len(rows)), 200)])  # fmt: skip
        for part in (self._problems, self._problems_label):
            part.setVisible(bool(rows))
        if rows:
            self._problems.fit(_SEEN)
            self._problems.go_to(0)
        self._offer_instead(0)
        words = summary(checked)
        if words != self._summary.text():
            self._summary.setText(words)
            announce(self, words)
        again = self._table is not None and self._table.before and not self._table.is_rest
        once_more = tr_count("Im&port {n:,} row again", "Im&port {n:,} rows again", checked.ready)
        words = once_more if again else tr_count("Im&port {n:,} row", "Im&port {n:,} rows", checked.ready)
        self._go.setText(words.format(n=checked.ready))
        self._go.setEnabled(checked.ready > 0 and not checked.missing)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the deed where it can be done, else to the first column."""
        super().focusInEvent(event)
        first = self._go if self._go.isEnabled() or not self._fields else self._fields[0]
        first.setFocus(event.reason())

    def _fill_columns(self, table: Table) -> None:
        """A line for each column: its heading, what stands in it first, and the field it holds."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._fields = []
        by_place = {place: name for name, place in table.plan.columns.items()}
        for place, header in enumerate(table.sheet.headers[:MOST_COLUMNS]):
            combo = _combo(f"importColumn{place}")
            combo.addItem(tr("Not imported"), None)
            for name in Field:
                combo.addItem(name.words, name.value)
            combo.setCurrentIndex(max(0, combo.findData(by_place.get(place))))
            combo.currentIndexChanged.connect(lambda _index: self._soon.start())
            first = next((each.cells[place] for each in table.sheet.rows if each.cells[place]), "")
            heading = buddy(shown_text(header).replace("&", "&&"), combo)
            self._grid.addWidget(heading, place, 0)
            self._grid.addWidget(combo, place, 1)
            self._grid.addWidget(label(_shortened(first), name=f"importFirst{place}", kind="quiet"), place, 2)
            self._fields.append(combo)
        self._grid.setColumnStretch(2, 1)

    def _offer_instead(self, number: int) -> None:
        """A name that is not known can stand for one that is, in every row at once."""
        problem = self._model.row(number)
        names = {Field.SERVICE_AREA: self._offered.areas, Field.COUNCILLOR: self._offered.councillors}
        shown = problem is not None and problem.field in _NAMED and bool(problem.value and names[problem.field])
        self._instead.setVisible(shown)
        if shown and problem is not None:
            self._value.setText(tr("“{problem}” is not known here.").format(problem=shown_text(problem.value)))
            self._fill(self._known, [(name, name) for name in names[problem.field]])

    def _stand_for(self) -> None:
        problem = self._model.row(self._problems.currentIndex().row())
        if problem is None:
            return
        before = {name: dict(values) for name, values in self._plan.stands_for.items()}
        before.setdefault(problem.field, {})[problem.value] = self._known.currentText()
        self._plan = replace(self._plan, stands_for=before)
        self._say_changed()

    def _fill(self, combo: QComboBox, items: list[tuple[str, str]]) -> None:
        combo.blockSignals(True)
        combo.clear()
        for words, value in items:
            combo.addItem(words, value)
        combo.blockSignals(False)

    def _say_changed(self) -> None:
        self._soon.stop()
        self.changed.emit(self.plan)

    def _say_agreed(self) -> None:
        self._soon.stop()
        self.agreed.emit(self.plan)


def summary(checked: Checked) -> str:
    """What would come of it, in a sentence or two."""
    if checked.missing:
        names = ", ".join(name.words.lower() for name in checked.missing)
        return tr("Choose the column for: {names}.").format(names=names)
    ready = tr_count(
        "{ready:,} of {n:,} row can be imported.", "{ready:,} of {n:,} rows can be imported.", checked.rows
    )
    said = ready.format(ready=checked.ready, n=checked.rows)
    if not checked.left_out:
        return said
    left = tr_count(
        "{n:,} row has problems and would be left out.",
        "{n:,} rows have problems and would be left out.",
        checked.left_out,
    )
    return f"{said} {left.format(n=checked.left_out)}"


def _problem_columns() -> tuple[Column[Problem], ...]:
    return (
        Column(
            heading=tr("Row"),
            words=lambda problem: str(problem.row),
            spoken=lambda problem: shown_text(
                tr("Row {row}: {problem} {advice}").format(
                    row=problem.row, problem=problem.words, advice=problem.advice
                )
            ),
        ),
        Column(heading=tr("What is wrong"), words=lambda problem: shown_text(problem.words)),
        Column(heading=tr("What to do"), words=lambda problem: shown_text(problem.advice)),
    )


def _shortened(text: str) -> str:
    one = " ".join(shown_text(text).split())
    return one if len(one) <= 60 else f"{one[:60].rstrip()}…"


def _combo(name: str) -> QComboBox:
    made = QComboBox()
    made.setObjectName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(22)
    return made


def _tick(text: str, name: str) -> QCheckBox:
    made = QCheckBox(text)
    made.setObjectName(name)
    return made
