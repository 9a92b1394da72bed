"""What a performance table says of targets, of a few, and of all together."""

import pytest

from member_tracker.domain.indicators import By, Sums, Tallied, add_up, all_together, performance_table
from member_tracker.domain.judged import MET, MISSED
from member_tracker.domain.report_table import OutOf, Table, as_text, cell_words, flat_headings, flat_rows

NOW = "65000000"
TARGETS = {"old/email": 80.0, "new/email": None}


def so_many(kept: int, late: int, standard: str = "old/email", group: str = "housing") -> tuple[Tallied, ...]:
    """Enquiries answered in time, each handed over once, and late, none handed over."""
    return (
        Tallied(group, f"{MET}{MET}==.{standard}", 1, kept),
        Tallied(group, f"{MET}{MISSED}==.{standard}", 0, late),
    )


def table(*tallied: Tallied) -> Table:
    groups = add_up(tallied, NOW)
    named = [(str(group).capitalize(), sums) for group, sums in groups.items()]
    return performance_table(By.AREA, named, title="Performance", target_of=lambda standard: TARGETS[standard])


def target(*tallied: Tallied) -> object:
    return table(*tallied).rows[0][4]


@pytest.mark.parametrize(
    ("kept", "late", "words"),
    [
        (8, 2, "80%: reached"),
        (799, 201, "80%: near"),
        (75, 25, "80%: near"),
        (749, 251, "80%: missed"),
        (3, 1, "80%: too few to say"),
        (0, 0, "none set"),
    ],
)
def test_a_target_is_reached_near_or_missed_in_words(kept: int, late: int, words: str) -> None:
    assert target(*so_many(kept, late)) == words


def test_no_target_is_shown_where_none_was_set_and_each_where_they_differ() -> None:
    assert target(*so_many(9, 1, "new/email")) == "none set"
    assert target(*so_many(9, 1), *so_many(9, 1, "new/email")) == "80% or none"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (OutOf(0, 0), "none yet"),
        (OutOf(3, 4), "3 of 4"),
        (OutOf(4, 5), "4 of 5 (80%)"),
        (OutOf(1999, 2000), "1999 of 2000 (99.9%)"),
        (OutOf(5, 5), "5 of 5 (100%)"),
        (OutOf(2, 3000), "2 of 3000 (0%)"),
    ],
)
def test_a_share_says_what_it_is_made_of_and_no_percentage_of_a_few(share: OutOf, words: str) -> None:
    assert cell_words(share) == words


def test_a_spreadsheet_has_the_parts_of_a_share_in_columns_of_their_own() -> None:
    made = table(*so_many(3, 1))
    headings = flat_headings(made)
    assert headings[:5] == (
        "Service area",
        "Received",
        "Acknowledged in time",
        "Acknowledged in time: of",
        "Acknowledged in time: %",
    )
    row = dict(zip(headings, next(flat_rows(made)), strict=True))
    assert (row["Answered in time"], row["Answered in time: of"], row["Answered in time: %"]) == (3, 4, None)
    assert row["Hand-overs: average"] == 0.8


def test_all_together_keeps_the_worst_and_adds_the_rest() -> None:
    sums = add_up((*so_many(3, 1), *so_many(1, 2, group="waste")), NOW)
    together = all_together(sums.values())
    assert isinstance(together, Sums)
    assert (together.received, together.handovers, together.most_handovers) == (7, 4, 1)
    assert together.answered.out_of == OutOf(4, 7)
    assert "All" in as_text(table(*so_many(3, 1)))
