"""Whose word is taken for a hub's name: the authorities this computer trusts, where no other is named."""

import atexit
import os
import shutil
import ssl
import tempfile
from functools import lru_cache
from pathlib import Path

SYSTEM = "system"
_NAMED = "SSL_CERT_FILE"
_WHERE_SYSTEMS_KEEP_THEM = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


def authorities(named: str | None) -> str:
    """What to hand to libpq as `sslrootcert`: the file an address names, else the system's authorities in a file.

    libpq's own word for the latter, `system`, asks the OpenSSL it was built with, and the one in psycopg's wheels
    looks into a folder that no system has; so it is only the last resort.
    """
    if named and named != SYSTEM:
        return named
    found = [os.environ.get(_NAMED), ssl.get_default_verify_paths().cafile, *_WHERE_SYSTEMS_KEEP_THEM]
    for place in found:
        if place and Path(place).is_file():
            return place
    return _written_out() or SYSTEM


@lru_cache(maxsize=1)
def _written_out() -> str | None:
    """The authorities of a system that keeps them in no file (Windows), put into one; None where it has none."""
    certificates = ssl.create_default_context().get_ca_certs(binary_form=True)
    if not certificates:
        return None
    folder = Path(tempfile.mkdtemp(prefix="member-tracker-authorities-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "authorities.pem"
    file.write_text("".join(map(ssl.DER_cert_to_PEM_cert, certificates)), encoding="ascii")
    return str(file)
