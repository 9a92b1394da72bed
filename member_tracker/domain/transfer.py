"""Steps that move an enquiry as a whole: into a complaint, to stage 2, into another enquiry, to a new council."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from member_tracker.domain.complaint import OMBUDSMAN, ComplaintRoute
from member_tracker.domain.dates import day_in_words, local_date
from member_tracker.domain.enquiry import Enquiry, EnquiryId, judged_by
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.merge import Merged, Standing, stricter
from member_tracker.domain.people import PersonId, ServiceAreaId
from member_tracker.domain.reference import Reference
from member_tracker.domain.succession import CarriedOver, Succession
from member_tracker.domain.vocabulary import Flag, Kind, Stage, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTwoRequest:
    """A resident's request to have a stage 1 decision looked at again, and what the new record is made with."""

    id: EnquiryId
    reference: Reference
    received_at: datetime
    logged_at: datetime
    entered_by: PersonId
    dissatisfied: str


def become_complaint(enquiry: Enquiry, stage: Stage) -> Enquiry:
    """An enquiry, or an informal complaint, as a complaint at that stage, keeping the date received; judge it anew."""
    if not enquiry.status.is_open:
        raise NotAllowed(f"{enquiry.reference} is closed.", advice="Reopen it first, or log a new complaint.")
    if enquiry.answered_at is not None:
        raise NotAllowed(f"{enquiry.reference} has been answered and judged.", advice="Log a new complaint.")
    if stage is Stage.TWO:
        raise NotAllowed("Stage 2 looks again at a stage 1 decision.", advice="Begin at stage 1.")
    if enquiry.kind is Kind.COMPLAINT and not (enquiry.stage is Stage.INFORMAL and stage is Stage.ONE):
        raise NotAllowed(f"{enquiry.reference} is a complaint already.", advice="Ask for stage 2 once it is decided.")
    became = Flag.BECAME_COMPLAINT
    flags = enquiry.flags if enquiry.kind is Kind.COMPLAINT or became in enquiry.flags else (*enquiry.flags, became)
    return replace(enquiry, kind=Kind.COMPLAINT, stage=stage, flags=flags)


def ask_for_stage_two(stage_one: Enquiry, request: StageTwoRequest) -> tuple[Enquiry, ComplaintRoute]:
    """The stage 2 record, a draft, and its way back; its own clock runs from the day the request was received."""
    _must_be_decided_at_stage_one(stage_one)
    if stage_one.answered_at is not None and request.received_at < stage_one.answered_at:
        raise Invalid(
            "The request for stage 2 came before the stage 1 decision.", advice="Give the moment the request came."
        )
    stage_two = Enquiry(
        id=request.id,
        reference=request.reference,
        council_id=stage_one.council_id,
        raised_by=stage_one.raised_by,
        resident_id=stage_one.resident_id,
        entered_by=request.entered_by,
        service_area_id=stage_one.service_area_id,
        channel=stage_one.channel,
        received_at=request.received_at,
        subject=stage_one.subject,
        text=request.dissatisfied,
        logged_at=request.logged_at,
        kind=Kind.COMPLAINT,
        stage=Stage.TWO,
        priority=stage_one.priority,
        ward_id=stage_one.ward_id,
        tags=stage_one.tags,
    )
    route = ComplaintRoute(
        stage_one_id=stage_one.id, first_received_at=stage_one.received_at, dissatisfied=request.dissatisfied
    )
    return stage_two, route


def merge(
    survivor: Enquiry, absorbed: Enquiry, *, at: datetime, by: PersonId, merged_into: Mapping[str, str]
) -> tuple[Enquiry, Enquiry, Merged]:
    """Two enquiries that are one: the survivor with the earliest receipt and the stricter clocks, the other closed.

    An answer already judged is not judged again. `merged_into` says which enquiries have been merged into which.
    """
    _must_be_mergeable(survivor, absorbed, merged_into)
    kept = Merged(
        survivor_id=survivor.id,
        absorbed_id=absorbed.id,
        at=at,
        by=by,
        survivor_was=_standing(survivor),
        absorbed_was=_standing(absorbed),
    )
    if survivor.answered_at is None:
        first_words = (survivor.acknowledged_at, absorbed.acknowledged_at, absorbed.holding_at)
        words = [moment for moment in first_words if moment is not None]
        joined = replace(
            survivor,
            received_at=min(survivor.received_at, absorbed.received_at),
            acknowledged_at=min(words, default=None),
        )
        clocks = stricter(survivor.clocks, absorbed.clocks)
        survivor = judged_by(joined, clocks) if clocks else joined
    if absorbed.status.is_open:
        reason = f"Merged into {survivor.reference}"
        absorbed = replace(absorbed, status=Status.CLOSED, closed_at=at, close_reason=reason)
    return survivor, absorbed, kept


