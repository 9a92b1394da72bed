"""OData's questions as Graph's mail understands them: $filter, $orderby, $select and $expand.

Grammar: OASIS OData 4.01 URL Conventions §5.1; what Exchange makes of it: https://learn.microsoft.com/graph/api/user-list-messages.
Texts are compared without regard to case, as Exchange compares them; ids of properties too.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from math import nan

from tests.fakes.exchange_items import Item
from tests.fakes.graph_properties import extended_property
from tests.fakes.graph_words import GraphError

Reader = Callable[[str], object]
Test = Callable[[Item | None, Reader], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<moment>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)|(?P<number>-?\d+)"
    r"|(?P<word>[A-Za-z][\w./]*)|(?P<sign>[(),:]))"
)
_COMPARE: dict[str, Callable[[object, object], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": lambda one, other: _rank(one) > _rank(other),
    "ge": lambda one, other: _rank(one) >= _rank(other),
    "lt": lambda one, other: _rank(one) < _rank(other),
    "le": lambda one, other: _rank(one) <= _rank(other),
}
_EXTENDED = "singleValueExtendedProperties/any"


@dataclass(slots=True, kw_only=True)
class Filter:
    """A $filter: whether an item meets it, and the properties it names in order."""

    meets: Test
    names: list[str]


def parse_filter(text: str) -> Filter:
    """Read a $filter; 400 for what is not understood."""
    reader = _FilterReader(text)
    test = reader.either()
    if reader.peek():
        raise invalid(f"Syntax error at '{reader.peek()}' in '{text}'.")
    return Filter(meets=test, names=reader.names)


def property_ids(expand: str) -> list[str]:
    """The extended properties an $expand asks for; 400 for any other $expand."""
    found: list[str] = []
    for name, filtered in re.findall(r"(\w+)(?:\(\$filter=((?:[^()']|'(?:[^']|'')*')*)\))?", expand):
        if name == "singleValueExtendedProperties":
            found += [
                one.replace("''", "'") for one in re.findall(r"\bid eq '((?:[^']|'')*)'", filtered, re.IGNORECASE)
            ]
            if not found:
                raise invalid("singleValueExtendedProperties must be expanded with a filter on id.")
        else:
            raise invalid(f"Could not find a property named '{name}' on type 'microsoft.graph.message'.")
    return found


def invalid(text: str) -> GraphError:
    """A question nobody can answer."""
    return GraphError(HTTPStatus.BAD_REQUEST, "BadRequest", text)


class _FilterReader:
    """A $filter on its way from text to test."""

    def __init__(self, text: str) -> None:
        self.names: list[str] = []
        self._tokens = _tokens(text)
        self._at = 0

    def peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        if not token or (expected and token != expected):
            raise invalid(f"Syntax error: expected '{expected or 'something'}' and found '{token}'.")
        self._at += 1
        return token

    def either(self) -> Test:
        tests = [self._both()]
        while self.peek() == "or":
            self.take()
            tests.append(self._both())
        return lambda item, read: any(test(item, read) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self.peek() == "and":
            self.take()
            tests.append(self._one())
        return lambda item, read: all(test(item, read) for test in tests)

    def _one(self) -> Test:
        word = self.take()
        if word == "not":
            test = self._one()
            return lambda item, read: not test(item, read)
        if word == "(":
            inner = self.either()
            self.take(")")
            return inner
        if word == _EXTENDED:
            return self._extended()
        if word in {"startswith", "contains", "endswith"}:
            return self._function(word)
        return self._comparison(word)

    def _comparison(self, name: str) -> Test:
        self.names.append(name)
        compare = self._operator()
        value = _literal(self.take())
        return lambda _, read: compare(_folded(read(name)), value)

    def _function(self, word: str) -> Test:
        self.take("(")
        name = self.take()
        self.names.append(name)
        self.take(",")
        value = str(_literal(self.take()))
        self.take(")")
        method = {"startswith": str.startswith, "endswith": str.endswith, "contains": str.__contains__}[word]
        return lambda _, read: method(str(_folded(read(name)) or ""), value)

    def _extended(self) -> Test:
        """any(ep: ep/id eq '...' and ep/value eq '...')."""
        self.names.append("singleValueExtendedProperties")
        self.take("(")
        variable = self.take()
        self.take(":")
        self.take(f"{variable}/id")
        self.take("eq")
        wanted = _text(self.take())
        if self.peek() == ")":
            self.take(")")
            return lambda item, _: _extended_value(item, wanted) is not None
        self.take("and")
        if self.take() not in {f"{variable}/value", f"cast({variable}/value"}:
            raise invalid("The filter on extended properties must compare the value.")
        compare = self._operator()
        value = _literal(self.take())
        self.take(")")
        return lambda item, _: compare(_folded(_extended_value(item, wanted)), value)

    def _operator(self) -> Callable[[object, object], bool]:
        word = self.take()
        if word not in _COMPARE:
            raise invalid(f"Unrecognised operator '{word}'.")
        return _COMPARE[word]


def _extended_value(item: Item | None, name: str) -> str | None:
    if item is None:
        raise invalid("Folders are not filtered by extended properties.")
    return extended_property(item, name)


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise invalid(f"Invalid filter clause: syntax error at position {at} in '{text}'.")
        found.append(match[0].strip())
        at = match.end()
    return found


def _literal(token: str) -> object:
    if token.startswith("'"):
        return _text(token).casefold()
    if token in {"true", "false"}:
        return token == "true"
    if token == "null":
        return None
    if re.fullmatch(r"-?\d+", token):
        return int(token)
    try:
        moment = datetime.fromisoformat(token)
    except ValueError:
        raise invalid(f"Invalid literal '{token}'.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(token: str) -> str:
    if not token.startswith("'"):
        raise invalid(f"Expected a text and found '{token}'.")
    return token[1:-1].replace("''", "'")


def _folded(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


def _rank(value: object) -> float:
    """Where a value stands in order; what has no order stands nowhere and compares false."""
    if isinstance(value, datetime):
        return value.timestamp()
    return float(value) if isinstance(value, int) else nan
