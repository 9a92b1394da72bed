"""Falling into step with the hub: what waits goes out, what changed comes in."""

from dataclasses import replace

from member_tracker.domain.errors import TrackerError
from member_tracker.domain.in_step import SCHEMA
from member_tracker.domain.watching import UNWATCHED, Stopped, Watch
from member_tracker.services.clock_error import note_clock
from member_tracker.services.enrolling import become, has_no_part_yet
from member_tracker.services.hub_access import Access, Ask, address_of, nobody, with_hub
from member_tracker.services.hub_health import note_failing, note_in_step
from member_tracker.services.parts import App, own_device
from member_tracker.services.patience import patiently
from member_tracker.services.recounting import count_what_clashed
from member_tracker.services.remote_work import remote_work
from member_tracker.services.taken_out import tell_taken_out
from member_tracker.sync.engine import Synced, sync_once
from member_tracker.sync.hub import Hub


def sync_now(app: App, watch: Watch = UNWATCHED, ask: Ask = nobody) -> Synced:
    """Fall into step with the hub; what could not be sent is kept, and calling again goes on from where it was.

    Raises `TrackerError` with words where there is no contact; how it went is remembered either way.
    """
    from member_tracker.services.counted_fetching import CountedWatch, CountingLocal

    access = Access(address=address_of(app), ask=ask)
    local = CountingLocal(app.store)
    counted = CountedWatch(inner=watch, stop=watch.stop, local=local)

    def fall_into_step(hub: Hub) -> Synced:
        synced = sync_once(local, hub, now=app.now, watch=counted)
        _be_known(app, hub)
        tell_taken_out(app, hub)
        if count_what_clashed(app):
            synced = _both(synced, sync_once(local, hub, now=app.now, watch=counted))
        return synced

    with remote_work(app, watch):
        try:
            synced = patiently(lambda: with_hub(app, access, fall_into_step), watch)
        except Stopped:
            raise
        except TrackerError as problem:
            note_failing(app, problem)
            raise
        note_in_step(app, synced)
        note_clock(app, synced)
    return synced


def _both(first: Synced, second: Synced) -> Synced:
    """Two contacts told as one."""
    return replace(
        second,
        pushed=first.pushed + second.pushed,
        pulled=first.pulled + second.pulled,
        conflicts=first.conflicts + second.conflicts,
        denied=first.denied + second.denied,
        restored=first.restored or second.restored,
        gained=first.gained + second.gained,
        lost=first.lost + second.lost,
        blobs_sent=first.blobs_sent + second.blobs_sent,
        blobs_fetched=first.blobs_fetched + second.blobs_fetched,
    )


def _be_known(app: App, hub: Hub) -> None:
    """Have this device handed its part of references where it has none of the hub's, as after a restore."""
    with app.store.reading() as tx:
        if not has_no_part_yet(tx):
            return
    greeting = hub.greet(own_device(app), SCHEMA)
    with app.store.writing(author=None) as writing:
        become(writing, greeting)
