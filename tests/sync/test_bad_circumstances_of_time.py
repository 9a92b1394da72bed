"""A hub that has come back from an older back-up, and a laptop that was away for long: nothing is lost by it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import psycopg
from psycopg import sql

from member_tracker.domain.enquiry import Enquiry
from member_tracker.sync.hub import Outcome
from tests.sync.at_work import Work
from tests.sync.deeds import edit, op, push_one
from tests.sync.one_laptop import SHARED, at_the_hub


@contextmanager
def backed_up(work: Work) -> Iterator[Callable[[], None]]:
    """The hub is copied as it is now; gives what puts the copy in its place, in the way the superuser would."""
    server, name, copy = work.place.server, work.place.database, f"{work.place.database}_copy"
    kept = work.officer.newest
    for each in (work.officer.hub, work.inside):
        each.close()
    work.place.close()
    server.make_database_as(copy, name)
    work.inside = psycopg.connect(work.place.url(), autocommit=True)

    def restore() -> None:
        work.inside.close()
        work.place.close()
        server.drop_database(name)
        server.run(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(copy), sql.Identifier(name)))
        work.inside = psycopg.connect(work.place.url(), autocommit=True)
        work.officer.newest = kept

    try:
        yield restore
    finally:
        work.inside.close()
        server.drop_database(copy)


def send_all_kinds(work: Work) -> tuple[str, ...]:
    """Twenty ops of every outcome, sent in two contacts."""
    waited = tuple(each.id for each in work.one.waiting())
    work.officer.write()
    ops = work.one.twenty()
    work.one.sync()
    work.one.log()
    later = tuple(each.id for each in work.one.waiting())
    work.one.sync()
    assert not work.one.waiting()
    taken = zip((*waited, *ops, *later), work.one.outcomes((*waited, *ops, *later)), strict=True)
    return tuple(each for each, outcome in taken if outcome is Outcome.ACCEPTED)


def test_a_hub_said_to_be_restored_is_given_again_what_it_lost(work: Work) -> None:
    with backed_up(work) as restore:
        sent = send_all_kinds(work)
        restore()
        assert work.place.administration().restored() == 2
        told = work.one.sync()
        assert (told.restored, told.in_step) == (True, True)
        assert set(at_the_hub(work.inside, sent)) == {Outcome.ACCEPTED}
        assert not work.one.sync().restored


def test_a_hub_restored_without_a_word_is_given_again_what_it_lost_though_others_wrote_more_since(work: Work) -> None:
    with backed_up(work) as restore:
        sent = send_all_kinds(work)
        restore()
        for _ in range(30):
            work.officer.write()
        told = work.one.sync()
        assert (told.restored, told.in_step) == (True, True)
        assert {Outcome.ACCEPTED} == set(at_the_hub(work.inside, sent[:-1]))
        with work.one.store.reading() as tx:
            shown = tx.get(Enquiry, SHARED)
        assert shown.subject == "Officer's words 00031", "what was written since stands"
        assert not work.one.sync().restored
        assert work.place.administration().verify().is_whole


def test_a_restore_spoken_of_only_after_others_wrote_loses_nothing_either(work: Work) -> None:
    with backed_up(work) as restore:
        sent = send_all_kinds(work)
        restore()
        for _ in range(30):
            work.officer.write()
        work.place.administration().restored()
        assert work.one.sync().restored
        assert {Outcome.ACCEPTED} == set(at_the_hub(work.inside, sent))


def test_a_laptop_away_for_more_than_six_months_sends_first_and_then_reads_everything_anew(work: Work) -> None:
    """What was taken away meanwhile has left no trace at the hub by then."""
    work.one.sync()
    gone = work.one.log()
    work.one.sync()
    [(head,)] = work.inside.execute("SELECT heads ->> '' FROM hub.record WHERE id = %s", (gone,)).fetchall()
    seen = work.inside.execute("SELECT max(hub_seq) FROM hub.record").fetchall()[0][0]
    assert push_one(work.officer.hub, edit(gone, "text", "Duplicate", head)).outcome is Outcome.CONFLICT
    assert push_one(work.officer.hub, op("delete", "enquiry", gone, seen=seen)).outcome is Outcome.ACCEPTED
    work.inside.execute("UPDATE hub.meta SET tombstone_days = 0")
    assert work.place.administration().tidy() >= 1
    work.inside.execute("UPDATE hub.meta SET tombstone_days = 180")
    joined = work.one.local.joined()
    assert joined is not None
    assert joined.hub_at is not None
    work.one.local.remember(replace(joined, hub_at=joined.hub_at - timedelta(days=184)))
    work.one.log()
    work.must_go_now()
    with work.one.store.reading() as tx:
        assert tx.find(Enquiry, gone) is None
