"""The test Graph server when things go wrong, and where sizes, permissions and tokens set limits."""

import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests

from tests.fakes.clock import StoppedClock
from tests.fakes.exchange_items import Right
from tests.fakes.exchange_world import World
from tests.fakes.graph_server import GraphServer
from tests.fakes.http_faults import Throttle
from tests.fakes.login_server import Directory
from tests.mail.messages import message

SHARED, CLERK, HOUSING = "members@example.org", "a.clerk@example.org", "housing@example.org"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MEGABYTE = 1024 * 1024
GRAPH = "https://graph.microsoft.com/"


@pytest.fixture
def world() -> World:
    """A shared mailbox and a clerk who may use it."""
    made = World(StoppedClock(MONDAY))
    made.add_mailbox(SHARED, "Member Services", shared=True)
    made.add_mailbox(CLERK, "Ann Clerk")
    made.add_mailbox(HOUSING, "Housing")
    made.grant(CLERK, SHARED, Right.FULL_ACCESS, Right.SEND_AS)
    return made


@pytest.fixture
def directory(world: World) -> Directory:
    """Who may sign in."""
    made = Directory(world.now)
    made.add(CLERK)
    return made


@pytest.fixture
def server(world: World, directory: Directory) -> Iterator[GraphServer]:
    """A server that takes the directory's tokens and minds what they allow."""
    with GraphServer(world, accepts=directory.accepts, scopes_of=directory.scopes_of) as running:
        yield running


@pytest.fixture
def session(directory: Directory) -> Iterator[requests.Session]:
    """The clerk, with every permission the program asks for."""
    with requests.Session() as made:
        made.trust_env = False
        sign_in(made, directory, "Mail.ReadWrite.Shared", "Mail.Send.Shared", "Calendars.Read")
        yield made


def sign_in(session: requests.Session, directory: Directory, *scopes: str) -> None:
    """Show a token with these permissions from now on."""
    token = directory.issue(CLERK, *(GRAPH + scope for scope in scopes))
    session.headers["Authorization"] = f"Bearer {token}"


def box(server: GraphServer, path: str, mailbox: str = SHARED) -> str:
    """An address in the shared mailbox."""
    return f"{server.url}/users/{mailbox}/{path}"


def code_of(answer: requests.Response) -> tuple[int, str]:
    """The status and code of a refusal."""
    return answer.status_code, answer.json()["error"]["code"]


def new_draft(server: GraphServer, session: requests.Session) -> str:
    """The id of a draft to Housing."""
    mime = b64encode(message(f"From: {SHARED}", f"To: {HOUSING}", "Subject: Damp"))
    made = session.post(box(server, "messages"), data=mime, headers={"Content-Type": "text/plain"})
    return str(made.json()["id"])


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        (Throttle.TOO_MANY, 429, "ApplicationThrottled"),
        (Throttle.UNAVAILABLE, 503, "ServiceUnavailable"),
        (Throttle.BUSY_FAULT, 504, "UnknownError"),
    ],
)
def test_a_busy_server_says_when_to_come_back(
    server: GraphServer, session: requests.Session, how: Throttle, status: int, code: str
) -> None:
    server.faults.throttle(2, how=how, wait_seconds=7, operation="list_messages")
    answer = session.get(box(server, "messages"))
    assert code_of(answer) == (status, code)
    assert answer.headers["Retry-After"] == "7"
    server.retry_after_as_date = True
    answer = session.get(box(server, "messages"))
    assert (parsedate_to_datetime(answer.headers["Retry-After"]) - MONDAY).total_seconds() == 7
    assert session.get(box(server, "messages")).status_code == 200


def test_a_lost_answer_leaves_the_deed_done(world: World, server: GraphServer, session: requests.Session) -> None:
    draft = new_draft(server, session)
    server.faults.lose_answer("send_message")
    with pytest.raises(requests.ConnectionError):
        session.post(box(server, f"messages/{draft}/send"))
    assert len(world.items(HOUSING)) == 1


def test_a_request_dropped_leaves_nothing_done(world: World, server: GraphServer, session: requests.Session) -> None:
    server.faults.drop("create_message")
    with pytest.raises(requests.ConnectionError):
        new_draft(server, session)
    assert world.items(SHARED, "drafts") == []


def test_an_answer_may_break_off_in_its_middle(world: World, server: GraphServer, session: requests.Session) -> None:
    world.deliver(SHARED, message())
    server.faults.cut_answer(300, "delta")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        _ = session.get(box(server, "mailFolders/inbox/messages/delta")).content
    assert session.get(box(server, "mailFolders/inbox/messages/delta")).status_code == 200


def test_a_revoked_token_is_challenged_with_claims(
    server: GraphServer, session: requests.Session, directory: Directory
) -> None:
    directory.revoke(CLERK)
    answer = session.get(box(server, "messages"))
    assert code_of(answer) == (401, "InvalidAuthenticationToken")
    challenge = answer.headers["WWW-Authenticate"]
    assert 'error="insufficient_claims"' in challenge
    claims = challenge.partition('claims="')[2].partition('"')[0]
    assert b'"nbf"' in b64decode(claims)


