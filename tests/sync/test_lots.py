"""How many pages are put in place as one: as many as come together, and no more than others can wait for."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from member_tracker.sync.engine import Sizes
from member_tracker.sync.hub import Held, Page, ScopeId
from tests.fakes.hub import HubInMemory
from tests.fakes.laptop import Laptop
from tests.sync.test_engine import hub, laptop, meet

__all__ = ["hub"]


class Weighed(Laptop):
    """Notes how many pages are put in place together; `takes` is how long each takes."""

    takes = timedelta()
    hub: HubInMemory

    def begin(self, hub: HubInMemory, takes: timedelta) -> None:
        self.hub, self.takes, self.lots = hub, takes, [0]

    @contextmanager
    def together(self) -> Iterator[None]:
        self.lots.append(0)
        yield

    def take(self, scope_id: ScopeId, page: Page, held: Held) -> None:
        super().take(scope_id, page, held)
        self.lots[-1] += 1
        self.hub.now += self.takes


@pytest.mark.parametrize(("seconds", "together"), [(0, 4), (1, 3), (5, 1)])
def test_no_more_pages_are_put_in_place_together_than_somebody_who_saves_would_bear(
    hub: HubInMemory, seconds: int, together: int
) -> None:
    admin = laptop(hub, "admin", "desk")
    meet(hub, admin)
    for number in range(20):
        admin.create(("enquiry", f"e{number}"), {"id": f"e{number}", "raised_by": "abara", "reference": f"R{number}"})
    meet(hub, admin, sizes=Sizes(ops=1))
    plain = laptop(hub, "abara")
    one = Weighed(link=plain.link, now=plain.now, new_id=plain.new_id, author="abara")
    one.begin(hub, timedelta(seconds=seconds))
    assert meet(hub, one, sizes=Sizes(rows=1, most_rows=1)).in_step
    assert len(one.rows) == 22
    assert max(one.lots[1:]) == together  # the first are scopes taken note of
