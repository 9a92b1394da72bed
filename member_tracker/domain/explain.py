"""Why an enquiry is due when it is, in full: sentences to print or read aloud, without signs, with dates in words."""

import re
from datetime import datetime

from member_tracker.domain.clock import Clock, ClockEntry, Clocks, Step
from member_tracker.domain.dates import LONDON, day_in_words, local_date

_TIME = re.compile(r"\b(\d\d):(\d\d)\b")
_LENGTHS = re.compile(r"\b(\d+) (h|min|s)\b")
_UNITS = {"h": "hour", "min": "minute", "s": "second"}
_DAY = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_LAST_MINUTE = (23, 59)


def why_in_full(clocks: Clocks) -> str:
    """Both promises day by day, one sentence a line, ending with the day each is due."""
    received = f"This came in at {moment_aloud(clocks.received_at)}."
    if clocks.note is not None:
        return "\n".join((received, _sentence(clocks.note.reason)))
    paragraphs = [[received, f"It is judged by the charter called {_plain(clocks.charter_id)}."]]
    paragraphs += [_clock_in_full(clock) for clock in (clocks.acknowledge, clocks.respond) if clock is not None]
    return "\n\n".join("\n".join(lines) for lines in paragraphs)


def moment_aloud(at: datetime) -> str:
    """A moment as it is spoken, such as “20 minutes past 5 in the afternoon on Thursday 4 June 2026”."""
    local = at.astimezone(LONDON)
    return f"{_time_aloud(local.hour, local.minute)} on {day_in_words(local.date())}"


def _clock_in_full(clock: Clock) -> list[str]:
    whose = "acknowledgement" if clock.step is Step.ACKNOWLEDGEMENT else "reply"
    lines = [f"The {whose}. The promise for {_plain(clock.contact)} is {_plain(clock.within)}."]
    lines += [_row(entry) for entry in clock.ledger]
    lines.append(_conclusion(clock, whose))
    if clock.stopped_at is not None:
        lines.append(f"It came at {moment_aloud(clock.stopped_at)}.")
    return lines


def _row(entry: ClockEntry) -> str:
    verdict = "This day counts" if entry.counted else "This day does not count"
    verdict = "The due day moves here" if entry.moves_to else verdict
    return f"{day_in_words(entry.on)}. {_sentence(entry.reason)} {verdict}."


def _conclusion(clock: Clock, whose: str) -> str:
    if clock.paused_since is not None:
        return f"So the {whose} has no due day now, and will have one when the clock runs again."
    if clock.due_by is None or clock.due_at is None:
        return _sentence(clock.warning) if clock.warning else f"So the {whose} has no due day."
    local = clock.due_at.astimezone(LONDON)
    by_the_day = (local.hour, local.minute) == _LAST_MINUTE and local_date(clock.due_at) == clock.due_by
    until = "by the end of" if by_the_day else f"by {_time_aloud(local.hour, local.minute)} on"
    provisional = " That is provisional until it is acknowledged." if clock.provisional else ""
    return f"So the {whose} is due {until} {day_in_words(clock.due_by)}.{provisional}"


def _sentence(text: str) -> str:
    plain = _plain(text).rstrip(".")
    return f"{plain[0].upper()}{plain[1:]}."


def _plain(text: str) -> str:
    """The text with times, lengths and dates spoken, and without signs."""
    text = _TIME.sub(lambda found: _time_aloud(int(found[1]), int(found[2])), text)
    text = _LENGTHS.sub(_length_aloud, text)
    text = _DAY.sub(lambda found: day_in_words(datetime.fromisoformat(found[0]).date()), text)
    for sign, spoken in ((": ", ", "), ("; ", ", "), (" (", ", "), ("-", " "), ("&", " and "), ("/", " or ")):
        text = text.replace(sign, spoken)
    kept = "".join(each if each.isalnum() or each in " ,.'’\n" else " " for each in text)
    return re.sub(r" +(?=[,.])", "", " ".join(kept.split()))


def _length_aloud(found: re.Match[str]) -> str:
    unit = _UNITS[found[2]]
    return f"{found[1]} {unit}{'' if found[1] == '1' else 's'}"


def _time_aloud(hour: int, minute: int) -> str:
    if (hour, minute) == (0, 0):
        return "midnight"
    if (hour, minute) == (12, 0):
        return "midday"
    part = "in the morning" if hour < 12 else "in the afternoon" if hour < 18 else "in the evening"
    spoken = hour % 12 or 12
    minutes = f"{minute} minute{'' if minute == 1 else 's'} past " if minute else ""
    return f"{minutes}{spoken} {part}"
