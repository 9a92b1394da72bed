"""Damage and full or forbidden disks: told in words with advice, and the file left as it was found."""

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import TrackerError, Unavailable
from member_tracker.store.backup import copy_pages
from member_tracker.store.engine import FILE_NAME
from member_tracker.store.store import Store
from tests.store.agreement import disagreements
from tests.store.office import KEY, Clockwork, enquiry, furnish, open_store


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file with some enquiries and originals in it."""
    folder = tmp_path_factory.mktemp("whole")
    store = open_store(folder)
    furnish(store)
    draw = random.Random(1)
    with store.writing(author=None) as tx:
        for number in range(1, 40):
            tx.save(enquiry(number))
            tx.keep_original(draw.randbytes(9_000), "application/pdf")
    store.close()
    return (folder / FILE_NAME).read_bytes()


def read_everything(folder: Path) -> None:
    store = open_store(folder)
    try:
        assert disagreements(store) == []
    finally:
        store.close()


def must_be_refused(folder: Path, spoilt: bytes) -> None:
    folder.mkdir(exist_ok=True)
    (folder / FILE_NAME).write_bytes(spoilt)
    with pytest.raises(TrackerError) as refused:
        read_everything(folder)
    assert refused.value.title
    assert "back-up" in refused.value.advice
    assert (folder / FILE_NAME).read_bytes() == spoilt


def test_the_file_as_it_was_made_is_read_without_complaint(tmp_path: Path, whole: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(whole)
    read_everything(tmp_path)


@pytest.mark.parametrize("share", [0.0001, 0.01, 0.3, 0.5, 0.9, 0.99999])
def test_a_file_cut_off_is_refused_and_left_as_it_is(tmp_path: Path, whole: bytes, share: float) -> None:
    must_be_refused(tmp_path, whole[: max(1, int(len(whole) * share))])


def test_a_bit_flipped_anywhere_is_noticed_and_the_file_left_as_it_is(tmp_path: Path, whole: bytes) -> None:
    draw = random.Random(20260603)
    places = [3, 100, 4_000, 4_096, len(whole) - 1, *(draw.randrange(len(whole)) for _ in range(25))]
    for place in places:
        must_be_refused(tmp_path, whole[:place] + bytes([whole[place] ^ 1 << draw.randrange(8)]) + whole[place + 1 :])


def test_a_page_of_an_older_copy_is_noticed(tmp_path: Path, whole: bytes) -> None:
    zeros = whole[: 5 * 4_096] + bytes(4_096) + whole[6 * 4_096 :]
    must_be_refused(tmp_path, zeros)
    swapped = whole[: 5 * 4_096] + whole[6 * 4_096 : 7 * 4_096] + whole[5 * 4_096 : 6 * 4_096] + whole[7 * 4_096 :]
    must_be_refused(tmp_path, swapped)


def test_a_damaged_page_is_never_copied_as_if_it_were_whole(tmp_path: Path, whole: bytes) -> None:
    for place in range(4_096 + 100, len(whole), 4_096 * 3):
        (tmp_path / FILE_NAME).write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(TrackerError, match="damaged"):
            copied(tmp_path, tmp_path / f"copy-{place}.db")


def copied(folder: Path, copy: Path) -> None:
    store = open_store(folder)
    try:
        store.copy_to(copy, bytes(32))
    finally:
        store.close()


def test_a_file_locked_by_another_is_refused_at_once_and_opened_when_it_is_free(office: Store, tmp_path: Path) -> None:
    other = open_store(tmp_path / "profile", Clockwork(device="other"), wait_seconds=0.05)
    entered, leave = threading.Event(), threading.Event()

    def keep_it() -> None:
        with office.writing(author=None) as tx:
            tx.save(enquiry())
            entered.set()
            leave.wait(30)

    thread = threading.Thread(target=keep_it)
    thread.start()
    assert entered.wait(30)
    try:
        with pytest.raises(Unavailable, match="in use") as refused, other.writing(author=None):
            pass
        assert "Wait" in refused.value.advice
        with other.reading() as tx:
            assert tx.every(Enquiry) == ()
        other.copy_to(tmp_path / "copy.db", KEY)
    finally:
        leave.set()
        thread.join()
    with other.writing(author=None) as tx:
        tx.save(enquiry(2))
    assert disagreements(other) == []
    other.close()


_NO_ROOM = """
import json, os, resource, sys
from pathlib import Path
from member_tracker.domain.errors import TrackerError
from member_tracker.store.engine import FILE_NAME
from member_tracker.domain.enquiry import Enquiry
from tests.store.agreement import disagreements
from tests.store.office import Clockwork, enquiry, furnish, open_store

