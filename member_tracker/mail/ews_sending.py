"""Sending by Exchange Web Services: a draft under its key, sent by changing it, and looked for wherever it may lie.

A server's "done" is not believed and its "failed" hardly more: where the letter lies is what counts, and that is asked
for by its key and by its Message-ID. Changing a draft and sending it is one act on the server, so that doing it twice
cannot make two mails: the second finds the draft gone.
"""

from collections.abc import Container, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from member_tracker.domain.correspondence import thread_key
from member_tracker.domain.errors import NotAllowed, Offline, SignInNeeded, TooMuch, TrackerError, Unavailable
from member_tracker.domain.mailboxes import SendingWay
from member_tracker.mail import ews_errors as told
from member_tracker.mail import ews_xml as xml
from member_tracker.mail.ews_connection import Connection
from member_tracker.mail.ews_xml import ATTEMPT, KEY, Element, Reply, Seen, m, t
from member_tracker.mail.mailbox import Found, Letter, SentReceipt, Spot
from member_tracker.mail.mime import read_mail

NEWEST = 50
DRAFTS, OUTBOX, SENT, DELETED = "drafts", "outbox", "sentitems", "deleteditems"
_NOT_THERE = frozenset({"ErrorFolderNotFound", "ErrorItemNotFound"})
ON_THE_WAY = (DRAFTS, OUTBOX, SENT)  # a letter only ever moves on in this order, so looking in it misses none
_LISTED = (
    "item:DateTimeReceived item:DateTimeSent item:IsDraft message:InternetMessageId message:ConversationIndex".split()
)


