"""Logging from the form: residents found or made, what must be asked, consent, the way it goes, and what it is like."""

from dataclasses import replace

import pytest

from member_tracker.domain.asked import Answer
from member_tracker.domain.consent import ConsentKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound, TrackerError
from member_tracker.domain.people import Resident, ServiceArea
from member_tracker.domain.values import with_fields
from member_tracker.domain.vocabulary import Channel, Status
from member_tracker.services.deleting import delete_enquiry, delete_resident
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.intake import Intake
from member_tracker.services.new_enquiries import (
    Alike,
    Contact,
    LikeEnquiry,
    NewEnquiry,
    answer_questions,
    councillors_who_know,
    like_enquiries,
    log_new,
    resident_offered,
    residents_offered,
    subject_named,
)
from tests.fakes.office import Office
from tests.services.deeds import timeline

VERA = "Cllr Vera Quill"
WHICH, WHEN = Answer(question="Which bin?", said="The brown one"), Answer(question="Which day was it due?")


def new(office: Office, *, contact: Contact | None = None, **more: object) -> Enquiry:
    """An enquiry about a missed bin, logged just now; `more` are fields of what the form tells that differ."""
    intake = Intake(
        councillor=VERA,
        resident="",
        service_area=str(more.pop("area", "Waste")),
        channel=Channel.TELEPHONE,
        subject=str(more.pop("subject", "Missed bin")),
        text=str(more.pop("text", "Not emptied. Please come.")),
    )
    told = NewEnquiry(intake=intake, contact=contact or Contact(name="Ada Greenhalgh"))
    return log_new(office.app, with_fields(told, more))


def resident_of(office: Office, enquiry: Enquiry) -> Resident:
    with office.app.store.reading() as tx:
        return tx.get(Resident, enquiry.resident_id)


def test_a_new_resident_is_made_with_what_was_asked_and_confirmed(office: Office) -> None:
    contact = Contact(
        name="  Ada   Greenhalgh ",
        email="ada@example.org",
        phone=" 01632 960101",
        address="3 Canal Row",
        confirmed=True,
    )
    kept = resident_of(office, new(office, contact=contact))
    assert (kept.name, kept.email, kept.phone, kept.address) == (
        "Ada Greenhalgh",
        "ada@example.org",
        "01632 960101",
        "3 Canal Row",
    )
    assert kept.confirmed_on == office.app.today()


def test_a_known_resident_is_brought_up_to_date_and_not_made_twice(office: Office) -> None:
    first = new(office, contact=Contact(name="Ada Greenhalgh", email="old@example.org", phone="01632 960101"))
    contact = Contact(name="Ada Greenhalgh", resident_id=first.resident_id, email="new@example.org", confirmed=True)
    second = new(office, contact=contact)
    assert second.resident_id == first.resident_id
    kept = resident_of(office, second)
    assert (kept.email, kept.phone, kept.confirmed_on) == ("new@example.org", "01632 960101", office.app.today())


def test_two_people_of_one_name_are_two_residents_where_none_was_chosen(office: Office) -> None:
    assert new(office).resident_id != new(office).resident_id
    assert len(residents_offered(office.app, VERA, "greenhalgh ada")) == 2


def test_an_address_that_cannot_be_written_to_is_refused_and_nothing_is_kept(office: Office) -> None:
    with pytest.raises(Invalid, match="not an email address"):
        new(office, contact=Contact(name="Ada Greenhalgh", email="ada at home"))
    assert residents_offered(office.app, VERA, "ada") == ()


def test_somebody_elses_resident_is_not_taken(office: Office) -> None:
    other = office.log(councillor="Cllr Tom Ashworth", resident="Ned Barlow")
    with pytest.raises(NotFound, match="another councillor"):
        new(office, contact=Contact(name="Ned Barlow", resident_id=other.resident_id))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ada", True),
        ("green ada", True),
        ("canal", True),
        ("3 canal row", True),
        ("01632960101", True),
        ("01632 960", True),
        ("ada.g", True),
        ("grn", False),
        ("ada barlow", False),
        ("12", False),
        ("", False),
    ],
)
def test_a_resident_is_found_by_name_address_phone_and_email(office: Office, typed: str, *, found: bool) -> None:
    contact = Contact(name="Ada Greenhalgh", email="ada.g@example.org", phone="01632 960-101", address="3, Canal Row")
    new(office, contact=contact)
    assert bool(residents_offered(office.app, VERA, typed)) is found


def test_nobody_is_offered_of_a_councillor_nobody_knows(office: Office) -> None:
    enquiry = new(office)
    assert residents_offered(office.app, "Cllr Tom Ashworth", "ada") == ()
    (found,) = residents_offered(office.app, VERA, "ada")
    assert resident_offered(office.app, enquiry.resident_id) == found
    assert resident_offered(office.app, "nobody") is None


def test_gaps_keep_an_enquiry_from_being_sent_until_they_are_answered_or_not_known(office: Office) -> None:
    enquiry = new(office, about="Missed bin", answers=(WHICH, WHEN))
    with pytest.raises(NotAllowed, match="does not say yet: Which day was it due\\?") as refused:
        send_enquiry(office.app, enquiry.id)
    assert "does not know" in refused.value.advice
    answer_questions(office.app, enquiry.id, (WHICH, replace(WHEN, unknown=True)))
    assert send_enquiry(office.app, enquiry.id).status is Status.WAITING_TO_SEND


