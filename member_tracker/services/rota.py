"""The duty rota of each service area: written line by line, held against the opening hours, gaps said.

With it go the rule by which several officers on duty share what comes, and the hand-over note of each slot.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.people import DutyOfficer, HandoverNote, ServiceArea, ServiceAreaId, in_being
from member_tracker.domain.rota import is_on_duty, minute_in_words, shifts_said, uncovered
from member_tracker.domain.slots import Slot
from member_tracker.domain.values import one_line
from member_tracker.domain.vocabulary import Sharing
from member_tracker.domain.working_time import CalendarUnknown, Purpose, WorkingCalendar, weekday_name
from member_tracker.services.duty_officers import duty_officer_said
from member_tracker.services.office_records import must_be_allowed, why_not_here
from member_tracker.services.on_duty import DAYS_BEFORE, on_duty, slot_in_words, slots_between
from member_tracker.services.parts import App, author_of, me, the_council
from member_tracker.services.people import service_area_named
from member_tracker.store.store import Reading

LONGEST_NOTE = 200  # characters
_DAYS_AHEAD = 7
_SLOTS_AHEAD = 8
_NOBODY = "nobody on the rota"
_WHAT = "Duty rotas"


class TooLong(Invalid):
    """A hand-over note is longer than one is read in passing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotSaid:
    """A slot that runs or is to come, in words, and its hand-over note (empty: it has none)."""

    begins_at: datetime
    ends_at: datetime
    words: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRota:
    """One service area: its rota as written, who is on now, and the opening hours of the next days nobody covers.

    `missing_today` says that today the offices are open for some time with nobody on. `sharing` is the rule by which
    several on duty share what comes, `said` who takes the next and what was handed over, in sentences, `slots` the next
    ones. `deed` is what undoes a change (None: nothing was changed), and `not_allowed` says why nothing may be changed
    here, empty where it may.
    """

    area_id: ServiceAreaId
    name: str
    head_of_service: str | None
    text: str
    on_now: tuple[str, ...]
    gaps: tuple[str, ...]
    missing_today: bool
    sharing: Sharing = Sharing.IN_ORDER
    said: tuple[str, ...] = ()
    slots: tuple[SlotSaid, ...] = ()
    not_allowed: str = ""
    deed: str | None = field(default=None, compare=False)


def rotas(app: App) -> tuple[AreaRota, ...]:
    """The rota of every service area that takes mail."""
    with app.store.reading() as tx:
        council = the_council(tx)
        calendar = app.charters.calendar(council.name, council.closure_days)
        areas = [area for area in tx.every(ServiceArea, council_id=council.id) if not area.retired]
        return tuple(_rota(app, tx, calendar, area) for area in areas if in_being(area, app.today()))


def gaps_of(app: App, text: str) -> tuple[str, ...]:
    """The opening hours of the next seven days that nobody in this rota covers; raises `Invalid` for what is wrong."""
    with app.store.reading() as tx:
        return _gaps(_calendar(app, tx), officers_said(text), app.today())


def keep_rota(
    app: App, area_id: ServiceAreaId, text: str, *, sharing: Sharing | None = None, notes: Sequence[SlotSaid] = ()
) -> AreaRota:
    """Keep the rota of a service area as written, one duty officer a line in the order they are asked.

    With it the rule of sharing (None leaves it), and the hand-over notes of these slots: an empty one takes away what
    is there. Raises `Invalid` for what cannot be kept, `NotAllowed` where the hub lets others alone change it.
    """
    officers = officers_said(text)
    with app.store.writing(author=author_of(app)) as tx:
        must_be_allowed(tx, _WHAT)
        was = tx.get(ServiceArea, area_id)
        noted = was
        for note in notes:
            noted = _with_note(app, tx, noted, note)
        area = replace(noted, duty_officers=officers, sharing=sharing or was.sharing)
        tx.save(area)
        return replace(_rota(app, tx, _calendar(app, tx), area), deed=None if area == was else tx.deed)


def undo_rota(app: App, area_id: ServiceAreaId, deed: str) -> AreaRota:
    """Put back what a deed here changed of a rota; refused where it was changed again since."""
    with app.store.writing(author=author_of(app)) as tx:
        must_be_allowed(tx, _WHAT)
        tx.put_back(deed)
        return _rota(app, tx, _calendar(app, tx), tx.get(ServiceArea, area_id))


def keep_handover(app: App, name: str, text: str) -> AreaRota:
    """Keep the hand-over note for the slot that runs in the service area of that name, or the next one."""
    with app.store.writing(author=author_of(app)) as tx:
        must_be_allowed(tx, _WHAT)
        area = service_area_named(tx, app, name)
        calendar = _calendar(app, tx)
        slots = _slots(app, calendar, area)
        if not slots:
            raise NotAllowed(
                f"Nobody is on duty for {area.name} in the next {_DAYS_AHEAD} days to hand over to.",
                advice="Write its duty rota first.",
            )
        area = _with_note(app, tx, area, replace(slots[0], note=text))
        tx.save(area)
        return replace(_rota(app, tx, calendar, area), deed=tx.deed)


