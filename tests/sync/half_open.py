"""A way to a server that can fall silent without breaking, as a laptop's does when it leaves the building."""

import socket
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Self

from psycopg.conninfo import conninfo_to_dict


class HalfOpen:
    """Carries bytes to and fro while `lets_through` is set and drops them otherwise."""

    def __init__(self, url: str) -> None:
        there = conninfo_to_dict(url)
        self._there = str(there["host"]), int(str(there["port"]))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._sockets = [self._listening]
        self._accepting = Thread(target=self._accept, daemon=True)
        self._delay, self._never = 0.0, Event()
        self.port: int = self._listening.getsockname()[1]
        self.lets_through = Event()
        self.lets_through.set()

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._accepting.join()

    def holds_back(self, seconds: float) -> None:
        """Keep whatever comes so long before it is handed on."""
        self._delay = seconds

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(self._there)
                self._sockets += [client, server]
                Thread(target=self._carry, args=(client, server), daemon=True).start()
                Thread(target=self._carry, args=(server, client), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                self._never.wait(self._delay)
                if self.lets_through.is_set():
                    target.sendall(data)
