"""Somebody erased is nowhere afterwards: on no laptop, however late it comes, and in no back-up made of the hub.

What lies in a mailbox is the mailbox's own, here two folders of each profile; so are what was exported, and back-ups.
"""

import os
import subprocess
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from psycopg import sql

from member_tracker.store.keys import VARIABLE, find_key
from tests.fakes.hub_laptops import Laptop, Town, town
from tests.sync.postgres_server import TestServer, server_for_tests

WORD = "zygomorphic"
PART = WORD[1:-1].encode()  # an index that leaves out what a word has in common with the one before still has this
NAME, ADDRESS = "Ned Zygomorphic", "ned.zygomorphic@example.org"
PAGE, RESERVED, FRAME, LOG_HEAD = 4_096, 80, 24, 32
VERA, TOM = "Cllr Vera Quill", "Cllr Tom Ashworth"
OTHER = "An unlit bollard"


@pytest.fixture(scope="module")
def server() -> Iterator[TestServer]:
    with server_for_tests() as started:
        yield started


@pytest.fixture
def chorley(
    server: TestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Town]:
    """A hub of Chorley."""
    with town(server, tmp_path, monkeypatch, capsys) as found:
        found.create()
        yield found


# --- looking ----------------------------------------------------------------------------------------------------------


def held(laptop: Laptop) -> int:
    """How many pages of the encrypted file, free ones too, of the log beside it and other files hold the word."""
    key = find_key(laptop.folder, ask=lambda: os.environ[VARIABLE])
    found = 0
    for path in laptop.folder.rglob("*"):
        inside = path.relative_to(laptop.folder).parts
        if path.is_dir() or inside[0] == "mailbox":
            continue
        raw = path.read_bytes()
        if path.name.startswith("tracker.db") and not path.name.endswith("-shm"):
            found += sum(PART in page.lower() for page in _pages(raw, key, is_log=path.name.endswith("-wal")))
        found += PART in raw.lower()
    return found


def _pages(raw: bytes, key: bytes, *, is_log: bool) -> Iterator[bytes]:
    """Every page as whoever holds the key could read it; the first block of the very first one is no record."""
    before, start = (FRAME, LOG_HEAD) if is_log else (0, 0)
    for place in range(start, len(raw), before + PAGE):
        page = raw[place + before : place + before + PAGE]
        opener = Cipher(algorithms.AES256(key), modes.CBC(page[-RESERVED : -RESERVED + 16])).decryptor()
        yield opener.update(page[:-RESERVED]) + opener.finalize()


def dumped(town: Town, server: TestServer) -> bytes:
    """The hub as pg_dump backs it up; where that is not at hand, every table as COPY writes it."""
    address = urlsplit(town.owner_url)
    if not server.own:
        with psycopg.connect(town.owner_url) as owner:
            return b"".join(_tables(owner))
    said = subprocess.run(
        [
            str(server.own.programs / "pg_dump"), "-h", str(address.hostname), "-p", str(address.port),
            "-U", str(address.username), address.path.strip("/"),
        ],
        env={**os.environ, "PGPASSWORD": str(address.password)}, cwd="/", check=True, capture_output=True,
    )  # fmt: skip
    return said.stdout


def _tables(owner: "psycopg.Connection[tuple[str, ...]]") -> Iterator[bytes]:
    for (table,) in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'hub'").fetchall():
        with owner.cursor().copy(sql.SQL("COPY hub.{} TO STDOUT").format(sql.Identifier(table))) as copy:
            yield from (bytes(piece) for piece in copy)


def in_the_servers_files(town: Town, server: TestServer) -> list[Path]:
    """The files of the hub's database that hold the word, once the server's owner has had dead rows written over.

    The write-ahead log is the server's own business: it is written over as work goes on, and its archive is a back-up.
    """
    if not server.own:
        return []
    with psycopg.connect(town.owner_url, autocommit=True) as owner:
        owner.execute("VACUUM FULL")
        owner.execute("CHECKPOINT")
        [(oid,)] = owner.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchall()
    files = (server.own.data / "base" / str(oid)).iterdir()
    return [path for path in files if PART in path.read_bytes().lower()]


def do(laptop: Laptop, *words: str) -> None:
    """Run a command that must succeed, whatever it says."""
    said = laptop.run(*words)
    assert said.code == 0, said.err


# --- what was written -------------------------------------------------------------------------------------------------


def about_ned(town: Town, vera: Laptop, olga: Laptop) -> str:
    """An enquiry with all that can hang on one: mails both ways, bytes, a suggestion, notes, a clash."""
    reference = vera.log(resident=NAME, subject=f"A {WORD} tree", text=f"{NAME} says it is {WORD}.")
    do(vera, "edit", reference, f"resident_email={ADDRESS}", f"tags={WORD}")
    do(vera, "note", reference, f"Rang {NAME}")
    do(vera, "send", reference)
    assert vera.get("post")["sent"] == 1
    reply(vera, reference)
    assert vera.get("mail", "collect")["filed"] == 1
    for laptop in (vera, olga, vera):
        laptop.get("sync")
    do(vera, "edit", reference, f"text={WORD} as Vera has it")
    do(olga, "edit", reference, f"text={WORD} as Olga has it")
    for laptop in (vera, olga, vera):
        laptop.get("sync")
    assert len(vera.rows("conflicts")) == 1
    return reference


