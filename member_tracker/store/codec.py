"""How values are written down: each codec turns a value into plain JSON and back; times are UTC, to the microsecond."""

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Generic, Protocol, TypeVar, cast, get_args, get_origin, get_type_hints

from member_tracker.domain.clock import Clocks, clocks_from_json, clocks_to_json
from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.mailbag import Likely, MailAttachment
from member_tracker.domain.vocabulary import Word
from member_tracker.domain.working_time import ClosureDay
from member_tracker.store.moments import utc_moment, utc_text

W = TypeVar("W", bound=Word)
V = TypeVar("V")


class Codec(Protocol):
    """A way of writing a value as JSON; `compound` ones are kept as JSON text, the others as they are."""

    @property
    def compound(self) -> bool: ...
    def plain(self, value: Any) -> object: ...  # noqa: ANN401 - each codec takes its own type
    def value(self, plain: Any) -> object: ...  # noqa: ANN401


_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # json.dumps would make one each time


def to_json(plain: object) -> str:
    """Plain data as compact JSON text."""
    return _COMPACT.encode(plain)


def written(codec: Codec, value: object) -> object:
    """The value as a column keeps it: text, a number, or JSON text where it is compound."""
    plain = codec.plain(value)
    return to_json(plain) if codec.compound else plain


def reader(codec: Codec) -> Callable[[Any], object]:
    """What turns that which a column keeps back into the value."""
    if codec.compound:
        return lambda text: codec.value(json.loads(text))
    return codec.value


@dataclass(frozen=True, slots=True)
class AsIs:
    """Text and whole numbers, which JSON has of its own."""

    compound: bool = False

    def plain(self, value: object) -> object:
        """The value itself."""
        return value

    def value(self, plain: object) -> object:
        """The value itself."""
        return plain


