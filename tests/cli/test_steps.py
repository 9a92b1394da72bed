"""The steps of an enquiry on the command line: pausing, promising, passing along, merging, complaining."""

import pytest

from tests.cli.conftest import Run
from tests.cli.test_contract import LOG, as_dict, logged


def sent(run: Run) -> str:
    reference = logged(run)
    run("send", reference)
    run("post")
    return reference


def listed(value: object) -> list[dict[str, object]]:
    assert isinstance(value, list)
    return value


def test_pausing_and_resuming_move_the_status_and_keep_the_pause(run: Run) -> None:
    reference = sent(run)
    paused = as_dict(run("pause", reference, "--reason", "asked for photographs", "--json"))
    assert (paused["status"], paused["respond_by"]) == ("waiting_for_resident", None)
    assert "no day while it is paused" in run("show", reference).out
    resumed = as_dict(run("resume", reference, "--json"))
    assert resumed["status"] == "with_service_area"
    (pause,) = listed(resumed["pauses"])
    assert set(pause) == {"from_at", "until_at", "reason", "entered_at", "entered_late", "by"}
    assert pause["until_at"] is not None


def test_extending_holding_and_promising_are_shown(run: Run) -> None:
    reference = sent(run)
    words = ("--until", "2999-01-04", "--reason", "a survey", "--agreed-by", "Cllr Vera Quill", "--json")
    extended = as_dict(run("extend", reference, *words))
    assert extended["respond_by"] is None or extended["respond_by"] == "2999-01-04"
    assert listed(extended["extensions"])[0]["agreed_by"] == "Cllr Vera Quill"
    held = as_dict(
        run(
            "hold", reference, "--who", "Ada Finch", "--why", "Staff are away", "--promised-on", "2999-01-04",
            "--urgent-number", "01632 960111", "--json",
        )
    )  # fmt: skip
    assert held["holding"] == {
        "who": "Ada Finch", "why": "Staff are away", "promised_on": "2999-01-04",
        "urgent_number": "01632 960111", "gaps": [], "chaser": None,
    }  # fmt: skip
    promised = as_dict(run("promise", reference, "--on", "2999-02-01", "--by", "Basil Thorne", "--json"))
    assert [each["state"] for each in listed(promised["promises"])] == ["open", "open"]
    assert promised["promised_on"] == "2999-02-01"


def test_rerouting_escalating_and_passing_on_set_flags_and_count(run: Run) -> None:
    reference = sent(run)
    moved = as_dict(run("reroute", reference, "--to", "planning", "--reason", "a planning condition", "--json"))
    assert (moved["service_area"], moved["handovers"], moved["flags"]) == ("Planning", 1, ["rerouted"])
    assert run("post", "--json").json == {"sent": 1, "waiting": 0, "unknown": 0}
    told = as_dict(run("escalate", reference, "--to", "head-of-service", "--reason", "It is late", "--json"))
    assert listed(told["escalations"])[0]["to"] == "head_of_service"
    passed = as_dict(run("pass-on", reference, "--to", "Lancashire Police", "--reason", "Theirs", "--json"))
    assert passed["flags"] == ["rerouted", "escalated", "outside_body"]


def test_merging_prints_the_survivor_and_unmerging_what_was_absorbed(run: Run) -> None:
    first, second = logged(run), str(as_dict(run(*LOG, "--json"))["reference"])
    merged = as_dict(run("merge", first, second, "--json"))
    assert (merged["reference"], merged["absorbed"]) == (second, [first])
    assert as_dict(run("show", first, "--json"))["merged_into"] == second
    marked = {entry["merged_from"] for entry in listed(merged["timeline"])}
    assert marked == {None, first}
    apart = as_dict(run("unmerge", first, "--json"))
    assert (apart["reference"], apart["merged_into"], apart["status"]) == (first, None, "draft")


def test_a_complaint_goes_from_informal_to_stage_1(run: Run) -> None:
    reference = logged(run)
    informal = as_dict(run("complain", reference, "--stage", "informal", "--json"))
    assert (informal["kind"], informal["stage"]) == ("complaint", "informal")
    formal = as_dict(run("complain", reference, "--decided-by", "Ada Finch", "--json"))
    assert formal["stage"] == "1"
    complaint = formal["complaint"]
    assert isinstance(complaint, dict)
    assert (complaint["decider"], complaint["decided_by"]) == ("manager", "Ada Finch")


