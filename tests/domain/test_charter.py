"""Charters: which set and which standard apply, and what is said of a file that cannot be used."""

from datetime import date

import pytest

from member_tracker.domain.charter import Charter, CharterId, Standard, StandardId, Use, charter_in_force, standard_for
from member_tracker.domain.charter_file import read_charter
from member_tracker.domain.settings_table import BadFile
from member_tracker.domain.vocabulary import Channel, Kind, Stage, Start
from member_tracker.services.charters import load_charters

CHARTERS, _ = load_charters()
BY_ID = {charter.id: charter for charter in CHARTERS}
JUNE = date(2026, 6, 1)

GOOD = """
id = "ours"
title = "Ours"
councils = ["Chorley"]
from = 2024-04-01

[[standard]]
id = "email"
source = "policy para 3"
channels = ["email"]
acknowledge = { within = 1, unit = "working_day", source = "policy para 3" }
respond = { within = 5, unit = "working_day", source = "policy para 3" }
share = { percent = 90, source = "policy para 4" }
"""


def test_the_sets_that_ship_are_these_and_every_one_can_be_read() -> None:
    charters, problems = load_charters()
    assert problems == ()
    assert [charter.id for charter in charters] == [
        "allerdale-2022",
        "chorley-2010",
        "chorley-before-2010",
        "chorley-complaints-before-2023",
        "chorley-south-ribble-2023",
        "members-protocol",
        "ombudsman-code",
        "south-ribble-complaints-before-2023",
    ]


def test_every_figure_that_ships_names_its_document_and_paragraph() -> None:
    for charter in CHARTERS:
        for standard in charter.standards:
            figures = (standard.acknowledge, standard.respond, standard.after_return, standard.share)
            sources = [figure.source for figure in figures if figure]
            assert all(sources)
            assert charter.example or all(".txt " in source for source in [standard.source, *sources])


def test_the_example_sets_say_that_they_are_examples() -> None:
    examples = [charter for charter in CHARTERS if charter.example]
    assert [charter.id for charter in examples] == ["members-protocol", "ombudsman-code"]
    assert all("example" in charter.title and charter.from_on is None for charter in examples)


def test_the_assumed_first_day_of_the_shared_charter_is_marked_as_assumed() -> None:
    assert "set your own" in BY_ID[CharterId("chorley-south-ribble-2023")].dates_note.lower()


@pytest.mark.parametrize(
    ("council", "on", "kind", "expected"),
    [
        ("Chorley", date(2001, 12, 31), Kind.ENQUIRY, None),
        ("Chorley", date(2002, 1, 1), Kind.ENQUIRY, "chorley-before-2010"),
        ("Chorley", date(2010, 3, 31), Kind.ENQUIRY, "chorley-before-2010"),
        ("chorley", date(2010, 4, 1), Kind.COMPLAINT, "chorley-2010"),
        ("Chorley", date(2023, 3, 31), Kind.ENQUIRY, "chorley-2010"),
        ("Chorley", date(2023, 4, 1), Kind.ENQUIRY, "chorley-south-ribble-2023"),
        ("South Ribble", date(2023, 3, 31), Kind.ENQUIRY, None),
        ("South Ribble", date(2023, 4, 1), Kind.COMPLAINT, "chorley-south-ribble-2023"),
        ("Allerdale", date(2022, 6, 1), Kind.COMMENT, "allerdale-2022"),
        ("Allerdale", date(2023, 4, 1), Kind.ENQUIRY, None),
    ],
)
def test_an_enquiry_is_judged_by_the_set_in_force_on_the_day_it_came(
    council: str, on: date, kind: Kind, expected: str | None
) -> None:
    charter = charter_in_force(CHARTERS, council, on, kind)
    assert (charter.id if charter else None) == expected


@pytest.mark.parametrize(
    ("adopted", "kind", "expected"),
    [
        ({"members-protocol": None}, Kind.ENQUIRY, "members-protocol"),
        ({"members-protocol": None}, Kind.SERVICE_REQUEST, "chorley-south-ribble-2023"),
        ({"members-protocol": None}, Kind.COMPLAINT, "chorley-south-ribble-2023"),
        ({"members-protocol": date(2026, 6, 2)}, Kind.ENQUIRY, "chorley-south-ribble-2023"),
        ({"ombudsman-code": date(2026, 4, 1)}, Kind.COMPLAINT, "ombudsman-code"),
        ({"ombudsman-code": date(2026, 4, 1)}, Kind.ENQUIRY, "chorley-south-ribble-2023"),
    ],
)
def test_a_set_without_dates_applies_once_the_council_adopts_it(
    adopted: dict[str, date | None], kind: Kind, expected: str
) -> None:
    charter = charter_in_force(CHARTERS, "Chorley", JUNE, kind, adopted=adopted)
    assert charter is not None
    assert charter.id == expected


