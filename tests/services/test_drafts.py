"""Drafts stay on this computer, are replaced as one types, and go with whom they name."""

from dataclasses import replace
from pathlib import Path

import pytest

from member_tracker.domain.change import ChangeSet, RecordKind
from member_tracker.services.drafts import KeptDraft, drafts, drop_draft, find_draft, save_draft
from member_tracker.store.engine import FILE_NAME
from member_tracker.store.in_step_outbox import Clearing
from member_tracker.store.in_step_taking import Taking
from member_tracker.store.store import Store
from tests.fakes.office import Office
from tests.services.deeds import at, clock_at

PLAIN = {"subject": "Damp “again”", "text": "Two\nlines", "answers": ["", "don't know"], "urgent": True, "tier": None}


def test_what_is_being_written_is_given_back_as_it_was(office: Office) -> None:
    clock_at(office, "2026-11-16 10:31")
    save_draft(office.app, "enquiry", PLAIN)
    assert find_draft(office.app, "enquiry") == KeptDraft(key="enquiry", plain=PLAIN, saved_at=at("2026-11-16 10:31"))
    assert find_draft(office.app, "reply:1") is None


def test_the_newest_words_take_the_place_of_those_before_and_the_newest_draft_comes_first(office: Office) -> None:
    save_draft(office.app, "enquiry", {"text": "one"})
    office.clock.forward(seconds=5)
    save_draft(office.app, "reply:1", {"text": "two"})
    office.clock.forward(seconds=5)
    save_draft(office.app, "enquiry", {"text": "three"})
    assert [(each.key, each.plain["text"]) for each in drafts(office.app)] == [("enquiry", "three"), ("reply:1", "two")]


def test_a_draft_that_is_done_with_is_forgotten(office: Office) -> None:
    save_draft(office.app, "enquiry", PLAIN)
    drop_draft(office.app, "enquiry")
    drop_draft(office.app, "enquiry")
    assert drafts(office.app) == ()


def test_a_draft_is_for_no_hub_and_disturbs_no_screen(office: Office) -> None:
    with office.app.store.reading() as tx:
        before = tx.outbox_size()
    heard: list[ChangeSet] = []
    office.parts.store.on_change(heard.append)
    save_draft(office.app, "enquiry", PLAIN)
    with office.app.store.reading() as tx:
        assert tx.outbox_size() == before
    assert heard == []


def test_a_back_up_has_the_drafts(office: Office, tmp_path: Path) -> None:
    kept = save_draft(office.app, "enquiry", PLAIN)
    key, app = bytes(range(32)), office.app
    (tmp_path / "copy").mkdir()
    app.store.copy_to(tmp_path / "copy" / FILE_NAME, key)
    copied = Store.open(tmp_path / "copy", key, now=app.now, new_id=app.new_id)
    assert drafts(replace(app, store=copied)) == (kept,)
    copied.close()


@pytest.mark.parametrize(
    ("key", "plain"),
    [
        ("enquiry", {"resident_id": "the resident's id"}),
        ("enquiry", {"resident": "NED BARLOW of Mill Lane"}),
        ("reply:the enquiry's id", {"text": "Dear Mr B"}),
    ],
)
def test_a_draft_goes_with_the_resident_it_names_by_id_name_or_enquiry(
    office: Office, key: str, plain: dict[str, str]
) -> None:
    enquiry = office.log()
    ids = {"the resident's id": enquiry.resident_id, "the enquiry's id": enquiry.id}
    for said, meant in ids.items():
        key = key.replace(said, meant)
        plain = {name: value.replace(said, meant) for name, value in plain.items()}
    save_draft(office.app, key, plain)
    save_draft(office.app, "reply:other", {"text": "about somebody else"})
    with office.parts.store.writing_by(Taking) as tx:
        tx.erase(RecordKind.RESIDENT, enquiry.resident_id)
    assert [each.key for each in drafts(office.app)] == ["reply:other"]


def test_nothing_of_a_draft_is_left_where_a_profile_was_emptied(office: Office) -> None:
    save_draft(office.app, "enquiry", PLAIN)
    with office.parts.store.writing_by(Clearing) as tx:
        tx.empty()
    assert drafts(office.app) == ()
