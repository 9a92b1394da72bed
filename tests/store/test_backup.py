"""A back-up file that somebody has meddled with: its checksum put right, it is refused all the same."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from member_tracker.domain.errors import TrackerError, Unavailable
from member_tracker.store.backup import MAGIC, Kept, open_backup, take_out, write_backup
from member_tracker.store.engine import FILE_NAME, open_file
from member_tracker.store.sealing import Cost
from member_tracker.store.store import Store
from tests.store.office import NOON, Clockwork, enquiry, everything_in, open_store

PASSPHRASE = "seven grey herons at dusk"
OTHER_KEY = bytes(reversed(range(32)))
KEPT = Kept(made_at=NOON, made_by="1.2.3", practice=False, settings='[mailbox]\nfrom = "a@example.org"\n')

Head = dict[str, Any]


@pytest.fixture
def file(office: Store, tmp_path: Path) -> Path:
    with office.writing(author=None) as tx:
        tx.save(enquiry())
        tx.keep_original(bytes(2_000_000), "application/pdf")
    path = tmp_path / "a.backup"
    assert write_backup(office, path, KEPT, PASSPHRASE, cost=Cost(n=2**10, r=8, p=1)) == path.stat().st_size
    return path


def rewritten(
    file: Path, change: Callable[[Head], object], database: Callable[[bytes], bytes] = lambda raw: raw
) -> None:
    """Changes what the back-up says of itself, and puts its checksum right."""
    raw = file.read_bytes()
    line, _, rest = raw.removeprefix(MAGIC).partition(b"\n")
    head = json.loads(line)
    change(head)
    whole = MAGIC + json.dumps(head).encode() + b"\n" + database(rest[:-32])
    file.write_bytes(whole + hashlib.sha256(whole).digest())


def opened(file: Path) -> None:
    open_backup(file, lambda: PASSPHRASE)


def test_what_was_sealed_comes_out_again(file: Path) -> None:
    back = open_backup(file, lambda: PASSPHRASE)
    assert back.kept == KEPT
    assert back.key not in file.read_bytes()
    assert isinstance(back.kept.made_at, datetime)


def test_the_store_comes_out_under_another_key_row_for_row(file: Path, office: Store, tmp_path: Path) -> None:
    take_out(open_backup(file, lambda: PASSPHRASE), tmp_path / "out", OTHER_KEY)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [FILE_NAME]
    clock = Clockwork(device="other")
    store = Store.open(tmp_path / "out", OTHER_KEY, now=clock.now, new_id=clock.new_id)
    assert everything_in(store) == everything_in(office)
    store.close()
    with pytest.raises(TrackerError, match="key"):
        open_store(tmp_path / "out")


def sealed(name: str, value: object) -> Callable[[Head], object]:
    return lambda head: head["sealed"].update({name: value})


@pytest.mark.parametrize(
    "change",
    [
        lambda head: head.update(size=head["size"] - 1),
        lambda head: head.update(size="x"),
        lambda head: head.update(size=None),
        lambda head: head.pop("sealed"),
        lambda head: head.update(format=0),
        lambda head: head.update(format="x"),
        lambda head: head.pop("format"),
        sealed("nonce", "AAAA"),
        sealed("nonce", 5),
        sealed("salt", "not base64!"),
        sealed("salt", "AAAA"),
        sealed("sealed", ""),
        sealed("scrypt", {"n": 2**30, "r": 8, "p": 1}),
        sealed("scrypt", {"n": 1000, "r": 8, "p": 1}),
        sealed("scrypt", {"n": 1024, "r": 2**20, "p": 1}),
        sealed("scrypt", {"n": 1024, "r": 8, "p": 10**9}),
        sealed("scrypt", {"n": 1024, "r": 0, "p": 1}),
        sealed("scrypt", {"n": "1024", "r": 8, "p": 1}),
        sealed("scrypt", None),
    ],
)
def test_a_head_that_was_changed_is_refused_in_words(file: Path, change: Callable[[Head], object]) -> None:
    rewritten(file, change)
    with pytest.raises(TrackerError) as refused:
        opened(file)
    assert refused.value.advice


def test_a_database_put_in_place_of_another_is_refused(file: Path, tmp_path: Path) -> None:
    rewritten(file, lambda _: None, lambda raw: raw[:5_000] + bytes(4_096) + raw[9_096:])
    back = open_backup(file, lambda: PASSPHRASE)
    with pytest.raises(TrackerError, match="damaged"):
        take_out(back, tmp_path / "out", OTHER_KEY)


def test_a_store_from_the_future_inside_a_back_up_is_refused(office: Store, tmp_path: Path) -> None:
    with office.writing(author=None) as tx:
        tx._connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Unavailable, match="newer version"):
        write_backup(office, tmp_path / "b", KEPT, PASSPHRASE, cost=Cost(n=2**10, r=8, p=1))
    assert not (tmp_path / "b").exists()


def test_an_older_store_inside_a_back_up_comes_out_as_it_was(office: Store, tmp_path: Path) -> None:
    with office.writing(author=None) as tx:
        tx._connection.execute("UPDATE alembic_version SET version_num = '0000'")
    write_backup(office, tmp_path / "b", KEPT, PASSPHRASE, cost=Cost(n=2**10, r=8, p=1))
    take_out(open_backup(tmp_path / "b", lambda: PASSPHRASE), tmp_path / "out", OTHER_KEY)
    with open_file(tmp_path / "out" / FILE_NAME, OTHER_KEY) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0000",)]
    connection.close()
