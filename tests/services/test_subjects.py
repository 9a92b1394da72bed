"""Subjects: added, changed, moved and retired by a council, shared with its service areas, and kept where asked."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from member_tracker.domain.asked import Answer, Subject
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotFound
from member_tracker.domain.people import ServiceArea, ServiceAreaId
from member_tracker.domain.vocabulary import Channel
from member_tracker.services.intake import Intake
from member_tracker.services.new_enquiries import Contact, NewEnquiry, log_new, subject_named
from member_tracker.services.office_records import Kept, Row
from member_tracker.services.subjects import SubjectSaid, keep_subject, office_subjects, undo_subject
from tests.fakes.office import Office


def found(office: Office, name: str) -> Row[SubjectSaid]:
    return next(row for row in office_subjects(office.app).rows if row.said.name == name)


def keep(
    office: Office, area_id: ServiceAreaId, subject: Subject, before: Row[SubjectSaid] | None = None
) -> Kept[SubjectSaid]:
    return keep_subject(office.app, SubjectSaid(area_id=area_id, subject=subject), before=before)


def area_id(office: Office, name: str) -> ServiceAreaId:
    return next(key for key, area in office_subjects(office.app).areas.items() if area == name)


def retire(office: Office, row: Row[SubjectSaid], *, retired: bool = True) -> Kept[SubjectSaid]:
    return keep(office, row.said.area_id, replace(row.said.subject, retired=retired), before=row)


def led_to(office: Office, name: str) -> str | None:
    with office.app.store.reading() as tx:
        area, _subject = subject_named(tx.every(ServiceArea), name)
    return area.name if area else None


def test_a_subject_is_added_in_one_line_each_and_leads_to_its_service_area(office: Office) -> None:
    planning = area_id(office, "Planning")
    asked = Subject(name="  Tall\n hedge ", questions=("How high?", "", " Whose\tis it? "), specialist=True)
    keep(office, planning, asked)
    kept = found(office, "Tall hedge")
    assert kept.said.area_id == planning
    assert kept.said.subject == Subject(name="Tall hedge", questions=("How high?", "Whose is it?"), specialist=True)
    assert led_to(office, "tall hedge") == "Planning"


def test_a_subject_changed_and_moved_keeps_its_place_or_goes_to_the_other_area(office: Office) -> None:
    damp = found(office, "Damp or mould")
    keep(office, damp.said.area_id, replace(damp.said.subject, questions=("Which rooms?",)), before=damp)
    with office.app.store.reading() as tx:
        assert tx.get(ServiceArea, damp.said.area_id).subjects[0] == Subject(
            name="Damp or mould", questions=("Which rooms?",)
        )
    changed = found(office, "Damp or mould")
    keep(office, area_id(office, "Planning"), changed.said.subject, before=changed)
    assert led_to(office, "Damp or mould") == "Planning"
    kept = [row.said.area_id for row in office_subjects(office.app).rows if row.said.name == "Damp or mould"]
    assert kept == [area_id(office, "Planning")]


def test_a_retired_subject_is_offered_no_more_and_comes_back(office: Office) -> None:
    damp = found(office, "Damp or mould")
    retired = retire(office, damp)
    assert retired.rows.rows[-1].said.name == "Damp or mould"
    assert led_to(office, "Damp or mould") is None
    retire(office, found(office, "Damp or mould"), retired=False)
    assert found(office, "Damp or mould") == damp


def test_an_enquiry_keeps_what_it_was_asked_whatever_becomes_of_its_subject(office: Office) -> None:
    answers = (Answer(question="Which rooms?", said="The bedroom"), Answer(question="Since when?", unknown=True))
    intake = Intake(
        councillor="Cllr Priya Marsden",
        resident="Rose Made-Up",
        service_area="Housing",
        channel=Channel.EMAIL,
        subject="Damp or mould",
        text="Wet.",
    )
    logged = log_new(
        office.app,
        NewEnquiry(intake=intake, contact=Contact(name="Rose Made-Up"), about="Damp or mould", answers=answers),
    )
    damp = found(office, "Damp or mould")
    keep(office, damp.said.area_id, Subject(name="Damp", questions=("Is it black?",)), before=damp)
    retire(office, found(office, "Damp"))
    with office.app.store.reading() as tx:
        kept = tx.get(Enquiry, logged.id)
    assert (kept.about, kept.answers) == ("Damp or mould", answers)


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        (Subject(name=" "), "no name"),
        (Subject(name="damp or  MOULD"), "Housing has a subject"),
        (Subject(name="Hedge", questions=tuple(map(str, range(8)))), "7 are the most"),
        (Subject(name="Hedge", questions=("How high?", "how high?")), "twice"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_is_kept(office: Office, subject: Subject, said: str) -> None:
    before = office_subjects(office.app)
    with pytest.raises(Invalid, match=said):
        keep(office, area_id(office, "Planning"), subject)
    assert office_subjects(office.app) == before


def test_a_subject_somebody_else_changed_meanwhile_is_not_written_over(office: Office) -> None:
    damp = found(office, "Damp or mould")
    keep(office, damp.said.area_id, replace(damp.said.subject, questions=("Which rooms?",)), before=damp)
    with pytest.raises(NotFound, match="meanwhile"):
        keep(office, damp.said.area_id, replace(damp.said.subject, name="Mould"), before=damp)


def test_a_subject_of_the_name_of_a_retired_one_may_be_added_but_then_that_one_stays_retired(office: Office) -> None:
    damp = found(office, "Damp or mould")
    retire(office, damp)
    keep(office, area_id(office, "Planning"), Subject(name="Damp or mould"))
    gone = next(row for row in office_subjects(office.app).rows if row.said.retired)
    with pytest.raises(Invalid, match="Planning has a subject"):
        retire(office, gone, retired=False)


def test_what_was_changed_moved_or_retired_is_put_back_as_it_was(office: Office) -> None:
    before = office_subjects(office.app)
    damp = found(office, "Damp or mould")
    planning = area_id(office, "Planning")
    changes: tuple[Callable[[], Kept[SubjectSaid]], ...] = (
        lambda: keep(office, damp.said.area_id, replace(damp.said.subject, name="Damp"), before=damp),
        lambda: keep(office, planning, damp.said.subject, before=damp),
        lambda: retire(office, damp),
    )
    for change in changes:
        deed = change().deed
        assert deed is not None
        undone = undo_subject(office.app, deed)
        assert undone.row == damp
        assert undone.rows == before == office_subjects(office.app)


def test_a_new_subject_and_one_kept_as_it_was_leave_nothing_to_undo(office: Office) -> None:
    damp = found(office, "Damp or mould")
    assert keep(office, damp.said.area_id, damp.said.subject, before=damp).deed is None
    assert keep(office, damp.said.area_id, Subject(name="Tall hedge")).deed is None
