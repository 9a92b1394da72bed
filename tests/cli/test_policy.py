"""`policy`: what is fixed on this computer, as IT sees it before and after a file is put in place."""

from pathlib import Path

import pytest

from member_tracker import policy_file
from tests.cli.conftest import Run
from tests.fakes.announcing import AnnouncingServer


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's place for the policy, empty."""
    found = tmp_path / "system" / "policy.toml"
    found.parent.mkdir()
    monkeypatch.setattr(policy_file, "system_place", lambda: found)
    monkeypatch.setattr(policy_file, "_must_be_guarded", lambda _file: None)
    return found


def test_where_nothing_is_fixed_that_is_said_with_the_place_a_file_would_have(run: Run, place: Path) -> None:
    assert run("policy").out == f"Nothing is fixed on this computer: there is no {place}.\n"
    assert run("policy", "--json").json == {"file": None, "place": str(place), "fixed": {}}


def test_what_is_fixed_is_listed_by_the_keys_of_the_file(run: Run, place: Path) -> None:
    place.write_text('[hub]\naddress = "postgresql://hub.example.org/casework"\nlease_days = 7\n', encoding="utf-8")
    said = run("policy", "--json").json
    assert isinstance(said, dict)
    assert said["fixed"] == {"hub address": "postgresql://hub.example.org/casework", "hub lease_days": "7"}
    assert run("policy").out.splitlines()[1:] == [
        "hub address     postgresql://hub.example.org/casework",
        "hub lease_days  7",
    ]


def test_a_file_is_looked_through_before_it_is_put_in_place(run: Run, place: Path, tmp_path: Path) -> None:
    file = tmp_path / "draft.toml"
    file.write_text('[hub]\nadress = "postgresql://hub.example.org/casework"\n', encoding="utf-8")
    said = run("policy", str(file))
    assert said.code == 2
    assert said.err.splitlines() == [
        f"{file}: hub adress: this key is not known.",
        "Write address instead, or take it out. Known here: address, lease_days.",
    ]
    file.write_text('[council]\ncharter = "no-such-set"\n', encoding="utf-8")
    assert "There is no charter “no-such-set”" in run("policy", str(file)).err
    file.write_text('[council]\nname = "Chorley"\n', encoding="utf-8")
    assert run("policy", str(file)).code == 0
    assert not place.exists()


def test_a_broken_policy_is_refused_in_words_and_casework_can_be_worked_with(run: Run, place: Path) -> None:
    run("list")
    place.write_text("[hub", encoding="utf-8")
    assert run("policy").code == 2
    assert "IT team" in run("policy").err
    assert run("list", "--json").code == 0
    assert run("collect").code == 2


def test_the_first_command_sets_the_council_up_that_is_fixed(run: Run, place: Path) -> None:
    place.write_text('[council]\nname = "South Ribble"\n', encoding="utf-8")
    assert "so South Ribble was" in run("list", "--json").err
    assert "set by your council: South Ribble" in run("setup", "--council", "Chorley").err


def test_joining_a_hub_needs_no_address_where_the_council_set_one(run: Run, place: Path) -> None:
    place.write_text('[hub]\naddress = "postgresql://127.0.0.1:1/casework"\n', encoding="utf-8")
    assert "set by your council" in run("hub", "join", "postgresql://localhost:2/x", "--user", "vera").err
    assert "set by your council" not in run("hub", "join", "--user", "vera").err
    place.unlink()
    assert "That is not the address of a hub." in run("hub", "join", "--user", "vera").err


def test_updates_are_looked_for_where_the_settings_or_the_council_say_and_nowhere_else(run: Run, place: Path) -> None:
    assert run("updates").out == "Nobody looks for updates: no address is set.\n"
    assert run("updates", "--look").code == 2
    with AnnouncingServer() as server:
        server.announce(version="9.1", words="On Thursday night.", sha256="ab" * 32)
        assert "Nobody has looked yet" in run("updates", "--address", server.address).out
        said = run("updates", "--look").out
        assert "Version 9.1 is available from your council.\nOn Thursday night.\nSHA-256 of its installer: abab" in said
        place.write_text(f'[updates]\naddress = "{server.address}"\n', encoding="utf-8")
        answer = run("updates", "--look", "--json").json
        assert isinstance(answer, dict)
        assert (answer["set_by_council"], answer["newer"], answer["problem"]) == (True, True, None)
        assert "set by your council" in run("updates", "--off").err
        place.unlink()
        server.announce(version="0.0.1")
        assert "This is the newest version announced" in run("updates", "--look").out
        server.status = 404
        assert "There is nothing at that address." in run("updates", "--look").out
    assert run("updates", "--off", "--look").code == 2
    assert run("updates", "--off").out == "Nobody looks for updates: no address is set.\n"
