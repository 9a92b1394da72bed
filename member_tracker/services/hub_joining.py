"""Making a hub of this profile, joining one, and leaving it again."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, TrackerError
from member_tracker.domain.in_step import SCHEMA, Joined
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.people import Councillor, PersonId, Resident, SupportOfficer
from member_tracker.domain.vocabulary import OutgoingState, Role
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.services.enrolling import become, own_tray
from member_tracker.services.hub_access import (
    Access,
    Ask,
    address_of,
    forget_password,
    keep_address,
    keep_password,
    nobody,
    with_administration,
    with_hub,
)
from member_tracker.services.parts import OWN_HUB, App, author_of, me, own_device, the_council
from member_tracker.services.people import person_name
from member_tracker.services.remote_work import remote_work
from member_tracker.services.syncing import sync_now
from member_tracker.services.taken_out import tell_taken_out
from member_tracker.store.in_step import StoreLocal
from member_tracker.store.in_step_outbox import Clearing, Outbox
from member_tracker.store.store import Reading
from member_tracker.sync.address import HubAddress, TypedAddress
from member_tracker.sync.engine import Synced
from member_tracker.sync.hub import Greeting


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedHub:
    """A profile that belongs to a hub now; `is_kept` says whether its password is still known after the next start."""

    hub: str
    login: str
    council: str
    person: str | None
    role: Role
    device: str
    is_kept: bool
    synced: Synced

    def as_json(self) -> dict[str, object]:
        """In the form of `hub create` and `hub join`."""
        return {
            "hub": self.hub,
            "login": self.login,
            "council": self.council,
            "me": self.person,
            "role": self.role.value,
            "device": self.device,
            "password_kept": self.is_kept,
            "pushed": self.synced.pushed,
            "pulled": self.synced.pulled,
            "in_step": self.synced.in_step,
        }


def create_hub(app: App, typed: TypedAddress, ask: Ask = nobody, watch: Watch = UNWATCHED) -> JoinedHub:
    """Make an empty database the hub of this profile's council, and publish everything that is kept here.

    The login of the address becomes the first administrator. Broken off at any point, it may be said again.
    """
    address = typed.as_login(None)
    access = Access(address=address, ask=ask, given=typed.password)
    _must_be_free_for(app, address)
    council_id, person_id = _administrator(app, address.login)
    with_administration(app, access, lambda hub: hub.create(council_id=council_id, person_id=person_id))
    return _enrolled(app, access, watch, anew=False)


def join_hub(app: App, address: HubAddress, ask: Ask = nobody, watch: Watch = UNWATCHED) -> JoinedHub:
    """Make this profile one of the hub's and fetch what its account may see; said again it signs in anew.

    Raises `NotAllowed` for a profile of another user or hub, and for one with casework of its own.
    """
    access = Access(address=address, ask=ask)
    _must_be_free_for(app, address)
    with app.store.reading() as tx:
        is_new = tx.local(OWN_HUB) is None
        refusal = own_work(tx) if is_new else None
    if refusal is not None:
        raise refusal
    return _enrolled(app, access, watch, anew=is_new)


def leave_hub(app: App, exported_to: Path | None = None, watch: Watch = UNWATCHED) -> dict[str, object]:
    """Sign out: everything that came from the hub leaves this computer, and the password is forgotten.

    Refused while something is here and nowhere else, unless all is exported to a new folder first.
    """
    address = address_of(app)
    with remote_work(app, watch):
        unsent = unsent_work(app)
        if exported_to is not None:
            from member_tracker.services.exporting import export

            export(app, exported_to, watch=watch)
            with contextlib.suppress(TrackerError):  # without a connection the copy is made all the same
                with_hub(app, Access(address=address), lambda hub: tell_taken_out(app, hub))
        elif unsent.is_any:
            raise NotAllowed(
                unsent.sentence,
                advice="Run member-tracker sync and post first, look at not-accepted, or keep a copy: "
                "hub leave --exported DIR",
            )
        _empty(app, with_settings=True)
    keep_address(app, None)
    forget_password(app, address)
    return {"hub": address.shown, "exported_to": str(exported_to) if exported_to else None}


# --- enrolling --------------------------------------------------------------------------------------------------------


def _enrolled(app: App, access: Access, watch: Watch, *, anew: bool) -> JoinedHub:
    """Greet the hub, remember it, and fall into step with it; `anew` empties the profile before."""
    device_id = own_device(app)
    greeting = with_hub(app, access, lambda hub: hub.greet(device_id, SCHEMA))
    local = StoreLocal(app.store)
    known = local.joined()
    if known is not None and known.hub_id != greeting.hub_id:
        raise NotAllowed(
            "Another hub answers at this address than the one this profile belongs to.",
            advice="Nothing was sent. Ask whoever runs the hub which address is right.",
        )
    if known is None:
        if anew:
            _empty(app, with_settings=False)
        local.remember(_first(greeting, device_id))
    with app.store.writing(author=None) as tx:
        become(tx, greeting)
        tx.set_local(OWN_HUB, _name(access.address))
    local.set_tray(own_tray(greeting))
    keep_address(app, access.address)
    is_kept = keep_password(app, access.address)
    synced = sync_now(app, watch, access.ask)
    with app.store.reading() as tx:
        return JoinedHub(
            hub=access.address.shown,
            login=greeting.login,
            council=the_council(tx).name,
            person=person_name(tx, me(tx)),
            role=greeting.role,
            device=greeting.device,
            is_kept=is_kept,
            synced=synced,
        )


def _empty(app: App, *, with_settings: bool) -> None:
    """Leave nothing of what was kept here, in the file or beside it."""
    with app.store.writing_by(Clearing) as tx:
        tx.empty()
        if with_settings:
            tx.forget_settings()
    app.store.settle_file()


def _first(greeting: Greeting, device_id: str) -> Joined:
    """What is remembered of a hub at the first contact."""
    return Joined(
        hub_id=greeting.hub_id,
        council_id=greeting.council_id,
        epoch=greeting.epoch,
        login=greeting.login,
        device_id=device_id,
        lease_days=greeting.lease_days,
    )


def _name(address: HubAddress) -> str:
    return f"{address.login}@{address.url}"


def _administrator(app: App, login: str) -> tuple[str, str]:
    """The council's id and the person of the first administrator, made under their login's name where nobody is."""
    with app.store.writing(author=author_of(app)) as tx:
        council = the_council(tx)
        person = me(tx)
        if person is None or (tx.find(Councillor, person) is None and tx.find(SupportOfficer, person) is None):
            person = PersonId(app.new_id())
            tx.save(SupportOfficer(id=person, council_id=council.id, name=login, role=Role.ADMINISTRATOR))
            tx.set_local("me", person)
        return council.id, person


# --- what is refused --------------------------------------------------------------------------------------------------


def _must_be_free_for(app: App, address: HubAddress) -> None:
    """Refuses a profile that belongs to somebody else, or to another hub, and practice data at a real hub."""
    if app.practice and not address.is_local:
        raise NotAllowed(
            "This is a profile for practice: its file is not locked, and what a council fixes does not hold in it.",
            advice="Join with a profile of your own. To try a hub out: member-tracker hub practice",
        )
    with app.store.reading() as tx:
        own = tx.local(OWN_HUB)
    if own is None or own == _name(address):
        return
    login, _, url = own.partition("@")
    raise NotAllowed(
        f"This profile is {login}'s at {HubAddress(url=url, login=login).shown}.",
        advice="Everybody has a profile of their own: add --profile DIR. To give this one up: member-tracker hub leave",
    )


def own_work(tx: Reading) -> NotAllowed | None:
    """Why a profile with casework that no hub knows cannot join: whose it would be there, nobody can guess."""
    count = len(tx.every(Enquiry))
    if not count and not tx.every(Resident) and not tx.every(ReceivedMail):
        return None
    return NotAllowed(
        f"This profile has casework of its own ({count} {'enquiry' if count == 1 else 'enquiries'}), "
        "which is not the hub's.",
        advice="It stays as it is. Join with a new profile (--profile DIR) and log there what is still open; "
        "member-tracker export DIR writes all of it out.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """What is on this computer and nowhere else: it would be lost with the profile."""

    changes: int
    refused: int
    has_mail: bool
    has_files: bool

    @property
    def is_any(self) -> bool:
        """Whether there is anything."""
        return bool(self.changes or self.refused or self.has_mail or self.has_files)

    @property
    def sentence(self) -> str:
        """What there is, in words; nothing where there is nothing."""
        changes = f"{self.changes} {'change waits' if self.changes == 1 else 'changes wait'} to be sent to the hub"
        refused = f"{self.refused} {'change was' if self.refused == 1 else 'changes were'} not accepted by the hub"
        said = [changes] if self.changes else []
        said += ["attachments wait to be sent to the hub"] if self.has_files else []
        said += ["mail waits to go out"] if self.has_mail else []
        said += [refused] if self.refused else []
        return f"{', and '.join(said).capitalize()}." if said else ""


def unsent_work(app: App) -> Unsent:
    """What neither the hub nor a mailbox has from this computer."""
    from member_tracker.services.taking_over import is_sent_from_here  # which itself falls into step

    device = own_device(app)
    with app.store.reading_by(Outbox) as tx:
        mails = [mail for state in _WAITING for mail in tx.every(QueuedMail, state=state)]
        return Unsent(
            changes=tx.waiting(),
            refused=len(tx.refused()),
            has_mail=any(is_sent_from_here(mail, device) for mail in mails),
            has_files=bool(tx.unsent_blobs(1)),
        )


_WAITING = (OutgoingState.QUEUED, OutgoingState.SENDING)
