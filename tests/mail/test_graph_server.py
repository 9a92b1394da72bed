"""The test Graph server, asked plainly: it does what Microsoft says, keeps to the schema, and goes wrong to order."""

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
import requests

from tests.fakes.clock import StoppedClock
from tests.fakes.exchange_items import OUT_OF_OFFICE, AutomaticReply, Busy, Right
from tests.fakes.exchange_world import World
from tests.fakes.graph_server import GraphServer
from tests.mail.messages import message

SHARED, CLERK, HOUSING = "members@example.org", "a.clerk@example.org", "housing@example.org"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEY = "String {8e7c2a50-6a3c-4d1c-9f0a-6f2f7a1b3c4d} Name EnquirySend"
IMMUTABLE = {"Prefer": 'odata.maxpagesize=2, IdType="ImmutableId"'}


@pytest.fixture
def world() -> World:
    """A shared mailbox, a clerk who may use it, and a service to write to."""
    made = World(StoppedClock(MONDAY))
    made.add_mailbox(SHARED, "Member Services", shared=True)
    made.add_mailbox(CLERK, "Ann Clerk")
    made.add_mailbox(HOUSING, "Housing")
    made.grant(CLERK, SHARED, Right.FULL_ACCESS, Right.SEND_AS)
    return made


@pytest.fixture
def server(world: World) -> Iterator[GraphServer]:
    """The server; an address is a token, and a schema error fails the test."""
    with GraphServer(world, accepts=lambda token: token if token in world.mailboxes else None) as running:
        yield running


class Client:
    """Somebody who asks Graph about one mailbox."""

    def __init__(self, server: GraphServer, user: str = CLERK, mailbox: str = SHARED) -> None:
        self.root = f"{server.url}/users/{mailbox}"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {user}"

    def __call__(self, method: str, path: str, **more: object) -> requests.Response:
        """Ask, with a path after the mailbox or a whole address."""
        url = path if path.startswith("http") else f"{self.root}/{path}"
        return self.session.request(method, url, timeout=10, **more)  # type: ignore[arg-type]  # handed through

    def get(self, path: str, **more: object) -> dict[str, object]:
        """What a GET brings, which must be good."""
        answer = self("GET", path, **more)
        assert answer.status_code == 200, answer.text
        got: dict[str, object] = answer.json()
        return got


@pytest.fixture
def client(server: GraphServer) -> Iterator[Client]:
    """The clerk at the shared mailbox."""
    made = Client(server)
    with made.session:
        yield made


def rows(answer: dict[str, object]) -> list[dict[str, object]]:
    """The rows of a collection."""
    value = answer["value"]
    assert isinstance(value, list)
    return value


def to_the_end(client: Client, path: str, **more: object) -> tuple[list[dict[str, object]], str]:
    """Every row of a delta round and the link to the next."""
    found: list[dict[str, object]] = []
    while True:
        page = client.get(path, **more)
        found += rows(page)
        if "@odata.deltaLink" in page:
            return found, str(page["@odata.deltaLink"])
        path = str(page["@odata.nextLink"])


def error_of(answer: requests.Response) -> tuple[int, str]:
    """The status and code of a refusal."""
    return answer.status_code, answer.json()["error"]["code"]


def draft(client: Client, *, to: str = HOUSING, subject: str = "Damp") -> dict[str, object]:
    """A draft made from MIME, with a key."""
    mime = message(f"From: {SHARED}", f"To: {to}", f"Subject: {subject}", "Message-ID: <ours@example.org>")
    made = client("POST", "messages", data=b64encode(mime), headers={"Content-Type": "text/plain", **IMMUTABLE})
    assert made.status_code == 201, made.text
    shown: dict[str, object] = made.json()
    given = {"singleValueExtendedProperties": [{"id": KEY, "value": "ab12"}]}
    assert client("PATCH", f"messages/{shown['id']}", json=given, headers=IMMUTABLE).status_code == 200
    return shown


