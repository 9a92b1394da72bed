"""exchangelib against the test Exchange server, with nothing of our own between them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import exchangelib
from exchangelib import BASIC, DELEGATE, Account, Configuration, Credentials, ExtendedProperty, FailFast, Message
from exchangelib.items import Item

from tests.fakes.ews_server import EwsServer
from tests.fakes.exchange_world import DEFAULT_PASSWORD
from tests.fakes.imaginary_council import CLERK, SHARED

GUID = "b0c2f3a4-6d1e-4f58-9a7b-3c5d7e9f1a2b"


class TriedKey(ExtendedProperty):  # type: ignore[misc] # exchangelib has no types
    """A property by which a draft is found again."""

    property_set_id = GUID
    property_name = "TriedKey"
    property_type = "String"


class TriedAttempt(ExtendedProperty):  # type: ignore[misc] # exchangelib has no types
    """A property whose change sends the draft."""

    property_set_id = GUID
    property_name = "TriedAttempt"
    property_type = "String"


@contextmanager
def exchangelib_alone(place: Path) -> Iterator[None]:
    """Leave nothing of exchangelib behind: no properties, no connections, no file in the shared temporary folder."""
    cache = exchangelib.autodiscover.cache
    before = cache.AUTODISCOVER_PERSISTENT_STORAGE
    cache.AUTODISCOVER_PERSISTENT_STORAGE = place / "autodiscover"
    Message.register("tried_key", TriedKey)
    Message.register("tried_attempt", TriedAttempt)
    try:
        yield
    finally:
        Message.deregister("tried_attempt")
        Message.deregister("tried_key")
        exchangelib.close_connections()
        cache.AUTODISCOVER_PERSISTENT_STORAGE = before


def account(
    server: EwsServer,
    address: str = SHARED,
    *,
    user: str = CLERK,
    password: str = DEFAULT_PASSWORD,
    auth_type: str | None = BASIC,
) -> Account:
    """A mailbox as exchangelib sees it; nothing is asked of the server yet."""
    configuration = Configuration(
        service_endpoint=server.url,
        credentials=Credentials(user, password),
        auth_type=auth_type,
        retry_policy=FailFast(),
        max_connections=2,
    )
    return Account(address, config=configuration, autodiscover=False, access_type=DELEGATE)


def mail(subject: str = "Damp", *, to: str = "housing@example.org", sender: str = SHARED, more: str = "") -> bytes:
    """A message ready to be sent."""
    head = f"From: Member Services <{sender}>\r\nTo: {to}\r\nSubject: {subject}\r\n"
    rest = f"Date: Mon, 16 Nov 2026 09:30:00 +0000\r\nMessage-ID: <{subject}@ours.example.org>\r\n"
    return f"{head}{rest}{more}\r\nThe flat at 4 Mill Lane is damp.\r\n".encode()


def draft(mailbox: Account, key: str = "0a1b", **said: str) -> Message:
    """A saved draft with our key."""
    message = Message(account=mailbox, folder=mailbox.drafts, mime_content=mail(**said), tried_key=key, is_read=True)
    return message.save()


def send(mailbox: Account, message: Message) -> list[object]:
    """Send a draft by a change of its second property; errors are returned."""
    message.tried_attempt = "1"
    answer: list[object] = mailbox.bulk_update([(message, ["tried_attempt"])], message_disposition="SendAndSaveCopy")
    return answer


def look(mailbox: Account, folder: str, key: str = "0a1b") -> list[Message]:
    """What has our key in a folder."""
    return list(getattr(mailbox, folder).filter(tried_key=key).only("tried_key", "message_id", "changekey"))


def changes(mailbox: Account, state: str | None = None, most: int = 100) -> tuple[list[tuple[str, Item]], str]:
    """What changed in the Inbox after a state, and the state afterwards."""
    inbox = mailbox.inbox
    found = list(inbox.sync_items(sync_state=state, only_fields=["subject", "is_read"], max_changes_returned=most))
    return found, inbox.item_sync_state
