"""Due dates after two people changed at once what they are counted from: counted again from what stands now."""

from dataclasses import replace

from member_tracker.domain.change import Conflict, RecordKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.services.judging import judge
from member_tracker.services.parts import App
from member_tracker.store import in_step_contact
from member_tracker.store.store import Reading


def count_what_clashed(app: App) -> int:
    """Count the clocks anew that two laptops had counted apart, each without the other's change; how many there were.

    Every laptop that may comes to the same dates, so it does no harm where two do it.
    """
    with app.store.reading() as tx:
        apart = [each for each in tx.every(Conflict) if _is_counted_apart(each) and _may_write(tx, each)]
    if not apart:
        return 0
    with app.store.writing(author=None) as writing:
        for conflict in apart:
            enquiry = writing.find(Enquiry, conflict.record_id)
            if enquiry is not None:
                writing.save(judge(app, writing, enquiry))
            writing.save(replace(conflict, settled="kept"))
    return len(apart)


def _is_counted_apart(conflict: Conflict) -> bool:
    named = (conflict.record_kind, conflict.field) == (RecordKind.ENQUIRY, "clocks")
    return named and conflict.settled is None


def _may_write(tx: Reading, conflict: Conflict) -> bool:
    joined = in_step_contact.joined(tx)
    held = {str(scope): each for scope, each in joined.scopes.items()} if joined else {}
    return conflict.scope_id in held and held[conflict.scope_id].can_write
