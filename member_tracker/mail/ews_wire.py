"""How exchangelib is made to travel: whose certificates it believes, how it signs in, and what a bare HTTP answer means.

exchangelib has one adapter class and one protocol cache for the whole process, so the council's certificate authority
is kept here by host.
"""

import base64
import logging
import re
import ssl
from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import requests
import truststore
from exchangelib.protocol import BaseProtocol, FailFast
from exchangelib.transport import AUTH_TYPE_MAP, BASIC, NOAUTH, NTLM
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from member_tracker.domain.errors import Invalid, NotAllowed, TrackerError, Unavailable
from member_tracker.domain.mailboxes import SignInWay
from member_tracker.mail import ews_errors as told

TIMEOUT = 30
KERBEROS = "kerberos"
AUTH_TYPES = {SignInWay.NTLM: NTLM, SignInWay.BASIC: BASIC, SignInWay.KERBEROS: KERBEROS}

_authorities: dict[str, str] = {}  # host -> file of certificates
_contexts: dict[str, ssl.SSLContext] = {}  # file of certificates ("": the system's own) -> whom to believe


def prepare() -> None:
    """Set exchangelib's process-wide switches: our adapter and time-outs, and not a word in the log.

    It logs whole requests when something fails, and they hold residents' words.
    """
    BaseProtocol.HTTP_ADAPTER_CLS = CouncilAdapter
    BaseProtocol.TIMEOUT = TIMEOUT
    AUTH_TYPE_MAP[KERBEROS] = NegotiateAuth
    for name in ("exchangelib", "spnego", "requests_ntlm", "oauthlib", "requests_oauthlib"):
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


