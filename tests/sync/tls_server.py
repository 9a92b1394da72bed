"""A PostgreSQL that speaks TLS, from the packages of the system, and certificates of an authority of our own."""

import os
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from member_tracker.sync.practice_server import PracticeServer, start_server

NAME = "hub.example.org"
_LONG_AGO, _LONG_AFTER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)
_WHERE_PACKAGES_PUT_IT = Path("/usr/lib/postgresql")


def programs_of_the_system() -> Path | None:
    """The newest PostgreSQL from 15 on that a package has put here; None where there is none."""
    found = [each for each in _WHERE_PACKAGES_PUT_IT.glob("*/bin/postgres") if float(each.parts[-3]) >= 15]
    return max(found, key=lambda each: float(each.parts[-3])).parent if found else None


@dataclass(kw_only=True)
class Authority:
    """Somebody who vouches for servers."""

    name: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def _subject(self) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])

    def certificate(self) -> bytes:
        """Its own certificate, as clients keep it."""
        public = self.key.public_key()
        built = _certificate(self._subject, self._subject, public, until=_LONG_AFTER).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        return built.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def vouch(self, name: str, *, until: datetime = _LONG_AFTER) -> tuple[bytes, bytes]:
        """A certificate for a server of that name, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        built = _certificate(subject, self._subject, key.public_key(), until=until).add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False
        )
        return built.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM), key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def _certificate(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, *, until: datetime
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        issuer_name=issuer, subject_name=subject, public_key=public, serial_number=x509.random_serial_number(),
        not_valid_before=_LONG_AGO, not_valid_after=until,
    )  # fmt: skip


@dataclass(kw_only=True)
class TlsServer:
    """A server that shows whatever certificate it is given."""

    folder: Path
    authority: Authority
    server: PracticeServer

    @classmethod
    def started(cls, folder: Path, programs: Path) -> "TlsServer":
        """A server with a good certificate."""
        authority = Authority(name="Council authority")
        (folder / "council-ca.pem").write_bytes(authority.certificate())
        _keep(folder, *authority.vouch(NAME))
        settings = ("ssl = on", f"ssl_cert_file = '{folder}/server.crt'", f"ssl_key_file = '{folder}/server.key'")
        server = start_server(folder, settings=settings, programs=programs)
        return cls(folder=folder, authority=authority, server=server)

    @property
    def ca(self) -> Path:
        """The certificate of its authority."""
        return self.folder / "council-ca.pem"

    def address(self, database: str, *, name: str = NAME, ca: Path | None = None) -> str:
        """How a laptop would write the hub's address, if that name led here."""
        named = f"&sslrootcert={ca}" if ca else ""
        return f"postgresql://abara@{name}:{self.server.port}/{database}?hostaddr=127.0.0.1{named}"

    def show(self, certificate: bytes, key: bytes) -> None:
        """Show another certificate from now on."""
        self.server.stop()
        _keep(self.folder, certificate, key)
        self.server = self.server.start()

    def speak(self, *, plainly: bool) -> None:
        """Speak without TLS from now on, or with it again."""
        self.server.stop()
        with (self.server.data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(f"ssl = {'off' if plainly else 'on'}\n")
        self.server = self.server.start()


def _keep(folder: Path, certificate: bytes, key: bytes) -> None:
    (folder / "server.crt").write_bytes(certificate)
    kept = folder / "server.key"
    kept.write_bytes(key)
    kept.chmod(0o600)
    if os.geteuid() == 0:
        shutil.chown(kept, "nobody")
