"""Attachments and originals: which are wanted, which are to be sent, and none kept that is not whole."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from member_tracker.domain.errors import Invalid, NotFound
from member_tracker.domain.in_step import Page, Row, ScopeId
from member_tracker.domain.mailbag import MailAttachment
from member_tracker.store.in_step import StoreLocal
from member_tracker.store.store import Store
from tests.store.agreement import disagreements
from tests.store.in_step_office import held, joined, make_hub, make_laptop, row
from tests.store.office import ANNA, BILAL, enquiry, furnish, open_store, queued, received

SCOPE = ScopeId(ANNA.id)
RAW, PHOTO = b"raw mail", b"a photograph"
RAW_ID, PHOTO_ID = hashlib.sha256(RAW).hexdigest(), hashlib.sha256(PHOTO).hexdigest()
MAIL = received(
    enquiry_id=enquiry().id,
    original=RAW_ID,
    attachments=(MailAttachment(name="lamp.jpg", media_type="image/jpeg", size=len(PHOTO), sha256=PHOTO_ID),),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "profile")
    yield opened
    assert disagreements(opened) == []
    opened.close()


@pytest.fixture
def local(store: Store) -> StoreLocal:
    made = StoreLocal(store)
    made.remember(joined())
    return made


def take(local: StoreLocal, number: int, *rows: Row, scope: ScopeId = SCOPE) -> None:
    local.take(scope, Page(rows=rows, upto=number), held(number))


def test_what_rows_speak_of_is_wanted_until_it_is_here_whole(store: Store, local: StoreLocal) -> None:
    take(local, 2, row(enquiry(), 1, SCOPE), row(MAIL, 2, SCOPE))
    assert set(local.wanted_blobs(9)) == {(SCOPE, RAW_ID), (SCOPE, PHOTO_ID)}
    assert len(local.wanted_blobs(1)) == 1
    with pytest.raises(NotFound, match="not on this computer"):
        local.blob(PHOTO_ID)
    with pytest.raises(Invalid, match="whole"):
        local.keep_blob(SCOPE, PHOTO_ID, PHOTO[:-1])
    local.keep_blob(SCOPE, PHOTO_ID, PHOTO)
    assert local.blob(PHOTO_ID) == PHOTO
    assert local.wanted_blobs(9) == ((SCOPE, RAW_ID),)
    assert local.unsent_blobs(9) == ()
    local.keep_blob(ScopeId("other"), RAW_ID, RAW)
    assert local.wanted_blobs(9) == ((SCOPE, RAW_ID),), "of a scope that does not speak of it"


def test_bytes_made_here_are_sent_once_their_record_is_at_the_hub(store: Store, local: StoreLocal) -> None:
    with store.writing(author=None) as tx:
        furnished = tx.keep_original(RAW, "message/rfc822")
        tx.keep_original(PHOTO, "image/jpeg")
        tx.save(enquiry())
        tx.save(MAIL)
    assert furnished == RAW_ID
    assert local.unsent_blobs(9) == ()
    take(local, 2, row(enquiry(), 1, SCOPE), row(MAIL, 2, SCOPE))
    assert set(local.unsent_blobs(9)) == {(SCOPE, RAW_ID), (SCOPE, PHOTO_ID)}
    local.blob_sent(SCOPE, RAW_ID)
    assert local.unsent_blobs(9) == ((SCOPE, PHOTO_ID),)
    assert local.wanted_blobs(9) == ()


def test_a_record_that_moves_has_its_bytes_sent_where_it_is_now(store: Store, local: StoreLocal) -> None:
    take(local, 2, row(enquiry(), 1, SCOPE), row(MAIL, 2, SCOPE))
    local.keep_blob(SCOPE, RAW_ID, RAW)
    there = ScopeId(BILAL.id)
    take(local, 4, row(enquiry(raised_by=BILAL.id), 3, there), row(MAIL, 4, there), scope=there)
    assert local.unsent_blobs(9) == ((there, RAW_ID),)
    assert local.wanted_blobs(9) == ((there, PHOTO_ID),)


def test_bytes_go_when_the_last_record_that_speaks_of_them_does(store: Store, local: StoreLocal) -> None:
    ours = queued(original=RAW_ID)
    take(local, 3, row(enquiry(), 1, SCOPE), row(MAIL, 2, SCOPE), row(ours, 3, SCOPE))
    local.keep_blob(SCOPE, RAW_ID, RAW)
    local.keep_blob(SCOPE, PHOTO_ID, PHOTO)
    take(local, 4, Row(kind="mail", id=MAIL.id, scope_id=SCOPE, hub_seq=4, gone=True))
    assert local.blob(RAW_ID) == RAW
    with pytest.raises(NotFound):
        local.blob(PHOTO_ID)
    take(local, 5, Row(kind="outgoing", id=ours.id, scope_id=SCOPE, hub_seq=5, gone=True))
    with pytest.raises(NotFound):
        local.blob(RAW_ID)


def test_attachments_get_from_one_laptop_to_the_other(tmp_path: Path) -> None:
    hub = make_hub()
    one, two = make_laptop(tmp_path, hub, "one"), make_laptop(tmp_path, hub, "two")
    furnish(one.store)
    with one.store.writing(author=None) as tx:
        tx.keep_original(RAW, "message/rfc822")
        tx.keep_original(PHOTO, "image/jpeg")
        tx.save(enquiry())
        tx.save(MAIL)
    for each in (one, one, two, two):
        each.sync()
    assert two.local.blob(PHOTO_ID) == PHOTO
    assert two.local.wanted_blobs(9) == one.local.unsent_blobs(9) == two.local.unsent_blobs(9) == ()
    one.store.close()
    two.store.close()


def test_a_councillors_unmatched_mail_is_their_own(store: Store, local: StoreLocal) -> None:
    with store.writing(author=None) as tx:
        tx.keep_original(RAW, "message/rfc822")
        tx.save(received(1, original=RAW_ID))
    local.set_tray(SCOPE)
    with store.writing(author=None) as tx:
        tx.save(received(2, original=RAW_ID))
        scopes = tx._connection.execute("SELECT scope_id FROM mail UNION SELECT scope_id FROM blob_use").fetchall()
    assert scopes == [(SCOPE,)]
