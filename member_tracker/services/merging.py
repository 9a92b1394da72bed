"""Merging two enquiries that are one, and taking them apart again; nothing of either is lost."""

from collections.abc import Mapping
from dataclasses import replace

from member_tracker.domain import transfer
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.mailbag import MailPurpose, QueuedMail, ReceivedMail
from member_tracker.domain.timeline import EntryKind, Suggestion, SuggestionState
from member_tracker.domain.vocabulary import OutgoingState, Role, Status
from member_tracker.services.enquiries import write_entry
from member_tracker.services.judging import count_again
from member_tracker.services.merged import ABSORBED, absorbed_by, as_counted
from member_tracker.services.parts import App, author_of, me
from member_tracker.store.store import Reading, Transaction

_UNSENT = {Status.DRAFT: 0, Status.WAITING_TO_SEND: 1}
_NOT_SENT = "Not sent: it was merged into another enquiry first."


def merge(app: App, absorbed_id: EnquiryId, into_id: EnquiryId) -> Enquiry:
    """Merge one enquiry into another, which keeps the earliest receipt and the stricter clock; gives the survivor.

    Replies to either land on the survivor from now on. What waits for a decision goes with it, and what waits to be
    sent is not sent twice.
    """
    with app.store.writing(author=author_of(app)) as tx:
        before, target = tx.get(Enquiry, absorbed_id), tx.get(Enquiry, into_id)
        _must_see_both(tx, before, target)
        _must_be_as_far(before, target)
        survivor, absorbed, merged = transfer.merge(
            target,
            before,
            at=app.now(),
            by=me(tx) or target.entered_by,
            merged_into=_merged_into(before, target),
        )
        tx.save(replace(absorbed, merged=merged))
        tx.save(survivor)
        _move_suggestions(tx, absorbed.id, survivor.id, of_mail_of=absorbed.id)
        _keep_back_queued(tx, absorbed)
        text = f"Merged with {absorbed.reference}; replies to either come here."
        write_entry(tx, app, survivor, EntryKind.MERGED, text, details={ABSORBED: absorbed.id})
        text = f"Merged into {survivor.reference}."
        write_entry(tx, app, absorbed, EntryKind.MERGED, text, details={"survivor": survivor.id})
    return survivor


def unmerge(app: App, enquiry_id: EnquiryId) -> Enquiry:
    """Take a merged enquiry out of the other again; gives it as it stood. Both are counted anew."""
    with app.store.writing(author=author_of(app)) as tx:
        absorbed = _absorbed_meant(tx, tx.get(Enquiry, enquiry_id))
        merged = absorbed.merged
        if merged is None:
            raise NotAllowed(f"{absorbed.reference} is not merged.", advice="There is nothing to take apart.")
        together = tx.get(Enquiry, merged.survivor_id)
        _must_be_the_last_merged(tx, together, absorbed)
        apart, back = transfer.unmerge(merged, together, absorbed)
        back = replace(as_counted(back, together), merged=None)
        tx.save(back)
        back = _counted(app, tx, back)
        apart = _counted(app, tx, apart)
        tx.save(back)
        tx.save(apart)
        _move_suggestions(tx, apart.id, back.id, of_mail_of=back.id)
        _queue_again(tx, back)
        details = {"apart": back.id}
        write_entry(tx, app, apart, EntryKind.UNMERGED, f"Taken apart from {back.reference} again.", details=details)
        write_entry(tx, app, back, EntryKind.UNMERGED, f"Taken out of {apart.reference} again.")
    return back


def _counted(app: App, tx: Transaction, enquiry: Enquiry) -> Enquiry:
    """The enquiry counted anew, where its answer was not judged."""
    return enquiry if enquiry.answered_at is not None else count_again(app, tx, enquiry)


def _merged_into(*enquiries: Enquiry) -> Mapping[str, str]:
    return {enquiry.id: enquiry.merged_into for enquiry in enquiries if enquiry.merged_into is not None}


def _must_see_both(tx: Reading, one: Enquiry, other: Enquiry) -> None:
    """Two councillors' enquiries are merged by somebody who acts for both."""
    if one.raised_by == other.raised_by or tx.local("role") != Role.COUNCILLOR.value:
        return
    raise NotAllowed(
        "These enquiries were raised by two councillors, and only one of them is at work here.",
        advice="Ask member services, who act for both, to merge them.",
    )


def _must_be_as_far(absorbed: Enquiry, survivor: Enquiry) -> None:
    """What officers have, or are about to have, is not merged into a draft they would never see."""
    if absorbed.status.is_open and _UNSENT.get(survivor.status, 2) < _UNSENT.get(absorbed.status, 2):
        raise NotAllowed(
            f"{survivor.reference} has not been sent yet, and {absorbed.reference} is further on.",
            advice=f"Merge the other way round: merge {survivor.reference} {absorbed.reference}",
        )


def _absorbed_meant(tx: Reading, named: Enquiry) -> Enquiry:
    """The absorbed enquiry: the one named, or the only one that was merged into it."""
    if named.merged is not None:
        return named
    absorbed = absorbed_by(tx, named)
    if len(absorbed) == 1:
        return absorbed[0]
    if absorbed:
        references = ", ".join(each.reference for each in absorbed)
        raise NotAllowed(f"Several enquiries are merged into {named.reference}.", advice=f"Name one: {references}.")
    raise NotAllowed(f"{named.reference} is not merged.", advice="There is nothing to take apart.")


def _must_be_the_last_merged(tx: Reading, survivor: Enquiry, absorbed: Enquiry) -> None:
    """Merges are taken apart in the order opposite to the one they were made in, for each knows what was before it."""
    last = absorbed_by(tx, survivor)[-1:]
    if last and last[0].id != absorbed.id:
        raise NotAllowed(
            f"{last[0].reference} was merged into {survivor.reference} later.",
            advice=f"Take that apart first: unmerge {last[0].reference}",
        )
    if survivor.merged is not None:
        raise NotAllowed(
            f"{survivor.reference} was itself merged into another enquiry later.",
            advice=f"Take that apart first: unmerge {survivor.reference}",
        )


def _move_suggestions(tx: Transaction, from_id: EnquiryId, to_id: EnquiryId, *, of_mail_of: EnquiryId) -> None:
    """Let what waits for a decision follow, where its mail is filed with that enquiry."""
    for suggestion in tx.every(Suggestion, enquiry_id=from_id, state=SuggestionState.OPEN):
        if tx.get(ReceivedMail, suggestion.mail_id).enquiry_id == of_mail_of:
            tx.save(replace(suggestion, enquiry_id=to_id))


def _keep_back_queued(tx: Transaction, absorbed: Enquiry) -> None:
    for mail in tx.every(QueuedMail, enquiry_id=absorbed.id, state=OutgoingState.QUEUED):
        if mail.purpose is MailPurpose.ENQUIRY:
            tx.save(replace(mail, state=OutgoingState.WRITTEN, problem=_NOT_SENT))


def _queue_again(tx: Transaction, back: Enquiry) -> None:
    for mail in tx.every(QueuedMail, enquiry_id=back.id, state=OutgoingState.WRITTEN):
        if mail.problem == _NOT_SENT:
            tx.save(replace(mail, state=OutgoingState.QUEUED, problem=None))
