"""Back-up, restore and export as another program would run them."""

import json
from pathlib import Path

import pytest

from member_tracker.cli.safekeeping import VARIABLE
from tests.cli.conftest import Run

LOG = (
    "log", "--councillor", "Cllr Vera Quill", "--resident", "Ned Barlow", "--channel", "email",
    "--service-area", "Housing", "--subject", "Damp", "--text", "The wall is wet.", "--json",
)  # fmt: skip


def test_what_was_logged_here_is_found_in_the_profile_restored_there(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "seven grey herons at dusk")
    reference = json.loads(run(*LOG).out)["reference"]
    file, there = tmp_path / "tuesday.backup", str(tmp_path / "there")
    made = run("backup", str(file), "--json")
    assert (made.code, json.loads(made.out)["size"]) == (0, file.stat().st_size)
    done = run("restore", str(file), "--profile", there, "--json")
    assert done.code == 0, done.err
    answer = json.loads(done.out)
    assert (answer["profile"], answer["enquiries"], answer["held"]) == (there, 1, 0)
    assert json.loads(run("show", reference, "--profile", there, "--json").out)["reference"] == reference
    assert answer["device"] in json.loads(run(*LOG, "--profile", there).out)["reference"]
    again = run("restore", str(file), "--profile", there)
    assert again.code == 2
    assert "tracker.db" in again.err


def test_a_back_up_takes_the_place_of_what_is_there_and_the_former_is_kept(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "seven grey herons at dusk")
    first = json.loads(run(*LOG).out)["reference"]
    file = tmp_path / "tuesday.backup"
    run("backup", str(file))
    second = json.loads(run(*LOG).out)["reference"]
    done = run("restore", str(file), "--replace", "--json")
    assert done.code == 0, done.err
    former = json.loads(done.out)["former"]
    assert run("show", first).code == 0
    assert run("show", second).code == 2
    assert run("show", second, "--profile", former).code == 0
    assert f"kept for 30 days: {tmp_path}" in run("restore", str(file), "--replace").out


def test_without_a_passphrase_and_nobody_to_ask_nothing_is_written(run: Run, tmp_path: Path) -> None:
    run("setup", "--council", "Chorley")
    refused = run("backup", str(tmp_path / "x"))
    assert (refused.code, refused.out) == (2, "")
    assert VARIABLE in refused.err
    assert not (tmp_path / "x").exists()


def test_an_export_says_what_it_wrote_and_that_it_can_be_read(run: Run, tmp_path: Path) -> None:
    reference = json.loads(run(*LOG).out)["reference"]
    done = run("export", str(tmp_path / "out"), "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["records"]["enquiry"] == 1
    assert "not encrypted" in done.err
    assert (tmp_path / "out" / "enquiries" / f"{reference}.json").exists()
    assert run("export", str(tmp_path / "out")).code == 2
