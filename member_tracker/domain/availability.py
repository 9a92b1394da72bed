"""Who is there to take an enquiry: what a mail server says of addresses and calendars before anything is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from member_tracker.domain.dates import LONDON, day_in_words, local_date, moment_in_words
from member_tracker.domain.people import DutyOfficer
from member_tracker.domain.vocabulary import Word
from member_tracker.domain.working_time import WorkingCalendar


class BusyKind(Word):
    """What a calendar says of a time that is not free."""

    TENTATIVE = "tentative"
    BUSY = "busy"
    OUT_OF_OFFICE = "out_of_office"
    ELSEWHERE = "elsewhere"
    NO_INFORMATION = "no_information"


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """A time at which the owner of a calendar is not free, from `start_at` up to `end_at`."""

    address: str
    start_at: datetime
    end_at: datetime
    kind: BusyKind


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTip:
    """What is known of writing to an address: None or False where the server says nothing amiss.

    `automatic_reply` is the text that would come back, `largest_bytes` the largest mail it takes, `invalid` that there
    is no such address.
    """

    address: str
    automatic_reply: str | None = None
    mailbox_full: bool = False
    not_accepting: bool = False
    invalid: bool = False
    largest_bytes: int | None = None


class Presence(Word):
    """Whether somebody is there to take an enquiry."""

    FREE = "free"
    BUSY = "busy"
    AWAY = "away"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """What an automatic reply says: when its owner is back and whom to ask meanwhile (None: it does not say)."""

    returns_on: date | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Whether a duty officer is there, in a sentence too; `free_from` is None where nobody knows."""

    officer: DutyOfficer
    presence: Presence
    words: str
    free_from: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoIsThere:
    """The duty officers with where they are, and the one who is there first; None where none is known to be."""

    officers: tuple[Whereabouts, ...] = ()
    chosen: DutyOfficer | None = None


def who_is_there(
    officers: Sequence[DutyOfficer],
    *,
    tips: Sequence[MailTip] = (),
    absences: Mapping[str, Absence] | None = None,
    busy: Sequence[Busy] | None = None,
    start: datetime,
    end: datetime,
) -> WhoIsThere:
    """Which duty officer is free from `start` on, or else soonest before `end`; of several the first in the list.

    `absences` are what automatic replies say, by address in small letters; `busy` None means that no calendar could be
    asked. Somebody who replies automatically or is out of the office is away, whatever else their calendar says;
    tentative appointments and work elsewhere do not keep anybody from their mail.
    """
    told = {tip.address.casefold(): tip for tip in tips}
    found = []
    for officer in officers:
        address = officer.email.casefold()
        taken = None if busy is None else [each for each in busy if each.address.casefold() == address]
        where = _by_tip(officer, told.get(address), (absences or {}).get(address, Absence()))
        found.append(where or _by_calendar(officer, taken, start, end))
    there = [each for each in found if each.presence in (Presence.FREE, Presence.BUSY) and each.free_from is not None]
    first = min(there, key=lambda each: each.free_from or end, default=None)
    return WhoIsThere(officers=tuple(found), chosen=first.officer if first else None)


def trouble_in(tip: MailTip) -> str:
    """What stands against writing to an address, in words to go after it; empty where nothing does."""
    if tip.invalid:
        return "is no address known there"
    if tip.not_accepting:
        return "does not take mail from you"
    return "is full, so mail to it may come back" if tip.mailbox_full else ""


def working_window(calendar: WorkingCalendar, now: datetime) -> tuple[datetime, datetime]:
    """From now, or from when the offices next open, until they close (nine to five where no hours are set).

    It is an hour at least: calendars are kept in halves of hours. Raises `CalendarUnknown` past the known years.
    """
    opens, closes = _open_on(calendar, calendar.working_day_on_or_after(local_date(now)))
    if now >= closes:
        opens, closes = _open_on(calendar, calendar.add_working_days(local_date(closes), 1))
    start = max(now, opens)
    return start, max(closes, start + _HOUR)


_HOUR = timedelta(hours=1)
_USUAL_HOURS = (time(9), time(17))
_TAKEN = (BusyKind.BUSY, BusyKind.OUT_OF_OFFICE)


def _open_on(calendar: WorkingCalendar, day: date) -> tuple[datetime, datetime]:
    opens, closes = calendar.time_open(day) or _USUAL_HOURS
    return datetime.combine(day, opens, LONDON), datetime.combine(day, closes, LONDON)


def _by_tip(officer: DutyOfficer, tip: MailTip | None, absence: Absence) -> Whereabouts | None:
    """Where the officer is by what their mailbox says; None where it says nothing."""
    if tip is None:
        return None
    if trouble := trouble_in(tip):
        return Whereabouts(officer=officer, presence=Presence.UNREACHABLE, words=f"{officer.name}’s mailbox {trouble}.")
    if tip.automatic_reply is None:
        return None
    until = f" until {day_in_words(absence.returns_on)}" if absence.returns_on else ""
    contact = f"; contact instead: {absence.contact}" if absence.contact else ""
    return Whereabouts(officer=officer, presence=Presence.AWAY, words=f"{officer.name} is away{until}{contact}.")


def _by_calendar(officer: DutyOfficer, taken: Sequence[Busy] | None, start: datetime, end: datetime) -> Whereabouts:
    """Where the officer is by their calendar."""
    if taken is None or any(each.kind is BusyKind.NO_INFORMATION for each in taken):
        words = f"It is not known whether {officer.name} is there."
        return Whereabouts(officer=officer, presence=Presence.UNKNOWN, words=words)
    free_from, presence = start, Presence.FREE
    for each in sorted(taken, key=lambda stretch: stretch.start_at):
        if each.kind in _TAKEN and each.start_at <= free_from < each.end_at:
            if presence is not Presence.AWAY:
                presence = Presence.AWAY if each.kind is BusyKind.OUT_OF_OFFICE else Presence.BUSY
            free_from = each.end_at
    if presence is Presence.FREE:
        return Whereabouts(officer=officer, presence=presence, words=f"{officer.name} is free.", free_from=free_from)
    state = "away" if presence is Presence.AWAY else "busy"
    # What goes on to the end of the time asked about may go on longer.
    known = free_from != end and (presence is Presence.AWAY or free_from < end)
    until = f"until {moment_in_words(free_from)}" if known else "until the offices close"
    words = f"{officer.name} is {state} {until}."
    return Whereabouts(officer=officer, presence=presence, words=words, free_from=free_from if known else None)
