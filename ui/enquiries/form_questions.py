"""What must be asked about a subject: one line for each question, answered or “the resident does not know”."""

from collections.abc import Iterable, Iterator, Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QLineEdit, QWidget

from member_tracker.domain.asked import Answer
from ui import look
from ui.language import tr
from ui.widgets.parts import buddy, label, line

_LINES = 7
_UNKNOWN = "?"


class _Question(QObject):
    """One question: its label, a line for the answer, and a box for not knowing; a “?” typed ticks the box."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.question = ""
        self._number = number
        self.answer = line(f"answer{number}", tr("Type ? if the resident does not know"))
        self.label: QLabel = buddy("", self.answer)
        self.unknown = QCheckBox(tr("Does not know"))
        self.unknown.setObjectName(f"unknown{number}")
        self.answer.textEdited.connect(self._typed)
        self.unknown.toggled.connect(self._toggled)

    def show_question(self, question: str) -> None:
        """Ask this; an empty question hides the line."""
        self.question = question
        self.label.setText(f"&{self._number} {question}")
        self.unknown.setAccessibleName(tr("The resident does not know: {question}").format(question=question))
        for part in (self.label, self.answer, self.unknown):
            part.setVisible(bool(question))

    def given(self) -> Answer:
        """What was said."""
        unknown = self.unknown.isChecked()
        return Answer(question=self.question, said="" if unknown else self.answer.text().strip(), unknown=unknown)

    def take(self, answer: Answer) -> None:
        """Show what was said before."""
        self.answer.setText(answer.said)
        self.unknown.setChecked(answer.unknown)

    def _typed(self, typed: str) -> None:
        if typed.strip() == _UNKNOWN:
            self.unknown.setChecked(True)

    def _toggled(self, on: bool) -> None:
        if on:
            self.answer.clear()  # Ctrl+Z brings it back
        self.answer.setReadOnly(on)
        self.answer.setPlaceholderText(
            tr("The resident does not know") if on else tr("Type ? if the resident does not know")
        )


class QuestionsPart(QWidget):
    """The questions of a subject; what was answered is remembered while one tries another subject."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("questions")
        self._kept: dict[str, Answer] = {}
        self._lines = [_Question(number) for number in range(1, _LINES + 1)]
        self._heading = label(tr("Ask the resident"), name="questionsHeading", kind="strong")
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look.ROOM)
        grid.setVerticalSpacing(look.TIGHT)
        grid.addWidget(self._heading, 0, 0, 1, 3)
        for number, each in enumerate(self._lines, start=1):
            grid.addWidget(each.label, number, 0)
            grid.addWidget(each.answer, number, 1)
            grid.addWidget(each.unknown, number, 2)
            each.answer.textChanged.connect(lambda _text: self.changed.emit())
            each.unknown.toggled.connect(lambda _on: self.changed.emit())
        grid.setColumnStretch(1, 1)
        self.setLayout(grid)
        self.ask(())

    def ask(self, questions: tuple[str, ...]) -> None:
        """Ask these; none hides the part."""
        self._kept |= {answer.question: answer for answer in self.answers()}
        asked = questions[:_LINES]
        for number, each in enumerate(self._lines):
            question = asked[number] if number < len(asked) else ""
            each.show_question(question)
            each.take(self._kept.get(question, Answer(question=question)))
        self.setVisible(bool(asked))

    def fields(self) -> tuple[QLineEdit, ...]:
        """The lines to type in, in order."""
        return tuple(each.answer for each in self._lines if each.question)

    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab goes, in order."""
        return tuple(part for each in self._lines for part in (each.answer, each.unknown))

    def answers(self) -> tuple[Answer, ...]:
        """What was said to each question that is asked."""
        return tuple(each.given() for each in self._lines if each.question)

    def places(self) -> tuple[str, ...]:
        """What was said to questions about where something is."""
        return tuple(answer.said for answer in self.answers() if answer.question.casefold().startswith("where"))

    def missing(self) -> Iterator[tuple[QWidget, str]]:
        """The questions nobody has answered, with what to do."""
        for each in self._lines:
            if each.question and each.given().is_missing:
                yield (
                    each.answer,
                    tr("{question} Ask the resident, or type ? if they do not know.").format(question=each.question),
                )

    def plain(self) -> dict[str, object]:
        """What was said, for a draft."""
        return {
            "answers": {answer.question: answer.said for answer in self.answers() if answer.said},
            "unknown": [answer.question for answer in self.answers() if answer.unknown],
        }

    def give_back(self, plain: Mapping[str, object]) -> None:
        """Remember what a draft kept, and show what belongs to the questions asked now."""
        said, unknown = plain.get("answers"), plain.get("unknown")
        if isinstance(said, Mapping):
            self._kept |= {
                str(question): Answer(question=str(question), said=str(words)) for question, words in said.items()
            }
        if isinstance(unknown, list):
            self._kept |= {str(question): Answer(question=str(question), unknown=True) for question in unknown}
        for each in self._lines:
            if each.question in self._kept:
                each.take(self._kept[each.question])

    def show_answers(self, answers: Iterable[Answer]) -> None:
        """Show what was said before to the questions asked now."""
        said = {answer.question: answer for answer in answers}
        for each in self._lines:
            if each.question in said:
                each.take(said[each.question])

    def clear(self) -> None:
        """Ask nothing and forget what was said."""
        self.ask(())
        self._kept = {}