def by_key(client: Client, folder: str, value: str = "ab12") -> list[dict[str, object]]:
    """What carries the key in a folder."""
    wanted = f"singleValueExtendedProperties/any(ep: ep/id eq '{KEY}' and ep/value eq '{value}')"
    return rows(client.get(f"mailFolders/{folder}/messages", params={"$filter": wanted}, headers=IMMUTABLE))


def test_a_first_read_comes_in_pages_and_ends_with_a_link(world: World, client: Client) -> None:
    for number in range(5):
        world.deliver(SHARED, message(f"Message-ID: <{number}@example.org>"))
    found, link = to_the_end(client, "mailFolders/inbox/messages/delta?$select=internetMessageId", headers=IMMUTABLE)
    assert [one["internetMessageId"] for one in found] == [f"<{number}@example.org>" for number in range(5)]
    assert to_the_end(client, link, headers=IMMUTABLE)[0] == []


def test_the_next_round_tells_what_came_was_read_and_went(world: World, client: Client) -> None:
    read, gone = (world.deliver(SHARED, message(f"Message-ID: <{one}@example.org>")) for one in "ab")
    _, link = to_the_end(client, "mailFolders/inbox/messages/delta()?$select=isRead,subject", headers=IMMUTABLE)
    world.mark_read(read)
    world.delete(gone)
    world.deliver(SHARED, message("Subject: New"))
    found, _ = to_the_end(client, link, headers=IMMUTABLE)
    assert {str(one["id"]): one.get("@removed", one.get("subject", one.get("isRead"))) for one in found} == {
        read.immutable_id: True,
        gone.immutable_id: {"reason": "deleted"},
        world.items(SHARED)[-1].immutable_id: "New",
    }


def test_a_first_day_may_be_chosen_and_lasts(world: World, client: Client) -> None:
    for days in (10, 3, 1):
        world.deliver(SHARED, message(), received_at=MONDAY - timedelta(days=days))
    since = f"receivedDateTime ge {MONDAY - timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}"
    params = {"$filter": since, "$select": "receivedDateTime"}
    found, link = to_the_end(client, "mailFolders/inbox/messages/delta", params=params)
    assert [one["receivedDateTime"] for one in found] == ["2026-11-20T09:00:00Z", "2026-11-22T09:00:00Z"]
    world.deliver(SHARED, message(), received_at=MONDAY - timedelta(days=20))
    assert to_the_end(client, link)[0] == []


def test_a_filtered_first_read_gives_the_youngest_only(world: World, server: GraphServer, client: Client) -> None:
    server.desk.delta_limit = 3
    for hours in range(6):
        world.deliver(SHARED, message(), received_at=MONDAY - timedelta(hours=hours))
    params = {"$filter": "receivedDateTime ge 2026-01-01T00:00:00Z", "$select": "id"}
    assert len(to_the_end(client, "mailFolders/inbox/messages/delta", params=params)[0]) == 3


@pytest.mark.parametrize(
    "option", ["$filter=isRead eq true", "$search=damp", "$orderby=subject", "$select=nonsense", "$top=x"]
)
def test_what_delta_does_not_take_is_refused(client: Client, option: str) -> None:
    assert error_of(client("GET", f"mailFolders/inbox/messages/delta?{option}")) == (400, "BadRequest")


def test_without_the_preference_ids_change_with_every_move(world: World, client: Client) -> None:
    item = world.deliver(SHARED, message())
    plain = str(rows(client.get("mailFolders/inbox/messages/delta"))[0]["id"])
    lasting = str(rows(client.get("mailFolders/inbox/messages/delta", headers=IMMUTABLE))[0]["id"])
    assert plain != lasting == item.immutable_id
    world.move(item, "archive")
    assert error_of(client("GET", f"messages/{plain}")) == (404, "ErrorItemNotFound")
    assert client.get(f"messages/{lasting}", headers=IMMUTABLE)["id"] == lasting


