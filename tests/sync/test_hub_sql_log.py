"""The hub's log: it shows when somebody tampered with it, and forgets those who were erased without breaking."""

import hashlib

import psycopg
import pytest

from member_tracker.domain.errors import NotFound
from member_tracker.sync.hub import TRAY, Outcome
from tests.sync.deeds import ABARA, BYRNE, Office, edit, enquiry, made, op, push, push_one, rows_of

NAME, WORDS = "Persephone Vandersloot", "The drain at the back overflows into the nursery"


def owner_does(office: Office, *statements: str) -> None:
    """What somebody with the server in their hands could do behind the hub's back."""
    with psycopg.connect(office.place.url(), autocommit=True) as owner:
        for statement in ("SET session_replication_role = replica", *statements):
            owner.execute(statement.encode())


def some_work(office: Office) -> None:
    change = edit("enquiry-1", "subject", "Bins and gulls", office.first)
    push(office.abara, change, edit("enquiry-1", "subject", "Bins, gulls and rats", change), enquiry("enquiry-2"))
    push_one(office.support, edit("enquiry-1", "subject", "late", office.first), device="device-2")
    office.place.administration().grant("byrne", ABARA)
    push_one(office.byrne, enquiry("enquiry-3", BYRNE))


def test_a_log_nobody_touched_is_whole_and_ends_where_the_greeting_says(office: Office) -> None:
    some_work(office)
    verified = office.place.administration().verify()
    greeting = office.abara.greet("device-1", 1)
    assert verified.is_whole
    assert (verified.head, verified.chain) == (greeting.head, greeting.chain)
    assert office.abara.chain_at(greeting.head) == greeting.chain
    assert office.abara.chain_at(greeting.head - 1) != greeting.chain


@pytest.mark.parametrize(
    "tampering",
    [
        """UPDATE hub.op SET value = '"quietly changed"' WHERE value = '"Bins and gulls"'""",
        """UPDATE hub.op SET replaced = '"quietly changed"' WHERE replaced = '"Bins"'""",
        "UPDATE hub.op SET login = 'byrne' WHERE login = 'abara'",
        "UPDATE hub.op SET device = 'another' WHERE device = 'device-2'",
        "UPDATE hub.op SET outcome = 'accepted' WHERE outcome = 'conflict'",
        "UPDATE hub.op SET value = NULL, replaced = NULL, salt = NULL WHERE verb = 'set'",
        "DELETE FROM hub.op WHERE verb = 'grant'",
        "DELETE FROM hub.op WHERE hub_seq = (SELECT max(hub_seq) FROM hub.op)",
        "UPDATE hub.op SET hub_seq = hub_seq + 1000 WHERE hub_seq > 5",
        "UPDATE hub.op a SET record_id = 'enquiry-9' WHERE record_id = 'enquiry-2'",
        "UPDATE hub.op SET digest = sha256('x'), salt = 'x' WHERE verb = 'set'",
    ],
)
def test_whoever_tampers_with_the_log_is_found_out(office: Office, tampering: str) -> None:
    some_work(office)
    owner_does(office, tampering)
    assert not office.place.administration().verify().is_whole


def test_the_log_cannot_be_changed_even_by_the_owner_of_the_tables_in_the_ordinary_way(office: Office) -> None:
    with psycopg.connect(office.place.url(), autocommit=True) as owner:
        for statement in (
            "UPDATE hub.op SET outcome = 'denied'",
            "DELETE FROM hub.op",
            "UPDATE hub.op SET value = '1'",
        ):
            with pytest.raises(psycopg.DatabaseError, match="the log is not changed"):
                owner.execute(statement.encode())


def test_taking_out_searching_and_looking_elsewhere_are_logged_and_nothing_else_can_be(office: Office) -> None:
    office.support.note("exported", {"what": "enquiries", "count": 20})
    with pytest.raises(Exception, match="cannot read"):
        office.support.note("grant", {"scope": "tray"})
    with psycopg.connect(office.place.url(), autocommit=True) as owner:
        found = owner.execute("SELECT login, value ->> 'what' FROM hub.op WHERE verb = 'exported'").fetchall()
    assert found == [("support", "enquiries")]
    assert office.place.administration().verify().is_whole


