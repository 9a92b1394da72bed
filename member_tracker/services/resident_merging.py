"""Making two records of one resident into one, and two again; nothing of either is lost."""

from dataclasses import replace

from member_tracker.domain.consent import Consent, narrower
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.people import Resident, ResidentId
from member_tracker.domain.resident_merge import ContactDetails, MergedResident, Narrowed
from member_tracker.domain.vocabulary import OutgoingState, Status
from member_tracker.services.consenting import keep_consent, waits_with_details
from member_tracker.services.parts import App, author_of, me
from member_tracker.services.residents import DETAILS, details_of, with_details
from member_tracker.store.residents import ResidentReading
from member_tracker.store.store import Transaction

_NARROWED = "Two records of the resident are one now; what they agreed to on each differed, and the narrower stands."


def merge_residents(app: App, keep_id: ResidentId, other_id: ResidentId, chosen: ContactDetails) -> Resident:
    """Merge another record into the one that is kept, with the details chosen; gives the one kept.

    All enquiries go over to it. The other stays as a tombstone that points on, so that what another laptop still logs
    for it is found; where consent said on the two clashes, the narrower stands on every open enquiry.
    """
    with app.store.writing(author=author_of(app)) as tx:
        keep, other = tx.get(Resident, keep_id), tx.get(Resident, other_id)
        _must_be_mergeable(keep, other)
        before = [tx.every(Enquiry, resident_id=each.id) for each in (keep, other)]
        survivor = with_details(keep, chosen)
        tx.save(survivor)
        for enquiry in before[1]:
            tx.save(replace(enquiry, resident_id=keep.id))
        merged = MergedResident(
            survivor_id=keep.id,
            at=app.now(),
            by=me(tx),
            survivor_was=details_of(keep),
            survivor_became=chosen,
            moved=tuple(enquiry.id for enquiry in before[1]),
            narrowed=_narrow(app, tx, *before),
        )
        tx.save(replace(other, deleted_at=app.now(), merged=merged))
    return survivor


def unmerge_resident(app: App, absorbed_id: ResidentId) -> Resident:
    """Take a merged record out of the other again, both as they were; what was changed since stays changed."""
    _must_be_the_last(app, absorbed_id)
    with app.store.writing(author=author_of(app)) as tx:
        absorbed = tx.get(Resident, absorbed_id)
        merged = absorbed.merged
        if merged is None:
            raise NotAllowed("This record is not merged into another.", advice="There is nothing to take apart.")
        survivor = tx.get(Resident, merged.survivor_id)
        tx.save(_as_before(survivor, merged))
        tx.save(replace(absorbed, deleted_at=None, merged=None))
        for enquiry_id in merged.moved:
            enquiry = tx.find(Enquiry, enquiry_id)
            if enquiry is not None and enquiry.resident_id == survivor.id:
                tx.save(replace(enquiry, resident_id=absorbed.id))
        for narrowed in merged.narrowed:
            _widen(tx, narrowed)
        return tx.get(Resident, absorbed_id)


def _must_be_mergeable(keep: Resident, other: Resident) -> None:
    if keep.id == other.id:
        raise NotAllowed("This is one and the same record.", advice="Choose another record of the same person.")
    if not (keep.is_kept and other.is_kept):
        raise NotAllowed("One of the two was deleted or merged already.", advice="Look at the list again.")
    if keep.councillor_id != other.councillor_id:
        raise NotAllowed(
            "These two belong to two councillors' casework, and stay apart.",
            advice="Each councillor answers for the residents they help; copy over what both should know.",
        )


def _must_be_the_last(app: App, absorbed_id: ResidentId) -> None:
    """Merges are taken apart in the order opposite to the one they were made in, for each knows what was before it."""
    with app.store.reading_by(ResidentReading) as tx:
        merged = tx.get(Resident, absorbed_id).merged
        if merged is None:
            return
        later = tx.merged_into(merged.survivor_id)[-1:]
        if later and later[0].id != absorbed_id:
            raise NotAllowed(
                "Another record was merged into the same one later.", advice="Take that one out first, then this one."
            )
        if tx.get(Resident, merged.survivor_id).merged is not None:
            raise NotAllowed(
                "The record this went into was itself merged into another later.", advice="Take that one out first."
            )


def _narrow(app: App, tx: Transaction, mine: tuple[Enquiry, ...], theirs: tuple[Enquiry, ...]) -> tuple[Narrowed, ...]:
    """Where what was last said on the two records differs, let the narrower stand on every open enquiry of either."""
    said = [_last_said(mine), _last_said(theirs)]
    if said[0] is None or said[1] is None or _allows(said[0]) == _allows(said[1]):
        return ()
    ruling = narrower(said[0], said[1])
    found = []
    for enquiry in (*mine, *theirs):
        stands = narrower(enquiry.agreed_consent, ruling)
        if enquiry.status.is_open and enquiry.deleted_at is None and _allows(stands) != _allows(enquiry.agreed_consent):
            waited = [mail for mail in tx.every(QueuedMail, enquiry_id=enquiry.id) if waits_with_details(mail)]
            keep_consent(app, tx, enquiry.id, stands, _NARROWED)
            held = tuple(mail.id for mail in waited if tx.get(QueuedMail, mail.id).state is OutgoingState.WRITTEN)
            found.append(Narrowed(enquiry_id=enquiry.id, was=enquiry.consent, became=stands, held=held))
    return tuple(found)


def _last_said(enquiries: tuple[Enquiry, ...]) -> Consent | None:
    """What was last recorded in so many words; None where nothing was."""
    recorded = [enquiry for enquiry in enquiries if enquiry.consent is not None and enquiry.deleted_at is None]
    return max(recorded, key=lambda enquiry: enquiry.received_at).consent if recorded else None


def _allows(consent: Consent) -> object:
    """What of a consent decides what may leave."""
    bodies = frozenset(body.casefold() for body in consent.bodies)
    return consent.kind, bodies, consent.until, consent.special_category, consent.withdrawn_on


def _as_before(survivor: Resident, merged: MergedResident) -> Resident:
    """The record kept with each detail as it was, unless somebody has changed it since."""
    now = details_of(survivor)
    back = {
        name: getattr(merged.survivor_was, name)
        for name in (*DETAILS, "confirmed_on")
        if getattr(now, name) == getattr(merged.survivor_became, name)
    }
    return with_details(survivor, replace(now, **back))


def _widen(tx: Transaction, narrowed: Narrowed) -> None:
    """Let the consent of an enquiry stand as it did, and the mail held back for it wait again."""
    enquiry = tx.find(Enquiry, narrowed.enquiry_id)
    if enquiry is None or enquiry.consent != narrowed.became:
        return
    held = [mail for each in narrowed.held if (mail := tx.find(QueuedMail, each)) is not None]
    waiting = [mail for mail in held if mail.state is OutgoingState.WRITTEN]
    for mail in waiting:
        tx.save(replace(mail, state=OutgoingState.QUEUED, problem=None))
    again = waiting and enquiry.status is Status.DRAFT
    tx.save(replace(enquiry, consent=narrowed.was, status=Status.WAITING_TO_SEND if again else enquiry.status))
