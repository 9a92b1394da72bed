"""Fields and values of records as a person reads them: names for ids, and words for what is stored."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from typing import Any, get_args, get_type_hints

from member_tracker.domain.change import RecordKind
from member_tracker.domain.dates import day_in_words, moment_in_words
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.people import (
    Council,
    CouncilId,
    PersonId,
    Resident,
    ResidentId,
    ServiceArea,
    ServiceAreaId,
    Ward,
    WardId,
)
from member_tracker.domain.vocabulary import Word
from member_tracker.services.people import person_name
from member_tracker.store.store import Reading

NOTHING = "(nothing)"
_YES_NO = {True: "Yes", False: "No"}
_CALLED = {
    "": "The whole record",
    "raised_by": "Councillor",
    "received_at": "Date received",
    "text": "What was asked",
    "device": "Computer that sends it",
    "from_at": "From",
    "until_at": "Until",
    "handover_notes": "Hand-over notes",
    "sharing": "Who takes the next enquiry",
}
_NAMED: Mapping[object, type] = {
    CouncilId: Council,
    ResidentId: Resident,
    ServiceAreaId: ServiceArea,
    WardId: Ward,
}
_INNER = frozenset({"id", "clocks", "council_id", "details", "deed", "original", "device"})
"""Fields of a whole record that say nothing to a person."""


def field_in_words(name: str) -> str:
    """A field in words: “Service area” for `service_area_id`."""
    said = _CALLED.get(name) or name.removesuffix("_id").replace("_", " ")
    return said[:1].upper() + said[1:]


def value_in_words(tx: Reading, kind: RecordKind, name: str, plain: object) -> str:
    """A value of a field, given as JSON: people, service areas and the like by name, moments on the office clock.

    With no field the value is a whole record, and each of its fields that says something stands on a line of its own.
    """
    from member_tracker.store.shapes import shape_of_kind

    of: object = shape_of_kind(kind).of
    if not name and isinstance(plain, Mapping):
        return _fields(tx, of, {key: each for key, each in plain.items() if key not in _INNER}) or NOTHING
    return _words(tx, _type_of(of, name), plain)


def _fields(tx: Reading, of: object, plain: Mapping[str, object]) -> str:
    said = (
        f"{field_in_words(key)}: {_words(tx, _type_of(of, key), each)}"
        for key, each in plain.items()
        if each not in (None, "", [], {})
    )
    return "\n".join(said)


def _words(tx: Reading, of: object, plain: object) -> str:
    if plain is None or plain == "":
        return NOTHING
    if isinstance(plain, bool):
        return _YES_NO[plain]
    if isinstance(plain, Mapping):
        return _fields(tx, of, plain) or NOTHING
    if isinstance(plain, list | tuple):
        return ", ".join(_words(tx, of, each) for each in plain) or NOTHING
    text = str(plain)
    return _named(tx, of, text) or _word(of, text) or _moment(of, text) or text


def _named(tx: Reading, of: object, text: str) -> str | None:
    """The name that stands behind an id; None where it is no id, or nobody here knows it."""
    if of is PersonId:
        return person_name(tx, PersonId(text))
    if of is EnquiryId:
        enquiry = tx.find(Enquiry, text)
        return f"{enquiry.reference} {enquiry.subject}" if enquiry else None
    record: Any = tx.find(_NAMED[of], text) if of in _NAMED else None
    return str(record.name) if record else None


def _word(of: object, text: str) -> str | None:
    """A stored word as it is shown."""
    if not (isinstance(of, type) and issubclass(of, Word)) or text not in list(of):
        return None
    return of(text).words


def _moment(of: object, text: str) -> str | None:
    """A day or a moment on the office clock."""
    if of not in (date, datetime):
        return None
    try:
        if of is date:
            return day_in_words(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment_in_words(moment) if moment.tzinfo else None


def _type_of(of: object, name: str) -> object:
    """What a field holds; of an optional one what it holds if anything, of several what each of them is."""
    if not (isinstance(of, type) and is_dataclass(of)):
        return None
    held: object = get_type_hints(of).get(name)
    while get_args(held):
        held = next((each for each in get_args(held) if each is not type(None)), None)
    return held