def resident_with_casework(office: Office) -> bytes:
    """A resident with an enquiry, a note, a mail and a conflict about them; the mail's bytes."""
    raw = f"From: {NAME}\n\n{WORDS}".encode()
    hash_ = hashlib.sha256(raw).hexdigest()
    resident = made("resident", "resident-1", councillor_id=ABARA, name=NAME)
    case = enquiry("enquiry-2", resident_id="resident-1", text=WORDS)
    push(
        office.support, resident, case, made("mail", "mail-1", enquiry_id=None, original=hash_, text=WORDS),
        made("entry", "entry-1", enquiry_id="enquiry-2", text=f"Rang {NAME}"),
    )  # fmt: skip
    office.support.put_blob(TRAY, hash_, raw)
    filed = edit("mail-1", "enquiry_id", "enquiry-2", rows_of(office.support, TRAY)["mail-1"].heads[""], kind="mail")
    push_one(office.support, filed)
    push_one(office.abara, edit("enquiry-2", "text", f"{WORDS} again", case))
    push_one(office.support, edit("enquiry-2", "text", f"{WORDS}, and how", case), device="device-2")
    push_one(office.byrne, made("entry", "entry-2", enquiry_id="enquiry-2", text=f"{NAME} rang me too"))
    assert office.abara.get_blob(ABARA, hash_) == raw  # type: ignore[arg-type]
    return raw


def test_an_erased_resident_is_nowhere_in_a_dump_of_the_hub_and_the_log_still_holds(office: Office) -> None:
    raw = resident_with_casework(office)
    assert NAME.encode() in dump(office)
    assert office.place.administration().erase("resident", "resident-1") >= 5
    for late in (
        edit("resident-1", "name", f"{NAME} (late)", "op-x", kind="resident"),
        made("entry", "entry-3", enquiry_id="enquiry-2", text=WORDS),
        enquiry("enquiry-9", resident_id="resident-1", text=WORDS),
    ):
        assert push_one(office.abara, late).outcome is Outcome.ERASED
        assert (
            push_one(office.byrne, op(late.verb, late.kind, late.record_id, late.field, late.value)).outcome
            != "accepted"
        )
    dumped = dump(office)
    for words in (NAME, WORDS, NAME.split()[1], raw.hex()):
        assert words.encode() not in dumped, words
    assert office.place.administration().verify().is_whole
    erased = {row.id for row in rows_of(office.abara, ABARA).values() if row.erased}
    assert {"resident-1", "enquiry-2", "mail-1", "entry-1"} <= erased
    assert rows_of(office.support, TRAY)["mail-1"].erased
    assert "enquiry-1" not in erased
    with pytest.raises(NotFound):
        office.place.administration().erase("resident", "nobody")


def test_bytes_another_mail_speaks_of_too_outlive_an_erasure(office: Office) -> None:
    logo = hashlib.sha256(b"logo").hexdigest()
    attachment = [{"name": "logo.png", "sha256": logo}]
    push(
        office.support,
        made("mail", "mail-1", enquiry_id="enquiry-1", attachments=attachment),
        made("mail", "mail-2", enquiry_id=None, attachments=attachment),
    )
    office.abara.put_blob(ABARA, logo, b"logo")  # type: ignore[arg-type]
    office.place.administration().erase("enquiry", "enquiry-1")
    assert office.abara.get_blob(ABARA, logo) == b"logo"  # type: ignore[arg-type]
    office.place.administration().erase("mail", "mail-2")
    assert office.abara.get_blob(ABARA, logo) is None  # type: ignore[arg-type]


def dump(office: Office) -> bytes:
    """Everything the hub's database holds, as its administrator would back it up."""
    with psycopg.connect(office.place.url(), autocommit=True) as owner:
        tables = owner.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'hub'")
        held = b""
        for (table,) in tables.fetchall():
            with owner.cursor().copy(f"COPY {table} TO STDOUT".encode()) as copy:
                held += b"".join(bytes(piece) for piece in copy)
    return held
