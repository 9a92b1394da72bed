"""What an Exchange Server tells of others, a mailbox through its port alone, and lines that are cut anywhere."""

from contextlib import suppress
from datetime import timedelta

import pytest

from member_tracker.domain.availability import BusyKind
from member_tracker.domain.errors import Offline, SignInNeeded, TooMuch, Unavailable
from member_tracker.domain.mailboxes import Holds, Right, SendingWay
from member_tracker.mail.mailbox import Letter, Mailbox, Spot
from tests.fakes.exchange_items import Busy
from tests.fakes.http_faults import Throttle
from tests.fakes.imaginary_council import AWAY, SHARED
from tests.mail.ews_office import all_of, mail_in, office

PLANNING, HOUSING = "planning@example.org", "housing@example.org"


def test_automatic_replies_full_mailboxes_and_strangers_are_told_before_anything_is_sent() -> None:
    with office() as place:
        place.world.mailbox(HOUSING).is_full = True
        place.world.mailbox("roads@example.org").accepts_from = set()
        away, full, shut, nobody = place.box().tips([PLANNING, HOUSING, "roads@example.org", "nobody@example.org"])
    assert (away.address, away.automatic_reply) == (PLANNING, AWAY)
    assert (full.mailbox_full, full.automatic_reply, full.not_accepting) == (True, None, False)
    assert shut.not_accepting
    assert nobody.invalid
    assert (away.largest_bytes or 0) > 1_000_000


def test_an_automatic_reply_in_html_is_told_in_words() -> None:
    with office() as place:
        reply = place.world.mailbox(PLANNING).automatic_reply
        assert reply is not None
        reply.text = "<html><body><p>I am <b>away</b>.</p></body></html>"
        (tip,) = place.box().tips([PLANNING])
    assert tip.automatic_reply == "I am away."


def test_more_people_than_fit_into_one_question_are_asked_about_in_several() -> None:
    with office() as place:
        people = [f"person.{number}@example.org" for number in range(150)]
        assert [tip.address for tip in place.box().tips(people)] == people
        assert place.server.traffic.count("GetMailTips") - 2 == 2  # signing in took two more requests
        assert place.box().tips([]) == ()


def test_who_is_not_there_is_told_within_the_time_asked_about() -> None:
    with office() as place:
        noon = place.clock()
        place.world.busy(HOUSING, noon - timedelta(hours=2), noon + timedelta(hours=1), Busy.AWAY)
        place.world.busy(HOUSING, noon + timedelta(hours=5), noon + timedelta(hours=6), Busy.ELSEWHERE)
        busy = place.box().free_busy([HOUSING, "nobody@example.org"], noon, noon + timedelta(days=1))
    assert {(one.address, one.kind, one.start_at - noon, one.end_at - noon) for one in busy} == {
        (HOUSING, BusyKind.OUT_OF_OFFICE, timedelta(), timedelta(hours=1)),
        (HOUSING, BusyKind.BUSY, timedelta(hours=1), timedelta(hours=3)),
        (HOUSING, BusyKind.ELSEWHERE, timedelta(hours=5), timedelta(hours=6)),
        ("nobody@example.org", BusyKind.NO_INFORMATION, timedelta(), timedelta(days=1)),
    }


def test_the_list_of_time_zones_is_not_needed() -> None:
    with office() as place:
        place.server.switches.lacks = {"GetServerTimeZones"}
        noon = place.clock()
        assert place.box().free_busy([HOUSING], noon, noon + timedelta(days=1))


@pytest.mark.parametrize("operation", ["GetMailTips", "GetUserAvailability"])
def test_a_busy_server_is_not_one_that_does_not_know(operation: str) -> None:
    with office() as place:
        box, noon = place.box(), place.clock()
        box.check()
        place.server.faults.throttle(how=Throttle.BUSY_FAULT, operation=operation, wait_seconds=5)
        with pytest.raises(TooMuch):
            box.check()
        place.server.faults.drop(operation, times=2)
        with pytest.raises(Offline):
            box.tips([HOUSING]) if operation == "GetMailTips" else box.free_busy([HOUSING], noon, noon + timedelta(1))


# --- through the port alone


def test_a_mailbox_keeps_to_the_port() -> None:
    with office() as place:
        mailbox: Mailbox = place.box()
        proof = mailbox.prove()
        assert proof.way is SendingWay.UPDATE
        assert {one.right: one.holds for one in proof.findings}[Right.SEND_AS] is Holds.YES
        mailbox.close()


def test_a_folder_made_anew_under_its_old_name_is_found_again() -> None:
    with office() as place:
        old = place.world.add_folder(SHARED, "Members")
        box = place.box(folder="Members")
        cursor = all_of(box)[-1].cursor
        del place.world.mailbox(SHARED).folders[old.id]
        new = place.world.add_folder(SHARED, "Members")
        item = place.arrive(folder=new.id)
        assert [one.provider_id for one in mail_in(all_of(box, cursor))] == [item.id]


def test_a_folder_taken_away_is_named() -> None:
    with office() as place:
        old = place.world.add_folder(SHARED, "Members")
        box = place.box(folder="Members")
        box.arrivals(None)
        del place.world.mailbox(SHARED).folders[old.id]
        with pytest.raises(Unavailable, match="no folder “Members”"):
            box.arrivals(None)


# --- lines cut anywhere


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("way", list(SendingWay))
def test_cuts_anywhere_lose_nothing_and_double_nothing(way: SendingWay, seed: int) -> None:
    with office() as place:
        box = place.box(sending=way)
        letters = [place.letter() for _ in range(5)]
        box.arrivals(None)
        place.server.faults.cut_at_random(seed, chance=0.3, within=3_000)
        got: dict[str, int] = {}
        cursor = None
        for letter in letters:
            place.arrive()
            with suppress(Unavailable):
                _send_as_the_service_does(box, letter)
            with suppress(Unavailable):
                page = box.arrivals(cursor, lambda ids: got.keys() & set(ids))
                cursor = page.cursor
                got.update((one.provider_id, got.get(one.provider_id, 0) + 1) for one in page.page)
        place.server.faults.clear()
        for letter in letters:
            if box.look(letter).spot in {Spot.NOWHERE, Spot.DRAFT}:
                _send_as_the_service_does(box, letter)
        got.update((one.provider_id, got.get(one.provider_id, 0) + 1) for one in mail_in(all_of(box, cursor)))
        assert [place.received(letter) for letter in letters if box.look(letter).spot is Spot.SENT] == [1] * 5
        assert {item.id for item in place.world.items(SHARED)} <= got.keys()


def _send_as_the_service_does(box: Mailbox, letter: Letter) -> None:
    """Look, save, look, send: what is left after a cut is looked for before anything is done again."""
    if box.look(letter).spot is Spot.NOWHERE:
        box.save_draft(letter)
    if box.look(letter).spot in {Spot.DRAFT, Spot.NOWHERE}:
        with suppress(SignInNeeded):
            box.send_draft(letter)
