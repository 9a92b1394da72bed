"""The test Exchange server on a bad day, and as a lesser server: what exchangelib and the bare wire see of it."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest
from exchangelib import Account, EWSDateTime, EWSTimeZone, Mailbox
from exchangelib.errors import ErrorInternalServerError, ErrorServerBusy, EWSError, RateLimitError, UnauthorizedError
from exchangelib.properties import SendingAs
from exchangelib.services import GetMailTips, GetUserSettings
from exchangelib.util import create_element

from tests.fakes import schema_check
from tests.fakes.ews_server import EwsServer
from tests.fakes.exchange_items import AutomaticReply, Busy
from tests.fakes.exchange_world import DEFAULT_PASSWORD, World
from tests.fakes.http_faults import Throttle
from tests.fakes.imaginary_council import CLERK, SHARED, imaginary_council
from tests.mail.exchange_client import account, changes, draft, exchangelib_alone, look, mail, send

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
LONDON = EWSTimeZone("Europe/London")
ENVELOPE = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"'
    ' xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><s:Header>'
    '<t:RequestServerVersion Version="{version}"/></s:Header><s:Body>{body}</s:Body></s:Envelope>'
)
INBOX = (
    "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>"
    '<m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder>'
)


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


def ask(
    server: EwsServer,
    body: str,
    *,
    version: str = "Exchange2016",
    method: str = "POST",
    path: str = "/EWS/Exchange.asmx",
    whole: str = ENVELOPE,
) -> tuple[int, dict[str, str], str]:
    """One request over the bare wire: status, header fields and text of the answer."""
    connection = HTTPConnection(urlsplit(server.url).netloc)
    word = b64encode(f"{CLERK}:{DEFAULT_PASSWORD}".encode()).decode()
    try:
        text = whole.format(version=version, body=body).encode()
        connection.request(method, path, text, {"Authorization": f"Basic {word}"})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


# --- the wire


def test_stricter_clients_are_content_with_path_type_and_get(server: EwsServer) -> None:
    status, headers, _ = ask(server, INBOX, path="/ews/EXCHANGE.ASMX")
    assert (status, headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert ask(server, "", method="GET")[0] == 200
    assert ask(server, INBOX, path="/ews/other")[0] == 404


def test_an_unknown_version_or_operation_is_a_fault(server: EwsServer) -> None:
    status, _, text = ask(server, INBOX, version="Exchange2019")
    assert (status, "ErrorInvalidServerVersion" in text) == (500, True)
    status, _, text = ask(server, "<m:EmptyFolder/>")
    assert (status, "ErrorSchemaValidation" in text) == (500, True)
    server.schema_errors.clear()


@pytest.mark.skipif(
    not schema_check.available(), reason="the published schemas (shared, beside the project) are not here"
)
def test_a_message_out_of_shape_is_noticed(server: EwsServer) -> None:
    wrong = INBOX.replace("<t:BaseShape>IdOnly</t:BaseShape>", "<t:BaseShape>Everything</t:BaseShape>")
    ask(server, wrong)
    assert [one.partition(":")[0] for one in server.schema_errors] == ["request"] * len(server.schema_errors) != []
    with pytest.raises(AssertionError, match="Everything"):
        server.check()
    server.schema_errors.clear()


def test_autodiscover_names_the_web_service_in_both_dialects(server: EwsServer, mailbox: Account) -> None:
    assert mailbox.version.api_version == "Exchange2016"
    mailbox.protocol.config.service_endpoint = server.root_url + "/autodiscover/autodiscover.svc"
    (found,) = GetUserSettings(protocol=mailbox.protocol).call(users=[CLERK], settings=["external_ews_url"])
    assert found.user_settings == {"external_ews_url": server.url}
    asked = "<Autodiscover><Request><EMailAddress>{body}</EMailAddress></Request></Autodiscover>"
    _, _, text = ask(server, CLERK, whole=asked, path="/Autodiscover/Autodiscover.xml")
    assert f"EwsUrl>{server.url}</" in text
    _, _, text = ask(server, "nobody@example.org", whole=asked, path="/autodiscover/autodiscover.xml")
    assert "ErrorCode>500</" in text


# --- faults


@pytest.mark.parametrize(
    ("how", "error"),
    [
        (Throttle.TOO_MANY, RateLimitError),
        (Throttle.UNAVAILABLE, ErrorServerBusy),
        (Throttle.BUSY_FAULT, ErrorServerBusy),
    ],
)
def test_a_busy_server_says_so_and_how_long(
    how: Throttle, error: type[Exception], mailbox: Account, server: EwsServer
) -> None:
    mailbox.inbox.refresh()
    server.faults.throttle(how=how, wait_seconds=7, operation="GetFolder")
    with pytest.raises((error, EWSError)) as refused:
        mailbox.inbox.refresh()
    if how is Throttle.BUSY_FAULT:
        assert getattr(refused.value, "back_off", None) == 7
    mailbox.inbox.refresh()


def test_an_answer_cut_short_has_done_what_was_asked(mailbox: Account, world: World, server: EwsServer) -> None:
    mailbox.inbox.refresh()
    server.faults.cut_answer(300, "CreateItem")
    with pytest.raises(EWSError):
        draft(mailbox)
    assert len(world.items(SHARED, "drafts")) == 1
    server.faults.lose_answer("UpdateItem")
    with pytest.raises(EWSError):
        send(mailbox, look(mailbox, "drafts")[0])
    assert len(look(mailbox, "sent")) == 1
    assert server.traffic.cuts() == 2


def test_a_request_cut_short_has_done_nothing(mailbox: Account, world: World, server: EwsServer) -> None:
    mailbox.inbox.refresh()
    server.faults.drop("CreateItem")
    with pytest.raises(EWSError):
        draft(mailbox)
    server.faults.cut_request(50)
    with pytest.raises(EWSError):
        draft(mailbox)
    assert world.items(SHARED, "drafts") == []
    draft(mailbox)


def test_the_same_seed_cuts_in_the_same_places(world: World) -> None:
    def cuts() -> list[str]:
        with EwsServer(world) as server:
            server.faults.cut_at_random(7, chance=0.5, within=600)
            for _ in range(12):
                with suppress(OSError, EWSError, ValueError):
                    ask(server, INBOX)
            return [one.cut.name for one in server.traffic.served]

    first = cuts()
    assert {"NOWHERE", "IN_REQUEST", "IN_ANSWER"} >= set(first) > {"NOWHERE"}
    assert cuts() == first


def test_a_password_may_be_refused_in_the_middle_of_a_day(mailbox: Account, server: EwsServer) -> None:
    mailbox.inbox.refresh()
    server.faults.refuse_sign_in(operation="GetFolder")
    with pytest.raises(UnauthorizedError):
        mailbox.inbox.refresh()


def test_hooks_run_before_and_after_an_act(mailbox: Account, world: World, server: EwsServer) -> None:
    seen: list[int] = []
    server.faults.before("CreateItem", lambda: seen.append(len(world.items(SHARED, "drafts"))))
    server.faults.after("CreateItem", lambda: seen.append(len(world.items(SHARED, "drafts"))))
    draft(mailbox)
    assert seen == [0, 1]


def test_the_most_connections_at_once_are_counted(server: EwsServer) -> None:
    both_here = Event()
    waiting: list[int] = []

    def wait() -> None:
        waiting.append(1)
        if len(waiting) == 2:
            both_here.set()
        assert both_here.wait(10)

    server.faults.before("GetFolder", wait)
    asking = [Thread(target=ask, args=(server, INBOX)) for _ in range(2)]
    for one in asking:
        one.start()
    for one in asking:
        one.join(10)
    assert (server.traffic.most_connections, server.traffic.most_at_once) == (2, 2)


# --- who is there


def test_free_and_busy_times_are_told_in_the_askers_zone(mailbox: Account, world: World) -> None:
    world.busy(
        "roads@example.org", datetime(2026, 7, 1, 9, 0, tzinfo=UTC), datetime(2026, 7, 1, 10, 0, tzinfo=UTC), Busy.AWAY
    )
    start = EWSDateTime(2026, 7, 1, 9, 0, tzinfo=LONDON)
    views = list(
        mailbox.protocol.get_free_busy_info(
            [("roads@example.org", "Required", False), ("nobody@example.org", "Required", False)],
            start=start,
            end=start + timedelta(hours=3),
            merged_free_busy_interval=60,
        )
    )
    assert views[0].merged == "030"
    assert [(one.start.hour, one.end.hour, one.busy_type) for one in views[0].calendar_events] == [(10, 11, "OOF")]
    assert type(views[1]).__name__ == "ErrorMailRecipientNotFound"


def test_mail_tips_warn_of_absence_a_full_mailbox_and_a_closed_door(mailbox: Account, world: World) -> None:
    world.mailbox("waste@example.org").is_full = True
    world.mailbox("roads@example.org").accepts_from = {"planning@example.org"}
    wanted = create_element("m:MailTipsRequested")
    wanted.text = "All"
    addresses = ["planning", "waste", "roads", "nobody"]
    tips = GetMailTips(protocol=mailbox.protocol).call(
        sending_as=SendingAs(email_address=SHARED),
        recipients=[Mailbox(email_address=f"{one}@example.org") for one in addresses],
        mail_tips_requested=[wanted],
    )
    away, full, closed, unknown = tips
    assert "roads@example.org" in away.out_of_office.reply_body
    assert (away.mailbox_full, full.mailbox_full, closed.delivery_restricted) == (False, True, True)
    assert unknown.invalid_recipient


def test_ones_own_absence_can_be_read(server: EwsServer, world: World) -> None:
    mailbox = account(server, "housing@example.org", user="housing@example.org")
    assert mailbox.oof_settings.state == "Disabled"
    world.mailbox("housing@example.org").automatic_reply = AutomaticReply(
        text="Away", start=NOON, end=NOON + timedelta(days=3)
    )
    assert (mailbox.oof_settings.state, mailbox.oof_settings.internal_reply) == ("Scheduled", "Away")


# --- lesser servers


def test_a_lesser_server_lacks_operations(mailbox: Account, server: EwsServer) -> None:
    server.switches.lacks = {"GetServerTimeZones"}
    with pytest.raises(EWSError):
        list(mailbox.protocol.get_timezones())


def test_a_lesser_server_finds_everything(mailbox: Account, world: World, server: EwsServer) -> None:
    world.deliver(SHARED, mail("One"))
    server.switches.ignores_restrictions = True
    assert mailbox.inbox.filter(subject="Another").count() == 1


def test_a_lesser_server_reports_reading_as_an_update_and_starts_again_silently(
    mailbox: Account, world: World, server: EwsServer
) -> None:
    item = world.deliver(SHARED, mail("One"))
    server.switches.read_flag_as_update = server.switches.silent_resync = True
    _, state = changes(mailbox)
    world.mark_read(item)
    assert [kind for kind, _ in changes(mailbox, state)[0]] == ["update"]
    world.forget_sync_state(SHARED)
    assert [kind for kind, _ in changes(mailbox, state)[0]] == ["create"]


def test_a_lesser_server_does_not_send_by_a_change(mailbox: Account, server: EwsServer) -> None:
    server.switches.update_does_not_send = True
    send(mailbox, draft(mailbox))
    assert (len(look(mailbox, "drafts")), len(look(mailbox, "sent"))) == (1, 0)


def test_a_lesser_server_fails_to_send_an_item_or_answers_oddly(mailbox: Account, server: EwsServer) -> None:
    server.switches.send_item_fails = True
    saved = draft(mailbox)
    with pytest.raises(ErrorInternalServerError):
        saved.send(save_copy=True)
    server.switches.send_item_fails, server.switches.odd_send_item_response = False, True
    with pytest.raises((EWSError, ValueError)):
        look(mailbox, "drafts")[0].send(save_copy=True)
    assert len(look(mailbox, "sent")) == 1


# --- a great deal of mail


def test_of_a_thousand_messages_only_the_changes_come_the_second_time(
    mailbox: Account, world: World, server: EwsServer
) -> None:
    world.deliver_many(SHARED, ((NOON, mail(f"No {number}")) for number in range(1000)))
    first, state = changes(mailbox, most=500)
    assert len(first) == 1000
    world.deliver_many(SHARED, ((NOON, mail(f"New {number}")) for number in range(5)))
    server.traffic.clear()
    assert len(changes(mailbox, state)[0]) == 5
    assert server.traffic.by_operation() == {"SyncFolderItems": 1}
