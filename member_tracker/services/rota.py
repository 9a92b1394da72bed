"""The duty rota of each service area: written line by line, held against the opening hours, gaps said."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from member_tracker.domain.errors import Invalid
from member_tracker.domain.people import DutyOfficer, ServiceArea, ServiceAreaId, in_being
from member_tracker.domain.rota import is_on_duty, minute_in_words, shifts_said, uncovered
from member_tracker.domain.working_time import CalendarUnknown, Purpose, WorkingCalendar, weekday_name
from member_tracker.services.duty_officers import duty_officer_said
from member_tracker.services.parts import App, author_of, the_council
from member_tracker.store.store import Reading

_DAYS_AHEAD = 7
_NOBODY = "nobody on the rota"


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRota:
    """One service area: its rota as written, who is on now, and the opening hours of the next days nobody covers.

    `missing_today` says that today the offices are open for some time with nobody on.
    """

    area_id: ServiceAreaId
    name: str
    head_of_service: str | None
    text: str
    on_now: tuple[str, ...]
    gaps: tuple[str, ...]
    missing_today: bool


def rotas(app: App) -> tuple[AreaRota, ...]:
    """The rota of every service area that takes mail."""
    with app.store.reading() as tx:
        council = the_council(tx)
        calendar = app.charters.calendar(council.name, council.closure_days)
        areas = [area for area in tx.every(ServiceArea, council_id=council.id) if not area.retired]
        return tuple(_rota(app, calendar, area) for area in areas if in_being(area, app.today()))


def gaps_of(app: App, text: str) -> tuple[str, ...]:
    """The opening hours of the next seven days that nobody in this rota covers; raises `Invalid` for what is wrong."""
    with app.store.reading() as tx:
        return _gaps(_calendar(app, tx), officers_said(text), app.today())


def keep_rota(app: App, area_id: ServiceAreaId, text: str) -> AreaRota:
    """Keep the rota of a service area as written, one duty officer a line in the order they are asked."""
    officers = officers_said(text)
    with app.store.writing(author=author_of(app)) as tx:
        area = replace(tx.get(ServiceArea, area_id), duty_officers=officers)
        tx.save(area)
        return _rota(app, _calendar(app, tx), area)


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


def _rota(app: App, calendar: WorkingCalendar, area: ServiceArea) -> AreaRota:
    officers = area.duty_officers
    return AreaRota(
        area_id=area.id,
        name=area.name,
        head_of_service=area.head_of_service,
        text="\n".join(_line(officer) for officer in officers),
        on_now=tuple(officer.name for officer in officers if is_on_duty(officer, app.now())),
        gaps=_gaps(calendar, officers, app.today()),
        missing_today=bool(_day_gaps(calendar, officers, app.today())),
    )


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
