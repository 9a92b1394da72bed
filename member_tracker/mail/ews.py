"""A mailbox on an Exchange Server of 2016, 2019 or Subscription Edition, and on servers that speak like one.

Exchange Web Services, carried by exchangelib, which is slow to import: this file is imported where it is first needed.
"""

import os
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from threading import Event

from member_tracker.domain.availability import Busy, MailTip
from member_tracker.domain.mailboxes import Finding, MailboxAccount, SendingWay, SignInWay
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.mail.ews_asking import Asker
from member_tracker.mail.ews_check import findings
from member_tracker.mail.ews_connection import Connection
from member_tracker.mail.ews_folders import Folders
from member_tracker.mail.ews_reading import Reader
from member_tracker.mail.ews_sending import Sender
from member_tracker.mail.mailbox import NOTHING_KNOWN, Arrivals, Cursor, Found, Known, Letter, Proof


class EwsMailbox:
    """One mailbox, read and sent from under the name of who signs in; every act is safe to repeat.

    `password` is asked for when a connection is opened and raises `SignInNeeded` where none is kept.
    """

    def __init__(self, account: MailboxAccount, *, password: Callable[[], str], now: Callable[[], datetime]) -> None:
        self.account = account
        self._password = password
        self._now = now
        self.connection = Connection(account, password=password, now=now)
        self._folders = Folders(self.connection, account.folder)
        self._reader = Reader(account, self.connection, self._folders)
        self._asker = Asker(self.connection)
        self.sender = Sender(self.connection, account.sending or SendingWay.UPDATE)

    @property
    def drafts(self) -> bool:
        """Whether a letter lies in Drafts before it is sent: where it is sent in the moment it is made, it does not."""
        return self.account.sending is not SendingWay.CREATE

    @property
    def build(self) -> str:
        """What the server said it is, such as 15.2.1544.9; empty before it was asked anything."""
        return self.connection.build

    @property
    def sign_in(self) -> SignInWay | None:
        """How it signed in; None before it was asked anything, or where the server wants no name."""
        return self.connection.sign_in

    def arrivals(self, cursor: Cursor | None, known: Known = NOTHING_KNOWN, watch: Watch = UNWATCHED) -> Arrivals:
        """The next page after the cursor, by the state the server gave with the one before."""
        return self._reader.arrivals(cursor, known, watch)

    def look(self, letter: Letter) -> Found:
        """Where the letter is."""
        return self.sender.look(letter)

    def save_draft(self, letter: Letter) -> None:
        """Put the letter into Drafts under its key; nothing where letters are sent in the moment they are made."""
        self.sender.save_draft(letter)

    def send_draft(self, letter: Letter) -> None:
        """Send the one draft with this key, or the letter itself where there are no drafts."""
        self.sender.send_draft(letter)

    def prove(self, watch: Watch = UNWATCHED) -> Proof:
        """Send at most one test message a way, and say which way works; the messages are deleted again."""
        from member_tracker.mail.ews_proof import prove

        return prove(
            self.account,
            password=self._password,
            now=self._now,
            new_key=lambda: os.urandom(16).hex(),
            wait=Event().wait,
            watch=watch,
        )

    def close(self) -> None:
        """Let go of the connections; they are opened again when they are needed."""
        self.connection.close()

    def sweep(self, since: datetime, known: Known = NOTHING_KNOWN, watch: Watch = UNWATCHED) -> Arrivals:
        """What was received since then and is not known, whatever the server's state says."""
        return self._reader.sweep(since, known, watch)

    def still_there(self, provider_ids: Sequence[str]) -> AbstractSet[str]:
        """Which of these lie where they lay; what was moved has another id and counts as gone."""
        return self._reader.still_there(provider_ids)

    def tips(self, addresses: Sequence[str]) -> tuple[MailTip, ...]:
        """What the server says about writing to these addresses just now."""
        return self._asker.tips(addresses)

    def free_busy(self, addresses: Sequence[str], start: datetime, end: datetime) -> tuple[Busy, ...]:
        """When the owners of these calendars are not free."""
        return self._asker.free_busy(addresses, start, end)

    def check(self, way: SendingWay | None = None) -> tuple[Finding, ...]:
        """What the user may do here, each right by itself; `way` is the way of sending that was proved."""
        return findings(self.account, self.connection, self._folders, self._asker, way)