def test_stage_2_prints_the_new_record(run: Run) -> None:
    reference = logged(run)
    run("complain", reference)
    run("edit", reference, "findings=The gutter was broken", "solution=It was mended")
    run("close", reference, "--reason", "Settled by telephone")
    second = as_dict(run("stage-two", reference, "--because", "Nobody came", "--json"))
    assert second["reference"] != reference
    assert (second["stage"], second["text"], second["status"]) == ("2", "Nobody came", "draft")


def test_a_closure_day_names_what_it_would_change_and_needs_a_yes(run: Run) -> None:
    reference = str(as_dict(run(*LOG, "--received", "2026-03-02T10:00", "--json"))["reference"])
    asked = listed(run("would-change", "--closure-day", "2026-03-03", "--json").json)
    assert {change["reference"] for change in asked} == {reference}
    assert set(asked[0]) == {"reference", "step", "was", "becomes", "words"}
    refused = run("closure-day", "add", "2026-03-03", "Flood")
    assert (refused.code, refused.out) == (2, "")
    assert reference in refused.err
    assert "--yes" in refused.err
    added = as_dict(run("closure-day", "add", "2026-03-03", "Flood", "--yes", "--json"))
    assert {"date": "2026-03-03", "reason": "Flood"} in listed(added["closure_days"])
    assert as_dict(run("show", reference, "--json"))["respond_by"] == "2026-03-05"
    assert {"date": "2026-03-03", "reason": "Flood"} in listed(run("closure-day", "list", "--json").json)


def test_show_explains_the_due_day_in_one_sentence_and_in_full(run: Run) -> None:
    shown = as_dict(run("show", logged(run), "--json"))
    assert str(shown["why_in_full"]).count("\n") > 3
    assert set(as_dict(run("show", str(shown["reference"]), "--json"))) >= {
        "outcome", "pauses", "extensions", "holding", "promises", "handovers", "escalations", "complaint",
        "merged_into", "absorbed",
    }  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ("pause", "{reference}"),
        ("pause", "{reference}", "--reason", " "),
        ("pause", "{reference}", "--reason", "x", "--from", "soon"),
        ("pause", "{reference}", "--reason", "x", "--from", "2999-01-01"),
        ("resume", "{reference}"),
        ("extend", "{reference}", "--until", "soon", "--reason", "x", "--agreed-by", "y"),
        ("extend", "{reference}", "--until", "2020-01-01", "--reason", "x", "--agreed-by", "y"),
        ("hold", "{reference}", "--who", "Ada Finch", "--why", "x", "--promised-on", "2999-01-04"),
        ("promise", "{reference}", "--on", "2020-01-01", "--by", "Ada Finch"),
        ("reroute", "{reference}", "--to", "Nowhere", "--reason", "x"),
        ("reroute", "{reference}", "--to", "housing", "--reason", "x"),
        ("escalate", "{reference}", "--to", "mayor", "--reason", "x"),
        ("escalate", "{reference}", "--to", "director", "--reason", " "),
        ("pass-on", "{reference}", "--to", " ", "--reason", "x"),
        ("merge", "{reference}", "{reference}"),
        ("merge", "{reference}", "ENQ-0000-1-00"),
        ("unmerge", "{reference}"),
        ("complain", "{reference}", "--stage", "2"),
        ("stage-two", "{reference}", "--because", "x"),
        ("closure-day", "add", "someday", "x"),
        ("would-change",),
        ("would-change", "--charter", "nowhere"),
    ],
)
def test_a_step_that_cannot_be_taken_ends_with_2_and_advice_and_changes_nothing(
    run: Run, words: tuple[str, ...]
) -> None:
    reference = logged(run)
    before = run("show", reference, "--json").out
    said = run(*(word.replace("{reference}", reference) for word in words))
    assert (said.code, said.out) == (2, "")
    assert len(said.err.strip().splitlines()) >= 2
    assert run("show", reference, "--json").out == before
