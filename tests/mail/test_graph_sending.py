"""Sending by Exchange Online: once or not at all, whatever breaks, and it is known which."""

import os
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest

from member_tracker.domain.correspondence import thread_index, thread_key
from member_tracker.domain.errors import NotAllowed, Offline, SignInNeeded, TooMuch, TrackerError
from member_tracker.domain.mailboxes import Holds, Right, SendingWay
from member_tracker.mail.graph import GraphMailbox
from member_tracker.mail.graph_attachments import CHUNK, MOST_MIME, lightened
from member_tracker.mail.graph_sending import OUR_SET, SEND_ATTEMPT, SEND_KEY
from member_tracker.mail.mailbox import Letter, Spot
from tests.fakes.exchange_items import Item, PropertyKey
from tests.fakes.exchange_items import Right as Allowed
from tests.fakes.exchange_world import World
from tests.fakes.graph_server import GraphServer
from tests.fakes.http_faults import Throttle
from tests.mail.graph_client import (
    CLERK,
    HOUSING,
    KEY,
    MONDAY,
    SHARED,
    clock,
    letter_to,
    mailbox,
    server,
    waits,
    world,
)
from tests.mail.messages import message

__all__ = ["clock", "mailbox", "server", "waits", "world"]

OUR_KEY = PropertyKey(OUR_SET.strip("{}"), "SendKey")
OUR_ATTEMPT = PropertyKey(OUR_SET.strip("{}"), "SendAttempt")