def test_what_left_and_came_back_between_two_polls_is_told_as_gone_only(world: World, client: Client) -> None:
    item = world.deliver(SHARED, message())
    _, link = to_the_end(client, "mailFolders/inbox/messages/delta", headers=IMMUTABLE)
    world.move(item, "archive")
    world.move(item, "inbox")
    found, _ = to_the_end(client, link, headers=IMMUTABLE)
    assert [(one["id"], "@removed" in one) for one in found] == [(item.immutable_id, True)]


@pytest.mark.parametrize("pages", [0, 1])
def test_a_lost_state_is_gone_also_in_the_middle_of_a_round(
    world: World, server: GraphServer, client: Client, pages: int
) -> None:
    for _ in range(5):
        world.deliver(SHARED, message())
    first = client.get("mailFolders/inbox/messages/delta", headers=IMMUTABLE)
    server.desk.pages_before_forgetting = pages
    link = str(first["@odata.nextLink"])
    for _ in range(pages):
        link = str(client.get(link, headers=IMMUTABLE)["@odata.nextLink"])
    answer = client("GET", link, headers=IMMUTABLE)
    assert error_of(answer) == (410, "syncStateNotFound")
    assert answer.headers["Location"].endswith("$deltatoken=")
    assert client("GET", link, headers=IMMUTABLE).status_code == 410


def test_empty_pages_and_repeated_messages_come_to_order(world: World, server: GraphServer, client: Client) -> None:
    for _ in range(3):
        world.deliver(SHARED, message())
    server.desk.empty_pages, server.desk.repeats = 1, True
    first = client.get("mailFolders/inbox/messages/delta", headers=IMMUTABLE)
    assert rows(first) == []
    found, _ = to_the_end(client, str(first["@odata.nextLink"]), headers=IMMUTABLE)
    assert len(found) == 4
    assert len({str(one["id"]) for one in found}) == 3


def test_the_bytes_of_a_message_are_as_they_came(world: World, server: GraphServer, client: Client) -> None:
    raw = message("Subject: =?utf-8?q?D=C3=A4mp?=", body=b"caf\xe9\n")
    item = world.deliver(SHARED, raw)
    assert client("GET", f"messages/{item.id}/$value").content == raw
    assert server.traffic.mimes_sent == 1


def test_the_item_class_is_an_extended_property(world: World, client: Client) -> None:
    world.deliver(SHARED, message(), item_class=OUT_OF_OFFICE)
    expand = "singleValueExtendedProperties($filter=id eq 'String 0x001A')"
    (row,) = rows(client.get("mailFolders/inbox/messages/delta", params={"$expand": expand, "$select": "id"}))
    assert row["singleValueExtendedProperties"] == [{"id": "String 0x1a", "value": OUT_OF_OFFICE}]


def test_a_draft_is_found_by_its_key_and_sent_to_where_it_is_found_again(world: World, client: Client) -> None:
    made = draft(client)
    assert made["isDraft"] is True
    assert made["internetMessageId"] == "<ours@example.org>"
    assert [one["id"] for one in by_key(client, "drafts")] == [made["id"]]
    assert by_key(client, "drafts", "AB12")
    assert not by_key(client, "drafts", "ab1")
    answer = client("POST", f"messages/{made['id']}/send", headers=IMMUTABLE)
    assert (answer.status_code, answer.content) == (202, b"")
    assert by_key(client, "drafts") == []
    assert [one["id"] for one in by_key(client, "sentitems")] == [made["id"]]
    assert world.items(HOUSING)[0].internet_message_id == "<ours@example.org>"
    assert error_of(client("POST", f"messages/{made['id']}/send", headers=IMMUTABLE))[1] == "ErrorItemNotFound"


