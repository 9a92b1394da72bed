"""What a user may do with a mailbox, each right tried by itself and put into words, with what to ask for."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from member_tracker.domain.errors import Offline, SignInNeeded, TooMuch, TrackerError
from member_tracker.domain.mailboxes import Finding, Holds, MailboxAccount, Right, SendingWay
from member_tracker.mail.ews_asking import Asker
from member_tracker.mail.ews_connection import Connection
from member_tracker.mail.ews_folders import Folders
from member_tracker.mail.ews_sending import DRAFTS, SENT
from member_tracker.mail.ews_xml import Element, m, t
from member_tracker.mail.mailbox import NotOffered

_WAYS = {
    SendingWay.UPDATE: "by changing a draft",
    SendingWay.SEND_ITEM: "by sending a draft",
    SendingWay.CREATE: "in the moment it is made, without a draft",
}


def findings(
    account: MailboxAccount, connection: Connection, folders: Folders, asker: Asker, way: SendingWay | None
) -> tuple[Finding, ...]:
    """Every right and whether it is there; raises only where the mailbox cannot be reached at all."""
    return tuple(_findings(account, connection, folders, asker, way))


def _findings(
    account: MailboxAccount, connection: Connection, folders: Folders, asker: Asker, way: SendingWay | None
) -> Iterator[Finding]:
    address = account.address
    words = f"The folder {account.folder} of {address} can be read."
    yield _tried(Right.READ, words, lambda: connection.must(folders.about_folder(_asked_for)))
    if account.is_shared:
        words = f"{account.user} has Full Access to {address}."
        yield _tried(Right.FULL_ACCESS, words, lambda: _open(connection))
    yield _send_as(account, way)
    words = "The server tells of automatic replies before a mail is sent."
    yield _tried(Right.MAIL_TIPS, words, lambda: asker.tips([address]))
    start = connection.now()
    words = "The server tells who is free."
    yield _tried(Right.FREE_BUSY, words, lambda: asker.free_busy([address], start, start + timedelta(days=1)))


def _tried(right: Right, words: str, asked: Callable[[], object]) -> Finding:
    try:
        asked()
    except (Offline, SignInNeeded, TooMuch):
        raise
    except NotOffered as error:
        return Finding(right=right, holds=Holds.NOT_OFFERED, words=error.title, advice=error.advice)
    except TrackerError as error:
        return Finding(right=right, holds=Holds.NO, words=error.title, advice=error.advice)
    return Finding(right=right, holds=Holds.YES, words=words)


def _asked_for(*folders: Element) -> Element:
    return m("GetFolder", m("FolderShape", t("BaseShape", "IdOnly")), m("FolderIds", *folders))


def _open(connection: Connection) -> None:
    """The folders that sending needs, which only Full Access opens."""
    for name in (DRAFTS, SENT):
        connection.must(connection.read(_asked_for(connection.folder(name)))[0])


def _send_as(account: MailboxAccount, way: SendingWay | None) -> Finding:
    if way is not None:
        words = f"A test message was sent as {account.address} and arrived ({_WAYS[way]})."
        return Finding(right=Right.SEND_AS, holds=Holds.YES, words=words)
    return Finding(
        right=Right.SEND_AS,
        holds=Holds.NOT_TRIED,
        words=f"Whether you may send as {account.address} is not known: only sending shows it.",
        advice="Send the test message to this mailbox itself. If it is refused, an Exchange administrator allows it by "
        f"Add-ADPermission -Identity {account.address} -User {account.signs_in_as} -ExtendedRights 'Send As'.",
    )
