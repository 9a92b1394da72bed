"""Sorting out what two people changed apart, on a real hub: names for ids, dates that follow, one act, taken back."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from member_tracker.domain.change import Conflict, OpId, RecordKind
from member_tracker.domain.people import ServiceArea
from member_tracker.domain.timeline import Entry
from member_tracker.domain.vocabulary import Role
from member_tracker.services.conflicts import Choice, Clash, conflicts, in_words, settle
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.shown_values import field_in_words, value_in_words
from member_tracker.services.undoing import undo_last
from tests.fakes.hub_offices import VERA, Shared, in_step, later
from tests.fakes.office import Office, open_office


@pytest.fixture
def sam(hub: Shared) -> Office:
    """A support officer's computer."""
    return hub.joined("sam", Role.SUPPORT, VERA)


def only(office: Office) -> Clash:
    (clash,) = conflicts(office.app)
    return clash


def unsettled(office: Office) -> list[str]:
    with office.app.store.reading() as tx:
        return [each.field for each in tx.every(Conflict) if each.settled is None]


def test_a_service_area_that_was_put_aside_is_named_taken_and_moves_what_follows_from_it(
    vera: Office, sam: Office
) -> None:
    enquiry = vera.log()
    in_step(vera, sam)
    edit_enquiry(vera.app, enquiry.id, ["service_area=Planning"])
    edit_enquiry(sam.app, enquiry.id, ["service_area=Licensing"])
    in_step(vera, sam, vera)
    clash = only(vera)
    assert (clash.field, clash.stands, clash.other) == ("service_area_id", "Planning", "Licensing")
    assert (clash.kept_by, clash.by) == ("Cllr Vera Quill", sam_name(sam))
    assert clash.kept_at is not None
    assert clash.kept_at <= clash.at
    assert "kept: Planning (by Cllr Vera Quill)" in in_words([clash])
    settle(vera.app, clash.id, Choice.LOST)
    with vera.app.store.reading() as tx:
        assert tx.get(ServiceArea, vera.read(enquiry).service_area_id).name == "Licensing"
        said = [entry.text for entry in tx.every(Entry, enquiry_id=enquiry.id)]
    assert "Two people had changed the service area; what had been put aside stands now: Licensing" in said
    in_step(vera, sam)
    assert sam.read(enquiry) == vera.read(enquiry)
    assert conflicts(sam.app) == ()


def sam_name(sam: Office) -> str:
    from member_tracker.services.parts import me
    from member_tracker.services.people import person_name

    with sam.app.store.reading() as tx:
        return person_name(tx, me(tx)) or ""


def test_a_day_of_receipt_that_was_put_aside_moves_the_due_date_when_it_is_taken_and_back_when_undone(
    vera: Office, sam: Office
) -> None:
    enquiry = vera.logged_and_sent()
    in_step(vera, sam)
    day = enquiry.received_at
    edit_enquiry(vera.app, enquiry.id, [f"received_at={(day - timedelta(days=7)).isoformat()}"])
    edit_enquiry(sam.app, enquiry.id, [f"received_at={(day - timedelta(days=21)).isoformat()}"])
    in_step(vera, sam, vera)
    due_of_vera = vera.read(enquiry).respond_by
    settle(sam.app, only(sam).id, Choice.LOST)
    due_of_sam = sam.read(enquiry).respond_by
    assert due_of_vera is not None
    assert due_of_sam is not None
    assert due_of_sam < due_of_vera
    assert undo_last(sam.app, enquiry.id).respond_by == due_of_vera
    settle(sam.app, only(sam).id, Choice.LOST)
    in_step(sam, vera)
    assert vera.read(enquiry) == sam.read(enquiry)
    assert vera.read(enquiry).respond_by == due_of_sam


def test_dates_counted_apart_are_counted_again_from_what_both_changed(vera: Office, sam: Office) -> None:
    enquiry = vera.logged_and_sent()
    in_step(vera, sam)
    edit_enquiry(vera.app, enquiry.id, ["channel=letter"])
    moved = enquiry.received_at - timedelta(days=21)
    edit_enquiry(sam.app, enquiry.id, [f"received_at={moved.isoformat()}"])
    in_step(vera, sam, vera)
    for office in (vera, sam):
        assert conflicts(office.app) == ()
        assert unsettled(office) == []
    both = vera.read(enquiry)
    assert both == sam.read(enquiry)
    assert both.clocks is not None
    assert both.clocks.received_at == both.received_at == moved
    alone = edit_enquiry(vera.app, vera.log().id, ["channel=letter", f"received_at={moved.isoformat()}"])
    assert alone.respond_by == both.respond_by


