"""Sending on the command line: files, duty officers, and what is known before."""

from pathlib import Path

import pytest

from member_tracker.profile import Profile
from tests.cli.conftest import Run
from tests.cli.test_contract import as_dict, logged
from tests.cli.test_steps import listed, sent


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "wet wall.jpg"
    path.write_bytes(b"\xff\xd8" + bytes(2_000))
    return str(path)


def outbox(tmp_path: Path) -> list[bytes]:
    return [path.read_bytes() for path in Profile(folder=tmp_path / "profile").settings().outbox.glob("*.eml")]


def test_files_go_with_the_enquiry_and_are_counted(run: Run, tmp_path: Path, photo: str) -> None:
    reference = logged(run)
    shown = as_dict(run("send", reference, "--attach", photo, "--attach", photo, "--json"))
    assert str(listed(shown["timeline"])[-1]["text"]).endswith("with 2 files.")
    run("post")
    (raw,) = outbox(tmp_path)
    assert b'filename="wet wall.jpg"' in raw
    assert b'filename="wet wall (2).jpg"' in raw


def test_a_file_that_cannot_be_read_or_is_too_large_stops_before_anything_is_queued(
    run: Run, tmp_path: Path, photo: str
) -> None:
    reference = logged(run)
    missing = run("send", reference, "--attach", photo, "--attach", str(tmp_path / "missing.pdf"))
    assert (missing.code, missing.out) == (2, "")
    assert "cannot be read" in missing.err
    (tmp_path / "large.bin").write_bytes(bytes(20_000_000))
    large = run("send", reference, "--attach", str(tmp_path / "large.bin"))
    assert large.code == 2
    assert large.err.startswith("The mail is 28 MB with its attachments; member.enquiries@example.org takes at most 25")
    assert as_dict(run("show", reference, "--json"))["status"] == "draft"


def test_the_resident_is_told_with_a_file(run: Run, tmp_path: Path, photo: str) -> None:
    reference = sent(run)
    run("edit", reference, "resident_email=ned@example.org")
    assert "by email with 1 file: Mended." in run("tell", reference, "--text", "Mended.", "--attach", photo).out
    run("post")
    assert sorted(b"wet wall" in raw for raw in outbox(tmp_path)) == [False, True]


def test_the_duty_officers_of_a_service_area_are_set_listed_and_taken_off(run: Run) -> None:
    officers = ("--duty-officer", "Jo Fell <jo@example.org>", "--duty-officer", "Sam Reed <sam@example.org>")
    (housing,) = [area for area in listed(run("service-area", "set", "Housing", *officers, "--json").json)
                  if area["name"] == "Housing"]  # fmt: skip
    assert housing["duty_officers"] == [
        {"name": "Jo Fell", "email": "jo@example.org"}, {"name": "Sam Reed", "email": "sam@example.org"},
    ]  # fmt: skip
    assert "Jo Fell, Sam Reed" in run("service-area", "list").out
    wrong = run("service-area", "set", "Housing", "--duty-officer", "Jo Fell")
    assert wrong.code == 2
    assert "Jo Fell, Sam Reed" in run("service-area", "list").out
    assert run("service-area", "set", "Housing", *officers, "--no-duty-officers").code == 2
    run("service-area", "set", "Housing", "--no-duty-officers")
    assert "Jo Fell" not in run("service-area", "list").out


def test_before_sending_says_who_there_is_and_what_cannot_be_known(run: Run) -> None:
    reference = logged(run)
    run("service-area", "set", "Housing", "--address", "h@example.org", "--duty-officer", "Jo Fell <jo@example.org>")
    found = as_dict(run("before-sending", reference, "--json"))
    said = {"reference", "recipients", "send_to", "notes", "sharing", "on_duty", "next_in_turn", "handover"}
    assert set(found) == said
    assert [set(each) for each in listed(found["recipients"])] == [{"address", "name", "tip", "away", "free_from"}] * 2
    assert found["send_to"] == ["h@example.org"]
    words = run("before-sending", reference).out
    assert "It is not known whether Jo Fell is there." in words
    assert words.endswith("It goes to h@example.org.\n")
    assert as_dict(run("show", reference, "--json"))["status"] == "draft"


