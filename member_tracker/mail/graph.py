"""A mailbox in Exchange Online, through Microsoft Graph.

What speaks to Graph is imported when the mailbox is first used, because requests is slow to import.
"""

import secrets
import threading
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, time
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from member_tracker.domain.availability import Busy, MailTip
from member_tracker.domain.errors import Offline, SignInNeeded, TooMuch, TrackerError
from member_tracker.domain.mailboxes import Finding, Holds, MailboxAccount, Right, SendingWay
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.mail.mailbox import NOTHING_KNOWN, Arrivals, Cursor, Found, Known, Letter, Proof, Spot

if TYPE_CHECKING:
    from member_tracker.mail.graph_http import Graph
    from member_tracker.mail.graph_reading import Reader
    from member_tracker.mail.graph_sending import Sender

_LONDON = ZoneInfo("Europe/London")
_PROOF_WAITS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds between looks for the test mail


class GraphMailbox:
    """The mailbox of an account in Exchange Online.

    `token` gives an access token without asking anybody, or one that meets the claims handed to it (JSON), and raises
    `SignInNeeded` where a person is needed. `wait` waits so many seconds.
    """

    drafts = True

    def __init__(
        self,
        account: MailboxAccount,
        *,
        token: Callable[[str | None], str],
        now: Callable[[], datetime],
        wait: Callable[[float], object] | None = None,
    ) -> None:
        self.account = account
        self._token = token
        self._now = now
        self._wait = wait or threading.Event().wait

    def arrivals(self, cursor: Cursor | None, known: Known = NOTHING_KNOWN, watch: Watch = UNWATCHED) -> Arrivals:
        """The next page of what came into the folder or left it; the first time, from the account's first day on."""
        with self._graph.said_plainly():
            return self._reader.arrivals(cursor, known, watch)

    def sweep(self, since: datetime, known: Known = NOTHING_KNOWN, watch: Watch = UNWATCHED) -> Arrivals:
        """Everything received in the folder since then that is not known; `more` where it is too much for once."""
        with self._graph.said_plainly():
            return self._reader.sweep(since, known, watch)

    def still_there(self, provider_ids: Sequence[str]) -> AbstractSet[str]:
        """Which of these lie anywhere in the mailbox."""
        with self._graph.said_plainly():
            return self._reader.still_there(provider_ids)

    def look(self, letter: Letter) -> Found:
        """Where the letter is, its key compared exactly."""
        with self._graph.said_plainly():
            return self._sender.look(letter)

    def save_draft(self, letter: Letter) -> None:
        """Put the letter into Drafts whole, its key last."""
        with self._graph.said_plainly():
            self._sender.save_draft(letter)

    def send_draft(self, letter: Letter) -> None:
        """Send the one draft with this key, once."""
        with self._graph.said_plainly():
            self._sender.send_draft(letter)

    def tips(self, addresses: Sequence[str]) -> tuple[MailTip, ...]:
        """What Exchange says about writing to these addresses; `NotOffered` where we may not ask."""
        from member_tracker.mail.graph_asking import not_offered, tips

        return not_offered(self._graph, lambda: tips(self._graph, addresses))

    def free_busy(self, addresses: Sequence[str], start: datetime, end: datetime) -> tuple[Busy, ...]:
        """The times at which the owners of these calendars are not free; `NotOffered` where we may not ask."""
        from member_tracker.mail.graph_asking import free_busy, not_offered

        return not_offered(self._graph, lambda: free_busy(self._graph, addresses, start, end))

    def check(self, way: SendingWay | None = None) -> tuple[Finding, ...]:
        """What the user may do here, each right tried by itself; sending counts as proved by `way`."""
        from member_tracker.mail.graph_asking import rights

        return rights(self._graph, self._reader.open_folder, way, self._now())

    def prove(self, watch: Watch = UNWATCHED) -> Proof:
        """Send a mail to the mailbox itself, see one in Sent Items and one come in, and delete both for good.

        Raises only where the mailbox cannot be reached or somebody stops it.
        """
        letter = self._test_letter()
        letters = [letter]
        try:
            finding = self._proved(letters, watch)
        except (Offline, SignInNeeded, TooMuch):
            raise
        except TrackerError as refused:
            finding = _sending(Holds.NO, refused.title, refused.advice)
        finally:
            self._clear(letters)
        way = SendingWay.SEND_ITEM if finding.holds is Holds.YES else None
        return Proof(way=way, findings=tuple(finding if one.right is Right.SEND_AS else one for one in self.check()))

    def close(self) -> None:
        """Let go of the connections."""
        if "_graph" in self.__dict__:
            self._graph.close()

    @cached_property
    def _graph(self) -> "Graph":
        from member_tracker.mail.graph_http import Graph

        return Graph(self.account, token=self._token, now=self._now, wait=self._wait)

    @cached_property
    def _reader(self) -> "Reader":
        from member_tracker.mail.graph_reading import Reader

        since = self.account.since
        return Reader(self._graph, first=datetime.combine(since, time.min, _LONDON) if since else None)

    @cached_property
    def _sender(self) -> "Sender":
        from member_tracker.mail.graph_sending import Sender

        return Sender(self._graph)

    # --- the test mail ------------------------------------------------------------------------------------------------

    def _proved(self, letters: list[Letter], watch: Watch) -> Finding:
        """Send the first letter; where the server gave it another Message-ID it is added to them with that."""
        letter = letters[0]
        self.save_draft(letter)
        if self.look(letter).spot is not Spot.DRAFT:
            return _sending(Holds.NO, "A test mail was saved, but is not among the drafts.", "Try the test again.")
        self.send_draft(letter)
        sent = came = False
        for seconds in _PROOF_WAITS:
            receipt = self.look(letter).receipt
            if receipt and not sent:
                letters.append(replace(letter, message_id=receipt.message_id))
            sent = sent or receipt is not None
            with self._graph.said_plainly():
                came = came or any(self._sender.came_in(one) for one in letters)
            if sent and came:
                return _sending(Holds.YES, f"A test mail was sent as {self.account.address} and came in.")
            self._graph.pause(seconds, watch)
        if sent:
            words = "A test mail was sent, but has not come in yet."
            return _sending(Holds.YES, words, "Look whether a rule moves mail out of the Inbox.")
        words = "A test mail was not seen in Sent Items."
        return _sending(Holds.NO, words, "Look into Drafts and Outbox in Outlook, and try again.")

    def _clear(self, letters: list[Letter]) -> None:
        """Delete what the test left, as far as that can be done."""
        try:
            with self._graph.said_plainly():
                self._sender.remove_every_copy(*letters)
        except TrackerError:
            return

    def _test_letter(self) -> Letter:
        key, address = secrets.token_hex(16), self.account.address
        message = EmailMessage(policy=SMTP)
        message["From"] = message["To"] = address
        message["Subject"] = "Test of this mailbox: you need do nothing"
        message["Date"] = format_datetime(self._now())
        message["Message-ID"] = message_id = f"<{secrets.token_hex(16)}@{address.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content("Sent to try out whether mail can be sent from this mailbox. It is deleted by itself.\n")
        return Letter(key=key, message_id=message_id, raw=message.as_bytes())


def _sending(holds: Holds, words: str, advice: str = "") -> Finding:
    return Finding(right=Right.SEND_AS, holds=holds, words=words, advice=advice)
