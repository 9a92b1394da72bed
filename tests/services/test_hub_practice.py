"""The practice hub: a real server, two laptops in step, and nothing left once it is stopped."""

import json
from pathlib import Path

import pytest

from member_tracker.cli import main
from member_tracker.profile import profiles_folder
from member_tracker.services.hub_practice import PASSWORD


def test_two_laptops_fall_into_step_and_everything_goes_when_it_is_stopped(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        assert main(["hub", "practice", "--json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert answer["ok"] is True
        assert answer["steps"][-1]["found"] == "Both laptops are equal."
        monkeypatch.setenv("MEMBER_TRACKER_HUB_PASSWORD", PASSWORD)
        for line in answer["go_on"]:
            words = line.split()
            if words[-1] == "sync":
                assert main([*words[1:], "--json"]) == 0
                assert json.loads(capsys.readouterr().out)["in_step"] is True
    finally:
        assert main(["hub", "practice", "--stop"]) == 0
    assert not Path(answer["folder"]).exists()
    assert not (profiles_folder() / "practice-hub.txt").exists()
