"""What was acknowledged survives a process killed at any moment, and nothing is ever half there."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from member_tracker.domain.change import RecordKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.timeline import Entry
from member_tracker.store.queries import Order, Wanted, Which
from tests.store.office import TODAY, furnish, open_store

# Says a number on standard output only after the transaction that saved it has been committed.
_WRITER = """
import sys
from pathlib import Path
from tests.store.office import Clockwork, enquiry, note, open_store
run, start = sys.argv[2], int(sys.argv[3])
store = open_store(Path(sys.argv[1]), Clockwork(device=f"run{run}"))
for number in range(start, start + 10_000):
    with store.writing(author=None) as tx:
        tx.save(enquiry(number, subject=f"word{number}"))
        tx.add(note(number, enquiry_id=enquiry(number).id))
        tx.keep_original(str(number).encode() * 50_000, "text/plain")
        assert tx.next_serial()
    print(number, flush=True)
"""


def killed_after(folder: Path, repository: Path, run: int, start: int, lines: int, extra_bytes: float) -> int:
    """Starts a writer, kills it some time after its line number `lines`, and gives the last number it acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(folder), str(run), str(start)],
        cwd=repository,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,  # a line read ahead would be lost to communicate()
    )
    assert process.stdout is not None
    for _ in range(lines):
        assert process.stdout.readline(), process.communicate()[1].decode()
    # Busy for part of the next commit rather than asleep, so that the kill falls anywhere inside it.
    for _ in range(int(extra_bytes * 20_000)):
        pass
    process.kill()
    rest, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL
    numbers = [int(line) for line in rest.split(b"\n")[:-1] if line]
    return max([start + lines - 1, *numbers])


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of other systems")
def test_ten_kills_in_mid_write_lose_nothing_acknowledged_and_tear_nothing(tmp_path: Path, repository: Path) -> None:
    folder = tmp_path / "profile"
    store = open_store(folder)
    furnish(store)
    store.close()
    draw = random.Random(20260603)
    start = 1
    for run in range(10):
        last = killed_after(folder, repository, run, start, draw.randrange(1, 6), draw.random() * 5)
        store = open_store(folder)
        with store.reading() as tx:
            kept = sorted(int(each.id.rpartition("-")[2]) for each in tx.every(Enquiry))
            assert kept == list(range(1, len(kept) + 1))
            assert last <= len(kept) <= last + 1
            assert len(tx.every(Entry)) == len(kept)
            assert tx.local("serial") == str(len(kept))
            for number in range(max(1, len(kept) - 3), len(kept) + 1):
                assert len(tx.history(RecordKind.ENQUIRY, f"enquiry-{number:05}")) == 1
                wanted = Wanted(which=Which.ALL, today=TODAY, find=f"word{number} missed", order=Order.NEWEST)
                assert tx.enquiry_rows(wanted, limit=2).rows == ()
                wanted = Wanted(which=Which.ALL, today=TODAY, find=f"word{number}", order=Order.NEWEST)
                assert f"enquiry-{number:05}" in [row.id for row in tx.enquiry_rows(wanted, limit=50).rows]
            made = {op.record_id for op in tx.outbox(limit=100_000)}
            assert {f"enquiry-{number:05}" for number in kept} <= made
            assert tx._connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            blobs = tx._connection.execute("SELECT sha256 FROM blob").fetchall()
            assert len(blobs) == len(kept)
            for (sha256,) in blobs[-3:]:
                assert tx.original(sha256)
        store.close()
        start = len(kept) + 1
