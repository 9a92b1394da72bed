"""Mail goes through the council's proxy, TLS from end to end."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from member_tracker.domain.mailboxes import SignInWay
from tests.fakes.http_loopback import make_ca
from tests.fakes.proxy import Proxy, proxy
from tests.mail.ews_office import all_of, mail_in, office


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A proxy that everything goes through."""
    with proxy() as made:
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HTTPS_PROXY", made.url)
        yield made


@pytest.mark.parametrize("way", [SignInWay.NTLM, SignInWay.BASIC])
def test_an_exchange_server_is_reached_through_the_proxy(between: Proxy, tmp_path: Path, way: SignInWay) -> None:
    authority = make_ca(tmp_path)
    with office(authority=authority) as place:
        place.arrive()
        assert len(mail_in(all_of(place.box(ca_file=str(authority.ca_file), sign_in=way)))) == 1
        assert set(between.asked) == {urlsplit(place.server.root_url).netloc}


def test_no_proxy_leaves_it_out(between: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    authority = make_ca(tmp_path)
    with office(authority=authority) as place:
        assert place.box(ca_file=str(authority.ca_file), sign_in=SignInWay.NTLM).arrivals(None).page == ()
    assert between.asked == []
