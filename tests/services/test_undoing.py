"""Undo: everything but sent mail."""

from dataclasses import replace
from datetime import date

import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.timeline import Entry, EntryKind, Suggestion, SuggestionState
from member_tracker.domain.vocabulary import Status
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import (
    Accepting,
    accept_suggestion,
    add_note,
    close_enquiry,
    reopen_enquiry,
    send_enquiry,
    tell_resident,
)
from member_tracker.services.post import post_queued
from member_tracker.services.undoing import undo_last
from tests.fakes.office import Office

DONE = "The gutter was repaired on Tuesday and the wall has been treated. Nothing else is outstanding at the flat."


def a_suggestion(office: Office, enquiry: Enquiry) -> Suggestion:
    office.clock.forward(hours=3)
    office.reply(enquiry, DONE)
    office.collect()
    with office.app.store.reading() as tx:
        (found,) = tx.every(Suggestion, enquiry_id=enquiry.id)
    return found


def test_an_accepted_suggestion_can_be_undone_and_accepted_again(office: Office) -> None:
    enquiry = office.logged_and_sent()
    suggestion = a_suggestion(office, enquiry)
    accept_suggestion(office.app, suggestion.id, Accepting())
    undone = undo_last(office.app, enquiry.id)
    assert undone == enquiry
    with office.app.store.reading() as tx:
        assert tx.get(Suggestion, suggestion.id).state is SuggestionState.OPEN
    assert accept_suggestion(office.app, suggestion.id, Accepting()).status is Status.ANSWERED


def test_steps_are_undone_one_by_one_newest_first(office: Office) -> None:
    enquiry = office.log()
    edit_enquiry(office.app, enquiry.id, ["channel=letter"])
    edit_enquiry(office.app, enquiry.id, ["tier=3"])
    close_enquiry(office.app, enquiry.id, "Logged twice")
    assert undo_last(office.app, enquiry.id).status is Status.DRAFT
    assert undo_last(office.app, enquiry.id).tier is None
    back = undo_last(office.app, enquiry.id)
    assert back == enquiry
    assert back.respond_by == date(2026, 11, 18)
    with pytest.raises(NotAllowed):
        undo_last(office.app, enquiry.id)


def test_a_mail_not_yet_sent_is_taken_back(office: Office) -> None:
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id)
    assert undo_last(office.app, enquiry.id).status is Status.DRAFT
    assert post_queued(office.app).sent == 0
    send_enquiry(office.app, enquiry.id)
    assert post_queued(office.app).sent == 1


def test_sent_mail_is_not_undone(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with pytest.raises(NotAllowed, match="has gone"):
        undo_last(office.app, enquiry.id)
    assert office.read(enquiry) == enquiry


def test_telling_closing_and_reopening_are_undone(office: Office) -> None:
    enquiry = office.logged_and_sent()
    tell_resident(office.app, enquiry.id, "The gutter is mended.")
    told = office.read(enquiry)
    close_enquiry(office.app, enquiry.id)
    closed = office.read(enquiry)
    reopen_enquiry(office.app, enquiry.id)
    assert undo_last(office.app, enquiry.id) == closed
    assert undo_last(office.app, enquiry.id) == told
    assert undo_last(office.app, enquiry.id) == enquiry


def test_a_note_taken_back_stays_in_the_timeline_and_says_so(office: Office) -> None:
    enquiry = office.log()
    add_note(office.app, enquiry.id, "Wrong enquiry")
    undo_last(office.app, enquiry.id)
    with office.app.store.reading() as tx:
        kinds = [entry.kind for entry in tx.every(Entry, enquiry_id=enquiry.id)]
    assert kinds[-2:] == [EntryKind.NOTE, EntryKind.UNDONE]


def test_what_was_changed_since_elsewhere_is_not_overwritten(office: Office) -> None:
    enquiry = office.log()
    edit_enquiry(office.app, enquiry.id, ["tier=3"])
    with office.app.store.writing(author=None) as tx:
        tx.save(replace(tx.get(Enquiry, enquiry.id), tier=2))
    with pytest.raises(NotAllowed, match="changed again since"):
        undo_last(office.app, enquiry.id)
    assert office.read(enquiry).tier == 2