def test_an_expired_token_is_refused(server: GraphServer, session: requests.Session, directory: Directory) -> None:
    directory.expire(CLERK)
    answer = session.get(box(server, "messages"))
    assert code_of(answer) == (401, "InvalidAuthenticationToken")
    assert "claims" not in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("scopes", "mailbox", "status"),
    [
        (["Mail.Read"], CLERK, 200),
        (["Mail.Read"], SHARED, 403),
        (["Mail.ReadWrite"], CLERK, 200),
        (["Mail.ReadWrite"], SHARED, 403),
        (["Mail.Read.Shared"], SHARED, 200),
        (["Mail.ReadWrite.Shared"], CLERK, 200),
        (["Mail.Send"], CLERK, 403),
    ],
)
def test_a_token_allows_what_was_consented_to(
    server: GraphServer, session: requests.Session, directory: Directory, scopes: list[str], mailbox: str, status: int
) -> None:
    sign_in(session, directory, *scopes)
    assert session.get(box(server, "messages", mailbox)).status_code == status


def test_calendars_and_sending_need_permissions_of_their_own(
    server: GraphServer, session: requests.Session, directory: Directory
) -> None:
    draft = new_draft(server, session)
    sign_in(session, directory, "Mail.ReadWrite.Shared")
    assert code_of(session.post(box(server, f"messages/{draft}/send"))) == (403, "ErrorAccessDenied")
    time = {"dateTime": "2026-11-23T09:00:00", "timeZone": "UTC"}
    asked = {"schedules": [HOUSING], "startTime": time, "endTime": time}
    assert code_of(session.post(box(server, "calendar/getSchedule"), json=asked)) == (403, "ErrorAccessDenied")
    sign_in(session, directory, "Calendars.Read")
    assert code_of(session.post(box(server, "calendar/getSchedule"), json=asked)) == (400, "ErrorInvalidTimeInterval")


def test_a_batch_gives_no_more_rights_than_its_token(
    server: GraphServer, session: requests.Session, directory: Directory
) -> None:
    sign_in(session, directory, "Mail.Read")
    first = {"id": "1", "method": "GET", "url": f"/users/{SHARED}/messages"}
    asked = [first, {"id": "2", "method": "GET", "url": "/me/messages", "dependsOn": ["1"]}]
    got = session.post(f"{server.url}/$batch", json={"requests": asked}).json()["responses"]
    assert [one["status"] for one in got] == [403, 424]


def test_a_small_attachment_goes_at_once_and_comes_back(server: GraphServer, session: requests.Session) -> None:
    at = box(server, f"messages/{new_draft(server, session)}/attachments")
    file = {"@odata.type": "#microsoft.graph.fileAttachment", "name": "plan.pdf", "contentType": "application/pdf"}
    made = session.post(at, json=file | {"contentBytes": b64encode(b"plan").decode()})
    assert made.status_code == 201
    (row,) = session.get(at).json()["value"]
    assert (row["name"], row["size"], b64decode(row["contentBytes"])) == ("plan.pdf", 4, b"plan")
    assert session.get(f"{at}/{row['id']}/$value").content == b"plan"
    assert session.get(f"{at}/{row['id']}").json()["name"] == "plan.pdf"
    assert session.delete(f"{at}/{row['id']}").status_code == 204
    assert session.get(at).json()["value"] == []


