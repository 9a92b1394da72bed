"""Laptops with an encrypted file each beside one hub in memory, for the tests of falling into step."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from member_tracker.domain.in_step import Held, Joined, Row, ScopeId
from member_tracker.domain.vocabulary import Role
from member_tracker.store.in_step import StoreLocal
from member_tracker.store.kept import Record
from member_tracker.store.shapes import shape_of
from member_tracker.store.store import Store
from member_tracker.sync.engine import Synced, sync_once
from tests.fakes.hub import HubInMemory
from tests.store.agreement import disagreements
from tests.store.office import ANNA, BILAL, COUNCIL, Clockwork, open_store

LOGIN = "anna"
SCOPES = {ScopeId(COUNCIL.id): True, ScopeId(ANNA.id): True, ScopeId(BILAL.id): True, ScopeId("tray"): True}


def joined(login: str = LOGIN, device_id: str = "device", scopes: dict[ScopeId, Held] | None = None) -> Joined:
    return Joined(hub_id="hub", council_id=COUNCIL.id, epoch=1, login=login, device_id=device_id, scopes=scopes or {})


def held(upto: int = 0, *, whole: bool = True) -> Held:
    return Held(upto=upto, grant_seq=1, can_write=True, whole=whole)


def row(value: Record, hub_seq: int, scope_id: str, **changes: object) -> Row:
    """A record as the hub tells of it: nothing of its empty fields, nor its id a second time."""
    shape = shape_of(type(value))
    fields = {**shape.said(shape.every_plain(value)), **changes}
    del fields["id"]
    return Row(
        kind=shape.kind.value,
        id=value.id,
        scope_id=ScopeId(scope_id),
        hub_seq=hub_seq,
        fields=fields,
        heads={"": f"other-{value.id}"},
    )


@dataclass(kw_only=True)
class Laptop:
    """One user's computer."""

    store: Store
    clockwork: Clockwork
    hub: HubInMemory
    login: str
    local: StoreLocal = field(init=False)

    def __post_init__(self) -> None:
        self.local = StoreLocal(self.store)
        self.local.remember(joined(self.login, self.clockwork.device))

    def sync(self) -> Synced:
        self.hub.now = self.clockwork.at
        done = sync_once(self.local, self.hub.sign_in(self.login), now=self.clockwork.now)
        assert disagreements(self.store) == []
        return done


def make_hub() -> HubInMemory:
    hub = HubInMemory(COUNCIL.id)
    for login in ("anna", "bilal", "carol"):
        hub.add_account(login, Role.OFFICER)
    return hub


def make_laptop(folder: Path, hub: HubInMemory, name: str, login: str = "carol") -> Laptop:
    clockwork = Clockwork(device=name)
    store = open_store(folder / name, clockwork)
    return Laptop(store=store, clockwork=clockwork, hub=hub, login=login)


LaptopMaker = Callable[..., Laptop]
