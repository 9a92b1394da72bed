"""Reading a folder of Exchange Online: nothing is left out, nothing fetched twice, and lost state is no disaster."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta

import pytest

from member_tracker.domain.errors import NotAllowed, Offline, TooMuch, Unavailable
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.mail import graph_reading
from member_tracker.mail.graph import GraphMailbox
from member_tracker.mail.mailbox import Cursor
from tests.fakes.clock import StoppedClock
from tests.fakes.exchange_items import OUT_OF_OFFICE
from tests.fakes.exchange_world import World
from tests.fakes.graph_server import GraphServer
from tests.fakes.http_faults import Throttle
from tests.mail.graph_client import (
    MONDAY,
    SHARED,
    arriving,
    clock,
    mailbox,
    mailbox_at,
    names,
    read_on,
    server,
    waits,
    world,
)
from tests.mail.messages import message

__all__ = ["clock", "mailbox", "server", "waits", "world"]


def deliver(world: World, *numbers: int) -> None:
    for number in numbers:
        world.deliver(SHARED, arriving(number))


def test_a_mail_comes_with_its_bytes_its_time_and_its_class(world: World, mailbox: GraphMailbox) -> None:
    raw = message("Message-ID: <away@example.org>", "Subject: Away", body="I am away\n")
    world.deliver(SHARED, raw, item_class=OUT_OF_OFFICE)
    (arrival,) = mailbox.arrivals(None).page
    assert (arrival.name, arrival.raw, arrival.item_class) == ("<away@example.org>", raw, OUT_OF_OFFICE)
    assert arrival.received_at == MONDAY
    assert arrival.stamped
    assert arrival.provider_id == world.items(SHARED)[0].immutable_id


def test_every_page_is_read_and_then_only_what_is_new(world: World, mailbox: GraphMailbox, server: GraphServer) -> None:
    deliver(world, *range(220))
    pages, cursor = read_on(mailbox, None)
    assert sorted(names(pages)) == sorted(f"<m{number}@example.org>" for number in range(220))
    assert [len(page.page) for page in pages] == [100, 100, 20]
    deliver(world, 300, 301)
    server.traffic.clear()
    pages, _ = read_on(mailbox, cursor)
    assert names(pages) == ["<m300@example.org>", "<m301@example.org>"]
    assert server.traffic.mimes_sent == 2


def test_four_messages_are_fetched_at_once_and_never_more(
    world: World, mailbox: GraphMailbox, server: GraphServer
) -> None:
    deliver(world, *range(40))
    mailbox.arrivals(None)
    assert server.traffic.most_connections <= 4
    assert server.traffic.most_at_once <= 4
    assert server.traffic.by_operation()["get_mime"] == 40


def test_what_came_before_the_first_day_is_not_read(
    world: World, server: GraphServer, clock: StoppedClock, waits: list[float]
) -> None:
    world.deliver(SHARED, arriving(1), received_at=MONDAY - timedelta(days=60))
    world.deliver(SHARED, arriving(2), received_at=MONDAY - timedelta(days=2))
    with mailbox_at(server, clock, waits) as recent:
        assert names(read_on(recent, None)[0]) == ["<m2@example.org>"]
    with mailbox_at(server, clock, waits, since=None) as all_of_it:
        assert len(names(read_on(all_of_it, None)[0])) == 2


def test_what_is_known_is_not_fetched(world: World, mailbox: GraphMailbox, server: GraphServer) -> None:
    deliver(world, 1, 2)
    first = world.items(SHARED)[0].immutable_id

    def known(ids: Collection[str]) -> frozenset[str]:
        assert len(ids) == 2
        return frozenset({first})

    assert [one.name for one in mailbox.arrivals(None, known).page] == ["<m2@example.org>"]
    assert server.traffic.mimes_sent == 1


def test_a_mail_that_was_only_read_by_somebody_and_is_not_known_comes_with_its_time(
    world: World, mailbox: GraphMailbox
) -> None:
    deliver(world, 1)
    _, cursor = read_on(mailbox, None)
    world.mark_read(world.items(SHARED)[0])
    (arrival,) = mailbox.arrivals(cursor).page
    assert arrival.received_at == MONDAY
    assert arrival.name == "<m1@example.org>"


def test_what_left_the_folder_is_told_and_may_be_in_the_mailbox_still(world: World, mailbox: GraphMailbox) -> None:
    deliver(world, 1, 2)
    _, cursor = read_on(mailbox, None)
    moved, gone = world.items(SHARED)
    world.move(moved, "archive")
    world.delete(gone, hard=True)
    page = mailbox.arrivals(cursor)
    assert set(page.left) == {moved.immutable_id, gone.immutable_id}
    assert mailbox.still_there(page.left) == {moved.immutable_id}


def test_a_mailbox_one_may_no_longer_open_does_not_make_every_mail_gone(
    world: World, mailbox: GraphMailbox, server: GraphServer
) -> None:
    deliver(world, 1)
    kept = [item.immutable_id for item in world.items(SHARED)]
    server.desk.closed_status = 404
    world.mailbox(SHARED).rights.clear()
    with pytest.raises(NotAllowed, match="may not open"):
        mailbox.still_there(kept)


def test_drafts_and_mail_that_went_in_the_meantime_are_left_out(
    world: World, mailbox: GraphMailbox, server: GraphServer
) -> None:
    world.save(SHARED, arriving(1), folder="inbox", is_draft=True)
    deliver(world, 2, 3)
    vanishing = world.items(SHARED)[1]

    def vanish() -> None:
        if world.holds(vanishing):
            world.delete(vanishing, hard=True)

    server.faults.after("delta", vanish)
    page = mailbox.arrivals(None)
    assert [one.name for one in page.page] == ["<m3@example.org>"]
    assert page.refused == ()


@pytest.mark.parametrize(
    ("status", "code"),
    [(410, "syncStateNotFound"), (410, "SyncStateNotFound"), (400, "resyncRequired"), (404, "SYNCSTATENOTFOUND")],
)
def test_lost_state_means_reading_over_from_a_week_before_the_last_good_contact(
    world: World, mailbox: GraphMailbox, server: GraphServer, clock: StoppedClock, status: int, code: str
) -> None:
    server.desk.gone_status, server.desk.gone_code = status, code
    world.deliver(SHARED, arriving(1), received_at=MONDAY - timedelta(days=8))
    world.deliver(SHARED, arriving(2), received_at=MONDAY - timedelta(days=6))
    _, cursor = read_on(mailbox, None)
    clock.forward(days=1)
    deliver(world, 3)
    world.forget_sync_state(SHARED)
    pages, cursor = read_on(mailbox, cursor)
    assert [page.begun_again for page in pages] == [True]
    assert sorted(names(pages)) == ["<m2@example.org>", "<m3@example.org>"]
    assert pages[0].left == ()
    again, _ = read_on(mailbox, cursor)
    assert (names(again), again[0].begun_again) == ([], False)


def test_a_clock_that_was_ahead_hides_nothing_when_state_is_lost(
    world: World, mailbox: GraphMailbox, clock: StoppedClock
) -> None:
    clock.forward(days=365)
    _, cursor = read_on(mailbox, None)
    clock.forward(days=-365)
    deliver(world, 1)
    world.forget_sync_state(SHARED)
    pages, _ = read_on(mailbox, cursor)
    assert names(pages) == ["<m1@example.org>"]


def test_state_lost_between_two_pages_of_the_first_run_begins_with_the_first_day_again(
    world: World, mailbox: GraphMailbox, server: GraphServer
) -> None:
    for number in range(140):
        world.deliver(SHARED, arriving(number), received_at=MONDAY - timedelta(days=15))
    server.desk.pages_before_forgetting = 1
    pages, _ = read_on(mailbox, None)
    assert [page.begun_again for page in pages] == [False, True, False]
    assert len(set(names(pages))) == 140


def test_state_lost_without_end_is_given_up_for_now(world: World, mailbox: GraphMailbox, server: GraphServer) -> None:
    deliver(world, 1)
    _, cursor = read_on(mailbox, None)
    server.faults.before("delta", lambda: world.forget_sync_state(SHARED))
    server.faults.after("delta", lambda: world.forget_sync_state(SHARED))
    assert mailbox.arrivals(cursor).begun_again


def test_empty_pages_and_repeated_changes_do_no_harm(world: World, mailbox: GraphMailbox, server: GraphServer) -> None:
    deliver(world, *range(120))
    server.desk.empty_pages, server.desk.repeats = 2, True
    pages, _ = read_on(mailbox, None)
    assert [len(page.page) for page in pages[:2]] == [0, 0]
    assert set(names(pages)) == {f"<m{number}@example.org>" for number in range(120)}


def test_a_folder_too_full_for_a_filtered_delta_is_read_to_its_end_as_a_list(
    world: World, mailbox: GraphMailbox, server: GraphServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph_reading, "_MOST_BY_DELTA", 120)
    server.desk.delta_limit = 120
    for number in range(200):
        world.deliver(SHARED, arriving(number), received_at=MONDAY - timedelta(hours=200 - number))
    seen: set[str] = set()

    def known(ids: Collection[str]) -> set[str]:
        return seen & set(ids)

    found: list[str] = []
    cursor: Cursor | None = None
    more = True
    while more:
        page = mailbox.arrivals(cursor, known)
        seen |= {one.provider_id for one in page.page}
        found += [one.name for one in page.page]
        cursor, more = page.cursor, page.more
    assert sorted(found) == sorted(f"<m{number}@example.org>" for number in range(200))
    deliver(world, 200)
    assert names(read_on(mailbox, cursor)[0]) == ["<m200@example.org>"]


def test_a_page_of_very_large_mails_is_handed_over_in_parts(
    world: World, mailbox: GraphMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph_reading, "_ENOUGH_BYTES", 500)
    deliver(world, *range(20))
    pages, cursor = read_on(mailbox, None)
    assert len(pages) > 3
    assert sorted(names(pages)) == sorted(f"<m{number}@example.org>" for number in range(20))
    assert names(read_on(mailbox, cursor)[0]) == []


def test_a_cursor_that_leads_elsewhere_is_never_followed(
    world: World, mailbox: GraphMailbox, server: GraphServer, clock: StoppedClock, waits: list[float]
) -> None:
    deliver(world, 1)
    _, cursor = read_on(mailbox, None)
    said = json.loads(cursor)
    said["link"] = said["link"].replace(server.root_url, "http://127.0.0.1:9")
    page = mailbox.arrivals(Cursor(json.dumps(said)))
    assert page.begun_again
    assert len(page.page) == 1
    assert mailbox.arrivals(Cursor("rubbish")).begun_again
    with mailbox_at(server, clock, waits, since=None) as other:
        assert len(other.arrivals(Cursor("{}")).page) == 1


def test_a_server_too_busy_for_one_message_stops_the_page_and_the_next_try_brings_it_whole(
    world: World, mailbox: GraphMailbox, server: GraphServer
) -> None:
    deliver(world, 1, 2, 3)
    server.faults.throttle(9, how=Throttle.BUSY_FAULT, operation="get_mime")
    with pytest.raises(TooMuch):
        mailbox.arrivals(None)
    server.faults.clear()
    page = mailbox.arrivals(None)
    assert len(page.page) == 3


def test_reading_can_be_stopped(world: World, mailbox: GraphMailbox, server: GraphServer) -> None:
    deliver(world, *range(30))
    asked = iter([False, False])
    with pytest.raises(Stopped):
        mailbox.arrivals(None, watch=Watch(stop=lambda: next(asked, True)))
    assert server.traffic.by_operation()["get_mime"] <= 12


def test_a_sweep_finds_what_is_not_known_whatever_the_cursor_says(world: World, mailbox: GraphMailbox) -> None:
    world.deliver(SHARED, arriving(0), received_at=MONDAY - timedelta(days=20))
    deliver(world, *range(1, 121))
    known = {item.immutable_id for item in world.items(SHARED)[1:119]}
    found = mailbox.sweep(MONDAY - timedelta(days=14), lambda ids: known & set(ids))
    assert sorted(one.name for one in found.page) == ["<m119@example.org>", "<m120@example.org>"]
    assert not found.more


def test_a_sweep_that_finds_too_much_for_once_says_so(
    world: World, mailbox: GraphMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph_reading, "_ENOUGH_BYTES", 500)
    deliver(world, *range(20))
    found = mailbox.sweep(MONDAY - timedelta(days=14))
    assert found.more
    assert 0 < len(found.page) < 20


@pytest.mark.parametrize(
    ("named", "parent"),
    [("Housing replies", "msgfolderroot"), ("Inbox/Housing replies", "inbox"), ("housing REPLIES", "inbox")],
)
def test_a_folder_somebody_made_is_found_by_its_name(
    world: World, server: GraphServer, clock: StoppedClock, waits: list[float], named: str, parent: str
) -> None:
    folder = world.add_folder(SHARED, "Housing replies", parent=parent)
    world.deliver(SHARED, arriving(1), folder=folder.id)
    with mailbox_at(server, clock, waits, folder=named) as made:
        assert names(read_on(made, None)[0]) == ["<m1@example.org>"]


def test_a_folder_that_is_not_there_is_named(server: GraphServer, clock: StoppedClock, waits: list[float]) -> None:
    for path in ("No such folder", "Inbox/Nor this"):
        with mailbox_at(server, clock, waits, folder=path) as made, pytest.raises(Unavailable, match=path):
            made.arrivals(None)


def test_a_cut_in_the_middle_loses_nothing(world: World, mailbox: GraphMailbox, server: GraphServer) -> None:
    deliver(world, *range(10))
    for after in (0, 40, 100, 150, 200):
        server.faults.cut_answer(after, "get_mime")
        with pytest.raises(Offline):
            mailbox.arrivals(None)
        server.faults.cut_answer(after, "delta")
        with pytest.raises(Offline):
            mailbox.arrivals(None)
    server.faults.clear()
    assert len(names(read_on(mailbox, None)[0])) == 10


def test_a_next_page_on_another_server_is_not_fetched(
    world: World, server: GraphServer, clock: StoppedClock, waits: list[float]
) -> None:
    deliver(world, 1)
    elsewhere = by_another_name(server.url)
    with mailbox_at(server, clock, waits, url=elsewhere) as made, pytest.raises(Unavailable, match="another server"):
        made.arrivals(None)


def by_another_name(url: str) -> str:
    """The same server under its other name; its links go on naming the first."""
    return url.replace("127.0.0.1", "localhost")


def test_the_first_day_is_the_councils_own(
    world: World, server: GraphServer, clock: StoppedClock, waits: list[float]
) -> None:
    summer = midnight_in_summer(clock)
    world.deliver(SHARED, arriving(1), received_at=summer)
    world.deliver(SHARED, arriving(2), received_at=summer - timedelta(seconds=1))
    with mailbox_at(server, clock, waits, since=summer.date() + timedelta(days=1)) as made:
        assert names(read_on(made, None)[0]) == ["<m1@example.org>"]


def midnight_in_summer(clock: StoppedClock) -> datetime:
    """Midnight of 1 July in London, which is eleven at night in UTC."""
    return clock().replace(month=6, day=30, hour=23, minute=0)
