"""Killed, or without room, rights or a free file while rows come in: told in words, nothing torn, the outbox whole."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from member_tracker.domain.change import RecordKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Unavailable
from member_tracker.domain.in_step import Outcome, Page, Receipt, ScopeId
from member_tracker.domain.timeline import Entry
from member_tracker.store.engine import FILE_NAME
from member_tracker.store.in_step import StoreLocal
from member_tracker.store.store import Store
from tests.store.agreement import disagreements
from tests.store.in_step_office import held, joined, row
from tests.store.office import ANNA, Clockwork, enquiry, note, open_store

SCOPE = ScopeId(ANNA.id)
PER_PAGE = 40

# Says the number of a page only after the transaction that took it has been committed.
_TAKER = """
import sys
from pathlib import Path
from member_tracker.store.in_step import StoreLocal
from tests.store.in_step_office import held
from tests.store.office import Clockwork, open_store
from tests.store.test_in_step_faults import SCOPE, page
store = open_store(Path(sys.argv[1]), Clockwork(device=f"run{sys.argv[2]}"))
local = StoreLocal(store)
for number in range(int(sys.argv[3]), 10_000):
    told = page(number)
    local.take(SCOPE, told, held(told.upto))
    print(number, flush=True)
"""


def page(number: int) -> Page:
    """New enquiries with a note each, and the same first enquiry changed once more."""
    first = (number - 1) * PER_PAGE + 1
    new = range(first, first + PER_PAGE // 2)
    rows = [row(enquiry(each + 1, subject=f"word{each}"), each, SCOPE) for each in new]
    rows += [row(note(each, enquiry_id=enquiry(each + 1).id), each + PER_PAGE // 2, SCOPE) for each in new]
    rows.append(row(enquiry(1, text=f"Page {number}"), number * PER_PAGE, SCOPE))
    return Page(rows=tuple(rows), upto=number * PER_PAGE)


def prepared(folder: Path) -> None:
    """A laptop with an edit to send of a record the hub tells of with every page."""
    store = open_store(folder)
    local = StoreLocal(store)
    local.remember(joined())
    local.take(SCOPE, Page(rows=(row(enquiry(1), 1, SCOPE),), upto=1), held(1))
    with store.writing(author=ANNA.id) as tx:
        tx.save(enquiry(1, subject="Still to be sent"))
    store.close()


def pages_held(store: Store) -> int:
    """How many pages were taken, after looking whether all of each is there and what waits is shown above it."""
    local = StoreLocal(store)
    link = local.joined()
    assert link is not None
    taken = link.scopes[SCOPE].upto // PER_PAGE
    with store.reading() as tx:
        assert len(tx.every(Enquiry)) == taken * PER_PAGE // 2 + 1
        assert len(tx.every(Entry)) == taken * PER_PAGE // 2
        mine = tx.get(Enquiry, enquiry(1).id)
        assert (mine.subject, mine.text) == ("Still to be sent", f"Page {taken}" if taken else enquiry(1).text)
        assert len(tx.history(RecordKind.ENQUIRY, enquiry(1).id)) == taken + 1
    assert [op.value for op in local.outbox(9)] == ["Still to be sent"]
    assert disagreements(store) == []
    return taken


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of other systems")
@pytest.mark.parametrize("kills", [4, pytest.param(40, marks=pytest.mark.soak)])
def test_kills_while_rows_come_in_tear_nothing_and_lose_nothing(tmp_path: Path, repository: Path, kills: int) -> None:
    prepared(tmp_path)
    draw = random.Random(20260603)
    taken = 0
    for run in range(kills):
        process = subprocess.Popen(
            [sys.executable, "-c", _TAKER, str(tmp_path), str(run), str(taken + 1)],
            cwd=repository,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        assert process.stdout is not None
        for _ in range(draw.randrange(1, 4)):
            assert process.stdout.readline(), process.communicate()[1].decode()
        # Busy for part of the next page rather than asleep, so that the kill falls anywhere inside it.
        for _ in range(int(draw.random() * 300_000)):
            pass
        process.kill()
        rest, _ = process.communicate()
        assert process.returncode == -signal.SIGKILL
        said = [int(line) for line in rest.split(b"\n")[:-1] if line]
        store = open_store(tmp_path)
        taken = pages_held(store)
        store.close()
        assert max(said, default=taken) in {taken, taken - 1}


_NO_ROOM = """
import json, resource, sys
from pathlib import Path
from member_tracker.domain.errors import TrackerError
from member_tracker.store.in_step import StoreLocal
from tests.store.in_step_office import held
from tests.store.office import Clockwork, open_store
from tests.store.test_in_step_faults import SCOPE, page, pages_held

