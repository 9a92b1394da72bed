"""What every screen is given: the program's parts, asked in a lane, and news of what has changed."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from member_tracker.domain.errors import TrackerError
from ui.jobs import Job, Jobs, Lane, Line, Step
from ui.news import News

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.profile import Profile

T = TypeVar("T")

_PAINT_MS = 250


def close_store(app: "App") -> None:
    """Close a profile, in the lane it was used in, and its way to the hub."""
    app.hubs.close()
    app.store.close()
    empty_opened(app)


def _nothing(app: "App") -> None:
    """Asked of the lane of the store, it is answered after all that was asked before it."""


def empty_opened(app: "App") -> None:
    """Remove the copies of attachments that were opened, of this run or of one that ended badly."""
    from member_tracker.services.opened_files import empty

    empty(app.profile)


class Desk(QObject):
    """The window's way to the program's parts, which are opened in the lane of the store and never used elsewhere.

    `opened` comes once the profile is open, and `settled` once its first list is there, for what nobody waits for.
    `show_enquiry` asks the window to show the enquiry of that id, and
    `page_wanted` the page of that name (`ui/page_table.py`) about something (None: as it was left).
    `mail_stands` carries how the mailboxes stand (a `MailStanding`), `mail_held` whether rounds of mail must wait
    because somebody tries or changes a mailbox, and `mail_wanted` asks for one now. `hub_stands` carries how this
    laptop stands with its hub (a `HubStanding`), `hub_wanted` asks for it to fall into step now; `hub_sign_in` does so
    with a password. `file_handed` carries a file that somebody opened with the program, and `ending` says that the
    session ends, so that what was typed is kept at once. `emptied` says that nothing is left in the profile, which is
    to be opened as on its first day. `lock_wanted` asks for the window to be locked, and `lock_changed` says after how
    many minutes it locks itself from now on (nought for never).
    """

    opened = Signal()
    settled = Signal()
    show_enquiry = Signal(str)
    page_wanted = Signal(str, object)
    said = Signal(str)
    mail_stands = Signal(object)
    mail_held = Signal(bool)
    mail_wanted = Signal()
    hub_stands = Signal(object)
    hub_wanted = Signal()
    hub_sign_in = Signal(str)
    file_handed = Signal(str)
    ending = Signal()
    lock_wanted = Signal()
    lock_changed = Signal(int)
    emptied = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jobs = Jobs(self)
        self.news = News(self)
        self._app: App | None = None
        self._is_open = False
        self._painting = QTimer(self)
        self._painting.setSingleShot(True)
        self._painting.timeout.connect(self.settled)

    @property
    def is_open(self) -> bool:
        """Whether a profile is open."""
        return self._is_open

    @property
    def is_practice(self) -> bool:
        """Whether the open profile holds made-up data."""
        return self._app is not None and self._app.practice

    @property
    def profile(self) -> "Profile":
        """The profile that is open."""
        return self._opened_app().profile

    def now(self) -> datetime:
        """The moment it is, as the open profile tells it."""
        return self._opened_app().now()

    def use(self, app: "App") -> None:
        """Take the parts of an opened profile into use and tell every screen."""
        self._app, self._is_open = app, True
        app.store.on_change(self.news.hear)
        self.opened.emit()
        QTimer.singleShot(0, self, self._settle)

    def _settle(self) -> None:
        """What the first list asks is asked by now; once it has been answered and painted, all else may begin."""
        if self._is_open:
            self.ask(_nothing, owner=self, done=lambda _: self._painting.start(_PAINT_MS))

    def ask(
        self,
        question: Callable[["App"], T],
        *,
        owner: QObject,
        done: Callable[[T], None] | None = None,
        failed: Callable[[TrackerError], None] | None = None,
    ) -> Job:
        """Put a question, or have a deed done, in the lane of the store."""
        return self.jobs.run(Lane.LOCAL, question, self._opened_app(), owner=owner, done=done, failed=failed)

    def ask_outside(
        self,
        question: Callable[["App"], T],
        *,
        owner: QObject,
        done: Callable[[T], None] | None = None,
        failed: Callable[[TrackerError], None] | None = None,
    ) -> Job:
        """Have something done that speaks to the mailbox or the hub."""
        return self.jobs.run(Lane.REMOTE, question, self._opened_app(), owner=owner, done=done, failed=failed)

    def ask_long(
        self,
        question: Callable[["App", Line], T],
        *,
        owner: QObject,
        heard: Callable[[Step], None],
        done: Callable[[T], None] | None = None,
        failed: Callable[[TrackerError], None] | None = None,
        lane: Lane = Lane.REMOTE,
    ) -> Job:
        """Have something done that tells how far it is and may be stopped: beside mail and hub unless said."""
        app = self._opened_app()
        return self.jobs.run_long(lane, question, app, owner=owner, heard=heard, done=done, failed=failed)

    def close(self) -> None:
        """Stop what is under way, wait for it, and close the profile in its lane; what is painted may ask the time."""
        app, self._is_open = self._app, False
        self.jobs.close(None if app is None else lambda: close_store(app))

    def _opened_app(self) -> "App":
        if self._app is None:
            raise RuntimeError("a screen asked before a profile was open")
        return self._app
