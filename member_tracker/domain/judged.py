"""How one enquiry counts in reports: what is settled about each promise, and from when on the rest is late.

It is worked out whenever an enquiry is saved and asks for no clock, so that a million can be added up off an index.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from zlib import crc32

from member_tracker.domain.clock import Clock, Clocks, state_of
from member_tracker.domain.outcome import three_ways
from member_tracker.domain.vocabulary import State, Status, Word


class Measure(Word):
    """What a figure is about; the last two judge the answer in another way than the standard does."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    EXTENDED = "extended"
    UNPAUSED = "unpaused"


class Standing(Word):
    """How an enquiry counts for a measure: for it, against it, or not at all."""

    KEPT = "kept"
    LATE = "late"
    NOT_DUE = "not_due"
    NOT_MEASURED = "not_measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The marks of one enquiry, and the key of the standard it is judged by (empty: none).

    A mark is one of the four letters below, or the last second that is in time of a promise still running.
    """

    acknowledged: str
    answered: str
    extended: str
    unpaused: str
    provisional: bool
    standard: str

    def standing(self, measure: Measure, now: str) -> Standing:
        """How it counts at `now`, as `second_of` writes it; everything received counts as kept."""
        if measure is Measure.RECEIVED:
            return Standing.KEPT
        mark: str = getattr(self, measure.value)
        settled = _SETTLED.get(mark)
        if settled is not None:
            return settled
        return Standing.LATE if now > mark else Standing.NOT_DUE


MET, MISSED, NONE, PAUSED = "m", "x", "-", "p"
_SETTLED = {
    MET: Standing.KEPT,
    MISSED: Standing.LATE,
    NONE: Standing.NOT_MEASURED,
    PAUSED: Standing.NOT_DUE,
}
_SAME, _PROVISIONAL, _FIRM = "=", "?", "."
_MARK = re.compile(r"[mxp=-]|[0-9a-f]{8}")
NOT_JUDGED = f"{NONE}{NONE}{_SAME}{_SAME}{_FIRM}"
"""What is written of an enquiry no charter judges."""


def second_of(at: datetime) -> str:
    """A moment to the second, as marks are written: in few letters that sort as time does, from 1970 to 2106."""
    return f"{min(max(int(at.timestamp()), 0), 0xFFFFFFFF):08x}"


@cache
def standard_key(charter_id: str, standard_id: str | None) -> str:
    """A standard in few letters: a million of them lie in each index that reports are read off."""
    named = f"{charter_id}/{standard_id or ''}"
    return f"{crc32(named.encode()):08x}"


def judged_text(clocks: Clocks | None, status: Status, *, closed_at: datetime | None) -> str:
    """How an enquiry counts, in few letters; `read_judged` reads them."""
    if clocks is None:
        return NOT_JUDGED
    ended = None if status.is_open else closed_at or _NEVER_LATE
    respond = clocks.respond
    if respond is None or respond.moved is None:
        answered = extended = unpaused = _mark(respond, ended)
    else:
        answered, extended, unpaused = (_mark(clock, ended) for clock in three_ways(respond))
    marks = (
        _mark(clocks.acknowledge, ended),
        answered,
        _SAME if extended == answered else extended,
        _SAME if unpaused == answered else unpaused,
        _PROVISIONAL if respond is not None and respond.provisional and respond.moved is None else _FIRM,
    )
    return f"{''.join(marks)}{standard_key(clocks.charter_id, clocks.standard_id)}"


@lru_cache(maxsize=50_000)
def read_judged(text: str) -> Judged:
    """What `judged_text` wrote down."""
    marks: list[str] = []
    at = 0
    while len(marks) < 4:
        found = _MARK.match(text, at)
        if found is None:
            raise ValueError(f"{text} is no way to count")
        marks.append(found[0])
        at = found.end()
    acknowledged, answered, extended, unpaused = marks
    return Judged(
        acknowledged=acknowledged,
        answered=answered,
        extended=answered if extended == _SAME else extended,
        unpaused=answered if unpaused == _SAME else unpaused,
        provisional=text[at] == _PROVISIONAL,
        standard=text[at + 1 :],
    )


_NEVER_LATE = datetime.min.replace(tzinfo=UTC)


def _mark(clock: Clock | None, ended: datetime | None) -> str:
    """The mark of one clock; `ended` is when an enquiry that is open no more was closed."""
    if clock is None or (clock.paused_since is None and (clock.due_by is None or clock.due_at is None)):
        return NONE
    if clock.stopped_at is not None:
        return MET if state_of(clock, clock.stopped_at) is State.MET else MISSED
    if ended is not None:
        late = clock.paused_since is None and ended is not _NEVER_LATE and state_of(clock, ended) is State.OVERDUE
        return MISSED if late else NONE
    if clock.paused_since is not None or clock.due_at is None:
        return PAUSED
    return second_of(clock.due_at)
