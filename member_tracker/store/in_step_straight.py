"""A row of the hub made ready to be written, checked on the way; the plainest kinds without making a value of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

import orjson

from member_tracker.domain.change import RecordKind
from member_tracker.domain.clock import clocks_from_json
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.vocabulary import Status
from member_tracker.store import in_step_uses, search
from member_tracker.store.codec import (
    AsIs,
    ClockPair,
    Codec,
    Day,
    Details,
    Json,
    Moment,
    OneWord,
    Texts,
    Value,
    Words,
    YesNo,
    to_json,
    written,
)
from member_tracker.store.shapes import Shape, addresses_of, derived_from

Turn = Callable[[Sequence[Any]], Sequence[Any]]
"""Makes of a field of many rows, as JSON, what the column keeps."""

_STATUS = {status.value: status for status in Status}
_TIME, _DAY = len("2026-06-03T12:00:00.000000Z"), len("2026-06-03")
_DOCUMENTS: Mapping[RecordKind, Callable[..., "search.Document | None"]] = {
    RecordKind.ENQUIRY: search.of_enquiry,
    RecordKind.ENTRY: search.of_entry,
    RecordKind.MAIL: search.of_received,
    RecordKind.OUTGOING: search.of_queued,
}
_STRAIGHT = frozenset({RecordKind.RESIDENT, RecordKind.SUGGESTION, *_DOCUMENTS})
_EMPTY: Mapping[type, object] = {ClockPair: None, Json: None, Value: None, Details: {}}
"""What those that have parts mostly are, a list where it is not said; None where that is no use."""

_WITH_BYTES = frozenset({RecordKind.MAIL, RecordKind.OUTGOING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What an enquiry is found by of its resident."""

    name: str
    address: str | None


class Ready(NamedTuple):
    """What records of one kind leave in the file: `columns` as `names` says, and of each its words, bytes, addresses.

    Where none of the kind has bytes, or addresses, nothing is said of any.
    """

    columns: Sequence[Sequence[object]]
    documents: "Sequence[search.Document | None]"
    hashes: Sequence[tuple[str, ...]] = ()
    addresses: Sequence[tuple[str, ...]] = ()


@cache
def names(shape: "Shape[Any]") -> tuple[str, ...]:
    """The columns that `Ready` holds: the fields, then what is worked out from them."""
    hidden = {"pos", "heads", "scope_id", "hub_seq", "document"} - set(shape.fields)
    worked_out = [each.name for each in shape.table.c if each.name not in hidden and each.name not in shape.fields]
    return (*shape.fields, *worked_out)


def from_values(shape: "Shape[Any]", values: Sequence[Any], residents: Mapping[str, Named]) -> Ready:
    """What records leave."""
    rows = [shape.row(value) for value in values]
    return Ready(
        columns=[[row[name] for row in rows] for name in names(shape)],
        documents=[
            search.of_enquiry(value, residents.get(value.resident_id))
            if isinstance(value, Enquiry)
            else search.document_of(value, None)
            for value in values
        ],
        hashes=[in_step_uses.hashes(value) for value in values],
        addresses=[addresses_of(shape, value) for value in values],
    )


def goes_straight(shape: "Shape[Any]") -> bool:
    """Whether rows of this kind can do without a value."""
    return shape.kind in _STRAIGHT


def from_fields(shape: "Shape[Any]", said: Sequence[dict[str, Any]], residents: Mapping[str, Named]) -> Ready:
    """What the fields of rows leave; `ValueError` and its kin where of one of them no record could be read, or not all.

    Column by column, for most of what is to be checked can then be asked of all rows at once.
    """
    columns = _columns(shape, said)
    if shape.of is Enquiry:
        columns += zip(*(_worked_out(shape, each) for each in said), strict=True)
    records = list(map(_record(shape), said))
    return Ready(
        columns=columns,
        documents=_documents(shape, records, residents),
        hashes=list(map(_hashes, said)) if shape.kind in _WITH_BYTES else (),
        addresses=[addresses_of(shape, each) for each in records] if shape.addresses else (),
    )


def _columns(shape: "Shape[Any]", said: Sequence[dict[str, Any]]) -> list[Sequence[object]]:
    """What the columns of the fields keep; where none of the rows says anything of a field, it is looked at once."""
    named = frozenset(chain.from_iterable(said))
    if not named.issubset(shape.fields):
        raise ValueError("more than a record has here")
    columns = list[Sequence[object]]()
    for name, turn in _turns(shape):
        default = shape.defaults[name]
        if name in named:
            columns.append(turn([each.get(name, default) for each in said]))
        else:
            columns.append([*turn([default])] * len(said))
    return columns


