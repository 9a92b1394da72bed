"""Figures of a report are what the enquiries themselves say, and behind each figure lie exactly so many enquiries."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from member_tracker.domain.dates import local_date
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.indicators import COLUMNS
from member_tracker.domain.judged import Measure, Standing
from member_tracker.domain.period import Period, between, month_of, year_of
from member_tracker.domain.report_table import OutOf, as_text
from member_tracker.domain.vocabulary import Channel
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.services.merging import merge
from member_tracker.services.reporting import Asked, By, Report, enquiries_behind, looked_up, performance
from member_tracker.services.waiting import extend, pause
from tests.fakes.office import Office, open_office
from tests.services.deeds import answered, clock_at
from tests.services.reported import casework, counts_as

GROUP: dict[By, Callable[[Enquiry], str | None]] = {
    By.AREA: lambda each: each.service_area_id,
    By.WARD: lambda each: each.ward_id,
    By.COUNCILLOR: lambda each: each.raised_by,
    By.CHANNEL: lambda each: each.channel.value,
}
PERIODS = (month_of(date(2026, 10, 5)), year_of(date(2026, 11, 16)), between(date(2026, 9, 17), date(2026, 11, 3)))


def listed(office: Office, asked: Asked) -> list[str]:
    """Every enquiry behind a figure, page by page."""
    found: list[str] = []
    after = None
    ready = looked_up(office.app, asked)
    while True:
        page = enquiries_behind(office.app, ready, after=after, limit=7)
        found += [row.id for row in page.rows]
        if page.next is None:
            return found
        after = page.next


def expected(made: tuple[Enquiry, ...], asked: Asked) -> set[str]:
    """What lies behind a figure, asked of the enquiries one by one."""
    figure, behind = asked.figure, asked.behind
    standings = (figure.standing,) if figure.standing else (Standing.KEPT, Standing.LATE)
    return {
        each.id
        for each in made
        if each.merged is None
        and behind.period.first <= local_date(each.received_at) <= behind.period.last
        and (behind.everyone or GROUP[behind.by](each) == behind.group)
        and counts_as(each, figure.measure, asked.now) in standings
    }


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, tuple[Enquiry, ...]]]:
    """An office with casework in every state, which nobody changes."""
    opened = open_office(tmp_path_factory.mktemp("busy"))
    yield opened, casework(opened, 240)
    opened.parts.store.close()


@pytest.mark.parametrize("by", list(By))
@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.words)
def test_behind_each_figure_lie_exactly_the_enquiries_it_counts(
    busy: tuple[Office, tuple[Enquiry, ...]], by: By, period: Period
) -> None:
    office, made = busy
    report = performance(office.app, period, by)
    seen = 0
    for row in range(len(report.table.rows)):
        for column in range(len(report.table.columns)):
            asked = report.asked(row, column)
            if asked is None:
                continue
            found = listed(office, asked) if row in (0, len(report.groups)) else list(expected(made, asked))
            assert len(found) == len(set(found)) == asked.count
            assert set(found) == expected(made, asked)
            for standing in (Standing.KEPT, Standing.LATE):
                part = report.narrowed(row, column, standing)
                assert part is None or len(expected(made, part)) == part.count
            seen += asked.count
    assert seen > 40


@pytest.mark.parametrize("by", list(By))
def test_all_of_a_report_is_the_sum_of_its_rows_and_every_answer_is_somewhere(
    busy: tuple[Office, tuple[Enquiry, ...]], by: By
) -> None:
    table = performance(busy[0].app, PERIODS[1], by).table
    *rows, last = table.rows
    for column, (_, figure) in enumerate(COLUMNS, start=1):
        if figure is None:
            continue
        of_rows, total = [row[column] for row in rows], last[column]
        if isinstance(total, OutOf):
            shares = [cell for cell in of_rows if isinstance(cell, OutOf)]
            assert total == OutOf(sum(cell.part for cell in shares), sum(cell.whole for cell in shares))
        else:
            assert total == sum(int(str(cell)) for cell in of_rows)
    for row in table.rows:
        _, received, _, in_time, _, _, _, not_due, not_measured, _, most = row
        assert isinstance(in_time, OutOf)
        assert received == in_time.whole + int(str(not_due)) + int(str(not_measured))
        assert most in (0, 1, 4)


def test_a_report_of_nothing_says_so(office: Office) -> None:
    report = performance(office.app, PERIODS[0], By.AREA)
    assert report.is_empty
    assert [row[0] for row in report.table.rows] == ["All"]
    assert "none applied" in report.table.notes[1]


def figures(report: Report, group: str) -> dict[str, object]:
    """A row as its headings and words."""
    row = next(row for row in report.table.rows if row[0] == group)
    return {column.heading: cell for column, cell in zip(report.table.columns, row, strict=True)}


def november(office: Office, by: By = By.AREA) -> Report:
    return performance(office.app, month_of(office.app.today()), by)


def test_one_still_owed_counts_only_once_it_is_late(office: Office) -> None:
    office.logged_and_sent()
    assert figures(november(office), "Housing")["Answered in time"] == OutOf(0, 0)
    assert figures(november(office), "Housing")["Not due yet"] == 1
    clock_at(office, "2026-11-18T23:59:59")
    assert figures(november(office), "Housing")["Not due yet"] == 1
    clock_at(office, "2026-11-19T00:00:00")
    assert figures(november(office), "Housing")["Answered in time"] == OutOf(0, 1)
    assert figures(november(office), "Housing")["Not due yet"] == 0


def test_no_standard_is_no_promise_broken(office: Office) -> None:
    office.logged_and_sent(channel=Channel.LETTER)
    office.clock.forward(days=5)
    row = figures(november(office), "Housing")
    assert row["Acknowledged in time"] == OutOf(0, 0)
    assert row["Not measured"] == 0


def test_a_merged_enquiry_counts_once_and_again_when_taken_apart(office: Office) -> None:
    first, second = office.logged_and_sent(), office.logged_and_sent()
    merge(office.app, second.id, first.id)
    assert figures(november(office), "All")["Received"] == 1


def test_pauses_and_extensions_are_told_with_and_without(office: Office) -> None:
    late, paused = office.logged_and_sent(), office.logged_and_sent()
    extend(office.app, late.id, until_on=date(2026, 11, 27), reason="An engineer is ill", agreed_by="Cllr Vera Quill")
    pause(office.app, paused.id, reason="Asked for the flat number")
    clock_at(office, "2026-11-23T10:00:00")
    answered(office, late)
    answered(office, paused)
    row = figures(november(office), "Housing")
    assert row["Answered in time"] == OutOf(1, 2)
    assert row["With extensions"] == OutOf(2, 2)
    assert row["No pause counted"] == OutOf(0, 2)


def test_a_day_in_summer_is_the_day_on_the_office_clock(office: Office) -> None:
    clock_at(office, "2026-06-30T23:30:00")
    office.logged_and_sent()
    office.clock.forward(days=3)
    assert performance(office.app, month_of(date(2026, 6, 1)), By.AREA).is_empty
    assert not performance(office.app, month_of(date(2026, 7, 1)), By.AREA).is_empty
    assert not performance(office.app, between(date(2026, 7, 1), date(2026, 7, 2)), By.AREA).is_empty


def test_a_report_can_be_stopped_and_tells_how_far_it_is(office: Office) -> None:
    told: list[str] = []
    performance(office.app, PERIODS[1], By.AREA, watch=Watch(progress=lambda stage, _share: told.append(stage)))
    assert told[0] == "Adding up April 2026"
    assert len(told) == 12
    with pytest.raises(Stopped):
        performance(office.app, PERIODS[1], By.AREA, watch=Watch(stop=lambda: True))


def test_the_report_a_person_reads(busy: tuple[Office, tuple[Enquiry, ...]], repository: Path) -> None:
    report = performance(busy[0].app, year_of(date(2026, 11, 16)), By.AREA)
    golden = repository / "tests" / "golden" / "report_by_area.txt"
    assert as_text(report.table) == golden.read_text("utf-8")
    assert report.asked(0, 4) is None


def test_what_a_figure_is_about_is_said_in_its_title(office: Office) -> None:
    office.logged_and_sent()
    asked = november(office).asked(0, 2)
    assert asked is not None
    assert asked.title == "Service area: Housing, acknowledged in time"
    assert asked.figure.measure is Measure.ACKNOWLEDGED
