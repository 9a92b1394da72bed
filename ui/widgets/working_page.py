"""A page of several parts, one shown at a time, that has things done which take their time and hold the rounds up."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from member_tracker.domain.errors import TrackerError
from ui.desk import Desk
from ui.jobs import Job, Line
from ui.widgets.focus import holds_focus
from ui.widgets.page import Page
from ui.widgets.scrolled import Scrolled
from ui.widgets.working import Working

if TYPE_CHECKING:
    from member_tracker.app import App

T = TypeVar("T")


class WorkingPage(Page):
    """While something is done, how far it is takes the place of the parts, and no round of mail or the hub runs.

    `left` says that somebody goes back to where they were.
    """

    left = Signal()

    def __init__(self, desk: Desk, name: str, working: Working, parent: QWidget | None = None) -> None:
        super().__init__(desk, name, parent)
        self._job: Job | None = None
        self._working = working
        self._stack = QStackedLayout()
        self._shown: QWidget = working
        self.setLayout(self._stack)
        working.stop_wanted.connect(self._stop)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the part that is shown."""
        super().focusInEvent(event)
        self._focus()

    def panes(self) -> list[QWidget]:
        """The part that is shown."""
        return [self._shown]

    def back(self) -> bool:
        """Esc: go back from a part to the first one; whether there was anywhere to go back to in here."""
        if self._is_first(self._shown):
            return False
        if self._shown is self._working:
            self._stop()
        else:
            self._show_first()
        return True

    # --- what each page says for itself -------------------------------------------------------------------------------

    def _is_first(self, part: QWidget) -> bool:
        """Whether somebody goes back from that part to where they were before this page."""
        raise NotImplementedError

    def _show_first(self) -> None:
        raise NotImplementedError

    # --- parts --------------------------------------------------------------------------------------------------------

    def _hold_parts(self, *parts: QWidget) -> None:
        """Make the page of these; the first is shown."""
        for part in parts:
            self._stack.addWidget(Scrolled(part))
        self._shown = parts[0]

    def _show(self, part: QWidget) -> None:
        """Show a part, with the keyboard in it where it was in this page."""
        had_focus = holds_focus(self)
        self._shown = part
        for number in range(self._stack.count()):
            area = self._stack.widget(number)
            if area is not None and area.isAncestorOf(part):
                self._stack.setCurrentIndex(number)
        if had_focus:
            self._focus()

    def _focus(self) -> None:
        self._shown.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what takes its time ------------------------------------------------------------------------------------------

    def _begin(
        self,
        title: str,
        deed: "Callable[[App, Line], T]",
        done: Callable[[T], None],
        refuse: Callable[[TrackerError], None],
        *,
        note: str = "",
    ) -> None:
        """Have something done, with rounds held meanwhile; nothing where something is under way already."""
        if self._job is not None:
            return
        self._working.begin(title, note)
        self._show(self._working)
        self.desk.mail_held.emit(True)

        def over(what: T) -> None:
            self._over()
            done(what)

        def refused(error: TrackerError) -> None:
            self._over()
            refuse(error)

        self._job = self.desk.ask_long(deed, owner=self, heard=self._working.show_step, done=over, failed=refused)

    def _over(self) -> None:
        self._job = None
        self.desk.mail_held.emit(False)
        self.refresh()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()