folder = Path(sys.argv[1])
store = open_store(folder, Clockwork())
local, told, number = StoreLocal(store), [], 0
endless = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
for room in (0, 5_000, 40_000, 300_000):
    largest = max(path.stat().st_size for path in folder.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + room, endless))
    try:
        for _ in range(100):
            local.take(SCOPE, page(number + 1), held(page(number + 1).upto))
            number += 1
    except TrackerError as error:
        told.append([error.title, error.advice])
    resource.setrlimit(resource.RLIMIT_FSIZE, (endless, endless))
    assert pages_held(store) == number
store.close()
print(json.dumps(told))
"""


@pytest.mark.skipif(os.name == "nt", reason="no limit on the size of files there")
def test_a_disk_that_fills_up_while_rows_come_in_is_told_and_leaves_the_outbox_whole(
    tmp_path: Path, repository: Path
) -> None:
    prepared(tmp_path)
    ran = subprocess.run(
        [sys.executable, "-c", _NO_ROOM, str(tmp_path)], cwd=repository, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert len(told) == 4
    assert all("disk" in title and "room" in advice for title, advice in told)


def test_a_file_that_somebody_else_writes_is_told_and_taken_up_again_when_it_is_free(tmp_path: Path) -> None:
    prepared(tmp_path)
    store = open_store(tmp_path)
    other = open_store(tmp_path, Clockwork(device="other"), wait_seconds=0.05)
    entered, leave = threading.Event(), threading.Event()

    def keep_it() -> None:
        with store.writing(author=None) as tx:
            tx.set_local("busy", "1")
            entered.set()
            leave.wait(30)

    thread = threading.Thread(target=keep_it)
    thread.start()
    assert entered.wait(30)
    local = StoreLocal(other)
    try:
        with pytest.raises(Unavailable, match="in use") as refused:
            local.take(SCOPE, page(1), held(page(1).upto))
        assert "Wait" in refused.value.advice
        (op,) = local.outbox(9)
        with pytest.raises(Unavailable, match="in use"):
            local.note([Receipt(op_id=op.id, outcome=Outcome.ACCEPTED, hub_seq=1)])
        assert local.outbox(9) == (op,)
    finally:
        leave.set()
        thread.join()
    local.take(SCOPE, page(1), held(page(1).upto))
    assert pages_held(other) == 1
    store.close()
    other.close()


_AS_NOBODY = """
import os, sys
from pathlib import Path
from member_tracker.domain.errors import TrackerError
from member_tracker.store.in_step import StoreLocal
from tests.store.in_step_office import held
from tests.store.office import open_store
from tests.store.test_in_step_faults import SCOPE, page
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)
try:
    StoreLocal(open_store(Path(sys.argv[1]))).take(SCOPE, page(1), held(page(1).upto))
except TrackerError as told:
    print(told.title, told.advice)
"""


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that somebody without any rights of their own can get to."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
def test_a_file_that_may_only_be_read_is_told_and_left_as_it_is(open_to_all: Path, repository: Path) -> None:
    prepared(open_to_all)
    file = open_to_all / FILE_NAME
    before = file.read_bytes()
    file.chmod(0o444)
    ran = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, str(open_to_all)],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "cannot be written" in ran.stdout, ran.stderr
    assert file.read_bytes() == before
    file.chmod(0o644)
    store = open_store(open_to_all)
    assert pages_held(store) == 0
    store.close()
