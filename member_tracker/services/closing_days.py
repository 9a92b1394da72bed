"""Closure days of the council, and which open enquiries a new one, or another charter, would change.

What was judged stays judged; what is open changes only where somebody agrees.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from member_tracker.domain.charter import Charter
from member_tracker.domain.clock import Clock, Step
from member_tracker.domain.dates import day_in_words
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.people import Council
from member_tracker.domain.recount import Facts, OpenClocks, WouldChange, what_would_change
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.values import one_line
from member_tracker.domain.vocabulary import Status
from member_tracker.domain.working_time import ClosureDay
from member_tracker.services.enquiries import write_entry
from member_tracker.services.judging import count_again
from member_tracker.services.merged import absorbed_by
from member_tracker.services.office_records import must_be_allowed
from member_tracker.services.parts import App, author_of, the_council
from member_tracker.store.store import Reading, Transaction

_OPEN = tuple(status for status in Status if status.is_open)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The closure days there are, and what would change, or was changed, of open enquiries."""

    closure_days: tuple[ClosureDay, ...]
    changes: tuple[WouldChange, ...]


def closure_days(app: App) -> tuple[ClosureDay, ...]:
    """The days the council is shut beside weekends and bank holidays, those that ship and its own, in order."""
    with app.store.reading() as tx:
        return _every_closure_day(app, the_council(tx))


def would_change(app: App, *, closed_on: date | None = None, charter_id: str | None = None) -> tuple[WouldChange, ...]:
    """Which open enquiries would be due on other days with one closure day more, or judged by that charter."""
    with app.store.reading() as tx:
        council = the_council(tx)
        if closed_on is not None:
            council = _with_day(app, council, ClosureDay(on=closed_on, reason="asked about"))
        named = app.charters.named(charter_id) if charter_id is not None else None
        return _changes(app, tx, council, named)


def add_closure_day(app: App, on: date, reason: str, *, agreed: bool) -> Changes:
    """Keep a closure day. Where open enquiries would be due on other days, `NotAllowed` naming them until `agreed`.

    Their due days then follow; what was judged never changes.
    """
    why = one_line(reason)
    if not why:
        raise Invalid("A closure day needs a reason.", advice="Say why the council is shut.")
    with app.store.writing(author=author_of(app)) as tx:
        must_be_allowed(tx, "Closure days")
        council = _with_day(app, the_council(tx), ClosureDay(on=on, reason=why))
        changes = _changes(app, tx, council)
        if changes and not agreed:
            raise NotAllowed(
                f"If the council is shut on {day_in_words(on)}, these open enquiries change. "
                + " ".join(change.words for change in changes),
                advice="If they should, say so with --yes. What was judged stays as it is.",
            )
        tx.save(council)
        _count_again(app, tx, council, changes, why=f"The council is shut on {day_in_words(on)} ({why})")
    return Changes(closure_days=_every_closure_day(app, council), changes=changes)


def _every_closure_day(app: App, council: Council) -> tuple[ClosureDay, ...]:
    every = (*app.charters.council(council.name).closure_days, *council.closure_days)
    return tuple(sorted(every, key=lambda closed: closed.on))


def _with_day(app: App, council: Council, day: ClosureDay) -> Council:
    if any(closed.on == day.on for closed in _every_closure_day(app, council)):
        raise NotAllowed(f"{day_in_words(day.on)} is a closure day already.", advice="See: closure-day list")
    return replace(council, closure_days=tuple(sorted((*council.closure_days, day), key=lambda closed: closed.on)))


def _changes(app: App, tx: Reading, council: Council, charter: Charter | None = None) -> tuple[WouldChange, ...]:
    """What would change of open enquiries under the council's calendar as given, and under `charter` where named."""
    among = [enquiry for status in _OPEN for enquiry in tx.every(Enquiry, council_id=council.id, status=status)]
    open_ones = [enquiry for enquiry in among if enquiry.deleted_at is None]
    merged = [enquiry for enquiry in open_ones if absorbed_by(tx, enquiry)]
    alone = [enquiry for enquiry in open_ones if enquiry not in merged]
    charters: Mapping[str, Charter] = {known.id: charter or known for known in app.charters.charters}
    calendar = app.charters.calendar(council.name, council.closure_days)
    changes = list(what_would_change(map(_open_clocks, _clocked(alone)), charters=charters, calendar=calendar))
    if charter is None:
        for enquiry in _clocked(merged):
            changes += _moved(enquiry, count_again(app, tx, enquiry, council=council))
    return tuple(sorted(changes, key=lambda change: (change.was or date.max, change.reference)))


def _clocked(enquiries: Sequence[Enquiry]) -> list[Enquiry]:
    """Those that run against a clock and were not judged."""
    return [enquiry for enquiry in enquiries if enquiry.clocks is not None and enquiry.answered_at is None]


def _open_clocks(enquiry: Enquiry) -> OpenClocks:
    clocks = enquiry.clocks
    if clocks is None:
        raise ValueError("an enquiry without clocks cannot be counted again")
    words = [moment for moment in (enquiry.acknowledged_at, enquiry.holding_at) if moment is not None]
    facts = Facts(
        channel=enquiry.channel,
        kind=enquiry.kind,
        received_at=enquiry.received_at,
        stage=enquiry.stage,
        sent_at=enquiry.sent_at,
        acknowledged_at=min(words, default=None),
        pauses=enquiry.pauses,
        extensions=enquiry.extensions,
    )
    return OpenClocks(enquiry_id=enquiry.id, reference=enquiry.reference, clocks=clocks, facts=facts)


def _moved(before: Enquiry, after: Enquiry) -> list[WouldChange]:
    """The promises of a merged enquiry whose last moment is another."""
    pairs = (
        (Step.ACKNOWLEDGEMENT, _clock(before, Step.ACKNOWLEDGEMENT), _clock(after, Step.ACKNOWLEDGEMENT)),
        (Step.REPLY, _clock(before, Step.REPLY), _clock(after, Step.REPLY)),
    )
    return [
        WouldChange(
            enquiry_id=before.id,
            reference=before.reference,
            step=step,
            was=was.due_by if was else None,
            becomes=becomes.due_by if becomes else None,
        )
        for step, was, becomes in pairs
        if (was.due_at if was else None) != (becomes.due_at if becomes else None)
    ]


def _clock(enquiry: Enquiry, step: Step) -> Clock | None:
    clocks = enquiry.clocks
    if clocks is None:
        return None
    return clocks.acknowledge if step is Step.ACKNOWLEDGEMENT else clocks.respond


def _count_again(app: App, tx: Transaction, council: Council, changes: Sequence[WouldChange], *, why: str) -> None:
    """Let the enquiries that change follow the new calendar, and say so in their timelines."""
    for enquiry_id in dict.fromkeys(change.enquiry_id for change in changes):
        counted = count_again(app, tx, tx.get(Enquiry, enquiry_id), council=council)
        tx.save(counted)
        said = " ".join(change.words for change in changes if change.enquiry_id == enquiry_id)
        write_entry(tx, app, counted, EntryKind.RECOUNTED, f"{why}. {said.replace('would be due', 'is now due')}")
