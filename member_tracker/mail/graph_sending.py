"""Sending by Exchange Online: a draft under our key, the mark that somebody tried, the sending, and looking after each.

A draft is never taken for ours by anything but the key, compared exactly, and the key is set when all else is there.
"""

from dataclasses import dataclass
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from member_tracker.domain.correspondence import thread_key
from member_tracker.domain.errors import NotAllowed, SignInNeeded, Unavailable
from member_tracker.mail.graph_attachments import attach, lightened
from member_tracker.mail.graph_errors import Refusal
from member_tracker.mail.graph_http import Graph, Json, moment, rows, segment, text
from member_tracker.mail.mailbox import Found, Letter, SentReceipt, Spot

# Our own set of named properties, which does not leave the organisation.
OUR_SET = "{5a2c0f5e-7b1d-4f0e-9c39-1d6a3a8e2b47}"
SEND_KEY = f"String {OUR_SET} Name SendKey"
SEND_ATTEMPT = f"String {OUR_SET} Name SendAttempt"

_TRIED, _REFUSED = "tried", "refused"
_SELECT = "id,internetMessageId,isDraft,parentFolderId,sentDateTime,createdDateTime,conversationIndex"
_EXPAND = f"singleValueExtendedProperties($filter=id eq '{SEND_KEY}' or id eq '{SEND_ATTEMPT}')"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """One copy of a mail of ours in the mailbox."""

    id: str
    message_id: str
    is_draft: bool
    folder_id: str
    key: str
    attempt: str
    sent_at: datetime | None
    thread: str

    @property
    def was_tried(self) -> bool:
        """Whether somebody tried to send it and was not refused."""
        return self.attempt not in ("", _REFUSED)


