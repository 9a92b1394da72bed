"""Laptops that share a real hub, each a profile of its own, worked from the command line as other programs would."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import keyring
import psycopg
import pytest
from keyring.backend import KeyringBackend
from psycopg import sql

from member_tracker.cli import main
from member_tracker.services.hub_access import PASSWORD
from member_tracker.store import keys
from tests.fakes.keyring_backend import FILE, FileKeyring
from tests.sync.postgres_server import TestServer

CHOSEN = "as chosen by the user"
LOG = (
    "log", "--councillor", "Cllr Vera Quill", "--resident", "Ned Barlow", "--channel", "email",
    "--service-area", "housing", "--subject", "Damp in a flat", "--text", "Please inspect.",
)  # fmt: skip


@dataclass(slots=True)
class Said:
    """What a command said: its exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> object:
        """Standard output as the JSON it is."""
        return json.loads(self.out)


@dataclass(slots=True, kw_only=True)
class Laptop:
    """A profile; `password` is what its user would have in MEMBER_TRACKER_HUB_PASSWORD, empty where that is not set."""

    folder: Path
    run_words: Callable[..., Said]
    password: str = ""

    def run(self, *words: str) -> Said:
        """Run a command here; `--json` is said already."""
        return self.run_words(self, *words)

    def get(self, *words: str) -> dict[str, object]:
        """The object a command prints, where it succeeds."""
        found = self._found(words)
        assert isinstance(found, dict)
        return found

    def rows(self, *words: str) -> list[dict[str, object]]:
        """The list a command prints, where it succeeds."""
        found = self._found(words)
        assert isinstance(found, list)
        return found

    def log(self, **more: str) -> str:
        """Log an enquiry; the reference it got."""
        words = list(LOG)
        for name, value in more.items():
            words[words.index(f"--{name}") + 1] = value
        return str(self.get(*words)["reference"])

    def _found(self, words: tuple[str, ...]) -> object:
        said = self.run(*words)
        assert said.code == 0, said.err
        return said.json


@dataclass(slots=True, kw_only=True)
class Town:
    """A real database for a hub, the laptop of its administrator, and others as they are asked for.

    `owner_url` is the address of the database's owner with the password in it; `url` has neither.
    """

    server: TestServer
    owner_url: str
    url: str
    boss: Laptop
    make: Callable[[str], Laptop]

    def login(self, name: str) -> str:
        """The account of somebody, under a name no other hub on this server uses: roles are the server's."""
        return f"{name}.{urlsplit(self.url).path.strip('/')}"

    def create(self) -> dict[str, object]:
        """Make the hub from the administrator's laptop."""
        return self.boss.get("hub", "create", self.owner_url)

    def add_user(self, name: str, *words: str) -> dict[str, object]:
        """Give somebody an account under the usual password."""
        self.boss.password = CHOSEN
        made = self.boss.get("hub", "add-user", self.login(name), *words)
        self.boss.password = ""
        return made

    def join(self, name: str, folder: str = "") -> Laptop:
        """A laptop of that user, in step for the first time."""
        laptop = self.make(folder or name)
        laptop.password = CHOSEN
        assert laptop.get("hub", "join", self.url, "--user", self.login(name))["in_step"] is True
        laptop.password = ""
        return laptop

    def joined(self, name: str, *words: str) -> Laptop:
        """A new user's laptop; `words` are those of `hub add-user`."""
        self.add_user(name, *words)
        return self.join(name)


def use_keyring(kind: Callable[[], KeyringBackend]) -> None:
    """Keep secrets there from now on."""
    keyring.set_keyring(kind())


@contextmanager
def town(
    server: TestServer, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Town]:
    """An empty database on a real server, and a keyring; passwords are chosen as people do, one each."""
    monkeypatch.setattr(keys, "_REAL_COST", keys._PRACTICE_COST)
    monkeypatch.setenv("MEMBER_TRACKER_PASSPHRASE", "a passphrase for tests")
    monkeypatch.setenv(FILE, str(folder / "keyring.json"))
    database = server.make_database()

    def run(laptop: Laptop, *words: str) -> Said:
        with monkeypatch.context() as patched:
            patched.setenv(PASSWORD, laptop.password)
            code = main(["--json", "--profile", str(laptop.folder), *words])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    def make(name: str) -> Laptop:
        return Laptop(folder=folder / name, run_words=run)

    before = keyring.get_keyring()
    use_keyring(FileKeyring)
    try:
        yield Town(
            server=server,
            owner_url=server.url(database),
            url=server.url(database, user="nobody"),
            boss=make("boss"),
            make=make,
        )
    finally:
        keyring.set_keyring(before)
        server.drop_database(database)
        drop_roles(server, database)


def drop_roles(server: TestServer, database: str) -> None:
    """Take away the accounts of one hub, which outlive its database."""
    with psycopg.connect(server.superuser_url, autocommit=True) as connection:
        found = connection.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE %s", [f"%.{database}"]).fetchall()
        for (name,) in found:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
