"""The post room of the imaginary organisation: what leaves an Outbox, who gets it, and what comes back by itself."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fakes import exchange_post as post
from tests.fakes.exchange_items import INTERNET_HEADERS, NON_DELIVERY, OUT_OF_OFFICE, Item, Mailbox, Refused, Right

if TYPE_CHECKING:
    from tests.fakes.exchange_world import World


@dataclass(slots=True, kw_only=True)
class _Transit:
    """A message in an Outbox, and how many looks it stays there; None is until `settle`."""

    item: Item
    looks: int | None
    save_copy: bool
    sender: str


class PostRoom:
    """What is on its way in a `World`, whose lock the caller holds."""

    def __init__(self, world: "World") -> None:
        self.looks_before_sending: int | None = 0
        self._world = world
        self._in_transit: list[_Transit] = []

    def look(self) -> None:
        """Let every message come one look closer to leaving."""
        for one in list(self._in_transit):
            if one.looks is not None:
                one.looks -= 1
                if one.looks < 0:
                    self._transport(one)

    def settle(self) -> None:
        """Send everything now."""
        for one in list(self._in_transit):
            self._transport(one)

    def check(self, mailbox: str, mime: bytes, by: str) -> None:
        """Whether this person may send this; otherwise `Refused`."""
        if len(mime) > self._world.max_message_size:
            raise Refused("ErrorMessageSizeExceeded", "The message exceeds the maximum supported size.")
        if not post.recipients_of(mime):
            raise Refused("ErrorInvalidRecipients", "At least one recipient is not valid.")
        sender = post.sender_of(mime) or mailbox
        denied = Refused("ErrorSendAsDenied", "The user account does not have the right to send mail for that user.")
        if sender not in self._world.mailboxes:
            raise denied
        if not any(self._world.has_right(by, sender, right) for right in (Right.SEND_AS, Right.SEND_ON_BEHALF)):
            raise denied

    def submit(self, item: Item, *, by: str, save_copy: bool) -> None:
        """Take a message that lies in an Outbox, and send it when it is time."""
        item.is_draft = False
        head = [] if post.sender_of(item.mime) else [("From", item.mailbox)]
        sender = post.sender_of(item.mime) or item.mailbox
        if not self._world.has_right(by, sender, Right.SEND_AS):
            head.append(("Sender", self._world.mailbox(by).address))
        drop = ["Message-ID"] if self._world.replaces_message_id else []
        if drop:
            head.append(("Message-ID", self._world.new_message_id()))
        if head:
            item.mime = post.with_headers(item.mime, add=head, drop=drop)
            item.internet_message_id = post.message_id_of(item.mime)
        transit = _Transit(item=item, looks=self.looks_before_sending, save_copy=save_copy, sender=sender)
        self._in_transit.append(transit)
        if transit.looks == 0:
            self._transport(transit)

    def _transport(self, one: _Transit) -> None:
        self._in_transit.remove(one)
        if not self._world.holds(one.item):
            return
        failed = [
            (who, why) for who in post.recipients_of(one.item.mime) if (why := self._deliver_copy(one, who)) is not None
        ]
        if failed:
            report = post.non_delivery_report(
                one.item.mime,
                failed=failed,
                host=self._world.host,
                message_id=self._world.new_message_id(),
                at=self._world.now(),
            )
            self._world.deliver(one.sender, report, item_class=NON_DELIVERY)
        if not one.save_copy:
            self._world.delete(one.item, hard=True)
            return
        one.item.received_at = self._world.now()
        if self._world.new_immutable_id_on_send:
            self._world.forget_immutable_id(one.item)
        self._world.move(one.item, "sentitems")

    def _deliver_copy(self, one: _Transit, recipient: str) -> tuple[str, str] | None:
        """Deliver to one person; the reason when it cannot be done."""
        mailbox = self._world.mailboxes.get(recipient)
        if mailbox is None:
            if any(recipient.endswith("@" + address.partition("@")[2]) for address in self._world.mailboxes):
                return post.NO_SUCH_PERSON
            self._world.sent_outside.append((recipient, self._as_delivered(one.item)))
            return None
        refusal = _refusal(mailbox, one)
        if refusal is None:
            headers = {key: value for key, value in one.item.properties.items() if key.set == INTERNET_HEADERS}
            self._world.deliver(recipient, self._as_delivered(one.item), properties=headers)
            self._reply_automatically(mailbox, one)
        return refusal

    def _as_delivered(self, item: Item) -> bytes:
        head = [
            post.received_line(self._world.host, self._world.now()),
            ("X-MS-Exchange-Organization-AuthAs", "Internal"),
        ]
        drop = {"Bcc"}
        if self._world.strips_x_headers:
            drop |= {name for name in post.heading(item.mime) if name.lower().startswith("x-")}
        for key, value in item.properties.items():
            if key.set == INTERNET_HEADERS:
                head.append((key.name, value))
                drop.add(key.name)
        return post.with_headers(item.mime, add=head, drop=drop)

    def _reply_automatically(self, mailbox: Mailbox, one: _Transit) -> None:
        reply = mailbox.automatic_reply
        if reply is None or not reply.holds_at(self._world.now()) or one.sender in mailbox.answered:
            return
        if post.wants_no_automatic_reply(one.item.mime) or one.sender == mailbox.address:
            return
        mailbox.answered.add(one.sender)
        answer = post.automatic_reply_to(
            one.item.mime,
            reply=reply,
            sender=(mailbox.name, mailbox.address),
            message_id=self._world.new_message_id(),
            at=self._world.now(),
        )
        delivered = post.with_headers(answer, add=self._internal_lines())
        self._world.deliver(one.sender, delivered, item_class=OUT_OF_OFFICE)

    def _internal_lines(self) -> list[tuple[str, str]]:
        line = post.received_line(self._world.host, self._world.now())
        return [line, ("X-MS-Exchange-Organization-AuthAs", "Internal")]


def _refusal(mailbox: Mailbox, one: _Transit) -> tuple[str, str] | None:
    """Why a mailbox does not take a message; None when it does."""
    if mailbox.is_full:
        return post.MAILBOX_FULL
    if mailbox.accepts_from is not None and one.sender not in mailbox.accepts_from:
        return post.NOT_ACCEPTED
    too_large = mailbox.max_message_size is not None and one.item.size > mailbox.max_message_size
    return post.TOO_LARGE if too_large else None