class Sender:
    """Knows where letters of ours lie in one mailbox, and moves them on."""

    def __init__(self, connection: Connection, way: SendingWay) -> None:
        self._connection = connection
        self._way = way
        self._refused: dict[str, str] = {}  # key -> the attempt that was refused for certain
        self._one_by_one = False  # whether the server answers for one folder at a time only
        self._came_in: dict[str, str] = {}  # item -> Message-ID, of what was looked into because lists leave it out
        self._doubtful: set[str] = set()  # keys whose one-call sending failed: a copy in Sent Items proves nothing then

    # --- where a letter is

    def look(self, letter: Letter) -> Found:
        """Where the letter is, by its key or its Message-ID; drafts left over beside the mail that went are deleted."""
        found = self.copies(letter)
        if found[SENT]:
            sent = {one.id for one in found[SENT]}
            self._delete([one for one in found[DRAFTS] if one.id not in sent])
            return self._sent(letter, found[SENT][0])
        if found[OUTBOX]:
            return Found(spot=Spot.TRIED)
        if found[DRAFTS]:
            return Found(spot=Spot.TRIED if any(self._was_tried(letter, one) for one in found[DRAFTS]) else Spot.DRAFT)
        if gone := [one for one in self._deleted(letter) if one.is_draft is False]:
            return self._sent(letter, gone[0])
        return Found(spot=Spot.NOWHERE)

    def _was_tried(self, letter: Letter, draft: Seen) -> bool:
        return bool(draft.attempt) and draft.attempt != self._refused.get(letter.key)

    def _sent(self, letter: Letter, copy: Seen) -> Found:
        if letter.key in self._doubtful:
            return Found(spot=Spot.TRIED)
        receipt = SentReceipt(
            message_id=copy.message_id or letter.message_id,
            # A server may call "sent" what the letter's own Date says, which is when it was written.
            sent_at=max(filter(None, (copy.sent_at, copy.received_at)), default=self._connection.now()),
            provider_id=copy.id,
            thread_key=thread_key(copy.conversation_index) or None,
        )
        return Found(spot=Spot.SENT, receipt=receipt)

    def copies(self, letter: Letter) -> dict[str, list[Seen]]:
        """The copies in each folder a letter passes through: by the server's own search, else among the newest."""
        by_key = xml.where("IsEqualTo", xml.our_property(KEY), letter.key)
        found = {name: _ours(listed, letter) for name, listed in self._search(ON_THE_WAY, by_key).items()}
        return found if any(found.values()) else self._among_newest(ON_THE_WAY, letter)

    def _deleted(self, letter: Letter) -> list[Seen]:
        by_id = xml.where("IsEqualTo", xml.field("message:InternetMessageId"), letter.message_id)
        found = _ours(self._search((DELETED,), by_id)[DELETED], letter)
        return found or self._among_newest((DELETED,), letter)[DELETED]

    def _among_newest(self, folders: Sequence[str], letter: Letter) -> dict[str, list[Seen]]:
        """What a server's search may have missed: some ignore the question, some do not know our property."""
        found: dict[str, list[Seen]] = {}
        for name, sorted_list in self._search(folders, _newest_made_first()).items():
            listed = sorted_list or self._of_one(name)
            bare = [one for one in listed[:NEWEST] if not one.key and not one.message_id]
            found[name] = _ours([*listed, *self._in_full(bare)], letter)
        return found

    def _search(self, folders: Sequence[str], by: Element) -> dict[str, list[Seen]]:
        """What each folder has, asked in one call where the server can; nothing where it does not take the question."""
        if not self._one_by_one:
            replies = self._connection.read(self._asked(folders, by))
            if len(replies) == len(folders) and all(reply.is_good for reply in replies):
                return {name: _seen(reply) for name, reply in zip(folders, replies, strict=True)}
            self._one_by_one = len(replies) != len(folders)
        return {name: self._of_one(name, by) for name in folders}

    def _of_one(self, folder: str, *by: Element) -> list[Seen]:
        """What one folder has; some are not there in every mailbox, and some questions are not for every server."""
        reply = self._connection.read(self._asked([folder], *by))[0]
        may_lack = by or (folder in {OUTBOX, DELETED} and reply.code in _NOT_THERE)
        if may_lack and not reply.is_good and reply.code not in told.BUSY:
            return []
        return _seen(self._connection.must(reply))

    def _asked(self, folders: Sequence[str], *by: Element) -> Element:
        view = m("IndexedPageItemView", MaxEntriesReturned=str(NEWEST), Offset="0", BasePoint="Beginning")
        above = m("ParentFolderIds", *(self._connection.folder(name) for name in folders))
        return m("FindItem", _shape(), view, *by, above, Traversal="Shallow")

    def _in_full(self, listed: Sequence[Seen]) -> list[Seen]:
        """The same items with key and Message-ID, for servers whose lists leave them out."""
        if not listed:
            return []
        ids = xml.item_ids(one.id for one in listed)
        replies = self._connection.read(m("GetItem", _shape(xml.field("item:MimeContent")), ids))
        return [_told_by_content(item) for reply in replies if reply.is_good for item in reply.items()]

    # --- saving

    def save_draft(self, letter: Letter) -> None:
        """Put the bytes into Drafts with the key on them."""
        if self._way is SendingWay.CREATE:
            return
        asked = m(
            "CreateItem",
            m("SavedItemFolderId", self._connection.folder(DRAFTS)),
            m("Items", xml.message_of(letter.raw, letter.key)),
            MessageDisposition="SaveOnly",
        )
        reply = self._connection.must(self._connection.ask(asked)[0])
        made = next((one for item in reply.items() if (one := xml.seen(item))), None)
        if made is not None:
            self._must_have_key(made, letter)

    def _must_have_key(self, draft: Seen, letter: Letter) -> None:
        """Put the key on afterwards where the server left it out of what was made of the bytes."""
        reply = self._connection.read(m("GetItem", _shape(), xml.item_ids([draft.id])))[0]
        now = next((one for item in reply.items() if (one := xml.seen(item))), None)
        if now is not None and now.key != letter.key:
            self._connection.ask(_change(now, KEY, letter.key, disposition="SaveOnly"))

    # --- sending

    def send_draft(self, letter: Letter) -> None:
        """Send the draft the way this mailbox was proved to send; a refusal leaves it in Drafts."""
        if self._way is SendingWay.CREATE:
            self._create_and_send(letter)
            return
        drafts = self.copies(letter)[DRAFTS]
        if not drafts:
            return
        draft = next((one for one in drafts if one.attempt), drafts[0])
        self._delete([one for one in drafts if one is not draft])
        attempt = xml.stamp(self._connection.now())
        self._refused.pop(letter.key, None)
        try:
            if self._way is SendingWay.SEND_ITEM:
                self._mark_and_send(draft, attempt)
            else:
                self._sent_by(_change(draft, ATTEMPT, attempt, into=self._connection.folder(SENT)))
        except (NotAllowed, SignInNeeded, TooMuch):
            self._refused[letter.key] = attempt
            self._unmark(letter)
            raise

    def _mark_and_send(self, draft: Seen, attempt: str) -> None:
        reply = self._connection.ask(_change(draft, ATTEMPT, attempt, disposition="SaveOnly"))[0]
        if reply.code in told.GONE:
            return
        marked = next((one for item in self._connection.must(reply).items() if (one := xml.seen(item))), None)
        if marked is None or not marked.change_key:
            again = self._connection.read(m("GetItem", xml.item_shape(), xml.item_ids([draft.id])))[0]
            marked = next((one for item in again.items() if (one := xml.seen(item))), draft)
        into = m("SavedItemFolderId", self._connection.folder(SENT))
        self._sent_by(m("SendItem", m("ItemIds", xml.item_id(marked)), into, SaveItemToFolder="true"))

    def _create_and_send(self, letter: Letter) -> None:
        made = m("Items", xml.message_of(letter.raw, letter.key))
        into = m("SavedItemFolderId", self._connection.folder(SENT))
        self._doubtful.discard(letter.key)
        try:
            self._sent_by(m("CreateItem", into, made, MessageDisposition="SendAndSaveCopy"))
        except Offline:
            raise  # nothing was answered, so a copy in Sent Items means that it went
        except TrackerError:
            self._doubtful.add(letter.key)
            raise

    def _sent_by(self, asked: Element) -> None:
        """Ask once; what was refused for certain is `NotAllowed` or `TooMuch`, of all else only looking can tell."""
        reply = self._connection.ask(asked)[0]
        if reply.is_good or reply.code in told.GONE or reply.code == "EmptyAnswer":
            return
        if reply.code in told.REFUSED | told.BUSY:
            self._connection.must(reply)
        raise Unavailable(
            f"The mail server answered “{reply.code}” when the mail was to go.",
            advice="It is looked for in Sent Items before anything else is done. If it does not turn up there, look in "
            "Drafts in Outlook.",
        )

    def _unmark(self, letter: Letter) -> None:
        """Take the mark of an attempt off a draft that was refused, so that it can be sent later; as well as may be."""
        with suppress(TrackerError):
            for draft in self.copies(letter)[DRAFTS]:
                if draft.attempt:
                    self._connection.ask(_change(draft, ATTEMPT, None, disposition="SaveOnly"))

    # --- clearing up

    def _delete(self, items: Sequence[Seen]) -> None:
        """Delete drafts of ours that are not needed; where that fails they are let be."""
        with suppress(TrackerError):
            for one in items:
                self._connection.ask(m("DeleteItem", xml.item_ids([one.id]), DeleteType="HardDelete"))

    def received(self, message_ids: Container[str]) -> list[str]:
        """The ids of what came into the inbox under one of these Message-IDs."""
        listed = [*self._of_one("inbox", _newest_made_first()), *self._of_one("inbox")]
        bare = {one.id: one for one in listed if not one.message_id and self._is_new(one)}
        self._came_in |= {one.id: one.message_id for one in self._in_full(list(bare.values()))}
        told = self._came_in | {one.id: one.message_id for one in listed if one.message_id}
        return [one for one, message_id in told.items() if message_id and message_id in message_ids]

    def _is_new(self, listed: Seen) -> bool:
        """Whether it came a short while ago and was not looked into yet, for that takes the whole message."""
        old = listed.received_at is not None and listed.received_at < self._connection.now() - timedelta(days=1)
        return listed.id not in self._came_in and not old

    def delete_test(self, letter: Letter, inbox: Iterable[str]) -> None:
        """Delete every copy of a test message: ours alone, and made a moment ago."""
        found = self.copies(letter)
        ids = [one.id for copies in found.values() for one in copies]
        for one in (*ids, *inbox):
            self._connection.ask(m("DeleteItem", xml.item_ids([one]), DeleteType="HardDelete"))


