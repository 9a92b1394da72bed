"""A calm strip across the top: something to know, what to do about it, and the buttons that do it."""

from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from ui import look
from ui.widgets.announce import announce
from ui.widgets.parts import column, label, row


class Notice(QFrame):
    """Hidden until there is something to tell; what is told already is not said aloud again."""

    def __init__(self, name: str, *deeds: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("kind", "hint")
        self._title = label(name=f"{name}Title", kind="strong")
        self._advice = label(name=f"{name}Advice")
        layout = row(column(self._title, self._advice, gap=look.TIGHT), *deeds, margin=look.GAP, gap=look.ROOM)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.hide()

    def tell(self, title: str, advice: str) -> None:
        """Tell it; no title takes the strip away."""
        is_new = bool(title) and (self._title.text(), self._advice.text()) != (title, advice)
        self._title.setText(title)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self.setVisible(bool(title))
        if is_new:
            announce(self, f"{title} {advice}".strip())
