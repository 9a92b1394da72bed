"""What can be kept: the kinds of record, and a record as it was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from member_tracker.domain.change import Conflict
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.people import Council, Councillor, OutsideBody, Resident, ServiceArea, SupportOfficer, Ward
from member_tracker.domain.timeline import Entry, Suggestion

Record = (
    Council
    | Ward
    | Councillor
    | SupportOfficer
    | Resident
    | ServiceArea
    | OutsideBody
    | Enquiry
    | Suggestion
    | ReceivedMail
    | QueuedMail
    | Entry
    | Conflict
)
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Generic[R]):
    """A record as it is kept, with the newest op seen for each field (under no name: the op that made it).

    `document` is its place in the search index, None for records that are not searched; `hub_seq` is the hub's number
    for it, None while the hub has not told of it.
    """

    value: R
    heads: Mapping[str, str]
    scope_id: str
    document: int | None = None
    hub_seq: int | None = None