def test_complaints_come_before_an_areas_own_set_then_the_protocol_then_the_contact_set() -> None:
    sets = (
        made("contact", Use.CONTACT),
        made("protocol", Use.PROTOCOL),
        made("housing", Use.CONTACT, "Housing"),
        made("complaints", Use.COMPLAINT),
    )
    found = [
        charter_in_force(sets, "Chorley", JUNE, kind, service_area=area)
        for kind, area in (
            (Kind.COMPLAINT, "Housing"),
            (Kind.ENQUIRY, "housing"),
            (Kind.ENQUIRY, "Waste"),
            (Kind.COMMENT, "Waste"),
        )
    ]
    assert [charter.id for charter in found if charter] == ["complaints", "housing", "protocol", "contact"]


def made(id_: str, use: Use, service_area: str = "") -> Charter:
    return Charter(
        id=CharterId(id_),
        title=id_,
        uses=(use,),
        service_area=service_area,
        councils=("Chorley",),
        from_on=date(2020, 1, 1),
    )


@pytest.mark.parametrize(
    ("charter", "channel", "kind", "stage", "expected"),
    [
        ("chorley-south-ribble-2023", Channel.OFFICER_EMAIL, Kind.ENQUIRY, None, "T7"),
        ("chorley-south-ribble-2023", Channel.TEXT, Kind.ENQUIRY, None, None),
        ("chorley-south-ribble-2023", Channel.EMAIL, Kind.COMPLAINT, None, "T10-stage-1"),
        ("chorley-south-ribble-2023", Channel.EMAIL, Kind.COMPLAINT, Stage.TWO, "T10-stage-2"),
        ("chorley-south-ribble-2023", Channel.EMAIL, Kind.COMPLAINT, Stage.INFORMAL, None),
        ("chorley-2010", Channel.TEXT, Kind.ENQUIRY, None, "T3"),
        ("chorley-2010", Channel.TELEPHONE, Kind.COMPLAINT, Stage.TWO, "T5"),
        ("chorley-2010", Channel.TELEPHONE, Kind.COMPLAINT, Stage.INFORMAL, None),
        ("allerdale-2022", Channel.OFFICER_EMAIL, Kind.ENQUIRY, None, "T18"),
        ("allerdale-2022", Channel.TELEPHONE, Kind.ENQUIRY, None, "T19"),
        ("allerdale-2022", Channel.LETTER, Kind.COMPLAINT, None, None),
        ("members-protocol", Channel.OTHER, Kind.ENQUIRY, None, "members-enquiry"),
        ("members-protocol", Channel.EMAIL, Kind.SERVICE_REQUEST, None, None),
    ],
)
def test_the_standard_is_found_by_channel_kind_and_stage(
    charter: str, channel: Channel, kind: Kind, stage: Stage | None, expected: str | None
) -> None:
    standard = standard_for(BY_ID[CharterId(charter)], channel, kind, stage)
    assert (standard.id if standard else None) == expected


def test_each_standard_names_the_event_it_starts_from() -> None:
    starts = {
        charter.id: {target.starts for s in charter.standards for target in (s.acknowledge, s.respond) if target}
        for charter in CHARTERS
    }
    assert starts.pop(CharterId("members-protocol")) == {Start.SENT}
    assert starts.pop(CharterId("ombudsman-code")) == {Start.RECEIVED, Start.ACKNOWLEDGED}
    assert all(events == {Start.RECEIVED} for events in starts.values())


@pytest.mark.parametrize(
    ("day", "satisfied", "waited"),
    [
        (date(2023, 4, 1), 60, 40),
        (date(2024, 3, 31), 60, 40),
        (date(2024, 4, 1), 70, 55),
        (date(2026, 3, 31), 80, 70),
        (date(2026, 4, 1), None, None),
    ],
)
def test_a_yearly_target_is_that_of_the_year_of_account(
    day: date, satisfied: float | None, waited: float | None
) -> None:
    indicators = {indicator.id: indicator for indicator in BY_ID[CharterId("chorley-south-ribble-2023")].indicators}
    targets = [indicators[id_].target_on(day) for id_ in ("T16", "T15")]
    assert [target.value if target else None for target in targets] == [satisfied, waited]
    assert all("para 43" in target.source for target in targets if target)


@pytest.mark.parametrize(
    ("charter", "answered", "abandoned"),
    [
        ("chorley-2010", ("T13", 100), ("T13-abandoned", 10)),
        ("south-ribble-complaints-before-2023", ("T14", 40), ("T14-abandoned", 15)),
    ],
)
def test_the_old_telephone_indicators_keep_their_targets_and_are_not_offered_from_2023(
    charter: str, answered: tuple[str, float], abandoned: tuple[str, float]
) -> None:
    indicators = {indicator.id: indicator for indicator in BY_ID[CharterId(charter)].indicators}
    for id_, value in (answered, abandoned):
        target = indicators[id_].target_on(date(2022, 6, 1))
        assert target is not None
        assert target.value == value
        assert "para 41" in target.source
        assert indicators[id_].is_offered(date(2023, 3, 31))
        assert not indicators[id_].is_offered(date(2023, 4, 1))
    assert not indicators[abandoned[0]].higher_is_better