def _seen(reply: Reply) -> list[Seen]:
    return [one for item in reply.items() if (one := xml.seen(item))]


def _shape(*more: Element) -> Element:
    fields = (xml.field(one) for one in _LISTED)
    return xml.item_shape(*fields, xml.our_property(KEY), xml.our_property(ATTEMPT), *more)


def _newest_made_first() -> Element:
    return m("SortOrder", t("FieldOrder", xml.field("item:DateTimeCreated"), Order="Descending"))


def _ours(listed: Iterable[Seen], letter: Letter) -> list[Seen]:
    """Those with the key, else those with the Message-ID."""
    every = list({one.id: one for one in listed}.values())
    by_key = [one for one in every if one.key == letter.key]
    return by_key or [one for one in every if not one.key and one.message_id == letter.message_id]


def _told_by_content(item: Element) -> Seen:
    found = xml.seen(item) or Seen(id="")
    if found.message_id or found.key:
        return found
    head = read_mail(xml.content_of(item)[:100_000])
    return replace(found, message_id=head.message_id or "")


def _change(
    item: Seen, name: str, value: str | None, *, into: Element | None = None, disposition: str = "SendAndSaveCopy"
) -> Element:
    """A change of one named property of ours and nothing else; None takes it off."""
    if value is None:
        update = t("DeleteItemField", xml.our_property(name))
    else:
        update = t("SetItemField", xml.our_property(name), t("Message", xml.our_value(name, value)))
    changes = m("ItemChanges", t("ItemChange", xml.item_id(item), t("Updates", update)))
    where_to = () if into is None else (m("SavedItemFolderId", into),)
    return m("UpdateItem", *where_to, changes, MessageDisposition=disposition, ConflictResolution="AlwaysOverwrite")
