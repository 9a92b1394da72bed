"""Speaking to Microsoft Graph: one session, at most four connections, tokens where they belong, and good manners.

Imported where a mailbox is first used and never earlier: requests is slow to import.
"""

import base64
import binascii
import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import quote, urlencode, urlsplit

import requests
from requests.auth import AuthBase

from member_tracker.domain.errors import Offline, TrackerError, Unavailable
from member_tracker.domain.mailboxes import MailboxAccount
from member_tracker.domain.watching import UNWATCHED, Stopped, Watch
from member_tracker.mail.graph_errors import BUSY, Refusal, in_words
from member_tracker.mail.tls import CONNECT_SECONDS, READ_SECONDS, Session, must_be_safe, new_session

Json = Mapping[str, object]

GRAPH = "https://graph.microsoft.com/v1.0"
CONNECTIONS = 4  # what Graph allows an app at one mailbox at a time
PREFER = 'odata.maxpagesize=100, IdType="ImmutableId"'

_TRIES = 3
_SHORT_WAIT_SECONDS = 10.0
_SLICE_SECONDS = 0.5
_TOKEN_SECONDS = 5.0  # a token is looked up again after so long: that takes as long as fetching a small message
_CLAIMS = re.compile(r'claims="([^"]+)"', re.IGNORECASE)


