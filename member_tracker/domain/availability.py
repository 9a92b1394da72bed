"""Who is there to take an enquiry: what a mail server says of addresses and calendars before anything is sent."""

from dataclasses import dataclass
from datetime import datetime

from member_tracker.domain.vocabulary import Word


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
