"""The councils that ship: their calendars, their letters and their service areas."""

from datetime import date

import pytest

from member_tracker.domain.settings_table import BadFile
from member_tracker.domain.working_time import ClosureDay
from member_tracker.services.charters import CharterShelf
from member_tracker.services.shipped_councils import load_councils, read_council


def test_a_council_may_add_closure_days_of_its_own() -> None:
    calendar = CharterShelf.shipped().calendar("Chorley", (ClosureDay(on=date(2026, 6, 9), reason="Office move"),))
    assert calendar.why_closed(date(2026, 6, 9)) == "Office move: closure day"
    assert CharterShelf.shipped().calendar("Chorley").is_working(date(2026, 6, 9))


def test_a_council_that_does_not_ship_works_by_the_bank_holidays_of_england_and_wales() -> None:
    calendar = CharterShelf.shipped().calendar("Elsewhere")
    assert not calendar.is_working(date(2026, 4, 6))
    assert calendar.opening_hours == ()


def test_the_councils_ship_with_eight_service_areas_and_addresses_that_lead_nowhere() -> None:
    for council in load_councils():
        assert [area.name for area in council.areas] == [
            "Housing", "Planning", "Licensing", "Communities",
            "Environmental Health", "Waste", "Council Tax", "Revenues and Benefits",
        ]  # fmt: skip
        assert all(address.endswith(".example.org") for area in council.areas for address in area.addresses)
        assert all((area.direct_number or "01632 960").startswith("01632 960") for area in council.areas)
        assert all(area.directorate for area in council.areas)


def test_chorley_writes_letters_only_where_no_email_is_held() -> None:
    shelf = CharterShelf.shipped()
    assert [shelf.letters_of(name) for name in ("Chorley", "South Ribble")] == ["only_without_email", "preferred"]


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ('[[opening_hours]]\npurpose = "offices"\nmonday = "17:00-09:00"', "opening_hours offices, monday"),
        ('[[opening_hours]]\npurpose = "offices"\nmonday = "9 to 5"', "opening_hours offices, monday"),
        (
            '[[opening_hours]]\npurpose = "offices"\nmonday = "09:00-17:00"\nweekly_hours = 9',
            "opening_hours offices, weekly_hours",
        ),
        ('[[closure_day]]\nreason = "Move"', "closure_day 1, on"),
        ('[[service_area]]\nname = "Waste"\naddress = "a@example.org"', "service_area Waste, address"),
    ],
)
def test_a_bad_council_file_is_refused_naming_its_key(lines: str, key: str) -> None:
    with pytest.raises(BadFile) as refusal:
        read_council("x.toml", f'name = "X"\ndivision = "scotland"\n{lines}')
    assert refusal.value.key == key
