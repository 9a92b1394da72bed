"""What was logged while this laptop's clock was wrong: noted at each contact with the hub, and put right in one act.

Times are told apart by the order of edits, never by comparing clocks: what was done here between a contact that found
the clock right and one that found it wrong may carry wrong times.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from member_tracker.domain.change import RecordKind, Verb
from member_tracker.domain.dates import moment_in_words
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.values import with_fields
from member_tracker.services.conflicts import MOVES_THE_CLOCK
from member_tracker.services.enquiries import write_entry
from member_tracker.services.hub_health import clock_error_in_words
from member_tracker.services.judging import judge
from member_tracker.services.parts import App, author_of
from member_tracker.services.shown_values import field_in_words
from member_tracker.store.in_step_outbox import MadeHere, Outbox
from member_tracker.store.store import Reading
from member_tracker.sync.engine import CLOCK_MAY_DIFFER, Synced

_KEPT = "clock"
_STAMPED_WITHIN = timedelta(seconds=10)
"""A time this near to when the edit was made was taken from the clock, and not typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """A time of an enquiry that was taken from a clock `ahead` seconds before the hub's."""

    enquiry_id: str
    field: str
    at: str
    ahead: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What contacts have found: edits up to the place `seen` are dealt with, and these times came from a wrong clock.

    `ahead` is how many seconds the clock was wrong at the last contact, `at` that contact by the hub's time; None where
    it was right.
    """

    seen: int
    ahead: float | None = None
    at: str = ""
    stamped: tuple[Stamped, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongTime:
    """An enquiry with times taken from a wrong clock: each field with the time it has and the one it should have."""

    enquiry_id: EnquiryId
    reference: str
    subject: str
    ahead: timedelta
    times: Mapping[str, tuple[datetime, datetime]]

    def as_json(self) -> dict[str, object]:
        """In the form of `wrong-times`."""
        return {
            "reference": self.reference,
            "subject": self.subject,
            "seconds_fast": round(self.ahead.total_seconds()),
            "times": {
                name: {"is": was.isoformat(), "would_be": becomes.isoformat()}
                for name, (was, becomes) in self.times.items()
            },
        }


def note_clock(app: App, synced: Synced) -> None:
    """After a contact: remember up to where the clock is known to have been right, or which times it was wrong for."""
    with app.store.reading_by(Outbox) as tx:
        last, found = tx.last_place(), _found(tx)
        # before the first contact nobody knows
        since = tx.made_here(found.seen, last) if found else ()
    stamped = found.stamped if found else ()
    if synced.clock_ahead is not None:
        ahead: float | None = synced.clock_ahead.total_seconds()
        wrong = since
    else:
        ahead = None
        wrong = _before_it_was_set_right(found, since, app.now()) if found else ()
    by = ahead if ahead is not None else found.ahead if found else None
    stamped += tuple(each for made in wrong for each in _stamped(made, by or 0.0))
    _keep(app, found, Found(seen=last, ahead=ahead, at=synced.at.isoformat(), stamped=stamped))


def wrong_times(app: App) -> tuple[WrongTime, ...]:
    """The enquiries whose times were taken from a wrong clock and are still as they were, in the order of the edits."""
    with app.store.reading() as tx:
        known, found = _found(tx), dict[str, WrongTime]()
        for each in known.stamped if known else ():
            enquiry = tx.find(Enquiry, each.enquiry_id)
            at, ahead = datetime.fromisoformat(each.at), timedelta(seconds=each.ahead)
            if enquiry is None or getattr(enquiry, each.field, None) != at:
                continue
            before = found.get(enquiry.id)
            found[enquiry.id] = WrongTime(
                enquiry_id=enquiry.id,
                reference=enquiry.reference,
                subject=enquiry.subject,
                ahead=ahead,
                times={**(before.times if before else {}), each.field: (at, at - ahead)},
            )
        return tuple(found.values())


def correct_times(app: App) -> int:
    """Shift the times of every such enquiry by what the clock was wrong, and count its due dates again; how many."""
    found = wrong_times(app)
    for wrong in found:
        with app.store.writing(author=author_of(app)) as tx:
            enquiry = tx.get(Enquiry, wrong.enquiry_id)
            shifted = with_fields(enquiry, {name: becomes for name, (_, becomes) in wrong.times.items()})
            tx.save(judge(app, tx, shifted) if MOVES_THE_CLOCK & wrong.times.keys() else shifted)
            write_entry(tx, app, shifted, EntryKind.EDITED, _in_words(wrong), details={"clock": "corrected"})
    return len(found)


def leave_times(app: App) -> None:
    """Take all of them off the list: their times are right as they are."""
    with app.store.reading() as tx:
        found = _found(tx)
    if found is not None:
        _keep(app, found, replace(found, stamped=()))


def _before_it_was_set_right(found: Found, since: Iterable[MadeHere], now: datetime) -> tuple[MadeHere, ...]:
    """The edits after a contact on a wrong clock that show a time only that wrong clock could have shown."""
    if found.ahead is None:
        return ()
    begun, ahead = datetime.fromisoformat(found.at) - CLOCK_MAY_DIFFER, timedelta(seconds=found.ahead)
    until = now + CLOCK_MAY_DIFFER
    return tuple(made for made in since if begun <= made.made_at - ahead <= until and not begun <= made.made_at <= now)


def _stamped(made: MadeHere, ahead: float) -> Iterable[Stamped]:
    """The times of an enquiry that an edit took from the clock."""
    if made.kind is not RecordKind.ENQUIRY:
        return
    said = made.value if made.verb == Verb.CREATE and isinstance(made.value, Mapping) else {made.field: made.value}
    for name, value in said.items():
        if not name.endswith("_at") or not isinstance(value, str):
            continue
        if abs(datetime.fromisoformat(value) - made.made_at) <= _STAMPED_WITHIN:
            yield Stamped(enquiry_id=made.record_id, field=name, at=value, ahead=ahead)


def _in_words(wrong: WrongTime) -> str:
    moved = "; ".join(
        f"{field_in_words(name).lower()} was {moment_in_words(was)}, is {moment_in_words(becomes)}"
        for name, (was, becomes) in wrong.times.items()
    )
    return f"The clock of a computer was {clock_error_in_words(wrong.ahead)}, and times were put right: {moved}."


def _found(tx: Reading) -> Found | None:
    said = tx.local(_KEPT)
    if said is None:
        return None
    plain = json.loads(said)
    return Found(**(plain | {"stamped": tuple(Stamped(**each) for each in plain["stamped"])}))


def _keep(app: App, before: Found | None, found: Found) -> None:
    """Remember it, where anything but the moment of a right clock has changed."""
    if found.ahead is None:
        found = replace(found, at="")
    if found != before:
        with app.store.writing(author=None) as tx:
            tx.set_local(_KEPT, json.dumps(asdict(found)))
