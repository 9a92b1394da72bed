"""People, bodies and words: what can be reorganised has a first and a last day."""

from datetime import date

import pytest

from member_tracker.domain.people import CouncilId, ServiceArea, ServiceAreaId, in_being
from member_tracker.domain.vocabulary import Channel, Kind, Priority, ResidentKind, Status


def an_area(from_on: date | None, until_on: date | None) -> ServiceArea:
    return ServiceArea(
        id=ServiceAreaId("a"), council_id=CouncilId("c"), name="Planning", from_on=from_on, until_on=until_on
    )


@pytest.mark.parametrize(
    ("from_on", "until_on", "there"),
    [
        (None, None, True),
        (date(2026, 4, 1), None, True),
        (date(2026, 4, 2), None, False),
        (None, date(2026, 4, 1), True),
        (None, date(2026, 3, 31), False),
    ],
)
def test_a_service_area_is_there_from_its_first_to_its_last_day(
    from_on: date | None, until_on: date | None, there: bool
) -> None:
    assert in_being(an_area(from_on, until_on), date(2026, 4, 1)) is there


def test_every_channel_of_the_councils_documents_is_listed() -> None:
    assert {channel.value for channel in Channel} == {
        "face_to_face", "telephone", "voicemail", "email", "officer_email", "web", "text", "letter",
        "social_media", "mobile_service", "other",
    }  # fmt: skip


def test_a_resident_may_be_a_person_a_business_or_a_community_group() -> None:
    assert {kind.value for kind in ResidentKind} == {"person", "business", "community_group"}


def test_stored_words_are_those_of_the_vocabulary() -> None:
    assert [status.value for status in Status] == [
        "draft", "waiting_to_send", "with_service_area", "acknowledged", "holding_reply", "waiting_for_resident",
        "answered", "resident_told", "closed", "withdrawn",
    ]  # fmt: skip
    assert {kind.value for kind in Kind} == {
        "enquiry", "service_request", "complaint", "compliment", "comment", "information_request",
    }  # fmt: skip
    assert {priority.value for priority in Priority} == {"normal", "urgent", "safeguarding"}


def test_every_word_is_shown_as_a_person_would_write_it() -> None:
    assert Status.ANSWERED.words == "Answered (resident to be told)"
    assert Status.WITH_SERVICE_AREA.words == "With service area"
    assert Channel.FACE_TO_FACE.words == "Face to face"