def test_sending_may_take_its_time_and_replace_the_message_id(world: World, client: Client) -> None:
    world.delay_sending(2)
    world.replaces_message_id = world.new_immutable_id_on_send = True
    made = draft(client)
    assert client("POST", f"messages/{made['id']}/send", headers=IMMUTABLE).status_code == 202
    looks = [by_key(client, "sentitems") for _ in range(4)]
    assert [len(found) for found in looks] == [0, 0, 1, 1]
    assert looks[-1][0]["internetMessageId"] != "<ours@example.org>"
    assert looks[-1][0]["id"] != made["id"]


def test_who_may_not_send_as_the_mailbox_keeps_the_draft(world: World, client: Client) -> None:
    world.revoke(CLERK, SHARED, Right.SEND_AS)
    made = draft(client)
    assert error_of(client("POST", f"messages/{made['id']}/send", headers=IMMUTABLE)) == (403, "ErrorSendAsDenied")
    assert len(by_key(client, "drafts")) == 1


def test_who_has_no_full_access_is_kept_out(world: World, server: GraphServer, client: Client) -> None:
    world.revoke(CLERK, SHARED, Right.FULL_ACCESS)
    assert error_of(client("GET", "mailFolders/inbox")) == (403, "ErrorAccessDenied")
    server.desk.closed_status = 404
    assert error_of(client("GET", "mailFolders/inbox")) == (404, "ErrorItemNotFound")


def test_a_mailbox_that_is_not_there_or_not_online_is_said_to_be_so(server: GraphServer) -> None:
    assert error_of(Client(server, mailbox="nobody@example.org")("GET", "messages")) == (404, "ErrorInvalidUser")
    server.desk.on_premises.add(SHARED)
    assert error_of(Client(server)("GET", "messages")) == (404, "MailboxNotEnabledForRESTAPI")


def test_a_draft_may_be_made_of_json(world: World, client: Client) -> None:
    given = {
        "subject": "Damp",
        "from": {"emailAddress": {"address": SHARED}},
        "toRecipients": [{"emailAddress": {"name": "Housing", "address": HOUSING}}],
        "body": {"contentType": "html", "content": "<p>Wet.</p>"},
        "internetMessageHeaders": [{"name": "x-enquiry-key", "value": "k"}],
        "singleValueExtendedProperties": [{"id": KEY, "value": "ab12"}],
    }
    made = client("POST", "messages", json=given).json()
    assert made["internetMessageId"]
    assert made["body"]["content"].strip() == "<p>Wet.</p>"
    assert client("POST", f"messages/{made['id']}/send").status_code == 202
    assert b"x-enquiry-key: k" in world.items(HOUSING)[0].mime


def test_headers_of_ones_own_begin_with_x(client: Client) -> None:
    given = {"internetMessageHeaders": [{"name": "References", "value": "<a@example.org>"}]}
    assert error_of(client("POST", "messages", json=given)) == (400, "InvalidInternetMessageHeader")


def test_header_fields_come_when_asked_for_and_never_for_sent_mail(world: World, client: Client) -> None:
    item = world.deliver(SHARED, message("X-Thing: yes"))
    select = {"$select": "internetMessageHeaders"}
    assert "internetMessageHeaders" not in client.get(f"messages/{item.id}")
    fields = client.get(f"messages/{item.id}", params=select)["internetMessageHeaders"]
    assert isinstance(fields, list)
    assert {"name": "X-Thing", "value": "yes"} in fields
    world.move(item, "sentitems")
    assert "internetMessageHeaders" not in client.get(f"messages/{item.id}", params=select)


