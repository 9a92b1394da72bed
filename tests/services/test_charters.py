"""Due dates as `charter due` gives them: every published standard, and every way a calendar can trip a clock."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from member_tracker.domain.errors import Invalid, NotFound
from member_tracker.domain.people import Council, CouncilId
from member_tracker.domain.vocabulary import AfterHours, Channel, Kind, Stage
from member_tracker.services.charters import (
    CharterShelf,
    charter_due,
    charter_list,
    charter_problems,
    local_time,
)

SAME, NEXT = AfterHours.SAME_DAY, AfterHours.NEXT_WORKING_DAY
COMPLAINT = Kind.COMPLAINT

Answer = dict[str, object]


def due(
    council: str,
    channel: Channel,
    received: str,
    *,
    kind: Kind | None = None,
    stage: Stage | None = None,
    charter: str | None = None,
    after_hours: AfterHours | None = None,
) -> Answer:
    return charter_due(
        council=council,
        channel=channel,
        received=local_time(received),
        kind=kind,
        stage=stage,
        charter_id=charter,
        after_hours=after_hours,
    )


def dates(answer: Answer) -> tuple[object, object]:
    return answer["acknowledge_by"], answer["respond_by"]


def ledger(answer: Answer) -> list[dict[str, object]]:
    rows = answer["ledger"]
    assert isinstance(rows, list)
    return rows


# Contact received at 10:00 on a Monday in June with no bank holiday near by, under the set in force that day (>) or a
# set named for it (!): channel, kind and stage; acknowledge and reply by; and both promises, wd for working days.
STANDARDS = """
> Chorley 2015-06-08 chorley-2010
T1 | face_to_face | enquiry | - | - | - | 10 minutes
T2 | telephone | enquiry | - | - | - | 20 seconds
T3 | email | enquiry | 2015-06-09 | 2015-06-10 | 1 wd | 2 wd
T3 | text | enquiry | 2015-06-09 | 2015-06-10 | 1 wd | 2 wd
T3 | web | comment | 2015-06-09 | 2015-06-10 | 1 wd | 2 wd
T4 | letter | enquiry | 2015-06-15 | 2015-06-17 | 5 wd | 7 wd
T5 | letter | complaint | 2015-06-15 | 2015-06-22 | 5 wd | 10 wd
T5 | email | complaint 1 | 2015-06-15 | 2015-06-22 | 5 wd | 10 wd
T5 | telephone | complaint 2 | 2015-06-15 | 2015-06-22 | 5 wd | 10 wd
T5 | email | complaint informal | - | - | - | -
> Chorley 2009-06-08 chorley-before-2010
T1 | face_to_face | enquiry | - | - | - | 10 minutes
T2 | telephone | enquiry | - | - | - | 20 seconds
T3 | email | enquiry | 2009-06-09 | 2009-06-22 | 1 wd | 10 wd
T4 | letter | enquiry | 2009-06-15 | 2009-06-22 | 5 wd | 10 wd
T5 | web | complaint | 2009-06-15 | 2009-06-22 | 5 wd | 10 wd
> Chorley 2026-06-08 chorley-south-ribble-2023
T6 | telephone | enquiry | - | - | - | 90 seconds
T7 | email | enquiry | 2026-06-09 | 2026-06-10 | 1 wd | 2 wd
T7 | officer_email | enquiry | 2026-06-09 | 2026-06-10 | 1 wd | 2 wd
none | text | enquiry | - | - | - | -
T8 | letter | enquiry | - | 2026-06-17 | - | 7 wd
T9 | face_to_face | enquiry | - | - | - | 10 minutes
T10 | email | complaint | 2026-06-11 | 2026-06-22 | 3 wd | 10 wd
T10 | letter | complaint 1 | 2026-06-11 | 2026-06-22 | 3 wd | 10 wd
T10 | letter | complaint 2 | - | 2026-06-22 | - | 10 wd
T10 | letter | complaint informal | - | - | - | -
> South Ribble 2026-06-08 chorley-south-ribble-2023
T6 | telephone | enquiry | - | - | - | 90 seconds
T7 | web | service_request | 2026-06-09 | 2026-06-10 | 1 wd | 2 wd
T8 | letter | compliment | - | 2026-06-17 | - | 7 wd
T9 | face_to_face | enquiry | - | - | - | 10 minutes
T10 | telephone | complaint 2 | - | 2026-06-22 | - | 10 wd
! South Ribble 2015-06-08 south-ribble-complaints-before-2023
T11 | letter | complaint 1 | 2015-06-11 | 2015-06-22 | 3 wd | 10 wd
T11 | letter | complaint 2 | - | 2015-07-06 | - | 20 wd
! Chorley 2015-06-08 chorley-complaints-before-2023
T12 | letter | complaint 1 | 2015-06-15 | 2015-06-22 | 5 wd | 10 wd
T12 | letter | complaint 2 | - | 2015-06-22 | - | 10 wd
> Allerdale 2022-06-13 allerdale-2022
T17 | email | enquiry | - | 2022-06-15 | promised, no time stated | 2 wd
T17 | web | enquiry | - | 2022-06-15 | promised, no time stated | 2 wd
T18 | officer_email | enquiry | - | 2022-06-15 | out-of-office message if away | 2 wd
T19 | telephone | enquiry | - | - | - | 45 seconds
T21 | voicemail | enquiry | - | 2022-06-14 | - | close of business on the next working day
T22 | letter | enquiry | - | 2022-06-27 | - | 10 wd
T23 | social_media | enquiry | - | - | - | -
! Chorley 2026-06-08 members-protocol
protocol | email | enquiry | 2026-06-09 | 2026-06-22 | the end of the next working day | 10 wd
! Chorley 2026-06-08 ombudsman-code
code | email | complaint 1 | 2026-06-15 | 2026-06-29 | 5 wd | 10 wd
code | email | complaint 2 | 2026-06-15 | 2026-07-13 | 5 wd | 20 wd
"""


def published() -> Iterator[tuple[str, list[str | None]]]:
    """Each line of the table with the heading it stands under."""
    heading = ""
    for line in STANDARDS.strip().splitlines():
        if line[0] in ">!":
            heading = line
            continue
        yield heading, [None if cell == "-" else cell for cell in line.split(" | ")]


@pytest.mark.parametrize(("heading", "row"), list(published()))
def test_every_published_standard_gives_its_dates_and_says_its_promise(heading: str, row: list[str | None]) -> None:
    how, *council, day, charter = heading.split()
    _, channel, kind_and_stage, acknowledge_by, respond_by, *promises = row
    kind, _, stage = str(kind_and_stage).partition(" ")
    answer = due(
        " ".join(council),
        Channel(str(channel)),
        f"{day}T10:00",
        kind=Kind(kind),
        stage=Stage(stage) if stage else None,
        charter=charter if how == "!" else None,
    )
    assert dates(answer) == (acknowledge_by, respond_by)
    said = [answer[name] for name in ("acknowledge_within", "respond_within")]
    assert said == [in_full(promise) for promise in promises]
    assert (answer["charter"], answer["counts_from"]) == (charter, day)


def in_full(promise: str | None) -> str | None:
    if promise is None or not promise.endswith(" wd"):
        return promise
    return promise.replace(" wd", " working day" if promise == "1 wd" else " working days")


def test_the_answer_has_exactly_the_documented_keys_and_is_plain_json() -> None:
    answer = due("Chorley", Channel.EMAIL, "2026-06-01T17:20")
    assert list(answer) == [
        "charter", "received_at", "counts_from", "acknowledge_by", "respond_by",
        "acknowledge_within", "respond_within", "warning", "ledger",
    ]  # fmt: skip
    assert json.loads(json.dumps(answer)) == answer
    assert answer["received_at"] == "2026-06-01T17:20:00+01:00"
    assert list(ledger(answer)[0]) == ["date", "counted", "reason"]
    assert answer["warning"] is None


@pytest.mark.parametrize(
    ("received", "respond_by"),
    [
        ("2026-04-01", "2026-04-07"),  # Easter
        ("2026-04-02", "2026-04-08"),
        ("2021-12-23", "2021-12-29"),  # Christmas on Saturday, substitutes on Monday and Tuesday
        ("2022-12-22", "2022-12-28"),  # Christmas on Sunday
        ("2010-12-23", "2010-12-29"),
        ("2011-04-27", "2011-05-03"),  # the wedding of 29 April, then the May holiday
        ("2012-05-31", "2012-06-06"),  # two days of jubilee
        ("2020-05-06", "2020-05-11"),  # the May holiday moved to Friday 8 May
        ("2022-05-31", "2022-06-06"),  # the jubilee of 2 and 3 June
        ("2022-09-15", "2022-09-20"),  # the funeral of 19 September
        ("2023-05-04", "2023-05-09"),  # the coronation of 8 May
        ("2024-02-28", "2024-03-01"),  # 29 February counts
        ("2024-02-29", "2024-03-04"),
    ],
)
def test_two_working_days_skip_every_kind_of_bank_holiday(received: str, respond_by: str) -> None:
    assert due("Chorley", Channel.EMAIL, f"{received}T10:00")["respond_by"] == respond_by


def test_ten_working_days_over_a_christmas_at_the_weekend_skip_its_substitute_days() -> None:
    assert dates(due("Chorley", Channel.EMAIL, "2004-12-23T10:00")) == ("2004-12-24", "2005-01-11")


def test_the_jubilee_of_2002_is_not_counted() -> None:
    answer = due("Chorley", Channel.LETTER, "2002-05-31T10:00")
    assert dates(answer) == ("2002-06-11", "2002-06-18")
    assert "Golden Jubilee" in str(ledger(answer)[3]["reason"])


@pytest.mark.parametrize(
    ("received", "counts_from"),
    [
        ("2026-06-05T16:44", "2026-06-05"),
        ("2026-06-05T16:45", "2026-06-08"),
        ("2026-06-05T16:46", "2026-06-08"),
        ("2026-06-01T17:14", "2026-06-01"),
        ("2026-06-01T17:15", "2026-06-02"),
        ("2026-06-02T17:15", "2026-06-03"),
        ("2026-06-03T09:59", "2026-06-03"),
        ("2026-06-03T17:15", "2026-06-04"),
        ("2026-06-04T17:15", "2026-06-05"),
        ("2026-06-05T00:00", "2026-06-05"),
        ("2026-06-06T12:00", "2026-06-08"),
        ("2026-06-07T23:59", "2026-06-08"),
        ("2026-04-03T12:00", "2026-04-07"),
        ("2026-04-02T17:15", "2026-04-07"),
    ],
)
def test_after_hours_at_south_ribble_counts_from_the_next_working_day_or_from_the_same(
    received: str, counts_from: str
) -> None:
    moved = due("South Ribble", Channel.EMAIL, received, after_hours=NEXT)
    same = due("South Ribble", Channel.EMAIL, received, after_hours=SAME)
    assert moved["counts_from"] == counts_from
    assert same["counts_from"] == received[:10]


@pytest.mark.parametrize("received", ["2026-06-05T16:44", "2026-06-05T16:45", "2026-06-05T16:46"])
def test_friday_afternoon_at_south_ribble_is_due_on_tuesday_or_a_day_later(received: str) -> None:
    same = due("South Ribble", Channel.EMAIL, received)
    moved = due("South Ribble", Channel.EMAIL, received, after_hours=NEXT)
    assert dates(same) == ("2026-06-08", "2026-06-09")
    assert dates(moved) == (dates(same) if received.endswith("44") else ("2026-06-09", "2026-06-10"))


@pytest.mark.parametrize(("received", "counts_from"), [("16:59", "2026-06-05"), ("17:00", "2026-06-08")])
def test_chorleys_office_hours_decide_even_for_the_telephone_and_for_2010(received: str, counts_from: str) -> None:
    for channel, charter in ((Channel.EMAIL, None), (Channel.TELEPHONE, None), (Channel.LETTER, "chorley-2010")):
        answer = due("Chorley", channel, f"2026-06-05T{received}", charter=charter, after_hours=NEXT)
        assert answer["counts_from"] == counts_from


@pytest.mark.parametrize(
    ("received", "counts_from", "offset"),
    [
        ("2026-03-29T00:59", "2026-03-29", "+00:00"),
        ("2026-03-29T02:00", "2026-03-29", "+01:00"),
        ("2026-10-25T00:30", "2026-10-25", "+01:00"),
        ("2026-10-25T23:30", "2026-10-25", "+00:00"),
        ("2026-06-30T23:30+00:00", "2026-07-01", "+01:00"),
        ("2026-07-01T00:30+01:00", "2026-07-01", "+01:00"),
        ("2026-12-31T23:30-05:00", "2027-01-01", "+00:00"),
    ],
)
def test_the_date_received_is_the_date_in_london_on_both_clock_changes(
    received: str, counts_from: str, offset: str
) -> None:
    answer = due("Chorley", Channel.EMAIL, received)
    assert answer["counts_from"] == counts_from
    assert str(answer["received_at"]).endswith(offset)


def test_clock_change_weekends_neither_lose_nor_gain_a_day() -> None:
    assert dates(due("Chorley", Channel.EMAIL, "2026-03-27T16:00")) == ("2026-03-30", "2026-03-31")
    assert dates(due("Chorley", Channel.EMAIL, "2026-10-23T16:00")) == ("2026-10-26", "2026-10-27")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-06-01T17:20", datetime(2026, 6, 1, 16, 20, tzinfo=UTC)),
        ("2026-06-01 17:20", datetime(2026, 6, 1, 16, 20, tzinfo=UTC)),
        ("2026-06-01", datetime(2026, 5, 31, 23, 0, tzinfo=UTC)),
        ("2026-01-01T17:20Z", datetime(2026, 1, 1, 17, 20, tzinfo=UTC)),
        ("2026-10-25T01:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # comes twice: the first
        ("2026-03-29T01:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # does not come: 02:30
    ],
)
def test_a_time_without_an_offset_is_london_time(text: str, moment: datetime) -> None:
    assert local_time(text) == moment
    assert local_time(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-02-30", "1/6/2026", "2026-06-01T25:00", "0001-01-01T00:00+14:00"]
)
def test_a_time_that_cannot_be_read_is_refused_with_advice(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        local_time(text)
    assert "2026-06-01T17:20" in refusal.value.advice


def test_an_unknown_council_or_charter_is_refused_with_the_nearest_ones() -> None:
    with pytest.raises(NotFound) as refusal:
        due("Chorly", Channel.EMAIL, "2026-06-01")
    assert "Chorley" in refusal.value.advice
    with pytest.raises(NotFound) as refusal:
        due("Chorley", Channel.EMAIL, "2026-06-01", charter="chorley-2011")
    assert "chorley-2010" in refusal.value.advice


def test_names_of_councils_and_charters_are_matched_whatever_their_case() -> None:
    answer = due(" south  RIBBLE", Channel.EMAIL, "2026-06-01", charter="Chorley-South-Ribble-2023")
    assert answer["charter"] == "chorley-south-ribble-2023"


@pytest.mark.parametrize(
    ("council", "day"), [("South Ribble", "2020-06-01"), ("Allerdale", "2023-04-01"), ("Chorley", "2001-12-31")]
)
def test_with_no_set_in_force_every_date_is_null_and_a_warning_names_the_sets_there_are(council: str, day: str) -> None:
    answer = due(council, Channel.EMAIL, day)
    assert answer["charter"] is answer["counts_from"] is None
    assert dates(answer) == (None, None)
    assert council in str(answer["warning"])
    assert all(charter["id"] in str(answer["warning"]) for charter in charter_list() if council in charter["councils"])  # type: ignore[operator]


@pytest.mark.parametrize("reading", AfterHours)
@pytest.mark.parametrize(
    ("charter", "day"), [(None, "2029-01-02"), ("chorley-2010", "2001-12-31"), (None, "9999-12-31")]
)
def test_a_day_beyond_the_bank_holidays_known_gives_nulls_and_a_warning(
    charter: str | None, day: str, reading: AfterHours
) -> None:
    answer = due("Chorley", Channel.EMAIL, f"{day}T18:00", charter=charter, after_hours=reading)
    assert dates(answer) == (None, None)
    assert "not known" in str(answer["warning"])
    assert answer["respond_within"] == "2 working days"


def test_a_count_that_runs_past_the_end_of_the_list_keeps_the_date_it_can_give() -> None:
    answer = due("Chorley", Channel.EMAIL, "2028-12-28T10:00")
    assert dates(answer) == ("2028-12-29", None)
    assert "1 January 2029" in str(answer["warning"])


def test_a_named_set_applies_whatever_its_dates_and_says_when_it_is_another_councils() -> None:
    own = due("Chorley", Channel.LETTER, "2026-06-08T10:00", charter="chorley-2010")
    foreign = due("Chorley", Channel.LETTER, "2026-06-08T10:00", charter="allerdale-2022")
    assert (own["respond_by"], own["warning"]) == ("2026-06-17", None)
    assert foreign["respond_by"] == "2026-06-22"
    assert foreign["warning"] == "allerdale-2022 is not a set of Chorley."


def test_the_ombudsmans_reply_date_is_said_to_be_provisional() -> None:
    answer = due("Chorley", Channel.EMAIL, "2026-06-08T10:00", kind=COMPLAINT, charter="ombudsman-code")
    assert "provisional" in str(answer["warning"])
    assert "Last day for the acknowledgement" in str(ledger(answer)[7]["reason"])


def test_a_stage_or_a_set_for_complaints_only_makes_it_a_complaint() -> None:
    staged = due("Chorley", Channel.EMAIL, "2026-06-08T10:00", stage=Stage.TWO)
    named = due("Chorley", Channel.EMAIL, "2026-06-08T10:00", charter="chorley-complaints-before-2023")
    assert dates(staged) == (None, "2026-06-22")
    assert dates(named) == ("2026-06-15", "2026-06-22")


def test_a_channel_without_a_standard_says_so_in_the_ledger() -> None:
    assert "sets no time for text" in str(ledger(due("Chorley", Channel.TEXT, "2026-06-08"))[0]["reason"])
    social = due("Allerdale", Channel.SOCIAL_MEDIA, "2022-06-13")
    assert "may be no reply" in str(ledger(social)[0]["reason"])


def test_the_charters_are_listed_with_councils_and_dates() -> None:
    listed = {charter["id"]: charter for charter in charter_list()}
    assert len(listed) == 8
    assert listed["chorley-2010"]["from"] == "2010-04-01"
    assert listed["chorley-2010"]["to"] == "2023-03-31"
    assert listed["chorley-south-ribble-2023"]["councils"] == ["Chorley", "South Ribble"]
    assert listed["members-protocol"] | {"title": ""} == {
        "id": "members-protocol", "councils": [], "title": "", "from": None, "to": None,
    }  # fmt: skip
    assert charter_problems() == []


def test_the_shelf_gives_the_set_in_force_with_what_the_council_adopted() -> None:
    shelf = CharterShelf.shipped()
    council = Council(id=CouncilId("1"), name="Chorley")
    adopting = Council(id=CouncilId("1"), name="Chorley", adopted=("members-protocol",))
    found = [shelf.in_force(each, date(2026, 6, 1), Kind.ENQUIRY) for each in (council, adopting)]
    assert [charter.id for charter in found if charter] == ["chorley-south-ribble-2023", "members-protocol"]
    assert "members-protocol" in [charter.id for charter in shelf.of_council("Chorley", adopting.adopted)]
