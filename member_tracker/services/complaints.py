"""Complaints: an enquiry turned into one, its second stage, and who decides it."""

from dataclasses import dataclass, replace
from datetime import datetime

from member_tracker.domain.complaint import (
    ComplaintRoute,
    must_differ_in_decider,
    send_to_chief_executive,
)
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import Invalid
from member_tracker.domain.reference import make_reference
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.transfer import StageTwoRequest, ask_for_stage_two, become_complaint
from member_tracker.domain.values import one_line, plain_text
from member_tracker.domain.vocabulary import Stage
from member_tracker.services.enquiries import write_entry
from member_tracker.services.judging import judge
from member_tracker.services.parts import App, author_of, me


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a resident says who asks for stage 2, and when; `received_at` None means just now."""

    because: str
    received_at: datetime | None = None
    decided_by: str = ""


def complain(
    app: App, enquiry_id: EnquiryId, *, stage: Stage = Stage.ONE, serious: str = "", decided_by: str = ""
) -> Enquiry:
    """Turn an enquiry, or an informal complaint, into a complaint at that stage; it keeps the date it was received.

    `serious` is why it goes straight to the Chief Executive, `decided_by` the officer who decides it.
    """
    with app.store.writing(author=author_of(app)) as tx:
        became = become_complaint(tx.get(Enquiry, enquiry_id), stage)
        route = became.complaint or ComplaintRoute()
        if serious:
            route = send_to_chief_executive(route, why=plain_text(serious))
        if decided_by:
            route = replace(route, decided_by=one_line(decided_by))
        judged = judge(app, tx, replace(became, complaint=route))
        tx.save(judged)
        decider = route.decider(stage)
        text = f"Now a complaint ({stage.words.lower()})" + (f", for: {decider.words}" if decider else "") + "."
        if route.serious:
            text += f" Serious: {route.serious}"
        write_entry(tx, app, judged, EntryKind.COMPLAINT, text)
    return judged


def ask_for_second_look(app: App, enquiry_id: EnquiryId, asked: Asked) -> Enquiry:
    """Make the stage 2 record of a complaint decided at stage 1; its clock runs from when the request came.

    Gives the new record; the first keeps its dates and how it was judged.
    """
    now = app.now()
    because = plain_text(asked.because)
    if not because:
        raise Invalid("A request for stage 2 needs a reason.", advice="Say why the resident is not satisfied.")
    if asked.received_at is not None and asked.received_at > now:
        raise Invalid("The date received is still to come.", advice="Give the moment the request came.")
    with app.store.writing(author=author_of(app)) as tx:
        stage_one = tx.get(Enquiry, enquiry_id)
        request = StageTwoRequest(
            id=EnquiryId(app.new_id()),
            reference=make_reference(tx.local("device") or "", tx.next_serial()),
            received_at=asked.received_at or now,
            logged_at=now,
            entered_by=me(tx) or stage_one.entered_by,
            dissatisfied=because,
        )
        stage_two, route = ask_for_stage_two(stage_one, request)
        if asked.decided_by:
            decider = one_line(asked.decided_by)
            must_differ_in_decider(stage_one.complaint.decided_by if stage_one.complaint else "", decider)
            route = replace(route, decided_by=decider)
        judged = judge(app, tx, replace(stage_two, complaint=route))
        tx.save(judged)
        text = f"Stage 2 of {stage_one.reference}: {because}"
        details = {"stage_one": stage_one.id}
        write_entry(tx, app, judged, EntryKind.LOGGED, text, at=judged.received_at, details=details)
        text = f"Stage 2 was asked for: {judged.reference}."
        write_entry(tx, app, stage_one, EntryKind.STAGE_TWO, text, at=judged.received_at)
    return judged
