"""The file: encrypted throughout, private, and refused in words when it cannot be used."""

import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import process_time

import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, TrackerError, Unavailable
from member_tracker.store.engine import FILE_NAME, HEAD, open_file
from member_tracker.store.first_look import open_reading_only
from member_tracker.store.keys import make_key
from member_tracker.store.queries import Wanted, Which, enquiry_rows
from member_tracker.store.store import Store
from tests.store.office import KEY, NOON, TODAY, Clockwork, enquiry, furnish, note, open_store, queued, received

MARKER = "Zygomorphic"


def every_byte(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_nothing_written_can_be_read_on_the_disk(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    key = make_key(folder, passphrase=f"{MARKER} passphrase")
    store = Store.open(folder, key, now=lambda: NOON, new_id=iter(map(str, range(10**6))).__next__)
    furnish(store)
    with store.writing(author=None) as tx:
        tx.save(enquiry(subject=MARKER, text=MARKER * 500))
        tx.add(note(text=MARKER))
        tx.save(received(text=MARKER, from_name=MARKER))
        tx.save(queued(body=MARKER))
        tx.keep_original(MARKER.encode() * 100_000, "text/plain")
        tx.set_local("council_key", MARKER)
    assert (folder / f"{FILE_NAME}-wal").stat().st_size > 0
    while_open = every_byte(folder)
    store.close()
    for kept in (while_open, every_byte(folder)):
        assert MARKER.encode() not in kept
        assert MARKER.lower().encode() not in kept
        assert key not in kept
        assert key.hex().encode() not in kept
        assert b"SQLite format 3" not in kept


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    store = open_store(tmp_path / "profile")
    for path in (tmp_path / "profile").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
    assert (tmp_path / "profile").stat().st_mode & 0o077 == 0
    store.close()


def test_a_wrong_key_is_refused_with_advice_and_changes_nothing(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(Invalid, match="cannot be opened with this key"):
        Store.open(tmp_path, bytes(32), now=lambda: NOON, new_id=str)
    assert (tmp_path / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize("content", [b"garbage" * 5000, b"x", sqlite3.sqlite_version.encode() * 1000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(TrackerError) as refused:
        open_store(tmp_path)
    assert refused.value.advice
    assert (tmp_path / FILE_NAME).read_bytes() == content


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    with open_file(tmp_path / FILE_NAME, KEY) as connection:
        connection.execute("CREATE TABLE other (x)")
    with pytest.raises(Invalid, match="not one of Member Tracker's"):
        open_store(tmp_path)


def test_a_file_from_the_future_is_refused_and_left_alone(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    with open_file(tmp_path / FILE_NAME, KEY) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(Unavailable, match="newer version") as refused:
        open_store(tmp_path)
    assert "Update the program" in refused.value.advice
    with pytest.raises(Unavailable, match="newer version"):
        open_reading_only(tmp_path, KEY)
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_locked_file_is_refused_and_what_was_saved_before_is_there(office: Store, tmp_path: Path) -> None:
    other = open_store(tmp_path / "profile", Clockwork(device="other"), wait_seconds=0.05)
    try:
        with office.writing(author=None), pytest.raises(Unavailable, match="in use"), other.writing(author=None):
            pass
        with other.writing(author=None) as tx:
            tx.save(enquiry())
        with office.reading() as tx:
            assert tx.get(Enquiry, enquiry().id) == enquiry()
    finally:
        other.close()


def test_a_second_writer_in_the_same_store_is_told_to_wait(tmp_path: Path) -> None:
    store = open_store(tmp_path, wait_seconds=0.05)
    with (
        store.writing(author=None),
        pytest.raises(Unavailable, match="Something else is being saved"),
        store.writing(author=None),
    ):
        pass
    store.close()


def test_a_full_disk_is_told_in_words_and_leaves_what_was_saved(office: Store) -> None:
    with office.writing(author=None) as tx:
        tx.save(enquiry())
    with office._writer as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 4}")
    with pytest.raises(Unavailable, match="disk is full"), office.writing(author=None) as tx:
        tx.keep_original(bytes(1_000_000), "text/plain")
    with office.reading() as tx:
        assert tx.every(Enquiry) == (enquiry(),)


_AS_NOBODY = """
import os, sys
from contextlib import closing
from pathlib import Path
from time import process_time
from member_tracker.store import store, transaction, records, sql, queries
from member_tracker.domain.errors import TrackerError
from tests.store.office import enquiry, open_store
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)
try:
    opened = open_store(Path(sys.argv[1]))
    with opened.writing(author=None) as tx:
        tx.save(enquiry(2))
except TrackerError as told:
    print(told.title)
"""


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that somebody without any rights of their own can get to."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
@pytest.mark.parametrize("rights", [0o555, 0o000])
@pytest.mark.parametrize("made", [True, False], ids=["there", "missing"])
def test_a_folder_that_may_not_be_written_to_is_told_in_words(
    open_to_all: Path, repository: Path, rights: int, made: bool
) -> None:
    folder = open_to_all / "office" / "profile"
    folder.mkdir(parents=True)
    if made:
        open_store(folder).close()
        (folder / FILE_NAME).chmod(0o444)
    folder.chmod(rights)
    ran = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, str(folder if made else folder / "deeper")],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    folder.chmod(0o755)
    assert "cannot be" in ran.stdout, ran.stderr


def test_two_threads_read_and_write_at_once_and_lose_nothing(office: Store) -> None:
    failures: list[BaseException] = []

    def write(start: int) -> None:
        try:
            for number in range(start, start + 25):
                with office.writing(author=None) as tx:
                    tx.save(enquiry(number))
                with office.reading() as tx:
                    assert tx.get(Enquiry, enquiry(number).id) == enquiry(number)
                    assert tx.enquiry_rows(Wanted(which=Which.ALL, today=TODAY), limit=10).rows
        except BaseException as failure:
            failures.append(failure)
            raise

    threads = [threading.Thread(target=write, args=(start,)) for start in (1, 1001)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with office.reading() as tx:
        assert len(tx.every(Enquiry)) == 50


def test_another_store_that_commits_is_noticed_once_and_our_own_commits_never(office: Store, tmp_path: Path) -> None:
    heard: list[bool] = []
    office.on_change(lambda changes: heard.append(changes.everything))
    with office.writing(author=None) as tx:
        tx.save(enquiry())
    assert not office.notice_others()
    other = open_store(tmp_path / "profile", Clockwork())
    with other.writing(author=None) as tx:
        tx.set_local("x", "y")
    assert office.notice_others()
    assert not office.notice_others()
    assert not other.notice_others()
    other.close()
    assert heard == [False, True]


_ANOTHER = """
import sys
from contextlib import closing
from pathlib import Path
from time import process_time
from tests.store.office import Clockwork, enquiry, open_store
store = open_store(Path(sys.argv[1]), Clockwork(device="other"))
with store.writing(author=None) as tx:
    tx.save(enquiry(2))
store.close()
"""


def test_what_another_process_saves_is_noticed_and_can_be_read(office: Store, tmp_path: Path, repository: Path) -> None:
    assert not office.notice_others()
    subprocess.run([sys.executable, "-c", _ANOTHER, str(tmp_path / "profile")], cwd=repository, check=True)
    assert office.notice_others()
    with office.reading() as tx:
        assert tx.get(Enquiry, enquiry(2).id) == enquiry(2)


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.close()
    store.close()
    with pytest.raises(Unavailable, match="closed"), store.reading():
        pass
    with pytest.raises(Unavailable, match="closed"), store.writing(author=None):
        pass
    assert not store.notice_others()


def test_the_first_look_reads_a_list_and_writes_nothing(office: Store, tmp_path: Path) -> None:
    with office.writing(author=None) as tx:
        tx.save(enquiry())
    connection = open_reading_only(tmp_path / "profile", KEY)
    rows = enquiry_rows(connection, Wanted(which=Which.OPEN, today=TODAY), limit=10).rows
    assert [row.reference for row in rows] == [enquiry().reference]
    with pytest.raises(Exception, match="readonly"):
        connection.execute("DELETE FROM enquiry")
    connection.close()


def test_the_first_look_at_a_profile_without_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no file yet"):
        open_reading_only(tmp_path, KEY)
    assert not (tmp_path / FILE_NAME).exists()


_FIRST_LOOK = """
import sys
from datetime import UTC, date, datetime
from contextlib import closing
from pathlib import Path
from time import process_time
from member_tracker.store.first_look import open_reading_only
from member_tracker.store.queries import Wanted, Which, counts, enquiry_rows
from member_tracker.store.store import Store
folder, key = Path(sys.argv[1]), bytes(range(32))
connection = open_reading_only(folder, key)
today = date(2026, 6, 3)
print(len(enquiry_rows(connection, Wanted(which=Which.OPEN, today=today), limit=10).rows))
store = Store.open(folder, key, now=lambda: datetime.now(UTC), new_id=str)
with store.reading() as tx:
    tx.local("me"), tx.counts(today=today, soon=today)
print([name for name in ("sqlalchemy", "alembic", "keyring", "cryptography") if name in sys.modules])
"""


def test_the_first_list_is_read_without_importing_anything_slow(
    office: Store, tmp_path: Path, repository: Path
) -> None:
    with office.writing(author=None) as tx:
        tx.save(enquiry())
    ran = subprocess.run(
        [sys.executable, "-c", _FIRST_LOOK, str(tmp_path / "profile")],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split("\n")[:2] == ["1", "[]"]


def test_the_file_says_which_version_made_it(store: Store) -> None:
    with store.reading() as tx:
        assert tx._connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]


def test_empty_columns_are_written_about_as_quickly_as_full_ones(tmp_path: Path) -> None:
    with closing(open_file(tmp_path / "empty.db", KEY)) as connection:
        columns = 40
        connection.execute(f"CREATE TEMP TABLE wide ({', '.join(f'c{number}' for number in range(columns))})")
        statement = f"INSERT INTO wide VALUES ({', '.join('?' * columns)})"

        def quickest(value: str | None) -> float:
            times = []
            for _ in range(5):
                begun = process_time()
                connection.executemany(statement, [(value,) * columns] * 1_000)
                times.append(process_time() - begun)
            return min(times)

        assert quickest(None) < 5 * quickest("seven")  # were it looked for how to write None: 20 times
        assert connection.execute("SELECT count(*), count(c7) FROM wide").fetchone() == (10_000, 5_000)
