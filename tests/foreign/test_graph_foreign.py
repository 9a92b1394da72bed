"""The test Graph server as clients find it that nobody here wrote: Microsoft's own kit, and O365."""

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes.clock import StoppedClock
from tests.fakes.exchange_items import AutomaticReply, Busy, Right
from tests.fakes.exchange_world import World
from tests.fakes.graph_server import GraphServer
from tests.mail.messages import message

SHARED, CLERK, HOUSING = "members@example.org", "a.clerk@example.org", "housing@example.org"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FOLDERS = ["Archive", "Deleted Items", "Drafts", "Inbox", "Junk Email", "Outbox", "Sent Items"]
SUBJECTS = [f"Message {number}" for number in range(5)]


@pytest.fixture
def world() -> World:
    """A shared mailbox with five messages, a clerk who may use it, and a service that is away."""
    made = World(StoppedClock(MONDAY))
    made.add_mailbox(SHARED, "Member Services", shared=True)
    made.add_mailbox(CLERK, "Ann Clerk")
    made.add_mailbox(HOUSING, "Housing")
    made.add_mailbox("pat@example.org", "Pat Green")
    made.grant(CLERK, SHARED, Right.FULL_ACCESS, Right.SEND_AS)
    made.mailbox(HOUSING).automatic_reply = AutomaticReply(text="Away until Friday.")
    made.busy(HOUSING, MONDAY, MONDAY + timedelta(hours=1), Busy.BUSY)
    for number, subject in enumerate(SUBJECTS):
        raw = message(f"Subject: {subject}", f"Message-ID: <{number}@example.org>")
        made.deliver(SHARED, raw, received_at=MONDAY - timedelta(hours=number))
    return made


@pytest.fixture
def server(world: World) -> Iterator[GraphServer]:
    """The server; an address is a token, and a schema error fails the test."""
    with GraphServer(world, accepts=lambda token: token if token in world.mailboxes else None) as running:
        yield running


def at_work(client: str, server: GraphServer, python: Path) -> dict[str, object]:
    """What a client saw that was let loose on the shared mailbox."""
    script = Path(__file__).with_name(client)
    done = subprocess.run(
        [str(python), str(script), server.url, CLERK, SHARED, HOUSING],
        capture_output=True, text=True, timeout=180, check=False, env=os.environ | {"NO_PROXY": "*"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3_000:]
    seen: dict[str, object] = json.loads(done.stdout)
    return seen


@pytest.fixture(scope="session")
def python(repository: Path) -> Path:
    """The interpreter of the environment that holds these clients (requirements/foreign.lock)."""
    place = repository / "build" / "foreign-venv"
    found = [place / "bin" / "python", place / "Scripts" / "python.exe"]
    return next(one for one in found if one.exists())


def test_microsofts_own_kit_reads_writes_and_sends(world: World, server: GraphServer, python: Path) -> None:
    seen = at_work("graph_sdk_client.py", server, python)
    assert seen["folders"] == FOLDERS
    assert (seen["subjects"], seen["news"]) == (SUBJECTS, ["True"])
    assert seen["send"] == {"attachments": ["note.txt", "large.bin"], "same message id": True, "key": "ab12"}
    others = seen["others"]
    assert isinstance(others, dict)
    assert "Away until Friday." in others.pop("tip")
    assert others == {
        "mime": message("Subject: Message 0", "Message-ID: <0@example.org>").decode(),
        "answer": "RE: Message 0",
        "moved": "Message 0",
        "view": "20",
        "refused": "ErrorItemNotFound",
    }
    assert len(world.items(HOUSING)) == 1


def test_o365_reads_writes_and_sends(world: World, server: GraphServer, python: Path) -> None:
    seen = at_work("o365_client.py", server, python)
    assert seen["folders"] == FOLDERS
    assert (seen["subjects"], seen["found"]) == (SUBJECTS, SUBJECTS[:1])
    assert seen["mime"] == message("Subject: Message 0", "Message-ID: <0@example.org>").decode()
    assert [seen[one] for one in ("saved", "sent", "answered", "at once", "moved", "deleted")] == [True] * 6
    assert "From O365, changed" in str(seen["sent items"])
    left = seen["left"]
    assert isinstance(left, list)
    assert set(left) == {"Automatic reply: From O365, changed", "Message 0", "Message 3", "Message 4"}
    assert len(world.items(HOUSING)) == 2
