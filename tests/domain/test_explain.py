"""Why an enquiry is due when it is, in sentences that can be read aloud."""

import re

from hypothesis import given

from member_tracker.domain.clock import Clocks
from member_tracker.domain.explain import moment_aloud, why_in_full
from member_tracker.domain.vocabulary import AfterHours, Channel
from tests.domain.test_clock import at, clocks, everything

SPOKEN = re.compile(r"[\w ,.'’\n]*")


@given(everything)
def test_the_whole_reason_can_be_read_aloud(found: Clocks) -> None:
    told = why_in_full(found)
    assert SPOKEN.fullmatch(told), told
    assert not re.search(r"\d\d:\d\d|\b(h|min)\b|  |\.\.| ,|,,", told)
    assert all(
        line == "" or ((line[0].isupper() or line[0].isdigit()) and line.endswith(".")) for line in told.split("\n")
    )


@given(everything)
def test_every_day_of_both_ledgers_is_told(found: Clocks) -> None:
    told = why_in_full(found)
    for clock in (found.acknowledge, found.respond):
        if clock is not None:
            assert all(str(entry.on.year) in told for entry in clock.ledger)
            assert told.count("This day counts.") >= sum(entry.counted for entry in clock.ledger)


def test_it_ends_with_the_day_the_answer_is_due() -> None:
    told = why_in_full(clocks("chorley-south-ribble-2023", "2026-04-02T17:20", after_hours=AfterHours.NEXT_WORKING_DAY))
    lines = told.split("\n")
    assert lines[0] == "This came in at 20 minutes past 5 in the afternoon on Thursday 2 April 2026."
    assert "Friday 3 April 2026. Good Friday, bank holiday. This day does not count." in lines
    assert lines[-1] == "So the reply is due by the end of Thursday 9 April 2026."


def test_it_says_where_nothing_was_promised() -> None:
    told = why_in_full(clocks("chorley-south-ribble-2023", "2026-06-02T10:00", channel=Channel.TEXT))
    assert told.endswith("sets no time for text.")


def test_moments_are_spoken_as_people_say_them() -> None:
    spoken = [
        moment_aloud(at(f"2026-06-02T{time}")).partition(" on ")[0]
        for time in ("00:00", "12:00", "09:01", "17:20", "21:00")
    ]
    assert spoken == [
        "midnight",
        "midday",
        "1 minute past 9 in the morning",
        "20 minutes past 5 in the afternoon",
        "9 in the evening",
    ]
