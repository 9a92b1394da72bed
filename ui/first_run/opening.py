"""Opening a profile: asks what only a person knows, and opens it in the lane of the store."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from member_tracker.domain.errors import TrackerError, Unavailable
from member_tracker.domain.watching import UNWATCHED, Watch
from ui.desk import Desk
from ui.hub_standing import HubStanding, read_lock
from ui.jobs import Lane, Step
from ui.language import tr
from ui.main_window import MainWindow
from ui.shell.first_look import FirstLook

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.profile import Profile
    from ui.first_run.pages import Said


class PassphraseWanted(Unavailable):
    """The profile is locked with a passphrase, or a new one needs one."""


def open_parts(profile: "Profile", passphrase: str | None, watch: Watch = UNWATCHED) -> "App":
    """The program's parts for a profile; raises `PassphraseWanted` where a passphrase is needed and none was typed."""
    from member_tracker.app import build

    return replace(build(profile, passphrase=_asking(passphrase), watch=watch), folder_stands_in=False)


def opening_words(step: Step) -> str:
    """How far bringing an older file up to date is: opening it is all else that takes a while."""
    share = f", {100 * step.done // step.whole} %" if step.whole > 1 else ""
    return tr(
        "Your casework is brought up to date for this version of Member Tracker: {stage}{share}.\n"
        "A copy of it as it was is kept beside it. You can wait, or close the window: nothing is lost."
    ).format(stage=step.stage.lower(), share=share)


def open_practice(profile: "Profile") -> "App":
    """The parts of a practice profile, filled with made-up data the first time."""
    from member_tracker.app import build
    from member_tracker.services.first_steps import begin_first_steps
    from member_tracker.services.practice import fill
    from member_tracker.services.setup import has_council

    app = build(profile, passphrase=lambda: None, practice=True)
    if not has_council(app):
        fill(app)
        begin_first_steps(app)
    return app


def open_new(profile: "Profile", said: "Said", passphrase: str | None) -> "App":
    """The parts of a profile that is set up for a council."""
    app = open_parts(profile, passphrase)
    try:
        join(app, said)
    except TrackerError:
        app.store.close()
        raise
    return app


def join(app: "App", said: "Said") -> None:
    """Make an open profile one of a council."""
    from member_tracker.services.setup import SetUp, set_up

    set_up(app, SetUp(council=said.council, me=said.name, role=said.role))


def known_councils() -> tuple[tuple[str, ...], str]:
    """The councils whose charters ship, and the one that is fixed for this computer, if one is."""
    from member_tracker.services.charters import CharterShelf
    from member_tracker.services.council_policy import council_policy

    charters = CharterShelf.shipped()
    fixed = council_policy(charters).council
    fixed = charters.council_named(fixed) or fixed
    return tuple(dict.fromkeys((*charters.council_names(), *([fixed] if fixed else [])))), fixed


def is_as_it_was(error: TrackerError) -> bool:
    """Whether a back-up could not take the place of the profile, which can be opened as it was."""
    from member_tracker.services.replacing import NotReplaced

    return isinstance(error, NotReplaced)


def is_set_up(app: "App") -> bool:
    """Whether the profile belongs to a council."""
    from member_tracker.services.setup import has_council

    return has_council(app)