def officers_said(text: str) -> tuple[DutyOfficer, ...]:
    """Duty officers as written: `Name <address>` and, where they are not always on, a colon and their shifts."""
    found: list[DutyOfficer] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        who, _, when = line.partition(">")
        if any(officer.email.casefold() == who.partition("<")[2].strip().casefold() for officer in found):
            raise Invalid(f"Line {number}: this address is there twice.", advice="Put all their shifts on one line.")
        try:
            officer = duty_officer_said(f"{who}>" if "<" in who else line)
            found.append(replace(officer, shifts=shifts_said(when.strip(" :\t"))))
        except Invalid as wrong:
            raise Invalid(f"Line {number}: {wrong.title}", advice=wrong.advice) from wrong
    return tuple(found)


def _rota(app: App, tx: Reading, calendar: WorkingCalendar, area: ServiceArea) -> AreaRota:
    officers = area.duty_officers
    duty = on_duty(app, tx, area)
    return AreaRota(
        area_id=area.id,
        name=area.name,
        head_of_service=area.head_of_service,
        text="\n".join(_line(officer) for officer in officers),
        on_now=tuple(officer.name for officer in officers if is_on_duty(officer, app.now())),
        gaps=_gaps(calendar, officers, app.today()),
        missing_today=bool(_day_gaps(calendar, officers, app.today())),
        sharing=area.sharing,
        said=(*duty.notes, *duty.handover),
        slots=_slots(app, calendar, area),
        not_allowed=why_not_here(tx, _WHAT),
    )


def _slots(app: App, calendar: WorkingCalendar, area: ServiceArea) -> tuple[SlotSaid, ...]:
    """The slot that runs and the next ones, with their hand-over notes."""
    now, today = app.now(), app.today()
    coming = _coming(app, calendar, area)
    return tuple(
        SlotSaid(
            begins_at=slot.begins_at,
            ends_at=slot.ends_at,
            words=f"{slot_in_words(slot.begins_at, slot.ends_at, today)}{' (now)' if slot.has(now) else ''}: "
            f"{', '.join(officer.name for officer in slot.officers)}",
            note=" ".join(note.note for note in _notes_of(area, coming, slot.begins_at)),
        )
        for slot in coming
    )


def _coming(app: App, calendar: WorkingCalendar, area: ServiceArea) -> list[Slot]:
    today = app.today()
    ahead = slots_between(calendar, area, today, today + timedelta(days=_DAYS_AHEAD))
    return [slot for slot in ahead if slot.ends_at > app.now()][:_SLOTS_AHEAD]


def _notes_of(area: ServiceArea, slots: Sequence[Slot], begins_at: datetime) -> list[HandoverNote]:
    """The notes of the slot that begins then: each is with the first slot it reaches into, whatever the rota is now."""

    def first(note: HandoverNote) -> Slot | None:
        return next((slot for slot in slots if slot.begins_at < note.until_at and note.from_at < slot.ends_at), None)

    return [note for note in area.handover_notes if (slot := first(note)) and slot.begins_at == begins_at]


def _with_note(app: App, tx: Reading, area: ServiceArea, slot: SlotSaid) -> ServiceArea:
    """The service area with that note for the slot; one that says the same stays whose it is, old ones go."""
    text = one_line(slot.note)
    if len(text) > LONGEST_NOTE:
        raise TooLong(
            f"The hand-over note has {len(text)} characters, and {LONGEST_NOTE} are the most.",
            advice="Say in a sentence what whoever is on duty must know.",
        )
    was = _notes_of(area, _coming(app, _calendar(app, tx), area), slot.begins_at)
    if text == " ".join(note.note for note in was):
        return area
    since = app.now() - timedelta(days=DAYS_BEFORE)
    kept = [note for note in area.handover_notes if note not in was and note.until_at > since]
    made = [HandoverNote(from_at=slot.begins_at, until_at=slot.ends_at, note=text, by=me(tx))] if text else []
    return replace(area, handover_notes=(*kept, *made))


def _line(officer: DutyOfficer) -> str:
    shifts = "; ".join(shift.words for shift in officer.shifts)
    return f"{officer.name} <{officer.email}>" + (f": {shifts}" if shifts else "")


def _calendar(app: App, tx: Reading) -> WorkingCalendar:
    council = the_council(tx)
    return app.charters.calendar(council.name, council.closure_days)


def _gaps(calendar: WorkingCalendar, officers: tuple[DutyOfficer, ...], today: date) -> tuple[str, ...]:
    if not officers:
        return (_NOBODY,)
    found = []
    for day in (today + timedelta(days=ahead) for ahead in range(_DAYS_AHEAD)):
        gaps = _day_gaps(calendar, officers, day)
        times = " and ".join(f"{minute_in_words(begins)} to {minute_in_words(ends)}" for begins, ends in gaps)
        if times:
            found.append(f"{weekday_name(day)} {times}")
    return tuple(found)


def _day_gaps(calendar: WorkingCalendar, officers: tuple[DutyOfficer, ...], day: date) -> tuple[tuple[int, int], ...]:
    try:
        hours = calendar.time_open(day, Purpose.OFFICES)
    except CalendarUnknown:
        hours = None
    return uncovered(officers, day.weekday(), hours)
