"""The title of the window: a reference and a count, never a name; what somebody sees over a shoulder or in a list."""

from PySide6.QtWidgets import QWidget

from ui.language import tr, tr_count

TITLE = "Member Tracker"


class Titles:
    """Writes the window's title from what is shown, what is overdue, and whether it is practice."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._page = ""
        self._overdue = 0
        self._practice = False
        window.setWindowTitle(TITLE)

    def show_page(self, words: str) -> None:
        """What the page shown adds: a reference."""
        self._page = words
        self._write()

    def show_overdue(self, count: int) -> None:
        """How many answers are overdue."""
        self._overdue = count
        self._write()

    def show_practice(self, *, practice: bool) -> None:
        """Whether the data is made up."""
        self._practice = practice
        self._write()

    def _write(self) -> None:
        name = tr("{title}: practice data").format(title=TITLE) if self._practice else TITLE
        overdue = tr_count("{n} overdue", "{n} overdue", self._overdue).format(n=self._overdue) if self._overdue else ""
        self._window.setWindowTitle(" – ".join(part for part in (self._page, overdue, name) if part))
