"""Who takes the next enquiry of a service area: who is on duty, whose turn it is, and what was handed over to them.

Nothing of this leaves: it is read beside what is sent, and no mail or letter is made from it.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from member_tracker.domain.availability import working_window
from member_tracker.domain.dates import LONDON, day_in_words, local_date, moment_in_words, time_in_words
from member_tracker.domain.people import Council, DutyOfficer, HandoverNote, ServiceArea
from member_tracker.domain.rota import is_on_duty
from member_tracker.domain.slots import Said, Slot, handed_over, slots_on
from member_tracker.domain.turns import LOOK_BACK, Turn, next_in_turn
from member_tracker.domain.values import listed
from member_tracker.domain.vocabulary import Sharing
from member_tracker.domain.working_time import CalendarUnknown, Purpose, WorkingCalendar
from member_tracker.services.parts import App
from member_tracker.services.people import person_name
from member_tracker.store.store import Reading

DAYS_BEFORE = 14
"""So far back the slot before this one is looked for: over Christmas too."""

_USUAL_HOURS = time(9), time(17)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """Who is on duty in a service area when the next enquiry reaches it, in the order of the rota.

    `turn` is whose turn it is (None: the area does not go turn about, or nobody is on), `notes` all of it in sentences,
    `handover` the hand-over notes to read then, a sentence each.
    """

    sharing: Sharing
    officers: tuple[DutyOfficer, ...] = ()
    turn: Turn | None = None
    notes: tuple[str, ...] = ()
    handover: tuple[str, ...] = ()

    @property
    def must_choose(self) -> bool:
        """Whether whoever sends has to say which of several officers takes it."""
        return self.sharing is Sharing.CHOOSE and len(self.officers) > 1


def on_duty(app: App, tx: Reading, area: ServiceArea, *, not_there: Collection[DutyOfficer] = ()) -> OnDuty:
    """Who takes the next enquiry of this service area, now or when the offices open; `not_there` have no turn."""
    if not area.duty_officers and not area.handover_notes:
        return OnDuty(sharing=area.sharing)
    council = tx.get(Council, area.council_id)
    calendar = app.charters.calendar(council.name, council.closure_days)
    at, _ = window(calendar, app.now())
    today = local_date(at)
    slots = slots_between(calendar, area, today - timedelta(days=DAYS_BEFORE), today)
    slot = next((slot for slot in slots if slot.has(at)), None)
    on = slot.officers if slot else tuple(each for each in area.duty_officers if is_on_duty(each, at))
    turn = None
    if area.sharing is Sharing.TURN_ABOUT:
        since = slot.begins_at if slot else at
        given = tx.given_in(area.id, since - LOOK_BACK) if on else ()
        turn = next_in_turn([each for each in on if each not in not_there], given, since=since)
    found = OnDuty(
        sharing=area.sharing,
        officers=on,
        turn=turn,
        handover=handover_in_words(tx, handed_over(area.handover_notes, slots, at), app.today()),
    )
    return replace(found, notes=_notes(found, slot, at if at > app.now() else None)) if area.duty_officers else found


def duty_as_json(app: App, tx: Reading, area: ServiceArea) -> dict[str, object]:
    """What `service-area list` says of who takes the next enquiry of this area."""
    found = on_duty(app, tx, area)
    return {
        "sharing": area.sharing.value,
        "on_duty": [officer.name for officer in found.officers],
        "next_in_turn": found.turn.officer.name if found.turn else None,
        "handover": [
            {"from": _on_office_clock(note.from_at), "until": _on_office_clock(note.until_at), "text": note.note}
            for note in area.handover_notes
        ],
    }


def window(calendar: WorkingCalendar, now: datetime) -> tuple[datetime, datetime]:
    """From when until when somebody can take what is sent now; eight hours from now where no calendar says."""
    try:
        return working_window(calendar, now)
    except CalendarUnknown:
        return now, now + timedelta(hours=8)


def slots_between(calendar: WorkingCalendar, area: ServiceArea, first: date, last: date) -> tuple[Slot, ...]:
    """The slots of a service area's rota on these days, both included, in order."""
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return tuple(slot for day in days for slot in slots_on(area.duty_officers, day, _hours(calendar, day)))


def slot_in_words(first: datetime, last: datetime, today: date) -> str:
    """From when until when, such as “08:45 to 12:30 today”."""
    day = local_date(first)
    when = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days) or f"on {day_in_words(day)}"
    return f"{time_in_words(first)} to {time_in_words(last)} {when}"


def handover_in_words(tx: Reading, said: Said, today: date) -> tuple[str, ...]:
    """Hand-over notes as sentences: those of the slot that runs, then what the one before handed over."""
    running = [f"Hand-over note for {_note(tx, note, today)}" for note in said.running]
    return (*running, *(f"Handed over from {_note(tx, note, today)}" for note in said.before))


def _note(tx: Reading, note: HandoverNote, today: date) -> str:
    by = person_name(tx, note.by)
    slot = slot_in_words(note.from_at, note.until_at, today)
    return f"{slot}{f', by {by}' if by else ''}: “{note.note}”"


def _on_office_clock(at: datetime) -> str:
    return at.astimezone(LONDON).isoformat()


def _hours(calendar: WorkingCalendar, day: date) -> tuple[time, time] | None:
    """When the offices are open that day: nine to five where the council's hours are not set, None where shut."""
    try:
        if calendar.hours_on(day, Purpose.OFFICES) is None:
            return _USUAL_HOURS if calendar.is_working(day) else None
        return calendar.time_open(day, Purpose.OFFICES)
    except CalendarUnknown:
        return None


def _notes(found: OnDuty, slot: Slot | None, opening: datetime | None) -> tuple[str, ...]:
    if not found.officers:
        return (f"Nobody is on duty {f'at {moment_in_words(opening)}, when the offices open' if opening else 'now'}.",)
    begins = f" from {moment_in_words(opening)}" if opening else ""
    until = f" until {time_in_words(slot.ends_at)}" if slot else ""
    said = [f"On duty{begins}{until}: {listed([officer.name for officer in found.officers])}."]
    if found.turn is not None:
        said.append(found.turn.words)
    elif found.must_choose:
        said.append("Whoever sends chooses which of them takes it.")
    return tuple(said)
