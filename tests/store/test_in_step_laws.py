"""Laws of falling into step: pages may be cut anywhere, and what waits to be sent is always shown above what came."""

import itertools
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.in_step import Outcome, Page, Receipt, Row, ScopeId
from member_tracker.domain.vocabulary import Flag, Priority
from member_tracker.store.in_step import StoreLocal
from member_tracker.store.in_step_outbox import Outbox
from member_tracker.store.kept import Record
from member_tracker.store.shapes import every_shape, shape_of
from member_tracker.store.store import Store
from tests.store.agreement import disagreements
from tests.store.in_step_office import held, joined, row
from tests.store.office import (
    ANNA,
    COUNCIL,
    ROSE,
    TODAY,
    Clockwork,
    clocks_due,
    enquiry,
    note,
    open_store,
    queued,
    received,
    suggestion,
)

SCOPE = ScopeId(ANNA.id)
SHAPE = shape_of(Enquiry)
RECORDS: tuple[Record, ...] = (
    ROSE,
    enquiry(1, clocks=clocks_due(TODAY)),
    enquiry(2),
    note(1),
    note(2, enquiry_id="enquiry-00002"),
    received(1, enquiry_id="enquiry-00001", original="ab" * 32),
    suggestion(1),
    queued(1, original="cd" * 32),
)
EDITS = st.fixed_dictionaries(
    {},
    optional={
        "subject": st.sampled_from(["Lamp", "Road", "Missed bin 1"]),
        "text": st.sampled_from(["Dark", "Wet"]),
        "findings": st.sampled_from([None, "Seen"]),
        "special_category": st.booleans(),
        "priority": st.sampled_from(list(Priority)),
        "tags": st.sets(st.sampled_from(["a", "b", "c"])).map(sorted).map(tuple),
        "flags": st.sets(st.sampled_from(list(Flag)[:2])).map(sorted).map(tuple),
        "resident_id": st.sampled_from(["rose", "somebody"]),
    },
)
STEPS = st.tuples(st.integers(0, len(RECORDS) - 1), st.sampled_from(["live", "live", "live", "gone"]), EDITS)


def rows_of(steps: Sequence[tuple[int, str, dict[str, Any]]]) -> list[Row]:
    """What became of records one after another; only enquiries are ever edited."""
    rows = []
    for number, (which, how, edits) in enumerate(steps, start=1):
        value = RECORDS[which]
        changed = replace(value, **edits) if isinstance(value, Enquiry) else value
        told = row(changed, number, SCOPE)
        rows.append(told._replace(fields={}, heads={}, gone=True) if how == "gone" else told)
    return rows


def pages(rows: list[Row], cuts: set[int]) -> list[Page]:
    """The rows as a laptop meets them that reads after each cut: the newest of each record since the last."""
    bounds = [0, *sorted(cut for cut in cuts if 0 < cut < len(rows)), len(rows)]
    found = []
    for after, upto in itertools.pairwise(bounds):
        newest = {(each.kind, each.id): each for each in rows[after:upto]}
        found.append(Page(rows=tuple(sorted(newest.values(), key=lambda each: each.hub_seq)), upto=upto))
    return found


def fresh(folder: str, name: str) -> tuple[Store, StoreLocal]:
    store = open_store(Path(folder) / name, Clockwork(device=name))
    local = StoreLocal(store)
    local.remember(joined())
    return store, local


def state(store: Store) -> object:
    with store.reading() as tx:
        return {
            each.kind: [
                (
                    value,
                    *tx._connection.execute(
                        f"SELECT hub_seq, scope_id, heads FROM {each.table.name} WHERE id = ?", (value.id,)
                    ).fetchone(),
                )
                for value in sorted(tx.every(each.of), key=lambda value: str(value.id))
            ]
            for each in every_shape()
        }


