"""A test Microsoft Graph: mail and calendars of v1.0 over real HTTP on the loopback address, standing on a `World`.

    with GraphServer(world, accepts=directory.accepts) as server:
        ...  # server.url, server.desk (switches), server.faults, server.traffic, server.schema_errors

Every request and every answer is held to Microsoft's published CSDL; what does not fit is in `schema_errors`, and
leaving the `with` then fails. Operations for faults are the names in `graph_routes.py`, and `batch` and `upload`.
By hand: `python -m tests.fakes.graph_server --port 8081` serves an imaginary council; the token is an address.
"""

import argparse
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.utils import format_datetime
from http import HTTPStatus
from threading import Event, Lock

from tests.fakes.exchange_items import Refused
from tests.fakes.exchange_world import World
from tests.fakes.graph_attachments import upload_piece
from tests.fakes.graph_batch import batch
from tests.fakes.graph_desk import Desk, access_denied
from tests.fakes.graph_routes import Route, is_allowed, normal, route_of
from tests.fakes.graph_schema_check import published_schema
from tests.fakes.graph_shapes import moment
from tests.fakes.graph_words import (
    Call,
    GraphError,
    Reply,
    as_answer,
    as_error,
    from_refused,
    parts_of,
    preferences,
    query_of,
)
from tests.fakes.http_faults import Throttle, Trouble
from tests.fakes.http_loopback import Answer, Authority, LoopbackServer, Request
from tests.fakes.imaginary_council import CLERK, imaginary_council, wall_clock
from tests.fakes.login_server import ClaimsChallenge

