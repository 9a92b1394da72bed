"""A window on a profile that belongs to a hub; what falling into step comes to is told by a stand-in."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from member_tracker.app import App
from member_tracker.domain.change import Conflict, OpId, RecordKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.in_step import Joined, Outcome, Receipt
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.services import collecting, post, syncing
from member_tracker.services.collecting import Collected
from member_tracker.services.hub_access import Ask, nobody
from member_tracker.services.hub_health import note_failing, note_in_step
from member_tracker.services.parts import OWN_HUB, author_of
from member_tracker.services.post import Posted
from member_tracker.store.in_step import StoreLocal
from member_tracker.sync.engine import Synced
from tests.ui.exchange import settled
from ui.app import Running
from ui.rhythm import Rhythm
from ui.sync_round import SyncRounds

PLACE = "postgresql://hub.example.org/council"


@dataclass
class Hub:
    """In the place of falling into step: counts the rounds, and does as it is told; what came of it is remembered."""

    rounds: int = 0
    problem: TrackerError | None = None
    clock_ahead: timedelta | None = None
    takes: Outcome = Outcome.ACCEPTED
    during: Callable[[Watch], None] | None = None
    asked: list[str | None] = field(default_factory=list)
    begun: threading.Event = field(default_factory=threading.Event)

    def sync(self, app: App, watch: Watch = UNWATCHED, ask: Ask = nobody) -> Synced:
        self.asked.append(ask("vera"))
        self.rounds += 1
        self.begun.set()
        pushed = 0 if self.problem is not None else _take_all(app, self.takes)
        if self.during is not None:
            self.during(watch)
        if self.problem is not None:
            note_failing(app, self.problem)
            raise self.problem
        synced = Synced(
            pushed=pushed, pulled=0, conflicts=0, denied=0, in_step=True, at=app.now(), clock_ahead=self.clock_ahead
        )
        note_in_step(app, synced)
        return synced


def stand_in(running: Running, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub behind the window's profile, and mailboxes with nothing in them; nothing goes by itself."""
    made = Hub()
    monkeypatch.setattr(syncing, "sync_now", made.sync)
    monkeypatch.setattr(collecting, "collect", lambda *_a, **_k: Collected())
    monkeypatch.setattr(post, "post_queued", lambda *_a, **_k: Posted(sent=0, waiting=0, unknown=0, problem=None))
    assert running._mail is not None
    running._mail._timer.stop()
    rounds = rounds_of(running)
    rounds._timer.stop()
    rounds._rhythm = Rhythm(running.desk.now())
    rounds._quiet.setInterval(60_000)
    return made


def fall_into_step(running: Running) -> None:
    """Press F5 and wait until that is through."""
    QTest.keyClick(running.window, Qt.Key.Key_F5)
    settled(running)


def _take_all(app: App, outcome: Outcome) -> int:
    """Answer for whatever waits to be sent; how much that was."""
    local = StoreLocal(app.store)
    pushed = 0
    while ops := local.outbox(500):
        local.note([Receipt(op_id=op.id, outcome=outcome, hub_seq=1) for op in ops])
        pushed += len(ops)
    return pushed


def belong_to_a_hub(running: Running, *, days_ago: int = 0) -> None:
    """Let the open profile be one of a hub's, last in touch so many days ago."""

    def join(app: App) -> None:
        with app.store.writing(author=None) as tx:
            tx.set_local(OWN_HUB, f"vera@{PLACE}")
        StoreLocal(app.store).remember(
            Joined(
                hub_id="3f0e4b52-6a53-4b43-9d2f-6f0a4c6c1f10",
                council_id="9a3f8c2e-0b65-4f0d-8a67-0f9a4b1f5c11",
                epoch=1,
                login="vera",
                device_id="5b0e4b52-6a53-4b43-9d2f-6f0a4c6c1f12",
                contact_at=app.now() - timedelta(days=days_ago),
            )
        )

    running.desk.ask(join, owner=running.desk)
    settled(running)


def rounds_of(running: Running) -> SyncRounds:
    """The rounds of the window."""
    assert running._sync is not None
    return running._sync


def clash(running: Running, *, count: int = 1) -> tuple[str, ...]:
    """Let somebody else have changed the subject of so many enquiries at the same time."""
    made: list[tuple[str, ...]] = []

    def write(app: App) -> tuple[str, ...]:
        with app.store.writing(author=None) as tx:
            enquiries = tx.every(Enquiry)[:count]
            for enquiry in enquiries:
                tx.save(
                    Conflict(
                        id=app.new_id(),
                        scope_id=enquiry.raised_by,
                        record_kind=RecordKind.ENQUIRY.value,
                        record_id=enquiry.id,
                        field="subject",
                        kept=enquiry.subject,
                        lost=f"{enquiry.subject} again",
                        lost_op=OpId(app.new_id()),
                        by="Bea Field",
                        at=app.now(),
                    )
                )
        return tuple(enquiry.id for enquiry in enquiries)

    running.desk.ask(write, owner=running.desk, done=made.append)
    settled(running)
    return made[0]


def enquiry_of(running: Running, enquiry_id: str) -> Enquiry:
    """An enquiry as it is kept now."""
    found: list[Enquiry] = []

    def read(app: App) -> Enquiry:
        with app.store.reading() as tx:
            return tx.get(Enquiry, enquiry_id)

    running.desk.ask(read, owner=running.desk, done=found.append)
    settled(running)
    return found[0]


def change_an_enquiry(running: Running) -> None:
    """Save something that the hub is to hear of, and wait until it is."""
    save_a_change(running)
    settled(running)


def save_a_change(running: Running) -> None:
    """Save something that the hub is to hear of."""

    def write(app: App) -> None:
        with app.store.writing(author=author_of(app)) as tx:
            enquiry = tx.every(Enquiry)[0]
            tx.save(replace(enquiry, subject=f"{enquiry.subject}, urgent"))

    running.desk.ask(write, owner=running.desk)
