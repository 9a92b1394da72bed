"""What is told across the window once the first list is there: a broken policy, held mail, a newer version."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from ui.desk import Desk
from ui.language import tr
from ui.settings.council_words import held_words, newer_words
from ui.widgets.notice import Notice
from ui.widgets.parts import button

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.services.council_here import CouncilHere
    from member_tracker.services.updates import Updates
    from ui.main_window import MainWindow

_LOOK_MS = 60 * 60 * 1_000
"""How often it is asked whether a day has gone by since somebody looked for updates."""


class Notices(QObject):
    """Shows each strip while there is reason to; nothing is looked for on the network where no address is set."""

    def __init__(self, desk: Desk, window: "MainWindow", parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._window = window
        self._notes_url = ""
        self._version = ""
        self._ask_whom = ""
        self._notes = button(tr("What is new (&5)"), self._show_notes, name="updateNotes")
        hide = button(tr("Hide this (&6)"), self._hide, name="updateHide")
        self._update = Notice("updateNotice", self._notes, hide)
        agree = button(tr("Send mail from here again (&4)"), self._agree, name="heldAgree", kind="first")
        self._held = Notice("heldNotice", agree)
        for strip in (self._update, self._held):
            window.add_strip(strip)
        window.page_made.connect(self._listen)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        desk.ask(_read, owner=self, done=self._begin)

    def look(self) -> None:
        """Look for updates where it is time to."""
        if self._desk.is_open:
            self._desk.ask(_is_due, owner=self, done=self._look_if)

    def _begin(self, here: "CouncilHere") -> None:
        if here.problem is not None:
            self._window.tell(here.problem)
        self._ask_whom = here.ask
        self._held.tell(*held_words(here.held_back))
        self.show_updates(here.updates)
        self.look()

    def _look_if(self, due: bool) -> None:
        if due:
            self._desk.ask_outside(_look, owner=self, done=self.show_updates)

    def show_updates(self, updates: "Updates") -> None:
        """Tell of a newer version, or of none."""
        newer = updates.to_show
        self._version = newer.version if newer else ""
        self._notes_url = newer.notes_url if newer else ""
        self._notes.setVisible(bool(self._notes_url))
        self._update.tell(*newer_words(newer, self._ask_whom))

    def _listen(self, page: QWidget) -> None:
        """What the page of the council's settings finds out is told here too."""
        if page.objectName() == "councilFixedPage":
            from ui.settings.council import CouncilPage

            if isinstance(page, CouncilPage):
                page.looked.connect(self.show_updates)

    def _show_notes(self) -> None:
        QDesktopServices.openUrl(QUrl(self._notes_url, QUrl.ParsingMode.StrictMode))

    def _hide(self) -> None:
        version = self._version

        def hide(app: "App") -> "Updates":
            from member_tracker.services.updates import hide_announced

            return hide_announced(app, version)

        self._desk.ask(hide, owner=self, done=self.show_updates)

    def _agree(self) -> None:
        def agree(app: "App") -> int:
            from member_tracker.services.safekeeping import agree_to_post

            return agree_to_post(app)

        def done(_waiting: int) -> None:
            self._held.tell("", "")
            self._desk.mail_wanted.emit()

        self._desk.ask(agree, owner=self, done=done)


def _read(app: "App") -> "CouncilHere":
    from member_tracker.services.council_here import council_here
    from member_tracker.services.replacing import forget_old_formers

    forget_old_formers(app.profile, app.now())
    return council_here(app)


def _is_due(app: "App") -> bool:
    from member_tracker.services.updates import is_due

    return is_due(app)


def _look(app: "App") -> "Updates":
    from member_tracker.services.updates import look_when_due

    return look_when_due(app)
