"""An enquiry and the steps it may take; every step returns a new enquiry or refuses with a reason and advice."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NewType

from member_tracker.domain.asked import Answer, missing
from member_tracker.domain.clock import Clock, Clocks, state_of, stop
from member_tracker.domain.complaint import ComplaintRoute
from member_tracker.domain.consent import Consent, implied_by_asking
from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.extension import Extension
from member_tracker.domain.holding import HoldingReply
from member_tracker.domain.merge import Merged
from member_tracker.domain.pause import Pause, open_pause
from member_tracker.domain.people import CouncilId, PersonId, ResidentId, ServiceAreaId, WardId
from member_tracker.domain.promise import Promise, keep_from
from member_tracker.domain.reference import Reference
from member_tracker.domain.succession import CarriedOver
from member_tracker.domain.vocabulary import Channel, Flag, Kind, Priority, Stage, State, Status

EnquiryId = NewType("EnquiryId", str)

_WITH_OFFICERS = (Status.WITH_SERVICE_AREA, Status.ACKNOWLEDGED, Status.HOLDING_REPLY, Status.WAITING_FOR_RESIDENT)
_PROGRESS = (
    Status.WITH_SERVICE_AREA,
    Status.ACKNOWLEDGED,
    Status.HOLDING_REPLY,
    Status.WAITING_FOR_RESIDENT,
    Status.ANSWERED,
    Status.RESIDENT_TOLD,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """A question a councillor has put to the council, usually on a resident's behalf.

    `deleted_at` is when it was put among the recently deleted, as logged by mistake (None: it is in use).
    """

    id: EnquiryId
    reference: Reference
    council_id: CouncilId
    raised_by: PersonId
    resident_id: ResidentId
    entered_by: PersonId
    service_area_id: ServiceAreaId
    channel: Channel
    received_at: datetime
    subject: str
    text: str
    logged_at: datetime
    kind: Kind = Kind.ENQUIRY
    stage: Stage | None = None
    priority: Priority = Priority.NORMAL
    status: Status = Status.DRAFT
    flags: tuple[Flag, ...] = ()
    ward_id: WardId | None = None
    tier: int | None = None
    other_reference: str | None = None
    tags: tuple[str, ...] = ()
    clocks: Clocks | None = None
    sent_at: datetime | None = None
    acknowledged_at: datetime | None = None
    holding_at: datetime | None = None
    promised_on: date | None = None
    answered_at: datetime | None = None
    told_at: datetime | None = None
    closed_at: datetime | None = None
    close_reason: str | None = None
    findings: str | None = None
    solution: str | None = None
    reopened: int = 0
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    holding: HoldingReply | None = None
    promises: tuple[Promise, ...] = ()
    consent: Consent | None = None
    special_category: bool = False
    complaint: ComplaintRoute | None = None
    merged: Merged | None = None
    handovers: int = 0
    officer_back_at: datetime | None = None
    carried_over: tuple[CarriedOver, ...] = ()
    deleted_at: datetime | None = None
    about: str | None = None
    answers: tuple[Answer, ...] = ()
    linked_to: tuple[EnquiryId, ...] = ()

    @property
    def merged_into(self) -> "EnquiryId | None":
        """The enquiry this one was merged into; None where it stands by itself."""
        return EnquiryId(self.merged.survivor_id) if self.merged else None

    @property
    def agreed_consent(self) -> Consent:
        """What the resident agreed to; who asked for help and said no more agreed by asking, for the council only."""
        return self.consent or implied_by_asking(local_date(self.received_at))

    @property
    def acknowledge_by(self) -> date | None:
        """The last day an acknowledgement meets the standard; None where there is no such standard in days."""
        clock = self.clocks.acknowledge if self.clocks else None
        return clock.due_by if clock else None

    @property
    def respond_by(self) -> date | None:
        """The last day an answer meets the standard; None where there is no such standard in days."""
        clock = self.clocks.respond if self.clocks else None
        return clock.due_by if clock else None

    def state(self, now: datetime) -> State:
        """How the answer stands against its standard at `now`."""
        clock = self.clocks.respond if self.clocks else None
        if clock is None:
            return State.NOT_MEASURED
        state = state_of(clock, now)
        closed_unanswered = not self.status.is_open and clock.stopped_at is None
        if not closed_unanswered:
            return state
        return State.MISSED if self._was_late_when_closed(clock) else State.NOT_MEASURED

    def _was_late_when_closed(self, clock: Clock) -> bool:
        return self.closed_at is not None and state_of(clock, self.closed_at) is State.OVERDUE


def judged_by(enquiry: Enquiry, clocks: Clocks) -> Enquiry:
    """The enquiry with its clocks worked out anew, those already stopped stopped again at the same moments."""
    acknowledge, respond = clocks.acknowledge, clocks.respond
    first_word = _earliest(enquiry.acknowledged_at, enquiry.holding_at, enquiry.answered_at)
    if acknowledge is not None and first_word is not None:
        acknowledge = stop(acknowledge, first_word)
    held_at = enquiry.holding_at if clocks.holding_stops else None
    ended = _earliest(enquiry.answered_at, held_at)
    if respond is not None and ended is not None:
        respond = stop(respond, ended)
    return replace(enquiry, clocks=replace(clocks, acknowledge=acknowledge, respond=respond))


def mark_queued(enquiry: Enquiry) -> Enquiry:
    """The enquiry is waiting to go to its service area."""
    if enquiry.status is not Status.DRAFT:
        raise NotAllowed(
            f"{enquiry.reference} is already {_said(enquiry.status)}.",
            advice="Open it to see what was sent, or log a new enquiry.",
        )
    if gaps := missing(enquiry.answers):
        raise NotAllowed(
            f"{enquiry.reference} does not say yet: {' '.join(gaps)}",
            advice="Ask the resident and fill it in, or say that the resident does not know.",
        )
    return replace(enquiry, status=Status.WAITING_TO_SEND)


def mark_sent(enquiry: Enquiry, *, at: datetime) -> Enquiry:
    """The mail to the service area has gone; a status already further on stays as it is."""
    if enquiry.status is Status.WAITING_TO_SEND:
        paused = open_pause(enquiry.pauses) is not None
        status = Status.WAITING_FOR_RESIDENT if paused else Status.WITH_SERVICE_AREA
        return replace(enquiry, status=status, sent_at=at)
    return replace(enquiry, sent_at=enquiry.sent_at or at)


def acknowledge(enquiry: Enquiry, *, at: datetime) -> Enquiry:
    """The service area has said it has the enquiry: the acknowledgement clock stops at `at`."""
    _must_be_with_officers(enquiry, "acknowledged")
    first = _earliest(enquiry.acknowledged_at, at)
    return _first_word(_forward(replace(enquiry, acknowledged_at=first), Status.ACKNOWLEDGED), at)


def hold(enquiry: Enquiry, *, at: datetime, promised_on: date | None) -> Enquiry:
    """A holding reply is no answer, so the response clock runs on unless the charter ends it there.

    Without a date it is an acknowledgement.
    """
    if promised_on is None:
        return acknowledge(enquiry, at=at)
    _must_be_with_officers(enquiry, "given a holding reply")
    first = _earliest(enquiry.holding_at, at)
    held = _first_word(_forward(replace(enquiry, holding_at=first, promised_on=promised_on), Status.HOLDING_REPLY), at)
    return judged_by(held, held.clocks) if held.clocks and held.clocks.holding_stops else held


def ask_resident(enquiry: Enquiry, *, at: datetime) -> Enquiry:
    """The service area has the enquiry and wants to know more; nothing is paused by that alone."""
    _must_be_with_officers(enquiry, "waiting for the resident")
    asked = replace(enquiry, acknowledged_at=_earliest(enquiry.acknowledged_at, at))
    return _first_word(_forward(asked, Status.WAITING_FOR_RESIDENT), at)


def answer(enquiry: Enquiry, *, at: datetime) -> Enquiry:
    """The full answer has come: both clocks stop at the moment it reached us, the earliest answer counting."""
    _must_be_with_officers(enquiry, "answered")
    first = min(enquiry.answered_at or at, at)
    answered = replace(
        enquiry, status=Status.ANSWERED, answered_at=first, promises=keep_from(enquiry.promises, at=first)
    )
    answered = _first_word(answered, first)
    clocks = answered.clocks
    if clocks is None or clocks.respond is None:
        return answered
    return replace(answered, clocks=replace(clocks, respond=stop(clocks.respond, first)))


def wait_for_resident(enquiry: Enquiry) -> Enquiry:
    """The enquiry while its clock is paused: waiting for the resident, where officers have it."""
    return replace(enquiry, status=Status.WAITING_FOR_RESIDENT) if enquiry.status in _WITH_OFFICERS else enquiry


def go_on(enquiry: Enquiry) -> Enquiry:
    """The enquiry once the resident has answered: back where it stood with its officers."""
    if enquiry.status is not Status.WAITING_FOR_RESIDENT:
        return enquiry
    if enquiry.holding_at is not None:
        return replace(enquiry, status=Status.HOLDING_REPLY)
    return replace(enquiry, status=Status.ACKNOWLEDGED if enquiry.acknowledged_at else Status.WITH_SERVICE_AREA)


def tell_resident(enquiry: Enquiry, *, at: datetime) -> Enquiry:
    """The resident has had a word from us; once the answer is passed on the follow-up period begins."""
    if not enquiry.status.is_open:
        raise NotAllowed(
            f"{enquiry.reference} is {_said(enquiry.status)}.",
            advice="Reopen it first if there is more to tell the resident.",
        )
    status = Status.RESIDENT_TOLD if enquiry.status is Status.ANSWERED else enquiry.status
    return replace(enquiry, status=status, told_at=at)


def close(enquiry: Enquiry, *, at: datetime, reason: str | None) -> Enquiry:
    """The enquiry is closed; a resident not yet told needs a reason, a stage 1 complaint its findings and solution."""
    if not enquiry.status.is_open:
        raise NotAllowed(f"{enquiry.reference} is already {_said(enquiry.status)}.", advice="There is nothing to do.")
    if not reason and (enquiry.told_at is None or enquiry.status is Status.ANSWERED):
        raise NotAllowed(
            f"The resident has not been told {'the answer to' if enquiry.told_at else 'about'} {enquiry.reference}.",
            advice="Tell the resident first, or close it with a reason.",
        )
    if enquiry.kind is Kind.COMPLAINT and enquiry.stage is Stage.ONE and not (enquiry.findings and enquiry.solution):
        raise NotAllowed(
            f"{enquiry.reference} is a stage 1 complaint without findings and a solution.",
            advice="Fill in findings and solution, then close it.",
        )
    return replace(enquiry, status=Status.CLOSED, closed_at=at, close_reason=reason)


def reopen(enquiry: Enquiry, *, on_its_way: bool = False) -> Enquiry:
    """A closed enquiry is worked on again; its first answer and its clocks stand as they were judged.

    `on_its_way`: its mail to the service area may still go out, so it is not a draft that could be sent again.
    """
    if enquiry.status is not Status.CLOSED:
        raise NotAllowed(f"{enquiry.reference} is not closed.", advice="There is nothing to reopen.")
    if enquiry.merged is not None:
        raise NotAllowed(
            f"{enquiry.reference} was merged into another enquiry.",
            advice=f"Take it apart again: unmerge {enquiry.reference}",
        )
    unsent = Status.WAITING_TO_SEND if on_its_way else Status.DRAFT
    status = Status.WITH_SERVICE_AREA if enquiry.sent_at is not None else unsent
    return replace(
        enquiry, status=status, closed_at=None, close_reason=None, told_at=None, reopened=enquiry.reopened + 1
    )


def _must_be_with_officers(enquiry: Enquiry, step: str) -> None:
    if enquiry.status in _WITH_OFFICERS or enquiry.status in (Status.ANSWERED, Status.RESIDENT_TOLD):
        return
    if enquiry.status is Status.CLOSED:
        raise NotAllowed(
            f"{enquiry.reference} is closed, so it cannot be {step}.", advice="Reopen it first, then accept the reply."
        )
    raise NotAllowed(
        f"{enquiry.reference} has not been sent yet, so it cannot be {step}.",
        advice="Send it to the service area first.",
    )


def _forward(enquiry: Enquiry, status: Status) -> Enquiry:
    """The enquiry at `status`, unless it is already further on than that."""
    if _PROGRESS.index(enquiry.status) >= _PROGRESS.index(Status.ANSWERED):
        return enquiry
    if enquiry.status is Status.WAITING_FOR_RESIDENT and open_pause(enquiry.pauses) is not None:
        return enquiry
    if status is Status.ACKNOWLEDGED and enquiry.status is not Status.WITH_SERVICE_AREA:
        return enquiry
    return replace(enquiry, status=status)


def _first_word(enquiry: Enquiry, at: datetime) -> Enquiry:
    """The enquiry with its acknowledgement clock stopped at the earliest word that came back."""
    clocks = enquiry.clocks
    if clocks is None or clocks.acknowledge is None:
        return enquiry
    stopped = _earliest(clocks.acknowledge.stopped_at, at)
    if stopped is None or stopped == clocks.acknowledge.stopped_at:
        return enquiry
    return replace(enquiry, clocks=replace(clocks, acknowledge=stop(clocks.acknowledge, stopped)))


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _said(status: Status) -> str:
    return status.words[0].lower() + status.words[1:]
