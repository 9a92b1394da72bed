"""What every test may ask for, and what it is kept from: the screen, the keyring, the home of whoever runs it.

A system believes more than a hundred authorities, and to read them all for each connection takes longer than most
tests; here it believes one, which has vouched for nobody.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.sync.postgres_server import TestServer

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("default", deadline=None, max_examples=100, print_blob=True)
settings.register_profile("quick", deadline=None, max_examples=20)
settings.register_profile(
    "soak", deadline=None, max_examples=5_000, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session", autouse=True)
def _a_home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Send whatever would go to somebody's own folders into a scratch one, in this process and in those it starts."""
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "LOCALAPPDATA", "APPDATA"):
        os.environ[name] = str(home / name.lower())
    for name in ("MEMBER_TRACKER_PROFILE", "MEMBER_TRACKER_PASSPHRASE"):
        os.environ.pop(name, None)


@pytest.fixture(scope="session", autouse=True)
def _few_believed(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let the system believe one authority that vouches for nobody, in this process and in those it starts."""
    from tests.sync.tls_server import Authority

    folder = tmp_path_factory.mktemp("authorities")
    believed = folder / "believed.pem"
    believed.write_bytes(Authority(name="Believed by the system").certificate())
    os.environ["SSL_CERT_FILE"], os.environ["SSL_CERT_DIR"] = str(believed), str(folder)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        os.environ.pop(name, None)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder that holds the whole project."""
    return ROOT


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder of reference material beside the project; tests that read it are skipped where it is missing."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder of reference material (shared, beside the project) is not here")
    return folder


@pytest.fixture(scope="session")
def pg_server() -> "Iterator[TestServer]":
    """A real PostgreSQL server, one for each process that runs tests, stopped when they are over."""
    from tests.sync.postgres_server import server_for_tests

    with server_for_tests() as server:
        yield server
