"""How a user signs in to an Exchange Server: by what it offers, best first, and never with a password in clear."""

import base64
import re
from typing import Any, cast
from urllib.parse import urlsplit

import requests
import spnego
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from exchangelib.protocol import BaseProtocol
from exchangelib.transport import AUTH_TYPE_MAP, BASIC, NOAUTH, NTLM
from requests.auth import AuthBase
from spnego.channel_bindings import GssChannelBindings
from spnego.exceptions import SpnegoError

from member_tracker.domain.errors import Invalid, NotAllowed, Unavailable
from member_tracker.domain.mailboxes import SignInWay
from member_tracker.mail import ews_errors as told
from member_tracker.mail import ews_wire as wire
from member_tracker.mail.tls import is_loopback

KERBEROS = "kerberos"
AUTH_TYPES = {SignInWay.NTLM: NTLM, SignInWay.BASIC: BASIC, SignInWay.KERBEROS: KERBEROS}


def offered(url: str, about: told.Subject) -> tuple[str, ...]:
    """The ways the server lets people sign in, best first, by exchangelib's names: asked without giving a name."""
    with BaseProtocol.raw_session(url) as session:
        try:
            response = session.post(url, data=b"", auth=_nobody, allow_redirects=False, timeout=wire.TIMEOUT)
        except requests.RequestException as problem:
            raise wire.broken(problem, about) from None
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
    if auth_type == BASIC and urlsplit(url).scheme != "https" and not is_loopback(wire.host_of(url)):
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
        request.register_hook("response", self._answer)  # type: ignore[no-untyped-call]  # so in requests' types
        return request

    def _answer(self, response: requests.Response, **options: object) -> requests.Response:
        if response.status_code != requests.codes.unauthorized:
            return response
        if "negotiate" not in response.headers.get("WWW-Authenticate", "").lower():
            return response
        return _negotiated(response, options)


def _negotiated(response: requests.Response, options: dict[str, object]) -> requests.Response:
    try:
        host = urlsplit(response.url).hostname or ""
        bindings = _bindings(response)
        client = spnego.client(hostname=host, service="http", protocol="negotiate", channel_bindings=bindings)
        token: bytes | None = client.step()
        for _ in range(3):
            response.content  # noqa: B018  # read to the end, so that the connection can be used again
            response.raw.release_conn()
            again = response.request.copy()
            again.headers["Authorization"] = "Negotiate " + base64.b64encode(token or b"").decode("ascii")
            response = response.connection.send(again, **cast("dict[str, Any]", options))
            more = re.search(r"Negotiate ([A-Za-z0-9+/=]+)", response.headers.get("WWW-Authenticate", ""))
            if response.status_code != requests.codes.unauthorized or more is None:
                break
            token = client.step(base64.b64decode(more[1]))
    except (SpnegoError, ImportError, ValueError) as problem:
        response.close()
        raise Unavailable(
            "This computer has no Windows sign-in (Kerberos ticket) for the mail server.",
            advice="Sign in to Windows at the council's domain or get a ticket (kinit), or choose NTLM or a password "
            f"in the mailbox's settings. ({type(problem).__name__})",
        ) from None
    return response


def _bindings(response: requests.Response) -> GssChannelBindings | None:
    """What ties the sign-in to this TLS connection (RFC 5929): Extended Protection wants it. None without TLS."""
    connection = getattr(response.raw, "connection", None)
    certificate = getattr(getattr(connection, "sock", None), "getpeercert", lambda _: None)(True)
    if not certificate:
        return None
    used = x509.load_der_x509_certificate(certificate).signature_hash_algorithm
    strong = used if used is not None and used.name not in {"md5", "sha1"} else hashes.SHA256()
    digest = hashes.Hash(strong)
    digest.update(certificate)
    return GssChannelBindings(application_data=b"tls-server-end-point:" + digest.finalize())


AUTH_TYPE_MAP[KERBEROS] = NegotiateAuth
