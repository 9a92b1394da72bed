"""A laptop falls into step: what was sent, what came, what was taken back, and nothing lost between."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from member_tracker.domain.change import Conflict, RecordKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.in_step import Outcome, Page, Receipt, Row, ScopeId
from member_tracker.domain.people import Council, Councillor, Resident
from member_tracker.domain.timeline import Entry
from member_tracker.domain.vocabulary import Flag
from member_tracker.store import in_step_taking
from member_tracker.store.in_step import StoreLocal
from member_tracker.store.in_step_outbox import Outbox
from member_tracker.store.kept import Record
from member_tracker.store.queries import Order, Wanted, Which
from member_tracker.store.store import Store
from tests.fakes.hub import HubInMemory
from tests.store.agreement import disagreements
from tests.store.in_step_office import Laptop, LaptopMaker, held, joined, make_hub, make_laptop, row
from tests.store.office import ANNA, BILAL, COUNCIL, ROSE, TODAY, enquiry, furnish, note, received, suggestion


@pytest.fixture
def hub() -> HubInMemory:
    return make_hub()


@pytest.fixture
def laptop(tmp_path: Path, hub: HubInMemory) -> Iterator[LaptopMaker]:
    made: list[Laptop] = []

    def make(name: str, login: str = "carol") -> Laptop:
        made.append(make_laptop(tmp_path, hub, name, login))
        return made[-1]

    yield make
    for each in made:
        each.store.close()


@pytest.fixture
def pair(laptop: LaptopMaker) -> tuple[Laptop, Laptop]:
    """Two laptops in step, with an office and an enquiry."""
    one, two = laptop("one"), laptop("two")
    furnish(one.store)
    with one.store.writing(author=ANNA.id) as tx:
        tx.save(enquiry(tags=("lamp",)))
        tx.add(note())
    assert one.sync().in_step
    assert one.sync().in_step
    assert two.sync().in_step
    assert two.sync().in_step
    return one, two


def shown(laptop: Laptop) -> Enquiry:
    with laptop.store.reading() as tx:
        return tx.get(Enquiry, enquiry().id)


def change(laptop: Laptop, **changes: object) -> None:
    with laptop.store.writing(author=ANNA.id) as tx:
        tx.save(replace(tx.get(Enquiry, enquiry().id), **changes))  # type: ignore[arg-type]


def the_conflict(laptop: Laptop) -> Conflict:
    with laptop.store.reading() as tx:
        (conflict,) = tx.every(Conflict)
    return conflict


def found(store: Store, words: str) -> list[str]:
    with store.reading() as tx:
        page = tx.enquiry_rows(Wanted(which=Which.ALL, today=TODAY, find=words, order=Order.NEWEST), limit=50)
    return [each.id for each in page.rows]


def test_what_one_laptop_made_is_on_the_other(pair: tuple[Laptop, Laptop]) -> None:
    one, two = pair
    for each in pair:
        assert each.local.outbox(9) == ()
        assert shown(each) == enquiry(tags=("lamp",))
        with each.store.reading() as tx:
            assert tx.get(Entry, note().id) == note()
            assert {person.name for person in tx.every(Councillor)} == {"Anna Ash", "Bilal Birch"}
            assert [each.id for each in tx.enquiries_from("rose.m@EXAMPLE.org")] == [enquiry().id]
        assert found(each.store, "muller") == [enquiry().id]
        assert found(each.store, "depot") == [enquiry().id]
    assert one.local.tally(ScopeId(ANNA.id)) == two.local.tally(ScopeId(ANNA.id))


def test_edits_of_different_fields_meet_and_history_tells_of_both(pair: tuple[Laptop, Laptop]) -> None:
    one, two = pair
    change(one, subject="The brown bin", tags=("lamp", "road"))
    change(two, text="Twice now.", tags=())
    one.sync()
    two.sync()
    one.sync()
    assert shown(one) == shown(two)
    assert (shown(one).subject, shown(one).text, shown(one).tags) == ("The brown bin", "Twice now.", ("road",))
    with one.store.reading() as tx:
        told = [(each.author, dict(each.changes)) for each in tx.history(RecordKind.ENQUIRY, enquiry().id)]
    assert told[-1][0] is None
    assert told[-1][1]["text"] == (enquiry().text, "Twice now.")
    assert found(one.store, "twice") == [enquiry().id]


def test_of_two_edits_of_one_field_the_hubs_stands_and_the_other_is_kept_as_a_conflict(
    pair: tuple[Laptop, Laptop],
) -> None:
    one, two = pair
    change(one, subject="First")
    change(two, subject="Second")
    one.sync()
    assert two.sync().conflicts == 1
    one.sync()
    for each in pair:
        assert shown(each).subject == "First"
        conflict = the_conflict(each)
        assert (conflict.record_id, conflict.field, conflict.kept, conflict.lost, conflict.by, conflict.settled) == (
            enquiry().id, "subject", "First", "Second", ANNA.id, None,
        )  # fmt: skip
    with two.store.writing(author=BILAL.id) as tx:
        tx.save(replace(the_conflict(two), settled="lost"))
        tx.save(replace(tx.get(Enquiry, enquiry().id), subject="Second"))
    two.sync()
    one.sync()
    for each in pair:
        assert shown(each).subject == "Second"
        assert the_conflict(each).settled == "lost"


def test_what_is_still_to_be_sent_is_shown_above_what_comes(pair: tuple[Laptop, Laptop]) -> None:
    one, _ = pair
    change(one, subject="Mine")
    seen = one.local.outbox(9)[0].seen
    theirs = enquiry(subject="Theirs", text="New.", tags=("lamp",))
    one.local.take(ScopeId(ANNA.id), Page(rows=(row(theirs, 900, ANNA.id),), upto=900), held(900))
    assert (shown(one).subject, shown(one).text) == ("Mine", "New.")
    assert one.local.outbox(9)[0].seen == seen
    assert disagreements(one.store) == []
    (op,) = one.local.outbox(9)
    one.local.note([Receipt(op_id=op.id, outcome=Outcome.CONFLICT, hub_seq=901)])
    assert shown(one).subject == "Theirs"
    assert disagreements(one.store) == []


def test_what_was_not_accepted_is_taken_back_and_its_words_are_kept(pair: tuple[Laptop, Laptop]) -> None:
    one, _ = pair
    change(one, subject="Mine")
    change(one, subject="Mine again", flags=(Flag.ESCALATED,))
    with one.store.writing(author=ANNA.id) as tx:
        tx.add(note(2, text="A long thought."))
    ops = one.local.outbox(9)
    one.local.note([Receipt(op_id=op.id, outcome=Outcome.DENIED, hub_seq=50, reason="scope") for op in ops])
    assert shown(one) == enquiry(tags=("lamp",))
    with one.store.reading_by(Outbox) as tx:
        assert tx.find(Entry, note(2).id) is None
        refused = tx.refused()
        assert [each.value for each in refused[:2]] == ["Mine", "Mine again"]
        assert isinstance(refused[-1].value, dict)
        assert refused[-1].value["text"] == "A long thought."
        assert {(each.outcome, each.reason) for each in refused} == {(Outcome.DENIED, "scope")}
        assert tx.outbox_size() == 0
    assert disagreements(one.store) == []


def test_one_edit_taken_back_leaves_the_next_one_shown(pair: tuple[Laptop, Laptop]) -> None:
    one, _ = pair
    change(one, subject="First")
    change(one, subject="Second")
    first, second = one.local.outbox(9)
    one.local.note([Receipt(op_id=first.id, outcome=Outcome.DENIED, hub_seq=50)])
    assert shown(one).subject == "Second"
    one.local.note([Receipt(op_id=second.id, outcome=Outcome.DENIED, hub_seq=50)])
    assert shown(one).subject == "Missed bin 1"
    assert disagreements(one.store) == []


def test_an_edit_that_is_acknowledged_stays_shown_until_a_row_holds_it(pair: tuple[Laptop, Laptop]) -> None:
    one, _ = pair
    change(one, subject="Mine")
    (op,) = one.local.outbox(9)
    one.local.note([Receipt(op_id=op.id, outcome=Outcome.ACCEPTED, hub_seq=70)])
    scope = ScopeId(ANNA.id)
    older = row(enquiry(text="New.", tags=("lamp",)), 60, scope)
    one.local.take(scope, Page(rows=(older,), upto=60), held(60))
    assert (shown(one).subject, shown(one).text) == ("Mine", "New.")
    newer = row(enquiry(subject="Theirs", tags=("lamp",)), 80, scope)
    one.local.take(scope, Page(rows=(newer,), upto=80), held(80))
    assert shown(one).subject == "Theirs"
    assert disagreements(one.store) == []


def test_a_receipt_that_comes_twice_or_of_another_op_changes_nothing(pair: tuple[Laptop, Laptop]) -> None:
    one, two = pair
    change(one, subject="Mine")
    (op,) = one.local.outbox(9)
    receipts = one.hub.sign_in("carol").push("one", 1, [op])
    change(two, subject="Theirs")
    for _ in range(2):
        one.local.note([*receipts, Receipt(op_id="of nobody", outcome=Outcome.DENIED, hub_seq=9)])
    one.sync()
    two.sync()
    one.sync()
    assert shown(one).subject == "Mine"


def test_two_laptops_that_read_the_same_mail_make_one_record(pair: tuple[Laptop, Laptop]) -> None:
    one, two = pair
    for each, at in ((one, "2026-06-03T12:00:00+00:00"), (two, "2026-06-03T12:05:00+00:00")):
        with each.store.writing(author=None) as tx:
            original = tx.keep_original(b"raw mail", "message/rfc822")
            mail = received(enquiry_id=enquiry().id, original=original)
            tx.save(replace(mail, collected_at=type(mail.collected_at).fromisoformat(at)))
            tx.save(suggestion())
    one.sync()
    two.sync()
    one.sync()
    with one.store.reading() as here, two.store.reading() as there:
        assert here.get(type(received()), "mail-1") == there.get(type(received()), "mail-1")
    assert one.local.tally(ScopeId(ANNA.id)) == two.local.tally(ScopeId(ANNA.id))


def test_an_enquiry_moves_with_all_that_hangs_on_it(pair: tuple[Laptop, Laptop], laptop: LaptopMaker) -> None:
    one, two = pair
    narrow = laptop("narrow", "bilal")
    narrow.hub.accounts["bilal"].everywhere = False
    narrow.hub.grant("bilal", ScopeId(BILAL.id))
    narrow.sync()
    with narrow.store.reading() as tx:
        assert tx.every(Enquiry) == ()
        assert tx.find(Council, COUNCIL.id) is not None
    change(two, raised_by=BILAL.id)
    two.sync()
    one.sync()
    narrow.sync()
    for each in (one, two, narrow):
        assert shown(each).raised_by == BILAL.id
        with each.store.reading() as tx:
            assert tx.get(Entry, note().id) == note()
    assert found(narrow.store, "bin") == [enquiry().id]
    with narrow.store.reading() as tx:
        assert tx.find(Resident, ROSE.id) is None


def test_access_that_was_lost_takes_everything_of_the_scope_along(pair: tuple[Laptop, Laptop]) -> None:
    one, _ = pair
    with one.store.writing(author=None) as tx:
        original = tx.keep_original(b"raw mail", "message/rfc822")
        tx.save(received(enquiry_id=enquiry().id, original=original))
    one.sync()
    change(one, subject="Not sent")
    one.local.let_go(ScopeId(ANNA.id))
    with one.store.reading() as tx:
        assert [*tx.every(Enquiry), *tx.every(Entry), *tx.every(Resident)] == []
        assert tx._connection.execute("SELECT count(*) FROM blob").fetchone() == (0,)
        assert tx._connection.execute("SELECT count(*) FROM search_document").fetchone() == (0,)
        assert tx.find(Councillor, ANNA.id) is not None
    assert [op.value for op in one.local.outbox(9)] == ["Not sent"]
    assert disagreements(one.store) == []
    held_now = one.local.joined()
    assert held_now is not None
    assert ScopeId(ANNA.id) not in held_now.scopes


def test_rows_may_come_before_what_they_name(store: Store) -> None:
    local = StoreLocal(store)
    local.remember(joined())
    scope = ScopeId(ANNA.id)
    rows: list[Record] = [note(), suggestion(), received(enquiry_id=enquiry().id), enquiry(), ROSE]
    for number, value in enumerate(rows, start=1):
        local.take(scope, Page(rows=(row(value, number, scope),), upto=number), held(number))
        assert disagreements(store) == []
    assert found(store, "muller") == [enquiry().id]
    assert local.tally(scope).total == 15


def test_a_record_of_a_kind_that_was_not_known_is_shown_once_it_is(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = StoreLocal(store)
    local.remember(joined())
    scope = ScopeId(ANNA.id)
    known = in_step_taking._KINDS
    older = {kind: shape for kind, shape in known.items() if kind != "resident"}
    monkeypatch.setattr(in_step_taking, "_KINDS", older)
    local.take(scope, Page(rows=(row(ROSE, 1, scope),), upto=1), held(1))
    with store.writing(author=None) as tx:
        assert tx.find(Resident, ROSE.id) is None
        tx.set_local("hub/form", "of an older program")
    monkeypatch.setattr(in_step_taking, "_KINDS", known)
    local.take(scope, Page(rows=(), upto=1), held(1))
    with store.reading() as tx:
        assert tx.get(Resident, ROSE.id) == ROSE
    assert disagreements(store) == []


def test_what_this_version_does_not_know_is_kept_and_counted(pair: tuple[Laptop, Laptop]) -> None:
    one, _ = pair
    scope = ScopeId(ANNA.id)
    known = one.local.tally(scope)
    later = Row(kind="task", id="task-1", scope_id=scope, hub_seq=900, fields={"text": "Ring"}, heads={})
    strange = row(enquiry(7), 901, scope, status="parked")
    more = row(enquiry(tags=("lamp",)), 902, scope, mood="cross")
    before = shown(one)
    one.local.take(scope, Page(rows=(later, strange, more), upto=902), held(902))
    assert one.local.tally(scope).records == known.records + 2
    change(one, subject="Edited all the same")
    assert shown(one) == replace(before, subject="Edited all the same")
    with one.store.reading() as tx:
        assert tx.find(Enquiry, enquiry(7).id) is None
        (kept,) = tx._connection.execute(
            "SELECT json_extract(fields, '$.mood') FROM hub_copy WHERE record_id = ?", (before.id,)
        )
    assert kept == ("cross",)
    assert disagreements(one.store) == []
    with one.store.writing(author=None) as tx:
        # As the file lies after a newer program, which knows what a parked enquiry is, has opened it.
        tx.set_local("hub/form", "of an older program")
        tx._connection.execute("UPDATE hub_copy SET fields = replace(fields, '\"parked\"', '\"draft\"')")
    one.local.take(scope, Page(rows=(), upto=902), held(902))
    with one.store.reading() as tx:
        assert tx.get(Enquiry, enquiry(7).id) == enquiry(7)
    assert disagreements(one.store) == []
    assert one.local.tally(scope).records == known.records + 2
    gone = Row(kind="task", id="task-1", scope_id=scope, hub_seq=903, gone=True)
    one.local.take(scope, Page(rows=(gone,), upto=903), held(903))
    assert one.local.tally(scope).records == known.records + 1
