"""The first five minutes tick themselves off as the casework shows that each step was done."""

from member_tracker.domain.timeline import Suggestion, SuggestionState
from member_tracker.domain.vocabulary import Proposal
from member_tracker.services.enquiries import (
    Accepting,
    accept_suggestion,
    close_enquiry,
    send_enquiry,
    tell_resident,
)
from member_tracker.services.first_steps import FirstStep, begin_first_steps, first_steps, leave_first_steps
from member_tracker.services.post import post_queued
from tests.fakes.office import Office


def come(office: Office) -> tuple[int, FirstStep | None]:
    """How many steps are done, and which is next."""
    steps = first_steps(office.app)
    assert steps is not None
    return len(steps.done), steps.next


def test_each_step_ticks_itself_off_and_the_service_area_answers_once(office: Office) -> None:
    office.log()
    office.clock.forward(seconds=1)
    begin_first_steps(office.app)
    office.clock.forward(seconds=1)
    assert come(office) == (0, FirstStep.LOG)
    enquiry = office.log()
    assert come(office) == (1, FirstStep.SEND)
    send_enquiry(office.app, enquiry.id)
    assert come(office) == (2, FirstStep.REPLY)
    assert list(office.inbox.glob("*.eml")) == []
    post_queued(office.app)
    steps = first_steps(office.app)
    assert steps is not None
    assert (steps.replied, steps.reference, steps.service_area) == (True, enquiry.reference, "Housing")
    assert come(office) == (2, FirstStep.REPLY)
    assert len(list(office.inbox.glob("*.eml"))) == 1
    office.clock.forward(seconds=60)
    office.collect()
    assert come(office) == (3, FirstStep.ACCEPT)
    with office.app.store.reading() as tx:
        (suggestion,) = tx.every(Suggestion, enquiry_id=enquiry.id, state=SuggestionState.OPEN)
    assert suggestion.proposal is Proposal.ANSWER
    accept_suggestion(office.app, suggestion.id, Accepting())
    assert come(office) == (4, FirstStep.TELL)
    tell_resident(office.app, enquiry.id)
    assert come(office) == (5, FirstStep.CLOSE)
    close_enquiry(office.app, enquiry.id)
    assert come(office) == (6, None)


def test_the_guide_is_left_taken_up_where_it_was_and_begun_anew(office: Office) -> None:
    assert first_steps(office.app) is None
    begin_first_steps(office.app)
    office.clock.forward(seconds=1)
    office.log()
    leave_first_steps(office.app, left=True)
    steps = first_steps(office.app)
    assert steps is not None
    assert steps.is_left
    assert len(steps.done) == 1
    leave_first_steps(office.app, left=False)
    again = first_steps(office.app)
    assert again is not None
    assert not again.is_left
    assert len(again.done) == 1
    office.clock.forward(seconds=1)
    begin_first_steps(office.app)
    assert come(office) == (0, FirstStep.LOG)
