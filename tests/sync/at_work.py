"""A laptop with something to send, and what must hold when it cannot."""

from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from member_tracker.domain.errors import TrackerError
from member_tracker.sync.hub import Hub
from tests.sync.half_open import HalfOpen
from tests.sync.hub_place import HubPlace
from tests.sync.one_laptop import DEVICE, OfficerElsewhere, OneLaptop


@dataclass(kw_only=True)
class Work:
    """A laptop with an enquiry to send, its hub, and somebody at another computer."""

    place: HubPlace
    one: OneLaptop
    officer: OfficerElsewhere
    inside: "psycopg.Connection[Any]"

    def must_be_told(self, kind: type[TrackerError], words: str, hub: Hub | None = None) -> TrackerError:
        """A contact fails in words with advice, and the outbox is as it was."""
        before, log = self.one.waiting(), self.logged()
        with pytest.raises(kind, match=words) as told:
            self.one.sync(hub)
        assert type(told.value) is kind
        assert told.value.title.endswith(".")
        assert told.value.advice
        assert self.one.waiting() == before != ()
        assert self.logged() == log
        return told.value

    def must_go_now(self, hub: Hub | None = None) -> None:
        """What waited is at the hub after one more contact, once."""
        before = {op.id for op in self.one.waiting()}
        assert self.one.sync(hub).in_step
        assert not self.one.waiting()
        found = self.inside.execute("SELECT op_id FROM hub.op WHERE device = %s", (DEVICE,)).fetchall()
        assert before <= {op_id for (op_id,) in found}

    def logged(self) -> int:
        [(lines,)] = self.inside.execute("SELECT count(*) FROM hub.op").fetchall()
        return int(lines)

    def by_way_of(self, way: HalfOpen) -> str:
        return f"postgresql://abara@127.0.0.1:{way.port}/{self.place.database}"
