"""A process killed with no warning, in the middle of its work: nothing acknowledged is lost and nothing is doubled."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

DEEDS = ("logging", "collecting", "posting", "migrating")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are of other systems")


def killed(deed: str, folder: Path, repository: Path, kills: int, seed: int) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.flows.killing", deed, str(folder / "profile"), str(kills), str(seed)],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"seed {seed}: {ran.stderr}"
    sys.stdout.write(ran.stdout)
    assert json.loads(ran.stdout)["kills"] == kills


@pytest.mark.parametrize("deed", DEEDS)
def test_ten_kills_lose_nothing_and_double_nothing(deed: str, tmp_path: Path, repository: Path) -> None:
    killed(deed, tmp_path, repository, kills=10, seed=20260603)


@pytest.mark.soak
@pytest.mark.parametrize("deed", DEEDS)
def test_a_hundred_kills_at_new_moments_lose_nothing_and_double_nothing(
    deed: str, tmp_path: Path, repository: Path
) -> None:
    killed(deed, tmp_path, repository, kills=100, seed=random.randrange(2**32))
