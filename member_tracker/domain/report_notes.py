"""What every report says below its table: how days were counted, and what is in the figures and what is not."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from member_tracker.domain.charter import Charter
from member_tracker.domain.dates import moment_in_words
from member_tracker.domain.period import Period, plain_day
from member_tracker.domain.report_table import FEW
from member_tracker.domain.vocabulary import AfterHours

_ALWAYS = (
    "Received: by the day it came in, on the office calendar. What was merged into another counts once, with it.",
    "In time, of those judged: what is still owed counts as late once its day has passed; before that, as not due yet.",
    "Not measured: no standard gives a day for it, or it was closed without an answer before one was due.",
    "Answered in time: by the standard's own day. With extensions: by the later day agreed, where one was.",
    "Telling the resident stops no clock of the council.",
)
_SMALL = f"Of fewer than {FEW} no percentage is said. Percentages are cut after one decimal: 100% is said only of all."


def notes_above(period: Period, now: datetime, charters: Sequence[Charter], unknown: Iterable[str]) -> tuple[str, ...]:
    """What the figures are of, as at when, and by which charters they are judged."""
    titles = [*(charter.title for charter in charters), *unknown]
    judged = "; ".join(titles) if titles else "none applied"
    days = f"{plain_day(period.first)} to {plain_day(period.last)}"
    return (
        f"Received from {days}, as things stood at {moment_in_words(now)}.",
        f"Each judged by the charter in force on the day it came in: {judged}.",
    )


def notes_below(charters: Sequence[Charter], provisional: int) -> tuple[str, ...]:
    """How days were counted and what the figures leave out."""
    read = (
        *_per_charter(charters, _day_received),
        *_per_charter(charters, _after_hours),
        *_per_charter(charters, _pauses),
        *_per_charter(tuple(charter for charter in charters if charter.holding_stops), _holding),
    )
    return (*_ALWAYS, *read, *_provisional(provisional), _SMALL)


def _per_charter(charters: Sequence[Charter], reading: Callable[[Charter], str]) -> tuple[str, ...]:
    """One sentence where all charters read a thing alike, else one for each."""
    said = {charter.title: reading(charter) for charter in charters}
    if len(set(said.values())) == 1:
        return tuple(dict.fromkeys(said.values()))
    return tuple(f"{title}: {_lower(sentence)}" for title, sentence in said.items())


def _day_received(charter: Charter) -> str:
    if charter.day_received == 0:
        return "The day of receipt is day 0: day 1 is the first working day after it."
    return "A working day of receipt is itself day 1."


def _after_hours(charter: Charter) -> str:
    if charter.after_hours is AfterHours.SAME_DAY:
        return "What came after closing counts from the calendar day it came, whatever the hour."
    return "What came after closing, or on a day the office was shut, counts as received on the next working day."


def _pauses(charter: Charter) -> str:
    if not charter.pauses:
        return "Clocks are not paused by this charter."
    return (
        "Waiting for the resident pauses the clock of the answer."
        " No pause counted: the same answers as if no clock had been paused, by the standard's own day."
    )


def _holding(charter: Charter) -> str:
    del charter
    return "A holding reply that gives a date ends the clock of the answer."


def _provisional(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    are = "1 answer runs" if count == 1 else f"{count} answers run"
    return (f"{are} to a provisional day: the clock starts at an acknowledgement that has not come yet.",)


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
