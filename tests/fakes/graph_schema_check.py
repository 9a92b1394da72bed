"""Graph's JSON held to the CSDL Microsoft publishes: names, types, enumerations, derived types, parameters of actions.

    schema = published_schema()            # None where ../shared/schemas is not there
    schema.errors("message", {"subject": 1})

Strict: what the CSDL does not name is refused, open types included. Annotations: OASIS OData JSON Format 4.01, §4.6.
"""

import re
import xml.etree.ElementTree as ET
from base64 import b64decode, urlsafe_b64decode
from binascii import Error as BadBase64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

CSDL = Path(__file__).resolve().parents[3] / "shared" / "schemas" / "graph-csdl" / "mail-subset.csdl.xml"
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
ANNOTATIONS = re.compile(
    r"^(?:@odata\.(?:context|count|deltaLink|etag|id|editLink|mediaContentType|mediaEditLink|mediaReadLink|nextLink|type)"
    r"|@removed|\w+@odata\.(?:associationLink|context|navigationLink|type|mediaContentType))$"
)
MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:Z|[+-]\d\d:\d\d)$")
PLAIN = {
    "Edm.Date": re.compile(r"^\d{4}-\d\d-\d\d$"),
    "Edm.TimeOfDay": re.compile(r"^\d\d:\d\d:\d\d(?:\.\d{1,12})?$"),
    "Edm.Guid": re.compile(r"^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"),
}
WHOLE = {"Edm.Int32": 2**31, "Edm.Int64": 2**63, "Edm.Int16": 2**15}


@dataclass(slots=True, kw_only=True)
class Property:
    """A property, or an action's parameter: its type as written, and whether it may be null."""

    type: str
    nullable: bool
    navigation: bool = False


@dataclass(slots=True, kw_only=True)
class Structure:
    """A complex or entity type with its own properties."""

    base: str
    abstract: bool
    properties: dict[str, Property] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Enumeration:
    """The members of an enumeration; with `flags` several may be joined by commas."""

    members: frozenset[str]
    flags: bool


