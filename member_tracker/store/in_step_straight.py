"""A row of the hub made ready to be written, checked on the way; the plainest kinds without making a value of them."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

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
    Moment,
    OneWord,
    Texts,
    Words,
    YesNo,
    to_json,
    written,
)
from member_tracker.store.shapes import Shape, addresses_of, derived_from

Turn = Callable[[Any], object]

_TIME, _DAY = len("2026-06-03T12:00:00.000000Z"), len("2026-06-03")
_DOCUMENTS: Mapping[RecordKind, Callable[[Any], "search.Document | None"]] = {
    RecordKind.ENTRY: search.of_entry,
    RecordKind.MAIL: search.of_received,
    RecordKind.OUTGOING: search.of_queued,
}
_STRAIGHT = frozenset({RecordKind.SUGGESTION, RecordKind.ENQUIRY, *_DOCUMENTS})
_WITH_BYTES = frozenset({RecordKind.MAIL, RecordKind.OUTGOING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What an enquiry is found by of its resident."""

    name: str
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What a record leaves in the file: the columns of its fields in order, its words, its bytes and its addresses."""

    columns: tuple[object, ...]
    document: "search.Document | None"
    hashes: tuple[str, ...]
    addresses: tuple[str, ...]


def names(shape: "Shape[Any]") -> tuple[str, ...]:
    """The columns that `Ready` holds: the fields, then what is worked out from them."""
    hidden = {"pos", "heads", "scope_id", "hub_seq", "document"} - set(shape.fields)
    worked_out = [each.name for each in shape.table.c if each.name not in hidden and each.name not in shape.fields]
    return (*shape.fields, *worked_out)


def from_value(shape: "Shape[Any]", value: Any, residents: Mapping[str, Named]) -> Ready:  # noqa: ANN401 - any kind
    """What a record leaves."""
    row = shape.row(value)
    is_enquiry = isinstance(value, Enquiry)
    return Ready(
        columns=tuple(row[name] for name in names(shape)),
        document=search.of_enquiry(value, residents.get(value.resident_id))
        if is_enquiry
        else search.document_of(value, None),
        hashes=in_step_uses.hashes(value),
        addresses=addresses_of(shape, value),
    )


def goes_straight(shape: "Shape[Any]") -> bool:
    """Whether rows of this kind can do without a value."""
    return shape.kind in _STRAIGHT


def from_fields(shape: "Shape[Any]", said: Mapping[str, Any], residents: Mapping[str, Named]) -> Ready:
    """What the fields of a row leave; `ValueError` and its kin where no record could be read from that."""
    columns = {name: turn(said.get(name, default)) for name, turn, default in _turns(shape)}
    if shape.of is Enquiry:
        _work_out(shape, columns)
    return Ready(
        columns=tuple(columns.values()),
        document=_document(shape, said, residents),
        hashes=_hashes(said) if shape.kind in _WITH_BYTES else (),
        addresses=(),
    )


def _document(shape: "Shape[Any]", said: Mapping[str, Any], residents: Mapping[str, Named]) -> "search.Document | None":
    record: Any = SimpleNamespace(**said)
    if shape.of is Enquiry:
        return search.of_enquiry(record, residents.get(record.resident_id))
    of = _DOCUMENTS.get(shape.kind)
    return of(record) if of else None


def _work_out(shape: "Shape[Any]", columns: dict[str, Any]) -> None:
    clocks = None if columns["clocks"] is None else clocks_from_json(columns["clocks"])
    columns["clocks"] = None if clocks is None else shape.written("clocks", clocks)
    derived = derived_from(clocks, Status(columns["status"]))
    columns |= {name: shape.written(name, derived[name]) for name in names(shape) if name in derived}


def _hashes(said: Mapping[str, Any]) -> tuple[str, ...]:
    attached = [each["sha256"] for each in said.get("attachments") or ()]
    every = [said["original"], *(said.get("other_originals") or ()), *attached]
    return tuple(dict.fromkeys(each for each in every if each))


# --- one field --------------------------------------------------------------------------------------------------------


@cache
def _turns(shape: "Shape[Any]") -> tuple[tuple[str, Turn, object], ...]:
    """Each field with what turns its JSON into a column, and its JSON where nothing is said of it."""
    turns = []
    for each in fields(shape.of):
        column = shape.table.c[each.name]
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        plain = default if default is MISSING else shape.to_plain(each.name, default)
        turns.append(
            (
                each.name,
                _turn(shape.codec(each.name), column.type.python_type, may_be_empty=bool(column.nullable)),
                plain,
            )
        )
    return tuple(turns)


def _turn(codec: Codec, of: type, *, may_be_empty: bool) -> Turn:
    inner = _checked(codec, of)

    def turn(plain: Any) -> object:  # noqa: ANN401 - any JSON
        if plain is None and may_be_empty:
            return None
        return inner(plain)

    return turn


def _checked(codec: Codec, of: type) -> Turn:
    """Turns a value that is there; refuses what the codec could not read back."""
    match codec:
        case AsIs():
            return _plain(of)
        case ClockPair():  # read once, by whoever works out from them what is due
            return _plain(dict)
        case OneWord(of=words):
            return {word.value: word.value for word in words}.__getitem__
        case Texts():
            return _list_of(lambda each: each.__class__ is str)
        case Words(of=words):
            return _list_of(frozenset(word.value for word in words).__contains__)
        case _:
            turns: dict[type, Turn] = {YesNo: _yes_no, Moment: _moment, Day: _day}
            return turns.get(type(codec), lambda plain: written(codec, codec.value(plain)))


def _plain(of: type) -> Turn:
    def turn(plain: Any) -> object:  # noqa: ANN401
        if plain.__class__ is not of:
            raise ValueError("of another type")
        return plain

    return turn


def _yes_no(plain: Any) -> object:  # noqa: ANN401
    if plain.__class__ is not bool:
        raise ValueError("neither yes nor no")
    return int(plain)


def _moment(plain: Any) -> object:  # noqa: ANN401
    if len(plain) != _TIME or plain[-1] != "Z":
        raise ValueError("not written as times are here")
    datetime.fromisoformat(plain)
    return plain


def _day(plain: Any) -> object:  # noqa: ANN401
    if len(plain) != _DAY:
        raise ValueError("not written as days are here")
    date.fromisoformat(plain)
    return plain


def _list_of(fits: Callable[[Any], bool]) -> Turn:
    def turn(plain: Any) -> object:  # noqa: ANN401
        if not plain:
            if plain.__class__ is not list:
                raise ValueError("no list")
            return "[]"
        if plain.__class__ is not list or not all(map(fits, plain)):
            raise ValueError("not a list of these")
        return to_json(plain)

    return turn
