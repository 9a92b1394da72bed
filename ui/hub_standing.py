"""How this laptop stands with its hub, as the status bar, the strip and the navigation say it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.jobs import Step
from ui.language import tr

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.services.hub_health import Banner

_PER_CENT = 100
_LOCKED = tr("This laptop is locked")


@dataclass(frozen=True, slots=True, kw_only=True)
class HubStanding:
    """One line in words, what somebody must know at once, and how much waits for them.

    `words` is empty where the profile belongs to no hub. `waiting` counts changes still to be sent, `clashes` those
    to sort out, `refused` those the hub did not take, `wrong_times` enquiries logged on a wrong clock. `is_locked` says
    that casework may not be shown now, `needs_sign_in` that the hub asks for a password nobody has given.
    """

    words: str = ""
    banners: "tuple[Banner, ...]" = ()
    waiting: int = 0
    clashes: int = 0
    refused: int = 0
    wrong_times: int = 0
    is_locked: bool = False
    needs_sign_in: bool = False

    @property
    def is_shared(self) -> bool:
        """Whether the profile belongs to a hub."""
        return bool(self.words)

    @property
    def to_sort_out(self) -> int:
        """How many changes somebody must look at."""
        return self.clashes + self.refused + self.wrong_times


NO_HUB = HubStanding()


def read_lock(app: "App") -> HubStanding:
    """Whether casework may be shown at all, without the slower parts of how it stands."""
    from member_tracker.services.parts import is_shared

    with app.store.reading() as tx:
        if not is_shared(tx):
            return NO_HUB
    from member_tracker.services.hub_health import lock_of

    lock = lock_of(app)
    return NO_HUB if lock is None else HubStanding(words=_LOCKED, banners=(lock,), is_locked=True)


def read_hub(app: "App") -> HubStanding:
    """How this laptop stands with its hub now; a profile that belongs to none need not wait for the hub's parts."""
    from member_tracker.services.parts import is_shared

    with app.store.reading() as tx:
        if not is_shared(tx):
            return NO_HUB
    from member_tracker.services.clock_error import wrong_times
    from member_tracker.services.conflicts import conflicts
    from member_tracker.services.hub_health import Trouble, health_of, lock_of, standing
    from member_tracker.services.not_accepted import not_accepted

    stands = standing(app)
    if stands is None:
        return NO_HUB
    with app.store.reading() as tx:
        needs_sign_in = health_of(tx).trouble is Trouble.SIGN_IN
    return HubStanding(
        words=stands.words,
        banners=stands.banners,
        waiting=stands.waiting,
        clashes=len(conflicts(app)),
        refused=len(not_accepted(app)),
        wrong_times=len(wrong_times(app)),
        is_locked=lock_of(app) is not None,
        needs_sign_in=needs_sign_in,
    )


def falling_words(step: Step) -> str:
    """How far falling into step has come: “Falling into step: fetching records, 40 %”."""
    stage = step.stage[:1].lower() + step.stage[1:]
    if step.stage.startswith("Fetching records") and step.whole:
        return tr("Falling into step: {stage}, {percent} %").format(
            stage=stage, percent=_PER_CENT * step.done // step.whole
        )
    if step.done:
        return tr("Falling into step: {stage}, {done:,} done").format(stage=stage, done=step.done)
    return tr("Falling into step: {stage}").format(stage=stage)
