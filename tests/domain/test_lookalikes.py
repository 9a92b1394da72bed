"""Ten thousand mails that look alike: none is filed on a wrong enquiry, and honest replies file themselves."""

import random
import sys
from collections import Counter

from member_tracker.domain.matching import Decision, match
from tests.domain.lookalikes import OURS, World, lookalikes

COUNT = 10_000


def test_of_ten_thousand_lookalikes_none_is_filed_wrongly_and_honest_replies_file_themselves() -> None:
    dice = random.Random(20261122)
    world = World(dice)
    wrong, honest, filed = Counter[str](), 0, 0
    missed = Counter[str]()
    for one in lookalikes(world, COUNT, dice):
        found = match(one.mail, world, own_addresses=(OURS,))
        if found.decision is not Decision.TRAY and found.enquiry_id != one.belongs_to:
            wrong[one.sort] += 1
        if one.honest:
            honest += 1
            filed += found.decision is Decision.FILE
            missed[one.sort] += found.decision is not Decision.FILE
    sys.stdout.write(
        f"look-alikes filed wrongly: {sum(wrong.values())} of {COUNT}\n"
        f"honest replies that filed themselves: {filed} of {honest} ({filed / honest:.1%}); not: {dict(+missed)}\n"
    )
    assert not wrong
    assert filed >= 0.95 * honest


def test_the_likely_enquiry_comes_first_for_honest_replies_that_wait() -> None:
    dice = random.Random(7)
    world = World(dice)
    for one in lookalikes(world, 2_000, dice):
        found = match(one.mail, world, own_addresses=(OURS,))
        if one.honest and found.decision is Decision.TRAY and one.sort != "nothing but the subject":
            assert found.candidates[0].candidate.enquiry_id == one.belongs_to, one.sort
