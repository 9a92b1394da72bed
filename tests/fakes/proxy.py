"""A proxy of this machine: whoever is to be reached is named by CONNECT, and bytes go through in both directions."""

import selectors
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


class Proxy(ThreadingTCPServer):
    """Lets through whoever asks to be; `asked` names each place that was asked for, such as 127.0.0.1:443."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        """What HTTPS_PROXY says of it."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Tunnel(StreamRequestHandler):
    server: Proxy

    def handle(self) -> None:
        """Read who is to be reached, then carry bytes until one side has no more."""
        place = self.rfile.readline().split()[1].decode()
        while self.rfile.readline().strip():
            pass
        self.server.asked.append(place)
        host, _, port = place.rpartition(":")
        with closing(socket.create_connection((host, int(port)))) as other:
            self.connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            _carry(self.connection, other)


def _carry(one: socket.socket, other: socket.socket) -> None:
    with selectors.DefaultSelector() as either:
        either.register(one, selectors.EVENT_READ, other)
        either.register(other, selectors.EVENT_READ, one)
        while True:
            for ready, _events in either.select():
                try:
                    found = ready.fileobj.recv(65_536)  # type: ignore[union-attr]  # only sockets are registered
                    ready.data.sendall(found)
                except OSError:
                    return
                if not found:
                    return


@contextmanager
def proxy() -> Iterator[Proxy]:
    """A proxy for one test."""
    with Proxy() as made:
        thread = Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield made
        finally:
            made.shutdown()
            thread.join()
