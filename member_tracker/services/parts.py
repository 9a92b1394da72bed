"""What a deed needs at hand. `member_tracker.app.build` puts the parts together; services only use them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import NotFound
from member_tracker.domain.mailboxes import MailboxAccount
from member_tracker.domain.people import Council, PersonId
from member_tracker.mail.connections import Connections
from member_tracker.profile import Profile
from member_tracker.services.charters import CharterShelf
from member_tracker.services.own import OWN_COUNCIL, OWN_DEVICE, OWN_HUB
from member_tracker.store.store import Reading, Store, Transaction
from member_tracker.sync.connections import HubConnections

if TYPE_CHECKING:
    from member_tracker.mail.mailbox import Mailbox

__all__ = [
    "OWN_COUNCIL",
    "OWN_DEVICE",
    "OWN_HUB",
    "App",
    "OpenMailbox",
    "author_of",
    "device_in",
    "is_shared",
    "me",
    "own_device",
    "the_council",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMailbox:
    """A mailbox of this profile: what the settings say of it, and the way to it."""

    account: MailboxAccount
    mailbox: "Mailbox"

    @property
    def name(self) -> str:
        """What it goes by."""
        return self.account.name


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The parts of a running program: store, mailboxes as the settings name them now, charters, time and identities.

    `folder_stands_in` says that mail is taken as sent once it lies in the folder of messages, where no mailbox is set
    up: so it is for programs that fetch it from there, and not for a person at the window, unless the settings say so.
    """

    profile: Profile
    store: Store
    mailboxes: Callable[[], tuple[OpenMailbox, ...]]
    connections: Connections
    hubs: HubConnections
    charters: CharterShelf
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    random_bytes: Callable[[int], bytes]
    practice: bool
    folder_stands_in: bool = True

    def today(self) -> date:
        """The date in the office."""
        return local_date(self.now())


def me(tx: Reading) -> PersonId | None:
    """The person this profile belongs to; None where nobody said."""
    said = tx.local("me")
    return PersonId(said) if said else None


def the_council(tx: Reading) -> Council:
    """The council of this profile; raises `NotFound` where none was set up."""
    said = tx.local(OWN_COUNCIL)
    own = tx.find(Council, said) if said else None
    if own is not None:
        return own
    councils = tx.every(Council)
    if not councils:
        raise NotFound("No council is set up here yet.", advice="Run: member-tracker setup --council NAME")
    return councils[0]


def is_shared(tx: Reading) -> bool:
    """Whether this profile belongs to a hub, where people and areas come from."""
    return tx.local(OWN_HUB) is not None


def own_device(app: App) -> str:
    """What tells this computer from others, drawn when it is first asked for."""
    with app.store.reading() as tx:
        kept = tx.local(OWN_DEVICE)
    if kept is None:
        kept = app.new_id()
        with app.store.writing(author=None) as writing:
            writing.set_local(OWN_DEVICE, kept)
    return kept


def device_in(app: App, tx: Transaction) -> str:
    """The same, within a transaction."""
    kept = tx.local(OWN_DEVICE) or app.new_id()
    tx.set_local(OWN_DEVICE, kept)
    return kept


def author_of(app: App) -> PersonId | None:
    """Who is at work in this profile, for what is about to be written."""
    with app.store.reading() as tx:
        return me(tx)