@settings(max_examples=25)
@given(steps=st.lists(STEPS, max_size=20), cuts=st.sets(st.integers(0, 20)))
def test_pages_cut_anywhere_leave_the_same(steps: list[tuple[int, str, dict[str, Any]]], cuts: set[int]) -> None:
    rows = rows_of(steps)
    with tempfile.TemporaryDirectory() as folder:
        left = []
        for name, cut in (("one", set()), ("many", cuts), ("each", set(range(20)))):
            store, local = fresh(folder, name)
            for page in pages(rows, cut):
                local.take(SCOPE, page, held(page.upto))
            assert disagreements(store) == []
            left.append((state(store), local.tally(SCOPE)))
            store.close()
        assert left[0] == left[1] == left[2]


OURS = st.tuples(st.just("edit"), st.integers(1, 2), EDITS)
THEIRS = st.tuples(st.just("row"), st.integers(1, 2), EDITS)
ANSWER = st.tuples(st.just("answer"), st.sampled_from(list(Outcome)[:4]), st.booleans())


@settings(max_examples=40)
@given(story=st.lists(st.one_of(OURS, THEIRS, ANSWER), max_size=14))
def test_what_waits_is_shown_above_what_came_whatever_happens(story: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store, local = fresh(folder, "one")
        told: tuple[Record, ...] = (ROSE, enquiry(1), enquiry(2))
        first = [older(row(each, number, SCOPE)) for number, each in enumerate(told, start=1)]
        local.take(SCOPE, Page(rows=tuple(first), upto=3), held(3))
        hub, unread = {each.id: each.fields for each in first}, set[str]()
        for number, step in enumerate(story, start=10):
            follow(store, local, number, step, hub, unread)
            assert disagreements(store) == []
        while ops := local.outbox(500):
            local.note([Receipt(op_id=op.id, outcome=Outcome.DENIED, hub_seq=99) for op in ops])
        with store.reading() as tx:
            for number in (1, 2):
                shown = SHAPE.every_plain(tx.get(Enquiry, enquiry(number).id))
                assert in_order(shown) == in_order({**hub[enquiry(number).id], "id": enquiry(number).id})
        last = [row(enquiry(each), 100 + each, SCOPE, **hub[enquiry(each).id]) for each in (1, 2)]
        local.take(SCOPE, Page(rows=tuple(last), upto=102), held(102))
        assert disagreements(store) == []
        with store.reading_by(Outbox) as tx:
            for number in (1, 2):
                assert tx.get(Enquiry, enquiry(number).id).text == hub[enquiry(number).id]["text"]
            assert tx._connection.execute("SELECT count(*) FROM hub_copy").fetchone() == (0,)
        store.close()


def older(told: Row) -> Row:
    """As a program tells it that has no priorities yet, unless it is said which."""
    fields = {name: value for name, value in told.fields.items() if (name, value) != ("priority", Priority.NORMAL)}
    return told._replace(fields=fields)


def in_order(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Every field, and sets in one order."""
    every: dict[str, Any] = SHAPE.whole(fields)
    return {name: sorted(kept) if name in SHAPE.sets else kept for name, kept in every.items()}


def follow(
    store: Store, local: StoreLocal, number: int, step: tuple[Any, ...], hub: dict[str, Any], unread: set[str]
) -> None:
    """Does one step: an edit here, a row of what somebody else did, or the hub's answer to the oldest edit.

    With a row comes what the hub accepted meanwhile (`unread`), for a scope is read to its end.
    """
    kind, which, edits = step
    if kind == "edit":
        with store.writing(author=ANNA.id) as tx:
            tx.save(replace(tx.get(Enquiry, enquiry(which).id), **edits))
    elif kind == "row":
        told = older(row(replace(enquiry(which), **edits), number, SCOPE))
        hub[told.id] = told.fields
        others = [row(enquiry(int(each[-1])), number, SCOPE, **hub[each]) for each in unread - {told.id}]
        unread.clear()
        local.take(SCOPE, Page(rows=(told, *others), upto=number), held(number))
    else:
        answer(local, number, which, hub, unread, with_row=edits)


def answer(
    local: StoreLocal, number: int, outcome: Outcome, hub: dict[str, Any], unread: set[str], *, with_row: bool
) -> None:
    for op in local.outbox(1):
        fields = dict(hub[op.record_id])
        if outcome is Outcome.ACCEPTED:
            rest = [each for each in fields.get(op.field, ()) if each != op.value] if op.verb != "set" else []
            fields[op.field] = {"set": op.value, "add": [*rest, op.value], "remove": rest}[op.verb]
            hub[op.record_id] = fields
            unread.add(op.record_id)
        told = None
        if with_row and outcome is not Outcome.ACCEPTED:
            told = row(enquiry(int(op.record_id[-1])), number, SCOPE, **fields)
        local.note([Receipt(op_id=op.id, outcome=outcome, hub_seq=number, row=told)])


def test_reading_everything_again_leaves_all_as_it_was_and_takes_away_what_is_no_longer_told(tmp_path: Path) -> None:
    store, local = fresh(str(tmp_path), "one")
    rows = [row(each, number, SCOPE) for number, each in enumerate(RECORDS, start=1)]
    local.take(SCOPE, Page(rows=tuple(rows), upto=50), held(50))
    with store.writing(author=ANNA.id) as tx:
        tx.save(enquiry(3, subject="Only here"))
        tx.save(replace(enquiry(2), subject="Mine"))
    before = state(store)
    local.start_over()
    link = local.joined()
    assert link is not None
    assert (link.scopes[SCOPE].upto, link.scopes[SCOPE].whole) == (0, False)
    assert local.tally(SCOPE).records == 0
    assert disagreements(store) == []
    local.take(SCOPE, Page(rows=tuple(rows[:4]), upto=4, more=True), held(4, whole=False))
    local.take(SCOPE, Page(rows=tuple(rows[4:]), upto=50), held(50))
    assert state(store) == before
    local.start_over(SCOPE)
    local.take(SCOPE, Page(rows=tuple(rows[:2]), upto=50), held(50))
    with store.reading() as tx:
        assert {each.id for each in tx.every(Enquiry)} == {enquiry(1).id, enquiry(3).id}
    assert disagreements(store) == []
    assert [op.kind for op in local.outbox(9)] == ["enquiry", "enquiry"]
    store.close()


def test_a_hub_restored_from_a_back_up_is_sent_again_what_it_lost(tmp_path: Path) -> None:
    store, local = fresh(str(tmp_path), "one")
    with store.writing(author=ANNA.id) as tx:
        tx.save(COUNCIL)
        tx.save(enquiry(1))
        tx.save(enquiry(2))
    council, first, second = local.outbox(9)
    outcomes = ((council, Outcome.ACCEPTED), (first, Outcome.ACCEPTED), (second, Outcome.DENIED))
    receipts = [Receipt(op_id=op.id, outcome=told, hub_seq=n) for n, (op, told) in enumerate(outcomes, start=5)]
    local.note(receipts)
    local.take(SCOPE, Page(rows=(row(enquiry(1), 6, SCOPE),), upto=9), held(9))
    assert local.outbox(9) == ()
    assert local.send_again_after(5) == 1
    local.start_over()
    assert local.outbox(9) == (first,)
    with store.reading() as tx:
        assert tx.get(Enquiry, enquiry(1).id) == enquiry(1)
    local.note([Receipt(op_id=first.id, outcome=Outcome.ACCEPTED, hub_seq=6)])
    local.take(SCOPE, Page(rows=(row(enquiry(1), 6, SCOPE),), upto=6), held(6))
    assert disagreements(store) == []
    store.close()


def test_an_acknowledged_edit_is_kept_thirty_days(tmp_path: Path) -> None:
    clockwork = Clockwork()
    store = open_store(tmp_path, clockwork)
    local = StoreLocal(store)
    local.remember(joined())
    with store.writing(author=ANNA.id) as tx:
        tx.save(enquiry(1))
    (op,) = local.outbox(9)
    local.note([Receipt(op_id=op.id, outcome=Outcome.ACCEPTED, hub_seq=6)])
    page = Page(rows=(row(enquiry(1), 6, SCOPE),), upto=9)
    for days, left in ((0, 1), (29, 1), (2, 0)):
        clockwork.at = clockwork.at + timedelta(days=days)
        local.take(SCOPE, page, held(9))
        with store.reading() as tx:
            assert tx._connection.execute("SELECT count(*) FROM op").fetchone() == (left,)
    store.close()