def test_lists_are_filtered_sorted_and_paged(world: World, client: Client) -> None:
    for number in range(5):
        raw = message(f"Subject: It's {number}", f"Message-ID: <{number}@example.org>")
        world.deliver(SHARED, raw, received_at=MONDAY + timedelta(hours=number))
    params = {"$filter": "receivedDateTime gt 2026-11-23T09:00:00Z and isDraft eq false", "$top": "3"}
    params |= {"$select": "subject", "$orderby": "receivedDateTime desc"}
    first = client.get("messages", params=params)
    second = client.get(str(first["@odata.nextLink"]))
    assert [one["subject"] for one in rows(first) + rows(second)] == ["It's 4", "It's 3", "It's 2", "It's 1"]
    for wanted in ("internetMessageId eq '<2@example.org>'", "subject eq 'IT''S 2'", "endswith(subject,'2')"):
        assert len(rows(client.get("messages", params={"$filter": wanted}))) == 1
    assert len(rows(client.get("messages", params={"$filter": "not (isRead eq true) or isDraft eq true"}))) == 5


@pytest.mark.parametrize("wanted", ["subject like 'x'", "subject eq", "(isRead eq true", "nonsense eq 1", "&"])
def test_a_filter_nobody_understands_is_refused(world: World, client: Client, wanted: str) -> None:
    world.deliver(SHARED, message())
    assert error_of(client("GET", "messages", params={"$filter": wanted})) == (400, "BadRequest")


def test_a_sort_order_that_is_not_in_the_filter_is_too_complex(client: Client) -> None:
    params = {"$filter": "isDraft eq false", "$orderby": "receivedDateTime desc"}
    assert error_of(client("GET", "messages", params=params)) == (400, "InefficientFilter")


def test_folders_are_found_by_name_and_made(world: World, client: Client) -> None:
    made = client("POST", "mailFolders/inbox/childFolders", json={"displayName": "Replies"})
    assert made.status_code == 201
    params = {"$filter": "displayName eq 'replies'"}
    assert [one["id"] for one in rows(client.get("mailFolders/inbox/childFolders", params=params))] == [
        made.json()["id"]
    ]
    names = [one["displayName"] for one in rows(client.get("mailFolders", params={"$top": "50"}))]
    assert {"Inbox", "Drafts", "Sent Items"} <= set(names)
    assert client.get(f"mailFolders/{made.json()['id']}")["parentFolderId"] == world.mailbox(SHARED).folder("inbox").id
    assert error_of(client("GET", "mailFolders/nowhere")) == (400, "ErrorInvalidIdMalformed")
    again = client("POST", "mailFolders/inbox/childFolders", json={"displayName": "Replies"})
    assert error_of(again) == (409, "ErrorFolderExists")


def test_messages_are_marked_moved_and_deleted(world: World, client: Client) -> None:
    item = world.deliver(SHARED, message())
    assert client("PATCH", f"messages/{item.id}", json={"isRead": True, "categories": ["Red"]}).json()["isRead"] is True
    assert client.get(f"messages/{item.id}")["categories"] == ["Red"]
    assert error_of(client("PATCH", f"messages/{item.id}", json={"subject": "No"})) == (400, "ErrorInvalidPropertySet")
    moved = client("POST", f"messages/{item.id}/move", json={"destinationId": "archive"}).json()
    assert moved["parentFolderId"] == world.mailbox(SHARED).folder("archive").id
    assert client("DELETE", f"messages/{moved['id']}").status_code == 204
    assert world.items(SHARED, "deleteditems") == [item]


def test_an_answer_keeps_the_thread(world: World, client: Client) -> None:
    item = world.deliver(SHARED, message("Subject: Damp", "Message-ID: <asked@example.org>"))
    made = client("POST", f"messages/{item.id}/createReply", json={"comment": "We look into it."}).json()
    assert made["subject"] == "RE: Damp"
    mime = client("GET", f"messages/{made['id']}/$value").content
    assert b"In-Reply-To: <asked@example.org>" in mime
    assert b"We look into it." in mime


def test_send_mail_sends_at_once_and_tells_nothing(world: World, client: Client) -> None:
    given = {"message": {"subject": "Hello", "toRecipients": [{"emailAddress": {"address": HOUSING}}]}}
    answer = client("POST", "sendMail", json=given | {"saveToSentItems": False})
    assert (answer.status_code, answer.content) == (202, b"")
    assert len(world.items(HOUSING)) == 1
    assert world.items(SHARED, "sentitems") == []


