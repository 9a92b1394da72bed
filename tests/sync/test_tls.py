"""The hub over TLS: it must prove by a certificate that it is the hub, or nothing is said to it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from member_tracker.domain.errors import TrackerError, Unavailable
from member_tracker.sync.administration import Administration
from member_tracker.sync.authorities import authorities
from member_tracker.sync.practice_server import scratch_folder
from tests.sync.hub_place import COUNCIL, HubPlace
from tests.sync.one_laptop import OneLaptop, people_the_hub
from tests.sync.postgres_server import TestServer
from tests.sync.tls_server import NAME, Authority, TlsServer, programs_of_the_system

EXPIRED = datetime(2021, 1, 1, tzinfo=UTC)


@dataclass(kw_only=True)
class Secured:
    """A laptop with two changes to send, and a hub that speaks TLS."""

    tls: TlsServer
    place: HubPlace
    one: OneLaptop

    def address(self, *, name: str = NAME, ca: Path | None = None) -> str:
        return self.tls.address(self.place.database, name=name, ca=ca)

    def must_be_refused(self, url: str) -> TrackerError:
        """What the user is told; the outbox stays as it is and the password unsaid."""
        before = self.one.waiting()
        self.one.url = url
        with pytest.raises(Unavailable, match="does not prove that it is the hub") as told:
            self.one.sync()
        assert "Nothing was sent" in told.value.advice
        assert self.one.waiting() == before != ()
        return told.value


@pytest.fixture(scope="module")
def tls() -> Iterator[TlsServer]:
    """A server from the system's own PostgreSQL, with a good certificate."""
    programs = programs_of_the_system()
    if programs is None:
        pytest.skip("no PostgreSQL of the system's own is installed (Debian: postgresql)")
    folder = scratch_folder()
    try:
        started = TlsServer.started(folder, programs)
        yield started
        started.server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def secured(tls: TlsServer, tmp_path: Path) -> Iterator[Secured]:
    """A hub on that server, and a laptop that has joined it."""
    server = TestServer(superuser_url=tls.server.url(), own=tls.server)
    place = HubPlace(server=server, database=server.make_database())
    administration = Administration(place.url())
    administration.create(council_id=COUNCIL, person_id=None)
    administration.close()
    people_the_hub(place)
    one = OneLaptop.joined(tmp_path, place)
    one.log()
    place.close()
    yield Secured(tls=tls, place=place, one=one)
    one.store.close()
    server = TestServer(superuser_url=tls.server.url(), own=tls.server)
    server.drop_database(place.database, with_logins=True)


def test_a_hub_that_proves_its_name_is_spoken_to_and_over_tls_alone(secured: Secured) -> None:
    secured.one.url = secured.address(ca=secured.tls.ca)
    hub = secured.one.hub()
    assert secured.one.sync(hub).in_step
    with psycopg.connect(secured.tls.server.url(secured.place.database), autocommit=True) as inside:
        found = inside.execute(
            "SELECT s.ssl, s.version FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.usename = 'abara'"
        ).fetchall()
    hub.close()
    assert found == [(True, "TLSv1.3")]
    assert not secured.one.waiting()


def test_a_hub_under_another_name_or_of_an_unknown_authority_is_not_spoken_to(secured: Secured, tmp_path: Path) -> None:
    secured.must_be_refused(secured.address(name="other.example.org", ca=secured.tls.ca))
    stranger = tmp_path / "stranger.pem"
    stranger.write_bytes(Authority(name="Stranger").certificate())
    secured.must_be_refused(secured.address(ca=stranger))
    secured.must_be_refused(secured.address(ca=tmp_path / "missing.pem"))


def test_without_an_authority_in_the_address_those_the_system_trusts_are_asked(
    secured: Secured, monkeypatch: pytest.MonkeyPatch
) -> None:
    secured.must_be_refused(secured.address())
    secured.must_be_refused(f"{secured.address()}&sslrootcert=system")
    monkeypatch.setenv("SSL_CERT_FILE", str(secured.tls.ca))
    for url in (secured.address(), f"{secured.address()}&sslrootcert=system"):
        secured.one.url = url
        assert secured.one.sync().in_step


def test_a_hub_with_a_certificate_that_has_expired_is_not_spoken_to(secured: Secured) -> None:
    secured.tls.show(*secured.tls.authority.vouch(NAME, until=EXPIRED))
    secured.must_be_refused(secured.address(ca=secured.tls.ca))
    secured.tls.show(*secured.tls.authority.vouch(NAME))
    secured.one.url = secured.address(ca=secured.tls.ca)
    assert secured.one.sync().in_step


def test_a_hub_that_speaks_no_tls_is_not_spoken_to(secured: Secured) -> None:
    secured.tls.speak(plainly=True)
    secured.must_be_refused(secured.address(ca=secured.tls.ca))
    secured.tls.speak(plainly=False)
    secured.one.url = secured.address(ca=secured.tls.ca)
    assert secured.one.sync().in_step


def test_this_systems_own_authorities_are_found_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "BEGIN CERTIFICATE" in Path(authorities(None)).read_text(encoding="utf-8")
    assert authorities("system") == authorities(None)
    assert authorities("/etc/council.pem") == "/etc/council.pem"
