"""Subjects: added, changed, moved and retired by a council, shared with its service areas, and kept where asked."""

from dataclasses import replace

import pytest

from member_tracker.domain.asked import Answer, Subject
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotFound
from member_tracker.domain.people import ServiceArea, ServiceAreaId
from member_tracker.domain.vocabulary import Channel
from member_tracker.services.intake import Intake
from member_tracker.services.new_enquiries import Contact, NewEnquiry, log_new, subject_named
from member_tracker.services.subjects import OfficeSubject, OfficeSubjects, keep_subject, office_subjects
from tests.fakes.office import Office


def found(office: Office, name: str) -> OfficeSubject:
    return next(each for each in office_subjects(office.app).subjects if each.subject.name == name)


def area_id(office: Office, name: str) -> ServiceAreaId:
    return next(key for key, area in office_subjects(office.app).areas.items() if area == name)


def retire(office: Office, subject: OfficeSubject, *, retired: bool = True) -> OfficeSubjects:
    changed = replace(subject.subject, retired=retired)
    return keep_subject(office.app, subject.area_id, changed, before=subject)


def led_to(office: Office, name: str) -> str | None:
    with office.app.store.reading() as tx:
        area, _subject = subject_named(tx.every(ServiceArea), name)
    return area.name if area else None


def test_a_subject_is_added_in_one_line_each_and_leads_to_its_service_area(office: Office) -> None:
    planning = area_id(office, "Planning")
    asked = Subject(name="  Tall\n hedge ", questions=("How high?", "", " Whose\tis it? "), specialist=True)
    keep_subject(office.app, planning, asked)
    kept = found(office, "Tall hedge")
    assert kept.area == "Planning"
    assert kept.subject == Subject(name="Tall hedge", questions=("How high?", "Whose is it?"), specialist=True)
    assert led_to(office, "tall hedge") == "Planning"


def test_a_subject_changed_and_moved_keeps_its_place_or_goes_to_the_other_area(office: Office) -> None:
    damp = found(office, "Damp or mould")
    keep_subject(office.app, damp.area_id, replace(damp.subject, questions=("Which rooms?",)), before=damp)
    with office.app.store.reading() as tx:
        assert tx.get(ServiceArea, damp.area_id).subjects[0] == Subject(
            name="Damp or mould", questions=("Which rooms?",)
        )
    changed = found(office, "Damp or mould")
    keep_subject(office.app, area_id(office, "Planning"), changed.subject, before=changed)
    assert led_to(office, "Damp or mould") == "Planning"
    assert [each.area for each in office_subjects(office.app).subjects if each.subject.name == "Damp or mould"] == [
        "Planning"
    ]


def test_a_retired_subject_is_offered_no_more_and_comes_back(office: Office) -> None:
    damp = found(office, "Damp or mould")
    retired = retire(office, damp)
    assert retired.subjects[-1].subject.name == "Damp or mould"
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
    keep_subject(office.app, damp.area_id, Subject(name="Damp", questions=("Is it black?",)), before=damp)
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
        keep_subject(office.app, area_id(office, "Planning"), subject)
    assert office_subjects(office.app) == before


def test_a_subject_somebody_else_changed_meanwhile_is_not_written_over(office: Office) -> None:
    damp = found(office, "Damp or mould")
    keep_subject(office.app, damp.area_id, replace(damp.subject, questions=("Which rooms?",)), before=damp)
    with pytest.raises(NotFound, match="meanwhile"):
        keep_subject(office.app, damp.area_id, replace(damp.subject, name="Mould"), before=damp)


def test_a_subject_of_the_name_of_a_retired_one_may_be_added_but_then_that_one_stays_retired(office: Office) -> None:
    damp = found(office, "Damp or mould")
    retire(office, damp)
    keep_subject(office.app, area_id(office, "Planning"), Subject(name="Damp or mould"))
    gone = next(each for each in office_subjects(office.app).subjects if each.subject.retired)
    with pytest.raises(Invalid, match="Planning has a subject"):
        retire(office, gone, retired=False)