def test_the_service_area_is_told_what_the_resident_answered(office: Office) -> None:
    enquiry = new(office, about="Missed bin", answers=(WHICH, replace(WHEN, unknown=True)))
    send_enquiry(office.app, enquiry.id)
    body = office.sent_mail(enquiry).body
    assert "Which bin? The brown one\nWhich day was it due? the resident does not know" in body


def test_a_specialist_subject_is_tier_three(office: Office) -> None:
    assert new(office).tier is None
    assert new(office, about="Missed bin").tier is None
    assert new(office, about="Homelessness", area="Housing").tier == 3


def test_another_service_area_needs_a_reason_and_the_timeline_tells_it(office: Office) -> None:
    with pytest.raises(Invalid, match="goes to Waste, and you chose Housing"):
        new(office, about="missed BIN", area="Housing")
    enquiry = new(office, about="Missed bin", area="Housing", reason="The bin store is ours.")
    (logged,) = timeline(office, enquiry)
    assert logged.text == f"Logged for {VERA}. To Housing instead of Waste: The bin store is ours."


@pytest.mark.parametrize(
    ("kind", "named", "health"),
    [(ConsentKind.IMPLIED, True, False), (ConsentKind.EXPLICIT, True, True), (ConsentKind.NONE, False, False)],
)
def test_consent_is_kept_as_it_was_said(office: Office, kind: ConsentKind, *, named: bool, health: bool) -> None:
    enquiry = new(office, consent=kind, consent_how="by telephone", text="She uses a wheelchair.")
    assert enquiry.agreed_consent.kind is kind
    assert enquiry.agreed_consent.covers("council", office.app.today()) is named
    assert enquiry.special_category is health
    send_enquiry(office.app, enquiry.id)
    assert ("Ada Greenhalgh" in office.sent_mail(enquiry).body) is named


def likes(office: Office, **asked: object) -> list[tuple[str, str]]:
    found: tuple[LikeEnquiry, ...] = like_enquiries(office.app, with_fields(Alike(subject="Missed bin again"), asked))
    return [(each.reference, each.why) for each in found]


def test_a_like_enquiry_of_the_same_resident_is_pointed_out_for_ninety_days(office: Office) -> None:
    enquiry = new(office)
    new(
        office,
        subject="Rats",
        contact=Contact(name="Ada", resident_id=enquiry.resident_id),
        area="Environmental Health",
    )
    assert likes(office, resident_id=enquiry.resident_id) == [(enquiry.reference, "for the same resident")]
    assert likes(office, resident_id=enquiry.resident_id, subject="Pothole") == []
    assert likes(office) == []
    office.clock.forward(hours=24 * 91)
    assert likes(office, resident_id=enquiry.resident_id) == []


def test_a_like_enquiry_about_the_same_place_is_pointed_out_whoever_asked(office: Office) -> None:
    enquiry = new(office, contact=Contact(name="Ada Greenhalgh", address="3 Canal Row"))
    named = new(office, contact=Contact(name="Bram Oyelaran"), text="Bins on Mill Lane were left.")
    assert likes(office, places=("3 Canal Row",)) == [(enquiry.reference, "about the same place")]
    assert likes(office, places=("Mill Lane",)) == [(named.reference, "about the same place")]
    assert likes(office, places=("Mill", "")) == []


def test_a_linked_enquiry_says_so_on_both_sides(office: Office) -> None:
    first = new(office)
    second = new(office, linked_to=(first.id,))
    assert office.read(first).linked_to == (second.id,)
    assert second.linked_to == (first.id,)
    assert timeline(office, first)[-1].text == f"Linked with {second.reference}."
    assert timeline(office, second)[-1].text == f"Linked with {first.reference}."


def test_what_fails_half_way_leaves_nothing(office: Office) -> None:
    with pytest.raises(TrackerError):
        new(office, linked_to=("no such enquiry",))
    assert residents_offered(office.app, VERA, "ada") == ()


def test_a_subject_leads_to_its_service_area(office: Office) -> None:
    with office.app.store.reading() as tx:
        areas = tx.every(ServiceArea)
    area, subject = subject_named(areas, "damp OR mould")
    assert area is not None
    assert subject is not None
    assert (area.name, subject.questions[0]) == ("Housing", "Which rooms?")
    assert subject_named(areas, "Broadband") == (None, None)
    assert subject_named(areas, None) == (None, None)


def test_a_resident_of_another_councillors_is_pointed_out_by_that_very_name_alone(office: Office) -> None:
    other = office.log(councillor="Cllr Tom Ashworth", resident="Ned Barlow")
    office.log(resident="Ned Barlow")

    def pointed_out(name: str) -> tuple[str, ...]:
        return councillors_who_know(office.app, name, but=VERA)

    assert pointed_out("ned  barlow") == ("Cllr Tom Ashworth",)
    assert councillors_who_know(office.app, "Ned Barlow", but="Cllr Tom Ashworth") == (VERA,)
    assert [pointed_out(name) for name in ("Ned Bar", "Ned", "", "Barlow Ned")] == [()] * 4
    delete_enquiry(office.app, other.id)
    delete_resident(office.app, other.resident_id)
    assert pointed_out("Ned Barlow") == ()
