"""Reading an Exchange Server: what is fetched, what is not, and how a lost place is made good."""

from datetime import date, timedelta

import pytest

from member_tracker.domain.errors import TooMuch, Unavailable
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.mail.mailbox import Cursor
from tests.fakes.exchange_items import NON_DELIVERY
from tests.fakes.imaginary_council import CLERK, SHARED
from tests.mail.ews_office import Office, all_of, mail_in, office


def _ids(office: Office) -> set[str]:
    return {item.id for item in office.world.items(SHARED)}


def test_a_mail_is_fetched_byte_for_byte_with_the_time_and_kind_the_server_gives_it() -> None:
    with office() as place:
        item = place.arrive(days_ago=2, item_class=NON_DELIVERY)
        (arrival,) = mail_in(all_of(place.box()))
    assert (arrival.raw, arrival.provider_id, arrival.stamped) == (item.mime, item.id, True)
    assert (arrival.received_at, arrival.item_class) == (place.clock() - timedelta(days=2), NON_DELIVERY)
    assert "in.1" not in arrival.name
    assert SHARED not in arrival.name


def test_a_clerk_reads_a_mailbox_of_their_own_too() -> None:
    with office() as place:
        place.arrive(to=CLERK)
        assert len(mail_in(all_of(place.box(address=CLERK, user="")))) == 1


def test_two_hundred_and_fifty_messages_come_in_pages_and_once_each() -> None:
    with office() as place:
        for _ in range(250):
            place.arrive()
        pages = all_of(place.box())
        assert [len(page.page) for page in pages] == [100, 100, 50]
        assert {one.provider_id for one in mail_in(pages)} == _ids(place)
        assert place.server.traffic.most_connections <= 2


def test_the_second_time_only_what_is_new_is_fetched() -> None:
    with office() as place:
        for _ in range(20):
            place.arrive()
        box = place.box()
        cursor = all_of(box)[-1].cursor
        new = place.arrive()
        place.server.traffic.clear()
        assert [one.provider_id for one in mail_in(all_of(box, cursor))] == [new.id]
        assert place.server.traffic.mimes_sent == 1


def test_what_is_known_is_not_fetched_again() -> None:
    with office() as place:
        kept, new = place.arrive(), place.arrive()
        (page,) = all_of(place.box(), known=frozenset({kept.id}))
        assert [one.provider_id for one in page.page] == [new.id]
        assert place.server.traffic.mimes_sent == 1


def test_mail_from_before_the_chosen_day_stays_where_it_is() -> None:
    with office() as place:
        place.arrive(days_ago=30)
        new = place.arrive(days_ago=1)
        box = place.box(since=date(2026, 11, 18))
        assert [one.provider_id for one in mail_in(all_of(box))] == [new.id]
        assert place.server.traffic.mimes_sent == 1


def test_reading_a_mail_or_moving_it_away_fetches_nothing_and_moving_is_told() -> None:
    with office() as place:
        read, moved, deleted = place.arrive(), place.arrive(), place.arrive()
        gone = [moved.id, deleted.id]
        box = place.box()
        cursor = all_of(box)[-1].cursor
        place.world.mark_read(read)
        place.world.move(moved, "archive")
        place.world.delete(deleted, hard=True)
        known = frozenset({read.id, *gone})
        place.server.traffic.clear()
        (page,) = all_of(box, cursor, known=known)
        assert (page.page, sorted(page.left), place.server.traffic.mimes_sent) == ((), sorted(gone), 0)
        assert box.still_there([read.id, *gone]) == {read.id}


def test_a_server_that_calls_reading_a_change_sends_nothing_twice() -> None:
    with office() as place:
        place.server.switches.read_flag_as_update = True
        item = place.arrive()
        box = place.box()
        cursor = all_of(box)[-1].cursor
        place.world.mark_read(item)
        assert mail_in(all_of(box, cursor, known=frozenset({item.id}))) == []


