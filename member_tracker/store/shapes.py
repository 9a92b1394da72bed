"""How each kind of record lies in its table: fields, order, whose it is, and what is worked out for lists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import datetime
from typing import Any, Generic

from sqlalchemy import Column, Table

from member_tracker.domain.change import Conflict, RecordKind
from member_tracker.domain.clock import Clocks
from member_tracker.domain.dates import local_date
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.judged import judged_text
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.people import (
    Council,
    Councillor,
    OutsideBody,
    Resident,
    ServiceArea,
    SupportOfficer,
    Ward,
)
from member_tracker.domain.timeline import Entry, Suggestion
from member_tracker.domain.values import with_fields
from member_tracker.domain.vocabulary import Status
from member_tracker.store import tables
from member_tracker.store.codec import AsIs, Codec, reader, to_json, written
from member_tracker.store.columns import codec_of
from member_tracker.store.kept import R
from member_tracker.store.moments import utc_text

END_OF_TIME = "9999"


def _nothing_derived(value: Any) -> dict[str, object]:  # noqa: ANN401 - takes a record of any kind
    del value
    return {}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape(Generic[R]):
    """How records of one type are kept.

    `whose` names the field that says who may see the record; `enquiry_id` means whoever may see that enquiry. `sets`
    are fields whose elements are added and removed one by one; `order` names the columns that put records in order;
    `derive` gives what is worked out as its columns keep it. `defaults` has each field's JSON where nothing is said of
    it, MISSING where something must be; `empty` those of them that are nothing: null, no, nought, no words, no parts.
    """

    of: type[R]
    kind: RecordKind
    table: Table
    whose: str
    order: tuple[str, ...]
    sets: frozenset[str] = frozenset()
    addresses: str | None = None
    derive: Callable[[R], dict[str, object]] = _nothing_derived
    fields: tuple[str, ...] = field(init=False)
    defaults: Mapping[str, object] = field(init=False)
    empty: Mapping[str, object] = field(init=False)
    _codecs: Mapping[str, Codec] = field(init=False)
    _readers: tuple[Callable[[Any], Any], ...] = field(init=False)
    _translated: tuple[tuple[str, Codec], ...] = field(init=False)
    _compound: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Takes the fields from the type itself, and how they are written from the columns."""
        names = tuple(each.name for each in fields(self.of))
        object.__setattr__(self, "fields", names)
        object.__setattr__(self, "_codecs", {column.name: codec_of(column) for column in self.table.c})
        object.__setattr__(self, "_readers", tuple(reader(self._codecs[name]) for name in names))
        by_name = [(name, self._codecs[name]) for name in names]
        object.__setattr__(self, "_translated", tuple(each for each in by_name if not isinstance(each[1], AsIs)))
        object.__setattr__(self, "_compound", tuple(name for name, codec in by_name if codec.compound))
        defaults = {each.name: self._default(each) for each in fields(self.of)}
        object.__setattr__(self, "defaults", defaults)
        object.__setattr__(self, "empty", {name: plain for name, plain in defaults.items() if not plain})

    def columns(self) -> "list[Column[Any]]":
        """The columns of the fields, in the order of the type."""
        return [self.table.c[name] for name in self.fields]

    def plain(self, value: R, name: str) -> object:
        """One field of a record as JSON."""
        return self.to_plain(name, getattr(value, name))

    def to_plain(self, name: str, kept: object) -> object:
        """A value of a field as JSON."""
        return None if kept is None else self._codecs[name].plain(kept)

    def codec(self, name: str) -> Codec:
        """How a field is written."""
        return self._codecs[name]

    def with_plain(self, value: R, plain: Mapping[str, object]) -> R:
        """The record with some fields taken from JSON."""
        return with_fields(
            value, {name: None if kept is None else self._codecs[name].value(kept) for name, kept in plain.items()}
        )

    def from_plain(self, name: str, plain: object) -> object:
        """One field as the type has it; `ValueError` and its kin where a record cannot have this there."""
        if plain is None:
            if not self.table.c[name].nullable:
                raise ValueError(f"{name} is never empty")
            return None
        codec = self._codecs[name]
        if isinstance(codec, AsIs) and type(plain) is not self.table.c[name].type.python_type:
            raise ValueError(f"{name} is of another type")
        return codec.value(plain)

    def every_plain(self, value: R) -> dict[str, object]:
        """All fields of a record as JSON."""
        plain: dict[str, object] = {name: getattr(value, name) for name in self.fields}
        for name, codec in self._translated:
            if (kept := plain[name]) is not None:
                plain[name] = codec.plain(kept)
        return plain

    def said(self, plain: Mapping[str, object]) -> dict[str, object]:
        """What of all fields is told to others: those that are empty, and are so unless something is said, are not."""
        empty = self.empty
        return {name: kept for name, kept in plain.items() if name not in empty or kept != empty[name]}

    def whole(self, said: Mapping[str, object]) -> dict[str, object]:
        """What others told, and what the fields are that they did not speak of."""
        return {**{name: plain for name, plain in self.defaults.items() if plain is not MISSING}, **said}

    def _default(self, of: "Field[Any]") -> object:
        kept = of.default_factory() if of.default_factory is not MISSING else of.default
        return kept if kept is MISSING else self.to_plain(of.name, kept)

    def written(self, name: str, value: object) -> object:
        """A value as the column of that name keeps it."""
        return None if value is None else written(self._codecs[name], value)

    def row(self, value: R, plain: Mapping[str, object] | None = None) -> dict[str, object]:
        """The columns of a record: its fields, which may be at hand as JSON, and what is worked out from them."""
        row = dict(self.every_plain(value) if plain is None else plain)
        for name in self._compound:
            if (kept := row[name]) is not None:
                row[name] = to_json(kept)
        return row | self.derive(value)

    def value(self, row: Sequence[Any]) -> R:
        """The record whose fields a row holds, in the order of the type."""
        kept = zip(self.fields, self._readers, row, strict=True)
        given: dict[str, Any] = {name: None if text is None else read(text) for name, read, text in kept}
        return self.of(**given)