def test_what_is_too_large_for_one_request_is_refused(server: GraphServer, session: requests.Session) -> None:
    at = box(server, f"messages/{new_draft(server, session)}/attachments")
    content = b64encode(bytes(3 * MEGABYTE + 3)).decode()
    file = {"@odata.type": "#microsoft.graph.fileAttachment", "name": "x", "contentBytes": content}
    assert session.post(at, json=file).status_code == 413
    mime = b64encode(message(body="x" * 4 * MEGABYTE))
    answer = session.post(box(server, "messages"), data=mime, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 413


def test_a_large_attachment_goes_in_pieces_without_a_token(
    world: World, server: GraphServer, session: requests.Session
) -> None:
    draft = new_draft(server, session)
    content = bytes(range(256)) * (20 * 1024)
    asked = {"AttachmentItem": {"attachmentType": "file", "name": "film.bin", "size": len(content)}}
    begun = session.post(box(server, f"messages/{draft}/attachments/createUploadSession"), json=asked)
    assert (begun.status_code, begun.json()["nextExpectedRanges"]) == (201, ["0-"])
    url = begun.json()["uploadUrl"]
    half = 3 * MEGABYTE
    pieces = [(0, content[:half]), (half, content[half:])]

    def put(first: int, piece: bytes, **more: str) -> requests.Response:
        place = f"bytes {first}-{first + len(piece) - 1}/{len(content)}"
        return requests.put(url, data=piece, headers={"Content-Range": place, **more}, timeout=10)

    assert put(*pieces[0], Authorization="Bearer x").status_code == 401
    assert put(*pieces[1]).status_code == 416
    assert put(*pieces[0]).json()["nextExpectedRanges"] == [str(half)]
    assert requests.get(url, timeout=10).json()["nextExpectedRanges"] == [str(half)]
    last = put(*pieces[1])
    assert (last.status_code, last.content) == (201, b"")
    assert f"/messages('{draft}')/attachments('" in last.headers["Location"]
    assert put(*pieces[1]).status_code == 404
    (row,) = session.get(box(server, f"messages/{draft}/attachments")).json()["value"]
    assert b64decode(row["contentBytes"]) == content
    assert world.items(SHARED, "drafts")[0].size > len(content)


def test_an_upload_has_a_least_and_a_greatest_size_and_may_be_refused_to_delegates(
    server: GraphServer, session: requests.Session
) -> None:
    at = box(server, f"messages/{new_draft(server, session)}/attachments/createUploadSession")

    def ask(size: int) -> tuple[int, str]:
        asked = {"AttachmentItem": {"attachmentType": "file", "name": "x", "size": size}}
        return code_of(session.post(at, json=asked))

    assert ask(MEGABYTE) == (400, "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize")
    assert ask(200 * MEGABYTE) == (413, "ErrorMessageSizeExceeded")
    server.desk.large_uploads_refused_to_delegates = True
    assert ask(4 * MEGABYTE) == (403, "ErrorAccessDenied")


def test_an_upload_may_be_given_up_and_does_not_wait_for_ever(
    world: World, server: GraphServer, session: requests.Session
) -> None:
    at = box(server, f"messages/{new_draft(server, session)}/attachments/createUploadSession")
    asked = {"AttachmentItem": {"attachmentType": "file", "name": "x", "size": 4 * MEGABYTE}}
    first, second = (session.post(at, json=asked).json()["uploadUrl"] for _ in range(2))
    assert requests.delete(first, timeout=10).status_code == 204
    assert requests.get(first, timeout=10).status_code == 404
    assert isinstance(world.now, StoppedClock)
    world.now.forward(hours=4)
    assert requests.get(second, timeout=10).status_code == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"*", "ErrorMimeContentInvalidBase64String"), (b64encode(b"nothing"), "ErrorMimeContentInvalid")],
)
def test_mime_that_is_none_is_refused(server: GraphServer, session: requests.Session, body: bytes, code: str) -> None:
    answer = session.post(box(server, "messages"), data=body, headers={"Content-Type": "text/plain"})
    assert code_of(answer) == (400, code)


def test_a_server_may_put_its_own_message_id_on_drafts(server: GraphServer, session: requests.Session) -> None:
    server.desk.new_message_id_of_drafts = True
    made = session.get(box(server, f"messages/{new_draft(server, session)}")).json()
    assert made["internetMessageId"] != "<one@example.org>"


def test_a_change_to_what_somebody_else_changed_is_refused(
    world: World, server: GraphServer, session: requests.Session
) -> None:
    item = world.deliver(SHARED, message())
    etag = session.get(box(server, f"messages/{item.id}")).json()["@odata.etag"]
    world.mark_read(item)
    answer = session.patch(box(server, f"messages/{item.id}"), json={"isRead": False}, headers={"If-Match": etag})
    assert code_of(answer) == (412, "ErrorIrresolvableConflict")


def test_a_change_of_one_kind_may_be_asked_for(world: World, server: GraphServer, session: requests.Session) -> None:
    item = world.deliver(SHARED, message())
    begun = session.get(box(server, "mailFolders/inbox/messages/delta?changeType=deleted")).json()
    assert begun["value"] == []
    world.deliver(SHARED, message())
    world.delete(item)
    (gone,) = session.get(begun["@odata.deltaLink"]).json()["value"]
    assert "@removed" in gone


def test_a_made_up_link_is_refused(server: GraphServer, session: requests.Session) -> None:
    answer = session.get(box(server, "mailFolders/inbox/messages/delta?$deltatoken=nonsense"))
    assert code_of(answer) == (400, "BadRequest")


def test_an_unknown_address_is_refused(server: GraphServer, session: requests.Session) -> None:
    assert session.get(box(server, "nonsense")).status_code == 400
    assert session.get(f"{server.root_url}/v9.9/me").status_code == 400


def test_the_imaginary_council_is_served_by_hand(repository: Path) -> None:
    command = [sys.executable, "-m", "tests.fakes.graph_server", "--port", "0"]
    with subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            url = running.stdout.readline().strip()
            token = running.stdout.readline().split()[-1]
            answer = requests.get(f"{url}/me/mailFolders", headers={"Authorization": f"Bearer {token}"}, timeout=10)
        finally:
            running.terminate()
    assert answer.status_code == 200