def reply(laptop: Laptop, reference: str) -> None:
    """An answer of the service area, with a file, in the folder the profile collects from."""
    (sent,) = (laptop.folder / "mailbox" / "outbox").glob("*.eml")
    ours = message_from_bytes(sent.read_bytes())
    (laptop.folder / "mailbox" / "inbox").mkdir(exist_ok=True)
    (laptop.folder / "mailbox" / "inbox" / "1.eml").write_text(
        f"Received: from relay.example.org by mx.example.org; {ours['Date']}\n"
        f"From: {ours['To']}\nTo: member.enquiries@example.org\n"
        f"Subject: RE: {reference} a {WORD} tree\nDate: {ours['Date']}\nMessage-ID: <1@example.org>\n"
        f"In-Reply-To: {ours['Message-ID']}\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
        f"We have inspected the {WORD} tree. It was felled.\n--b\nContent-Type: text/plain; name=tree.txt\n"
        f"Content-Disposition: attachment; filename=tree.txt\n\n{WORD * 500}\n--b--\n"
    )


def still_to_be_sent(vera: Laptop, olga: Laptop, tom: Laptop, reference: str) -> None:
    """What each writes while the others go on: edits, notes, a new enquiry with a note of its own, a queued mail."""
    do(vera, "edit", reference, f"subject=More {WORD} than ever")
    do(vera, "note", reference, f"{WORD}, never sent")
    again = olga.log(resident=NAME, subject=f"{WORD} again", text=f"{WORD} again")
    do(olga, "note", again, f"{WORD} once more")
    do(olga, "send", again)
    do(tom, "note", reference, f"{WORD}, says Tom")


def test_somebody_erased_is_on_no_laptop_and_nowhere_at_the_hub(chorley: Town, server: TestServer) -> None:
    vera = chorley.joined("vera", "--role", "councillor", "--councillor", VERA)
    tom = chorley.joined("tom", "--role", "councillor", "--councillor", TOM)
    olga = chorley.joined("olga", "--role", "officer")
    away = chorley.join("olga", "olga-at-home")
    kept = vera.log(subject=OTHER, text=OTHER)
    reference = about_ned(chorley, vera, olga)
    lent = chorley.boss.get("hub", "grant", chorley.login("tom"), "--councillor", VERA, "--until", "2999-12-31")
    assert lent["until"] == {VERA: "2999-12-31"}
    for laptop in (chorley.boss, tom, away):
        laptop.get("sync")
    still_to_be_sent(vera, olga, tom, reference)
    do(away, "note", reference, f"{WORD}, from home")
    # What the hub refuses is kept for its author: here a note of Tom's, who was sent it too late.
    chorley.boss.get("hub", "revoke", chorley.login("tom"), "--councillor", VERA)
    assert tom.get("sync")["denied"] == 1
    assert WORD in str(tom.rows("not-accepted"))
    laptops = (chorley.boss, vera, olga, tom, away)
    assert min(held(laptop) for laptop in laptops) > 0
    assert dumped(chorley, server).lower().count(PART) > 20
    assert not server.own or len(in_the_servers_files(chorley, server)) > 2

    erased = chorley.boss.get("hub", "erase", NAME, "--councillor", VERA, "--yes")
    assert int(str(erased["records"])) > 8
    for laptop in laptops:
        assert laptop.get("sync")["in_step"] is True
    assert [held(laptop) for laptop in laptops] == [0] * len(laptops)
    assert PART not in dumped(chorley, server).lower()
    assert in_the_servers_files(chorley, server) == []
    for laptop in laptops:
        rows = laptop.rows("list", "--all")
        assert [row["reference"] for row in rows] == ([] if laptop is tom else [kept])
        assert WORD not in str(laptop.rows("not-accepted"))
    assert OTHER.encode() in dumped(chorley, server)
    assert chorley.boss.get("hub", "verify")["ok"] is True
    assert all(laptop.get("sync")["in_step"] is True for laptop in laptops)


def test_what_is_taken_out_is_logged_at_the_hub_at_the_next_contact(
    chorley: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEMBER_TRACKER_BACKUP_PASSPHRASE", "several words of my own")
    vera = chorley.joined("vera", "--role", "councillor", "--councillor", VERA)
    vera.log(resident=NAME)
    do(vera, "export", str(tmp_path / "taken"))
    do(vera, "backup", str(tmp_path / "taken.backup"))
    for _ in range(2):
        assert vera.get("sync")["in_step"] is True
    with psycopg.connect(chorley.owner_url) as owner:
        logged = owner.execute(
            "SELECT value ->> 'what', value -> 'records' ->> 'enquiry' FROM hub.op"
            " WHERE verb = 'exported' AND login = %s ORDER BY hub_seq, n",
            (chorley.login("vera"),),
        ).fetchall()
        words = owner.execute("SELECT value::text FROM hub.op WHERE verb = 'exported'").fetchall()
    assert logged == [("export", "1"), ("back-up", None)]
    assert PART.decode() not in str(words).lower()
    assert chorley.boss.get("hub", "verify")["ok"] is True
