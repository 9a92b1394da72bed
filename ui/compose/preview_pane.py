"""Exactly what leaves, beside what is being written: headers, text and files, or why it cannot leave."""

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from member_tracker.domain.errors import TrackerError
from member_tracker.domain.writing import Preview
from ui import look
from ui.language import tr
from ui.widgets.parts import buddy, column, label
from ui.widgets.shown_text import shown_text


def preview_in_words(shown: Preview) -> str:
    """The mail as it is read: its headers, then its text."""
    files = ", ".join(f"{name} ({max(1, size // 1000):,} kB)" for name, size in shown.files)
    headers = (
        (tr("From"), shown.from_address),
        (tr("To"), ", ".join(shown.to)),
        (tr("Copy"), ", ".join(shown.cc) or tr("nobody")),
        (tr("Subject"), shown.subject),
        (tr("Files"), files or tr("none")),
    )
    return "\n".join(f"{name}: {value}" for name, value in headers) + f"\n\n{shown.body}"


class PreviewPane(QFrame):
    """Shows what the service makes of what is written; it makes nothing itself."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("composePreview")
        self.setProperty("kind", "card")
        self._wrong = label(name="composePreviewWrong", kind="wrong")
        self._text = QPlainTextEdit()
        self._text.setObjectName("composePreviewText")
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setMinimumHeight(self._text.fontMetrics().height() * 8)
        self._heading = buddy(tr("This is exactly what leaves (&W)"), self._text, kind="heading")
        layout = column(self._heading, self._wrong, self._text, margin=look.GAP, gap=look.TIGHT)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self._wrong.hide()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to what is read."""
        super().focusInEvent(event)
        self._text.setFocus(event.reason())

    def show_text(self, words: str, *, heading: str = tr("This is exactly what leaves (&W)")) -> None:
        """Show these words, with the place that is read kept in sight."""
        self._heading.setText(heading)
        at = self._text.verticalScrollBar().value()
        self._text.setPlainText(shown_text(words))
        self._text.verticalScrollBar().setValue(at)
        self._wrong.hide()

    def refuse(self, error: TrackerError) -> None:
        """Say why it cannot leave; what was shown before it went wrong is taken away."""
        self._wrong.setText(tr("This cannot leave yet. {error}").format(error=error))
        self._wrong.show()
        self._text.clear()

    def clear(self) -> None:
        """Nothing is written."""
        self._text.clear()
        self._wrong.hide()
