"""What was asked: the beginning of it at once, and with one key all of it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from member_tracker.domain.asked import with_answers
from ui import look
from ui.enquiries.reading import Opened
from ui.language import tr
from ui.widgets.parts import button, column, label, row
from ui.widgets.shown_text import shown_text

MOST_LETTERS = 260
MOST_LINES = 3
_MORE, _LESS = tr("Show the whole &question"), tr("Show less of the &question")


class Asked(QWidget):
    """The question as it was put, folded where it is long, so that where it stands is seen beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("asked")
        self._whole = ""
        heading = label(tr("What was asked"), name="askedHeading", kind="heading")
        self._text = label(name="askedText")
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._more = button(_MORE, self._show, name="askedMore", kind="link", tip="Alt+Q")
        self._more.setCheckable(True)
        head = row(heading, self._more)
        head.setStretch(0, 1)
        self.setLayout(column(head, self._text, gap=look.TIGHT))

    def show_opened(self, opened: Opened) -> None:
        """Show what was asked in this enquiry."""
        enquiry = opened.view.enquiry
        self._whole = shown_text(with_answers(enquiry.text, enquiry.answers))
        self._more.setVisible(beginning(self._whole) != self._whole)
        self._show()

    def fold(self) -> None:
        """Show the beginning alone."""
        self._more.setChecked(False)

    def _show(self) -> None:
        unfolded = self._more.isChecked()
        self._text.setText(self._whole if unfolded else beginning(self._whole))
        self._more.setText(_LESS if unfolded else _MORE)


def beginning(text: str) -> str:
    """The first lines of a text, with an ellipsis where it goes on; it ends between words."""
    lines = text.split("\n")
    short = "\n".join(lines[:MOST_LINES])
    if len(short) > MOST_LETTERS:
        short = short[:MOST_LETTERS].rsplit(" ", 1)[0].rstrip()
    return short if short == text else f"{short.rstrip()} …"