@dataclass(frozen=True, slots=True)
class Json:
    """Any value that is JSON already."""

    compound: bool = True

    def plain(self, value: object) -> object:
        """The value itself."""
        return value

    def value(self, plain: object) -> object:
        """The value itself."""
        return plain


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no, which the file keeps as 1 or 0."""

    compound: bool = False

    def plain(self, value: bool) -> bool:
        """The value itself."""
        return value

    def value(self, plain: int) -> bool:
        """Yes for 1."""
        return bool(plain)


@dataclass(frozen=True, slots=True)
class Moment:
    """An aware time, written in UTC."""

    compound: bool = False

    def plain(self, value: datetime) -> str:
        """The time as text in UTC."""
        return utc_text(value)

    def value(self, plain: str) -> datetime:
        """The time, in UTC."""
        return utc_moment(plain)


@dataclass(frozen=True, slots=True)
class Day:
    """A local date, written as YYYY-MM-DD."""

    compound: bool = False

    def plain(self, value: date) -> str:
        """The date as text."""
        return value.isoformat()

    def value(self, plain: str) -> date:
        """The date."""
        return date.fromisoformat(plain)


@dataclass(frozen=True, slots=True)
class OneWord(Generic[W]):
    """A stored word of one vocabulary."""

    of: type[W]
    compound: bool = False

    def plain(self, value: W) -> str:
        """The word as it is stored."""
        return value.value

    def value(self, plain: str) -> W:
        """The word; one that the vocabulary does not have is refused."""
        return self.of(plain)


@dataclass(frozen=True, slots=True)
class Words(Generic[W]):
    """Several stored words of one vocabulary, in order."""

    of: type[W]
    compound: bool = True

    def plain(self, value: tuple[W, ...]) -> list[str]:
        """The words as they are stored."""
        return [word.value for word in value]

    def value(self, plain: list[str]) -> tuple[W, ...]:
        """The words."""
        return tuple(self.of(word) for word in plain)


@dataclass(frozen=True, slots=True)
class Texts:
    """Several texts, in order."""

    compound: bool = True

    def plain(self, value: tuple[str, ...]) -> list[str]:
        """The texts as a list."""
        return list(value)

    def value(self, plain: list[str]) -> tuple[str, ...]:
        """The texts."""
        return tuple(plain)


@dataclass(frozen=True, slots=True)
class Details:
    """Texts by name."""

    compound: bool = True

    def plain(self, value: Mapping[str, str]) -> dict[str, str]:
        """The texts by name, as a dictionary."""
        return dict(value)

    def value(self, plain: dict[str, str]) -> Mapping[str, str]:
        """The texts by name."""
        return plain


@dataclass(frozen=True, slots=True)
class ClockPair:
    """The clocks of an enquiry with their ledgers."""

    compound: bool = True

    def plain(self, value: Clocks) -> dict[str, object]:
        """The clocks as the domain writes them."""
        return clocks_to_json(value)

    def value(self, plain: dict[str, object]) -> Clocks:
        """The clocks."""
        return clocks_from_json(plain)


@dataclass(frozen=True, slots=True)
class Value(Generic[V]):
    """A frozen value of the domain, field by field; fields that are missing take their defaults."""

    of: type[V]
    compound: bool = True

    def plain(self, value: V) -> dict[str, object]:
        """The fields of the value by name."""
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}  # type: ignore[arg-type]

    def value(self, plain: dict[str, object]) -> V:
        """The value."""
        return self.of(
            **{
                name: _value(hint, plain[name])
                for name, hint in _hints(cast("Hashable", self.of)).items()
                if name in plain
            }
        )


@dataclass(frozen=True, slots=True)
class Values(Generic[V]):
    """Several frozen values of one type, in order."""

    of: type[V]
    compound: bool = True

    def plain(self, value: tuple[V, ...]) -> list[dict[str, object]]:
        """Each value as its fields by name."""
        return [Value(self.of).plain(each) for each in value]

    def value(self, plain: list[dict[str, object]]) -> tuple[V, ...]:
        """The values."""
        return tuple(Value(self.of).value(each) for each in plain)


@cache
def _hints(of: Hashable) -> Mapping[str, Any]:
    return get_type_hints(of)


def _plain(value: object) -> object:
    """Any part of a value as JSON."""
    match value:
        case datetime():
            return utc_text(value)
        case date():
            return value.isoformat()
        case Clocks():
            return clocks_to_json(value)
        case tuple():
            return [_plain(each) for each in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        case _:
            return value


def _value(hint: Any, plain: Any) -> Any:  # noqa: ANN401 - the hint says which type
    """What `_plain` wrote, by the type it is declared as."""
    if plain is None:
        return None
    inner = [each for each in get_args(hint) if each not in (type(None), Ellipsis)]
    if get_origin(hint) is tuple:
        return tuple(_value(inner[0], each) for each in plain)
    hint = inner[0] if inner else hint
    hint = getattr(hint, "__supertype__", hint)
    readers: dict[Any, Callable[[Any], Any]] = {
        datetime: utc_moment,
        date: date.fromisoformat,
        Clocks: clocks_from_json,
    }
    if hint in readers:
        return readers[hint](plain)
    if isinstance(hint, type) and is_dataclass(hint):
        return Value(hint).value(plain)
    return hint(plain) if isinstance(hint, type) and issubclass(hint, StrEnum) else plain


@dataclass(frozen=True, slots=True)
class Candidates:
    """The enquiries a mail may belong to."""

    compound: bool = True

    def plain(self, value: tuple[Likely, ...]) -> list[dict[str, object]]:
        """Each candidate as a dictionary."""
        return [{**asdict(likely), "signals": list(likely.signals)} for likely in value]

    def value(self, plain: list[dict[str, Any]]) -> tuple[Likely, ...]:
        """The candidates."""
        return tuple(
            Likely(
                enquiry_id=EnquiryId(each["enquiry_id"]),
                reference=each["reference"],
                score=each["score"],
                signals=tuple(each["signals"]),
            )
            for each in plain
        )


@dataclass(frozen=True, slots=True)
class Attachments:
    """The files that came with a mail."""

    compound: bool = True

    def plain(self, value: tuple[MailAttachment, ...]) -> list[dict[str, object]]:
        """Each file as a dictionary."""
        return [asdict(attachment) for attachment in value]

    def value(self, plain: list[dict[str, Any]]) -> tuple[MailAttachment, ...]:
        """The files."""
        return tuple(MailAttachment(**each) for each in plain)


@dataclass(frozen=True, slots=True)
class ClosureDays:
    """The days a council is shut."""

    compound: bool = True

    def plain(self, value: tuple[ClosureDay, ...]) -> list[dict[str, object]]:
        """Each day as a dictionary."""
        return [{"on": closed.on.isoformat(), "reason": closed.reason} for closed in value]

    def value(self, plain: list[dict[str, Any]]) -> tuple[ClosureDay, ...]:
        """The days."""
        return tuple(ClosureDay(on=date.fromisoformat(each["on"]), reason=each["reason"]) for each in plain)
