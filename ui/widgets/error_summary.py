"""The box on top of a form that says what must be put right; each line goes to its field."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from ui import look
from ui.language import tr, tr_count
from ui.widgets.announce import announce
from ui.widgets.parts import button, column, label, row

_ONE_LINE = 80  # letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Something to put right, in words that say how, and the field it is in; `advice` stands below where it is long."""

    words: str
    field: QWidget
    advice: str = ""


class ErrorSummary(QFrame):
    """Lists what is wrong and takes the focus; hidden while nothing is."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("kind", "wrong")
        self._heading = label(name=f"{name}Heading", kind="heading")
        self._lines = column(gap=2)
        self._links: list[QWidget] = []
        self.setLayout(column(self._heading, self._lines, margin=look.GAP, gap=2))
        self.hide()

    def tell(self, wrongs: Sequence[Wrong]) -> None:
        """Show these, and put the focus on the first; none hides the box."""
        for old in self._links:
            self._lines.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._links = [self._line(number, wrong) for number, wrong in enumerate(wrongs)]
        self.setVisible(bool(wrongs))
        if not wrongs:
            return
        count = len(wrongs)
        heading = tr_count("One thing is to be put right", "{n} things are to be put right", count)
        self._heading.setText(heading.format(n=count))
        announce(
            self, f"{self._heading.text()}. {' '.join(f'{wrong.words} {wrong.advice}'.strip() for wrong in wrongs)}"
        )
        first = self._links[0].findChild(QWidget, f"{self.objectName()}Link0")
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _line(self, number: int, wrong: Wrong) -> QWidget:
        """A link to the field; words too long for one line stand above it instead."""
        is_long = len(wrong.words) > _ONE_LINE
        link = button(
            tr("Go to where it is put right") if is_long else wrong.words.replace("&", "&&"),
            lambda: wrong.field.setFocus(Qt.FocusReason.OtherFocusReason),
            name=f"{self.objectName()}Link{number}",
            kind="link",
        )
        link.setAccessibleName(f"{wrong.words} {wrong.advice}".strip())
        parts: list[QWidget | QLayout] = [row(link, None)]
        if is_long:
            parts.insert(0, label(wrong.words, name=f"{self.objectName()}Words{number}"))
        if wrong.advice:
            parts.append(label(wrong.advice, name=f"{self.objectName()}Advice{number}"))
        line = QWidget()
        line.setLayout(column(*parts, gap=2))
        self._lines.addWidget(line)
        line.show()
        return line
