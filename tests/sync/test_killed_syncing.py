"""A laptop killed without warning while it falls into step: nothing written is lost, torn or sent twice."""

import json
import os
import subprocess
import sys
from pathlib import Path
from random import SystemRandom

import pytest

from tests.sync.hub_place import HubPlace
from tests.sync.one_laptop import OneLaptop, people_the_hub

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are of other systems")


def kill(place: HubPlace, folder: Path, repository: Path, kills: int, seed: int) -> None:
    people_the_hub(place)
    OneLaptop.joined(folder, place).store.close()
    ran = subprocess.run(
        [sys.executable, "-m", "tests.sync.killed_syncing", str(folder), place.url(), str(kills), str(seed)],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"seed {seed}: {ran.stderr}"
    sys.stdout.write(ran.stdout)
    assert json.loads(ran.stdout)["kills"] == kills
    assert place.administration().verify().is_whole


def test_ten_kills_while_it_falls_into_step_lose_and_double_nothing(
    hub_place: HubPlace, tmp_path: Path, repository: Path
) -> None:
    kill(hub_place, tmp_path, repository, kills=10, seed=20260603)


@pytest.mark.soak
@pytest.mark.parametrize("block", range(10))
def test_five_hundred_kills_at_new_moments_lose_and_double_nothing(
    hub_place: HubPlace, tmp_path: Path, repository: Path, block: int
) -> None:
    kill(hub_place, tmp_path, repository, kills=50, seed=SystemRandom().randrange(2**32) + block)