class Sender:
    """Sends letters through a `Graph`."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._folder_ids: dict[str, str] = {}
        self._not_sent: set[str] = set()  # drafts refused for certain, whose mark cannot be taken off without a sign-in

    def look(self, letter: Letter) -> Found:
        """Where the letter is: by its key in the folders it passes through, else by its Message-ID anywhere."""
        sent = self._by_key("sentitems", letter)
        if sent:
            return self._found_sent(sent[0], letter)
        drafts, leaving = self._by_key("drafts", letter), self._by_key("outbox", letter)
        if leaving or any(self._was_tried(draft) for draft in drafts):
            return Found(spot=Spot.TRIED)
        if drafts:
            return Found(spot=Spot.DRAFT)
        deleted = [copy for copy in self._by_key("deleteditems", letter) if not copy.is_draft]
        elsewhere = deleted or self._gone_by_message_id(letter)
        return self._found_sent(elsewhere[0], letter) if elsewhere else Found(spot=Spot.NOWHERE)

    def save_draft(self, letter: Letter) -> None:
        """Save the letter, then its large attachments, then its key; what an earlier try left unfinished is cleared."""
        for copy in self._by_message_id(letter, "drafts"):
            if copy.is_draft and not copy.key:
                self._graph.remove(self._message(copy.id))
        raw, heavy = lightened(letter.raw)
        draft = text(self._graph.create_from_mime(f"{self._graph.mailbox}/messages", raw), "id")
        if not draft:
            raise Unavailable("Microsoft 365 does not say which draft it saved.", advice="It is tried again by itself.")
        try:
            for attachment in heavy:
                attach(self._graph, self._message(draft), attachment)
            self._mark(draft, SEND_KEY, letter.key)
        except (NotAllowed, Refusal):
            self._quietly_remove(draft)
            raise

    def send_draft(self, letter: Letter) -> None:
        """Send the one draft with this key that nobody tried to send; where there is none, nothing is done.

        The mark goes on before the sending and comes off again only where the refusal is certain. Sending moves the
        draft, so that a second worker finds none; it is asked for once and never repeated.
        """
        drafts = self._by_key("drafts", letter)
        untried = [draft for draft in drafts if not self._was_tried(draft)]
        for surplus in untried[1:]:
            self._graph.remove(self._message(surplus.id))
        if not untried or len(untried) < len(drafts):
            return
        draft = untried[0].id
        self._must_be_as_written(draft, letter)
        try:
            self._not_sent.discard(draft)
            self._mark(draft, SEND_ATTEMPT, _TRIED)
            self._graph.act(f"{self._message(draft)}/send")
        except Refusal as refusal:
            if refusal.is_gone:
                return
            if refusal.nothing_was_done:
                self._not_sent.add(draft)
                self._quietly_mark(draft, SEND_ATTEMPT, _REFUSED)
            raise
        except SignInNeeded:
            self._not_sent.add(draft)  # there was no leave to send, so nothing went
            raise

    def _was_tried(self, draft: _Copy) -> bool:
        return draft.was_tried and draft.id not in self._not_sent

    def remove_every_copy(self, *letters: Letter) -> None:
        """Delete for good all that lies in the mailbox of a letter to ourselves, under each Message-ID it had."""
        copies = [copy for letter in letters for copy in self._by_message_id(letter, "")]
        copies += [copy for folder in ("drafts", "sentitems") for copy in self._by_key(folder, letters[0])]
        for one in dict.fromkeys(copy.id for copy in copies):
            try:
                self._graph.act(f"{self._message(one)}/permanentDelete")
            except Refusal:
                self._graph.remove(self._message(one))

    def came_in(self, letter: Letter) -> bool:
        """Whether the letter lies in the Inbox."""
        return bool(self._by_message_id(letter, "inbox"))

    # --- looking ------------------------------------------------------------------------------------------------------

    def _found_sent(self, copy: _Copy, letter: Letter) -> Found:
        receipt = SentReceipt(
            message_id=copy.message_id or letter.message_id,
            sent_at=copy.sent_at or self._graph.now(),
            provider_id=copy.id,
            thread_key=copy.thread or None,
        )
        return Found(spot=Spot.SENT, receipt=receipt)

    def _by_key(self, folder: str, letter: Letter) -> list[_Copy]:
        """The copies in a folder with exactly this key: Graph's filters do not mind capital letters, we do."""
        wanted = f"singleValueExtendedProperties/any(ep: ep/id eq '{SEND_KEY}' and ep/value eq '{letter.key}')"
        return [copy for copy in self._copies(folder, wanted) if copy.key == letter.key]

    def _by_message_id(self, letter: Letter, folder: str) -> list[_Copy]:
        quoted = letter.message_id.replace("'", "''")
        found = self._copies(folder, f"internetMessageId eq '{quoted}'")
        return [copy for copy in found if copy.message_id == letter.message_id]

    def _gone_by_message_id(self, letter: Letter) -> list[_Copy]:
        """Copies of the mail as it went: not a draft, not on its way, and not what came back to ourselves."""
        found = [copy for copy in self._by_message_id(letter, "") if not copy.is_draft]
        return [copy for copy in found if copy.folder_id not in (self._id_of("inbox"), self._id_of("outbox"))]

    def _copies(self, folder: str, wanted: str) -> list[_Copy]:
        inside = f"/mailFolders/{folder}" if folder else ""
        query = {"$filter": wanted, "$select": _SELECT, "$expand": _EXPAND}
        return [_copy(one) for one in rows(self._graph.get(f"{self._graph.mailbox}{inside}/messages", query))]

    def _id_of(self, folder: str) -> str:
        if folder not in self._folder_ids:
            found = self._graph.get(f"{self._graph.mailbox}/mailFolders/{folder}", {"$select": "id"})
            self._folder_ids[folder] = text(found, "id")
        return self._folder_ids[folder]

    def _message(self, provider_id: str) -> str:
        return f"{self._graph.mailbox}/messages/{segment(provider_id)}"

    # --- changing -----------------------------------------------------------------------------------------------------

    def _mark(self, draft: str, name: str, value: str) -> None:
        body = {"singleValueExtendedProperties": [{"id": name, "value": value}]}
        self._graph.change(self._message(draft), body)

    def _quietly_mark(self, draft: str, name: str, value: str) -> None:
        try:
            self._mark(draft, name, value)
        except (Refusal, Unavailable):
            return  # the mark stays, and a person is asked: better than a second mail

    def _quietly_remove(self, draft: str) -> None:
        try:
            self._graph.remove(self._message(draft))
        except (Refusal, Unavailable):
            return  # without the key it is no draft of ours, and the next try clears it

    def _must_be_as_written(self, draft: str, letter: Letter) -> None:
        """Refuse to send where somebody changed in Outlook to whom the draft goes."""
        found = self._graph.get(self._message(draft), {"$select": "toRecipients,ccRecipients,bccRecipients"})
        names = ("toRecipients", "ccRecipients", "bccRecipients")
        there = sum(len(rows(found, name)) for name in names)
        if there != len(_recipients(letter.raw)):
            raise NotAllowed(
                "Somebody changed to whom this mail goes, in the drafts of the mailbox.",
                advice="Delete the draft there; the mail is then saved again as it was written and sent.",
            )


def _recipients(raw: bytes) -> list[str]:
    head = BytesHeaderParser().parsebytes(raw)
    fields = [str(value) for name in ("To", "Cc", "Bcc") for value in head.get_all(name, [])]
    return [address for _, address in getaddresses(fields) if address]


def _copy(said: Json) -> _Copy:
    marks = {text(one, "id").casefold(): text(one, "value") for one in rows(said, "singleValueExtendedProperties")}
    return _Copy(
        id=text(said, "id"),
        message_id=text(said, "internetMessageId"),
        is_draft=said.get("isDraft") is True,
        folder_id=text(said, "parentFolderId"),
        key=marks.get(SEND_KEY.casefold(), ""),
        attempt=marks.get(SEND_ATTEMPT.casefold(), ""),
        sent_at=moment(said, "sentDateTime") or moment(said, "createdDateTime"),
        thread=_thread(text(said, "conversationIndex")),
    )


def _thread(index: str) -> str:
    """The key of a conversation in the form a Thread-Index gives it; Graph may write the index as base64url."""
    return thread_key(index.replace("-", "+").replace("_", "/") + "=" * (-len(index) % 4))
