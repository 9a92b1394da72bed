"""A hub to practise with: a real PostgreSQL on this machine, three made-up users, and their laptops as folders."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from member_tracker.domain.vocabulary import Role
from member_tracker.profile import Profile, profiles_folder
from member_tracker.services.hub_joining import create_hub, join_hub
from member_tracker.services.hub_people import NewUser, add_user
from member_tracker.services.parts import App
from member_tracker.services.setup import SetUp, set_up
from member_tracker.sync.address import read_address
from member_tracker.sync.practice_server import PracticeServer, scratch_folder, start_server

PASSWORD = "practice"  # noqa: S105 - known to everybody, for made-up people on this machine alone
USERS = (
    NewUser(login="vera", role=Role.COUNCILLOR, councillors=("Cllr Vera Quill",)),
    NewUser(login="sam", role=Role.SUPPORT, councillors=("Cllr Vera Quill",)),
    NewUser(login="olga", role=Role.OFFICER),
)

Build = Callable[[Profile], App]
"""Puts the parts together for a practice profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeHub:
    """A practice hub that runs: where it lies, its address without anybody's name, and its server."""

    folder: Path
    url: str
    server: PracticeServer

    def laptop(self, login: str) -> Profile:
        """The profile of one of its users."""
        return Profile(folder=self.folder / "laptops" / login)


def start_afresh(build: Build) -> PracticeHub:
    """Start a server, make a hub in it and give its three users their accounts; an earlier one is taken away."""
    stop()
    folder = scratch_folder()
    _note().parent.mkdir(parents=True, exist_ok=True)
    _note().write_text(str(folder), encoding="utf-8")
    server = start_server(folder)
    url = read_address(server.url()).url
    hub = PracticeHub(folder=folder, url=url, server=server)
    with opened(build, hub.laptop("administrator")) as app:
        set_up(app, SetUp(council="Chorley", me="Ada Clerk", role=Role.ADMINISTRATOR))
        create_hub(app, read_address(server.url()))
        for user in USERS:
            add_user(app, user, PASSWORD)
    return hub


def stop() -> bool:
    """Stop the practice hub and take everything of it away; whether there was one."""
    note = _note()
    if not note.exists():
        return False
    folder = Path(note.read_text(encoding="utf-8"))
    if (folder / "password").exists():
        start_server(folder).stop("immediate")
    shutil.rmtree(folder, ignore_errors=True)
    note.unlink()
    return True


def join(app: App, hub: PracticeHub, login: str) -> None:
    """Let one of the users join, as they would on a laptop of their own."""
    address = read_address(hub.url).as_login(login)
    app.hubs.known[address] = PASSWORD
    join_hub(app, address)


@contextmanager
def opened(build: Build, profile: Profile) -> Iterator[App]:
    """The parts for one of the laptops, let go of at the end."""
    app = build(profile)
    try:
        yield app
    finally:
        app.hubs.close()
        app.store.close()


def _note() -> Path:
    """Where it is written down which practice hub there is."""
    return profiles_folder() / "practice-hub.txt"