folder = Path(sys.argv[1])
store = open_store(folder, Clockwork())
furnish(store)
told, saved, number = [], 0, 0
endless = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
for room in (0, 1_000, 5_000, 40_000, 150_000):
    largest = max(path.stat().st_size for path in folder.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + room, endless))
    try:
        for _ in range(200):
            number += 1
            with store.writing(author=None) as tx:
                tx.save(enquiry(number))
                tx.keep_original(os.urandom(5_000), "application/pdf")
            saved += 1
    except TrackerError as error:
        told.append([error.title, error.advice])
    resource.setrlimit(resource.RLIMIT_FSIZE, (endless, endless))
    with store.reading() as tx:
        assert len(tx.every(Enquiry)) == saved, "half of it stayed"
    assert disagreements(store) == []
store.close()
again = open_store(folder, Clockwork(device="again"))
assert disagreements(again) == []
print(json.dumps({"told": told, "saved": saved}))
"""


@pytest.mark.skipif(os.name == "nt", reason="no limit on the size of files there")
def test_a_disk_that_fills_up_at_any_moment_is_told_in_words_and_nothing_saved_is_lost(
    tmp_path: Path, repository: Path
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _NO_ROOM, str(tmp_path)], cwd=repository, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert len(answer["told"]) == 5
    assert all("disk" in title and "room" in advice for title, advice in answer["told"])
    assert answer["saved"] > 0


_NO_ROOM_BESIDE = """
import json, resource, sys
from pathlib import Path
from member_tracker.domain.errors import TrackerError
from member_tracker.services.exporting import export
from member_tracker.services.safekeeping import back_up
from tests.fakes.office import open_office

folder = Path(sys.argv[1])
office = open_office(folder / "office")
for _ in range(3):
    office.log(text="The wall is wet. " * 5_000)
(folder / "stick").mkdir()
told = []
for deed in (lambda: back_up(office.app, folder / "stick" / "x", "seven grey herons"),
             lambda: export(office.app, folder / "stick" / "y")):
    for size in (0, 10_000, 60_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        try:
            deed()
        except TrackerError as error:
            told.append([error.title, error.advice])
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert list((folder / "stick").iterdir()) == [], "something was left"
office.parts.store.close()
print(json.dumps(told))
"""


@pytest.mark.skipif(os.name == "nt", reason="no limit on the size of files there")
def test_a_stick_without_room_is_told_in_words_and_nothing_is_left_on_it(tmp_path: Path, repository: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _NO_ROOM_BESIDE, str(tmp_path)],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert len(told) == 6
    assert all("room" in advice for _, advice in told), told


_AS_NOBODY = """
import os, sys
from pathlib import Path
from member_tracker.domain.errors import TrackerError
from member_tracker.store import store, transaction, records, sql, queries, backup
from tests.store.office import enquiry, open_store
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)
try:
    opened = open_store(Path(sys.argv[1]))
    with opened.writing(author=None) as tx:
        tx.save(enquiry(99))
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
def test_a_file_that_may_only_be_read_is_told_in_words_and_left_as_it_is(
    open_to_all: Path, repository: Path, whole: bytes
) -> None:
    (open_to_all / FILE_NAME).write_bytes(whole)
    (open_to_all / FILE_NAME).chmod(0o444)
    ran = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, str(open_to_all)],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "cannot be written" in ran.stdout, ran.stderr
    assert "rights" in ran.stdout
    assert (open_to_all / FILE_NAME).read_bytes() == whole


def test_pages_are_copied_under_the_other_key_alone(office: Store, tmp_path: Path) -> None:
    with office.reading() as tx:
        copy_pages(tx._connection, tmp_path / FILE_NAME, bytes(32))
    with pytest.raises(TrackerError, match="key"):
        open_store(tmp_path)
