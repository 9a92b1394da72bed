"""The due dates of logged enquiries on the awkward days of a calendar, as they are kept."""

from datetime import UTC, date, datetime

import pytest

from member_tracker.domain.dates import LONDON
from member_tracker.domain.vocabulary import State
from tests.fakes.office import Office


@pytest.mark.parametrize(
    ("received", "acknowledge_by", "respond_by"),
    [
        pytest.param(
            "2026-11-20T16:44", "2026-11-23", "2026-11-24", id="a minute before a quarter to five on a Friday"
        ),
        pytest.param("2026-11-20T16:45", "2026-11-23", "2026-11-24", id="a quarter to five on a Friday"),
        pytest.param("2026-11-20T16:46", "2026-11-23", "2026-11-24", id="a minute later"),
        pytest.param("2026-11-21T10:00", "2026-11-23", "2026-11-24", id="a Saturday"),
        pytest.param("2026-11-16T23:59", "2026-11-17", "2026-11-18", id="the last minute of a Monday"),
        pytest.param("2026-11-17T00:00", "2026-11-18", "2026-11-19", id="midnight, the first minute of a Tuesday"),
        pytest.param("2026-03-29T01:30", "2026-03-30", "2026-03-31", id="the hour that does not come in spring"),
        pytest.param("2026-10-25T01:30", "2026-10-26", "2026-10-27", id="the hour that comes twice in autumn"),
        pytest.param("2026-10-25T23:59", "2026-10-26", "2026-10-27", id="the end of the day of 25 hours"),
        pytest.param(
            "2026-06-15T23:30", "2026-06-16", "2026-06-17", id="late on a summer evening, half past ten in UTC"
        ),
        pytest.param("2028-02-28T10:00", "2028-02-29", "2028-03-01", id="the day before 29 February"),
        pytest.param("2026-04-02T10:00", "2026-04-07", "2026-04-08", id="the Thursday before Easter"),
        pytest.param("2026-12-24T10:00", "2026-12-29", "2026-12-30", id="Christmas with one substitute day"),
        pytest.param("2027-12-24T10:00", "2027-12-29", "2027-12-30", id="Christmas on a weekend, two substitute days"),
        pytest.param("2026-08-28T10:00", "2026-09-01", "2026-09-02", id="the Friday before the summer bank holiday"),
        pytest.param("2023-05-05T10:00", "2023-05-09", "2023-05-10", id="the extra bank holiday of the coronation"),
    ],
)
def test_an_enquiry_by_email_is_acknowledged_in_one_working_day_and_answered_in_two(
    office: Office, received: str, acknowledge_by: str, respond_by: str
) -> None:
    office.clock.moment = datetime(2029, 1, 1, tzinfo=UTC)
    logged = office.log(received_at=datetime.fromisoformat(received).replace(tzinfo=LONDON))
    due = (date.fromisoformat(acknowledge_by), date.fromisoformat(respond_by))
    assert (logged.acknowledge_by, logged.respond_by) == due
    kept = office.read(logged)
    assert (kept.acknowledge_by, kept.respond_by) == due


def test_an_enquiry_due_today_is_late_only_once_the_day_is_over_in_london(office: Office) -> None:
    office.clock.moment = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)
    logged = office.log()
    assert logged.respond_by == date(2026, 6, 17)
    assert logged.state(datetime(2026, 6, 17, 22, 59, 59, tzinfo=UTC)) is State.DUE_TODAY
    assert logged.state(datetime(2026, 6, 17, 23, 0, 0, tzinfo=UTC)) is State.OVERDUE


def test_where_the_bank_holidays_are_not_known_it_warns_and_does_not_guess(office: Office) -> None:
    office.clock.moment = datetime(2032, 1, 1, tzinfo=UTC)
    logged = office.log(received_at=datetime(2031, 12, 30, 10, 0, tzinfo=UTC))
    assert (logged.acknowledge_by, logged.respond_by) == (None, None)
    assert logged.clocks is not None
    assert "not known" in str(logged.clocks.warning)
    assert logged.state(office.clock()) is State.NOT_MEASURED
