"""Due days beside an oracle that shares nothing with ours but the list of holidays: numpy's own business days."""

import random
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from member_tracker.domain.charter import Charter, Unit
from member_tracker.domain.counting import start_clocks
from member_tracker.domain.dates import LONDON
from member_tracker.domain.vocabulary import Channel, Kind
from member_tracker.domain.working_time import Division
from member_tracker.services.charters import CharterShelf
from tests.domain.waiting import a_charter

STARTS = 100_000
SHELF = CharterShelf.shipped()


def starting_points() -> list[datetime]:
    """The same made-up moments in ten years, every time."""
    dice = random.Random(20_260_601)
    first = datetime(2016, 1, 1, tzinfo=LONDON)
    return [first + timedelta(minutes=dice.randrange(10 * 365 * 24 * 60)) for _ in range(STARTS)]


def our_due_days(charter: Charter, starts: list[datetime]) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    calendar = SHELF.calendar("Chorley")
    days = []
    for received in starts:
        clock = start_clocks(
            charter=charter,
            calendar=calendar,
            channel=Channel.EMAIL,
            kind=Kind.ENQUIRY,
            stage=None,
            received_at=received,
        ).respond
        assert clock is not None
        days.append(clock.due_by)
    return np.array(days, dtype="datetime64[D]")


@pytest.mark.parametrize(("amount", "day_received"), [(2, 0), (7, 0), (10, 1)])
def test_a_hundred_thousand_due_days_are_those_of_numpy(amount: int, day_received: int) -> None:
    starts = starting_points()[: STARTS if amount == 2 else STARTS // 10]
    holidays = np.array(sorted(SHELF.calendar("Chorley").bank_holidays.names), dtype="datetime64[D]")
    received = np.array([start.date() for start in starts], dtype="datetime64[D]")
    after = received if day_received == 0 else received - np.timedelta64(1, "D")
    oracle = np.busday_offset(after, 0, roll="backward", holidays=holidays)
    oracle = np.busday_offset(oracle, amount, holidays=holidays)
    ours = our_due_days(a_charter(amount, Unit.WORKING_DAY, day_received=day_received), starts)
    assert (ours == oracle).all()


def test_the_oracle_knows_the_same_holidays_as_we_do() -> None:
    calendar = SHELF.calendar("Chorley")
    assert calendar.bank_holidays.division is Division.ENGLAND_AND_WALES
    days = [date(2016, 1, 1) + timedelta(days=number) for number in range(4_000)]
    working = np.is_busday(
        np.array(days, dtype="datetime64[D]"),
        holidays=np.array(sorted(calendar.bank_holidays.names), dtype="datetime64[D]"),
    )
    assert [calendar.is_working(day) for day in days] == list(working)
