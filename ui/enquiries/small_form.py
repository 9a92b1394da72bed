"""A small form in a dialog: a few fields, each by its kind, checked and then done; what is refused is said in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QLineEdit, QPlainTextEdit, QWidget

from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import Invalid, TrackerError
from ui import look
from ui.desk import Desk
from ui.language import tr
from ui.typed_dates import echo, typed_day, typed_moment
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.parts import buddy, column, label
from ui.words import day_in_words

if TYPE_CHECKING:
    from member_tracker.app import App

Answer = str | date | datetime | bool | None
Answers = Mapping[str, Answer]


class Asks(Enum):
    """What a field asks for."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    CHOICE = "choice"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One field: its label with a letter, an example to begin from, and for a choice its values with their words.

    A day is one still to come, a moment one that has been; left empty, either is None where it is not `needed`.
    """

    name: str
    label: str
    asks: Asks = Asks.LINE
    example: str = ""
    value: str = ""
    needed: str = ""
    choices: tuple[tuple[str, str], ...] = ()


class SmallForm(QDialog):
    """Asks for a few things and has a deed done with them; it stays, with what was typed, where that is refused."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        *,
        name: str,
        title: str,
        explanation: str,
        agree: str,
        asks: tuple[Ask, ...],
        deed: Callable[["App", Answers], object],
    ) -> None:
        super().__init__(parent.window())
        self.setObjectName(name)
        self.setWindowTitle(title)
        self._desk, self._asks, self._deed = desk, asks, deed
        self._busy = False
        self._fields = {each.name: _field(name, each) for each in asks}
        self._echoes = {each.name: label(name=f"{name}_{each.name}_echo", kind="quiet") for each in asks}
        self._errors = ErrorSummary(f"{name}Errors")
        self._buttons = QDialogButtonBox()
        made = self._buttons.addButton(agree, QDialogButtonBox.ButtonRole.AcceptRole)
        made.setObjectName(f"{name}Agree")
        made.setProperty("kind", "first")
        self._buttons.addButton(tr("&Cancel"), QDialogButtonBox.ButtonRole.RejectRole).setObjectName(f"{name}Cancel")
        self._lay_out(explanation)
        self._buttons.accepted.connect(self._agree)
        self._buttons.rejected.connect(self.reject)
        self.finished.connect(lambda _code: self.deleteLater())

    def _lay_out(self, explanation: str) -> None:
        parts: list[QWidget] = [label(explanation, name=f"{self.objectName()}Explanation"), self._errors]
        for ask in self._asks:
            field = self._fields[ask.name]
            if not isinstance(field, QCheckBox):
                parts.append(buddy(ask.label, field))
            parts.append(field)
            if ask.asks in {Asks.DAY, Asks.MOMENT} and isinstance(field, QLineEdit):
                parts.append(self._echoes[ask.name])
                field.textChanged.connect(lambda _text, ask=ask: self._echo(ask))
                self._echo(ask)
        self.setLayout(column(*parts, self._buttons, margin=look.ROOM, gap=look.TIGHT + 2))
        self.setMinimumWidth(look.FIELD_WIDTH)
        first = next((self._fields[ask.name] for ask in self._asks), None)
        if first is not None:
            QTimer.singleShot(0, first, first.setFocus)

    def _echo(self, ask: Ask) -> None:
        """Say in words what date was understood."""
        said = self._echoes[ask.name]
        try:
            value = self._value(ask)
        except TrackerError as error:
            said.setText(error.advice)
            return
        if isinstance(value, datetime):
            said.setText(echo(value, self._desk.now()))
        else:
            said.setText(day_in_words(value) if isinstance(value, date) else "")
        said.setVisible(bool(said.text()))

    def _value(self, ask: Ask) -> Answer:
        """What a field holds; raises `Invalid` with advice."""
        field = self._fields[ask.name]
        if isinstance(field, QCheckBox):
            return field.isChecked()
        if isinstance(field, QComboBox):
            return str(field.currentData())
        text = (field.toPlainText() if isinstance(field, QPlainTextEdit) else _line_text(field)).strip()
        if not text:
            if ask.needed:
                raise Invalid(ask.needed, advice="")
            return None if ask.asks in {Asks.DAY, Asks.MOMENT} else ""
        if ask.asks is Asks.DAY:
            return typed_day(text, local_date(self._desk.now()))
        return typed_moment(text, self._desk.now()) if ask.asks is Asks.MOMENT else text

    def _agree(self) -> None:
        answers: dict[str, Answer] = {}
        wrongs: list[Wrong] = []
        for ask in self._asks:
            try:
                answers[ask.name] = self._value(ask)
            except TrackerError as error:
                wrongs.append(Wrong(words=str(error).strip(), field=self._fields[ask.name]))
        self._errors.tell(wrongs)
        if wrongs or self._busy:
            return
        self._busy = True
        self._desk.ask(lambda app: self._deed(app, answers), owner=self, done=self._done, failed=self._refuse)

    def _done(self, _what: object) -> None:
        self.accept()

    def _refuse(self, error: TrackerError) -> None:
        self._busy = False
        self._errors.tell([Wrong(words=str(error), field=next(iter(self._fields.values()), self._buttons))])


def _line_text(field: QWidget) -> str:
    return field.text() if isinstance(field, QLineEdit) else ""


def _field(form: str, ask: Ask) -> QWidget:
    made: QWidget
    match ask.asks:
        case Asks.TEXT:
            made = QPlainTextEdit(ask.value)
            made.setTabChangesFocus(True)
            made.setPlaceholderText(ask.example)
        case Asks.CHOICE:
            made = QComboBox()
            for value, words in ask.choices:
                made.addItem(words, value)
            made.setCurrentIndex(max(0, made.findData(ask.value)))
        case Asks.YES_NO:
            made = QCheckBox(ask.label)
            made.setChecked(bool(ask.value))
        case _:
            made = QLineEdit(ask.value)
            made.setPlaceholderText(ask.example)
    made.setObjectName(f"{form}_{ask.name}")
    return made
