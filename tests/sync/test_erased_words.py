"""What the hub refused about somebody, or is sent about them too late, is forgotten with them; nobody keeps a copy."""

import hashlib

import psycopg
import pytest

from member_tracker.sync.hub import HubOp, Outcome, ScopeId
from tests.sync.deeds import ABARA, BYRNE, Office, edit, enquiry, made, op, push, push_one, rows_of
from tests.sync.hub_place import COUNCIL
from tests.sync.test_hub_sql_log import dump

WORD = "zygomorphic"
RAW = f"Subject: {WORD}".encode()
HASH = hashlib.sha256(RAW).hexdigest()


@pytest.fixture
def known(office: Office) -> Office:
    """Somebody with an enquiry and a mail whose bytes are not here yet, and what was refused about them before."""
    push(
        office.abara, made("resident", "rose", councillor_id=ABARA, name=WORD),
        enquiry("of-rose", resident_id="rose", text=WORD), made("mail", "mail-1", enquiry_id="of-rose", original=HASH),
    )  # fmt: skip
    denied = push(
        office.byrne, *words_about("before"), enquiry("taken", BYRNE, reference="ENQ-of-rose", resident_id="rose")
    )
    assert {receipt.outcome for receipt in denied} == {Outcome.DENIED}
    return office


def words_about(name: str) -> tuple[HubOp, ...]:
    """What somebody without the right to it makes and changes, each step saying the word."""
    suggestion, case = f"suggestion-{name}", f"case-{name}"
    return (
        made("suggestion", suggestion, enquiry_id="of-rose", sentence=WORD),
        op("set", "suggestion", suggestion, "sentence", f"{WORD} again"),
        enquiry(case, resident_id="rose", text=WORD),
        made("entry", f"entry-{name}", enquiry_id=case, text=WORD),
        op("set", "enquiry", case, "text", f"{WORD} again"),
        op("set", "resident", "rose", "name", f"{WORD} again"),
    )


def test_what_was_refused_about_somebody_is_blanked_with_them(known: Office) -> None:
    assert dump(known).count(WORD.encode()) >= 10
    known.place.administration().erase("resident", "rose")
    assert WORD.encode() not in dump(known)
    assert known.place.administration().verify().is_whole


@pytest.mark.parametrize("late", ["abara", "byrne"])
def test_words_about_somebody_erased_that_come_late_are_never_written_down(known: Office, late: str) -> None:
    known.place.administration().erase("resident", "rose")
    hub = known.abara if late == "abara" else known.byrne
    receipts = push(hub, *words_about("together"))
    for each in words_about("apart"):
        receipts += (push_one(hub, each),)
    if late == "abara":
        assert [receipt.outcome for receipt in receipts] == [
            "erased",
            "denied",
            "erased",
            "denied",
            "denied",
            "erased",
        ] * 2
    assert not {receipt.outcome for receipt in receipts} & {"accepted", "conflict"}
    assert WORD.encode() not in dump(known)
    assert known.place.administration().verify().is_whole


def test_what_was_refused_about_others_stays_in_the_log(known: Office) -> None:
    push(known.byrne, made("entry", "entry-9", enquiry_id="enquiry-1", text="about somebody else"))
    known.place.administration().erase("resident", "rose")
    assert b"about somebody else" in dump(known)


def test_everybody_is_told_who_was_erased_without_a_word_about_them(known: Office) -> None:
    known.place.administration().erase("resident", "rose")
    for hub in known.everybody():
        told = {(row.kind, row.id): row for row in rows_of(hub, COUNCIL).values() if row.erased}
        assert {("resident", "rose"), ("enquiry", "of-rose"), ("mail", "mail-1")} <= told.keys()
        assert all(row.gone and not row.fields and not row.heads for row in told.values())


def test_bytes_of_somebody_erased_that_come_late_are_not_kept(known: Office) -> None:
    abara = ScopeId(ABARA)
    with psycopg.connect(known.place.url("abara"), password="abara and a horse", autocommit=True) as half_way:
        half_way.execute("SELECT hub.begin_blob(%s, %s, %s)", (ABARA, HASH, len(RAW)))
        known.place.administration().erase("resident", "rose")
        half_way.execute("SELECT hub.put_chunk(%s, %s, 0, %b)", (ABARA, HASH, RAW))
        assert half_way.execute("SELECT hub.finish_blob(%s, %s)", (ABARA, HASH)).fetchone() == (True,)
    known.abara.put_blob(abara, HASH, RAW)
    known.officer.put_blob(ScopeId("tray"), HASH, RAW)
    assert RAW.hex().encode() not in dump(known)
    assert known.abara.get_blob(abara, HASH) is None


def test_the_same_bytes_in_a_mail_of_somebody_else_are_kept(known: Office) -> None:
    known.place.administration().erase("resident", "rose")
    push(known.abara, made("mail", "mail-2", enquiry_id="enquiry-1", original=HASH))
    known.abara.put_blob(ScopeId(ABARA), HASH, RAW)
    assert known.support.get_blob(ScopeId(ABARA), HASH) == RAW


def test_an_edit_that_says_nothing_of_anybody_erased_is_kept_though_refused(known: Office) -> None:
    known.place.administration().erase("resident", "rose")
    assert push_one(known.byrne, edit("enquiry-1", "text", "no right to it", "x")).outcome == "denied"
    assert b"no right to it" in dump(known)
