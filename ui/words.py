"""The words screens use for dates, states and who owes the next word: plain functions of values."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from member_tracker.domain.dates import LONDON, day_in_words, local_date
from member_tracker.domain.vocabulary import Channel, State, Status

if TYPE_CHECKING:
    from member_tracker.domain.enquiry import Enquiry

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

TONES = {
    State.OVERDUE: "late",
    State.MISSED: "late",
    State.DUE_TODAY: "soon",
    State.IN_TIME: "good",
    State.MET: "good",
    State.NOT_MEASURED: "quiet",
}


def short_day(on: date, today: date) -> str:
    """A day in few words: “Tue 24 Nov”, with the year where it is another one."""
    year = "" if on.year == today.year else f" {on.year}"
    return f"{_DAYS[on.weekday()]} {on.day} {_MONTHS[on.month - 1]}{year}"


def near_day(on: date, today: date) -> str:
    """A day as one says it: today, tomorrow, yesterday, else in few words."""
    said = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((on - today).days)
    return said or short_day(on, today)


def short_moment(at: datetime, today: date) -> str:
    """A moment in few words, for within a sentence: “today, 10:31” or “Tue 24 Nov, 10:31”."""
    local = at.astimezone(LONDON)
    return f"{near_day(local.date(), today)}, {local:%H:%M}"


def capital(words: str) -> str:
    """The words as the beginning of a line."""
    return words[:1].upper() + words[1:]


def clock_time(at: datetime) -> str:
    """The time on the office clock."""
    return f"{at.astimezone(LONDON):%H:%M}"


def came_words(channel: Channel) -> str:
    """How contact came, as the end of a sentence: “by letter”, “face to face”."""
    return _CAME.get(channel, f"by {channel.words.lower()}")


_CAME = {
    Channel.FACE_TO_FACE: "face to face",
    Channel.SOCIAL_MEDIA: "on social media",
    Channel.MOBILE_SERVICE: "at a mobile service",
    Channel.OTHER: "in another way",
}


def days(count: int, what: str = "day") -> str:
    """A number of days in words: “1 day”, “3 days”."""
    return f"{count} {what}" + ("" if count == 1 else "s")


def due_words(state: State, respond_by: date | None, today: date) -> str:
    """How an enquiry stands against its due date, in few words for a list."""
    if respond_by is None:
        return "No due date"
    if state is State.OVERDUE:
        late = (today - respond_by).days
        return f"Overdue by {days(late)}" if late else "Overdue since today"
    if state is State.DUE_TODAY:
        return "Due today"
    if state is State.IN_TIME:
        return f"Due {near_day(respond_by, today)}"
    return {State.MET: "Answered in time", State.MISSED: "Answered late"}.get(state, "Not measured")


def standing(enquiry: "Enquiry", now: datetime) -> str:
    """Where an enquiry stands against its standard, in one line."""
    state, by = enquiry.state(now), enquiry.respond_by
    said = due_words(state, by, local_date(now))
    if state is State.MISSED and enquiry.answered_at is None:
        said = "Closed without an answer after it was due"
    if by is None or state is State.DUE_TODAY:
        return said
    if state is State.IN_TIME:
        return f"Due {day_in_words(by)}"
    return f"{said}: it was due {day_in_words(by)}"


def whose_turn(enquiry: "Enquiry", service_area: str, resident: str, *, undecided: int) -> str:
    """Who owes the next word, in one sentence."""
    if undecided:
        return f"Your turn: decide what {_replies(undecided)} from {service_area} means."
    promised = f" by {day_in_words(enquiry.promised_on)}" if enquiry.promised_on else ""
    return _TURNS[enquiry.status].format(area=service_area, resident=resident, promised=promised)


_TURNS = {
    Status.DRAFT: "Your turn: send it to {area}.",
    Status.WAITING_TO_SEND: "It goes to {area} when mail is next sent.",
    Status.WITH_SERVICE_AREA: "{area} has it, and has not answered yet.",
    Status.ACKNOWLEDGED: "{area} has acknowledged it and owes an answer.",
    Status.HOLDING_REPLY: "{area} owes a full answer{promised}, as its holding reply said.",
    Status.WAITING_FOR_RESIDENT: "Waiting for {resident}: {area} asked a question.",
    Status.ANSWERED: "Your turn: tell {resident} what {area} answered.",
    Status.RESIDENT_TOLD: "{resident} has been told. Close it when there is nothing more to do.",
    Status.CLOSED: "Closed. Nobody owes a word.",
    Status.WITHDRAWN: "Withdrawn. Nobody owes a word.",
}


def _replies(count: int) -> str:
    return "the reply" if count == 1 else f"each of the {count} replies"


def size_words(size: int) -> str:
    """The size of a file as a person says it."""
    if size < 1_000:
        return f"{size} bytes"
    return f"{size / 1_000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
