"""Bytes nobody thought of: nothing but a refusal in words comes out, and none takes a second or the memory."""

import importlib.util
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from member_tracker.domain.errors import Invalid
from tests.fuzz.targets import TARGETS, Target
from tests.fuzz.trying import try_one

FOUND = Path(__file__).parent / "found"
EACH = 8 * settings.default.max_examples if settings.default else 800
SOAK_INPUTS = 200_000
MEGABYTES = 256

every_target = pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)


def inputs(target: Target) -> st.SearchStrategy[bytes]:
    """Whole inputs cut, spliced and sprinkled with the words they are made of."""
    piece = st.one_of(
        st.sampled_from(target.seeds),
        st.sampled_from(target.words or (b"\n",)),
        st.binary(max_size=40),
        st.builds(cut, st.sampled_from(target.seeds), st.floats(0, 1), st.floats(0, 1)),
        st.builds(lambda word, times: word * times, st.sampled_from(target.words or (b"\n",)), st.integers(2, 60)),
    )
    spliced = st.lists(piece, max_size=8).map(b"".join)
    sprinkled = st.builds(
        sprinkle,
        st.sampled_from(target.seeds),
        st.lists(piece, min_size=1, max_size=4),
        st.randoms(use_true_random=False),
    )
    return st.one_of(spliced, sprinkled, st.binary(max_size=300)).map(lambda raw: raw[: target.longest])


def cut(seed: bytes, start: float, end: float) -> bytes:
    return seed[int(start * len(seed)) : int(end * len(seed))]


def sprinkle(seed: bytes, pieces: list[bytes], draw: random.Random) -> bytes:
    """The seed with pieces put in, some over what was there."""
    for piece in pieces:
        place = draw.randint(0, len(seed))
        seed = seed[:place] + piece + seed[place + draw.choice((0, len(piece))) :]
    return seed


@every_target
def test_whatever_comes_in_is_read_or_refused_in_words(target: Target) -> None:
    before = largest()

    @settings(max_examples=EACH, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(inputs(target))
    def search(raw: bytes) -> None:
        try_one(target, raw)

    search()
    assert (largest() - before) // 1024 < MEGABYTES


def largest() -> int:
    """How large this process has ever been, in kilobytes; nought where the system does not tell."""
    if os.name == "nt":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@every_target
def test_every_input_that_failed_once_is_read_now(target: Target) -> None:
    folder = FOUND / target.name
    for path in sorted(folder.iterdir()) if folder.exists() else ():
        try_one(target, path.read_bytes())


@every_target
def test_the_inputs_it_begins_from_are_good_ones(target: Target) -> None:
    for seed in target.seeds:
        assert len(seed) <= target.longest
        target.run(seed)


def test_what_raises_or_is_slow_is_noticed_and_printed(capsys: pytest.CaptureFixture[str]) -> None:
    def slow(_: bytes) -> None:
        end = time.process_time() + 1.05
        while time.process_time() < end:
            pass

    def broken(raw: bytes) -> int:
        return raw[5]

    def silent(_: bytes) -> None:
        raise Invalid("No.", advice="")

    for run, raised in ((slow, "seconds"), (broken, "index"), (silent, "without a title or advice")):
        with pytest.raises((AssertionError, IndexError), match=raised):
            try_one(Target(name="canary", run=run, seeds=(b"",)), b"abc")
        assert "YWJj" in capsys.readouterr().err


@pytest.mark.soak
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed here")
@every_target
def test_two_hundred_thousand_inputs_led_by_what_they_execute_are_read(target: Target, repository: Path) -> None:
    seed = random.randrange(2**31)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", target.name, "--inputs", str(SOAK_INPUTS), "--seed", str(seed)],
        cwd=repository,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    assert ran.returncode == 0, f"seed {seed}: {ran.stderr}"
    assert f"stat::number_of_executed_units: {SOAK_INPUTS}" in ran.stderr
