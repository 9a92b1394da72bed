"""What looks for faults must find them: each known mistake, put in on purpose, is caught by the histories."""

import pytest

from member_tracker.domain.errors import TrackerError
from tests.sync.broken import MISTAKES, Mistake
from tests.sync.drawn import history
from tests.sync.ledger import Violation

AT_MOST = 1_000


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.words)
def test_a_mistake_put_in_on_purpose_is_caught(mistake: Mistake) -> None:
    for seed in range(AT_MOST):
        try:
            history(seed, mistake.world)
        except (Violation, TrackerError):
            return
    pytest.fail(f"{AT_MOST} histories went by with {mistake.words}")