def test_a_lost_place_is_made_good_from_seven_days_before_the_last_good_contact() -> None:
    with office() as place:
        old, kept = place.arrive(days_ago=30), place.arrive(days_ago=1)
        box = place.box()
        cursor = all_of(box)[-1].cursor
        place.clock.forward(days=3)
        new = place.arrive(days_ago=1)
        place.world.forget_sync_state(SHARED)
        place.server.traffic.clear()
        (page,) = all_of(box, cursor, known=frozenset({kept.id}))
        assert page.begun_again
        assert [one.provider_id for one in page.page] == [new.id]
        assert old.id not in {one.provider_id for one in page.page}
        assert not all_of(box, page.cursor)[0].begun_again


def test_a_clock_that_was_ahead_hides_nothing_when_a_lost_place_is_made_good() -> None:
    with office() as place:
        box = place.box()
        place.clock.forward(days=365)
        cursor = all_of(box)[-1].cursor
        place.clock.forward(days=-365)
        new = place.arrive()
        place.world.forget_sync_state(SHARED)
        assert [one.provider_id for one in mail_in(all_of(box, cursor))] == [new.id]


def test_the_limit_of_seven_days_holds_for_every_page_of_a_folder_read_over() -> None:
    with office() as place:
        for _ in range(150):
            place.arrive(days_ago=30)
        box = place.box()
        cursor = all_of(box)[-1].cursor
        for _ in range(120):
            place.arrive()
        place.world.forget_sync_state(SHARED)
        place.server.traffic.clear()
        pages = all_of(box, cursor)
        assert [page.begun_again for page in pages] == [True, False, False]
        assert len(mail_in(pages)) == place.server.traffic.mimes_sent == 120


def test_a_server_that_begins_again_without_a_word_does_no_harm() -> None:
    with office() as place:
        place.server.switches.silent_resync = True
        kept = place.arrive()
        box = place.box()
        cursor = all_of(box)[-1].cursor
        place.world.forget_sync_state(SHARED)
        new = place.arrive()
        pages = all_of(box, cursor, known=frozenset({kept.id}))
        assert [one.provider_id for one in mail_in(pages)] == [new.id]


@pytest.mark.parametrize("cursor", ["", "nonsense", "[]", '{"folder":"Inbox","state":"bm9uc2Vuc2U="}', "null"])
def test_a_cursor_that_cannot_be_read_begins_from_the_first_day(cursor: str) -> None:
    with office() as place:
        item = place.arrive()
        assert [one.provider_id for one in mail_in(all_of(place.box(), Cursor(cursor)))] == [item.id]


def test_a_cursor_of_another_folder_is_not_believed() -> None:
    with office() as place:
        members = place.world.add_folder(SHARED, "Members", parent="inbox")
        inside = place.arrive(folder=members.id)
        cursor = all_of(place.box())[-1].cursor
        pages = all_of(place.box(folder="members"), cursor)
        assert [one.provider_id for one in mail_in(pages)] == [inside.id]
        assert not pages[0].begun_again


@pytest.mark.parametrize("name", ["Enquiries", "enquiries/Members", "Inbox/Post", "Post", "inbox\\post"])
def test_a_folder_is_found_by_its_name_below_the_inbox_or_the_top(name: str) -> None:
    with office() as place:
        enquiries = place.world.add_folder(SHARED, "Enquiries")
        folders = {
            "enquiries": enquiries,
            "members": place.world.add_folder(SHARED, "Members", parent=enquiries.id),
            "post": place.world.add_folder(SHARED, "Post", parent="inbox"),
        }
        wanted = folders[name.replace("\\", "/").rpartition("/")[2].lower()]
        item = place.arrive(folder=wanted.id)
        assert [one.provider_id for one in mail_in(all_of(place.box(folder=name)))] == [item.id]


def test_a_folder_that_is_not_there_is_named() -> None:
    with office() as place, pytest.raises(Unavailable, match="no folder “Enquiries/2026”"):
        place.box(folder="Enquiries/2026").arrivals(None)


def test_a_mail_deleted_while_it_is_fetched_is_left_out_and_the_others_come() -> None:
    with office() as place:
        gone, stays = place.arrive(), place.arrive()
        place.server.faults.before("GetItem", lambda: place.world.delete(gone, hard=True))
        (page,) = all_of(place.box())
        assert ([one.provider_id for one in page.page], page.refused) == ([stays.id], ())


