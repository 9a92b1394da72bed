"""Running the command line as another program would, in a profile of its own."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from member_tracker.cli import main
from member_tracker.store import keys


@dataclass(slots=True)
class Said:
    """What a command said: its exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> object:
        """Standard output as the JSON it is."""
        return json.loads(self.out)


Run = Callable[..., Said]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a profile locked with a passphrase, as on a machine with no keyring and no terminal.

    The passphrase is worked out as lightly as that of practice data, for these tests open a profile hundreds of times.
    """
    monkeypatch.setattr(keys, "_REAL_COST", keys._PRACTICE_COST)
    monkeypatch.setenv("MEMBER_TRACKER_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("MEMBER_TRACKER_PASSPHRASE", "a passphrase for tests")

    def run_command(*words: str) -> Said:
        code = main(words)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run_command
