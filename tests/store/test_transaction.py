"""One commit holds a record, its ops, its history and its search document, or nothing of them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from member_tracker.domain.change import ChangeSet, RecordKind, Verb
from member_tracker.domain.dates import LONDON
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, NotFound, Unavailable
from member_tracker.domain.mailbag import MailPlace, ReceivedMail
from member_tracker.domain.people import Resident
from member_tracker.domain.timeline import Entry
from member_tracker.domain.vocabulary import Flag, Status
from member_tracker.store.queries import Order, Wanted, Which
from member_tracker.store.store import Store, Transaction
from tests.store.office import (
    ANNA,
    BILAL,
    ROSE,
    TODAY,
    WASTE,
    Clockwork,
    enquiry,
    everything_in,
    note,
    queued,
    received,
    suggestion,
)


def found(store: Store, words: str) -> list[str]:
    with store.reading() as tx:
        page = tx.enquiry_rows(Wanted(which=Which.ALL, today=TODAY, find=words, order=Order.NEWEST), limit=50)
    return [row.id for row in page.rows]


def test_a_new_record_leaves_its_row_an_op_a_history_row_and_a_search_document(office: Store) -> None:
    with office.writing(author=ANNA.id) as tx:
        before = tx.outbox_size()
        tx.save(enquiry())
    with office.reading() as tx:
        ops = tx.outbox()[before:]
        history = tx.history(RecordKind.ENQUIRY, enquiry().id)
    assert [(op.verb, op.kind, op.record_id, op.field, op.base) for op in ops] == [
        (Verb.CREATE, RecordKind.ENQUIRY, enquiry().id, "", None)
    ]
    assert isinstance(ops[0].value, dict)
    assert ops[0].value["subject"] == "Missed bin 1"
    assert [(row.verb, row.author, row.changes) for row in history] == [(Verb.CREATE, ANNA.id, {})]
    assert found(office, "missed") == [enquiry().id]


def test_a_failing_transaction_leaves_no_trace(office: Store) -> None:
    before = everything_in(office)
    heard: list[ChangeSet] = []
    office.on_change(heard.append)

    def write_and_fail(tx: Transaction) -> None:
        tx.save(enquiry())
        tx.save(replace(ROSE, name="Rosa"))
        tx.add(note())
        tx.keep_original(b"bytes", "text/plain")
        tx.set_local("device", "G7K3")
        assert (tx.next_serial(), tx.get(Resident, ROSE.id).name) == (1, "Rosa")
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"), office.writing(author=ANNA.id) as tx:
        write_and_fail(tx)
    assert everything_in(office) == before
    assert heard == []


def test_one_op_is_made_for_each_field_that_changed_with_the_op_that_made_it_as_its_base(office: Store) -> None:
    with office.writing(author=ANNA.id) as tx:
        start = tx.outbox_size()
        tx.save(enquiry())
        tx.save(enquiry(subject="Missed bins", text="All of them."))
        made, *edits = tx.outbox()[start:]
    assert [(op.verb, op.field, op.value) for op in edits] == [
        (Verb.SET, "subject", "Missed bins"),
        (Verb.SET, "text", "All of them."),
    ]
    assert {op.base for op in edits} == {made.id}


def test_the_base_of_a_second_edit_is_the_first_edit_of_that_field(office: Store) -> None:
    with office.writing(author=ANNA.id) as tx:
        tx.save(enquiry())
        start = tx.outbox_size()
    for edited in (enquiry(subject="One"), enquiry(subject="Two"), enquiry(subject="Two", text="Other")):
        with office.writing(author=ANNA.id) as tx:
            tx.save(edited)
    with office.reading() as tx:
        made, first, second, other = tx.outbox()[start - 1 :]
    assert (first.base, second.base, other.base) == (made.id, first.id, made.id)


def test_elements_of_a_set_are_added_and_removed_one_by_one(office: Store) -> None:
    with office.writing(author=ANNA.id) as tx:
        tx.save(enquiry(tags=("bins", "assisted"), flags=(Flag.ESCALATED,)))
        start = tx.outbox_size()
        tx.save(enquiry(tags=("assisted", "brown"), flags=(Flag.ESCALATED, Flag.REROUTED)))
        tx.save(enquiry(tags=("assisted", "brown", "bins"), flags=(Flag.ESCALATED, Flag.REROUTED)))
        made, *ops = tx.outbox()[start - 1 :]
    assert [(op.verb, op.field, op.value) for op in ops] == [
        (Verb.ADD, "flags", "rerouted"),
        (Verb.REMOVE, "tags", "bins"),
        (Verb.ADD, "tags", "brown"),
        (Verb.ADD, "tags", "bins"),
    ]
    assert [op.base for op in ops] == [made.id, made.id, made.id, ops[1].id]


def test_saving_what_is_already_there_writes_nothing(office: Store) -> None:
    with office.writing(author=ANNA.id) as tx:
        tx.save(enquiry(tags=("one", "two")))
    before = everything_in(office)
    heard: list[ChangeSet] = []
    office.on_change(heard.append)
    with office.writing(author=BILAL.id) as tx:
        tx.save(enquiry(tags=("two", "one")))
        tx.save(tx.get(Resident, ROSE.id))
    assert everything_in(office) == before
    assert heard == []


def test_the_hour_that_comes_twice_is_no_change_of_itself(office: Store) -> None:
    twice = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON)
    with office.writing(author=ANNA.id) as tx:
        tx.save(enquiry(received_at=twice))
        tx.add(note(at=twice))
    with office.writing(author=ANNA.id) as tx:
        before = tx.outbox_size()
        tx.save(enquiry(received_at=twice))
        tx.add(note(at=twice))
        assert tx.outbox_size() == before
        assert tx.get(Enquiry, enquiry().id).received_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_history_keeps_who_changed_what_from_what_to_what(office: Store, clockwork: Clockwork) -> None:
    with office.writing(author=ANNA.id) as tx:
        tx.save(enquiry())
    with office.writing(author=BILAL.id) as tx:
        tx.save(enquiry(status=Status.WAITING_TO_SEND, tags=("bins",)))
        _, changed = tx.history(RecordKind.ENQUIRY, enquiry().id)
    assert (changed.verb, changed.author, changed.at) == (Verb.SET, BILAL.id, clockwork.at)
    assert changed.changes == {"status": ("draft", "waiting_to_send"), "tags": ([], ["bins"])}


def test_those_who_listen_hear_after_the_commit_which_records_it_touched(office: Store) -> None:
    heard: list[ChangeSet] = []
    seen: list[Enquiry | None] = []

    def listen(changes: ChangeSet) -> None:
        heard.append(changes)
        with office.reading() as tx:
            seen.append(tx.find(Enquiry, enquiry().id))

    office.on_change(listen)
    with office.writing(author=ANNA.id) as tx:
        tx.save(enquiry())
        tx.add(note())
        assert heard == []
    assert heard == [ChangeSet.of([(RecordKind.ENQUIRY, enquiry().id), (RecordKind.ENTRY, note().id)])]
    assert seen == [enquiry()]


def test_settings_of_this_device_make_no_op_and_are_announced_to_nobody(office: Store) -> None:
    heard: list[ChangeSet] = []
    office.on_change(heard.append)
    with office.writing(author=None) as tx:
        before = tx.outbox_size()
        tx.set_local("cursor", "12")
        tx.set_local("cursor", "13")
        tx.set_local("gone", "1")
        tx.set_local("gone", None)
        assert (tx.local("cursor"), tx.local("gone"), tx.outbox_size()) == ("13", None, before)
    assert heard == []


def test_serials_count_from_one_and_are_never_given_twice(office: Store) -> None:
    with office.writing(author=None) as tx:
        first = [tx.next_serial(), tx.next_serial()]
    with office.writing(author=None) as tx:
        assert [*first, tx.next_serial()] == [1, 2, 3]


def test_an_entry_can_be_added_again_but_never_changed_or_removed(office: Store) -> None:
    with office.writing(author=None) as tx:
        tx.save(enquiry())
        tx.add(note())
        tx.add(note())
        assert tx.every(Entry) == (note(),)
        with pytest.raises(NotAllowed, match="timeline cannot be changed"):
            tx.add(note(text="Something else."))
    for sql in ("UPDATE entry SET text = 'x'", "UPDATE entry SET at = '2020'", "DELETE FROM entry"):
        with pytest.raises(Exception, match="only ever added"), office.writing(author=None) as tx:
            tx._connection.execute(sql)
    with pytest.raises(Exception, match="only ever added"), office.writing(author=None) as tx:
        tx.save(note(text="Something else."))


def test_originals_come_back_byte_for_byte_and_are_kept_once(office: Store) -> None:
    raw = bytes(range(256)) * 10_000
    with office.writing(author=None) as tx:
        kept = tx.keep_original(raw, "message/rfc822")
        assert tx.keep_original(raw, "message/rfc822") == kept
        empty = tx.keep_original(b"", "text/plain")
        assert tx._connection.execute("SELECT count(*) FROM blob_chunk").fetchone()[0] == 3
    with office.reading() as tx:
        assert tx.original(kept) == raw
        assert tx.original(empty) == b""
        with pytest.raises(NotFound):
            tx.original("0" * 64)


def test_an_original_that_is_no_longer_the_same_is_refused(office: Store) -> None:
    with office.writing(author=None) as tx:
        kept = tx.keep_original(b"as it came", "text/plain")
        tx._connection.execute("UPDATE blob_chunk SET bytes = ?", (b"as it cane",))
        with pytest.raises(Unavailable, match="damaged"):
            tx.original(kept)


def test_whatever_hangs_on_an_enquiry_follows_it_to_another_councillor(office: Store) -> None:
    with office.writing(author=None) as tx:
        tx.save(enquiry())
        tx.add(note())
        tx.save(suggestion())
        tx.save(queued())
        tx.save(received(1, place=MailPlace.FILED, enquiry_id=enquiry().id))
        tx.save(received(2))
        tx.save(enquiry(raised_by=BILAL.id))

        def scope(table: str, record_id: str) -> object:
            return tx._connection.execute(f"SELECT scope_id FROM {table} WHERE id = ?", (record_id,)).fetchone()[0]

        followed = {
            scope("enquiry", enquiry().id),
            scope("entry", note().id),
            scope("suggestion", suggestion().id),
            scope("outgoing", queued().id),
            scope("mail", "mail-1"),
        }
        assert followed == {BILAL.id}
        assert scope("mail", "mail-2") == "tray"
        assert scope("resident", ROSE.id) == ANNA.id
        assert scope("service_area", WASTE.id) == "council"


def test_what_belongs_to_an_enquiry_that_is_not_here_is_refused(office: Store) -> None:
    with pytest.raises(NotFound, match="enquiry this belongs to"), office.writing(author=None) as tx:
        tx.save(suggestion())


def test_mail_is_traced_to_its_enquiry_by_our_message_id_the_servers_and_that_of_filed_mail(office: Store) -> None:
    with office.writing(author=None) as tx:
        tx.save(enquiry(1))
        tx.save(enquiry(2))
        tx.save(queued(1, server_message_id="<server-1@example.org>"))
        tx.save(queued(2, enquiry_id=enquiry(2).id, message_id="<ours-1@example.org>"))
        tx.save(received(1, place=MailPlace.FILED, enquiry_id=enquiry(2).id))
        tx.save(received(2))
        asked = [
            "<ours-1@example.org>",
            "<server-1@example.org>",
            "<reply-1@council.example.org>",
            "<reply-2@council.example.org>",
            "<nobody@example.org>",
        ]
        traced = tx.enquiries_by_message_ids(asked)
        assert tx.enquiries_by_message_ids([]) == {}
    assert {message: set(ids) for message, ids in traced.items()} == {
        "<ours-1@example.org>": {enquiry(1).id, enquiry(2).id},
        "<server-1@example.org>": {enquiry(1).id},
        "<reply-1@council.example.org>": {enquiry(2).id},
    }


def test_open_enquiries_are_found_by_who_writes_newest_first(office: Store) -> None:
    with office.writing(author=None) as tx:
        tx.save(enquiry(1))
        tx.save(enquiry(2))
        tx.save(enquiry(3, status=Status.CLOSED))
        tx.save(enquiry(4, service_area_id="parks"))

        def from_(address: str, limit: int = 20) -> list[str]:
            return [each.id for each in tx.enquiries_from(address, limit)]

        assert from_("someone.else@COUNCIL.example.org") == [enquiry(2).id, enquiry(1).id]
        assert from_("parks@partner.example.org") == [enquiry(4).id]
        assert from_(" rose.m@example.ORG ") == [enquiry(4).id, enquiry(2).id, enquiry(1).id]
        assert from_("anna.ash@example.org", limit=1) == [enquiry(4).id]
        assert from_("stranger@example.org") == []
        tx.save(replace(WASTE, addresses=("bins@other.example.org",)))
        assert from_("waste@council.example.org") == []
        assert from_("bins@other.example.org") == [enquiry(2).id, enquiry(1).id]


def test_a_reading_does_not_move_while_somebody_writes(office: Store) -> None:
    with office.writing(author=None) as tx:
        tx.save(received())
    with office.reading() as reading:
        with office.writing(author=None) as tx:
            tx.save(received(2))
        assert len(reading.every(ReceivedMail)) == 1
    with office.reading() as reading:
        assert len(reading.every(ReceivedMail)) == 2
