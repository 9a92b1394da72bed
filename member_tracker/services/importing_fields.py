"""What a table may say of an enquiry: the fields, the headings they go by, and how their values are written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from member_tracker.domain.dates import LONDON
from member_tracker.domain.errors import Invalid
from member_tracker.domain.vocabulary import Channel, Kind, Priority, Word


class Field(StrEnum):
    """A field of an enquiry that a column may hold, in the order in which they are offered."""

    COUNCILLOR = "councillor"
    RESIDENT = "resident"
    SERVICE_AREA = "service_area"
    RECEIVED = "received"
    SUBJECT = "subject"
    QUESTION = "question"
    REFERENCE = "reference"
    CHANNEL = "channel"
    KIND = "kind"
    PRIORITY = "priority"
    EMAIL = "resident_email"
    PHONE = "resident_phone"
    ADDRESS = "resident_address"
    TAGS = "tags"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    TOLD = "resident_told"
    CLOSED = "closed"
    REASON = "close_reason"
    NOTE = "note"

    @property
    def words(self) -> str:
        """The field as shown on screen."""
        return _ON_SCREEN.get(self, self.value.replace("_", " ").capitalize())


_ON_SCREEN = {
    Field.RECEIVED: "Received on",
    Field.QUESTION: "The question",
    Field.REFERENCE: "Reference in the file",
    Field.CHANNEL: "How it came",
    Field.EMAIL: "Resident's email",
    Field.PHONE: "Resident's telephone",
    Field.ADDRESS: "Resident's address",
    Field.SENT: "Sent to the service area on",
    Field.ACKNOWLEDGED: "Acknowledged on",
    Field.ANSWERED: "Answered on",
    Field.TOLD: "Resident told on",
    Field.CLOSED: "Closed on",
    Field.REASON: "Reason for closing",
    Field.NOTE: "Internal note",
}
NEEDED = (Field.COUNCILLOR, Field.RESIDENT, Field.SERVICE_AREA, Field.RECEIVED, Field.SUBJECT)
DATES = (Field.RECEIVED, Field.SENT, Field.ACKNOWLEDGED, Field.ANSWERED, Field.TOLD, Field.CLOSED)

_HEADINGS: Mapping[Field, str] = {
    Field.COUNCILLOR: "councillor|cllr|member|elected member|raised by|councillor name|ward member",
    Field.RESIDENT: "resident|resident name|constituent|customer|name|customer name|constituent name|enquirer",
    Field.SERVICE_AREA: "service area|service|department|directorate|team|assigned to|dept|passed to|sent to",
    Field.RECEIVED: "received|received on|date received|date|date logged|logged|date in|opened|created|date raised",
    Field.SUBJECT: "subject|summary|title|topic|about|issue|category|enquiry subject",
    Field.QUESTION: "question|the question|text|description|details|enquiry|enquiry details|message|request",
    Field.REFERENCE: "reference|ref|reference number|case number|case|case ref|id|number|case id|reference in the file",
    Field.CHANNEL: "channel|how it came|method|source|contact method|how received",
    Field.KIND: "kind|type|enquiry type|case type",
    Field.PRIORITY: "priority|urgency",
    Field.EMAIL: "email|e-mail|resident email|resident's email|email address",
    Field.PHONE: "phone|telephone|mobile|tel|resident phone|resident's telephone|phone number",
    Field.ADDRESS: "address|resident address|resident's address|street|home address",
    Field.TAGS: "tags|keywords|labels",
    Field.SENT: "sent|sent on|date sent|sent to the service area on|date passed on",
    Field.ACKNOWLEDGED: "acknowledged|acknowledged on|date acknowledged|acknowledgement|ack date",
    Field.ANSWERED: "answered|answered on|date answered|responded|response date|date of response|reply date",
    Field.TOLD: "resident told|resident told on|told|date resident told|resident informed",
    Field.CLOSED: "closed|closed on|date closed|completed|completed on|date completed|resolved",
    Field.REASON: "close reason|reason for closing|reason|outcome|resolution",
    Field.NOTE: "note|notes|internal note|comment|comments",
}
_BY_HEADING = {heading: field for field, all_of in _HEADINGS.items() for heading in all_of.split("|")}
_KEPT_TEXT = re.compile(r"[^\w' -]")

Columns = Mapping[Field, int]
"""Which column of the table (from nought) holds a field."""


def guess_columns(headers: Sequence[str]) -> dict[Field, int]:
    """The columns by what their headings are usually called; of two that fit one field, the first."""
    found: dict[Field, int] = {}
    for place, header in enumerate(headers):
        plain = " ".join(_KEPT_TEXT.sub(" ", header.casefold().replace("_", " ")).split())
        field = _BY_HEADING.get(plain)
        if field is not None and field not in found:
            found[field] = place
    return found


# --- dates ------------------------------------------------------------------------------------------------------------

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_NAMED = re.compile(r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s-]+([A-Za-z]{3,9})\.?,?[\s-]+(\d{4}|\d{2})")
_CLOCK = re.compile(r"[\sT,]+(\d{1,2})[:.](\d{2})(?::\d{2}(?:\.\d+)?)?\s*(am|pm)?(?:Z|\+00:?00)?$", re.IGNORECASE)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_SPREADSHEET_EPOCH = date(1899, 12, 30)
_MIDDAY = time(12, 0)
_EARLIEST = date(1990, 1, 1)
_HOW = "Write it like 24/11/2026, 24 Nov 2026 or 2026-11-24."


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """How the dates of a table are written: the day first, as here, or the month first."""

    day_first: bool = True

    def moment(self, text: str) -> datetime:
        """The moment in UTC, midday in London where no time stands beside the day; raises `Invalid` with advice."""
        words = text.strip()
        clock = _CLOCK.search(words)
        on = self._day(words[: clock.start()] if clock else words)
        at = _time_of(clock) if clock else _MIDDAY
        if on < _EARLIEST:
            raise Invalid(f"“{text}” is before 1990.", advice="Check the year.")
        return datetime.combine(on, at, LONDON).astimezone(UTC)

    def _day(self, words: str) -> date:
        try:
            if found := _ISO.fullmatch(words):
                return date(int(found[1]), int(found[2]), int(found[3]))
            if found := _NUMBERS.fullmatch(words):
                day, month = (found[1], found[2]) if self.day_first else (found[2], found[1])
                return date(_year(found[3]), int(month), int(day))
            found = _NAMED.fullmatch(words)
            if found and found[2][:3].lower() in _MONTHS:
                return date(_year(found[3]), _MONTHS.index(found[2][:3].lower()) + 1, int(found[1]))
            if _SERIAL.fullmatch(words):
                return _SPREADSHEET_EPOCH + timedelta(days=int(float(words)))
        except ValueError:
            raise Invalid(f"There is no such day as “{words[:40]}”.", advice=_HOW) from None
        raise Invalid(f"“{words[:40]}” is not a date.", advice=_HOW)


def guess_day_first(texts: Sequence[str]) -> bool:
    """Whether the day stands first: it does unless some date cannot be read so, and all can the other way round."""
    pairs = [(int(found[1]), int(found[2])) for text in texts if (found := _NUMBERS.match(text.strip()))]
    return not (any(second > 12 for _, second in pairs) and all(first <= 12 for first, _ in pairs))


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _time_of(clock: re.Match[str]) -> time:
    hour, minute, half = int(clock[1]), int(clock[2]), (clock[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise Invalid(f"“{clock[0].strip()}” is no time of day.", advice="Write it like 16:50.")
    return time(hour, minute)


W = TypeVar("W", bound=Word)

# --- words ------------------------------------------------------------------------------------------------------------

_CHANNELS = {
    "phone": Channel.TELEPHONE, "phone call": Channel.TELEPHONE, "call": Channel.TELEPHONE, "tel": Channel.TELEPHONE,
    "e-mail": Channel.EMAIL, "mail": Channel.EMAIL, "post": Channel.LETTER, "written": Channel.LETTER,
    "surgery": Channel.FACE_TO_FACE, "in person": Channel.FACE_TO_FACE, "visit": Channel.FACE_TO_FACE,
    "website": Channel.WEB, "online": Channel.WEB, "web form": Channel.WEB, "form": Channel.WEB,
    "sms": Channel.TEXT, "whatsapp": Channel.TEXT, "facebook": Channel.SOCIAL_MEDIA, "twitter": Channel.SOCIAL_MEDIA,
}  # fmt: skip
_KINDS = {
    "member enquiry": Kind.ENQUIRY, "members enquiry": Kind.ENQUIRY, "casework": Kind.ENQUIRY, "query": Kind.ENQUIRY,
    "request": Kind.SERVICE_REQUEST, "foi": Kind.INFORMATION_REQUEST, "compliments": Kind.COMPLIMENT,
}  # fmt: skip
_PRIORITIES = {"high": Priority.URGENT, "low": Priority.NORMAL, "medium": Priority.NORMAL, "standard": Priority.NORMAL}


def channel_of(text: str) -> Channel:
    """How a contact came, email where nothing is said; raises `Invalid` with the words there are."""
    return _word(Channel, _CHANNELS, text, Channel.EMAIL, "no way in which a contact comes")


def kind_of(text: str) -> Kind:
    """What was asked for, an enquiry where nothing is said."""
    return _word(Kind, _KINDS, text, Kind.ENQUIRY, "no kind of enquiry")


def priority_of(text: str) -> Priority:
    """How soon it must be looked at, normal where nothing is said."""
    return _word(Priority, _PRIORITIES, text, Priority.NORMAL, "no priority")


def _word(of: type[W], also: Mapping[str, W], text: str, usual: W, what: str) -> W:
    said = " ".join(text.casefold().replace("_", " ").replace("-", " ").split())
    if not said:
        return usual
    known = {each.value.replace("_", " "): each for each in of}
    known |= {each.words.casefold(): each for each in of} | dict(also)
    found = known.get(said) or known.get(text.casefold().strip())
    if found is None:
        words = ", ".join(each.value.replace("_", " ") for each in of)
        raise Invalid(f"“{text[:40]}” is {what}.", advice=f"Use one of: {words}.")
    return found
