"""Mail composed for a service area, and the identity of mail that comes in."""

import inspect
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.correspondence import IncomingMail, OutgoingMail, compose, mail_identity, subject_line
from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.errors import Invalid
from member_tracker.domain.reference import find_references, make_reference

REFERENCE = make_reference("7K3M", 142)
COUNCIL = "018f6e60-0000-7000-8000-000000000001"


def composed(topic: str = "Street light out", *, to: tuple[str, ...] = ("streets@example.org",)) -> OutgoingMail:
    return compose(
        id="mail-1",
        enquiry_id=EnquiryId("enquiry-1"),
        key="AB" * 16,
        message_id="<one@example.org>",
        reference=REFERENCE,
        from_address="members@example.org",
        to=to,
        topic=topic,
        body="Please look into this.\n",
        resident_details=("Mrs Ada Okafor", "ada@example.net", "01257 555 123", "14 Oak Street, Chorley", "PR7 1AB"),
    )


def test_the_reference_stands_in_the_subject_and_in_the_last_line() -> None:
    mail = composed()
    assert mail.subject == f"Street light out [{REFERENCE}]"
    assert mail.body.rstrip().splitlines()[-1] == f"Please keep this reference: {REFERENCE}"
    assert find_references(mail.subject) == (REFERENCE,)


def test_the_key_is_lower_case_because_filters_ignore_case() -> None:
    assert composed().key == "ab" * 16


@pytest.mark.parametrize(
    "topic",
    [
        "Ada Okafor's street light",
        "Light out (MRS  OKAFOR)",
        "Complaint of okafor, ada? no: Ada-Okafor",
        "Call 01257 555123",
        "Call 01257-555-123",
        "ada@example.net has no light",
        "Light out at 14 Oak Street Chorley",
        "Light out in PR7 1AB",
        "Light out in pr7-1ab",
    ],
)
def test_a_subject_that_gives_the_resident_away_is_refused_with_advice(topic: str) -> None:
    with pytest.raises(Invalid) as refused:
        composed(topic)
    assert "Change the subject" in refused.value.advice


@pytest.mark.parametrize(
    "topic", ["Oak Street light", "Number 14: light out", "PR7 lights", "Adaptations waiting list"]
)
def test_a_subject_about_the_matter_is_not_refused(topic: str) -> None:
    assert composed(topic).subject.startswith(topic)


def test_a_common_word_that_is_also_a_surname_may_stand_in_the_subject() -> None:
    assert subject_line("Green bin missed", REFERENCE, resident_details=("Ann Green",)).startswith("Green bin missed")


def test_a_mail_to_nobody_is_refused() -> None:
    with pytest.raises(Invalid):
        composed(to=(" ",))


def test_nothing_internal_can_be_handed_in() -> None:
    assert not [name for name in inspect.signature(compose).parameters if "note" in name or "internal" in name]


@given(st.text(max_size=200))
def test_a_subject_is_always_one_line(topic: str) -> None:
    subject = subject_line(topic, REFERENCE)
    assert len(subject.splitlines()) == 1


def test_the_same_mail_is_the_same_record_on_every_laptop() -> None:
    one = IncomingMail(message_id="<a@example.org>", content_hash="1")
    other = IncomingMail(message_id="<a@example.org>", content_hash="2")
    assert mail_identity(COUNCIL, one) == mail_identity(COUNCIL, other)
    assert UUID(mail_identity(COUNCIL, one)).version == 5


def test_mail_without_message_id_is_told_apart_by_what_it_says() -> None:
    one, other = (IncomingMail(message_id=None, content_hash=content) for content in ("1", "2"))
    assert mail_identity(COUNCIL, one) != mail_identity(COUNCIL, other)
    assert mail_identity(COUNCIL, one) != mail_identity("another council", one)


def test_private_words_are_kept_out_of_logs() -> None:
    assert "Ada" not in repr(IncomingMail(message_id=None, text="Ada", reply_text="Ada"))
    assert "look into" not in repr(composed())