def test_a_charter_file_is_read_with_its_figures_and_their_sources() -> None:
    charter = read_charter("ours.toml", GOOD)
    standard = charter.standard("email")
    assert standard.acknowledge is not None
    assert standard.share is not None
    assert (standard.acknowledge.within, standard.acknowledge.source) == ("1 working day", "policy para 3")
    assert (standard.share.percent, charter.from_on, charter.day_received) == (90, date(2024, 4, 1), 0)


@pytest.mark.parametrize(
    ("right", "wrong", "key", "write"),
    [
        ('id = "ours"', "", "id", 'id = "…"'),
        ("{ within = 1,", "{ within = 1, unit = 1,", "", "line"),
        ('1, unit = "working_day"', '1, unit = "day"', "standard email, acknowledge unit", "working_day"),
        ("within = 5", 'within = "five"', "standard email, respond within", "whole number"),
        ("within = 5", "within = 0", "standard email, respond within", "from 1"),
        ("within = 5", "within = true", "standard email, respond within", "whole number"),
        ("within = 5", "wihtin = 5", "standard email, respond within", "within ="),
        ("percent = 90", "percent = 900", "standard email, share percent", "from 0 to 100"),
        ("from = 2024-04-01", 'from = "1 April 2024"', "from", "2026-04-01"),
        ("from = 2024-04-01", "from = 2024-04-01\nto = 2023-04-01", "to", "not before the first"),
        ('channels = ["email"]', 'channels = ["e-mail"]', "standard email, channels", "officer_email"),
        ('channels = ["email"]', 'channels = "email"', "standard email, channels", '["…", "…"]'),
        ('title = "Ours"', 'title = "Ours"\nafterhours = "same_day"', "afterhours", "after_hours"),
        ('title = "Ours"', 'title = "Ours"\nafter_hours = "later"', "after_hours", "next_working_day"),
        ('title = "Ours"', 'title = "Ours"\npauses = "yes"', "pauses", "pauses = true"),
        ('title = "Ours"', 'title = "Ours"\nday_received = 2', "day_received", "from 0 to 1"),
        ('title = "Ours"', 'title = "Ours"\nindicator = 5', "indicator", "[[indicator]]"),
        ('channels = ["email"]', 'stage = "2"', "standard email, stage", 'kinds = ["complaint"]'),
        ("acknowledge = {", 'acknowledge = { starts = "acknowledged",', "standard email, acknowledge", "received"),
        ("[[standard]]", "[[standard]", "", "line"),
        ("respond = {", "after_return = 5\nrespond = {", "standard email, after_return", "{ … }"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_naming_file_key_and_what_to_write(right: str, wrong: str, key: str, write: str) -> None:
    assert right in GOOD
    with pytest.raises(BadFile) as refusal:
        read_charter("ours.toml", GOOD.replace(right, wrong, 1))
    problem = refusal.value
    assert (problem.file, problem.key) == ("ours.toml", key)
    assert problem.title.startswith("ours.toml")
    assert key in problem.title
    assert write in f"{problem.title} {problem.advice}"


def test_a_year_of_account_written_wrongly_is_refused() -> None:
    indicator = (
        '[[indicator]]\nid = "x"\ntitle = "X"\nsource = "p"\ntargets = [{ year = "2023", value = 1, source = "p" }]'
    )
    with pytest.raises(BadFile) as refusal:
        read_charter("ours.toml", GOOD + indicator)
    assert refusal.value.key == "indicator x, targets 2023, year"
    assert "2023/24" in refusal.value.advice


def test_an_id_used_twice_is_refused() -> None:
    again = GOOD[GOOD.index("[[standard]]") :]
    with pytest.raises(BadFile) as refusal:
        read_charter("ours.toml", GOOD + again)
    assert refusal.value.key == "standard email"


def test_a_bad_file_leaves_the_others_loaded() -> None:
    charters, problems = load_charters([("bad.toml", "id = 5"), ("good.toml", GOOD), ("twice.toml", GOOD)])
    assert [charter.id for charter in charters] == ["ours"]
    assert [(problem.file, problem.key) for problem in problems] == [("bad.toml", "id"), ("twice.toml", "id")]


def test_a_standard_narrowed_in_words_applies_only_where_asked_for() -> None:
    narrowed = Standard(id=StandardId("x"), source="p", channels=(Channel.TELEPHONE,), only_for="an extension")
    assert not narrowed.covers(Channel.TELEPHONE, Kind.ENQUIRY)
    extension = BY_ID[CharterId("allerdale-2022")].standard("T20")
    assert extension.respond is not None
    assert extension.respond.within == "20 seconds"