def with_files(*files: bytes) -> Letter:
    """A letter with these files, composed as ours are."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = SHARED, HOUSING, "Photographs"
    mail["Message-ID"] = f"<{KEY}@example.org>"
    mail["References"] = "<one@example.org> <two@example.org>"
    mail.set_content("As promised.\n")
    for number, content in enumerate(files):
        mail.add_attachment(content, maintype="image", subtype="jpeg", filename=f"Straße {number}.jpg")
    return letter_to(raw=mail.as_bytes())


def files_in(raw: bytes) -> dict[str, bytes]:
    """The attachments of a message by their names."""
    found = message_from_bytes(raw, policy=default)
    return {str(part.get_filename()): part.get_payload(decode=True) for part in found.iter_attachments()}  # type: ignore[misc]  # bytes


def drafts(world: World) -> list[Item]:
    return world.items(SHARED, "drafts")


def test_a_letter_is_nowhere_then_a_draft_then_sent(world: World, mailbox: GraphMailbox) -> None:
    letter = letter_to()
    assert mailbox.look(letter).spot is Spot.NOWHERE
    mailbox.save_draft(letter)
    assert mailbox.look(letter).spot is Spot.DRAFT
    mailbox.send_draft(letter)
    found = mailbox.look(letter)
    (sent,) = world.items(SHARED, "sentitems")
    assert found.spot is Spot.SENT
    assert found.receipt is not None
    assert (found.receipt.message_id, found.receipt.sent_at) == (letter.message_id, MONDAY)
    assert found.receipt.provider_id == sent.immutable_id
    assert [one.internet_message_id for one in world.items(HOUSING)] == [letter.message_id]
    assert drafts(world) == []


def test_the_receipt_has_the_key_of_outlooks_conversation(mailbox: GraphMailbox) -> None:
    index = thread_index(KEY, MONDAY)
    headers = (f"From: {SHARED}", f"To: {HOUSING}", f"Message-ID: <{KEY}@example.org>", f"Thread-Index: {index}")
    letter = letter_to(raw=message(*headers))
    mailbox.save_draft(letter)
    mailbox.send_draft(letter)
    receipt = mailbox.look(letter).receipt
    assert receipt is not None
    assert receipt.thread_key == thread_key(index)
    assert receipt.thread_key != ""


def test_the_message_id_the_server_gave_instead_is_told(world: World, mailbox: GraphMailbox) -> None:
    world.replaces_message_id = True
    letter = letter_to()
    mailbox.save_draft(letter)
    mailbox.send_draft(letter)
    receipt = mailbox.look(letter).receipt
    assert receipt is not None
    assert receipt.message_id == world.items(SHARED, "sentitems")[0].internet_message_id != letter.message_id


def test_a_mail_on_its_way_counts_as_tried_until_it_is_in_sent_items(world: World, mailbox: GraphMailbox) -> None:
    world.delay_sending()
    letter = letter_to()
    mailbox.save_draft(letter)
    mailbox.send_draft(letter)
    assert mailbox.look(letter).spot is Spot.TRIED
    mailbox.send_draft(letter)
    world.settle()
    assert mailbox.look(letter).spot is Spot.SENT
    assert len(world.items(HOUSING)) == 1


def test_sending_twice_sends_once(world: World, mailbox: GraphMailbox) -> None:
    letter = letter_to()
    mailbox.save_draft(letter)
    mailbox.send_draft(letter)
    mailbox.send_draft(letter)
    assert len(world.items(HOUSING)) == 1


def test_surplus_drafts_are_deleted_and_one_is_sent(world: World, mailbox: GraphMailbox) -> None:
    letter = letter_to()
    mailbox.save_draft(letter)
    world.save_draft(SHARED, letter.raw, {OUR_KEY: KEY})
    mailbox.send_draft(letter)
    assert drafts(world) == []
    assert len(world.items(HOUSING)) == 1


def test_a_draft_somebody_tried_to_send_is_left_for_a_person(world: World, mailbox: GraphMailbox) -> None:
    letter = letter_to()
    mailbox.save_draft(letter)
    world.update(drafts(world)[0], properties={OUR_ATTEMPT: "tried"})
    assert mailbox.look(letter).spot is Spot.TRIED
    mailbox.send_draft(letter)
    assert world.items(HOUSING) == []


def test_a_key_in_other_letters_is_not_ours(world: World, mailbox: GraphMailbox) -> None:
    world.save_draft(SHARED, message("Message-ID: <other@example.org>"), {OUR_KEY: KEY.upper()})
    assert mailbox.look(letter_to()).spot is Spot.NOWHERE


def test_a_draft_without_its_key_was_never_complete_and_is_made_again(world: World, mailbox: GraphMailbox) -> None:
    letter = letter_to()
    world.save_draft(SHARED, letter.raw)
    assert mailbox.look(letter).spot is Spot.NOWHERE
    mailbox.save_draft(letter)
    assert [one.properties.get(OUR_KEY) for one in drafts(world)] == [KEY]


def test_a_sent_mail_that_was_deleted_or_filed_was_still_sent(world: World, mailbox: GraphMailbox) -> None:
    letter = letter_to()
    mailbox.save_draft(letter)
    mailbox.send_draft(letter)
    (sent,) = world.items(SHARED, "sentitems")
    world.move(sent, "archive")
    assert mailbox.look(letter).spot is Spot.SENT
    world.update(sent, without=[OUR_KEY, OUR_ATTEMPT])
    world.move(sent, "deleteditems")
    assert mailbox.look(letter).spot is Spot.SENT
    world.delete(sent, hard=True)
    assert mailbox.look(letter).spot is Spot.NOWHERE


def test_a_mail_to_ourselves_is_sent_only_when_it_is_in_sent_items(world: World, mailbox: GraphMailbox) -> None:
    letter = letter_to(SHARED)
    world.deliver(SHARED, letter.raw, properties={OUR_KEY: KEY})
    assert mailbox.look(letter).spot is Spot.NOWHERE


def test_a_draft_somebody_deleted_is_nowhere(world: World, mailbox: GraphMailbox) -> None:
    letter = letter_to()
    mailbox.save_draft(letter)
    world.delete(drafts(world)[0])
    assert mailbox.look(letter).spot is Spot.NOWHERE
    mailbox.send_draft(letter)
    assert world.items(HOUSING) == []


# --- refused ----------------------------------------------------------------------------------------------------------


def test_who_may_not_send_as_the_mailbox_is_told_whom_to_ask_and_the_draft_stays_a_draft(
    world: World, mailbox: GraphMailbox
) -> None:
    world.revoke(CLERK, SHARED, Allowed.SEND_AS)
    letter = letter_to()
    mailbox.save_draft(letter)
    with pytest.raises(NotAllowed, match=f"may not send as {SHARED}") as refused:
        mailbox.send_draft(letter)
    assert f"Add-RecipientPermission {SHARED} -Trustee {CLERK}" in refused.value.advice
    assert mailbox.look(letter).spot is Spot.DRAFT
    world.grant(CLERK, SHARED, Allowed.SEND_AS)
    mailbox.send_draft(letter)
    assert mailbox.look(letter).spot is Spot.SENT


def test_too_large_a_mail_is_refused_with_advice(world: World, mailbox: GraphMailbox) -> None:
    world.max_message_size = 500
    with pytest.raises(NotAllowed, match="larger"):
        mailbox.save_draft(letter_to(body="x" * 1_000))
    assert drafts(world) == []


def test_a_draft_whose_recipients_somebody_changed_is_not_sent(world: World, mailbox: GraphMailbox) -> None:
    letter = letter_to()
    mailbox.save_draft(letter)
    changed = letter.raw.replace(f"To: {HOUSING}".encode(), f"To: {HOUSING}, {CLERK}".encode())
    world.update(drafts(world)[0], mime=changed)
    with pytest.raises(NotAllowed, match="changed"):
        mailbox.send_draft(letter)
    assert world.items(HOUSING) == []
    assert mailbox.look(letter).spot is Spot.DRAFT


@pytest.mark.parametrize("how", [Throttle.TOO_MANY, Throttle.UNAVAILABLE])
def test_a_server_too_busy_to_send_is_asked_once_and_the_draft_stays_a_draft(
    world: World, mailbox: GraphMailbox, server: GraphServer, waits: list[float], how: Throttle
) -> None:
    letter = letter_to()
    mailbox.save_draft(letter)
    server.faults.throttle(how=how, wait_seconds=7, operation="send_message")
    with pytest.raises(TooMuch) as busy:
        mailbox.send_draft(letter)
    assert busy.value.wait_seconds == 7
    assert waits == []
    assert server.traffic.by_operation()["send_message"] == 1
    assert mailbox.look(letter).spot is Spot.DRAFT
    mailbox.send_draft(letter)
    assert len(world.items(HOUSING)) == 1


# --- broken off -------------------------------------------------------------------------------------------------------


def test_an_answer_lost_while_sending_is_found_to_have_gone(
    world: World, mailbox: GraphMailbox, server: GraphServer
) -> None:
    letter = letter_to()
    mailbox.save_draft(letter)
    server.faults.lose_answer("send_message")
    with pytest.raises(Offline):
        mailbox.send_draft(letter)
    assert mailbox.look(letter).spot is Spot.SENT
    assert len(world.items(HOUSING)) == 1


def test_a_request_lost_while_sending_is_left_for_a_person(
    world: World, mailbox: GraphMailbox, server: GraphServer
) -> None:
    letter = letter_to()
    mailbox.save_draft(letter)
    server.faults.drop("send_message")
    with pytest.raises(Offline):
        mailbox.send_draft(letter)
    assert mailbox.look(letter).spot is Spot.TRIED
    assert world.items(HOUSING) == []


def test_a_sign_in_that_ends_just_before_the_sending_leaves_a_draft_that_goes_later(
    world: World, mailbox: GraphMailbox, server: GraphServer
) -> None:
    letter = letter_to()
    mailbox.save_draft(letter)
    server.faults.refuse_sign_in(9, operation="send_message")
    server.faults.refuse_sign_in(9, operation="change_message", skip=1)
    with pytest.raises(SignInNeeded):
        mailbox.send_draft(letter)
    server.faults.clear()
    assert mailbox.look(letter).spot is Spot.DRAFT
    mailbox.send_draft(letter)
    assert mailbox.look(letter).spot is Spot.SENT
    assert len(world.items(HOUSING)) == 1


@pytest.mark.parametrize("operation", ["create_message", "change_message"])
@pytest.mark.parametrize("lost", ["request", "answer"])
def test_a_cut_while_saving_leaves_one_draft_in_the_end(
    world: World, mailbox: GraphMailbox, server: GraphServer, operation: str, lost: str
) -> None:
    letter = letter_to()
    (server.faults.drop if lost == "request" else server.faults.lose_answer)(operation)
    with pytest.raises(Offline):
        mailbox.save_draft(letter)
    if mailbox.look(letter).spot is Spot.NOWHERE:
        mailbox.save_draft(letter)
    mailbox.send_draft(letter)
    assert mailbox.look(letter).spot is Spot.SENT
    assert len(world.items(HOUSING)) == 1
    assert drafts(world) == []


@pytest.mark.parametrize("seed", range(6))
def test_cuts_anywhere_never_send_a_mail_twice(
    world: World, mailbox: GraphMailbox, server: GraphServer, seed: int
) -> None:
    server.faults.cut_at_random(seed, chance=0.35, within=900)
    letter = letter_to()
    for _ in range(60):
        try:
            spot = mailbox.look(letter).spot
            if spot is Spot.NOWHERE:
                mailbox.save_draft(letter)
            elif spot is Spot.DRAFT:
                mailbox.send_draft(letter)
            else:
                break
        except Offline:
            continue
    server.faults.clear()
    spot = mailbox.look(letter).spot
    assert (spot, len(world.items(HOUSING))) in {(Spot.SENT, 1), (Spot.TRIED, 0)}


# --- attachments ------------------------------------------------------------------------------------------------------


def test_a_small_mail_goes_as_it_was_written() -> None:
    letter = with_files(b"\xff\xd8" * 1000)
    assert lightened(letter.raw) == (letter.raw, ())


def test_several_middling_files_go_one_by_one_and_arrive_whole(
    world: World, mailbox: GraphMailbox, server: GraphServer
) -> None:
    files = [os.urandom(1_400_000) for _ in range(3)]
    letter = with_files(*files)
    mailbox.save_draft(letter)
    mailbox.send_draft(letter)
    (arrived,) = world.items(HOUSING)
    assert sorted(files_in(arrived.mime).values()) == sorted(files)
    assert set(files_in(arrived.mime)) == {f"Straße {number}.jpg" for number in range(3)}
    assert message_from_bytes(arrived.mime)["References"] == "<one@example.org> <two@example.org>"
    assert server.traffic.by_operation()["create_upload_session"] == 0


def test_a_large_file_goes_in_pieces_without_our_token(
    world: World, mailbox: GraphMailbox, server: GraphServer
) -> None:
    large = os.urandom(2 * CHUNK + 12_345)
    letter = with_files(large, b"small")
    mailbox.save_draft(letter)
    assert server.traffic.by_operation()["upload"] == 3
    mailbox.send_draft(letter)
    (arrived,) = world.items(HOUSING)
    assert sorted(files_in(arrived.mime).values()) == sorted([large, b"small"])


@pytest.mark.parametrize("fault", ["drop", "lose_answer", "busy"])
def test_an_upload_goes_on_where_it_was_cut(
    world: World, mailbox: GraphMailbox, server: GraphServer, waits: list[float], fault: str
) -> None:
    large = os.urandom(2 * CHUNK + 5)
    letter = with_files(large)
    if fault == "busy":
        server.faults.throttle(operation="upload", skip=1, wait_seconds=3)
    else:
        getattr(server.faults, fault)("upload", skip=1)
    mailbox.save_draft(letter)
    mailbox.send_draft(letter)
    assert list(files_in(world.items(HOUSING)[0].mime).values()) == [large]
    assert sum(waits) > 0


def test_the_answer_to_the_last_piece_may_be_lost(world: World, mailbox: GraphMailbox, server: GraphServer) -> None:
    letter = with_files(os.urandom(CHUNK + 5))
    server.faults.lose_answer("upload", skip=1)
    try:
        mailbox.save_draft(letter)
    except TrackerError:
        assert mailbox.look(letter).spot is Spot.NOWHERE
        mailbox.save_draft(letter)
    mailbox.send_draft(letter)
    assert [len(files_in(one.mime)) for one in world.items(HOUSING)] == [1]


def test_an_upload_that_cannot_be_finished_leaves_no_draft_that_could_be_sent(
    world: World, mailbox: GraphMailbox, server: GraphServer
) -> None:
    letter = with_files(os.urandom(CHUNK + 5))
    server.faults.drop("upload", skip=1, times=20)
    with pytest.raises(Offline):
        mailbox.save_draft(letter)
    server.faults.clear()
    assert mailbox.look(letter).spot is Spot.NOWHERE
    mailbox.save_draft(letter)
    assert len(drafts(world)) == 1


def test_a_shared_mailbox_that_takes_no_large_files_is_said_so_with_advice(
    world: World, mailbox: GraphMailbox, server: GraphServer
) -> None:
    server.desk.large_uploads_refused_to_delegates = True
    with pytest.raises(NotAllowed, match="large attachments") as refused:
        mailbox.save_draft(with_files(os.urandom(CHUNK + 5)))
    assert "link" in refused.value.advice
    assert drafts(world) == []


def test_a_mail_that_is_large_without_files_is_left_whole() -> None:
    raw = letter_to(body="x" * (MOST_MIME + 10)).raw
    assert lightened(raw) == (raw, ())
    forwarded = with_files(b"x").raw.replace(b"attachment;", b"inline;") + b"x" * MOST_MIME
    assert lightened(forwarded)[1] == ()


# --- the proof --------------------------------------------------------------------------------------------------------


def everything_in(world: World) -> int:
    return sum(len(folder.items) for folder in world.mailbox(SHARED).folders.values())


@pytest.mark.parametrize("replaced", [False, True])
def test_the_way_of_sending_is_proved_by_a_mail_to_oneself_that_leaves_nothing(
    world: World, mailbox: GraphMailbox, replaced: bool
) -> None:
    world.replaces_message_id = replaced
    proof = mailbox.prove()
    found = {one.right: one.holds for one in proof.findings}
    assert proof.way is SendingWay.SEND_ITEM
    assert found == dict.fromkeys(Right, Holds.YES)
    assert everything_in(world) == 0


def test_a_proof_that_fails_says_why_and_leaves_nothing(world: World, mailbox: GraphMailbox) -> None:
    world.revoke(CLERK, SHARED, Allowed.SEND_AS)
    proof = mailbox.prove()
    found = {one.right: one for one in proof.findings}
    assert proof.way is None
    assert found[Right.SEND_AS].holds is Holds.NO
    assert "Add-RecipientPermission" in found[Right.SEND_AS].advice
    assert everything_in(world) == 0


def test_a_proof_that_is_not_seen_in_sent_items_is_no_proof(
    world: World, mailbox: GraphMailbox, waits: list[float]
) -> None:
    world.delay_sending()
    proof = mailbox.prove()
    assert proof.way is None
    assert any("not seen in Sent Items" in one.words for one in proof.findings)
    assert sum(waits) == 60


def test_a_rule_that_moves_the_test_mail_does_not_spoil_the_proof(
    world: World, mailbox: GraphMailbox, server: GraphServer
) -> None:
    def move() -> None:
        for item in world.items(SHARED, "inbox"):
            world.move(item, "archive")

    server.faults.after("send_message", move)
    proof = mailbox.prove()
    assert proof.way is SendingWay.SEND_ITEM
    assert any("has not come in" in one.words for one in proof.findings)
    assert everything_in(world) == 0


def test_the_names_of_our_properties_never_change() -> None:
    assert SEND_KEY == "String {5a2c0f5e-7b1d-4f0e-9c39-1d6a3a8e2b47} Name SendKey"
    assert SEND_ATTEMPT == "String {5a2c0f5e-7b1d-4f0e-9c39-1d6a3a8e2b47} Name SendAttempt"