def is_loopback(host: str) -> bool:
    """Whether this computer itself answers under the name."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def believe(host: str, ca_file: str) -> None:
    """Let certificates of this authority count for this server (empty: the system's own alone)."""
    _context(ca_file)
    _authorities[host] = ca_file


def _context(ca_file: str) -> ssl.SSLContext:
    if ca_file not in _contexts:
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if ca_file:
            try:
                context.load_verify_locations(cafile=ca_file)
            except OSError as problem:
                raise Invalid(
                    "The file of the council's certificate authority cannot be read.",
                    advice="Choose a file of certificates in PEM form (it begins with BEGIN CERTIFICATE).",
                ) from problem
        _contexts[ca_file] = context
    return _contexts[ca_file]


class CouncilAdapter(HTTPAdapter):
    """Believes whom the operating system believes, and the authority named for the server.

    A bundle named by REQUESTS_CA_BUNDLE is honoured instead where there is one.
    """

    def build_connection_pool_key_attributes(  # type: ignore[no-untyped-def]  # requests' own types are its own affair
        self, request, verify, cert=None
    ):
        """The context of the server's authority in place of requests' own."""
        host, options = super().build_connection_pool_key_attributes(request, verify, cert)
        if verify is True and host["scheme"] == "https":
            options["ssl_context"] = _context(_authorities.get(host["host"] or "", ""))
        return host, options

    def cert_verify(self, conn, url, verify, cert) -> None:  # type: ignore[no-untyped-def]  # as above
        """Leave out the certificates requests carries with it; the chain is checked all the same."""
        super().cert_verify(conn, url, verify, cert)
        if verify is True:
            conn.ca_certs = None


class Policy(FailFast):  # type: ignore[misc]  # exchangelib has no types
    """Never tries again by itself, and says what a bare HTTP answer means."""

    def __init__(self, about: told.Subject, now: Callable[[], datetime]) -> None:
        self._about = about
        self._now = now

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
            return told.busy(host, self._retry_after(response))
        if status == requests.codes.request_entity_too_large:
            return told.too_large()
        if status == requests.codes.proxy_authentication_required:
            return Unavailable(
                "The network's proxy wants a name and password.",
                advice="Ask your IT service desk how programs get through the proxy; HTTPS_PROXY may name another.",
            )
        if 300 <= status < 400:  # noqa: PLR2004  # the redirections of HTTP
            return told.not_understood(host, f"it points to another address, HTTP {status}")
        code = re.sub(r"[^A-Za-z0-9]", "", response.headers.get("X-CasErrorCode", "").removeprefix("CAS error:"))[:80]
        if 400 <= status < 500:  # noqa: PLR2004  # the refusals of HTTP
            return told.not_understood(host, code or f"HTTP {status}")
        return Unavailable(
            f"The mail server {host} has trouble of its own ({code or f'HTTP {status}'}).",
            advice="Try again later. If it lasts, tell your Exchange administrator.",
        )

    def _retry_after(self, response: requests.Response) -> float | None:
        value = response.headers.get("Retry-After", "").strip()
        if re.fullmatch(r"\d{1,9}", value):
            return float(value)
        try:
            return max(0.0, (parsedate_to_datetime(value) - self._now()).total_seconds())
        except (TypeError, ValueError):
            return None


# --- signing in


def offered(url: str, about: told.Subject) -> tuple[str, ...]:
    """exchangelib's names of the ways the server lets people sign in, best first, asked by one request without a name."""
    with BaseProtocol.raw_session(url) as session:
        try:
            response = session.post(url, data=b"", auth=_nobody, allow_redirects=False, timeout=TIMEOUT)
        except requests.RequestException as problem:
            raise broken(problem, about) from None
    said = response.headers.get("WWW-Authenticate", "")
    schemes = {one.lower() for one in re.findall(r"(?:^|,)\s*([A-Za-z]+)", said)}
    if response.status_code != requests.codes.unauthorized:
        return (NOAUTH,) if response.status_code in {200, 400, 500} else (NTLM, BASIC)
    ways = [way for name, way in (("ntlm", NTLM), ("basic", BASIC), ("negotiate", KERBEROS)) if name in schemes]
    if not ways:
        raise NotAllowed(
            f"The mail server {about.host} offers no way to sign in that this program knows.",
            advice="It may take only Microsoft's own sign-in. Ask your Exchange administrator for Windows "
            "authentication (NTLM) on the EWS virtual directory: Set-WebServicesVirtualDirectory "
            "-WindowsAuthentication $true.",
        )
    return tuple(ways)


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def must_be_safe(url: str, auth_type: str) -> None:
    """Raise `Invalid` where the password would travel for everybody to read."""
    if auth_type == BASIC and urlsplit(url).scheme != "https" and not is_loopback(host_of(url)):
        raise Invalid(
            "The password would travel unprotected: the server's address begins with http.",
            advice="Write the address with https, or sign in by Windows authentication (NTLM).",
        )


class NegotiateAuth(AuthBase):
    """Signs in with what the user signed in to Windows with (or a Kerberos ticket): RFC 4559."""

    def __init__(self, username: str | None = None, password: str | None = None) -> None:
        del username, password  # the ticket says who it is

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Connection"] = "Keep-Alive"
        request.register_hook("response", self._answer)
        return request

    def _answer(self, response: requests.Response, **options: object) -> requests.Response:
        if response.status_code != requests.codes.unauthorized:
            return response
        if "negotiate" not in response.headers.get("WWW-Authenticate", "").lower():
            return response
        return _negotiated(response, options)


def _negotiated(response: requests.Response, options: dict[str, object]) -> requests.Response:
    import spnego
    from spnego.exceptions import SpnegoError

    try:
        client = spnego.client(hostname=urlsplit(response.url).hostname, service="http", protocol="negotiate")
        token: bytes | None = client.step()
        for _ in range(3):
            response.content  # noqa: B018  # read to the end, so that the connection can be used again
            response.raw.release_conn()
            again = response.request.copy()
            again.headers["Authorization"] = "Negotiate " + base64.b64encode(token or b"").decode("ascii")
            response = response.connection.send(again, **options)  # type: ignore[attr-defined]  # requests sets it
            more = re.search(r"Negotiate ([A-Za-z0-9+/=]+)", response.headers.get("WWW-Authenticate", ""))
            if response.status_code != requests.codes.unauthorized or more is None:
                break
            token = client.step(base64.b64decode(more[1]))
    except (SpnegoError, ImportError, ValueError) as problem:
        raise Unavailable(
            "This computer has no Windows sign-in (Kerberos ticket) for the mail server.",
            advice="Sign in to Windows at the council's domain or get a ticket (kinit), or choose NTLM or a password "
            f"in the mailbox's settings. ({type(problem).__name__})",
        ) from None
    return response


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
