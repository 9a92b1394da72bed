"""Somebody who is erased is nowhere in the file afterwards: not in a page, free or used, in the log or the index."""

import hashlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.in_step import Outcome, Page, Receipt, Row, ScopeId
from member_tracker.domain.people import Resident
from member_tracker.store.engine import FILE_NAME
from member_tracker.store.in_step import StoreLocal
from member_tracker.store.in_step_outbox import Outbox
from member_tracker.store.kept import Record
from member_tracker.store.store import Store
from tests.store.agreement import disagreements
from tests.store.in_step_office import held, joined, row
from tests.store.office import ANNA, KEY, ROSE, Clockwork, enquiry, note, open_store, queued, received, suggestion

SCOPE = ScopeId(ANNA.id)
PAGE, RESERVED, FRAME = 4_096, 80, 24
SECRET = "zygomorphic"
ORIGINAL = f"Subject: {SECRET}\r\n\r\n{SECRET} ".encode() * 3_000
SHA256 = hashlib.sha256(ORIGINAL).hexdigest()


def plain_pages(folder: Path) -> list[bytes]:
    """Every page of the file and of the log beside it, read as whoever holds the key could."""
    file = (folder / FILE_NAME).read_bytes()
    sealed = [file[start : start + PAGE] for start in range(0, len(file), PAGE)]
    log = folder / f"{FILE_NAME}-wal"
    frames = log.read_bytes()[32:] if log.exists() else b""
    sealed += [frames[start + FRAME : start + FRAME + PAGE] for start in range(0, len(frames), FRAME + PAGE)]
    return [_opened(page) for page in sealed]


def _opened(page: bytes) -> bytes:
    """A page without its seal; the first block or two of the very first page stay unreadable, and hold no record."""
    opener = Cipher(algorithms.AES256(KEY), modes.CBC(page[-RESERVED : -RESERVED + 16])).decryptor()
    return opener.update(page[:-RESERVED]) + opener.finalize()


def places(folder: Path, word: str) -> int:
    """How many pages hold the word, in small letters or as it was written."""
    return sum(word.encode() in page.lower() for page in plain_pages(folder))


@pytest.fixture
def filled(tmp_path: Path) -> tuple[Store, StoreLocal]:
    """A laptop that holds much of one resident, some of it still to be sent, and something of others."""
    store = open_store(tmp_path, Clockwork())
    local = StoreLocal(store)
    local.remember(joined())
    told: list[Record] = [
        Resident(id=ROSE.id, councillor_id=ANNA.id, name=f"Rose {SECRET}", email=f"{SECRET}@example.org"),
        enquiry(1, text=f"The {SECRET} lamp."),
        note(1, text=f"{SECRET} rang."),
        received(1, enquiry_id=enquiry(1).id, text=SECRET, original=SHA256),
        suggestion(1, sentence=f"We saw {SECRET}."),
        queued(1, body=f"Dear {SECRET}", original=SHA256),
        enquiry(2, resident_id="other"),
        received(2, enquiry_id=enquiry(2).id, original="ab" * 32),
    ]
    rows = tuple(row(each, number, SCOPE) for number, each in enumerate(told, start=1))
    local.take(SCOPE, Page(rows=rows, upto=20), held(20))
    local.keep_blob(SCOPE, SHA256, ORIGINAL)
    with store.writing(author=ANNA.id) as tx:
        tx.save(enquiry(1, text=f"The {SECRET} lamp again."))
        tx.add(note(2, text=f"{SECRET} rang again."))
        tx.save(enquiry(3, text=f"{SECRET} once more."))
        tx.add(note(3, enquiry_id=enquiry(3).id, text=f"{SECRET}, only here."))
    later = row(enquiry(1, text=f"The {SECRET} lamp, they say."), 30, SCOPE)
    local.take(SCOPE, Page(rows=(later,), upto=30), held(30))
    return store, local


def gone(told: list[tuple[str, str]], hub_seq: int) -> Page:
    rows = tuple(
        Row(kind=kind, id=record_id, scope_id=SCOPE, hub_seq=hub_seq, gone=True, erased=True)
        for kind, record_id in told
    )
    return Page(rows=rows, upto=hub_seq)


EVERYTHING = [
    ("resident", ROSE.id),
    ("enquiry", enquiry(1).id),
    ("entry", note(1).id),
    ("mail", received(1).id),
    ("suggestion", suggestion(1).id),
    ("outgoing", queued(1).id),
]


def test_what_was_erased_is_in_no_page_of_the_file_nor_in_its_log(
    tmp_path: Path, filled: tuple[Store, StoreLocal]
) -> None:
    store, local = filled
    assert places(tmp_path, SECRET) > 5
    local.take(SCOPE, gone(EVERYTHING, 40), held(40))
    assert places(tmp_path, SECRET) == 0
    assert places(tmp_path, "brown bin") > 0
    assert disagreements(store) == []
    with store.reading_by(Outbox) as tx:
        assert [each.id for each in tx.every(Enquiry)] == [enquiry(2).id]
        refused = tx.refused()
    assert {each.outcome for each in refused} == {Outcome.ERASED}
    assert {each.value for each in refused} == {None}
    assert local.outbox(9) == ()
    store.close()
    assert places(tmp_path, SECRET) == 0


def test_an_edit_answered_by_erased_takes_the_record_away(tmp_path: Path, filled: tuple[Store, StoreLocal]) -> None:
    store, local = filled
    for op in local.outbox(9):
        local.note([Receipt(op_id=op.id, outcome=Outcome.ERASED, hub_seq=40)])
    local.take(SCOPE, gone(EVERYTHING, 40), held(40))
    assert places(tmp_path, SECRET) == 0
    assert disagreements(store) == []
    with store.reading_by(Outbox) as tx:
        assert len(tx.refused()) == 4
    store.close()


def test_access_that_was_lost_leaves_no_word_either(tmp_path: Path, filled: tuple[Store, StoreLocal]) -> None:
    store, local = filled
    for op in local.outbox(9):
        local.note([Receipt(op_id=op.id, outcome=Outcome.ACCEPTED, hub_seq=35)])
    local.let_go(SCOPE)
    assert places(tmp_path, SECRET) == 0
    assert disagreements(store) == []
    store.close()