def unmerge(merged: Merged, survivor: Enquiry, absorbed: Enquiry) -> tuple[Enquiry, Enquiry]:
    """Both enquiries apart again, as they stood, with all that has happened to the survivor since; judge both anew."""
    if (survivor.id, absorbed.id) != merged.histories:
        raise NotAllowed("These two enquiries were not merged with each other.", advice="Choose the merge to undo.")
    was, other = merged.survivor_was, merged.absorbed_was
    borrowed = survivor.acknowledged_at in (other.acknowledged_at, absorbed.holding_at)
    apart = replace(
        survivor,
        received_at=was.received_at,
        acknowledged_at=was.acknowledged_at if borrowed else survivor.acknowledged_at,
        clocks=was.clocks,
    )
    back = replace(absorbed, status=other.status, closed_at=other.closed_at, close_reason=other.close_reason)
    return (judged_by(apart, was.clocks) if was.clocks else apart), back


def carry_over(
    enquiry: Enquiry, succession: Succession, *, service_area_id: ServiceAreaId
) -> tuple[Enquiry, CarriedOver]:
    """An open enquiry passed to the new council with every date intact: receipt, clocks and what was promised."""
    if enquiry.council_id != succession.old:
        raise NotAllowed(f"{enquiry.reference} is not an enquiry of that council.", advice="Choose its own council.")
    if not enquiry.status.is_open:
        raise NotAllowed(
            f"{enquiry.reference} was closed under the old council.", advice="It stays there, with its figures."
        )
    kept = CarriedOver(
        from_council_id=enquiry.council_id, from_service_area_id=enquiry.service_area_id, on=succession.on
    )
    return replace(enquiry, council_id=succession.new, service_area_id=service_area_id), kept


def _must_be_decided_at_stage_one(complaint: Enquiry) -> None:
    if complaint.kind is not Kind.COMPLAINT or complaint.stage is Stage.TWO:
        raise NotAllowed(
            f"{complaint.reference} cannot go to stage 2.",
            advice=f"Only a stage 1 complaint can; after stage 2 the resident can go to {OMBUDSMAN}.",
        )
    if complaint.stage is Stage.INFORMAL:
        raise NotAllowed(f"{complaint.reference} is an informal complaint.", advice="Make it stage 1 first.")
    if complaint.answered_at is None and complaint.status.is_open:
        raise NotAllowed(
            f"{complaint.reference} has not been decided yet.", advice="Send a chaser, or tell the head of service."
        )


def _must_be_mergeable(survivor: Enquiry, absorbed: Enquiry, merged_into: Mapping[str, str]) -> None:
    if survivor.id == absorbed.id:
        raise NotAllowed("An enquiry cannot be merged with itself.", advice="Choose the other one.")
    for enquiry in (survivor, absorbed):
        if enquiry.id in merged_into:
            raise NotAllowed(f"{enquiry.reference} is merged already.", advice="Choose the one it was merged into.")
    if not survivor.status.is_open:
        raise NotAllowed(f"{survivor.reference} is closed.", advice="Reopen it first, or merge the other way round.")
    if survivor.council_id != absorbed.council_id:
        raise NotAllowed("The two enquiries belong to different councils.", advice="Answer each for itself.")
    if (survivor.kind is Kind.COMPLAINT, survivor.stage) != (absorbed.kind is Kind.COMPLAINT, absorbed.stage):
        raise NotAllowed(
            "A complaint can be merged only with a complaint at the same stage.",
            advice="Turn the other into a complaint first.",
        )
    if absorbed.answered_at is not None and survivor.answered_at is None:
        raise NotAllowed(
            f"{absorbed.reference} was answered on {day_in_words(local_date(absorbed.answered_at))}.",
            advice=f"Merge {survivor.reference} into it instead.",
        )


def _standing(enquiry: Enquiry) -> Standing:
    return Standing(
        status=enquiry.status,
        received_at=enquiry.received_at,
        acknowledged_at=enquiry.acknowledged_at,
        closed_at=enquiry.closed_at,
        close_reason=enquiry.close_reason,
        clocks=enquiry.clocks,
    )
