"""The walk through two laptops a week apart as it stands in the documents: its commands are run as printed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


def commands(page: str) -> str:
    """What the page says to type, in order."""
    return "\n".join(re.findall(r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE))


@pytest.mark.soak
@pytest.mark.skipif(not Path("/bin/bash").exists(), reason="the commands are for a POSIX shell")
def test_the_walk_through_two_laptops_does_what_it_says(repository: Path, tmp_path: Path) -> None:
    said = commands((repository / "docs" / "two-laptops.md").read_text("utf-8"))
    whereabouts = {name: str(tmp_path / name.lower()) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    try:
        ended = subprocess.run(
            ["/bin/bash", "-e", "-o", "pipefail", "-c", said],
            cwd=tmp_path,
            env=os.environ | whereabouts | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        subprocess.run(
            ["member-tracker", "hub", "practice", "--stop"],
            env=os.environ | whereabouts | {"PATH": path},
            capture_output=True,
            check=False,
        )
    assert ended.returncode == 0, ended.stderr
    assert "The same on both" in ended.stdout
    assert "As olga puts it" in ended.stdout
