"""Records come back as they were saved, whatever their kind."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from member_tracker.domain.change import RecordKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotFound
from member_tracker.domain.people import Councillor, Resident
from member_tracker.domain.timeline import Entry
from member_tracker.domain.vocabulary import Channel
from member_tracker.store.in_step_bulk import readable
from member_tracker.store.shapes import Shape, every_shape
from member_tracker.store.store import Store, Transaction
from tests.store.office import ANNA, BILAL, NOON, ROSE, enquiry, note
from tests.store.values import values

SHAPES = every_shape()
KINDS = [shape.kind for shape in SHAPES]


class Undone(Exception):
    """Ends a transaction so that the next example finds the file as it was."""


@pytest.mark.parametrize("shape", SHAPES, ids=KINDS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_record_comes_back_as_it_was_saved(office: Store, shape: Shape[Any], data: st.DataObject) -> None:
    value, other = data.draw(values(shape.of)), data.draw(values(shape.of))

    def save_and_look(tx: Transaction) -> None:
        parent = enquiry(id="the-enquiry")
        tx.save(parent)
        hangs = {"enquiry_id": parent.id} if shape.whose == "enquiry_id" else {}
        first = replace(value, **hangs)
        put = tx.add if shape.of is Entry else tx.save
        put(first)
        tx._known.clear()
        assert tx.get(shape.of, first.id) == first
        assert readable(shape, shape.said(shape.every_plain(first)), None) == first
        assert first in tx.every(shape.of)
        if shape.of is not Entry:
            second = replace(other, id=first.id, **hangs)
            tx.save(second)
            tx._known.clear()
            assert _as_sets(shape, tx.get(shape.of, first.id)) == _as_sets(shape, second)
        raise Undone

    with pytest.raises(Undone), office.writing(author=None) as tx:
        save_and_look(tx)


def _as_sets(shape: Shape[Any], value: object) -> dict[str, object]:
    kept = {name: getattr(value, name) for name in shape.fields}
    return kept | {name: set(kept[name]) for name in shape.sets}


@pytest.mark.parametrize("shape", SHAPES, ids=KINDS)
def test_every_field_of_a_record_has_a_column(shape: Shape[Any]) -> None:
    assert set(shape.fields) <= set(shape.table.c.keys())


def test_a_field_that_begins_empty_does_so_for_ever() -> None:
    """Rows say nothing of it, old ones too: see decision 0019. A new field may be added to the file, none changed."""
    held = json.loads(Path(__file__).with_name("empty_fields.json").read_text(encoding="utf-8"))
    assert {shape.kind.value: shape.empty for shape in SHAPES} == held


def test_every_kind_of_record_is_kept() -> None:
    assert set(KINDS) == set(RecordKind)


def test_a_time_without_a_zone_is_refused(office: Store) -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(ValueError, match="no time zone"), office.writing(author=None) as tx:
        tx.save(enquiry(received_at=naive))


def test_a_record_that_is_not_there_is_not_found(office: Store) -> None:
    with office.reading() as tx:
        assert tx.find(Enquiry, "nobody") is None
        with pytest.raises(NotFound, match="enquiry is not on this computer"):
            tx.get(Enquiry, "nobody")


def test_people_come_by_name_and_entries_by_time(office: Store) -> None:
    with office.writing(author=None) as tx:
        tx.save(enquiry())
        tx.add(note(2, at=datetime.fromisoformat("2026-06-02T10:00Z")))
        tx.add(note(1, at=datetime.fromisoformat("2026-06-01T10:00Z")))
        tx.add(note(3, at=datetime.fromisoformat("2026-06-01T10:00Z")))
        assert [person.name for person in tx.every(Councillor)] == ["Anna Ash", "Bilal Birch"]
        assert [entry.id for entry in tx.every(Entry, enquiry_id="enquiry-00001")] == ["note-1", "note-3", "note-2"]


def test_records_are_chosen_by_equal_fields_and_by_empty_ones(office: Store) -> None:
    with office.reading() as tx:
        assert tx.every(Resident, councillor_id=ANNA.id) == (ROSE,)
        assert tx.every(Resident, councillor_id=BILAL.id) == ()
        assert tx.every(Resident, preferred_channel=None) == (ROSE,)
        assert tx.every(Resident, preferred_channel=Channel.LETTER) == ()


def test_an_enquiry_is_found_by_its_reference(office: Store) -> None:
    with office.writing(author=None) as tx:
        tx.save(enquiry())
        assert tx.enquiry_by_reference(enquiry().reference) == enquiry()
        assert tx.enquiry_by_reference("ENQ-0000-1-00") is None
