"""A charter: the dated set of promises of a council; which set and which promise apply to an enquiry."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NewType

from member_tracker.domain.vocabulary import AfterHours, Channel, Kind, Stage, Start

CharterId = NewType("CharterId", str)
StandardId = NewType("StandardId", str)


class Unit(StrEnum):
    """What a promise is counted in; only working days, hours and closing times give a due date."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    CLOSE_OF_WORKING_DAY = "close_of_working_day"
    NO_TIME_STATED = "no_time_stated"

    @property
    def is_instant(self) -> bool:
        """Whether it is too short to have a due date; results come from phone figures and samples."""
        return self in (Unit.SECOND, Unit.MINUTE)


class Use(StrEnum):
    """What a charter is for, the first winning where two of one council are in force."""

    COMPLAINT = "complaint"
    PROTOCOL = "protocol"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A time promised for one step: how long, counted from what, and where that is written."""

    amount: int
    unit: Unit
    source: str
    starts: Start = Start.RECEIVED
    words: str = ""

    @property
    def within(self) -> str:
        """The promise in words, such as `2 working days` or `20 seconds`."""
        if self.words:
            return self.words
        if self.unit is Unit.NO_TIME_STATED:
            return "promised, no time stated"
        if self.unit is Unit.CLOSE_OF_WORKING_DAY:
            return "close of business on the next working day"
        return _amount_in_words(self.amount, self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The share of contacts that must meet a standard, in percent."""

    percent: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """One promise: for which contact, and the times given for the acknowledgement and the reply.

    No channels means every channel. None for a step or the share means that no standard was set, never zero.
    `after_return` replaces the reply where the officer was away; `only_for` narrows the contact further in words,
    and such a standard applies only where it is asked for by its id.
    """

    id: StandardId
    source: str
    channels: tuple[Channel, ...] = ()
    kinds: tuple[Kind, ...] = ()
    stage: Stage | None = None
    only_for: str = ""
    acknowledge: Target | None = None
    respond: Target | None = None
    after_return: Target | None = None
    share: Share | None = None
    decided_by: str = ""
    notes: str = ""

    def covers(self, channel: Channel, kind: Kind) -> bool:
        """Whether contact of that kind by that channel is meant; a complaint only where complaints are named."""
        right_kind = kind in self.kinds if self.kinds else kind is not Kind.COMPLAINT
        return right_kind and (not self.channels or channel in self.channels) and not self.only_for


