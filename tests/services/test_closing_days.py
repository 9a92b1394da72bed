"""A new closure day: which open enquiries it would change, who is asked, and what stays as it was judged."""

from datetime import date

import pytest

from member_tracker.domain.clock import Step
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound
from member_tracker.domain.timeline import EntryKind
from member_tracker.services.closing_days import add_closure_day, closure_days, would_change
from member_tracker.services.merging import merge
from member_tracker.services.undoing import undo_last
from tests.fakes.office import Office
from tests.services.deeds import answered, clock_at, timeline

WEDNESDAY = date(2026, 11, 18)


def test_asking_what_a_closure_day_would_change_changes_nothing(office: Office) -> None:
    enquiry = office.logged_and_sent()
    (change,) = would_change(office.app, closed_on=WEDNESDAY)
    assert (change.reference, change.step) == (enquiry.reference, Step.REPLY)
    assert (change.was, change.becomes) == (WEDNESDAY, date(2026, 11, 19))
    assert office.read(enquiry) == enquiry
    assert WEDNESDAY not in {closed.on for closed in closure_days(office.app)}


def test_a_closure_day_that_would_change_open_enquiries_is_asked_about_and_they_are_named(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with pytest.raises(NotAllowed, match=enquiry.reference):
        add_closure_day(office.app, WEDNESDAY, "Flood", agreed=False)
    assert office.read(enquiry) == enquiry
    assert WEDNESDAY not in {closed.on for closed in closure_days(office.app)}


def test_once_agreed_open_enquiries_follow_and_it_stands_in_their_timelines(office: Office) -> None:
    enquiry = office.logged_and_sent()
    added = add_closure_day(office.app, WEDNESDAY, "Flood", agreed=True)
    assert len(added.changes) == 1
    assert office.read(enquiry).respond_by == date(2026, 11, 19)
    entry = timeline(office, enquiry)[-1]
    assert entry.kind is EntryKind.RECOUNTED
    assert "Flood" in entry.text
    assert undo_last(office.app, enquiry.id) == enquiry


def test_what_was_judged_never_changes_by_a_closure_day(office: Office) -> None:
    judged = office.logged_and_sent()
    clock_at(office, "2026-11-19T10:00")
    late = answered(office, judged)
    assert would_change(office.app, closed_on=WEDNESDAY) == ()
    add_closure_day(office.app, WEDNESDAY, "Flood", agreed=False)
    assert office.read(judged) == late


def test_an_acknowledgement_already_judged_stays_while_the_answer_moves(office: Office) -> None:
    from member_tracker.domain.vocabulary import Proposal
    from member_tracker.services.enquiries import Accepting, accept_suggestion
    from tests.services.deeds import replied, suggestions

    enquiry = office.logged_and_sent()
    replied(office, enquiry, "Thank you, we have this.")
    (found,) = suggestions(office, enquiry)
    acknowledged = accept_suggestion(office.app, found.id, Accepting(proposal=Proposal.ACKNOWLEDGEMENT))
    add_closure_day(office.app, date(2026, 11, 17), "Flood", agreed=True)
    after = office.read(enquiry)
    assert after.clocks is not None
    assert acknowledged.clocks is not None
    assert after.clocks.acknowledge == acknowledged.clocks.acknowledge
    assert after.respond_by == date(2026, 11, 19)


def test_a_merged_enquiry_is_named_once_with_its_stricter_clock(office: Office) -> None:
    first = office.logged_and_sent()
    office.clock.forward(hours=2)
    second = office.logged_and_sent()
    merge(office.app, first.id, second.id)
    changes = would_change(office.app, closed_on=WEDNESDAY)
    assert [change.reference for change in changes] == [second.reference]
    add_closure_day(office.app, WEDNESDAY, "Flood", agreed=True)
    assert office.read(second).respond_by == date(2026, 11, 19)


def test_what_another_charter_would_change_is_told_and_an_unknown_one_refused(office: Office) -> None:
    enquiry = office.logged_and_sent()
    changes = would_change(office.app, charter_id="members-protocol")
    assert [change.step for change in changes if change.reference == enquiry.reference] == [Step.REPLY]
    assert office.read(enquiry) == enquiry
    with pytest.raises(NotFound):
        would_change(office.app, charter_id="no-such-set")


def test_a_closure_day_is_added_once_and_with_a_reason(office: Office) -> None:
    with pytest.raises(Invalid):
        add_closure_day(office.app, WEDNESDAY, " ", agreed=False)
    add_closure_day(office.app, WEDNESDAY, "Flood", agreed=False)
    with pytest.raises(NotAllowed):
        add_closure_day(office.app, WEDNESDAY, "Flood again", agreed=True)