class Schema:
    """What the CSDL says. `any_case` takes the members of enumerations in any letters, as Graph does in requests."""

    def __init__(self, csdl: Path, *, any_case: bool = False) -> None:
        self.any_case = any_case
        self.structures: dict[str, Structure] = {}
        self.enumerations: dict[str, Enumeration] = {}
        self.operations: dict[tuple[str, str], dict[str, Property]] = {}
        self.returns: dict[tuple[str, str], str] = {}
        for part in ET.parse(csdl).getroot().iter(f"{EDM}Schema"):
            for element in part:
                self._learn(element)

    def _learn(self, element: ET.Element) -> None:
        kind, name = element.tag.removeprefix(EDM), element.get("Name", "")
        if kind in {"EntityType", "ComplexType"}:
            self.structures[name] = Structure(
                base=_short(element.get("BaseType", "")),
                abstract=element.get("Abstract") == "true",
                properties={one.get("Name", ""): _property(one) for one in element if _is_property(one)},
            )
        elif kind == "EnumType":
            members = frozenset(one.get("Name", "") for one in element.iter(f"{EDM}Member"))
            self.enumerations[name] = Enumeration(members=members, flags=element.get("IsFlags") == "true")
        elif kind in {"Action", "Function"}:
            bound, *others = list(element.iter(f"{EDM}Parameter"))
            key = name, _short(bound.get("Type", ""))
            self.operations[key] = {one.get("Name", "").lower(): _property(one) for one in others}
            returned = element.find(f"{EDM}ReturnType")
            self.returns[key] = "" if returned is None else _short(returned.get("Type", ""))

    def properties(self, type_name: str) -> dict[str, Property]:
        """Every property of a type with those it inherits."""
        found: dict[str, Property] = {}
        while type_name:
            structure = self.structures[type_name]
            found = structure.properties | found
            type_name = structure.base
        return found

    def errors(self, type_name: str, value: object, *, nullable: bool = False, where: str = "") -> list[str]:
        """What is wrong with a value of this type, such as `message`, `Collection(recipient)` or `Edm.String`."""
        return list(self._errors(type_name, value, nullable=nullable, where=where or type_name))

    def parameter_errors(self, action: str, bound_to: str, value: object) -> list[str]:
        """What is wrong with an action's parameters; their names are taken in any case, as Graph takes them."""
        known = self.operations[action, bound_to]
        if not isinstance(value, Mapping):
            return [f"{action}: parameters are an object, not {type(value).__name__}"]
        wrong = [f"{action}/{name}: no such parameter" for name in value if str(name).lower() not in known]
        given = {str(name).lower(): one for name, one in value.items()}
        wrong += [f"{action}/{name}: missing" for name, one in known.items() if not one.nullable and name not in given]
        for name, one in given.items():
            if name in known:
                wrong += self.errors(known[name].type, one, nullable=known[name].nullable, where=f"{action}/{name}")
        return wrong

    def _errors(self, type_name: str, value: object, *, nullable: bool, where: str) -> Iterator[str]:
        if type_name.startswith("Collection("):
            yield from self._in_collection(type_name[11:-1], value, where)
        elif value is None:
            if not nullable:
                yield f"{where}: may not be null"
        elif type_name.startswith("Edm."):
            if not _is_plain(type_name, value):
                yield f"{where}: {_shown(value)} is no {type_name}"
        elif type_name in self.enumerations:
            if not self._is_member(self.enumerations[type_name], value):
                yield f"{where}: {_shown(value)} is not in {type_name}"
        else:
            yield from self._in_structure(type_name, value, where)

    def _in_collection(self, type_name: str, value: object, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where}: {_shown(value)} is no collection"
            return
        for number, one in enumerate(value):
            yield from self._errors(type_name, one, nullable=False, where=f"{where}/{number}")

    def _in_structure(self, type_name: str, value: object, where: str) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield f"{where}: {_shown(value)} is no object"
            return
        actual = str(value.get("@odata.type", "#microsoft.graph." + type_name)).removeprefix("#microsoft.graph.")
        if not self._derives(actual, type_name):
            yield f"{where}: {actual} is no {type_name}"
            return
        if self.structures[actual].abstract:
            yield f"{where}: needs an @odata.type"
        properties = self.properties(actual)
        for name, one in value.items():
            if name in properties:
                known = properties[name]
                yield from self._errors(known.type, one, nullable=known.nullable, where=f"{where}/{name}")
            elif not ANNOTATIONS.match(str(name)):
                yield f"{where}: no property {name}"

    def _derives(self, actual: str, declared: str) -> bool:
        while actual in self.structures:
            if actual == declared:
                return True
            actual = self.structures[actual].base
        return False

    def _is_member(self, known: Enumeration, value: object) -> bool:
        if not isinstance(value, str):
            return False
        words = [one.strip() for one in value.split(",")] if known.flags else [value]
        if self.any_case:
            return {one.lower() for one in words} <= {one.lower() for one in known.members}
        return known.members.issuperset(words)


@cache
def published_schema(*, any_case: bool = False) -> Schema | None:
    """The published CSDL for mail, or None where the folder of reference material is not beside the project."""
    return Schema(CSDL, any_case=any_case) if CSDL.is_file() else None


def _is_property(element: ET.Element) -> bool:
    return element.tag in {f"{EDM}Property", f"{EDM}NavigationProperty"}


def _property(element: ET.Element) -> Property:
    type_name = _short(element.get("Type", ""))
    return Property(
        type=type_name,
        nullable=element.get("Nullable") != "false" and not type_name.startswith("Collection("),
        navigation=element.tag == f"{EDM}NavigationProperty",
    )


def _short(type_name: str) -> str:
    return re.sub(r"(?:microsoft\.)?graph\.", "", type_name)


def _is_plain(type_name: str, value: object) -> bool:
    if type_name in WHOLE:
        limit = WHOLE[type_name]
        return isinstance(value, int) and not isinstance(value, bool) and -limit <= value < limit
    if type_name == "Edm.Boolean":
        return isinstance(value, bool)
    if type_name == "Edm.Double":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    if type_name == "Edm.Binary":
        return _is_base64(value)
    if type_name == "Edm.DateTimeOffset":
        return _is_moment(value)
    return type_name not in PLAIN or bool(PLAIN[type_name].match(value))


def _is_base64(text: str) -> bool:
    padded = text + "=" * (-len(text) % 4)
    try:
        if set(text) & set("-_"):
            urlsafe_b64decode(padded)
        else:
            b64decode(padded, validate=True)
    except BadBase64:
        return False
    return True


def _is_moment(text: str) -> bool:
    if not MOMENT.match(text):
        return False
    try:
        datetime.fromisoformat(re.sub(r"\.\d+", "", text))
    except ValueError:
        return False
    return True


def _shown(value: object) -> str:
    return repr(value)[:60]
