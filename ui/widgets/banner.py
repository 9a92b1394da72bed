"""A strip across the top of a page that says what went wrong and what to do about it."""

from PySide6.QtWidgets import QFrame, QWidget

from member_tracker.domain.errors import TrackerError
from ui import look
from ui.language import tr
from ui.widgets.announce import announce
from ui.widgets.parts import button, column, label, row


class Banner(QFrame):
    """Shows the latest error until it is put away; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("kind", "wrong")
        self._title = label(name="bannerTitle", kind="heading")
        self._advice = label(name="bannerAdvice")
        self._away = button(tr("O&K, hide this"), self.hide, name="bannerHide")
        layout = row(column(self._title, self._advice, gap=look.TIGHT), self._away, margin=look.GAP)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.hide()

    def tell(self, error: TrackerError) -> None:
        """Show what went wrong and what to do."""
        self._title.setText(error.title)
        self._advice.setText(error.advice)
        self.show()
        announce(self, str(error))