def test_what_was_changed_again_since_is_said_and_keeping_it_leaves_it(vera: Office, sam: Office) -> None:
    enquiry = vera.logged_and_sent()
    in_step(vera, sam)
    edit_enquiry(vera.app, enquiry.id, ["subject=Damp in the hall"])
    edit_enquiry(sam.app, enquiry.id, ["subject=Damp"])
    in_step(vera, sam, vera)
    edit_enquiry(vera.app, enquiry.id, ["subject=Damp in the hall and the loft"])
    clash = only(vera)
    assert (clash.stands, clash.changed_since) == ("Damp in the hall and the loft", True)
    settle(vera.app, clash.id, Choice.KEPT)
    assert vera.read(enquiry).subject == "Damp in the hall and the loft"


def test_a_field_the_hub_was_never_told_of_stands_as_an_empty_one(vera: Office) -> None:
    enquiry = vera.logged_and_sent()
    twin = Conflict(
        id="twin", scope_id=enquiry.raised_by, record_kind="enquiry", record_id=enquiry.id, field="special_category",
        kept=None, lost=True, lost_op=OpId("another"), by=None, at=enquiry.received_at,
    )  # fmt: skip
    with vera.app.store.writing(author=None) as tx:
        tx.save(twin)
    assert (only(vera).stands, only(vera).changed_since) == ("No", False)
    elsewhere = replace(twin, id="elsewhere", record_id="taken-away", at=twin.at + timedelta(days=1))
    with vera.app.store.writing(author=None) as tx:
        tx.save(elsewhere)
    of_it = conflicts(vera.app)[1]
    assert (of_it.stands, of_it.kept, of_it.changed_since) == ("No", False, False)
    for choice, stands in ((Choice.LOST, True), (Choice.KEPT, False)):
        settle(vera.app, "twin", choice)
        assert vera.read(enquiry).special_category is stands


def test_who_wrote_what_and_when_orders_nothing(vera: Office, sam: Office) -> None:
    enquiry = vera.logged_and_sent()
    in_step(vera, sam)
    edit_enquiry(later(vera, days=400).app, enquiry.id, ["subject=One"])
    edit_enquiry(sam.app, enquiry.id, ["subject=Two"])
    in_step(sam, vera)
    clash = only(vera)
    assert (clash.kept, clash.lost) == ("Two", "One")
    assert clash.kept_at is not None
    assert abs(clash.at - clash.kept_at) < timedelta(minutes=5)


def test_every_value_is_shown_in_words(tmp_path: Path) -> None:
    whole = {"id": "x", "subject": "Damp", "status": "draft", "clocks": {}, "tags": []}
    shown: dict[str, tuple[object, str]] = {
        "closed_at": (None, "(nothing)"),
        "special_category": (True, "Yes"),
        "received_at": ("2026-11-23T09:12:00+00:00", "09:12 on Monday 23 November 2026"),
        "promised_on": ("2026-12-04", "Friday 4 December 2026"),
        "subject": ("The lift is broken", "The lift is broken"),
        "tags": (["damp", "urgent"], "damp, urgent"),
        "status": ("with_service_area", "With service area"),
        "priority": ("urgent", "Urgent"),
        "raised_by": ("somebody unknown here", "somebody unknown here"),
        "": (whole, "Subject: Damp\nStatus: Draft"),
    }
    office = open_office(tmp_path / "office")
    with office.app.store.reading() as tx:
        said = {name: value_in_words(tx, RecordKind.ENQUIRY, name, value) for name, (value, _) in shown.items()}
    office.parts.store.close()
    assert said == {name: words for name, (_, words) in shown.items()}


def test_a_field_is_named_in_words() -> None:
    assert [field_in_words(name) for name in ("service_area_id", "due_on", "raised_by", "")] == [
        "Service area",
        "Due on",
        "Councillor",
        "The whole record",
    ]