class Opening(QObject):
    """Leads from the start of the program to an open profile.

    `begun` says that what the window shows first is there, so that what nobody waits for may follow.
    """

    begun = Signal()

    def __init__(self, desk: Desk, window: MainWindow, *, named: "Profile | None") -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._named = named
        self._page: QWidget | None = None
        self._said: Said | None = None
        self._for_hub = False
        self.first_look = FirstLook(desk, window)

    def start(self) -> None:
        """Open the profile there is, or ask the one question."""
        from member_tracker.profile import usual_profile

        profile = self._named if self._named is not None else usual_profile()
        if profile is None or profile.is_new:
            self.ask_first()
        else:
            self._open(profile, None)

    def ask_first(self) -> None:
        """Ask whether to practise, to set up a council, or to join the hub it has."""
        from ui.first_run.pages import Welcome

        self._for_hub = False
        page = Welcome()
        page.practice_wanted.connect(self.practise)
        page.council_wanted.connect(self.ask_council)
        page.hub_wanted.connect(self.ask_hub)
        page.restore_wanted.connect(self.ask_restore)
        self._show(page)

    def ask_restore(self) -> None:
        """Ask for a back-up to fill the new profile with."""
        from member_tracker.profile import profile_at
        from ui.first_run.restoring import RestorePage

        page = RestorePage(self._desk.jobs, self._named or profile_at(None))
        page.left.connect(self.ask_first)
        page.restored.connect(self._open)
        self._show(page)

    def practise(self) -> None:
        """Open the practice profile, made where there is none."""
        from member_tracker.profile import practice_profile

        if self._desk.is_open:
            self._window.menus.practise.trigger()
            return
        profile = self._named or practice_profile()
        self._window.status.say(tr("Making practice data…"))
        self.begun.emit()
        self._run(lambda: open_practice(profile), self._use, self._window.tell)

    def open_own(self) -> None:
        """Open one's own profile, or ask for its council where it is new."""
        from member_tracker.profile import profile_at

        own = profile_at(None)
        if own.is_new:
            self.ask_council()
        else:
            self._open(own, None)

    def ask_hub(self) -> None:
        """Ask which hub to join; the council and its people come from there."""
        self._for_hub = True
        if self._desk.is_open:
            self._show_hub()
        else:
            self._make_new(None)

    def _show_hub(self) -> None:
        from ui.hub.page import HubPage

        page = HubPage(self._desk)
        page.left.connect(self.ask_first)
        page.joined.connect(self._ready)
        self._show(page)

    def ask_council(self) -> None:
        """Ask for the council."""
        self._for_hub = False
        self._run(known_councils, self._show_council, self._tell_at_last)

    def _show_council(self, known: tuple[tuple[str, ...], str]) -> None:
        from ui.first_run.pages import CouncilPage

        page = CouncilPage(*known)
        page.left.connect(self.ask_first)
        page.said.connect(self._set_up)
        self._show(page)

    def _set_up(self, said: "Said") -> None:
        self._said = said
        self._make_new(None)

    def _make_new(self, passphrase: str | None) -> None:
        from member_tracker.profile import profile_at

        profile, said = self._named or profile_at(None), self._said
        if self._for_hub:
            self._run(lambda: open_parts(profile, passphrase), self._use, self._refuse_new)
        elif said is not None and self._desk.is_open:
            self._desk.ask(lambda app: join(app, said), owner=self, done=self._ready, failed=self._refuse_new)
        elif said is not None:
            self._run(lambda: open_new(profile, said, passphrase), self._use, self._refuse_new)

    def _refuse_new(self, error: TrackerError) -> None:
        from ui.first_run.pages import CouncilPage, PassphrasePage

        if isinstance(error, PassphraseWanted):
            page = PassphrasePage(new=True)
            page.said.connect(self._make_new)
            page.left.connect(self.ask_first if self._for_hub else self.ask_council)
            self._show(page)
        elif isinstance(self._page, CouncilPage | PassphrasePage):
            self._page.refuse(error)
        else:
            self._window.tell(error)

    def _open(self, profile: "Profile", passphrase: str | None) -> None:
        def refuse(error: TrackerError) -> None:
            self._refuse_open(profile, error)

        def open_it() -> None:
            self.begun.emit()
            self._desk.jobs.run_long(
                Lane.LOCAL,
                lambda line: open_parts(profile, passphrase, line.watch),
                owner=self,
                heard=lambda step: self._window.say_opening(opening_words(step)),
                done=self._use,
                failed=refuse,
            )

        if passphrase is None:
            self.first_look.begin(profile, then=open_it, refused=refuse)
        else:
            open_it()

    def _refuse_open(self, profile: "Profile", error: TrackerError) -> None:
        from ui.first_run.pages import PassphrasePage

        if is_as_it_was(error):
            self._window.tell(error)
            self._open(profile, None)
        elif isinstance(error, PassphraseWanted):
            page = PassphrasePage(new=False)
            page.said.connect(lambda passphrase: self._open(profile, passphrase))
            self._show(page)
        elif isinstance(self._page, PassphrasePage):
            self._page.refuse(error)
        else:
            self._window.take_away()
            self._window.status.say(tr("Nothing is open"))
            self._tell_at_last(error)

    def _tell_at_last(self, error: TrackerError) -> None:
        """Say why nothing more comes: neither a list nor a question."""
        self._window.tell(error)
        self.begun.emit()

    def _use(self, app: "App") -> None:
        """Before anything of an opened profile is shown, look whether it may be."""
        self._run(lambda: read_lock(app), lambda stands: self._use_it(app, stands), self._window.tell)

    def _use_it(self, app: "App", stands: HubStanding) -> None:
        """Take the opened profile into use; one that was never set up is asked for its council."""
        self._desk.use(app)
        if stands.is_locked:
            self._desk.hub_stands.emit(stands)
        self._desk.ask(is_set_up, owner=self, done=self._check_set_up)
        self._ready()

    def _check_set_up(self, ready: bool) -> None:
        if not ready:
            (self._show_hub if self._for_hub else self.ask_council)()

    def _ready(self, _joined: None = None) -> None:
        """Put away what was asked and show the profile."""
        if self._page is not None:
            self._page.deleteLater()
            self._page = None
        self._window.show_profile()
        self.first_look.end()

    def _show(self, page: QWidget) -> None:
        old, self._page = self._page, page
        self._window.put_in_place(page)
        if not self._desk.is_open:
            self._window.status.say(tr("Nothing is open yet"))
        self.begun.emit()
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        if old is not None:
            old.deleteLater()

    def _run(
        self, function: Callable[[], object], done: Callable[..., None], failed: Callable[[TrackerError], None]
    ) -> None:
        self._desk.jobs.run(Lane.LOCAL, function, owner=self, done=done, failed=failed)


def _asking(passphrase: str | None) -> Callable[[], str]:
    def ask() -> str:
        if passphrase is None:
            raise PassphraseWanted(
                tr("This profile is locked with a passphrase."), advice=tr("Type it to open the profile.")
            )
        return passphrase

    return ask
