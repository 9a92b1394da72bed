"""Sending through an Exchange Server: once or not at all, whatever breaks between the steps."""

from collections.abc import Callable

import pytest

from member_tracker.domain.errors import NotAllowed, Offline, SignInNeeded, TooMuch, TrackerError, Unavailable
from member_tracker.domain.mailboxes import SendingWay
from member_tracker.mail import ews_xml as xml
from member_tracker.mail.ews import EwsMailbox
from member_tracker.mail.mailbox import Letter, Spot
from tests.fakes.exchange_items import PropertyKey, Right
from tests.fakes.http_faults import Throttle
from tests.fakes.imaginary_council import CLERK, SHARED
from tests.mail.ews_office import Office, message, office

KEY = PropertyKey(xml.OUR_PROPERTIES, xml.KEY)
ATTEMPT = PropertyKey(xml.OUR_PROPERTIES, xml.ATTEMPT)
WITH_DRAFTS = (SendingWay.UPDATE, SendingWay.SEND_ITEM)
WAYS = tuple(SendingWay)


def _spot(box: EwsMailbox, letter: Letter) -> Spot:
    return box.look(letter).spot


def _send(box: EwsMailbox, letter: Letter) -> None:
    """What the service does, without its commits."""
    if _spot(box, letter) is Spot.NOWHERE:
        box.save_draft(letter)
    box.send_draft(letter)


@pytest.mark.parametrize("way", WITH_DRAFTS)
def test_a_letter_goes_from_nowhere_through_drafts_to_sent_items(way: SendingWay) -> None:
    with office() as place:
        box, letter = place.box(sending=way), place.letter()
        assert box.drafts
        assert _spot(box, letter) is Spot.NOWHERE
        box.save_draft(letter)
        assert (_spot(box, letter), place.lies_in(letter)) == (Spot.DRAFT, ["drafts"])
        (draft,) = place.world.items(SHARED, "drafts")
        assert (draft.mime, draft.properties) == (letter.raw, {KEY: letter.key})
        box.send_draft(letter)
        found = box.look(letter)
        assert (found.spot, place.lies_in(letter), place.received(letter)) == (Spot.SENT, ["sentitems"], 1)
        (sent,) = place.world.items(SHARED, "sentitems")
        receipt = found.receipt
        assert receipt is not None
        assert (receipt.message_id, receipt.provider_id, receipt.sent_at) == (letter.message_id, sent.id, place.clock())
        assert receipt.thread_key
        assert len(receipt.thread_key) == 44


def test_where_there_are_no_drafts_a_letter_is_made_and_sent_in_one_act() -> None:
    with office() as place:
        box, letter = place.box(sending=SendingWay.CREATE), place.letter()
        assert not box.drafts
        box.save_draft(letter)
        assert _spot(box, letter) is Spot.NOWHERE
        box.send_draft(letter)
        assert (_spot(box, letter), place.received(letter)) == (Spot.SENT, 1)


def test_the_message_id_the_server_gave_it_is_told() -> None:
    with office() as place:
        place.world.replaces_message_id = True
        box, letter = place.box(), place.letter()
        _send(box, letter)
        receipt = box.look(letter).receipt
        (sent,) = place.world.items(SHARED, "sentitems")
        assert receipt is not None
        assert receipt.message_id == sent.internet_message_id != letter.message_id


def test_sending_takes_its_time_and_until_then_nobody_can_say() -> None:
    with office() as place:
        place.world.delay_sending()
        box, letter = place.box(), place.letter()
        _send(box, letter)
        assert _spot(box, letter) is Spot.TRIED
        place.world.settle()
        assert _spot(box, letter) is Spot.SENT


def test_sending_twice_sends_once() -> None:
    with office() as place:
        box, letter = place.box(), place.letter()
        _send(box, letter)
        box.send_draft(letter)
        place.box().send_draft(letter)
        assert place.received(letter) == 1


def test_two_letters_do_not_get_in_each_others_way() -> None:
    with office() as place:
        box, one, other = place.box(), place.letter(), place.letter()
        box.save_draft(one)
        box.save_draft(other)
        box.send_draft(other)
        assert (_spot(box, one), _spot(box, other)) == (Spot.DRAFT, Spot.SENT)


def test_a_second_draft_of_a_letter_is_thrown_away_before_it_is_sent() -> None:
    with office() as place:
        box, letter = place.box(), place.letter()
        box.save_draft(letter)
        box.save_draft(letter)
        assert _spot(box, letter) is Spot.DRAFT
        box.send_draft(letter)
        assert (place.lies_in(letter), place.received(letter)) == (["sentitems"], 1)