def _derive_enquiry(enquiry: Enquiry) -> dict[str, object]:
    return derived_from(
        enquiry.clocks,
        enquiry.status,
        received_at=enquiry.received_at,
        closed_at=enquiry.closed_at,
        merged=enquiry.merged is not None,
        deleted=enquiry.deleted_at is not None,
    )


def derived_from(
    clocks: Clocks | None,
    status: Status,
    *,
    received_at: datetime,
    closed_at: datetime | None,
    merged: bool,
    deleted: bool,
) -> dict[str, object]:
    """What lists filter and sort enquiries by, and what reports add up, worked out from a few fields, as it is kept."""
    clock = clocks.respond if clocks else None
    acknowledge = clocks.acknowledge if clocks else None
    due_at = utc_text(clock.due_at) if clock and clock.due_by and clock.due_at else None
    stopped_at = clock.stopped_at if clock else None
    paused_since = clock.paused_since if clock else None
    is_open = status.is_open and not deleted
    return {
        "acknowledge_by": acknowledge.due_by.isoformat() if acknowledge and acknowledge.due_by else None,
        "respond_by": clock.due_by.isoformat() if clock and clock.due_by else None,
        "due_at": due_at,
        "stopped_at": utc_text(stopped_at) if stopped_at else None,
        "paused_since": utc_text(paused_since) if paused_since else None,
        "due_key": due_at or END_OF_TIME,
        "received_month": local_date(received_at).isoformat()[:7],
        "judged": None if merged or deleted else judged_text(clocks, status, closed_at=closed_at),
        "is_open": -1 if deleted else int(is_open),
        "is_owed": int(is_open and due_at is not None and stopped_at is None),
    }


_BY_NAME = ("name", "pos")

_SHAPES: "tuple[Shape[Any], ...]" = (
    Shape(
        of=Council,
        kind=RecordKind.COUNCIL,
        table=tables.council,
        whose="id",
        order=_BY_NAME,
        sets=frozenset({"adopted"}),
    ),
    Shape(of=Ward, kind=RecordKind.WARD, table=tables.ward, whose="council_id", order=_BY_NAME),
    Shape(
        of=Councillor,
        kind=RecordKind.COUNCILLOR,
        table=tables.councillor,
        whose="council_id",
        order=_BY_NAME,
        addresses="email",
    ),
    Shape(
        of=SupportOfficer,
        kind=RecordKind.SUPPORT_OFFICER,
        table=tables.support_officer,
        whose="council_id",
        order=_BY_NAME,
        addresses="email",
    ),
    Shape(
        of=Resident,
        kind=RecordKind.RESIDENT,
        table=tables.resident,
        whose="councillor_id",
        order=_BY_NAME,
        addresses="email",
    ),
    Shape(
        of=ServiceArea,
        kind=RecordKind.SERVICE_AREA,
        table=tables.service_area,
        whose="council_id",
        order=_BY_NAME,
        addresses="addresses",
    ),
    Shape(
        of=OutsideBody,
        kind=RecordKind.OUTSIDE_BODY,
        table=tables.outside_body,
        whose="council_id",
        order=_BY_NAME,
        addresses="addresses",
    ),
    Shape(
        of=Enquiry,
        kind=RecordKind.ENQUIRY,
        table=tables.enquiry,
        whose="raised_by",
        order=("received_at", "pos"),
        sets=frozenset({"flags", "tags"}),
        derive=_derive_enquiry,
    ),
    Shape(
        of=Suggestion,
        kind=RecordKind.SUGGESTION,
        table=tables.suggestion,
        whose="enquiry_id",
        order=("arrived_at", "pos"),
    ),
    Shape(
        of=ReceivedMail,
        kind=RecordKind.MAIL,
        table=tables.mail,
        whose="enquiry_id",
        order=("received_at", "pos"),
        sets=frozenset({"unfiled_from"}),
    ),
    Shape(
        of=QueuedMail,
        kind=RecordKind.OUTGOING,
        table=tables.outgoing,
        whose="enquiry_id",
        order=("queued_at", "pos"),
    ),
    Shape(of=Entry, kind=RecordKind.ENTRY, table=tables.entry, whose="enquiry_id", order=("at", "pos")),
    Shape(of=Conflict, kind=RecordKind.CONFLICT, table=tables.conflict, whose="scope_id", order=("at", "pos")),
)
_BY_TYPE: "Mapping[type, Shape[Any]]" = {shape.of: shape for shape in _SHAPES}


def shape_of(of: type[R]) -> Shape[R]:
    """How records of this type are kept."""
    return _BY_TYPE[of]


def every_shape() -> "tuple[Shape[Any], ...]":
    """How each type of record is kept."""
    return _SHAPES


def shape_of_kind(kind: RecordKind) -> "Shape[Any]":
    """How records of this kind are kept."""
    return next(shape for shape in _SHAPES if shape.kind is kind)


def addresses_of(shape: Shape[R], value: R) -> tuple[str, ...]:
    """The addresses somebody writes from, in lower case, each once."""
    if shape.addresses is None:
        return ()
    kept = getattr(value, shape.addresses)
    listed = kept if isinstance(kept, tuple) else (kept,)
    return tuple(dict.fromkeys(each.strip().casefold() for each in listed if each and each.strip()))
