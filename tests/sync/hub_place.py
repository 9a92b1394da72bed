"""A hub on a real PostgreSQL for tests: one is made, the others are copies of it, and accounts are made as needed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from member_tracker.domain.vocabulary import Role
from member_tracker.sync.administration import Administration
from member_tracker.sync.postgres import PostgresHub
from tests.sync.postgres_server import TestServer

COUNCIL = "5f3c1f5e-6a1e-5c9a-9d0a-000000000001"
SUPERUSER = "postgres"


@dataclass(frozen=True, kw_only=True)
class HubPlace:
    """A hub in a database of its own; its first administrator is the server's superuser."""

    server: TestServer
    database: str
    council_id: str = COUNCIL
    _open: list[PostgresHub | Administration] = field(default_factory=list)

    def url(self, login: str | None = None) -> str:
        """The address for a login; the superuser's with their password where nobody is named."""
        return self.server.url(self.database, user=login)

    def administration(self) -> Administration:
        """The hub as its first administrator sees it; closed with the place."""
        administration = Administration(self.url())
        self._open.append(administration)
        return administration

    def sign_in(self, login: str | None = None) -> PostgresHub:
        """The hub as a login sees it (the administrator, where nobody is named); closed with the place."""
        hub = PostgresHub(self.url(login), password=password_of(login) if login else None)
        self._open.append(hub)
        return hub

    def add_user(
        self, login: str, role: Role, *, person_id: str | None = None, councillors: Sequence[str] = ()
    ) -> PostgresHub:
        """Make an account and sign it in."""
        self.administration().add_user(login, role, password_of(login), person_id=person_id, councillors=councillors)
        return self.sign_in(login)

    def close(self) -> None:
        """Close every connection made here."""
        for each in self._open:
            each.close()


def password_of(login: str) -> str:
    """The password of every account made here."""
    return f"{login} and a horse"
