"""The councils that ship with the program: opening hours, service areas and the calendar they work by."""

import json
from dataclasses import dataclass
from datetime import date, time
from functools import cache

from member_tracker.domain.asked import Subject
from member_tracker.domain.settings_table import SettingsTable, read_settings
from member_tracker.domain.working_time import (
    WEEKDAYS,
    BankHolidays,
    BankHolidaySource,
    ClosureDay,
    Division,
    OpeningHours,
    Purpose,
    WorkingCalendar,
)
from member_tracker.shipped import shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedArea:
    """A service area as shipped; addresses and numbers are made up, to be replaced."""

    name: str
    directorate: str
    addresses: tuple[str, ...]
    direct_number: str | None
    subjects: tuple[Subject, ...] = ()
    self_service: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedCouncil:
    """A council as shipped: when it opens, how it writes, and who answers there."""

    name: str
    division: Division = Division.ENGLAND_AND_WALES
    letters: str = "preferred"
    main_number: str | None = None
    main_address: str | None = None
    opening_hours: tuple[OpeningHours, ...] = ()
    closure_days: tuple[ClosureDay, ...] = ()
    areas: tuple[ShippedArea, ...] = ()


@cache
def load_councils() -> tuple[ShippedCouncil, ...]:
    """Every council that ships, in order of name."""
    files = sorted(shipped("councils").iterdir(), key=lambda file: file.name)
    councils = [read_council(file.name, file.read_text("utf-8")) for file in files if file.name.endswith(".toml")]
    return tuple(sorted(councils, key=lambda council: council.name))


def council_called(name: str, councils: tuple[ShippedCouncil, ...]) -> ShippedCouncil:
    """The one of that name, whatever its case; for one not known, bank holidays of England and Wales and no hours."""
    written = " ".join(name.split()).casefold()
    return next((each for each in councils if each.name.casefold() == written), None) or ShippedCouncil(name=name)


def load_council(name: str) -> ShippedCouncil:
    """The same without reading the files of others, where its file is called after it."""
    wanted = f"{'-'.join(name.split()).casefold()}.toml"
    for file in shipped("councils").iterdir():
        if file.name == wanted:
            own = read_council(file.name, file.read_text("utf-8"))
            if council_called(name, (own,)) is own:
                return own
    return council_called(name, load_councils())


@cache
def load_bank_holidays(division: Division) -> BankHolidays:
    """The bank holidays of one division and the years they are known for."""
    content = json.loads(shipped("bank_holidays", f"{division}.json").read_text("utf-8"))
    return BankHolidays(
        division=division,
        names={date.fromisoformat(on): name for on, name in content["days"].items()},
        sources=tuple(
            BankHolidaySource(
                from_on=date.fromisoformat(source["from"]),
                until_on=date.fromisoformat(source["to"]),
                name=source["source"],
            )
            for source in content["sources"]
        ),
    )


@cache
def calendar_of(council: ShippedCouncil, closure_days: tuple[ClosureDay, ...] = ()) -> WorkingCalendar:
    """The calendar a council works by, with closure days of its own beside those that ship."""
    return WorkingCalendar(
        bank_holidays=load_bank_holidays(council.division),
        closure_days=council.closure_days + closure_days,
        opening_hours=council.opening_hours,
    )


def read_council(file: str, text: str) -> ShippedCouncil:
    """The council that a settings file describes; `BadFile` where it cannot be used."""
    table = read_settings(file, text)
    contact = table.table("contact")
    council = ShippedCouncil(
        name=table.text("name"),
        division=table.word("division", Division),
        letters=table.text("letters", "preferred"),
        main_number=(contact.text("main_number", "") or None) if contact else None,
        main_address=(contact.text("main_address", "") or None) if contact else None,
        opening_hours=tuple(_opening_hours(hours) for hours in table.tables("opening_hours", "purpose")),
        closure_days=tuple(_closure_day(day) for day in table.tables("closure_day", "on")),
        areas=tuple(_area(area) for area in table.tables("service_area", "name")),
    )
    table.finish()
    return council


def _opening_hours(table: SettingsTable) -> OpeningHours:
    """Hours that must add up to what the file says they do each week."""
    hours = OpeningHours(
        purpose=table.word("purpose", Purpose),
        week=tuple(_open_and_close(table, day.lower()) for day in WEEKDAYS),
        from_on=table.day("from"),
        until_on=table.day("to"),
    )
    if table.has("weekly_hours") and (said := table.number("weekly_hours", most=168)) != hours.weekly_hours:
        advice = f"The days add up to {hours.weekly_hours:g} hours: put the days or this figure right."
        raise table.bad("weekly_hours", f"{said:g} is not what the days add up to.", advice)
    table.finish()
    return hours


def _open_and_close(table: SettingsTable, day: str) -> tuple[time, time] | None:
    """Opening and closing time written as 08:45-17:00; None where the day is missing."""
    written = table.text(day, "")
    if not written:
        return None
    try:
        opening, closing = (time.fromisoformat(moment) for moment in written.split("-"))
    except ValueError:
        opening = closing = time()
    if opening >= closing:
        raise table.bad(day, f"“{written}” is not opening and closing time.", f'Write {day} = "08:45-17:00".')
    return opening, closing


def _closure_day(table: SettingsTable) -> ClosureDay:
    on = table.day("on")
    if on is None:
        raise table.bad("on", "this is missing.", "Write on = 2026-12-29.")
    day = ClosureDay(on=on, reason=table.text("reason"))
    table.finish()
    return day


def _area(table: SettingsTable) -> ShippedArea:
    area = ShippedArea(
        name=table.text("name"),
        directorate=table.text("directorate", ""),
        addresses=table.texts("addresses"),
        direct_number=table.text("direct_number", "") or None,
        subjects=tuple(_subject(subject) for subject in table.tables("subject", "name")),
        self_service=table.text("self_service", "") or None,
    )
    table.finish()
    return area


def _subject(table: SettingsTable) -> Subject:
    subject = Subject(
        name=table.text("name"),
        questions=table.texts("questions"),
        specialist=table.truth("specialist", default=False),
    )
    table.finish()
    return subject
