"""What this computer has to do with a hub: which one it is of, or why it could not join one, and trying one out."""

from dataclasses import dataclass, field

from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.in_step import SCHEMA, TRAY
from member_tracker.domain.vocabulary import Role
from member_tracker.services.hub_access import Access, address_of, with_hub
from member_tracker.services.hub_joining import Unsent, own_work, unsent_work
from member_tracker.services.parts import App, is_shared, me, own_device
from member_tracker.services.people import person_name
from member_tracker.store import in_step_contact
from member_tracker.sync.address import HubAddress, read_address


@dataclass(frozen=True, slots=True, kw_only=True)
class HubHere:
    """The hub this profile belongs to, and what is here and nowhere else; `is_whole` once everything was fetched."""

    hub: str
    login: str
    person: str | None
    unsent: Unsent
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoHubHere:
    """A profile of no hub; `own_work` says why it could not join one (None: it could)."""

    own_work: NotAllowed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedHub:
    """A hub that let somebody in: as whom, and how many councillors' casework they share."""

    hub: str
    login: str
    role: Role
    councillors: int
    device: str
    is_secured: bool

    @property
    def words(self) -> tuple[str, ...]:
        """What was found, in sentences."""
        shared = "1 councillor" if self.councillors == 1 else f"{self.councillors} councillors"
        way = "The connection is encrypted, and its certificate is right." if self.is_secured else ""
        return tuple(
            said
            for said in (
                f"The hub {self.hub} can be reached.",
                way,
                f"It let {self.login} in: {self.role.words.lower()}, who shares the casework of {shared}.",
                f"References made on this computer will begin with ENQ-{self.device}.",
            )
            if said
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedHub:
    """A hub as somebody typed it, and the password that goes with it; empty where they gave none."""

    address: HubAddress
    password: str = field(default="", repr=False)

    def answer(self, login: str) -> str | None:
        """The password, for whoever asks for it."""
        del login
        return self.password or None


class NobodyNamed(Invalid):
    """Nobody said who signs in."""


_SCHEME = "postgresql://"


def typed_hub(address: str, user: str, password: str) -> TypedHub:
    """Read what was typed; an address without its beginning is taken as meant. Raises `Invalid` in words."""
    said = address.strip()
    typed = read_address(said if "://" in said else f"{_SCHEME}{said}")
    login = user.strip() or typed.login
    if not login:
        raise NobodyNamed("Type your user name at the hub.", advice="Your council's IT team gave it to you.")
    return TypedHub(address=typed.as_login(login), password=password or typed.password or "")


def hub_here(app: App) -> HubHere | NoHubHere:
    """What this profile has to do with a hub."""
    with app.store.reading() as tx:
        if not is_shared(tx):
            return NoHubHere(own_work=own_work(tx))
    address = address_of(app)
    with app.store.reading() as tx:
        joined, person = in_step_contact.joined(tx), person_name(tx, me(tx))
    scopes = joined.scopes if joined else {}
    return HubHere(
        hub=address.shown,
        login=address.login,
        person=person,
        unsent=unsent_work(app),
        is_whole=bool(scopes) and all(each.whole for each in scopes.values()),
    )


def try_hub(app: App, typed: TypedHub) -> TriedHub:
    """Sign in at a hub and see what it says, without joining it; raises in words what is wrong on the way."""
    device, address = own_device(app), typed.address
    greeting = with_hub(app, Access(address=address, ask=typed.answer), lambda hub: hub.greet(device, SCHEMA))
    others = {TRAY, greeting.council_id}
    return TriedHub(
        hub=address.shown,
        login=greeting.login,
        role=greeting.role,
        councillors=sum(grant.scope_id not in others for grant in greeting.grants),
        device=greeting.device,
        is_secured=not address.is_local,
    )
