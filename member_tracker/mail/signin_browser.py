"""Signing in with the system's browser: we listen on this computer until the answer comes, for three minutes at most.

RFC 8252; the waiting is our own because msal's cannot be stopped when somebody just closes the page.
"""

import threading
import time
import webbrowser
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from member_tracker.domain.errors import Unavailable
from member_tracker.domain.watching import Stopped, Watch

TIMEOUT_SECONDS = 180.0

_SLICE_SECONDS = 0.2
_LONGEST_ANSWER = 100_000
_PAGE = (
    "<!doctype html><html lang='en'><meta charset='utf-8'><title>Member Tracker</title>"
    "<p>{}</p><p>You can close this page and go back to Member Tracker.</p></html>"
)


class NoBrowser(Unavailable):
    """There is no browser to sign in with."""


class Callback(ThreadingHTTPServer):
    """The address on this computer to which the sign-in page sends the browser back."""

    daemon_threads = True
    block_on_close = False
    timeout = _SLICE_SECONDS

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: dict[str, str] = {}
        self.state = ""
        self.came = threading.Event()

    @property
    def address(self) -> str:
        """Where the browser is to be sent back to."""
        return f"http://localhost:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is nothing to speak of."""

    def wait(self, watch: Watch, seconds: float) -> Mapping[str, str]:
        """The answer of the sign-in page; raises `Stopped`, or `Unavailable` when nobody has signed in by then."""
        began = time.monotonic()
        while not self.came.is_set():
            passed = time.monotonic() - began
            if watch.stop():
                raise Stopped
            if passed >= seconds:
                raise Unavailable(
                    "Nobody signed in on the page that was opened in the browser.",
                    advice="Try again. If the page showed an error, tell your administrator what it said.",
                )
            watch.progress("Waiting for you to sign in in the browser", passed / seconds)
            self.handle_request()
        return self.answer


class _Handler(BaseHTTPRequestHandler):
    """Takes the answer as a posted form with the state we gave; anything else is not for us."""

    server: Callback
    timeout = 10

    def do_POST(self) -> None:
        """The sign-in page's answer."""
        length = self.headers.get("Content-Length", "")
        size = int(length) if length.isdigit() else 0
        form = dict(parse_qsl(self.rfile.read(size).decode("ascii", "replace"))) if size <= _LONGEST_ANSWER else {}
        if not self.server.state or form.get("state") != self.server.state:
            self._say(400, "This is not the answer that was expected.")
            return
        self._say(200, "The sign-in was not completed." if "error" in form else "You are signed in.")
        self.server.answer = form
        self.server.came.set()

    def do_GET(self) -> None:
        """Whatever else a browser asks for, such as an icon."""
        self._say(404, "There is nothing here.")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Write nothing: what is asked for here is secret."""

    def _say(self, status: int, words: str) -> None:
        page = _PAGE.format(words).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(page)


def show(url: str, open_browser: Callable[[str], bool] | None) -> None:
    """Open a page in the system's browser; raises `NoBrowser` where none opens."""
    try:
        opened = (open_browser or webbrowser.open)(url)
    except (OSError, webbrowser.Error):
        opened = False
    if not opened:
        raise NoBrowser(
            "No browser could be opened to sign in with.",
            advice="Choose a default browser on this computer, or allow the sign-in by code in the mailbox's settings.",
        )