@dataclass(frozen=True, slots=True, kw_only=True)
class YearTarget:
    """What an indicator should come to in one year of account; no dates means in every year."""

    value: float
    source: str
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """Something measured and reported; a historic one has a last day and is not offered after it."""

    id: str
    title: str
    source: str
    councils: tuple[str, ...] = ()
    unit: str = "percent"
    higher_is_better: bool = True
    targets: tuple[YearTarget, ...] = ()
    forum: str = ""
    every: str = ""
    from_on: date | None = None
    until_on: date | None = None
    notes: str = ""

    def target_on(self, day: date) -> YearTarget | None:
        """The target of the year that `day` falls in; None where none was set."""
        return next((target for target in self.targets if _spans(target.from_on, target.until_on, day)), None)

    def is_offered(self, day: date) -> bool:
        """Whether this is measured on `day`."""
        return _spans(self.from_on, self.until_on, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """A dated set of standards belonging to a council; no councils means that any may adopt it.

    Without `from_on` it applies only when named, or once an administrator gives it a date.
    `day_received` is 0 where counting begins the day after, 1 where a working day of receipt is itself day 1.
    `holding_stops`: a holding reply with a date ends the clock of the answer, as `holding_source` says.
    """

    id: CharterId
    title: str
    councils: tuple[str, ...] = ()
    uses: tuple[Use, ...] = (Use.CONTACT,)
    service_area: str = ""
    from_on: date | None = None
    until_on: date | None = None
    dates_note: str = ""
    trial_until: date | None = None
    approved_by: str = ""
    approved_on: date | None = None
    version: str = ""
    owner: str = ""
    review_on: date | None = None
    after_hours: AfterHours = AfterHours.SAME_DAY
    day_received: int = 0
    pauses: bool = False
    holding_stops: bool = False
    holding_source: str = ""
    example: bool = False
    notes: tuple[str, ...] = ()
    standards: tuple[Standard, ...] = ()
    indicators: tuple[Indicator, ...] = ()

    def belongs_to(self, council: str) -> bool:
        """Whether this is a set of that council, or one any council may adopt."""
        return not self.councils or council.casefold() in {name.casefold() for name in self.councils}

    def standard(self, standard_id: str) -> Standard:
        """The standard of that id; `KeyError` where there is none."""
        return {standard.id: standard for standard in self.standards}[StandardId(standard_id)]


def charter_in_force(
    charters: Iterable[Charter],
    council: str,
    on: date,
    kind: Kind,
    *,
    service_area: str = "",
    adopted: Mapping[str, date | None] | None = None,
) -> Charter | None:
    """The set that judges an enquiry received on `on`; None where none was in force.

    `adopted` dates sets that ship without a date, or dates a shipped one anew: id to first day, None for the set's own
    date or always.
    Complaints come first, then the service area's own set, then an adopted members' protocol, then the contact set;
    between equals the later one wins.
    """
    adopted = adopted or {}
    ranked = [
        (rank, _first_day(charter, adopted) or date.min, charter)
        for charter in charters
        if charter.belongs_to(council)
        and _in_force(charter, on, adopted)
        and (rank := _rank(charter, kind, service_area)) is not None
    ]
    return min(ranked, key=lambda entry: (entry[0], -entry[1].toordinal()))[2] if ranked else None


def standard_for(charter: Charter, channel: Channel, kind: Kind, stage: Stage | None = None) -> Standard | None:
    """The promise that applies; None where the set makes none, as for an informal complaint.

    An officer's own address falls back to `email`; a complaint without a stage is at stage 1.
    """
    if kind is Kind.COMPLAINT:
        return _complaint_standard(charter, channel, stage or Stage.ONE)
    for standard in charter.standards:
        if standard.covers(channel, kind):
            return standard
    return standard_for(charter, Channel.EMAIL, kind) if channel is Channel.OFFICER_EMAIL else None


def _complaint_standard(charter: Charter, channel: Channel, stage: Stage) -> Standard | None:
    """The standard of that stage; where the set knows no stages its one standard serves each, the informal apart."""
    covering = [standard for standard in charter.standards if standard.covers(channel, Kind.COMPLAINT)]
    staged = [standard for standard in covering if standard.stage is not None]
    if staged or stage is Stage.INFORMAL:
        return next((standard for standard in staged if standard.stage is stage), None)
    return next(iter(covering), None)


def _rank(charter: Charter, kind: Kind, service_area: str) -> int | None:
    """How early a set is asked; None where it does not judge this kind or belongs to another service area."""
    own_area = bool(charter.service_area)
    if own_area and charter.service_area.casefold() != service_area.casefold():
        return None
    if kind is Kind.COMPLAINT and Use.COMPLAINT in charter.uses:
        return 0 if _only(charter.uses, Use.COMPLAINT) else 1
    if own_area:
        return 2
    if Use.PROTOCOL in charter.uses and kind is Kind.ENQUIRY:
        return 3
    return 4 if Use.CONTACT in charter.uses else None


def _only(uses: Collection[Use], use: Use) -> bool:
    return set(uses) == {use}


def _in_force(charter: Charter, on: date, adopted: Mapping[str, date | None]) -> bool:
    if charter.id not in adopted and charter.from_on is None:
        return False
    return _spans(_first_day(charter, adopted), charter.until_on, on)


def _first_day(charter: Charter, adopted: Mapping[str, date | None]) -> date | None:
    return adopted.get(charter.id) or charter.from_on


def _spans(from_on: date | None, until_on: date | None, day: date) -> bool:
    """Whether `day` lies between the two, both counted; None means no limit on that side."""
    return (from_on is None or from_on <= day) and (until_on is None or day <= until_on)


@lru_cache(maxsize=256)
def _amount_in_words(amount: int, unit: Unit) -> str:
    return f"{amount} {unit.replace('_', ' ')}{'' if amount == 1 else 's'}"
