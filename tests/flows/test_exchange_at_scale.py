"""A full mailbox read for the first time, page by page, and the second time only what changed."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from member_tracker.app import build
from member_tracker.profile import Profile
from member_tracker.services.mailboxes import add_mailbox
from member_tracker.services.setup import SetUp, set_up
from tests.fakes.exchange_office import KINDS, PASSWORD, Exchange, a_clerk_at_the_desk, exchange_office
from tests.fakes.imaginary_council import SHARED

REPOSITORY = Path(__file__).parents[2]
CHANGES = 50
FLAT = 10_000  # kilobytes that a ten times larger mailbox may take more
FIRST = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def mail(number: int) -> tuple[datetime, bytes]:
    at = FIRST + timedelta(minutes=10 * number)
    words = " ".join(f"word{(number * 31 + each) % 997}" for each in range(300))
    return at, (
        f"From: officer.{number % 50}@example.org\r\nTo: {SHARED}\r\nSubject: Mail number {number}\r\n"
        f"Date: {at:%a, %d %b %Y %H:%M:%S} +0000\r\nMessage-ID: <m{number}@example.org>\r\n\r\n{words}\r\n"
    ).encode()


def collected_elsewhere(profile: Path) -> tuple[int, int]:
    """Collect in a process of its own: how many mails were new, and the most memory it took (kilobytes)."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from member_tracker.app import build\n"
        "from member_tracker.profile import Profile\n"
        "from member_tracker.services.collecting import collect\n"
        "app = build(Profile(folder=Path(sys.argv[1])), passphrase=lambda: 'some words')\n"
        "new = collect(app).new\n"
        "own = Path('/proc/self/status').read_text()  # getrusage would tell the most its parent took\n"
        "print(new, own.split('VmHWM:')[1].split()[0])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(profile)], cwd=REPOSITORY, env=os.environ, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    new, memory = done.stdout.split()
    return int(new), int(memory)


def read_and_read_again(kind: str, folder: Path, count: int) -> int:
    """Read a mailbox of so many mails, then what changed in it; the most memory the first reading took (kilobytes)."""
    with exchange_office(kind, folder) as exchange, a_clerk_at_the_desk(exchange, folder / "desk"):
        app = build(Profile(folder=folder / "profile"), passphrase=lambda: "some words")
        set_up(app, SetUp(council="Chorley"))
        add_mailbox(app, exchange.account, PASSWORD)
        app.store.close()
        exchange.world.deliver_many(SHARED, map(mail, range(count)))
        new, memory = collected_elsewhere(folder / "profile")
        assert new == count
        assert exchange.traffic.mimes_sent == count
        change(exchange, count)
        exchange.traffic.clear()
        assert collected_elsewhere(folder / "profile")[0] == CHANGES
        assert exchange.traffic.mimes_sent == CHANGES, "only what changed is fetched the second time"
    return memory


def change(exchange: Exchange, count: int) -> None:
    """Fifty new mails; some of the old ones are read, moved away or deleted, which is no reason to fetch anything."""
    items = exchange.world.items(SHARED)
    for item in items[:20]:
        exchange.world.mark_read(item)
    for item in items[20:30]:
        exchange.world.move(item, "archive")
    for item in items[30:40]:
        exchange.world.delete(item, hard=True)
    exchange.world.deliver_many(SHARED, map(mail, range(count, count + CHANGES)))


@pytest.mark.skipif(sys.platform != "linux", reason="the most memory a process took is read where Linux tells it")
@pytest.mark.parametrize("kind", KINDS)
def test_the_second_reading_fetches_only_what_changed(kind: str, tmp_path: Path) -> None:
    assert read_and_read_again(kind, tmp_path, 400) > 0


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="the most memory a process took is read where Linux tells it")
@pytest.mark.parametrize("kind", KINDS)
def test_ten_thousand_mails_take_no_more_memory_than_a_thousand(kind: str, tmp_path: Path) -> None:
    few, many = (read_and_read_again(kind, tmp_path / str(count), count) for count in (1_000, 10_000))
    assert many - few < FLAT, f"{few} kB for a thousand, {many} kB for ten thousand"
