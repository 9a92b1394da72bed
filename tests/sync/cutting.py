"""A way to a server that is cut after so many bytes, in either direction."""

import socket
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from psycopg.conninfo import conninfo_to_dict

from member_tracker.sync.hub import HubOp, Receipt
from member_tracker.sync.postgres import PostgresHub

THERE, BACK = "there", "back"


class Cutting:
    """Carries bytes to and fro; once armed, cuts the line after so many bytes in one direction.

    `carried` counts the bytes of each direction since it was armed. While `is_down`, nobody is let through.
    """

    def __init__(self, url: str) -> None:
        there = conninfo_to_dict(url)
        self._there = str(there["host"]), int(str(there["port"]))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._accepting = Thread(target=self._accept, daemon=True)
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._lock = Lock()
        self._left: dict[str, int | None] = {THERE: None, BACK: None}
        self._stays_down = False
        self.port: int = self._listening.getsockname()[1]
        self.carried = {THERE: 0, BACK: 0}
        self.is_down = False
        self.cuts = 0

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._accepting.join()
        for pair in self._pairs:
            _end(pair)

    def arm(self, direction: str, after: int | None, *, stays_down: bool) -> None:
        """From now on count, and cut once so many bytes have passed in that direction (None: never)."""
        with self._lock:
            self.carried = {THERE: 0, BACK: 0}
            self._left = {THERE: None, BACK: None, direction: after}
            self._stays_down = stays_down

    def mend(self) -> None:
        """Carry everything again."""
        with self._lock:
            self._left = {THERE: None, BACK: None}
            self.is_down = False

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                if self.is_down:
                    client.close()
                    continue
                server = socket.create_connection(self._there)
                for each in (client, server):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                pair = client, server
                self._pairs.append(pair)
                Thread(target=self._carry, args=(pair, client, server, THERE), daemon=True).start()
                Thread(target=self._carry, args=(pair, server, client, BACK), daemon=True).start()

    def _carry(
        self, pair: tuple[socket.socket, socket.socket], source: socket.socket, target: socket.socket, way: str
    ) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                with self._lock:
                    left = self._left[way]
                    passes = data if left is None else data[:left]
                    self.carried[way] += len(passes)
                    target.sendall(passes)
                    if left is not None:
                        self._left[way] = left - len(passes)
                        if left <= len(data):
                            self._cut()
                            break
        _end(pair)

    def _cut(self) -> None:
        self._left = {THERE: None, BACK: None}
        self.is_down = self._stays_down
        self.cuts += 1


def _end(pair: tuple[socket.socket, socket.socket]) -> None:
    for each in pair:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


class CutAtThePush(PostgresHub):
    """A hub over such a way, armed at the moment a push begins."""

    def __init__(self, way: Cutting, url: str, password: str | None) -> None:
        super().__init__(url, password=password)
        self._way = way
        self.plan: tuple[str, int | None, bool] = (THERE, None, False)

    def push(self, device_id: str, schema: int, ops: Sequence[HubOp]) -> tuple[Receipt, ...]:
        direction, after, stays_down = self.plan
        self._way.arm(direction, after, stays_down=stays_down)
        try:
            return super().push(device_id, schema, ops)
        finally:
            self.carried = dict(self._way.carried)
