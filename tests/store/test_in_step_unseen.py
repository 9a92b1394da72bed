"""What a laptop no longer sees, and what its user never saw: records out of sight, and changes beneath an edit."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.in_step import TRAY, Page, ScopeId
from member_tracker.domain.mailbag import ReceivedMail
from member_tracker.domain.vocabulary import Status
from member_tracker.store.in_step_outbox import Outbox
from tests.fakes.hub import HubInMemory
from tests.store.in_step_office import Laptop, held, make_hub, make_laptop
from tests.store.office import ANNA, enquiry, furnish, received


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Laptop, Laptop]]:
    hub = make_hub()
    one, two = (make_laptop(tmp_path, hub, name, login) for name, login in (("one", "carol"), ("two", "anna")))
    furnish(one.store)
    save(one, enquiry())
    for each in (one, one, two, two):
        each.sync()
    yield one, two
    for each in (one, two):
        each.store.close()


def save(laptop: Laptop, *records: Enquiry | ReceivedMail) -> None:
    with laptop.store.writing(author=ANNA.id) as tx:
        for record in records:
            tx.save(record)


def shown(laptop: Laptop) -> Enquiry:
    with laptop.store.reading() as tx:
        return tx.get(Enquiry, enquiry().id)


def test_a_mail_collected_after_its_scope_was_lost_is_not_shown_once_the_hub_had_it(
    pair: tuple[Laptop, Laptop],
) -> None:
    one, two = pair
    hub: HubInMemory = one.hub
    save(one, received())
    one.sync()
    hub.grants.pop(("anna", TRAY))
    two.sync()
    save(two, received())
    done = two.sync()
    assert (done.pushed, done.denied, done.differing) == (1, 0, ())
    two.sync()  # only now the hub has said what may be held since
    with two.store.reading_by(Outbox) as tx:
        assert (tuple(tx.every(ReceivedMail)), tx.waiting()) == ((), 0)
        assert tx._connection.execute("SELECT count(*) FROM op WHERE passed = 0").fetchone() == (0,)


def test_who_closes_over_what_came_beneath_a_waiting_edit_has_not_seen_it(pair: tuple[Laptop, Laptop]) -> None:
    one, two = pair
    save(one, replace(shown(one), subject="As one wrote it"))
    save(two, replace(shown(two), subject="As two wrote it"))
    two.sync()
    before = one.hub.clock
    page = one.hub.sign_in("carol").pull(ScopeId(ANNA.id), 0, 1_000)
    one.local.take(ScopeId(ANNA.id), Page(rows=page.rows, upto=before), held(before))
    assert shown(one).subject == "As one wrote it"
    save(one, replace(shown(one), status=Status.CLOSED))
    assert one.sync().conflicts == 2
    assert shown(one).status is Status.DRAFT


def test_what_is_made_in_a_scope_that_comes_to_be_with_it_stays_in_sight(tmp_path: Path) -> None:
    one = make_laptop(tmp_path, make_hub(), "one")
    furnish(one.store)
    save(one, enquiry())
    assert ScopeId(ANNA.id) not in one.hub.granted("carol")
    one.sync()
    assert shown(one) == enquiry()
    one.store.close()
