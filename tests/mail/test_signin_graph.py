"""Signing in and reading together, over TLS by the council's own authority."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from member_tracker.domain.errors import Invalid, Offline, SignInNeeded, Unavailable
from member_tracker.domain.mailboxes import Holds, SendingWay
from member_tracker.mail.graph import GraphMailbox
from tests.fakes.exchange_items import Right
from tests.fakes.exchange_world import World
from tests.fakes.graph_server import GraphServer
from tests.fakes.http_loopback import Authority
from tests.fakes.login_server import LoginServer
from tests.fakes.proxy import proxy
from tests.mail.graph_client import arriving
from tests.mail.signing_in import CLERK, SHARED, account_at, browser, login, ring_file, sign_in_at, wall_clock

__all__ = ["browser", "login", "ring_file"]

Browser = Callable[[str], bool]

READING = ("https://graph.microsoft.com/Mail.ReadWrite.Shared",)


@pytest.fixture
def world() -> World:
    made = World(wall_clock)
    made.add_mailbox(SHARED, "Member Services", shared=True)
    made.add_mailbox(CLERK, "Ann Clerk")
    made.grant(CLERK, SHARED, Right.FULL_ACCESS, Right.SEND_AS)
    made.deliver(SHARED, arriving(1))
    return made


@pytest.fixture
def server(world: World, login: LoginServer) -> Iterator[GraphServer]:
    authority = Authority(
        ca_file=login.ca_file,
        certificate_file=login.ca_file.with_name("server.pem"),
        key_file=login.ca_file.with_name("server-key.pem"),
    )
    directory = login.directory
    with GraphServer(world, accepts=directory.accepts, scopes_of=directory.scopes_of, authority=authority) as running:
        yield running


@pytest.mark.usefixtures("ring_file")
def test_a_clerk_signs_in_once_and_everything_is_allowed_that_the_program_does(
    server: GraphServer, login: LoginServer, browser: Browser, tmp_path: Path
) -> None:
    sign_in = sign_in_at(login, tmp_path / "tokens", browser)
    account = replace(account_at(login), url=server.url)
    mailbox = GraphMailbox(account, token=sign_in.token, now=wall_clock, wait=float)
    with pytest.raises(SignInNeeded):
        mailbox.arrivals(None)
    sign_in.sign_in()
    assert len(mailbox.arrivals(None).page) == 1
    proof = mailbox.prove()
    assert proof.way is SendingWay.SEND_ITEM
    assert {one.holds for one in proof.findings} == {Holds.YES}
    mailbox.close()


@pytest.mark.usefixtures("ring_file")
def test_a_token_that_was_revoked_is_renewed_without_anybody_noticing(
    server: GraphServer, login: LoginServer, browser: Browser, tmp_path: Path
) -> None:
    sign_in = sign_in_at(login, tmp_path / "tokens", browser)
    sign_in.sign_in()
    mailbox = GraphMailbox(replace(account_at(login), url=server.url), token=sign_in.token, now=wall_clock, wait=float)
    login.directory.revoke(CLERK)
    assert len(mailbox.arrivals(None).page) == 1
    mailbox.close()


def test_a_server_nobody_vouches_for_and_a_proxy_that_is_not_there_are_told_apart(
    server: GraphServer, login: LoginServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = replace(account_at(login), url=server.url)
    token = login.directory.issue(CLERK)
    stranger = GraphMailbox(replace(account, ca_file=""), token=lambda _: token, now=wall_clock, wait=float)
    with pytest.raises(Unavailable, match="certificate") as refused:
        stranger.arrivals(None)
    assert not isinstance(refused.value, Offline)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    behind = GraphMailbox(account, token=lambda _: token, now=wall_clock, wait=float)
    with pytest.raises(Offline, match="proxy"):
        behind.arrivals(None)
    stranger.close()
    behind.close()


def test_microsoft_365_is_reached_through_the_proxy(
    server: GraphServer, login: LoginServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = replace(account_at(login), url=server.url)
    token = login.directory.issue(CLERK, *READING)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with proxy() as between:
        monkeypatch.setenv("HTTPS_PROXY", between.url)
        mailbox = GraphMailbox(account, token=lambda _: token, now=wall_clock, wait=float)
        assert len(mailbox.arrivals(None).page) == 1
        mailbox.close()
        assert set(between.asked) == {urlsplit(server.url).netloc}


def test_proxies_are_looked_up_again_after_one_that_does_not_let_us_through(
    server: GraphServer, login: LoginServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = login.directory.issue(CLERK, *READING)
    mailbox = GraphMailbox(
        replace(account_at(login), url=server.url), token=lambda _: token, now=wall_clock, wait=float
    )
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with pytest.raises(Offline, match="proxy"):
        mailbox.arrivals(None)
    monkeypatch.setenv("NO_PROXY", "*")
    assert len(mailbox.arrivals(None).page) == 1
    mailbox.close()


def test_a_token_is_looked_up_once_for_a_page_and_anew_after_closing(server: GraphServer, login: LoginServer) -> None:
    asked: list[str | None] = []

    def token(claims: str | None) -> str:
        asked.append(claims)
        return login.directory.issue(CLERK, *READING)

    mailbox = GraphMailbox(replace(account_at(login), url=server.url), token=token, now=wall_clock, wait=float)
    mailbox.arrivals(None)
    assert asked == [None]
    mailbox.close()
    mailbox.arrivals(None)
    assert asked == [None, None]
    mailbox.close()


def test_a_certificate_file_that_is_none_is_named(server: GraphServer, login: LoginServer, tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("not a certificate", "utf-8")
    for file in (tmp_path / "none.pem", tmp_path / "missing.pem"):
        account = replace(account_at(login), url=server.url, ca_file=str(file))
        with pytest.raises(Invalid, match="certificate file") as refused:
            GraphMailbox(account, token=lambda _: "", now=wall_clock).arrivals(None)
        assert file.name in str(refused.value)
