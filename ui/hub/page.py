"""The page of the hub: joining one with its first fetch, how this computer stands with it, and signing out."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.watching import Stopped
from member_tracker.services.hub_here import HubHere, NoHubHere, TriedHub, TypedHub, hub_here, try_hub
from ui.desk import Desk
from ui.hub.belonging import BelongingPart
from ui.hub.join import JoinPart
from ui.hub.sign_out import SignOutPart
from ui.hub_standing import read_hub
from ui.jobs import Line
from ui.language import tr, tr_count
from ui.settings.words import NOT_KEPT
from ui.widgets.working import Working
from ui.widgets.working_page import WorkingPage

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.services.hub_joining import JoinedHub

_GOES_ON = tr(
    "The first fetch of a large council's casework may take some minutes. It may be stopped, and the program closed: "
    "what came is kept, and the rest is fetched from there."
)
_STOPPED = tr("Stopped. What came so far is kept, and the rest is fetched from there.")
_NOT_JOINED = tr("Stopped: no hub was joined, and nothing was kept.")


class HubPage(WorkingPage):
    """Shows the form to join a hub, or the hub this computer belongs to.

    `joined` and `signed_out` say what was done.
    """

    joined = Signal()
    signed_out = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "hubPage", Working("hubWorking"), parent)
        self._here: HubHere | NoHubHere = NoHubHere(own_work=None)
        self._join = JoinPart()
        self._belonging = BelongingPart()
        self._sign_out = SignOutPart()
        self._join.fix(desk.profile.policy)
        self._hold_parts(self._join, self._belonging, self._sign_out, self._working)
        for part in (self._join, self._belonging):
            part.left.connect(self.left)
        self._sign_out.left.connect(self._show_first)
        self._join.wanted.connect(self._join_hub)
        self._join.test_wanted.connect(self._try)
        self._belonging.sync_wanted.connect(desk.hub_wanted)
        self._belonging.sign_out_wanted.connect(self._ask_sign_out)
        self._sign_out.wanted.connect(self._leave)
        self.signed_out.connect(desk.emptied)
        desk.hub_stands.connect(self._belonging.show_standing)
        desk.hub_stands.connect(lambda _stands: self.refresh())

    def ask(self) -> None:
        """Read what this profile has to do with a hub."""
        self.desk.ask(hub_here, owner=self, done=self._show_here)

    def _is_first(self, part: QWidget) -> bool:
        return part in (self._join, self._belonging)

    def _show_first(self) -> None:
        self._join.forget()
        self._show(self._belonging if isinstance(self._here, HubHere) else self._join)

    def _show_here(self, here: HubHere | NoHubHere) -> None:
        """Show the part that fits, unless somebody is at another."""
        was_shared, self._here = isinstance(self._here, HubHere), here
        if isinstance(here, HubHere):
            self._belonging.show_here(here)
        else:
            self._join.show_work(here.own_work, is_practice=self.desk.is_practice)
        has_changed = was_shared != isinstance(here, HubHere)
        if self._shown is not self._working and (has_changed or self._is_first(self._shown)):
            self._show(self._belonging if isinstance(here, HubHere) else self._join)

    def _join_hub(self, typed: TypedHub) -> None:
        def deed(app: "App", line: Line) -> "JoinedHub":
            from member_tracker.services.hub_joining import join_hub

            return join_hub(app, typed.address, typed.answer, line.watch)

        def done(joined: "JoinedHub") -> None:
            count = joined.synced.pulled
            said = (
                tr("You share casework as {person} now.").format(person=joined.person)
                if joined.person
                else tr("You share casework now."),
                tr_count("{n:,} record came.", "{n:,} records came.", count).format(n=count),
                tr("In step.") if joined.synced.in_step else tr("The rest follows."),
            )
            self._arrive(" ".join(said), "" if joined.is_kept else NOT_KEPT)
            self.joined.emit()

        def refuse(error: TrackerError) -> None:
            self.desk.ask(hub_here, owner=self, done=lambda here: self._show_refused(here, error))

        self._begin(tr("Joining {address}").format(address=typed.address.shown), deed, done, refuse, note=_GOES_ON)

    def _show_refused(self, here: HubHere | NoHubHere, error: TrackerError) -> None:
        """What went wrong may have gone wrong after the hub was joined: then it goes on by itself."""
        self._here = here
        if isinstance(here, HubHere):
            self._arrive(_STOPPED if isinstance(error, Stopped) else f"{error.title} {error.advice}")
            self.joined.emit()
        elif isinstance(error, Stopped):
            self._show(self._join)
            self._join.say((_NOT_JOINED,))
        else:
            self._show(self._join)
            self._join.refuse(error)

    def _arrive(self, words: str, note: str = "") -> None:
        """The hub was joined: show it, and let every other part of the window know."""
        self._join.forget()
        self._show(self._belonging)
        self._belonging.say(words, note)
        self.desk.ask(read_hub, owner=self, done=self.desk.hub_stands.emit)
        self.refresh()

    def _try(self, typed: TypedHub) -> None:
        def done(tried: TriedHub) -> None:
            self._show(self._join)
            self._join.say(tried.words)

        def refuse(error: TrackerError) -> None:
            self._show(self._join)
            if isinstance(error, Stopped):
                self._join.say((tr("The test was stopped."),))
            else:
                self._join.refuse(error)

        self._begin(
            tr("Testing {address}").format(address=typed.address.shown),
            lambda app, _line: try_hub(app, typed),
            done,
            refuse,
        )

    def _ask_sign_out(self) -> None:
        def begin(here: HubHere | NoHubHere) -> None:
            if isinstance(here, HubHere):
                self._sign_out.begin(here, local_date(self.desk.now()))
                self._show(self._sign_out)

        self._belonging.say("")
        self.desk.ask(hub_here, owner=self, done=begin)

    def _leave(self, folder: Path | None) -> None:
        def deed(app: "App", line: Line) -> object:
            from member_tracker.services.hub_joining import leave_hub

            return leave_hub(app, folder, line.watch)

        def done(_left: object) -> None:
            self.signed_out.emit()

        def refuse(error: TrackerError) -> None:
            self._show(self._sign_out)
            self._sign_out.refuse(error)

        self._begin(tr("Signing out"), deed, done, refuse)