def test_ones_own_mailbox_is_me(world: World, server: GraphServer) -> None:
    world.deliver(CLERK, message())
    me = Client(server)
    me.root = f"{server.url}/me"
    assert len(rows(me.get("messages"))) == 1
    me.session.close()


def test_a_wrong_token_and_a_challenged_one_are_401(world: World, server: GraphServer, client: Client) -> None:
    answer = Client(server, user="stranger")("GET", "messages")
    assert error_of(answer) == (401, "InvalidAuthenticationToken")
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm=""')
    server.faults.refuse_sign_in(operation="list_messages")
    assert client("GET", "messages").status_code == 401


def test_no_more_than_four_requests_at_once(world: World, server: GraphServer, client: Client) -> None:
    statuses: list[int] = []
    enough = Event()

    def ask() -> None:
        statuses.append(requests.get(f"{client.root}/messages", headers=client.session.headers, timeout=10).status_code)
        enough.set()

    threads = [Thread(target=ask) for _ in range(5)]
    with world.lock:
        for thread in threads:
            thread.start()
        assert enough.wait(10)
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 200, 200, 200, 429]


def test_mail_tips_and_calendars_tell_who_is_there(world: World, client: Client) -> None:
    world.mailbox(HOUSING).automatic_reply = AutomaticReply(text="Away until Friday.")
    asked = {"EmailAddresses": [HOUSING, "nobody@example.org"], "MailTipsOptions": "automaticReplies, maxMessageSize"}
    tips = rows(client("POST", "getMailTips", json=asked).json())
    assert "<p>Away until Friday.<br>" in json.dumps(tips[0]["automaticReplies"])
    assert "error" in tips[1]
    world.busy(HOUSING, MONDAY, MONDAY + timedelta(hours=1), Busy.AWAY)
    period = {"dateTime": "2026-11-23T08:00:00", "timeZone": "GMT Standard Time"}
    asked_times = {"startTime": period, "endTime": period | {"dateTime": "2026-11-23T11:00:00"}}
    given = {"schedules": [HOUSING, "nobody@example.org"], "availabilityViewInterval": 60, **asked_times}
    found = rows(client("POST", "calendar/getSchedule", json=given).json())
    assert found[0]["availabilityView"] == "030"
    assert "error" in found[1]


def test_settings_of_anothers_mailbox_are_refused(server: GraphServer, client: Client) -> None:
    assert error_of(client("GET", "mailboxSettings")) == (403, "ErrorAccessDenied")
    assert Client(server, mailbox=CLERK).get("mailboxSettings")["timeZone"] == "GMT Standard Time"


def test_several_requests_go_in_one(world: World, server: GraphServer, client: Client) -> None:
    item = world.deliver(SHARED, message())
    server.desk.throttled_in_batch = 1
    asked = [
        {"id": str(number), "method": "GET", "url": f"/users/{SHARED}/messages/{item.id}{tail}"}
        for number, tail in enumerate(("", "", "/$value"))
    ]
    got = client("POST", f"{server.url}/$batch", json={"requests": asked}).json()["responses"]
    assert [(one["id"], one["status"]) for one in got] == [("0", 429), ("1", 200), ("2", 200)]
    assert got[2]["body"] == b64encode(item.mime).decode()
    too_many = {"requests": [asked[0] | {"id": str(number)} for number in range(21)]}
    assert client("POST", f"{server.url}/$batch", json=too_many).status_code == 400


def test_what_does_not_fit_the_schema_is_noticed(server: GraphServer, client: Client, shared_folder: object) -> None:
    client("POST", "messages", json={"subject": 1, "invented": True})
    assert sorted(server.schema_errors) == [
        "create_message: request: message/subject: 1 is no Edm.String",
        "create_message: request: message: no property invented",
    ]
    server.schema_errors.clear()
    assert json.dumps(server.schema_errors) == "[]"