def test_a_draft_left_beside_what_was_sent_is_thrown_away() -> None:
    with office() as place:
        box, letter = place.box(), place.letter()
        _send(box, letter)
        box.save_draft(letter)
        assert _spot(box, letter) is Spot.SENT
        assert place.lies_in(letter) == ["sentitems"]


def test_a_draft_somebody_tried_to_send_is_for_a_person() -> None:
    with office() as place:
        letter = place.letter()
        place.world.save_draft(SHARED, letter.raw, {KEY: letter.key, ATTEMPT: "2026-11-20T11:59:00Z"})
        assert _spot(place.box(), letter) is Spot.TRIED


def test_a_sent_letter_that_was_deleted_was_sent() -> None:
    with office() as place:
        box, letter = place.box(), place.letter()
        _send(box, letter)
        place.world.delete(place.world.items(SHARED, "sentitems")[0])
        assert _spot(box, letter) is Spot.SENT


def test_a_deleted_draft_was_not_sent() -> None:
    with office() as place:
        box, letter = place.box(), place.letter()
        box.save_draft(letter)
        place.world.delete(place.world.items(SHARED, "drafts")[0])
        assert _spot(box, letter) is Spot.NOWHERE


def test_a_key_is_compared_letter_by_letter() -> None:
    with office() as place:
        letter = place.letter()
        key = letter.key[:-1] + "A"
        other = Letter(key=key, message_id="<other@example.org>", raw=message("other", sender=SHARED, to=CLERK))
        place.world.save_draft(SHARED, other.raw, {KEY: key})
        like = Letter(key=key.lower(), message_id="<like@example.org>", raw=b"")
        assert _spot(place.box(), like) is Spot.NOWHERE


@pytest.mark.parametrize("way", WAYS)
def test_a_server_that_does_not_search_is_searched_by_hand(way: SendingWay) -> None:
    with office() as place:
        place.server.switches.ignores_restrictions = True
        box, letter, other = place.box(sending=way), place.letter(), place.letter()
        _send(box, other)
        assert _spot(box, letter) is Spot.NOWHERE
        _send(box, letter)
        assert (_spot(box, letter), place.received(letter)) == (Spot.SENT, 1)


def test_a_copy_in_sent_items_that_lost_its_key_is_known_by_its_message_id() -> None:
    with office() as place:
        box, letter = place.box(), place.letter()
        _send(box, letter)
        place.world.update(place.world.items(SHARED, "sentitems")[0], without=[KEY, ATTEMPT])
        assert _spot(box, letter) is Spot.SENT


# --- refusals


def test_who_may_not_send_as_the_mailbox_is_told_whom_to_ask_and_the_draft_waits() -> None:
    with office() as place:
        place.world.revoke(CLERK, SHARED, Right.SEND_AS)
        for way in WITH_DRAFTS:
            box, letter = place.box(sending=way), place.letter()
            box.save_draft(letter)
            with pytest.raises(NotAllowed, match="does not let you send as") as told:
                box.send_draft(letter)
            assert "Add-ADPermission" in told.value.advice
            assert _spot(box, letter) is Spot.DRAFT
            assert _spot(place.box(sending=way), letter) is Spot.DRAFT
            place.world.grant(CLERK, SHARED, Right.SEND_AS)
            box.send_draft(letter)
            assert (_spot(box, letter), place.received(letter)) == (Spot.SENT, 1)
            place.world.revoke(CLERK, SHARED, Right.SEND_AS)


def test_a_refusal_of_the_one_act_leaves_nothing() -> None:
    with office() as place:
        place.world.revoke(CLERK, SHARED, Right.SEND_AS)
        box, letter = place.box(sending=SendingWay.CREATE), place.letter()
        with pytest.raises(NotAllowed):
            box.send_draft(letter)
        assert _spot(box, letter) is Spot.NOWHERE


def test_a_letter_too_large_for_the_server_is_refused_in_words() -> None:
    with office() as place:
        place.world.max_message_size = 10_000
        box = place.box()
        with pytest.raises(NotAllowed, match="larger than the server takes"):
            box.save_draft(place.letter(size=20_000))


@pytest.mark.parametrize("way", WITH_DRAFTS)
@pytest.mark.parametrize("how", list(Throttle))
def test_a_busy_server_neither_loses_nor_doubles_a_letter(way: SendingWay, how: Throttle) -> None:
    step = "UpdateItem" if way is SendingWay.UPDATE else "SendItem"
    with office() as place:
        box, letter = place.box(sending=way), place.letter()
        box.save_draft(letter)
        place.server.faults.throttle(how=how, wait_seconds=30, operation=step)
        with pytest.raises(TooMuch) as told:
            box.send_draft(letter)
        assert told.value.wait_seconds == 30
        assert _spot(box, letter) is Spot.DRAFT
        box.send_draft(letter)
        assert (_spot(box, letter), place.received(letter)) == (Spot.SENT, 1)


