"""The first look: Today, read and painted before the rest of the program is made ready to open the profile."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from member_tracker.domain.errors import TrackerError
from ui.desk import Desk
from ui.jobs import Lane
from ui.places import Place
from ui.shell.painting import OncePainted

if TYPE_CHECKING:
    from member_tracker.profile import Profile
    from member_tracker.services.first_look import FirstLook as Looked
    from ui.main_window import MainWindow


_SEEN_MS = 20
"""How long the list has to reach the screen before the rest of the program competes with it."""


def read_first(profile: "Profile") -> "Looked | None":
    """Today as it stands; None where nothing may or can be shown before the profile is open."""
    from member_tracker.services.first_look import first_look
    from member_tracker.system_clock import now

    return first_look(profile, now=now())


class FirstLook(QObject):
    """Shows Today where that is what the window shows first; what is chosen there waits until the profile is open.

    `coming` carries the folder of a profile that is about to be seen, and the day it is, before anything of it is.
    """

    coming = Signal(object, object)

    def __init__(self, desk: Desk, window: "MainWindow") -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._chosen = ""
        desk.show_enquiry.connect(self._choose)

    def begin(self, profile: "Profile", *, then: Callable[[], None], refused: Callable[[TrackerError], None]) -> None:
        """Look at the profile, and `then` open it: once the list is painted, or at once where there is none."""
        self._desk.jobs.run(
            Lane.LOCAL,
            lambda: read_first(profile),
            owner=self,
            done=lambda looked: self._show(profile, looked, then),
            failed=refused,
        )
        import ui.today.page  # noqa: F401 - while the lane reads

    def end(self) -> None:
        """The profile is open and shown: go to what was chosen meanwhile."""
        chosen, self._chosen = self._chosen, ""
        if chosen:
            self._desk.show_enquiry.emit(chosen)

    def _show(self, profile: "Profile", looked: "Looked | None", then: Callable[[], None]) -> None:
        if looked is None:
            then()
            return
        self.coming.emit(profile.folder, looked.page.today)
        if self._window.navigation.place is not Place.TODAY:
            then()
            return
        from ui.today.page import TodayPage

        page = TodayPage(self._desk, self._window.stack)
        page.show_answer(looked.page)
        page.place_wanted.connect(self._go)
        self._window.show_ahead(page, looked.page.counts, practice=looked.practice)
        OncePainted(page, lambda: QTimer.singleShot(_SEEN_MS, self, then))

    def _choose(self, enquiry_id: str) -> None:
        if not self._desk.is_open:
            self._chosen = enquiry_id

    def _go(self, place: Place) -> None:
        if not self._desk.is_open:
            self._window.navigation.go_to(place)