VERSION = "v1.0"
MOST_AT_ONCE = 4
LARGEST_BODY = 4 * 1024 * 1024
TOO_MUCH = {
    Throttle.TOO_MANY: (429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit."),
    Throttle.UNAVAILABLE: (503, "ServiceUnavailable", "The service is temporarily unavailable. Try again later."),
    Throttle.BUSY_FAULT: (504, "UnknownError", "The request timed out on its way."),
}


class GraphServer(LoopbackServer):
    """The server. `accepts` tells whose access token it is (None: no good; it may raise `ClaimsChallenge`).

    `scopes_of` tells what a token allows; without it every token allows everything its owner may do.
    `retry_after_as_date` makes the time to come back a date. `most_at_once` requests for one mailbox are worked on.
    """

    def __init__(
        self,
        world: World,
        *,
        accepts: Callable[[str], str | None],
        scopes_of: Callable[[str], frozenset[str]] | None = None,
        port: int = 0,
        authority: Authority | None = None,
    ) -> None:
        super().__init__(port=port, authority=authority)
        self.world = world
        self.desk = Desk(world=world, root_url=self.root_url, traffic=self.traffic)
        self.schema_errors: list[str] = []
        self.retry_after_as_date = False
        self.most_at_once = MOST_AT_ONCE
        self._accepts = accepts
        self._scopes_of = scopes_of
        self._schema = published_schema()
        self._at_once: Counter[str] = Counter()
        self._counting = Lock()

    @property
    def url(self) -> str:
        """The address of the service, with its version."""
        return f"{self.root_url}/{VERSION}"

    def check(self) -> None:
        """Raise what went wrong in the server itself, and what was said against the schema."""
        super().check()
        if self.schema_errors:
            raise AssertionError("against Microsoft's schema: " + "; ".join(self.schema_errors[:20]))

    # --- what the loopback server asks

    def operation_of(self, request: Request) -> str:
        """The endpoint's name, such as `delta`; `batch`; `upload`; or the HTTP method."""
        if request.path.startswith("/upload/"):
            return "upload"
        if request.path.lower() == f"/{VERSION}/$batch":
            return "batch"
        try:
            route = route_of(request.method, self._where(request, "")[1])
        except GraphError:
            route = None
        return route.name if route else request.method

    def signed_in(self, request: Request) -> str | Answer:
        """Whose token it is; a piece of an upload needs none."""
        if request.path.startswith("/upload/"):
            return ""
        try:
            user = self._accepts(_token(request))
        except ClaimsChallenge as challenge:
            claims = b64encode(challenge.claims.encode()).decode()
            return self._unauthorized("Continuous access evaluation resulted in challenge.", claims)
        return user or self._unauthorized("Access token has expired or is not yet valid.")

    def refused(self, request: Request) -> Answer:
        """401 for a token that is good."""
        return self._unauthorized("Access token validation failure.")

    def busy(self, trouble: Trouble) -> Answer:
        """429, 503 or 504 (`Throttle.BUSY_FAULT`), with Retry-After in seconds or as a date."""
        status, code, text = TOO_MUCH[trouble.throttle or Throttle.UNAVAILABLE]
        headers = [("Retry-After", self._wait(trouble.wait_seconds))] if trouble.wait_seconds else []
        return self._refusal(GraphError(status, code, text, *headers))

    def answer(self, request: Request, user: str) -> Answer:
        """The answer to a signed-in request."""
        operation = self.operation_of(request)
        try:
            if operation == "upload":
                with self.world.lock:
                    return self._checked(operation, upload_piece(self.desk, request))
            if operation == "batch":
                return self._checked(operation, batch(self.desk, request, lambda one: self._one(one, user)))
        except GraphError as error:
            return self._refusal(error)
        return self._one(request, user)

    # --- one request

    def _one(self, request: Request, user: str) -> Answer:
        try:
            mailbox, path = self._where(request, user)
            route = route_of(request.method, path)
            if route is None:
                text = f"Resource not found for the segment '{path[-1] if path else ''}'."
                raise GraphError(HTTPStatus.BAD_REQUEST, "BadRequest", text)
            if len(request.body) > LARGEST_BODY:
                text = "The request exceeds 4 MB."
                raise GraphError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "RequestEntityTooLarge", text)
            with self._turn(mailbox), self.world.lock:
                return self._done(route, self._call(request, user, mailbox, path))
        except GraphError as error:
            return self._refusal(error)
        except Refused as refused:
            return self._refusal(from_refused(refused))

    def _done(self, route: Route, call: Call) -> Answer:
        if call.scopes is not None and not is_allowed(route.scope, call.scopes, shared=call.mailbox != call.user):
            raise access_denied()
        self.desk.open_mailbox(call)
        try:
            reply = route.endpoint(self.desk, call)
        finally:
            self.schema_errors += (f"{route.name}: request: {one}" for one in call.wrong)
        if call.immutable_ids:
            reply.headers += (("Preference-Applied", 'IdType="ImmutableId"'),)
        return self._checked(route.name, reply)

    def _where(self, request: Request, user: str) -> tuple[str, tuple[str, ...]]:
        """Whose mailbox a path is about, and the rest of it."""
        version, *rest = parts_of(request.path) or ("",)
        if version == VERSION and rest and rest[0] == "me":
            return user, normal(tuple(rest[1:]))
        if version == VERSION and len(rest) > 1 and rest[0].lower() == "users":
            return rest[1].lower(), normal(tuple(rest[2:]))
        raise GraphError(HTTPStatus.BAD_REQUEST, "BadRequest", f"Resource not found for '{request.path}'.")

    def _call(self, request: Request, user: str, mailbox: str, path: tuple[str, ...]) -> Call:
        scopes = self._scopes_of(_token(request)) if self._scopes_of and _token(request) else None
        return Call(
            method=request.method,
            user=user,
            mailbox=mailbox,
            path=path,
            query=query_of(request.query),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=request.body,
            base=self.root_url + request.path,
            prefer=preferences(request.headers.items()),
            scopes=scopes,
            schema=published_schema(any_case=True),
        )

    @contextmanager
    def _turn(self, mailbox: str) -> Iterator[None]:
        """A place among the few requests for a mailbox that are worked on at once."""
        with self._counting:
            self._at_once[mailbox] += 1
            too_many = self._at_once[mailbox] > self.most_at_once
        try:
            if too_many:
                status, code, text = TOO_MUCH[Throttle.TOO_MANY]
                raise GraphError(status, code, text, ("Retry-After", self._wait(1)))
            yield
        finally:
            with self._counting:
                self._at_once[mailbox] -= 1

    # --- answers

    def _checked(self, operation: str, reply: Reply) -> Answer:
        if self._schema is not None and reply.type:
            value: object = reply.json
            if reply.type.startswith("Collection(") and isinstance(value, dict):
                value = value["value"]
            self.schema_errors += (f"{operation}: answer: {one}" for one in self._schema.errors(reply.type, value))
        return as_answer(reply)

    def _refusal(self, error: GraphError) -> Answer:
        return as_error(error, moment(self.world.now()).rstrip("Z"))

    def _unauthorized(self, text: str, claims: str = "") -> Answer:
        facts = ['realm=""', 'authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"']
        facts += ['error="insufficient_claims"', f'claims="{claims}"'] if claims else ['error="invalid_token"']
        challenge = ("WWW-Authenticate", f"Bearer {', '.join(facts)}")
        return self._refusal(GraphError(HTTPStatus.UNAUTHORIZED, "InvalidAuthenticationToken", text, challenge))

    def _wait(self, seconds: float) -> str:
        if self.retry_after_as_date:
            return format_datetime(self.world.now() + timedelta(seconds=seconds), usegmt=True)
        return f"{seconds:.0f}"


def _token(request: Request) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def main() -> None:
    """Serve the imaginary council until interrupted."""
    reader = argparse.ArgumentParser(description="An imaginary council's Graph, for trying the program by hand.")
    reader.add_argument("--port", type=int, default=8081)
    world = imaginary_council(wall_clock)

    def accepts(token: str) -> str | None:
        return token.lower() if token.lower() in world.mailboxes else None

    with GraphServer(world, accepts=accepts, port=reader.parse_args().port) as server, suppress(KeyboardInterrupt):
        sys.stdout.write(f"{server.url}\nThe token is an address, for example {CLERK}\n")
        sys.stdout.write(f"Mailboxes: {', '.join(world.mailboxes)}\n")
        sys.stdout.flush()
        Event().wait()


if __name__ == "__main__":
    main()