class _Bearer(AuthBase):
    """Puts the token on a request; being an `auth`, it also keeps what a netrc file says off it."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Graph:
    """Requests to Graph for one mailbox. What it refuses is a `Refusal`; what does not get there is `Offline`."""

    def __init__(
        self,
        account: MailboxAccount,
        *,
        token: Callable[[str | None], str],
        now: Callable[[], datetime],
        wait: Callable[[float], object],
    ) -> None:
        self.account = account
        self.now = now
        self.base = must_be_safe((account.url or GRAPH).rstrip("/"))
        self.mailbox = f"{self.base}/users/{quote(account.address, safe='@')}"
        self.user = f"{self.base}/users/{quote(account.signs_in_as, safe='@')}"
        self._token = token
        self._token_lock = threading.Lock()
        self._token_at_hand = ""
        self._token_until = 0.0
        self._wait = wait
        self._session: Session | None = None
        self._lock = threading.RLock()

    def close(self) -> None:
        """Let go of the connections; the next request opens new ones."""
        with self._lock:
            session, self._session = self._session, None
            self._token_at_hand, self._token_until = "", 0.0
        if session is not None:
            session.close()

    @contextmanager
    def said_plainly(self) -> Iterator[None]:
        """Turns what Graph refuses into an error a person can act on."""
        problem: TrackerError | None = None
        try:
            yield
        except Refusal as refusal:
            problem = in_words(refusal, self.account)
        if problem is not None:
            raise problem

    def is_ours(self, link: str) -> bool:
        """Whether a link leads to the server we sign in to: a token is shown to no other."""
        mine, theirs = urlsplit(self.base), urlsplit(link)
        return (mine.scheme, mine.netloc.casefold()) == (theirs.scheme, theirs.netloc.casefold())

    def get(self, url: str, query: Mapping[str, str] | None = None, *, watch: Watch = UNWATCHED) -> Json:
        """What stands at an address."""
        return _json(self._send("GET", with_query(url, query), repeatable=True, watch=watch))

    def raw(self, url: str, *, watch: Watch = UNWATCHED) -> bytes:
        """The bytes at an address."""
        return self._send("GET", url, repeatable=True, watch=watch).content

    def ask(self, url: str, body: Json, *, prefer: str = "") -> Json:
        """What Graph answers to a question that changes nothing."""
        headers = {"Prefer": f"{PREFER}, {prefer}"} if prefer else {}
        return _json(self._send("POST", url, body=_written(body), headers=headers, repeatable=True))

    def create(self, url: str, body: Json) -> Json:
        """What was made; never tried a second time by itself."""
        return _json(self._send("POST", url, body=_written(body)))

    def create_from_mime(self, url: str, raw: bytes) -> Json:
        """The message made of these bytes; never tried a second time by itself."""
        return _json(self._send("POST", url, body=base64.b64encode(raw), headers={"Content-Type": "text/plain"}))

    def act(self, url: str) -> None:
        """Have something done; never tried a second time by itself."""
        self._send("POST", url)

    def change(self, url: str, body: Json) -> None:
        """Set properties, which may be done twice."""
        self._send("PATCH", url, body=_written(body), repeatable=True)

    def remove(self, url: str) -> None:
        """Delete what may be gone already."""
        try:
            self._send("DELETE", url, repeatable=True)
        except Refusal as refusal:
            if not refusal.is_gone:
                raise

    def elsewhere(self, method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Json:
        """Speak to an address that Graph gave us and that carries its own leave: our token is not shown there."""
        sent = self._once(method, must_be_safe(url), body, headers or {}, None)
        _must_be_good(sent, self.now())
        return _json(sent) if sent.content else {}

    def pause(self, seconds: float, watch: Watch = UNWATCHED) -> None:
        """Wait, unless somebody wants no more of it (`Stopped`)."""
        while seconds > 0:
            if watch.stop():
                raise Stopped
            self._wait(min(seconds, _SLICE_SECONDS))
            seconds -= _SLICE_SECONDS

    # --- one request -------------------------------------------------------------------------------------------------

    def _send(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
        watch: Watch = UNWATCHED,
    ) -> requests.Response:
        """The answer to a request; one that may be repeated is, after the short wait a busy server asks for."""
        tried, claims = 0, None
        while True:
            answer = self._once(method, url, body, headers or {}, self._leave(claims))
            tried += 1
            challenge = _challenge(answer)
            if challenge is not None and claims is None:
                claims = challenge
                continue
            if answer.status_code in BUSY and repeatable and tried < _TRIES:
                wait = _retry_after(answer, self.now())
                wait = 2.0**tried + secrets.randbelow(1000) / 1000 if wait is None else wait
                if wait <= _SHORT_WAIT_SECONDS:
                    self.pause(wait, watch)
                    continue
            _must_be_good(answer, self.now())
            return answer

    def _once(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str], token: str | None
    ) -> requests.Response:
        problem: TrackerError
        try:
            answer = self._opened().carry(
                method,
                url,
                headers={"Prefer": PREFER, "Content-Type": "application/json", **headers} if token else headers,
                body=body,
                auth=_Bearer(token),
                timeout=(CONNECT_SECONDS, READ_SECONDS),
            )
        except requests.RequestException as error:
            problem = not_reached(error)
        else:
            if _is_whole(answer):
                return answer
            problem = _broken_off()
        raise problem  # outside of the handler: the error of requests names the address, and that may hold a token

    def _leave(self, claims: str | None) -> str:
        """The token of some seconds ago, or a new one; always a new one where claims are to be met."""
        with self._token_lock:
            at = time.monotonic()
            if claims is not None or at >= self._token_until:
                self._token_until = 0.0
                self._token_at_hand = self._token(claims)
                self._token_until = at + _TOKEN_SECONDS
            return self._token_at_hand

    def _opened(self) -> Session:
        with self._lock:
            if self._session is None:
                self._session = new_session(self.account.ca_file, connections=CONNECTIONS)
            return self._session


def with_query(url: str, query: Mapping[str, str] | None) -> str:
    """The address with OData's options behind it, spaces as %20."""
    return f"{url}?{urlencode(query, quote_via=quote, safe='$(),:')}" if query else url


def segment(value: str) -> str:
    """An id as part of an address."""
    return quote(value, safe="")


def text(found: Json, name: str) -> str:
    """A text of an answer; empty where there is none."""
    value = found.get(name)
    return value if isinstance(value, str) else ""


def part(found: Json, name: str) -> Json:
    """An object of an answer; empty where there is none."""
    value = found.get(name)
    return value if isinstance(value, dict) else {}


def rows(found: Json, name: str = "value") -> list[Json]:
    """The objects of a list in an answer."""
    values = found.get(name)
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


