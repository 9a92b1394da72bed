"""Whom we believe on the network: the system's own certificate authorities, and the council's where a file names it.

Imported where a connection is first made and never earlier: requests and truststore are slow to import.
"""

import logging
import ssl
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import requests
import truststore
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from member_tracker import __version__
from member_tracker.domain.errors import Invalid

CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0


def ssl_context(ca_file: str) -> ssl.SSLContext:
    """A context that trusts what the system trusts and, where `ca_file` is named, the authorities in that PEM file.

    Raises `Invalid` where the file is not there or holds no certificate.
    """
    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ValueError) as problem:
            raise Invalid(
                f"The certificate file {ca_file} cannot be used.",
                advice="Choose the file in which your council's certificate authority stands as text (PEM).",
            ) from problem
    return context


class TrustingAdapter(HTTPAdapter):
    """The transport of requests with our context instead of the list of authorities that comes with requests."""

    def __init__(self, context: ssl.SSLContext, *, connections: int = 2) -> None:
        self._context = context
        super().__init__(pool_connections=connections, pool_maxsize=connections, max_retries=0, pool_block=True)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool: Any) -> None:  # noqa: ANN401 - as in requests
        """As requests does, with our context."""
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._context, **pool)

    def proxy_manager_for(self, proxy: str, **manager: Any) -> Any:  # noqa: ANN401 - as in requests
        """As requests does, with our context."""
        return super().proxy_manager_for(proxy, ssl_context=self._context, **manager)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ANN401 - as in requests
        """As requests does, but without adding its own list of authorities to the context."""
        if verify is True and not cert:
            conn.cert_reqs = "CERT_REQUIRED"
            return
        super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]  # its stub has no types


class Session(requests.Session):
    """A session of requests in which `carry` takes the short way."""

    def __init__(self) -> None:
        super().__init__()
        self._settings: dict[tuple[str, str], Mapping[str, Any]] = {}

    def carry(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes,
        auth: AuthBase,
        timeout: tuple[float, float],
    ) -> requests.Response:
        """The whole answer to a request that carries its own leave: without cookies, redirects or a netrc file.

        The address is taken as it stands. What the system and the environment say of proxies and certificates is looked
        up once for each server, and again when one was not reached.
        """
        request = requests.PreparedRequest()
        request.method, request.url = method, url
        request.prepare_headers({**self.headers, **headers})
        request.prepare_body(body, None)
        request.prepare_auth(auth)
        try:
            answer = self.get_adapter(url).send(request, timeout=timeout, **self._settings_for(url))
            _ = answer.content  # to its end, as long as the connection is ours
        except requests.RequestException:
            self._settings.clear()
            raise
        return answer

    def _settings_for(self, url: str) -> Mapping[str, Any]:
        server = urlsplit(url)[:2]
        found = self._settings.get(server)
        if found is None:
            found = self._settings[server] = self.merge_environment_settings(url, {}, None, None, None)
        return found


def new_session(ca_file: str, *, connections: int) -> Session:
    """A session of requests that trusts as `ssl_context` says; proxies come from the system or the environment."""
    for library in ("urllib3", "msal"):  # they log addresses with tokens in them, and what servers say of users
        logging.getLogger(library).setLevel(logging.CRITICAL)
    session = Session()
    adapter = TrustingAdapter(ssl_context(ca_file), connections=connections)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.headers["User-Agent"] = f"MemberTracker/{__version__}"
    return session


def must_be_safe(url: str) -> str:
    """The address itself; raises `Invalid` unless it is https, or http to this computer."""
    parts = urlsplit(url)
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))):
        return url
    raise Invalid(
        "The address of the server is not a safe one.",
        advice="It must begin with https://; anything else could be read on the way.",
    )


def is_loopback(host: str) -> bool:
    """Whether this computer itself answers under the name."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
