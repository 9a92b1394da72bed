"""What somebody is reminded of and when: inside the council's opening hours, each thing at most once a day.

A reminder says how many there are and which references they have; it names nobody and repeats nobody's words.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from member_tracker.domain.dates import LONDON, local_date
from member_tracker.domain.values import listed
from member_tracker.domain.vocabulary import State, Status, Word
from member_tracker.domain.working_time import Purpose, WorkingCalendar
from member_tracker.services.lists import EnquiryRow, Order, Wanted, Which, working_days_on
from member_tracker.services.parts import App
from member_tracker.store.store import Reading

QUIET_WORKING_DAYS = 5
"""After how many working days without a word from its service area somebody is reminded to chase an enquiry."""

_TOLD = "reminders_told"
_MOST = 200
_NAMED = 3
_USUAL = (time(9), time(17))


class About(Word):
    """What a reminder is about, the most pressing first."""

    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    CAME_BACK = "came_back"
    REPLY = "reply"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One enquiry that needs somebody, and why."""

    about: About
    enquiry_id: str
    reference: str

    @property
    def key(self) -> str:
        """What it goes by among what was told."""
        return f"{self.about.value}:{self.enquiry_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What is said at once: all things of one kind, by their number and references."""

    about: About
    things: tuple[Thing, ...]

    @property
    def words(self) -> str:
        """The whole sentence: how many, what of them, and which."""
        one, many = _WORDS[self.about]
        count = len(self.things)
        named = [thing.reference for thing in self.things[:_NAMED]]
        return f"{count} {one if count == 1 else many}{':' if count <= _NAMED else ', among them'} {listed(named)}."


_WORDS = {
    About.OVERDUE: ("enquiry is overdue", "enquiries are overdue"),
    About.DUE_TODAY: ("enquiry is due today", "enquiries are due today"),
    About.CAME_BACK: (
        "enquiry has a mail that came back, or may not have gone",
        "enquiries have a mail that came back, or may not have gone",
    ),
    About.REPLY: ("enquiry has a reply that waits for you", "enquiries have a reply that waits for you"),
    About.QUIET: (
        f"enquiry has had no word for {QUIET_WORKING_DAYS} working days",
        f"enquiries have had no word for {QUIET_WORKING_DAYS} working days",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """What needs somebody now, and what of it is told now because it was not yet told today."""

    standing: tuple[Reminder, ...]
    told_now: tuple[Reminder, ...]


def is_open(calendar: WorkingCalendar | None, now: datetime) -> bool:
    """Whether the council is open; where its days are not known, from nine to five on weekdays."""
    local = now.astimezone(LONDON)
    hours = _USUAL if local.weekday() < 5 else None
    if calendar is not None and calendar.known_from <= local.date() <= calendar.known_until:
        hours = _hours(calendar, local.date())
    return hours is not None and hours[0] <= local.time() < hours[1]


def to_tell(
    things: Iterable[Thing], *, now: datetime, calendar: WorkingCalendar | None, told: Mapping[str, date]
) -> tuple[Reminder, ...]:
    """What is told now; `told` says on which day each thing was last told."""
    if not is_open(calendar, now):
        return ()
    today = local_date(now)
    return grouped(thing for thing in things if told.get(thing.key) != today)


def grouped(things: Iterable[Thing]) -> tuple[Reminder, ...]:
    """The things of each kind together, the most pressing kind first."""
    kept = tuple({thing.key: thing for thing in things}.values())
    by_kind = ((about, tuple(thing for thing in kept if thing.about is about)) for about in About)
    return tuple(Reminder(about=about, things=some) for about, some in by_kind if some)


def reminders(app: App) -> Reminders:
    """What needs somebody, and what is told of it now; what is told is noted, so that it is told once a day."""
    quiet_since, now = working_days_on(app, -QUIET_WORKING_DAYS), app.now()
    with app.store.reading() as tx:
        office, told = tx.office(), _told(tx.local(_TOLD))
        things = _things(tx, app, quiet_since)
    calendar = None if office is None else app.charters.calendar(*office)
    telling = to_tell(things, now=now, calendar=calendar, told=told)
    if telling:
        _note(app, told, telling)
    return Reminders(standing=grouped(things), told_now=telling)


def _hours(calendar: WorkingCalendar, day: date) -> tuple[time, time] | None:
    """When the council is open on a day: its offices, else its phones, else the usual hours of a working day."""
    for purpose in (Purpose.OFFICES, Purpose.PHONES):
        if calendar.hours_on(day, purpose) is not None:
            return calendar.time_open(day, purpose)
    return _USUAL if calendar.is_working(day) else None


def _things(tx: Reading, app: App, quiet_since: date) -> list[Thing]:
    today, now = app.today(), app.now()

    def rows(which: Which, *, status: Status | None = None, order: Order = Order.DUE) -> Sequence[EnquiryRow]:
        what = Wanted(which=which, today=today, until=today, now=now, status=status, order=order)
        return tx.enquiry_rows(what, limit=_MOST).rows

    due = [row for row in rows(Which.DUE_SOON) if row.state is State.DUE_TODAY]
    unanswered = rows(Which.OPEN, status=Status.WITH_SERVICE_AREA, order=Order.OLDEST)
    quiet = [row for row in unanswered if row.state is not State.OVERDUE and _is_since(row, quiet_since)]
    found = (
        (About.OVERDUE, rows(Which.OVERDUE)),
        (About.DUE_TODAY, due),
        (About.CAME_BACK, rows(Which.NEEDS_ATTENTION)),
        (About.REPLY, rows(Which.REPLIES)),
        (About.QUIET, quiet),
    )
    return [Thing(about=about, enquiry_id=row.id, reference=row.reference) for about, some in found for row in some]


def _is_since(row: EnquiryRow, day: date) -> bool:
    """Whether it was sent on that day or before."""
    return row.sent_at is not None and local_date(row.sent_at) <= day


def _told(kept: str | None) -> dict[str, date]:
    """What was told and when, as it was kept; nothing where that cannot be read."""
    if kept is None:
        return {}
    return {key: date.fromisoformat(on) for key, on in json.loads(kept).items()}


def _note(app: App, told: Mapping[str, date], telling: Sequence[Reminder]) -> None:
    """What is told today is kept; what was told on another day may be told again, and is forgotten."""
    today = app.today()
    kept = {key: on for key, on in told.items() if on == today}
    kept |= {thing.key: today for reminder in telling for thing in reminder.things}
    with app.store.writing(author=None) as tx:
        tx.set_local(_TOLD, json.dumps({key: on.isoformat() for key, on in kept.items()}))
