"""The words screens use for dates, states and who owes the next word: plain functions of values."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from member_tracker.domain.dates import LONDON, local_date
from member_tracker.domain.vocabulary import Channel, State, Status
from ui.language import tr, tr_count, tr_word

if TYPE_CHECKING:
    from member_tracker.domain.enquiry import Enquiry

_DAYS = (tr("Mon"), tr("Tue"), tr("Wed"), tr("Thu"), tr("Fri"), tr("Sat"), tr("Sun"))
_MONTHS = (
    tr("Jan"),
    tr("Feb"),
    tr("Mar"),
    tr("Apr"),
    tr("May"),
    tr("Jun"),
    tr("Jul"),
    tr("Aug"),
    tr("Sep"),
    tr("Oct"),
    tr("Nov"),
    tr("Dec"),
)
_WHOLE_DAYS = (
    tr("Monday"),
    tr("Tuesday"),
    tr("Wednesday"),
    tr("Thursday"),
    tr("Friday"),
    tr("Saturday"),
    tr("Sunday"),
)
_WHOLE_MONTHS = (
    tr("January"),
    tr("February"),
    tr("March"),
    tr("April"),
    tr("May"),
    tr("June"),
    tr("July"),
    tr("August"),
    tr("September"),
    tr("October"),
    tr("November"),
    tr("December"),
)

TONES = {
    State.OVERDUE: "late",
    State.MISSED: "late",
    State.DUE_TODAY: "soon",
    State.IN_TIME: "good",
    State.MET: "good",
    State.NOT_MEASURED: "quiet",
}


def day_in_words(on: date) -> str:
    """A whole day: “Thursday 4 June 2026”."""
    words = tr("{weekday} {day} {month} {year}")
    return words.format(weekday=_WHOLE_DAYS[on.weekday()], day=on.day, month=_WHOLE_MONTHS[on.month - 1], year=on.year)


def moment_in_words(at: datetime) -> str:
    """A moment on the office clock: “17:20 on Thursday 4 June 2026”."""
    local = at.astimezone(LONDON)
    return tr("{time:%H:%M} on {day}").format(time=local, day=day_in_words(local.date()))


def short_day(on: date, today: date) -> str:
    """A day in few words: “Tue 24 Nov”, with the year where it is another one."""
    words = tr("{weekday} {day} {month}") if on.year == today.year else tr("{weekday} {day} {month} {year}")
    return words.format(weekday=_DAYS[on.weekday()], day=on.day, month=_MONTHS[on.month - 1], year=on.year)


def near_day(on: date, today: date) -> str:
    """A day as one says it: today, tomorrow, yesterday, else in few words."""
    said = {0: tr("today"), 1: tr("tomorrow"), -1: tr("yesterday")}.get((on - today).days)
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
    return _CAME.get(channel, tr("by {channel}").format(channel=tr_word(channel).lower()))


_CAME = {
    Channel.FACE_TO_FACE: tr("face to face"),
    Channel.SOCIAL_MEDIA: tr("on social media"),
    Channel.MOBILE_SERVICE: tr("at a mobile service"),
    Channel.OTHER: tr("in another way"),
}


def due_words(state: State, respond_by: date | None, today: date) -> str:
    """How an enquiry stands against its due date, in few words for a list."""
    if respond_by is None:
        return tr("No due date")
    if state is State.OVERDUE:
        late = (today - respond_by).days
        words = tr_count("Overdue by {n} day", "Overdue by {n} days", late).format(n=late)
        return words if late else tr("Overdue since today")
    if state is State.DUE_TODAY:
        return tr("Due today")
    if state is State.IN_TIME:
        return tr("Due {day}").format(day=near_day(respond_by, today))
    return {State.MET: tr("Answered in time"), State.MISSED: tr("Answered late")}.get(state, tr("Not measured"))


def standing(enquiry: "Enquiry", now: datetime) -> str:
    """Where an enquiry stands against its standard, in one line."""
    state, by = enquiry.state(now), enquiry.respond_by
    said = due_words(state, by, local_date(now))
    if state is State.MISSED and enquiry.answered_at is None:
        said = tr("Closed without an answer after it was due")
    if by is None or state is State.DUE_TODAY:
        return said
    if state is State.IN_TIME:
        return tr("Due {day}").format(day=day_in_words(by))
    return tr("{said}: it was due {day}").format(said=said, day=day_in_words(by))


def whose_turn(enquiry: "Enquiry", service_area: str, resident: str, *, undecided: int) -> str:
    """Who owes the next word, in one sentence."""
    if undecided:
        turn = tr_count(
            "Your turn: decide what the reply from {area} means.",
            "Your turn: decide what each of the {n} replies from {area} means.",
            undecided,
        )
        return turn.format(n=undecided, area=service_area)
    if enquiry.status is Status.HOLDING_REPLY and enquiry.promised_on:
        day = day_in_words(enquiry.promised_on)
        return tr("{service_area} owes a full answer by {day}, as its holding reply said.").format(
            service_area=service_area, day=day
        )
    return _TURNS[enquiry.status].format(area=service_area, resident=resident)


_TURNS = {
    Status.DRAFT: tr("Your turn: send it to {area}."),
    Status.WAITING_TO_SEND: tr("It goes to {area} when mail is next sent."),
    Status.WITH_SERVICE_AREA: tr("{area} has it, and has not answered yet."),
    Status.ACKNOWLEDGED: tr("{area} has acknowledged it and owes an answer."),
    Status.HOLDING_REPLY: tr("{area} owes a full answer, as its holding reply said."),
    Status.WAITING_FOR_RESIDENT: tr("Waiting for {resident}: {area} asked a question."),
    Status.ANSWERED: tr("Your turn: tell {resident} what {area} answered."),
    Status.RESIDENT_TOLD: tr("{resident} has been told. Close it when there is nothing more to do."),
    Status.CLOSED: tr("Closed. Nobody owes a word."),
    Status.WITHDRAWN: tr("Withdrawn. Nobody owes a word."),
}


def size_words(size: int) -> str:
    """The size of a file as a person says it."""
    if size < 1_000:
        return tr("{size} bytes").format(size=size)
    return (
        tr("{size:.0f} kB").format(size=size / 1_000)
        if size < 1_000_000
        else tr("{size:.1f} MB").format(size=size / 1_000_000)
    )