def test_reading_can_be_given_up_between_two_calls() -> None:
    with office() as place:
        for _ in range(60):
            place.arrive()
        told: list[float] = []

        def stop() -> bool:
            return place.server.traffic.mimes_sent >= 50

        with pytest.raises(Stopped):
            place.box().arrivals(None, watch=Watch(progress=lambda _, share: told.append(share), stop=stop))
        assert place.server.traffic.mimes_sent == 50
        assert told == [0.0, 0.0]


def test_large_mail_is_fetched_a_few_at_a_time() -> None:
    with office() as place:
        for number in range(5):
            place.world.deliver(SHARED, b"Subject: large\r\n\r\n" + bytes([65 + number]) * 3_000_000)
        box = place.box()
        box.arrivals(None)
        assert place.server.traffic.count("GetItem") == 3


def test_a_connection_cut_in_the_middle_of_reading_is_made_again() -> None:
    with office() as place:
        item = place.arrive()
        box = place.box()
        box.arrivals(None)
        for cut in (0, 40, 700):
            place.server.faults.cut_answer(cut, "SyncFolderItems")
            assert [one.provider_id for one in mail_in(all_of(box))] == [item.id]


def test_a_busy_server_is_left_alone_as_long_as_it_asks() -> None:
    from tests.fakes.http_faults import Throttle

    with office() as place:
        place.arrive()
        box = place.box()
        cursor = all_of(box)[-1].cursor
        new = place.arrive()
        for how in Throttle:
            for operation in ("SyncFolderItems", "GetItem"):
                place.server.faults.throttle(how=how, wait_seconds=90, operation=operation)
                with pytest.raises(TooMuch) as told:
                    box.arrivals(cursor)
                assert told.value.wait_seconds == 90
        assert [one.provider_id for one in mail_in(all_of(box, cursor))] == [new.id]


def test_a_busy_server_that_names_no_time_is_busy_all_the_same() -> None:
    with office() as place:
        place.server.faults.throttle(operation="SyncFolderItems")
        with pytest.raises(TooMuch) as told:
            place.box().arrivals(None)
        assert told.value.wait_seconds is None


# --- the sweep


@pytest.mark.parametrize("ignores", [False, True])
def test_the_sweep_finds_what_no_state_told_of(ignores: bool) -> None:
    with office() as place:
        place.server.switches.ignores_restrictions = ignores
        place.arrive(days_ago=20)
        kept, missed = place.arrive(days_ago=3), place.arrive(days_ago=13)
        found = place.box().sweep(place.clock() - timedelta(days=14), lambda ids: {kept.id} & set(ids))
        assert [one.provider_id for one in found.page] == [missed.id]
        assert not found.more
        assert place.server.traffic.mimes_sent == 1


def test_a_large_sweep_comes_in_parts() -> None:
    with office() as place:
        for _ in range(250):
            place.arrive()
        box, known, sizes, more = place.box(), set[str](), list[int](), True
        while more:
            found = box.sweep(place.clock() - timedelta(days=14), known.intersection)
            sizes.append(len(found.page))
            known.update(one.provider_id for one in found.page)
            more = found.more
        assert (sizes, known) == ([100, 100, 50], _ids(place))


def test_the_sweep_looks_no_further_back_than_the_chosen_day() -> None:
    with office() as place:
        place.arrive(days_ago=10)
        new = place.arrive(days_ago=1)
        found = place.box(since=date(2026, 11, 18)).sweep(place.clock() - timedelta(days=14))
        assert [one.provider_id for one in found.page] == [new.id]


def test_many_ids_are_asked_after_a_hundred_at_a_time() -> None:
    with office() as place:
        ids = [place.arrive().id for _ in range(150)]
        box = place.box()
        assert box.still_there(ids) == set(ids)
        assert box.still_there([]) == set()
        assert place.server.traffic.count("GetItem") - 2 == 2  # signing in took two more requests
