"""What looks for faults must find them: each known mistake, put in on purpose, is caught by the histories."""

import pytest

from member_tracker.domain.errors import TrackerError
from tests.sync.broken import MISTAKES, Mistake, NewIdOnRetry
from tests.sync.drawn import history
from tests.sync.ledger import Violation

AT_MOST = 1_000


def live_through(mistake: Mistake) -> None:
    """Lives through histories until one notices."""
    for seed in range(AT_MOST):
        history(seed, mistake.world)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.words)
def test_a_mistake_put_in_on_purpose_is_caught(mistake: Mistake) -> None:
    with pytest.raises((Violation, TrackerError)):
        live_through(mistake)


def test_ids_made_anew_are_noticed_by_counting_the_edits_of_each_record() -> None:
    mistake = Mistake(words="a new op id on retry", laptop=NewIdOnRetry)
    with pytest.raises(Violation, match=r"edits were made, \d+ came to the hub"):
        live_through(mistake)