def moment(found: Json, name: str) -> datetime | None:
    """A time of an answer in UTC; None where there is none."""
    try:
        when = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text(found, name)))
    except ValueError:
        return None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def odata_time(when: datetime) -> str:
    """A time as a filter takes it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _written(body: Json) -> bytes:
    return json.dumps(body).encode()


def _json(answer: requests.Response) -> Json:
    try:
        found = json.loads(answer.content)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    if "html" not in answer.headers.get("Content-Type", ""):
        raise _broken_off()
    raise Unavailable(
        "What came back is no answer of Microsoft Graph.",
        advice="Something stands between this computer and Microsoft 365, such as a page that asks you to sign in to "
        "the network. Open a web page to see, then try again.",
    )


def _is_whole(answer: requests.Response) -> bool:
    """Whether the answer says how long it is: one cut off within its head would else count as an empty one."""
    if answer.status_code == HTTPStatus.NO_CONTENT or "Transfer-Encoding" in answer.headers:
        return True
    return answer.headers.get("Content-Length", "").isdigit()


def _broken_off() -> Offline:
    return Offline(
        "The answer of Microsoft 365 broke off.",
        advice="Everything can be done offline; mail goes and comes by itself when there is a connection.",
    )


def _must_be_good(answer: requests.Response, now: datetime) -> None:
    if answer.status_code >= HTTPStatus.MULTIPLE_CHOICES:
        raise Refusal(answer.status_code, _codes(answer), wait_seconds=_retry_after(answer, now))


def _codes(answer: requests.Response) -> tuple[str, ...]:
    """The codes in the body of a refusal, the outermost first; only what looks like a code is believed."""
    try:
        error: object = json.loads(answer.content)
    except ValueError:
        return ()
    codes: list[str] = []
    inside: object = error.get("error") if isinstance(error, dict) else None
    while isinstance(inside, dict) and len(codes) < 5:
        code = inside.get("code")
        if isinstance(code, str) and re.fullmatch(r"[\w.]{1,80}", code):
            codes.append(code)
        inside = inside.get("innerError") or inside.get("innererror")
    return tuple(codes)


def _retry_after(answer: requests.Response, now: datetime) -> float | None:
    """The seconds to wait: Retry-After is a number or a date (RFC 9110, 10.2.3)."""
    said = answer.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,6}(\.\d+)?", said):
        return float(said)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
    return max(0.0, (until - now).total_seconds())


def _challenge(answer: requests.Response) -> str | None:
    """The claims a new token must have (continuous access evaluation), as JSON; None where none are asked for."""
    if answer.status_code != HTTPStatus.UNAUTHORIZED:
        return None
    found = _CLAIMS.search(answer.headers.get("WWW-Authenticate", ""))
    if found is None:
        return None
    encoded = found[1].encode("ascii", "ignore")
    try:
        return base64.b64decode(encoded + b"=" * (-len(encoded) % 4), altchars=b"-_").decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None


def not_reached(error: requests.RequestException) -> TrackerError:
    """Why a request got no answer, in words; nothing of its address is in them."""
    if isinstance(error, requests.exceptions.SSLError):
        return Unavailable(
            "The server does not prove who it is with a certificate this computer knows.",
            advice="If your council looks into encrypted traffic, name its certificate file in the mailbox's settings; "
            "ask your administrator for it.",
        )
    if isinstance(error, requests.exceptions.ProxyError):
        return Offline(
            "The proxy does not let us through.", advice="Ask your administrator about the proxy's settings."
        )
    if isinstance(error, requests.ConnectionError | requests.Timeout | requests.exceptions.ChunkedEncodingError):
        return Offline(
            "Microsoft 365 cannot be reached just now.",
            advice="Everything can be done offline; mail goes and comes by itself when there is a connection.",
        )
    return Unavailable(
        f"The request to Microsoft 365 could not be made ({type(error).__name__}).",
        advice="Check the mailbox's address and server in the settings.",
    )
