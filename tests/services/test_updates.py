"""Looking for updates: where the council says, once a day, saying nothing of anybody, and never more than told."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.errors import Invalid, NotAllowed, TooSlow, Unavailable
from member_tracker.mail.published import read_published
from member_tracker.policy import Policy
from member_tracker.services.parts import App
from member_tracker.services.updates import (
    Announcement,
    announcement_in,
    hide_announced,
    is_due,
    look_for_updates,
    look_when_due,
    set_updates_address,
    updates_here,
)
from tests.fakes.announcing import AnnouncingServer
from tests.fakes.http_loopback import make_ca
from tests.fakes.office import Office

NOTES = "https://it.example.org/member-tracker/9.1"


@pytest.fixture
def server() -> Iterator[AnnouncingServer]:
    """A web server that announces a newer version."""
    with AnnouncingServer() as made:
        made.announce(version="9.1", published="2026-12-01", notes_url=NOTES, words="On Thursday night.")
        yield made


def told_by_council(office: Office, address: str) -> App:
    app = office.app
    return replace(app, profile=replace(app.profile, policy=Policy(updates_address=address)))


def test_by_itself_the_program_looks_nowhere(office: Office) -> None:
    assert updates_here(office.app).address == ""
    assert not is_due(office.app)
    assert look_when_due(office.app).looked_at is None
    with pytest.raises(NotAllowed, match="No address is set"):
        look_for_updates(office.app)


def test_a_newer_version_is_told_with_the_words_of_the_council(office: Office, server: AnnouncingServer) -> None:
    found = look_when_due(told_by_council(office, server.address))
    assert found.by_council
    assert found.to_show == Announcement(
        version="9.1", published="2026-12-01", notes_url=NOTES, words="On Thursday night."
    )
    assert (found.title, found.looked_at) == ("", office.clock())


def test_the_request_says_nothing_of_anybody(
    office: Office, server: AnnouncingServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login vera password secret\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.headers = (("Set-Cookie", "who=vera"),)
    app = told_by_council(office, server.address)
    look_for_updates(app)
    look_for_updates(app)
    for asked in server.asked:
        assert (asked.method, asked.path, asked.query, asked.body) == ("GET", "/new.json", "", b"")
        headers = {name.casefold(): value for name, value in asked.headers.items()}
        assert headers == {
            "host": server.root_url.removeprefix("http://"),
            "user-agent": "MemberTracker",
            "accept": "application/json",
            "accept-encoding": "identity",
        }


def test_it_is_looked_at_once_a_day_whether_it_worked_or_not(office: Office, server: AnnouncingServer) -> None:
    server.status = 500
    for _ in range(3):
        look_when_due(told_by_council(office, server.address))
    assert len(server.asked) == 1
    office.clock.forward(hours=23)
    look_when_due(told_by_council(office, server.address))
    assert len(server.asked) == 1
    office.clock.forward(hours=1)
    look_when_due(told_by_council(office, server.address))
    assert len(server.asked) == 2


def test_another_address_is_looked_at_at_once_and_what_the_first_said_is_forgotten(
    office: Office, server: AnnouncingServer
) -> None:
    look_when_due(told_by_council(office, server.address))
    app = told_by_council(office, f"{server.root_url}/other.json")
    assert updates_here(app).announced is None
    assert is_due(app)


def test_a_version_somebody_put_away_is_not_told_again_but_the_next_one_is(
    office: Office, server: AnnouncingServer
) -> None:
    app = told_by_council(office, server.address)
    look_for_updates(app)
    assert hide_announced(app, "9.1").to_show is None
    found = look_for_updates(app)
    assert (found.to_show, found.newer is not None) == (None, True)
    server.announce(version="9.2")
    assert look_for_updates(app).to_show == Announcement(version="9.2")


@pytest.mark.parametrize(
    ("status", "headers", "content", "said"),
    [
        (404, (), b"", "nothing at that address"),
        (500, (), b"", "HTTP 500"),
        (302, (("Location", "https://elsewhere.example.org/"),), b"", "leads on to another one"),
        (200, (), b"[" * 50_000, "is no JSON object"),
        (200, (), b"x" * 70_000, "longer than 64 kB"),
        (200, (), b'{"version": "newest"}', "version is no number"),
        (200, (), b'{"version": 9}', "version is no text"),
        (200, (), b'{"version": "9", "published": "soon"}', "published is no day"),
        (200, (), b'{"version": "9", "sha256": "abc"}', "sha256 is no number of 64 digits"),
        (200, (), b'{"version": "9", "notes_url": "http://it.example.org/"}', "notes_url does not begin with https"),
        (200, (), b'{"version": "9", "notes_url": "file:///etc/passwd"}', "notes_url does not begin with https"),
        (200, (), json.dumps({"version": "9", "words": "a" * 301}).encode(), "words is longer than 300"),
    ],
)
def test_what_is_wrong_is_remembered_and_an_earlier_announcement_stays(
    office: Office,
    server: AnnouncingServer,
    status: int,
    headers: tuple[tuple[str, str], ...],
    content: bytes,
    said: str,
) -> None:
    app = told_by_council(office, server.address)
    look_for_updates(app)
    server.status, server.headers, server.content = status, headers, content
    found = look_for_updates(app)
    assert said in found.title
    assert found.advice
    assert found.to_show is not None
    assert updates_here(app) == found
    server.announce(version="9.1")
    assert look_for_updates(app).title == ""


def test_a_server_nobody_can_reach_or_that_breaks_off_is_told_in_words(
    office: Office, server: AnnouncingServer
) -> None:
    app = told_by_council(office, server.address)
    server.faults.drop()
    assert look_for_updates(app).title == "The server could not be reached."
    server.faults.cut_answer(90)
    assert look_for_updates(app).title == "The server could not be reached."
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}/new.json"
    assert look_for_updates(told_by_council(office, nowhere)).title == "The server could not be reached."


def test_a_server_that_gives_a_byte_now_and_then_is_not_listened_to_for_ever() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(10_000)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n")
                connection.settimeout(0.05)
                for _ in range(200):
                    try:
                        connection.sendall(b" ")
                        if connection.recv(1) == b"":
                            return
                    except TimeoutError:
                        continue
                    except OSError:
                        return

        thread = Thread(target=drip)
        thread.start()
        with pytest.raises(TooSlow):
            read_published(f"http://127.0.0.1:{listening.getsockname()[1]}/", largest=100_000, seconds=0.3)
        thread.join(5)
        assert not thread.is_alive()


def test_a_server_must_prove_who_it_is_by_an_authority_that_is_trusted(office: Office, tmp_path: Path) -> None:
    authority = make_ca(tmp_path)
    with AnnouncingServer(authority=authority) as server:
        server.announce(version="9.1")
        app = told_by_council(office, server.address)
        found = look_for_updates(app)
        assert "could not prove who it is" in found.title
        assert found.announced is None
        policy = replace(app.profile.policy, ca_file=str(authority.ca_file))
        app = replace(app, profile=replace(app.profile, policy=policy))
        assert look_for_updates(app).to_show == Announcement(version="9.1")


def test_an_address_in_the_settings_must_be_safe_and_gives_way_to_the_councils(
    office: Office, server: AnnouncingServer
) -> None:
    for wrong in ("http://it.example.org/new.json", "it.example.org", "https://it.example.org/new.json?who=vera"):
        with pytest.raises(Invalid, match="no safe address"):
            set_updates_address(office.app, wrong)
    assert set_updates_address(office.app, server.address).address == server.address
    assert not updates_here(office.app).by_council
    app = told_by_council(office, "https://it.example.org/new.json")
    assert updates_here(app).address == "https://it.example.org/new.json"
    with pytest.raises(NotAllowed, match="set by your council"):
        set_updates_address(app, "")
    assert set_updates_address(office.app, "").address == ""
    office.app.profile.settings_file.write_text('[updates]\naddress = "http://it.example.org/"\n', encoding="utf-8")
    assert "no safe one" in look_for_updates(office.app).title


def test_the_same_or_an_older_version_is_no_news() -> None:
    for version, newer in (("0.0.9", False), ("0.1", False), ("0.1.0.0", False), ("0.1.1", True), ("0.10", True)):
        assert Announcement(version=version).is_newer is newer, version


def test_words_that_would_steer_a_terminal_or_run_over_lines_become_one_plain_line() -> None:
    found = announcement_in(json.dumps({"version": "9", "words": "\x1b[2JOn\n\nThursday"}).encode())
    assert found.words == "[2JOn Thursday"


@given(
    st.binary(max_size=200)
    | st.dictionaries(st.text(), st.integers() | st.text()).map(lambda d: json.dumps(d).encode())
)
def test_whatever_is_announced_is_understood_or_refused_in_words(content: bytes) -> None:
    with suppress(Invalid):
        assert announcement_in(content).version


def test_a_refusal_is_something_a_person_can_read(server: AnnouncingServer) -> None:
    server.status = 403
    with pytest.raises(Unavailable) as refused:
        read_published(server.address, largest=1000)
    assert "HTTP 403" in refused.value.title
