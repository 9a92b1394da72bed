"""The hub in a PostgreSQL: the only file that speaks to the server.

One connection is kept and opened again when it broke; every call is one statement and so one transaction, and none is
open between calls. Every call is safe to repeat, so one that fails on a connection that had lain idle is made again.
"""

import json
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256 as digest_of
from operator import itemgetter
from random import SystemRandom
from threading import Event, Timer
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from member_tracker.domain.errors import Invalid, TooMuch
from member_tracker.sync.address import read_address
from member_tracker.sync.authorities import authorities
from member_tracker.sync.hub import Greeting, HubOp, Outcome, Page, Receipt, ScopeId, Tally
from member_tracker.sync.refusals import no_way_there, refusal
from member_tracker.sync.wire import greeting_of, op_text, row_of, rows_of

CHUNK_BYTES = 512 * 1024
LONGEST_BLOB_BYTES = 150 * 1024 * 1024
_PATIENCE_SECONDS = 45.0
_CONNECTING: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    "application_name": "member-tracker",
    "client_encoding": "utf8",
    "target_session_attrs": "read-write",
}
_ATTEMPTS = 6
_random = SystemRandom()


class Line:
    """The connection to a hub's database, opened when it is first used; whatever goes wrong is said in our words.

    `patience_seconds` is how long one statement may take before the connection is given up as dead.
    """

    def __init__(self, url: str, *, password: str | None = None, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        typed = read_address(url)
        address = typed.as_login(None)
        self._url = address.connection
        self._settings = {**_CONNECTING, **conninfo_to_dict(self._url)}
        if not address.is_local:
            self._settings["sslrootcert"] = authorities(address.authorities)
        self._password = password if password is not None else typed.password
        self._patience_seconds = patience_seconds
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        self._is_together = False

    def ask(self, statement: str, *given: object) -> list[tuple[Any, ...]]:
        """Run one statement in a transaction of its own and give its rows."""
        was_open = self._connection is not None
        try:
            return self._ask_once(statement, given)
        except psycopg.Error as problem:
            if self._is_together or not (was_open and self._connection is None):
                raise refusal(problem.sqlstate, str(problem)) from None
        try:
            return self._ask_once(statement, given)
        except psycopg.Error as problem:
            raise refusal(problem.sqlstate, str(problem)) from None

    @contextmanager
    def together(self) -> Iterator[None]:
        """All statements within are one transaction; for making and upgrading a hub only."""
        connection = self._open()
        self._is_together = True
        try:
            with connection.transaction():
                yield
        except psycopg.Error as problem:
            raise refusal(problem.sqlstate, str(problem)) from None
        finally:
            self._is_together = False

    def run(self, script: str) -> None:
        """Run a script of several statements."""
        try:
            self._open().execute(script.encode(), prepare=False)
        except psycopg.Error as problem:
            raise refusal(problem.sqlstate, str(problem)) from None

    def verifier(self, login: str, password: str) -> str:
        """What the server keeps of a password (SCRAM), made here so that the password is never sent."""
        return self._open().pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()

    def close(self) -> None:
        """Let go of the connection; the next question opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    def _ask_once(self, statement: str, given: Sequence[object]) -> list[tuple[Any, ...]]:
        connection = self._open()
        try:
            with _no_longer_than(self._patience_seconds, connection):
                cursor = connection.execute(statement.encode(), given)
                return cursor.fetchall() if cursor.description else []
        finally:
            if connection.closed or connection.pgconn.transaction_status is TransactionStatus.ACTIVE:
                self.close()  # it broke, or somebody broke the question off

    def _open(self) -> psycopg.Connection[tuple[Any, ...]]:
        """The connection; a server that has none to spare is asked again, each laptop at moments of its own."""
        if self._connection is not None and not self._connection.closed:
            return self._connection
        if self._is_together:
            raise refusal(None, "the connection broke")
        for attempt in range(_ATTEMPTS):
            try:
                self._connection = psycopg.connect(
                    self._url, password=self._password, autocommit=True, prepare_threshold=3, **self._settings
                )
            except psycopg.Error as problem:
                refused = no_way_there(str(problem), password=self._password)
                if not isinstance(refused, TooMuch) or attempt == _ATTEMPTS - 1:
                    raise refused from None
                Event().wait(_random.uniform(0.05, 0.2 * 2**attempt))
            else:
                return self._connection
        raise AssertionError


@contextmanager
def _no_longer_than(seconds: float, connection: psycopg.Connection[tuple[Any, ...]]) -> Iterator[None]:
    """Cut the connection where the answer does not come, as when what lies between has died without a word."""
    way, is_cut = socket.socket(fileno=connection.fileno()), Event()

    def cut() -> None:
        is_cut.set()
        way.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except psycopg.Error:
        if is_cut.is_set():
            raise refusal("57014", "") from None
        raise
    finally:
        timer.cancel()
        timer.join()
        way.detach()


class PostgresHub:
    """The hub as the login of an address sees it."""

    def __init__(self, url: str, *, password: str | None = None, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self._line = Line(url, password=password, patience_seconds=patience_seconds)

    def greet(self, device_id: str, schema: int) -> Greeting:
        """Say who is there; a device seen for the first time is given its part of references."""
        [(said,)] = self._line.ask("SELECT hub.greet(%s, %s)", device_id, schema)
        return greeting_of(said)

    def push(self, device_id: str, schema: int, ops: Sequence[HubOp]) -> tuple[Receipt, ...]:
        """Hand over at most 500 ops, in the order they were made; a receipt for each, the same if it came before."""
        if not ops:
            return ()
        rows = self._line.ask(
            "SELECT op, became, number, why, stands FROM hub.push(%s, %s, %s::jsonb)", device_id, schema, op_text(ops)
        )
        return tuple(
            Receipt(op_id=op, outcome=Outcome(became), hub_seq=number, reason=why, row=row_of(stands))
            for op, became, number, why, stands in rows
        )

    def pull(self, scope_id: ScopeId, after: int, limit: int) -> Page:
        """The rows of a scope that changed after a number; nought begins from nothing.

        How far the hub is comes along, as of the same moment, in a row of its own below all numbers.
        """
        rows = self._line.ask(
            "SELECT '', k.v::text, -1, '', '', false, false FROM hub.clock k UNION ALL"
            " SELECT p.kind, p.id, p.hub_seq, p.fields::text, p.heads::text, p.gone, p.erased"
            " FROM hub.pull(%s, %s, %s) p",
            scope_id, after, limit,
        )  # fmt: skip
        rows.sort(key=itemgetter(2, 0, 1))
        head = int(rows.pop(0)[1])
        found = rows_of(scope_id, rows)
        more = len(found) >= limit
        return Page(rows=found, upto=found[-1].hub_seq if more else max(after, head), more=more)

    def tally(self, scope_id: ScopeId, upto: int) -> Tally:
        """What ought to be in a scope by now."""
        [(records, total)] = self._line.ask("SELECT records, total FROM hub.tally(%s, %s)", scope_id, upto)
        return Tally(records=records, total=total)

    def chain_at(self, seq: int) -> str:
        """The digest of the last op up to a number, nothing where there is none: what was seen is looked for by it."""
        [(digest,)] = self._line.ask("SELECT hub.chain_at(%s)", seq)
        return "" if digest is None else str(digest)

    def missing_blobs(self, scope_id: ScopeId, hashes: Sequence[str]) -> frozenset[str]:
        """Which of these bytes (SHA-256) the hub does not hold whole in this scope."""
        rows = self._line.ask("SELECT * FROM hub.missing_blobs(%s, %s)", scope_id, list(hashes))
        return frozenset(missing for (missing,) in rows)

    def put_blob(self, scope_id: ScopeId, sha256: str, content: bytes) -> None:
        """Keep bytes in a scope, checked against their hash there; what was sent before it broke off is not sent again.

        Raises `Invalid` where they are not what their hash says, or too long.
        """
        if digest_of(content).hexdigest() != sha256:
            raise Invalid("These bytes are not what they should be.", advice="Look whether the file is whole.")
        if len(content) > LONGEST_BLOB_BYTES:
            raise Invalid("This file is too large for the hub.", advice="Attach a smaller one.")
        [(there,)] = self._line.ask("SELECT hub.begin_blob(%s, %s, %s)", scope_id, sha256, len(content))
        if there is None:
            return
        for number, start in enumerate(range(0, len(content), CHUNK_BYTES)):
            if number not in there:
                piece = content[start : start + CHUNK_BYTES]
                self._line.ask("SELECT hub.put_chunk(%s, %s, %s, %b)", scope_id, sha256, number, piece)
        [(is_whole,)] = self._line.ask("SELECT hub.finish_blob(%s, %s)", scope_id, sha256)
        if not is_whole:
            raise Invalid("The bytes did not arrive as they were sent.", advice="They are sent again by themselves.")

    def get_blob(self, scope_id: ScopeId, sha256: str) -> bytes | None:
        """Bytes of a scope, piece by piece; None where it has none of that hash."""
        rows = self._line.ask(
            "SELECT array(SELECT k.n FROM hub.blob_chunk k WHERE k.scope_id = b.scope_id AND k.sha256 = b.sha256"
            " ORDER BY k.n) FROM hub.blob b WHERE b.scope_id = %s AND b.sha256 = %s AND b.whole",
            scope_id, sha256,
        )  # fmt: skip
        if not rows:
            self._line.ask("SELECT hub.must_see(%s)", scope_id)
            return None
        pieces = [
            self._line.ask(
                "SELECT bytes FROM hub.blob_chunk WHERE scope_id = %s AND sha256 = %s AND n = %s", scope_id, sha256, n
            )
            for n in rows[0][0]
        ]
        content = b"".join(piece for [(piece,)] in pieces)
        if digest_of(content).hexdigest() != sha256:
            raise Invalid("The hub's copy of a file is damaged.", advice="Whoever still has the file sends it again.")
        return content

    def note(self, deed: str, detail: Mapping[str, object]) -> None:
        """Have it logged that something was `exported`, `searched` for at the hub, or `looked` at outside one's own."""
        self._line.ask("SELECT hub.note(%s, %s::jsonb)", deed, json.dumps(detail))

    def close(self) -> None:
        """Let go of the connection; it is opened again when it is needed."""
        self._line.close()
