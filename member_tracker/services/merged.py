"""Which enquiries were merged into one, as the store knows it."""

from collections.abc import Sequence
from dataclasses import replace

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.merge import pauses_after_merging
from member_tracker.domain.promise import keep_from
from member_tracker.domain.timeline import Entry, EntryKind
from member_tracker.store.store import Reading, Transaction

ABSORBED = "absorbed"


def absorbed_by(tx: Reading, enquiry: Enquiry) -> tuple[Enquiry, ...]:
    """The enquiries merged into this one and not taken apart again, in the order they were merged."""
    named = dict.fromkeys(
        entry.details[ABSORBED]
        for entry in tx.every(Entry, enquiry_id=enquiry.id, kind=EntryKind.MERGED)
        if ABSORBED in entry.details
    )
    found = [other for each in named if (other := tx.find(Enquiry, each)) is not None]
    mine = [other for other in found if other.merged_into == enquiry.id]
    return tuple(sorted(mine, key=lambda other: other.merged.at if other.merged else other.logged_at))


def with_all_absorbed(tx: Reading, enquiry: Enquiry) -> Sequence[Enquiry]:
    """The enquiry and all that was merged into it, by whatever way, itself first."""
    every = [enquiry]
    for each in every:
        every += [other for other in absorbed_by(tx, each) if other not in every]
    return every


def as_counted(absorbed: Enquiry, survivor: Enquiry) -> Enquiry:
    """An absorbed enquiry with what has moved the survivor's clock since they were merged."""
    merged = absorbed.merged
    if merged is None:
        return absorbed
    since = tuple(extension for extension in survivor.extensions if extension.agreed_at >= merged.at)
    return replace(
        absorbed,
        pauses=pauses_after_merging(absorbed.pauses, survivor.pauses, merged),
        extensions=tuple(dict.fromkeys((*absorbed.extensions, *since))),
    )


def keep_promises_of_absorbed(tx: Transaction, survivor: Enquiry) -> None:
    """Let the answer to the survivor keep, or break, what was promised on enquiries merged into it."""
    if survivor.answered_at is None:
        return
    for absorbed in with_all_absorbed(tx, survivor)[1:]:
        tx.save(replace(absorbed, promises=keep_from(absorbed.promises, at=survivor.answered_at)))
