"""Real HTTP on the loopback address for the test servers: keep-alive, TLS of a council's own authority, faults, a log.

A server of its own kind is a `LoopbackServer` that says what a request is called, who sends it and what it gets, and
how "too busy" and "wrong password" are put. It is a context manager; `faults` and `traffic` are in `http_faults.py`.
"""

import ssl
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from socket import SHUT_RDWR, socket
from threading import Lock, Thread
from time import thread_time
from typing import Self, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.fakes.http_faults import Cut, Faults, Served, Traffic, Trouble

LONGEST_BODY = 200_000_000


@dataclass(slots=True, eq=False)
class Connection:
    """One client's connection, with what signing in has left in it."""

    channel_binding: bytes = b""
    memory: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client asks: `path` without the query, `headers` by any case; `notes` are for the server itself."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    connection: Connection
    notes: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What it gets; Content-Length is added. `kept_alive` false closes the connection afterwards."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    kept_alive: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Files of a certificate authority of one's own and of a certificate it gave to this machine."""

    ca_file: Path
    certificate_file: Path
    key_file: Path


class LoopbackServer(ABC):
    """A server on 127.0.0.1, on any free port unless one is named."""

    def __init__(self, *, port: int = 0, authority: Authority | None = None) -> None:
        self.faults = Faults()
        self.traffic = Traffic()
        self.failures: list[BaseException] = []
        self._authority = authority
        self._server = _Server(port, self, authority)

    @property
    def root_url(self) -> str:
        """The address without a path, for example `http://127.0.0.1:40123`."""
        scheme = "http" if self._authority is None else "https"
        return f"{scheme}://127.0.0.1:{self._server.server_address[1]}"

    @abstractmethod
    def operation_of(self, request: Request) -> str:
        """What the request is called in the log and in faults."""

    @abstractmethod
    def signed_in(self, request: Request) -> str | Answer:
        """Who asks ("" where anybody may), or the answer that asks for a name and a password."""

    @abstractmethod
    def answer(self, request: Request, user: str) -> Answer:
        """Do what is asked."""

    @abstractmethod
    def busy(self, trouble: Trouble) -> Answer:
        """The answer of a server that is too busy."""

    @abstractmethod
    def refused(self, request: Request) -> Answer:
        """The answer to a wrong name or password."""

    def start(self) -> Self:
        """Serve in a thread."""
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def stop(self) -> None:
        """Break off every connection and give the port back."""
        self._server.shutdown()
        self._server.server_close()
        self._server.hang_up()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.stop()
        if kind is None:
            self.check()

    def check(self) -> None:
        """Raise what went wrong in the server itself; called at the end of a `with` that ends well."""
        if self.failures:
            raise self.failures[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, owner: LoopbackServer, authority: Authority | None) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.owner = owner
        self.open: set[socket] = set()
        self.lock = Lock()
        self.tls: ssl.SSLContext | None = None
        self.channel_binding = b""
        if authority is not None:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(authority.certificate_file, authority.key_file)
            certificate = x509.load_pem_x509_certificate(authority.certificate_file.read_bytes())
            self.channel_binding = certificate.fingerprint(hashes.SHA256())

    def get_request(self) -> tuple[socket, object]:
        connection, address = super().get_request()
        if self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        with self.lock:
            self.open.add(connection)
        self.owner.traffic.connection_changes(1)
        return connection, address

    def shutdown_request(self, request: object) -> None:
        connection = cast("socket", request)
        with self.lock:
            known = connection in self.open
            self.open.discard(connection)
        if known:
            self.owner.traffic.connection_changes(-1)
        super().shutdown_request(connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients may go whenever they like: only what goes wrong in an answer is a failure, and is kept there."""

    def hang_up(self) -> None:
        with self.lock:
            remaining = list(self.open)
        for connection in remaining:
            with suppress(OSError):
                connection.shutdown(SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.state = Connection(channel_binding=self.server.channel_binding)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the base class
        """Say nothing."""

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        owner = self.server.owner
        owner.traffic.request_changes(1)
        began = thread_time()
        try:
            self._serve_one(owner)
        except OSError:
            self.close_connection = True
        except Exception as error:
            owner.failures.append(error)
            self.close_connection = True
            raise
        finally:
            owner.traffic.note_time(thread_time() - began)
            owner.traffic.request_changes(-1)

    def _serve_one(self, owner: LoopbackServer) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), LONGEST_BODY)
        trouble = owner.faults.for_reading(length)
        if trouble is not None and trouble.cut is Cut.IN_REQUEST:
            self.rfile.read(min(trouble.after, length))
            self._break_off(Served(operation="", user="", status=0, bytes_in=length, bytes_out=0, cut=trouble.cut))
            return
        path, _, query = self.path.partition("?")
        request = Request(
            method=self.command,
            path=path,
            query=query,
            headers=cast("Mapping[str, str]", self.headers),
            body=self.rfile.read(length),
            connection=self.state,
        )
        self._answer(owner, request, trouble)

    def _answer(self, owner: LoopbackServer, request: Request, trouble: Trouble | None) -> None:
        operation = owner.operation_of(request)
        user = owner.signed_in(request)
        if isinstance(user, Answer):
            self._send(operation, "", request, user, trouble)
            return
        trouble = trouble or owner.faults.for_operation(operation)
        owner.faults.run_before(operation)
        if trouble is not None and trouble.cut is Cut.BEFORE_ACT:
            length = len(request.body)
            self._break_off(
                Served(operation=operation, user=user, status=0, bytes_in=length, bytes_out=0, cut=trouble.cut)
            )
            return
        answer = _troubled(owner, request, trouble)
        if answer is None:
            answer = owner.answer(request, user)
            owner.faults.run_after(operation)
        self._send(operation, user, request, answer, trouble)

    def _send(self, operation: str, user: str, request: Request, answer: Answer, trouble: Trouble | None) -> None:
        raw = self._head(answer) + (b"" if request.method == "HEAD" else answer.body)
        cut = Cut.NOWHERE
        if trouble is not None and trouble.cut is Cut.IN_ANSWER and trouble.after < len(raw):
            cut, raw = Cut.IN_ANSWER, raw[: trouble.after]
        served = Served(
            operation=operation,
            user=user,
            status=answer.status if raw else 0,
            bytes_in=len(request.body),
            bytes_out=len(raw),
            cut=cut,
        )
        if cut is Cut.IN_ANSWER:
            self.wfile.write(raw)
            self._break_off(served)
            return
        self.server.owner.traffic.note(served)
        self.wfile.write(raw)
        self.close_connection = self.close_connection or not answer.kept_alive

    def _head(self, answer: Answer) -> bytes:
        lines = [f"HTTP/1.1 {answer.status} {_reason(answer.status)}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        if answer.status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
            lines.append(f"Content-Length: {len(answer.body)}")
        if not answer.kept_alive:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _break_off(self, served: Served) -> None:
        self.server.owner.traffic.note(served)
        self.close_connection = True
        self.connection.shutdown(SHUT_RDWR)


def _troubled(owner: LoopbackServer, request: Request, trouble: Trouble | None) -> Answer | None:
    """The answer that stands in for doing what was asked; None when it is to be done."""
    if trouble is not None and trouble.refuse_sign_in:
        request.connection.memory.clear()
        return owner.refused(request)
    if trouble is not None and trouble.throttle is not None:
        return owner.busy(trouble)
    return None


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def make_ca(folder: Path) -> Authority:
    """A certificate authority in this folder, and its certificate for localhost and 127.0.0.1."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Council Authority")])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    ca_id = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())
    ca = _unsigned(ca_name, ca_name, ca_key.public_key())
    ca = ca.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).add_extension(
        ca_id, critical=False
    )
    ca = ca.add_extension(_usage(signs_certificates=True), critical=True)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))])
    own = _unsigned(name, ca_name, key.public_key()).add_extension(names, critical=False)
    own = own.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    own = own.add_extension(_usage(signs_certificates=False), critical=True)
    own = own.add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ca_id), critical=False)
    authority = Authority(
        ca_file=folder / "ca.pem", certificate_file=folder / "server.pem", key_file=folder / "server-key.pem"
    )
    authority.ca_file.write_bytes(ca.sign(ca_key, hashes.SHA256()).public_bytes(Encoding.PEM))
    authority.certificate_file.write_bytes(own.sign(ca_key, hashes.SHA256()).public_bytes(Encoding.PEM))
    authority.key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return authority


def _unsigned(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(datetime(2024, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2049, 1, 1, tzinfo=UTC))


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
