"""States, dates and whose turn it is, in the words of the screens."""

from datetime import date

import pytest

from member_tracker.domain.vocabulary import Channel, State, Status
from ui.words import _TURNS, came_words, capital, due_words, near_day, short_day, size_words

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("state", "by", "words"),
    [
        (State.OVERDUE, date(2026, 11, 23), "Overdue by 1 day"),
        (State.OVERDUE, date(2026, 11, 10), "Overdue by 14 days"),
        (State.OVERDUE, TODAY, "Overdue since today"),
        (State.DUE_TODAY, TODAY, "Due today"),
        (State.IN_TIME, date(2026, 11, 25), "Due tomorrow"),
        (State.IN_TIME, date(2026, 11, 27), "Due Fri 27 Nov"),
        (State.IN_TIME, date(2027, 1, 4), "Due Mon 4 Jan 2027"),
        (State.MET, date(2026, 11, 27), "Answered in time"),
        (State.MISSED, date(2026, 11, 2), "Answered late"),
        (State.NOT_MEASURED, date(2026, 11, 2), "Not measured"),
        (State.NOT_MEASURED, None, "No due date"),
    ],
)
def test_every_state_is_said_in_words(state: State, by: date | None, words: str) -> None:
    assert due_words(state, by, TODAY) == words


def test_every_status_says_whose_turn_it_is() -> None:
    assert set(_TURNS) == set(Status)
    for turn in _TURNS.values():
        said = turn.format(area="Housing", resident="Ada Greenhalgh", promised="")
        assert "{" not in said
        assert said.endswith(".")


def test_every_channel_ends_a_sentence() -> None:
    assert came_words(Channel.LETTER) == "by letter"
    assert came_words(Channel.FACE_TO_FACE) == "face to face"
    assert all(came_words(channel) for channel in Channel)


def test_days_and_sizes_are_said_as_people_say_them() -> None:
    assert (near_day(TODAY, TODAY), short_day(TODAY, TODAY)) == ("today", "Tue 24 Nov")
    assert [size_words(size) for size in (12, 2_400, 3_400_000)] == ["12 bytes", "2 kB", "3.4 MB"]
    assert capital("today, 10:31") == "Today, 10:31"
