"""Two records of one resident made into one, and all that is needed to make them two again."""

from dataclasses import dataclass
from datetime import date, datetime

from member_tracker.domain.consent import Consent
from member_tracker.domain.vocabulary import Channel, ResidentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDetails:
    """What of a resident may differ between two records of the same one; `confirmed_on` dates all of it."""

    name: str
    kind: ResidentKind
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    preferred_channel: Channel | None = None
    language: str | None = None
    communication_needs: str | None = None
    confirmed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """An enquiry whose consent a merge made narrower: what had been recorded before (None: nothing) and what became.

    `held` are the mails that waited to go to the service area with the resident's details and were held back.
    """

    enquiry_id: str
    was: Consent | None
    became: Consent
    held: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedResident:
    """A record of a resident merged into another: which, by whom and when, and how things stood before.

    `moved` are the enquiries that went over to the record that is kept.
    """

    survivor_id: str
    at: datetime
    by: str | None
    survivor_was: ContactDetails
    survivor_became: ContactDetails
    moved: tuple[str, ...] = ()
    narrowed: tuple[Narrowed, ...] = ()
