"""The people and bodies of casework: councils, councillors, staff, residents, service areas.

Whatever can be reorganised is `Dated`: it has a first and a last day, and history keeps the name it had.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType, Protocol

from member_tracker.domain.asked import Subject
from member_tracker.domain.resident_merge import MergedResident
from member_tracker.domain.rota import Shift
from member_tracker.domain.templates import OwnTemplate
from member_tracker.domain.vocabulary import Channel, ResidentKind, Role, Sharing
from member_tracker.domain.working_time import ClosureDay

CouncilId = NewType("CouncilId", str)
WardId = NewType("WardId", str)
PersonId = NewType("PersonId", str)
ResidentId = NewType("ResidentId", str)
ServiceAreaId = NewType("ServiceAreaId", str)
OutsideBodyId = NewType("OutsideBodyId", str)


class Dated(Protocol):
    """Something with a first and a last day; None means no limit on that side."""

    @property
    def from_on(self) -> date | None: ...
    @property
    def until_on(self) -> date | None: ...


def in_being(thing: Dated, on: date) -> bool:
    """Whether `thing` exists on that day, both ends counted."""
    return (thing.from_on is None or thing.from_on <= on) and (thing.until_on is None or on <= thing.until_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Council:
    """A council whose charter an enquiry is judged by; `name` is the one the charters use.

    `main_number` and `main_address` stand under mails and on letters (None: as they ship, empty: none). `sign_off`
    closes every mail and letter (None: as it ships), `templates` are wordings of its own.
    """

    id: CouncilId
    name: str
    main_number: str | None = None
    main_address: str | None = None
    letters: str = "preferred"
    adopted: tuple[str, ...] = ()
    closure_days: tuple[ClosureDay, ...] = ()
    sign_off: str | None = None
    templates: tuple[OwnTemplate, ...] = ()
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """An electoral area of a council."""

    id: WardId
    council_id: CouncilId
    name: str
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Councillor:
    """An elected member; every enquiry is raised by one."""

    id: PersonId
    council_id: CouncilId
    name: str
    ward_id: WardId | None = None
    email: str | None = None
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportOfficer:
    """Staff who act for councillors; `role` says what they do."""

    id: PersonId
    council_id: CouncilId
    name: str
    role: Role = Role.SUPPORT
    email: str | None = None
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """A person, business or community group helped by one councillor; contact details are dated by `confirmed_on`.

    `deleted_at` is when the record was put among the recently deleted (None: it is in use); `merged` says which record
    of the same person it went into (None: it was not merged).
    """

    id: ResidentId
    councillor_id: PersonId
    name: str
    kind: ResidentKind = ResidentKind.PERSON
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    preferred_channel: Channel | None = None
    language: str | None = None
    communication_needs: str | None = None
    confirmed_on: date | None = None
    deleted_at: datetime | None = None
    merged: MergedResident | None = None

    @property
    def is_kept(self) -> bool:
        """Whether lists and search show the record."""
        return self.deleted_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyOfficer:
    """An officer who takes enquiries for a service area; whether they are there is asked before sending.

    `shifts` are when it is their turn; none means whenever the offices are open.
    """

    name: str
    email: str
    shifts: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverNote:
    """What the officers on duty from `from_at` up to `until_at`, and those after them, are to know; it never leaves."""

    from_at: datetime
    until_at: datetime
    note: str
    by: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceArea:
    """Part of the council, or a partner, that answers enquiries; its duty officers in the order they are asked.

    `subjects` say what must be asked about each; `self_service` is where residents can do it themselves online.
    `sharing` says which of several officers on duty takes the next enquiry.
    """

    id: ServiceAreaId
    council_id: CouncilId
    name: str
    addresses: tuple[str, ...] = ()
    directorate: str | None = None
    head_of_service: str | None = None
    direct_number: str | None = None
    retired: bool = False
    duty_officers: tuple[DutyOfficer, ...] = ()
    subjects: tuple[Subject, ...] = ()
    self_service: str | None = None
    sharing: Sharing = Sharing.IN_ORDER
    handover_notes: tuple[HandoverNote, ...] = ()
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideBody:
    """A body outside the council that enquiries can be passed to: county, housing association, police."""

    id: OutsideBodyId
    council_id: CouncilId
    name: str
    addresses: tuple[str, ...] = ()
    direct_number: str | None = None
    from_on: date | None = None
    until_on: date | None = None
