"""From which status to which an enquiry may go at the hub: every step of the office and, undone, every step back."""

from itertools import permutations

from member_tracker.domain.vocabulary import Status

_WITH_OFFICERS = (Status.WITH_SERVICE_AREA, Status.ACKNOWLEDGED, Status.HOLDING_REPLY, Status.WAITING_FOR_RESIDENT)
_OPEN = tuple(status for status in Status if status.is_open)
_ENDED = tuple(status for status in Status if not status.is_open)


def legal_steps() -> frozenset[tuple[Status, Status]]:
    """Pairs of statuses; what is not among them (an answer to what was never sent) no laptop may ask for."""
    forward = {
        (Status.DRAFT, Status.WAITING_TO_SEND),
        *((Status.WAITING_TO_SEND, sent) for sent in (Status.WITH_SERVICE_AREA, Status.WAITING_FOR_RESIDENT)),
        *permutations(_WITH_OFFICERS, 2),
        *((status, Status.ANSWERED) for status in _WITH_OFFICERS),
        (Status.ANSWERED, Status.RESIDENT_TOLD),
    }
    back = {
        (Status.WAITING_TO_SEND, Status.DRAFT),
        *((Status.ANSWERED, status) for status in _WITH_OFFICERS),
        (Status.RESIDENT_TOLD, Status.ANSWERED),
        *((Status.RESIDENT_TOLD, status) for status in _WITH_OFFICERS),
    }
    ended = {(status, end) for status in _OPEN for end in _ENDED}
    return frozenset(forward | back | ended | {(end, status) for status, end in ended})