def test_a_duty_officer_gets_it_too_by_name_or_if_they_are_there(run: Run) -> None:
    first, second = logged(run), logged(run)
    run("service-area", "set", "Housing", "--address", "h@example.org", "--duty-officer", "Jo Fell <jo@example.org>")
    assert run("send", first, "--duty-officer", "Nobody").code == 2
    shown = as_dict(run("send", first, "--duty-officer", "jo fell", "--json"))
    assert listed(shown["sent"])[0]["to"] == ["h@example.org", "jo@example.org"]
    said = run("send", second, "--who-is-there", "--json")
    assert listed(as_dict(said)["sent"])[0]["to"] == ["h@example.org"]
    assert "No duty officer is known to be there" in said.err
    assert run("send", first, "--duty-officer", "Jo Fell", "--who-is-there").code == 2


def test_duty_officers_take_turns_or_one_is_named(run: Run) -> None:
    officers = ("--duty-officer", "Jo Fell <jo@example.org>", "--duty-officer", "Sam Reed <sam@example.org>")
    run("service-area", "set", "Housing", "--address", "h@example.org", *officers, "--sharing", "turn_about")
    first, second, third = logged(run), logged(run), logged(run)
    sent = [as_dict(run("send", each, "--who-is-there", "--json")) for each in (first, second)]
    assert [listed(each["sent"])[0]["to"] for each in sent] == [
        ["h@example.org", "jo@example.org"], ["h@example.org", "sam@example.org"],
    ]  # fmt: skip
    assert "Next in turn: Jo Fell" in run("before-sending", third).out
    run("service-area", "set", "Housing", "--sharing", "choose")
    refused = run("send", third, "--who-is-there")
    assert refused.code == 2
    assert "Jo Fell and Sam Reed are on duty" in refused.err
    assert as_dict(run("show", third, "--json"))["status"] == "draft"
    assert run("send", third, "--duty-officer", "Sam Reed").code == 0


def test_a_hand_over_note_is_listed_and_shown_before_sending(run: Run) -> None:
    run("service-area", "set", "Housing", "--address", "h@example.org", "--duty-officer", "Jo Fell <jo@example.org>")
    reference, text = logged(run), "Boiler calls go to Sam until noon."
    (housing,) = [area for area in listed(run("service-area", "hand-over", "housing", text, "--json").json)
                  if area["name"] == "Housing"]  # fmt: skip
    assert [set(note) for note in listed(housing["handover"])] == [{"from", "until", "text"}]
    assert housing["on_duty"] == ["Jo Fell"]
    assert text in run("service-area", "list").out
    assert text in run("before-sending", reference).out
    run("service-area", "hand-over", "Housing", "")
    assert text not in run("service-area", "list").out
    assert run("service-area", "hand-over", "Waste", text).code == 2


def test_an_absence_is_shown_and_the_alternative_gets_the_enquiry_in_one_step(run: Run, tmp_path: Path) -> None:
    reference = logged(run)
    run("service-area", "set", "Housing", "--address", "housing@council.example.org")
    run("send", reference)
    run("post")
    message_id = str(listed(as_dict(run("show", reference, "--json"))["sent"])[0]["message_id"])
    (tmp_path / "away.eml").write_text(
        f"From: housing@council.example.org\nSubject: Automatic reply\nMessage-ID: <away@council.example.org>\n"
        f"In-Reply-To: {message_id}\nAuto-Submitted: auto-replied\n\n"
        "I am out of the office. Please contact desk@council.example.org instead.\n"
    )
    run("mail", "collect", "--from", str(tmp_path / "away.eml"))
    said = "housing@council.example.org is away; contact instead: desk@council.example.org."
    assert said in run("show", reference).out
    shown = as_dict(run("send", reference, "--to-alternative", "--json"))
    assert listed(shown["sent"])[-1]["to"] == ["desk@council.example.org"]