def test_a_password_that_runs_out_before_sending_leaves_the_draft() -> None:
    with office() as place:
        box, letter = place.box(sending=SendingWay.SEND_ITEM), place.letter()
        box.save_draft(letter)
        box.look(letter)
        place.server.faults.refuse_sign_in(operation="SendItem", times=9)
        with pytest.raises(SignInNeeded):
            box.send_draft(letter)
        place.server.faults.clear()
        assert _spot(box, letter) is Spot.DRAFT


# --- whatever breaks


def _step_save(box: EwsMailbox, letter: Letter) -> None:
    box.save_draft(letter)


def _step_send(box: EwsMailbox, letter: Letter) -> None:
    box.send_draft(letter)


def _step_look(box: EwsMailbox, letter: Letter) -> None:
    box.look(letter)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("lost", [True, False])
@pytest.mark.parametrize(
    ("step", "operation"),
    [(_step_save, "CreateItem"), (_step_send, "UpdateItem"), (_step_send, "SendItem"), (_step_look, "FindItem")],
)
def test_a_cut_at_any_call_never_sends_twice_and_loses_nothing(
    way: SendingWay, lost: bool, step: Callable[[EwsMailbox, Letter], None], operation: str
) -> None:
    with office() as place:
        letter = place.letter()
        box = place.box(sending=way)
        box.look(letter)
        cut = place.server.faults.lose_answer if lost else place.server.faults.drop
        if step is not _step_save and box.drafts:
            box.save_draft(letter)
        cut(operation, times=2)
        with _whatever_breaks():
            step(box, letter)
        place.server.faults.clear()
        _goes_on(place, letter, way)
        assert place.received(letter) == 1
        assert place.lies_in(letter) == ["sentitems"]


def _whatever_breaks() -> "_Broken":
    return _Broken()


class _Broken:
    """Lets what cannot be reached pass, as the service does, and nothing else."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is not None and issubclass(kind, Unavailable)


def _goes_on(place: Office, letter: Letter, way: SendingWay) -> None:
    """The next run of the program after a crash: it looks, and sends only what lies where it was not tried."""
    box = place.box(sending=way)
    spot = _spot(box, letter)
    if spot is Spot.NOWHERE:
        box.save_draft(letter)
        box.send_draft(letter)
    elif spot in {Spot.DRAFT, Spot.TRIED}:  # a person who looks into Drafts says that it did not go
        box.send_draft(letter)
    assert _spot(box, letter) is Spot.SENT


@pytest.mark.parametrize("way", WAYS)
def test_after_a_lost_answer_the_letter_is_found_where_it_lies(way: SendingWay) -> None:
    step = {SendingWay.UPDATE: "UpdateItem", SendingWay.SEND_ITEM: "SendItem", SendingWay.CREATE: "CreateItem"}[way]
    with office() as place:
        box, letter = place.box(sending=way), place.letter()
        box.save_draft(letter)
        box.look(letter)
        place.server.faults.lose_answer(step)
        with pytest.raises(Offline):
            box.send_draft(letter)
        assert _spot(box, letter) is _spot(place.box(sending=way), letter) is Spot.SENT
        assert place.server.traffic.count(step) == 1
        assert place.received(letter) == 1


def test_a_server_that_does_not_send_what_is_changed_leaves_it_for_a_person() -> None:
    with office() as place:
        place.server.switches.update_does_not_send = True
        box, letter = place.box(), place.letter()
        _send(box, letter)
        assert (_spot(box, letter), place.received(letter)) == (Spot.TRIED, 0)


def test_an_answer_in_an_unexpected_shape_is_no_failure() -> None:
    with office() as place:
        place.server.switches.odd_send_item_response = True
        box, letter = place.box(sending=SendingWay.SEND_ITEM), place.letter()
        _send(box, letter)
        assert (_spot(box, letter), place.received(letter)) == (Spot.SENT, 1)
        place.server.schema_errors.clear()


def test_a_server_that_fails_while_sending_leaves_it_for_a_person() -> None:
    with office() as place:
        place.server.switches.send_item_fails = True
        box, letter = place.box(sending=SendingWay.SEND_ITEM), place.letter()
        box.save_draft(letter)
        with pytest.raises(TrackerError, match="ErrorInternalServerError"):
            box.send_draft(letter)
        assert _spot(box, letter) is Spot.TRIED
