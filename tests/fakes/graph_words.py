"""What is said to and by the test Graph server: requests taken apart, answers, and errors in Graph's own words."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote

from tests.fakes.exchange_items import Refused
from tests.fakes.graph_schema_check import Schema
from tests.fakes.http_loopback import Answer

IMMUTABLE = "ImmutableId"
STATUS_OF = {
    "ErrorItemNotFound": HTTPStatus.NOT_FOUND,
    "ErrorFolderNotFound": HTTPStatus.NOT_FOUND,
    "ErrorNonExistentMailbox": HTTPStatus.NOT_FOUND,
    "ErrorSendAsDenied": HTTPStatus.FORBIDDEN,
    "ErrorAccessDenied": HTTPStatus.FORBIDDEN,
    "ErrorFolderExists": HTTPStatus.CONFLICT,
    "ErrorMessageSizeExceeded": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "ErrorQuotaExceeded": HTTPStatus.INSUFFICIENT_STORAGE,
}


class GraphError(Exception):
    """Graph says no, with a status, a code and what else goes into the head of its answer."""

    def __init__(self, status: int, code: str, text: str, *headers: tuple[str, str]) -> None:
        super().__init__(f"{status} {code}: {text}")
        self.status, self.code, self.text, self.headers = status, code, text, headers


def from_refused(refused: Refused) -> GraphError:
    """What the organisation refuses, as Graph puts it."""
    return GraphError(STATUS_OF.get(refused.code, HTTPStatus.BAD_REQUEST), refused.code, refused.text)


@dataclass(slots=True, kw_only=True)
class Reply:
    """What an endpoint answers: JSON of a type of the schema (`Collection(message)`), or bytes of another kind."""

    status: int = HTTPStatus.OK
    json: object = None
    type: str = ""
    raw: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True, kw_only=True)
class Call:
    """One request: who asks for what of whose mailbox.

    `path` are the parts after the mailbox (`mailFolders`, `inbox`, `messages`), `base` the address up to it, `prefer`
    the preferences by their small-letter names, `wrong` what the schema has against the request.
    """

    method: str
    user: str
    mailbox: str
    path: tuple[str, ...]
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    base: str
    prefer: dict[str, str]
    scopes: frozenset[str] | None = None
    schema: Schema | None = None
    wrong: list[str] = field(default_factory=list)

    @property
    def immutable_ids(self) -> bool:
        """Whether ids are wanted that stay the same when a message is moved."""
        return self.prefer.get("idtype", "").lower() == IMMUTABLE.lower()

    @property
    def content_type(self) -> str:
        """The media type of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def entity(self, type_name: str) -> dict[str, object]:
        """The body as an object of this type; what does not fit the schema is noted."""
        value = self._object()
        if self.schema is not None:
            self.wrong += self.schema.errors(type_name, value)
        return value

    def parameters(self, action: str, bound_to: str) -> dict[str, object]:
        """The body as parameters of an action, by their small-letter names."""
        value = self._object() if self.body else {}
        if self.schema is not None:
            self.wrong += self.schema.parameter_errors(action, bound_to, value)
        return {name.lower(): one for name, one in value.items()}

    def _object(self) -> dict[str, object]:
        try:
            value = json.loads(self.body)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise GraphError(HTTPStatus.BAD_REQUEST, "BadRequest", "Unable to read JSON request payload.")
        if self.content_type != "application/json":
            self.wrong.append(f"{self.method}: JSON sent as {self.content_type or 'nothing'}")
        return value


def without_body() -> Reply:
    """Done, and nothing to say."""
    return Reply(status=HTTPStatus.NO_CONTENT)


def parts_of(path: str) -> tuple[str, ...]:
    """The parts of a path, with keys in brackets as parts of their own: mailFolders('inbox') is two."""
    found: list[str] = []
    for part in path.strip("/").split("/"):
        keyed = re.fullmatch(r"(\w+)\('(.*)'\)", unquote(part))
        found += list(keyed.groups()) if keyed else [unquote(part)]
    return tuple(one for one in found if one)


def query_of(query: str) -> dict[str, str]:
    """The options of a query, with or without their dollar sign, as Graph takes them."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return {name if name.startswith("$") else _dollar(name): value for name, value in pairs}


def _dollar(name: str) -> str:
    system = {"select", "filter", "top", "skip", "orderby", "expand", "count", "search", "deltatoken", "skiptoken"}
    return f"${name}" if name.lower() in system else name


def preferences(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The Prefer headers: `odata.maxpagesize=50, IdType="ImmutableId"` (RFC 7240)."""
    found = {}
    for name, value in headers:
        if name.lower() == "prefer":
            for one in value.split(","):
                key, _, given = one.partition("=")
                found[key.strip().lower()] = given.strip().strip('"')
    return found


def as_error(error: GraphError, moment: str) -> Answer:
    """A refusal as it goes over the wire: https://learn.microsoft.com/graph/errors."""
    inner = {"date": moment, "request-id": "c0ffee00-0000-4000-8000-000000000001"}
    body = {"error": {"code": error.code, "message": error.text, "innerError": inner}}
    headers = (("Content-Type", "application/json"), *error.headers)
    return Answer(status=error.status, body=json.dumps(body).encode(), headers=headers)


def as_answer(reply: Reply) -> Answer:
    """A reply as it goes over the wire."""
    if reply.json is None:
        return Answer(status=reply.status, body=reply.raw, headers=reply.headers)
    kind = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
    headers = (("Content-Type", kind), ("OData-Version", "4.0"), *reply.headers)
    return Answer(status=reply.status, body=json.dumps(reply.json).encode(), headers=headers)


def text_of(values: Mapping[str, object], name: str, default: str = "") -> str:
    """A property that is a text."""
    value = values.get(name)
    return value if isinstance(value, str) else default
