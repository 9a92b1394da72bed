"""A file being filled from the hub: hundreds of rows put in place at once, among them some that need a closer look."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from member_tracker.domain.change import RecordKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.in_step import AsTold, Page, Row, ScopeId
from member_tracker.domain.people import Resident, ResidentId
from member_tracker.domain.vocabulary import Priority
from member_tracker.store import in_step_bulk
from member_tracker.store.codec import to_json
from member_tracker.store.in_step import StoreLocal
from member_tracker.store.shapes import shape_of, shape_of_kind
from member_tracker.store.store import Store
from tests.store.agreement import disagreements
from tests.store.in_step_office import held, joined, row
from tests.store.office import ANNA, ROSE, enquiry, note, open_store, received

SCOPE = ScopeId(ANNA.id)
ENQUIRIES = 450
FILLING, USUAL = -131_072, -16_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "laptop")
    StoreLocal(store).remember(joined())
    yield store
    store.close()


def take(store: Store, *rows: Row, then: Callable[[StoreLocal], None] = lambda local: None) -> None:
    """Puts rows in place, and what comes then, together."""
    local = StoreLocal(store)
    with local.together():
        local.take(SCOPE, Page(rows=rows, upto=rows[-1].hub_seq, more=True), held(rows[-1].hub_seq))
        then(local)


def told(one: Row) -> Row:
    """A row as it comes over the wire: nothing of it read yet."""
    return one._replace(fields=AsTold(to_json(dict(one.fields))), heads=AsTold(to_json(dict(one.heads))))


def whole(one: Row) -> Row:
    """A row as a program tells it that speaks of every field, the empty ones among them."""
    return one._replace(fields=shape_of_kind(RecordKind(one.kind)).whole({**one.fields, "id": one.id}))


def casework() -> list[Row]:
    every = [ROSE, *(each for number in range(1, ENQUIRIES) for each in (enquiry(number), note(number)))]
    return [row(value, number, SCOPE) for number, value in enumerate(every, start=1)]


def everything(store: Store) -> list[object]:
    """All there is in the tables of records, and the words that are searched."""
    with store.reading() as tx:
        return [
            tx._connection.execute(f"SELECT * FROM {table} ORDER BY pos").fetchall()
            for table in ("resident", "enquiry", "entry", "search_document", "address", "hub_copy")
        ] + tx._connection.execute('SELECT term, doc, col, "offset" FROM search_term ORDER BY 1, 2, 3, 4').fetchall()


def test_rows_not_read_yet_leave_what_rows_that_were_read_leave(store: Store, tmp_path: Path) -> None:
    take(store, *casework())
    other = open_store(tmp_path / "other")
    StoreLocal(other).remember(joined())
    take(other, *map(told, casework()))
    assert everything(other) == everything(store)
    assert disagreements(other) == []
    other.close()


def test_empty_fields_that_are_said_leave_what_those_leave_of_which_nothing_is(store: Store, tmp_path: Path) -> None:
    rows = casework()
    assert all(len(whole(each).fields) > len(each.fields) + 1 for each in rows)
    take(store, *map(told, rows))
    other = open_store(tmp_path / "other")
    StoreLocal(other).remember(joined())
    take(other, *(told(whole(each)) if number % 3 else told(each) for number, each in enumerate(rows)))
    assert everything(other) == everything(store)
    other.close()


def test_among_many_rows_each_that_says_more_or_nonsense_is_found_and_kept_by_itself(store: Store) -> None:
    rows = casework()
    more = row(enquiry(501), 2_001, SCOPE, mood="cross")
    fields = dict(whole(row(enquiry(502), 2_002, SCOPE)).fields)
    del fields["findings"]
    instead = row(enquiry(502), 2_002, SCOPE)._replace(fields=fields | {"mood": "calm"})  # as many as there are here
    less = row(enquiry(503), 2_003, SCOPE)._replace(fields=fields | {"id": "enquiry-00503", "reference": "ENQ-503"})
    nonsense = row(enquiry(504), 2_004, SCOPE, priority="whenever")
    clockless = row(enquiry(505), 2_005, SCOPE, clocks={"respond": "soon"})
    take(store, *map(told, [*rows[:300], more, instead, *rows[300:], less, nonsense, clockless]))
    with store.reading() as tx:
        assert len(tx.every(Enquiry)) == ENQUIRIES - 1 + 3
        assert tx.get(Enquiry, "enquiry-00502").findings is None
        kept = tx._connection.execute("SELECT record_id, fields ->> 'mood', hidden FROM hub_copy ORDER BY 1").fetchall()
    assert kept == [
        ("enquiry-00501", "cross", 0),
        ("enquiry-00502", "calm", 0),
        ("enquiry-00504", None, 1),
        ("enquiry-00505", None, 1),
    ]
    assert disagreements(store) == []


def test_a_record_that_is_known_by_a_waiting_edit_alone_or_hidden_is_met(store: Store) -> None:
    with store.writing(author=None) as tx:
        tx.save(replace(enquiry(1), priority=Priority.URGENT))
    take(store, row(enquiry(2), 5, SCOPE, status="parked"))
    shape = shape_of(Enquiry)
    asked = ["enquiry-00001", "enquiry-00002", "enquiry-00003"]
    assert in_step_bulk.met(store._writer, shape, asked) == {"enquiry-00001", "enquiry-00002"}
    store._writer.execute("DELETE FROM enquiry")  # as where its scope was lost: the edit alone is left
    assert in_step_bulk.met(store._writer, shape, asked) == {"enquiry-00001", "enquiry-00002"}
    store._writer.execute("UPDATE op SET passed = 1")
    assert in_step_bulk.met(store._writer, shape, asked) == {"enquiry-00002"}


def test_a_thousand_residents_go_into_their_index_in_a_few_pieces_and_are_found(store: Store) -> None:
    every = [
        replace(ROSE, id=ResidentId(f"resident-{number}"), name=f"Number{number} Resident") for number in range(1_000)
    ]
    take(store, *(told(row(value, number, SCOPE)) for number, value in enumerate(every, start=1)))
    with store.reading() as tx:
        [(pieces,)] = tx._connection.execute("SELECT count(DISTINCT segid) FROM resident_search_idx").fetchall()
        found = tx._connection.execute(
            "SELECT r.id FROM resident_search s JOIN resident r ON r.pos = s.rowid"
            " WHERE resident_search MATCH 'number77*' ORDER BY r.pos"
        ).fetchall()
        assert tx.get(Resident, "resident-77") == every[77]
        addresses = tx._connection.execute("SELECT count(*) FROM address WHERE kind = 'resident'").fetchone()
    assert found == [("resident-77",), *((f"resident-77{number}",) for number in range(10))]
    assert pieces <= 10  # each by itself they would be merged again and again
    assert addresses == (1_000,)
    assert disagreements(store) == []


def test_room_made_to_fill_a_file_stays_until_little_is_fetched(store: Store) -> None:
    def room() -> int:
        return int(store._writer.execute("PRAGMA cache_size").fetchone()[0])

    seen = []

    def a_last_page(local: StoreLocal) -> None:
        local.take(SCOPE, Page(rows=(row(received(1), 3_000, SCOPE),), upto=3_000, more=True), held(3_000))
        seen.append(room())

    assert room() == USUAL
    take(store, *[row(note(number), number, SCOPE) for number in range(1, 1_001)], then=a_last_page)
    assert seen == [FILLING]
    assert room() == FILLING
    take(store, row(enquiry(1), 3_001, SCOPE))
    assert room() == USUAL