class _Record:
    """What is said of a record, as if it were one; nothing is copied for it."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.__dict__ = said


@cache
def _record(shape: "Shape[Any]") -> type[_Record]:
    """The same for records of one kind: where nothing is said of a field, it is as it is by itself."""
    return type(f"_{shape.of.__name__}", (_Record,), dict(shape.defaults))


def _documents(
    shape: "Shape[Any]", records: Sequence[Any], residents: Mapping[str, Named]
) -> "Sequence[search.Document | None]":
    of = _DOCUMENTS.get(shape.kind)
    if of is None:
        return [None] * len(records)
    if shape.of is Enquiry:
        return [search.of_enquiry(each, residents.get(each.resident_id)) for each in records]
    return list(map(of, records))


def _worked_out(shape: "Shape[Any]", said: Mapping[str, Any]) -> tuple[object, ...]:
    """What lists filter and sort enquiries by, in the order of the columns."""
    clocks = said.get("clocks")
    closed_at = said.get("closed_at")
    derived = derived_from(
        None if clocks is None else clocks_from_json(clocks),
        _STATUS[said["status"]],
        received_at=datetime.fromisoformat(said["received_at"]),
        closed_at=None if closed_at is None else datetime.fromisoformat(closed_at),
        merged=said.get("merged") is not None,
        deleted=said.get("deleted_at") is not None,
    )
    return tuple([derived[name] for name in names(shape)[len(shape.fields) :]])


def _hashes(said: Mapping[str, Any]) -> tuple[str, ...]:
    attached = [each["sha256"] for each in said.get("attachments") or ()]
    every = [said["original"], *(said.get("other_originals") or ()), *attached]
    return tuple(dict.fromkeys(each for each in every if each))


# --- one field --------------------------------------------------------------------------------------------------------


@cache
def _turns(shape: "Shape[Any]") -> tuple[tuple[str, Turn], ...]:
    """Each field with what turns its JSON in many rows into their columns."""
    turns = [(column, _turn(shape.codec(column.name), column.type.python_type)) for column in shape.columns()]
    return tuple((column.name, _or_empty(turn) if column.nullable else turn) for column, turn in turns)


def _or_empty(turn: Turn) -> Turn:
    def turned(said: Sequence[Any]) -> Sequence[Any]:
        there = [each for each in said if each is not None]
        if not there:
            return said
        if len(there) == len(said):
            return turn(said)
        turned = iter(turn(there))
        return [None if each is None else next(turned) for each in said]

    return turned


def _turn(codec: Codec, of: type) -> Turn:
    """Turns values that are there; refuses what the codec could not read back."""
    match codec:
        case AsIs():
            return _only(of)
        case OneWord(of=words):
            return _among(frozenset(word.value for word in words))
        case YesNo():
            return lambda said: list(map(int, _only(bool)(said)))
        case Moment():
            return _times(_TIME, datetime.fromisoformat, "Z")
        case Day():
            return _times(_DAY, date.fromisoformat, "")
        case _:
            return _each(_checked(codec), _EMPTY.get(codec.__class__, []))


def _checked(codec: Codec) -> Callable[[Any], object]:
    """The same for one value that has parts."""
    match codec:
        case ClockPair():  # read by whoever works out from them what is due
            return _text
        case Texts():
            return _list_of(lambda each: each.__class__ is str)
        case Words(of=words):
            return _list_of(frozenset(word.value for word in words).__contains__)
        case _:
            return lambda plain: written(codec, codec.value(plain))


def _each(turn: Callable[[Any], object], empty: object) -> Turn:
    """Most lists are empty."""
    if empty is None:
        return lambda said: list(map(turn, said))
    text = to_json(empty)
    return lambda said: [text if each == empty else turn(each) for each in said]


def _text(plain: object) -> str:
    """Words and whole numbers as `to_json` writes them, in a tenth of the time."""
    return orjson.dumps(plain).decode()


def _only(of: type) -> Turn:
    wanted = {of}

    def turned(said: Sequence[Any]) -> Sequence[Any]:
        if set(map(type, said)) != wanted:
            raise ValueError("of another type")
        return said

    return turned


def _among(words: frozenset[str]) -> Turn:
    def turned(said: Sequence[Any]) -> Sequence[Any]:
        if not words.issuperset(said):
            raise ValueError("another word")
        return said

    return turned


def _times(length: int, read: Callable[[str], object], end: str) -> Turn:
    """Times are kept as they came if they are written as here, so that they sort as time does."""

    def turned(said: Sequence[Any]) -> Sequence[Any]:
        if set(map(len, said)) != {length} or not all(each.endswith(end) for each in said):
            raise ValueError("not written as times are here")
        for each in said:
            read(each)
        return said

    return turned


def _list_of(fits: Callable[[Any], bool]) -> Callable[[Any], object]:
    def turn(plain: Any) -> object:  # noqa: ANN401
        if plain.__class__ is not list or not all(map(fits, plain)):
            raise ValueError("not a list of these")
        return _text(plain)

    return turn
