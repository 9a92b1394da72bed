"""A push of twenty ops cut off at any byte, there or back: every op gets its right outcome, once."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import psycopg
import pytest

from member_tracker.domain.errors import Offline
from tests.sync.cutting import BACK, THERE, CutAtThePush, Cutting
from tests.sync.hub_place import HubPlace
from tests.sync.one_laptop import DEVICE, RIGHT, OfficerElsewhere, OneLaptop, at_the_hub, people_the_hub

IN_A_TEST_RUN = 60
BLOCKS = 16


@dataclass(kw_only=True)
class Line:
    """A laptop whose way to the hub can be cut."""

    one: OneLaptop
    way: Cutting
    hub: CutAtThePush
    officer: OfficerElsewhere
    inside: "psycopg.Connection[Any]"
    place: HubPlace
    exchanges: int = 0

    def exchange(self, direction: str, after: int | None, *, stays_down: bool) -> None:
        """Twenty ops, a contact that is cut, one that is not; then every op must have its outcome."""
        self.exchanges += 1
        self.officer.write()
        ops = self.one.twenty()
        self.hub.plan = direction, after, stays_down
        before = self.way.cuts
        try:
            self.one.sync(self.hub)
        except Offline:
            assert self.way.cuts > before
        self.way.mend()
        self.hub.plan = direction, None, False
        synced = self.one.sync(self.hub)
        assert synced.in_step
        assert not self.one.waiting()
        assert self.one.outcomes(ops) == at_the_hub(self.inside, ops) == RIGHT

    def must_be_right(self) -> None:
        """Nothing is at the hub beside what was written once, and the log is whole."""
        for statement, each_time in (
            (f"SELECT count(*) FROM hub.op WHERE device = '{DEVICE}'", 20),
            ("SELECT count(*) FROM hub.record WHERE kind = 'conflict'", 1),
            ("SELECT count(*) FROM hub.record WHERE kind = 'entry'", 1),
            ("SELECT count(*) FROM hub.record WHERE kind = 'enquiry' AND NOT deleted AND id <> 'shared'", 1),
        ):
            assert self.inside.execute(statement.encode()).fetchone() == (each_time * self.exchanges,), statement
        assert self.place.administration().verify().is_whole


@pytest.fixture
def line(hub_place: HubPlace, tmp_path: Path) -> Iterator[Line]:
    """A laptop behind such a way."""
    officer = people_the_hub(hub_place)
    one = OneLaptop.joined(tmp_path, hub_place)
    with Cutting(hub_place.url()) as way, psycopg.connect(hub_place.url(), autocommit=True) as inside:
        hub = CutAtThePush(way, f"postgresql://abara@127.0.0.1:{way.port}/{hub_place.database}", one.password)
        yield Line(one=one, way=way, hub=hub, officer=officer, inside=inside, place=hub_place)
        hub.close()
        one.store.close()


def lengths(line: Line) -> dict[str, int]:
    """How many bytes such a push has, there and back."""
    line.exchange(THERE, None, stays_down=False)
    return line.hub.carried


@pytest.mark.parametrize("direction", [THERE, BACK])
def test_a_push_cut_here_and_there_leaves_every_op_with_its_right_outcome_once(line: Line, direction: str) -> None:
    seed = SystemRandom().randrange(2**32)
    draw = Random(seed)
    whole = lengths(line)[direction]
    stride = whole / IN_A_TEST_RUN
    first = draw.random() * stride
    for number in range(IN_A_TEST_RUN):
        after = int(first + number * stride)
        try:
            line.exchange(direction, after, stays_down=draw.random() < 0.5)
        except Exception as problem:
            problem.add_note(f"cut after {after} of {whole} bytes {direction}, seed {seed}")
            raise
    assert line.way.cuts == IN_A_TEST_RUN
    line.must_be_right()


@pytest.mark.soak
@pytest.mark.parametrize("stays_down", [True, False])
@pytest.mark.parametrize("block", range(BLOCKS))
@pytest.mark.parametrize("direction", [THERE, BACK])
def test_a_push_cut_at_every_byte_leaves_every_op_with_its_right_outcome_once(
    line: Line, direction: str, block: int, stays_down: bool
) -> None:
    whole = lengths(line)[direction]
    for after in range(block, whole + 1, BLOCKS):
        try:
            line.exchange(direction, after, stays_down=stays_down)
        except Exception as problem:
            problem.add_note(f"cut after {after} of {whole} bytes {direction}, the line stays down: {stays_down}")
            raise
    line.must_be_right()
