"""Attachments and originals: which are wanted, which are to be sent, and none kept that is not whole."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest

from member_tracker.domain.errors import Invalid, NotFound
from member_tracker.domain.in_step import Page, Row, ScopeId
from member_tracker.domain.mailbag import MailAttachment
from member_tracker.store.in_step import StoreLocal
from member_tracker.store.kept import Record
from member_tracker.store.store import Store
from tests.store.agreement import disagreements
from tests.store.in_step_office import Laptop, held, joined, make_hub, make_laptop, row
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


# --- bytes that are nowhere but here, of what moves -------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Laptop, Laptop]]:
    """Two laptops in step; the first has the bytes of a mail that no record speaks of yet."""
    hub = make_hub()
    one, other = make_laptop(tmp_path, hub, "one"), make_laptop(tmp_path, hub, "two")
    furnish(one.store)
    for each in (one, one, other):
        each.sync()
    yield one, other
    one.store.close()
    other.store.close()


def save(laptop: Laptop, *deeds: Record) -> None:
    """One deed after the other, each a commit of its own, with the bytes at hand."""
    for each in deeds:
        with laptop.store.writing(author=None) as tx:
            tx.keep_original(RAW, "message/rfc822")
            tx.keep_original(PHOTO, "image/jpeg")
            tx.save(each)


UNFILED = replace(MAIL, enquiry_id=None)


@pytest.mark.parametrize(
    "deeds",
    [
        pytest.param((enquiry(), UNFILED, MAIL, UNFILED), id="filed and unfiled"),
        pytest.param((enquiry(), MAIL, enquiry(raised_by=BILAL.id)), id="given to a councillor read later"),
        pytest.param((enquiry(raised_by=BILAL.id), MAIL, enquiry()), id="given to a councillor read before"),
    ],
)
def test_bytes_only_this_laptop_has_follow_a_record_that_moved_before_it_was_sent(
    two: tuple[Laptop, Laptop], deeds: tuple[Record, ...]
) -> None:
    one, other = two
    save(one, *deeds)
    for each in (one, other):
        each.sync()
    assert one.local.blob(PHOTO_ID) == other.local.blob(PHOTO_ID) == PHOTO
    assert one.local.blob(RAW_ID) == other.local.blob(RAW_ID) == RAW


def test_bytes_that_could_not_be_sent_follow_a_record_somebody_else_has_moved(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    save(one, enquiry(), MAIL)
    with mock.patch.object(one.local, "unsent_blobs", side_effect=ConnectionError), pytest.raises(ConnectionError):
        one.sync()
    other.sync()
    assert len(one.local.unsent_blobs(9)) == 2
    with other.store.writing(author=None) as tx:
        tx.save(UNFILED)
    for each in (other, one, other):
        each.sync()
    assert one.local.blob(PHOTO_ID) == other.local.blob(PHOTO_ID) == PHOTO


def test_bytes_of_what_has_left_every_scope_that_is_held_go_a_contact_later(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    save(one, enquiry(), MAIL)
    with mock.patch.object(one.local, "unsent_blobs", side_effect=ConnectionError), pytest.raises(ConnectionError):
        one.sync()
    other.sync()
    with other.store.writing(author=None) as tx:
        tx.save(enquiry(raised_by=BILAL.id))
    other.sync()
    other.hub.accounts[one.login].everywhere = False
    other.hub.grant(one.login, SCOPE)
    one.clockwork.at += timedelta(minutes=5)
    one.sync()
    assert one.local.blob(PHOTO_ID) == PHOTO, "it may still come"
    one.clockwork.at += timedelta(minutes=5)
    one.sync()
    with pytest.raises(NotFound):
        one.local.blob(PHOTO_ID)


def test_bytes_of_what_was_erased_go_at_once_wherever_it_was_on_its_way_to(two: tuple[Laptop, Laptop]) -> None:
    one = two[0]
    save(one, enquiry(), MAIL)
    with mock.patch.object(one.local, "unsent_blobs", side_effect=ConnectionError), pytest.raises(ConnectionError):
        one.sync()
    moved = Row(kind="mail", id=MAIL.id, scope_id=SCOPE, hub_seq=98, gone=True)
    take(one.local, 98, moved)
    assert one.local.blob(PHOTO_ID) == PHOTO
    take(one.local, 99, moved._replace(scope_id=ScopeId("tray"), hub_seq=99, erased=True), scope=ScopeId("tray"))
    with pytest.raises(NotFound):
        one.local.blob(PHOTO_ID)
