"""Which computer sends a queued mail: the one that queued it, or one that took it over by an act at the hub."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from member_tracker.domain.change import RecordKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, NotFound
from member_tracker.domain.in_step import SCHEMA, Outcome
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.vocabulary import OutgoingState
from member_tracker.services.hub_access import Access, Ask, address_of, nobody, with_hub
from member_tracker.services.parts import App, author_of, is_shared, own_device
from member_tracker.services.syncing import sync_now

_FIELD = "device"
_SENDING = " sending"
"""Stands behind the computer's name from when it begins to send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A mail that waits on another computer: only there, or once it is taken over, it is sent."""

    id: str
    reference: str
    subject: str
    to: tuple[str, ...]
    queued_at: str

    def as_json(self) -> dict[str, object]:
        """In the form of `take-over` without an id."""
        return {**asdict(self), "to": list(self.to)}


def is_sent_from_here(mail: QueuedMail, device: str) -> bool:
    """Whether this computer is the one that sends the mail."""
    return mail.device is None or mail.device.removesuffix(_SENDING) == device


def released(mail: QueuedMail) -> QueuedMail:
    """The mail as one that waits again, and that another computer may take over."""
    return replace(mail, device=mail.device.removesuffix(_SENDING)) if mail.device else mail


def waiting_elsewhere(app: App, mails: Iterable[QueuedMail]) -> tuple[QueuedMail, ...]:
    """Those of the mails that wait on another computer."""
    with app.store.reading() as tx:
        if not is_shared(tx):
            return ()
    device = own_device(app)
    return tuple(mail for mail in mails if mail.state is OutgoingState.QUEUED and not is_sent_from_here(mail, device))


def has_begun(mail: QueuedMail) -> bool:
    """Whether the computer a mail waits on has begun to send it."""
    return mail.device is not None and mail.device.endswith(_SENDING)


def queued_elsewhere(app: App) -> tuple[Elsewhere, ...]:
    """The mails that wait on other computers, oldest first."""
    device = own_device(app)
    with app.store.reading() as tx:
        return tuple(
            Elsewhere(
                id=mail.id,
                reference=tx.get(Enquiry, mail.enquiry_id).reference,
                subject=mail.subject,
                to=mail.to,
                queued_at=mail.queued_at.isoformat(),
            )
            for mail in tx.every(QueuedMail, state=OutgoingState.QUEUED)
            if not is_sent_from_here(mail, device)
        )


def take_over(app: App, mail_id: str, ask: Ask = nobody, *, though_begun: bool = False) -> dict[str, object]:
    """Make this computer the one that sends a mail; raises `NotAllowed` where the other one is at it already.

    `though_begun` takes it even then, because somebody has looked and it did not go.
    """
    sync_now(app, ask=ask)
    with app.store.reading() as tx:
        mail = tx.find(QueuedMail, mail_id.strip().casefold())
    if mail is None:
        raise NotFound(
            f"There is no mail “{mail_id}”.", advice="See which wait on other computers: member-tracker take-over"
        )
    if mail.state is not OutgoingState.QUEUED:
        raise NotAllowed(
            f"This mail does not wait any more: {mail.state.words.lower()}.", advice="There is nothing to take over."
        )
    if is_sent_from_here(mail, own_device(app)):
        raise NotAllowed("This computer sends that mail already.", advice="Send it: member-tracker post")
    _must_have_its_mailbox(app, mail)
    if (has_begun(mail) and not though_begun) or not _agreed(app, mail, own_device(app), ask):
        raise NotAllowed(
            "The other computer has begun to send this mail, or somebody else has taken it over.",
            advice="Wait until it is through, then sync. If that computer is gone for good, look in the mailbox; "
            "where it did not go: member-tracker take-over ID --yes",
        )
    sync_now(app, ask=ask)
    return {"id": mail.id, "subject": mail.subject, "to": list(mail.to)}


def _must_have_its_mailbox(app: App, mail: QueuedMail) -> None:
    """Refuses a mail that could not leave from here."""
    from member_tracker.services.post import mailbox_of  # which itself claims mail here

    try:
        mailbox_of(app, mail)
    except NotFound as problem:
        raise NotAllowed(
            "This mail cannot be sent from this computer: the mailbox it was written from is not set up here.",
            advice="Add that mailbox in Settings first, or let the other computer send it.",
        ) from problem


def claim(app: App, mail: QueuedMail, ask: Ask = nobody) -> bool:
    """Agree with the hub that this computer sends the mail now; False where another has taken it over."""
    return _agreed(app, mail, own_device(app) + _SENDING, ask)


def _agreed(app: App, mail: QueuedMail, device: str, ask: Ask) -> bool:
    """Note whose the mail is, and have the hub say at once whether that stands."""
    from member_tracker.store.in_step import StoreLocal
    from member_tracker.store.in_step_outbox import Outbox

    with app.store.writing(author=author_of(app)) as tx:
        kept = tx.get(QueuedMail, mail.id)
        if kept.device != mail.device:
            return False
        tx.save(replace(kept, device=device))
    with app.store.reading_by(Outbox) as looking:
        ops = looking.ops_of(RecordKind.OUTGOING, mail.id, _FIELD)
    if not ops:
        return True
    access = Access(address=address_of(app), ask=ask)
    receipts = with_hub(app, access, lambda hub: hub.push(own_device(app), SCHEMA, ops))
    StoreLocal(app.store).note(receipts)
    return receipts[-1].outcome is Outcome.ACCEPTED


def must_be_claimed(app: App, mail: QueuedMail) -> bool:
    """Whether another computer may know of the mail, so that the hub must be asked before it is sent from here."""
    from member_tracker.store.in_step_outbox import Outbox

    with app.store.reading_by(Outbox) as tx:
        return is_shared(tx) and tx.is_at_hub(RecordKind.OUTGOING, mail.id)
