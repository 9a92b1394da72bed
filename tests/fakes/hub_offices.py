"""Offices that share a real hub: deeds done on several computers at moments of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from member_tracker.app import build, now
from member_tracker.domain.vocabulary import Role
from member_tracker.profile import Profile
from member_tracker.services.hub_joining import create_hub, join_hub
from member_tracker.services.hub_people import NewUser, add_user
from member_tracker.services.setup import SetUp, set_up
from member_tracker.services.syncing import sync_now
from member_tracker.sync.address import HubAddress, read_address
from member_tracker.sync.engine import Synced
from tests.fakes.clock import StoppedClock
from tests.fakes.hub_laptops import drop_roles
from tests.fakes.office import Office
from tests.sync.postgres_server import TestServer

PASSWORD = "the same for all of them"
VERA = ("Cllr Vera Quill",)


@dataclass(kw_only=True)
class Shared:
    """A hub of Chorley with its administrator's office, and others as they join."""

    folder: Path
    owner_url: str
    database: str
    offices: list[Office] = field(default_factory=list)

    def address(self, name: str) -> HubAddress:
        """The hub for somebody, under a login no other hub on the server has."""
        return read_address(self.owner_url).as_login(f"{name}.{self.database}")

    def opened(self, name: str) -> Office:
        """An office that belongs to no hub yet."""
        app = build(Profile(folder=self.folder / name), passphrase=lambda: None, practice=True)
        office = Office(parts=app, clock=StoppedClock(now()))
        self.offices.append(office)
        return office

    def joined(self, name: str, role: Role = Role.OFFICER, councillors: tuple[str, ...] = ()) -> Office:
        """The office of a new user, in step."""
        wanted = NewUser(login=self.address(name).login, role=role, councillors=councillors)
        add_user(self.offices[0].app, wanted, PASSWORD)
        return self.join(name)

    def join(self, name: str, folder: str = "") -> Office:
        """The office of a user on a computer of its own, in step."""
        office = self.opened(folder or name)
        office.parts.hubs.known[self.address(name)] = PASSWORD
        join_hub(office.app, self.address(name))
        return office


def in_step(*offices: Office) -> list[Synced]:
    """Let them fall into step, one after the other."""
    return [sync_now(office.app) for office in offices]


def share_folders(*offices: Office) -> None:
    """Let offices read and send through the same folders, as computers do that share a mailbox."""
    first = offices[0].parts.profile.settings()
    for office in offices:
        office.parts.profile.settings_file.parent.mkdir(parents=True, exist_ok=True)
        file = office.parts.profile.settings_file
        said = file.read_text("utf-8") if file.exists() else ""
        folders = f'[mailbox]\ninbox = "{first.inbox.as_posix()}"\noutbox = "{first.outbox.as_posix()}"\n'
        file.write_text(f"{said}\n{folders}", "utf-8")


@contextmanager
def shared_hub(server: TestServer, folder: Path) -> Iterator[Shared]:
    """A hub of Chorley where Cllr Vera Quill is known."""
    database = server.make_database()
    shared = Shared(folder=folder, owner_url=server.url(database), database=database)
    boss = shared.opened("boss")
    set_up(boss.app, SetUp(council="Chorley", me="Ada Clerk", role=Role.ADMINISTRATOR, councillors=VERA))
    create_hub(boss.app, read_address(shared.owner_url))
    try:
        yield shared
    finally:
        for office in shared.offices:
            office.parts.hubs.close()
            office.parts.store.close()
        server.drop_database(database)
        drop_roles(server, database)


def later(office: Office, **by: float) -> Office:
    """The same office after a while, such as `days=3`."""
    clock = StoppedClock(office.clock())
    clock.forward(**by)
    return replace(office, clock=clock)
