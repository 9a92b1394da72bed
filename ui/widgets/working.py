"""What is seen while something takes its time: how far it is, and a button that stops it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QProgressBar

from ui import look
from ui.jobs import Step
from ui.language import tr
from ui.widgets.announce import announce
from ui.widgets.parts import button, column, frame, label, row


class Working(QFrame):
    """Shows the step under way; `stop_wanted` asks for no more of it."""

    stop_wanted = Signal()

    def __init__(self, prefix: str = "working") -> None:
        super().__init__()
        self.setObjectName(prefix)
        self._title = label(name=f"{prefix}Title", kind="title")
        self._stage = label(name=f"{prefix}Stage")
        self._bar = QProgressBar()
        self._bar.setObjectName(f"{prefix}Bar")
        self._bar.setAccessibleName(tr("Progress"))
        self._bar.setTextVisible(False)
        self._bar.setMaximumWidth(look.FIELD_WIDTH)
        self._code = label(name="signInCode", kind="heading")
        self._copy = button(tr("&Copy this"), self._copy_code, name="copyCode")
        self._must_read = frame("hint", name="signInCodeBox")
        self._must_read.setLayout(column(self._code, row(self._copy, None), margin=look.GAP))
        self._note = label(name=f"{prefix}Note", kind="quiet")
        self._stop = button(tr("&Stop"), self._say_stop, name=f"{prefix}Stop")
        self.setLayout(
            column(
                self._title,
                self._stage,
                self._bar,
                self._must_read,
                self._note,
                row(self._stop, None),
                None,
                gap=look.ROOM,
            )
        )

    def begin(self, title: str, note: str = "") -> None:
        """Something begins; the note stays beside it."""
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._title.setText(title)
        self._stage.setText(tr("It may take a minute."))
        self._bar.setRange(0, 0)
        self._must_read.hide()
        announce(self, title)

    def show_step(self, step: Step) -> None:
        """Show how far it is; words somebody must read stay until the end."""
        if step.must_read:
            self._code.setText(step.stage)
            self._must_read.show()
            announce(self, step.stage)
            return
        if step.stage != self._stage.text():
            announce(self, step.stage)
        self._stage.setText(step.stage)
        self._bar.setRange(0, step.whole)
        self._bar.setValue(step.done)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the one button there is."""
        super().focusInEvent(event)
        self._stop.setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc stops too."""
        if event.key() == Qt.Key.Key_Escape:
            self._say_stop()
        else:
            super().keyPressEvent(event)

    def _say_stop(self) -> None:
        self._stage.setText(tr("Stopping…"))
        self.stop_wanted.emit()

    def _copy_code(self) -> None:
        QGuiApplication.clipboard().setText(self._code.text())
        announce(self, tr("Copied"))
