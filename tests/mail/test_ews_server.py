"""The test Exchange server, held honest by exchangelib: no code of ours on the client's side."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from exchangelib import BASIC, NTLM, Account, FileAttachment, Message, Q
from exchangelib.errors import (
    ErrorAccessDenied,
    ErrorFolderNotFound,
    ErrorInvalidSyncStateData,
    ErrorIrresolvableConflict,
    ErrorItemNotFound,
    ErrorMessageSizeExceeded,
    ErrorSendAsDenied,
    ErrorStaleObject,
    UnauthorizedError,
)

from tests.fakes.ews_server import EwsServer
from tests.fakes.ews_sign_in import BASIC as BASIC_WAY
from tests.fakes.ews_sign_in import NTLM as NTLM_WAY
from tests.fakes.exchange_items import INTERNET_HEADERS, PropertyKey, Right
from tests.fakes.exchange_world import World
from tests.fakes.http_loopback import make_ca
from tests.fakes.imaginary_council import CLERK, SHARED, imaginary_council
from tests.mail.exchange_client import account, changes, draft, exchangelib_alone, look, mail, send

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return imaginary_council(lambda: NOON)


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path) -> Iterator[None]:
    with exchangelib_alone(tmp_path):
        yield


@pytest.fixture
def server(world: World) -> Iterator[EwsServer]:
    with EwsServer(world) as running:
        yield running


@pytest.fixture
def mailbox(server: EwsServer) -> Account:
    return account(server)


# --- signing in


@pytest.mark.parametrize("way", [BASIC, NTLM])
def test_a_clerk_with_full_access_opens_the_shared_mailbox_by(way: str, server: EwsServer) -> None:
    inbox = account(server, auth_type=way).inbox
    assert (inbox.name, inbox.total_count) == ("Inbox", 0)
    assert {one.user for one in server.traffic.served if one.status == 200} == {CLERK}


def test_the_way_of_signing_in_and_the_version_can_be_asked_of_the_server(server: EwsServer) -> None:
    opened = account(server, auth_type=None)
    assert opened.protocol.auth_type == NTLM
    assert opened.version.api_version == "Exchange2016"


@pytest.mark.parametrize("way", [BASIC, NTLM])
def test_a_wrong_password_is_refused_by(way: str, server: EwsServer) -> None:
    with pytest.raises(UnauthorizedError):
        account(server, password="wrong", auth_type=way).inbox.refresh()


def test_nobody_signs_in_as_a_shared_mailbox(server: EwsServer) -> None:
    with pytest.raises(UnauthorizedError):
        account(server, user=SHARED).inbox.refresh()


def test_a_server_may_offer_one_way_only(world: World) -> None:
    with EwsServer(world, ways=(BASIC_WAY,)) as running:
        assert account(running, auth_type=None).protocol.auth_type == BASIC


def test_ntlm_over_tls_names_the_certificate_of_the_councils_own_authority(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = make_ca(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.ca_file))
    with EwsServer(world, authority=authority, ways=(NTLM_WAY,), needs_channel_binding=True) as running:
        assert running.url.startswith("https://")
        assert account(running, auth_type=NTLM).inbox.name == "Inbox"


def test_a_mailbox_without_full_access_stays_closed(server: EwsServer) -> None:
    closed = account(server, "housing@example.org")
    with pytest.raises(ErrorFolderNotFound):
        closed.inbox.refresh()
    server.world.grant(CLERK, "housing@example.org", Right.FULL_ACCESS)
    assert account(server, "housing@example.org").inbox.name == "Inbox"


# --- reading


def test_a_folder_is_followed_page_by_page_and_then_change_by_change(mailbox: Account, world: World) -> None:
    items = [world.deliver(SHARED, mail(f"No {number}")) for number in range(5)]
    first, state = changes(mailbox, most=2)
    assert [(kind, item.subject) for kind, item in first] == [("create", f"No {number}") for number in range(5)]
    world.mark_read(items[0])
    world.update(items[1], mime=mail("Another"))
    world.delete(items[2], hard=True)
    gone, moved = items[3].id, world.move(items[4], "junkemail")
    world.delete(items[3])
    second, state = changes(mailbox, state)
    assert sorted(kind for kind, _ in second) == ["delete", "delete", "delete", "read_flag_change", "update"]
    assert gone != moved.id
    assert changes(mailbox, state)[0] == []


def test_a_state_the_server_forgot_is_refused(mailbox: Account, world: World) -> None:
    _, state = changes(mailbox)
    world.forget_sync_state(SHARED)
    with pytest.raises(ErrorInvalidSyncStateData):
        changes(mailbox, state)
    mailbox.inbox.item_sync_state = None
    assert changes(mailbox)[0] == []


def test_a_whole_message_comes_back_byte_for_byte(mailbox: Account, world: World, server: EwsServer) -> None:
    raw = "From: a@example.org\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\nMessage-ID: <1@x>\r\n\r\nHello\x01 é\r\n".encode()
    world.deliver(SHARED, raw, item_class="IPM.Note.Rules.OofTemplate.Microsoft", received_at=NOON - timedelta(days=1))
    found = mailbox.inbox.all().only("mime_content", "subject", "item_class", "datetime_received", "message_id")[0]
    assert found.mime_content == raw
    assert (found.subject, found.message_id) == ("café", "<1@x>")
    assert found.item_class == "IPM.Note.Rules.OofTemplate.Microsoft"
    assert found.datetime_received == NOON - timedelta(days=1)
    assert server.traffic.mimes_sent == 1


def test_items_are_found_by_date_message_id_and_words_of_the_subject(mailbox: Account, world: World) -> None:
    for days in range(4):
        world.deliver(SHARED, mail(f"Day {days}"), received_at=NOON - timedelta(days=days))
    recent = mailbox.inbox.filter(datetime_received__gte=NOON - timedelta(days=1))
    assert {one.subject for one in recent.only("subject")} == {"Day 0", "Day 1"}
    assert [one.subject for one in mailbox.inbox.filter(message_id="<Day 3@ours.example.org>").only("subject")] == [
        "Day 3"
    ]
    assert mailbox.inbox.filter(subject__icontains="day 2").count() == 1
    assert mailbox.inbox.filter(Q(subject="Day 1") | Q(subject="Day 2")).count() == 2
    ordered = mailbox.inbox.all().order_by("datetime_received").only("subject")
    assert [one.subject for one in ordered] == ["Day 3", "Day 2", "Day 1", "Day 0"]


def test_a_listing_is_given_in_pages(mailbox: Account, world: World, server: EwsServer) -> None:
    world.deliver_many(SHARED, ((NOON, mail(f"No {number}")) for number in range(25)))
    listing = mailbox.inbox.all().only("subject")
    listing.page_size = 10
    assert len(list(listing)) == 25
    assert server.traffic.count("FindItem") == 3


def test_an_attachment_is_fetched_by_itself(mailbox: Account, world: World) -> None:
    message = Message(
        account=mailbox,
        folder=mailbox.drafts,
        subject="With a plan",
        body="See the plan",
        attachments=[FileAttachment(name="plan.txt", content=b"The plan\r\n")],
    )
    message.save()
    kept = mailbox.drafts.all().only("attachments", "has_attachments", "body")[0]
    assert kept.has_attachments
    assert [(one.name, one.content) for one in kept.attachments] == [("plan.txt", b"The plan\r\n")]
    assert "See the plan" in kept.body
    assert world.items(SHARED, "drafts")[0].is_draft


def test_folders_are_made_and_listed(mailbox: Account, world: World) -> None:
    world.add_folder(SHARED, "Enquiries", parent="inbox")
    assert [one.name for one in mailbox.inbox.children] == ["Enquiries"]


def test_a_moved_item_has_another_id_and_the_old_one_is_not_found(mailbox: Account, world: World) -> None:
    world.deliver(SHARED, mail())
    item = mailbox.inbox.all()[0]
    before = item.id
    item.move(to_folder=mailbox.junk)
    assert item.id != before
    assert [type(one) for one in mailbox.fetch([(before, None)])] == [ErrorItemNotFound]
    item.delete()
    assert mailbox.junk.all().count() == 0


# --- sending


def test_a_draft_found_by_its_key_in_any_case_is_sent_by_a_change_and_by_no_second_one(
    mailbox: Account, world: World
) -> None:
    saved = draft(mailbox)
    (found,) = look(mailbox, "drafts", "0A1B")
    assert found.id == saved.id
    assert send(mailbox, found) == []
    assert look(mailbox, "drafts") == []
    (sent,) = look(mailbox, "sent")
    assert sent.message_id == "<Damp@ours.example.org>"
    assert [type(one) for one in send(mailbox, found)] == [ErrorItemNotFound]
    assert len(world.items("housing@example.org")) == 1
    assert world.items("housing@example.org")[0].properties == {}


def test_sending_may_take_the_server_a_while(mailbox: Account, world: World) -> None:
    world.delay_sending()
    send(mailbox, draft(mailbox))
    assert (len(look(mailbox, "outbox")), len(look(mailbox, "sent"))) == (1, 0)
    assert world.items("housing@example.org") == []
    world.settle()
    assert (len(look(mailbox, "outbox")), len(look(mailbox, "sent"))) == (0, 1)
    assert len(world.items("housing@example.org")) == 1


def test_sending_may_take_so_many_looks(mailbox: Account, world: World) -> None:
    world.delay_sending(2)
    send(mailbox, draft(mailbox))
    assert [len(look(mailbox, "sent")) for _ in range(3)] == [0, 0, 1]


def test_a_server_may_give_the_message_another_id(mailbox: Account, world: World) -> None:
    world.replaces_message_id = True
    send(mailbox, draft(mailbox))
    (sent,) = look(mailbox, "sent")
    assert sent.message_id != "<Damp@ours.example.org>"
    assert [one.internet_message_id for one in world.items("housing@example.org")] == [sent.message_id]


def test_send_item_wants_the_newest_change_key(mailbox: Account, world: World) -> None:
    saved = draft(mailbox)
    world.update(world.items(SHARED, "drafts")[0], properties={PropertyKey("x", "y"): "z"})
    with pytest.raises(ErrorStaleObject):
        saved.send(save_copy=True)
    (fresh,) = look(mailbox, "drafts")
    fresh.send(save_copy=True)
    assert len(look(mailbox, "sent")) == 1


def test_a_change_that_may_not_overwrite_another_is_refused(mailbox: Account, world: World) -> None:
    saved = draft(mailbox)
    world.mark_read(world.items(SHARED, "drafts")[0], is_read=False)
    saved.tried_attempt = "1"
    with pytest.raises(ErrorIrresolvableConflict):
        saved.save(update_fields=["tried_attempt"], conflict_resolution="NeverOverwrite")


def test_one_call_composes_and_sends(mailbox: Account, world: World) -> None:
    message = Message(account=mailbox, folder=mailbox.sent, mime_content=mail(more="X-Enquiry-Ref: ENQ-1\r\n"))
    message.send_and_save()
    assert len(world.items(SHARED, "sentitems")) == 1
    (arrived,) = world.items("housing@example.org")
    assert b"X-Enquiry-Ref: ENQ-1" in arrived.mime
    assert arrived.mime.startswith(b"Received: ")


def test_a_header_set_as_a_property_arrives_even_where_the_servers_strip_others(mailbox: Account, world: World) -> None:
    world.strips_x_headers = True
    draft(mailbox, more="X-Enquiry-Ref: ENQ-1\r\n")
    (saved,) = world.items(SHARED, "drafts")
    world.update(saved, properties={PropertyKey(INTERNET_HEADERS, "X-Enquiry-Key"): "abc"})
    send(mailbox, look(mailbox, "drafts")[0])
    (arrived,) = world.items("housing@example.org")
    assert b"X-Enquiry-Key: abc" in arrived.mime
    assert b"X-Enquiry-Ref" not in arrived.mime


def test_an_absent_person_answers_once_and_an_unknown_address_comes_back(mailbox: Account, world: World) -> None:
    for key in ("a", "b"):
        send(mailbox, draft(mailbox, key, subject=f"Asked {key}", to="planning@example.org"))
    send(mailbox, draft(mailbox, "c", to="nobody@example.org"))
    found = mailbox.inbox.all().order_by("datetime_created", "item_class").only("item_class", "subject")
    assert {(one.item_class, one.subject) for one in found} == {
        ("IPM.Note.Rules.OofTemplate.Microsoft", "Automatic reply: Asked a"),
        ("REPORT.IPM.Note.NDR", "Undeliverable: Damp"),
    }
    assert found.count() == 2


def test_sending_as_another_needs_the_right_to(mailbox: Account, world: World) -> None:
    world.revoke(CLERK, SHARED, Right.SEND_AS)
    with pytest.raises(ErrorSendAsDenied):
        send(mailbox, draft(mailbox))
    assert len(look(mailbox, "drafts")) == 1
    world.grant(CLERK, SHARED, Right.SEND_ON_BEHALF)
    send(mailbox, look(mailbox, "drafts")[0])
    assert b"Sender: a.clerk@example.org" in world.items("housing@example.org")[0].mime


def test_a_message_over_the_limit_is_not_even_saved(mailbox: Account, world: World) -> None:
    world.max_message_size = 100
    with pytest.raises(ErrorMessageSizeExceeded):
        draft(mailbox)
    assert world.items(SHARED, "drafts") == []


def test_what_lies_in_a_closed_mailbox_is_refused(server: EwsServer, mailbox: Account, world: World) -> None:
    world.deliver("housing@example.org", mail())
    closed = world.items("housing@example.org")[0].id
    with pytest.raises(ErrorAccessDenied):
        list(mailbox.fetch([(closed, None)]))
