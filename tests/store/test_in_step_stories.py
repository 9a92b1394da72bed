"""Whatever three laptops do and whenever they meet the hub, in the end they hold the same, and nothing is lost."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from member_tracker.domain.change import Conflict
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.mailbag import ReceivedMail
from member_tracker.domain.vocabulary import Flag
from member_tracker.store.in_step_outbox import Outbox
from member_tracker.store.shapes import every_shape
from member_tracker.store.store import Store, Transaction
from tests.store.in_step_office import Laptop, make_hub, make_laptop
from tests.store.office import ANNA, BILAL, ROSE, enquiry, furnish, note, received, suggestion

NAMES = ("one", "two", "three")
WHO = st.integers(0, len(NAMES) - 1)
WHICH = st.integers(1, 3)
EDITS = st.fixed_dictionaries(
    {},
    optional={
        "subject": st.sampled_from(["Lamp", "Road"]),
        "text": st.sampled_from(["Dark", "Wet"]),
        "tags": st.sets(st.sampled_from(["a", "b", "c"])).map(sorted).map(tuple),
        "flags": st.sets(st.sampled_from(list(Flag)[:2])).map(sorted).map(tuple),
        "raised_by": st.sampled_from([ANNA.id, BILAL.id]),
    },
)
STEP = st.one_of(
    st.tuples(st.just("edit"), WHO, WHICH, EDITS),
    st.tuples(st.just("edit"), WHO, WHICH, EDITS),
    st.tuples(st.just("note"), WHO, WHICH, st.integers(1, 9)),
    st.tuples(st.just("mail"), WHO, WHICH, st.integers(1, 2)),
    st.tuples(st.just("file"), WHO, WHICH, st.integers(1, 2)),
    st.tuples(st.just("settle"), WHO, WHICH, st.sampled_from(["kept", "lost"])),
    st.tuples(st.just("sync"), WHO, WHICH, st.none()),
    st.tuples(st.just("sync"), WHO, WHICH, st.none()),
    st.tuples(st.just("erase"), WHO, WHICH, st.none()),
)


def do(laptop: Laptop, deed: str, which: int, how: Any) -> None:  # noqa: ANN401 - as the deed takes it
    """One deed of one user, or of the hub's administrator; what cannot be done just now is left."""
    if deed == "sync":
        laptop.sync()
    elif deed == "erase":
        if ("enquiry", enquiry(which).id) in laptop.hub.records:
            laptop.hub.erase("enquiry", enquiry(which).id)
    else:
        with laptop.store.writing(author=ANNA.id) as tx:
            write(tx, deed, enquiry(which, reference=f"{laptop.clockwork.device}-{which}"), how)


def write(tx: Transaction, deed: str, about: Enquiry, how: Any) -> None:  # noqa: ANN401
    there = tx.find(Enquiry, about.id)
    mail = tx.find(ReceivedMail, received(how).id) if deed in {"mail", "file"} else None
    if deed == "settle":
        for conflict in tx.every(Conflict)[:1]:
            tx.save(replace(conflict, settled=how))
    elif deed == "mail" and mail is None:
        tx.save(received(how))
    elif there is None:
        tx.save(about)
    elif deed == "edit":
        tx.save(replace(there, **how))
    elif deed == "note":
        tx.add(note(how, id=tx._writing.new_id(), enquiry_id=there.id))
    elif mail is not None and mail.enquiry_id is None:
        tx.save(replace(mail, enquiry_id=there.id))
        tx.save(suggestion(how, enquiry_id=there.id, mail_id=mail.id))


def state(store: Store) -> object:
    with store.reading() as tx:
        return {
            shape.kind: [
                (
                    {
                        name: sorted(map(str, plain)) if name in shape.sets and isinstance(plain, list) else plain
                        for name, plain in shape.every_plain(value).items()
                    },
                    tx._connection.execute(
                        f"SELECT hub_seq, scope_id, heads FROM {shape.table.name} WHERE id = ?", (value.id,)
                    ).fetchone(),
                )
                for value in sorted(tx.every(shape.of), key=lambda value: str(value.id))
            ]
            for shape in every_shape()
        }


@settings(max_examples=15)
@given(story=st.lists(STEP, max_size=25))
def test_laptops_that_have_met_the_hub_hold_the_same(story: list[tuple[str, int, int, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        hub = make_hub()
        laptops = [make_laptop(Path(folder), hub, name) for name in NAMES]
        furnish(laptops[0].store)
        for each in (laptops[0], *laptops, *laptops):
            each.sync()
        for deed, who, which, how in story:
            do(laptops[who], deed, which, how)
        for each in (*laptops, *laptops):
            done = each.sync()
            assert done.differing == ()
        left = [state(each.store) for each in laptops]
        assert left[0] == left[1] == left[2]
        live = {key for key, kept in hub.records.items() if not kept.erased and not kept.deleted}
        with laptops[0].store.reading() as tx:
            assert {(shape.kind.value, value.id) for shape in every_shape() for value in tx.every(shape.of)} == live
        assert ("resident", ROSE.id) in live
        for each in laptops:
            with each.store.reading_by(Outbox) as tx:
                assert tx.waiting() == 0
                assert tx._connection.execute("SELECT count(*) FROM op WHERE passed = 0").fetchone() == (0,)
                assert tx._connection.execute("SELECT count(*) FROM hub_copy").fetchone() == (0,)
            each.store.close()
