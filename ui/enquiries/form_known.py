"""What the form that logs an enquiry offers: councillors, residents, service areas and what must be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from member_tracker.app import App
from member_tracker.domain.people import Councillor, ServiceArea, ServiceAreaId, in_being
from member_tracker.domain.working_time import WorkingCalendar
from member_tracker.services.lists import Order, Wanted, Which, enquiry_page
from member_tracker.services.on_duty import on_duty
from member_tracker.services.parts import me, the_council


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The people and service areas a form offers; `usual` is the councillor it begins with, None if none.

    `calendar` is the council's, None while it has none. `duty` says of service areas, by id, who is on duty and what
    was handed over.
    """

    councillors: tuple[str, ...] = ()
    areas: tuple[ServiceArea, ...] = ()
    usual: str | None = None
    calendar: WorkingCalendar | None = None
    duty: Mapping[ServiceAreaId, str] = field(default_factory=dict)

    @property
    def area_names(self) -> tuple[str, ...]:
        """The service areas by name, in order."""
        return tuple(area.name for area in self.areas)

    @property
    def subjects(self) -> tuple[str, ...]:
        """What an enquiry can be about, in order."""
        kept = (subject for area in self.areas for subject in area.subjects if not subject.retired)
        return tuple(sorted(subject.name for subject in kept))

    def area(self, name: str) -> ServiceArea | None:
        """The service area of that name, None where there is none."""
        return next((area for area in self.areas if area.name == name), None)

    def is_working(self, day: date) -> bool:
        """Whether the council works on that day, weekdays where nobody knows."""
        calendar = self.calendar
        if calendar is None or not calendar.known_from <= day <= calendar.known_until:
            return day.weekday() < 5
        return calendar.is_working(day)


def read_known(app: App) -> Known:
    """Whom and what this profile knows.

    A form begins with one's own name, or for staff with the councillor of the enquiry received last.
    """
    what = Wanted(which=Which.ALL, today=app.today())
    rows = enquiry_page(app, replace(what, order=Order.NEWEST), limit=1).rows
    newest = rows[0].councillor if rows else None
    with app.store.reading() as tx:
        council = the_council(tx)
        today = app.today()
        councillors = {person.id: person.name for person in tx.every(Councillor) if in_being(person, today)}
        mine = me(tx)
        areas = tuple(area for area in tx.every(ServiceArea) if not area.retired and in_being(area, today))
        duty = {area.id: on_duty(app, tx, area) for area in areas}
        return Known(
            councillors=tuple(sorted(councillors.values())),
            areas=areas,
            usual=(councillors.get(mine) if mine else None) or newest,
            calendar=app.charters.calendar(council.name, council.closure_days),
            duty={area_id: " ".join((*on.notes[:1], *on.handover)) for area_id, on in duty.items()},
        )
