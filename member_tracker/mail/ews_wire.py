"""How exchangelib is made to travel: whose certificates it believes, and what a bare HTTP answer means.

exchangelib has one adapter class and one protocol cache for the whole process, so the council's certificate authority
is kept here by host.
"""

import logging
import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
from exchangelib.protocol import BaseProtocol, FailFast
from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool

from member_tracker.domain.errors import Invalid, TrackerError, Unavailable
from member_tracker.mail import ews_errors as told
from member_tracker.mail.headers import time_of
from member_tracker.mail.tls import ssl_context

if TYPE_CHECKING:
    from requests.adapters import _HostParams, _PoolKwargs

TIMEOUT = 30  # seconds without a byte

_authorities: dict[str, str] = {}  # host -> file of certificates
_contexts: dict[tuple[str, int], ssl.SSLContext] = {}  # file of certificates ("": the system's own) and its time


def prepare() -> None:
    """Set exchangelib's process-wide switches: our adapter and time-outs, and not a word in the log.

    It logs whole requests when something fails, and they hold residents' words.
    """
    BaseProtocol.HTTP_ADAPTER_CLS = CouncilAdapter
    BaseProtocol.TIMEOUT = TIMEOUT
    for name in ("exchangelib", "spnego", "requests_ntlm", "urllib3", "oauthlib", "requests_oauthlib"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def host_of(url: str) -> str:
    """The name of the server in an address; raises `Invalid` where there is none."""
    try:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname:
            return parts.hostname
    except ValueError:
        pass
    raise Invalid(
        "The server's address is missing or cannot be read.",
        advice="Write it as https://mail.example.org/EWS/Exchange.asmx, or let it be found by itself.",
    )


def believe(host: str, ca_file: str) -> None:
    """Let certificates of this authority count for this server (empty: the system's own alone)."""
    _context(ca_file)
    _authorities[host] = ca_file


def _context(ca_file: str) -> ssl.SSLContext:
    """Whom to believe; read again where the file has changed, as it does when an authority is renewed."""
    try:
        stamp = Path(ca_file).stat().st_mtime_ns if ca_file else 0
    except OSError:
        stamp = -1  # it is not there, which the next line says in words
    if (ca_file, stamp) not in _contexts:
        _contexts[ca_file, stamp] = ssl_context(ca_file)
    return _contexts[ca_file, stamp]


class CouncilAdapter(HTTPAdapter):
    """Believes whom the operating system believes, and the authority named for the server.

    Where no authority is named, a bundle in REQUESTS_CA_BUNDLE is honoured instead.
    """

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: bool | str, cert: str | tuple[str, str] | None = None
    ) -> "tuple[_HostParams, _PoolKwargs]":
        """The context of the server's authority in place of requests' own."""
        host, options = super().build_connection_pool_key_attributes(request, verify, cert)
        if host["scheme"] == "https" and _is_ours(str(host["host"]), verify):
            options.pop("ca_certs", None)
            options["ssl_context"] = _context(_authorities.get(str(host["host"]), ""))
        return host, options

    def cert_verify(
        self, conn: HTTPSConnectionPool, url: str, verify: bool | str, cert: str | tuple[str, str] | None
    ) -> None:
        """Leave out the certificates requests carries with it; the chain is checked all the same."""
        super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]  # so in requests' types
        if url.lower().startswith("https") and _is_ours(urlsplit(url).hostname or "", verify):
            conn.ca_certs = None


def _is_ours(host: str, verify: bool | str) -> bool:
    return verify is True or (isinstance(verify, str) and bool(_authorities.get(host)))


class Policy(FailFast):  # type: ignore[misc]  # exchangelib has no types
    """Never tries again by itself, and says what a bare HTTP answer means."""

    def __init__(self, about: told.Subject) -> None:
        self._about = about

    def raise_response_errors(self, response: requests.Response) -> None:
        """Return where there is an answer to read (exchangelib asks this of every one); raise what it means else."""
        status = response.status_code
        if status == requests.codes.ok or (status == requests.codes.server_error and b"nvelope" in response.content):
            return
        raise self._meaning(response, status)

    def _meaning(self, response: requests.Response, status: int) -> TrackerError:
        host = self._about.host
        if status == requests.codes.unauthorized:
            locked = b"currently locked out" in response.content
            return told.locked_out(self._about) if locked else told.sign_in_refused(self._about)
        if status == requests.codes.forbidden:
            return told.switched_off() if self._about.is_microsoft else told.not_for_programs(self._about)
        if status in {requests.codes.too_many_requests, requests.codes.service_unavailable}:
            return told.busy(host, _retry_after(response))
        if status == requests.codes.request_entity_too_large:
            return told.too_large(self._about)
        if status == requests.codes.proxy_authentication_required:
            return Unavailable(
                "The network's proxy wants a name and password.",
                advice="Ask your IT service desk how programs get through the proxy; HTTPS_PROXY may name another.",
            )
        if 300 <= status < 400:
            return told.not_understood(host, f"it points to another address, HTTP {status}")
        code = re.sub(r"[^A-Za-z0-9]", "", response.headers.get("X-CasErrorCode", "").removeprefix("CAS error:"))[:80]
        if 400 <= status < 500:
            return told.not_understood(host, code or f"HTTP {status}")
        return Unavailable(
            f"The mail server {host} has trouble of its own ({code or f'HTTP {status}'}).",
            advice="Try again later. If it lasts, tell your Exchange administrator.",
        )


def _retry_after(response: requests.Response) -> float | None:
    """The seconds the server wants to be left alone; a moment it names is counted from its own clock (RFC 9110)."""
    value = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", value):
        return float(value)
    until, said_at = time_of(value), time_of(response.headers.get("Date", ""))
    return max(0.0, (until - said_at).total_seconds()) if until and said_at else None


# --- connections that fail


def broken(error: BaseException, about: told.Subject) -> TrackerError:
    """What a failed connection means: no way, a certificate nobody believes, a proxy in between."""
    names = {type(one).__name__: one for one in _causes(error)}
    for name in ("SSLCertVerificationError", "CertificateError", "SSLError"):
        if name in names:
            return told.not_trusted(about.host, _fault_of_certificate(str(names[name])))
    reason = next((words for name, words in _REASONS if name in names), "")
    if not reason and _CUT & names.keys():
        return told.cut(about.host)
    return told.no_way(about.host, reason or "no connection")


_REASONS = (
    ("ProxyError", "the proxy does not let us through"),
    ("NameResolutionError", "its name is not found"),
    ("gaierror", "its name is not found"),
    ("ConnectTimeout", "no answer in time"),
    ("ReadTimeout", "no answer in time"),
    ("ConnectionRefusedError", "nobody answers there"),
)
_CUT = frozenset(
    {"ChunkedEncodingError", "ProtocolError", "IncompleteRead", "RemoteDisconnected", "ConnectionResetError"}
)


def _fault_of_certificate(text: str) -> str:
    lowered = text.lower()
    for sign, words in (
        ("hostname", "it is for another name"),
        ("not valid for", "it is for another name"),
        ("expired", "it has expired"),
        ("self", "it is signed by nobody known here"),
        ("issuer", "it is signed by nobody known here"),
        ("unknown ca", "it is signed by nobody known here"),
    ):
        if sign in lowered:
            return words
    return "the secure connection could not be made"


def _causes(error: object) -> Iterator[BaseException]:
    waiting, met = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in met:
            continue
        met.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
