"""Making a hub and looking after it: accounts and what they may see, erasure, the check of the log, upgrades."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from member_tracker.domain.errors import Invalid, UpdateNeeded
from member_tracker.domain.vocabulary import Role
from member_tracker.sync import hub_scripts
from member_tracker.sync.hub import TRAY
from member_tracker.sync.legal_steps import legal_steps
from member_tracker.sync.postgres import Line
from member_tracker.sync.refusals import not_a_hub

EVERY_SCOPE = "*"
_OLDEST_SERVER = 150_000
_PAGE = 5_000
_ROLES = "member_tracker_"
_KEEPER, _REGISTRAR, _USER = f"{_ROLES}keeper", f"{_ROLES}registrar", f"{_ROLES}user"
_LONG_WORK = "SET statement_timeout = '10min'"
_OVER_ALL = (Role.OFFICER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A scope an account may see, or `*` for every one; `until` is when that ends (None: it does not)."""

    scope_id: str
    can_write: bool
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HubUser:
    """An account of the hub; `last_at` is when one of its devices was last in touch (None: never)."""

    login: str
    role: Role
    person_id: str | None
    disabled: bool
    devices: int
    last_at: datetime | None
    access: tuple[Access, ...]

    @property
    def sees_everything(self) -> bool:
        """Whether later councillors are covered too."""
        return any(each.scope_id == EVERY_SCOPE for each in self.access)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What came of walking the log; `broken_at` is the number of the first line that does not fit (None: all fit)."""

    lines: int
    head: int
    chain: str
    broken_at: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, taken out or put in."""
        return self.broken_at is None


class Administration:
    """A hub as its administrator (or, to create and upgrade, the owner of its database) sees it."""

    def __init__(self, url: str, *, password: str | None = None) -> None:
        self._line = Line(url, password=password, patience_seconds=15 * 60)
        self._roles = _ROLES

    def create(self, *, council_id: str, person_id: str | None) -> None:
        """Make a hub of the database, with whoever signs in as first administrator; made already by them, it stays.

        Raises `Invalid` where somebody else's hub is there or the server is older than PostgreSQL 15, and `NotAllowed`
        where the login may not make schemas and roles.
        """
        self._must_be_new_enough()
        with self._line.together():
            if self._is_there():
                self._must_be_mine(council_id)
                return
            [(hub_id,)] = self._line.ask("SELECT gen_random_uuid()::text")
            self._roles = f"{_ROLES}{hub_id[:8]}_"
            self._make_roles()
            self._run(f"CREATE SCHEMA hub AUTHORIZATION {_KEEPER}")
            self._as(_KEEPER, *hub_scripts.numbered().values())
            self._put_rules_in_place()
            self._line.ask(
                "INSERT INTO hub.meta (hub_id, council_id, version, schema_min, schema_cur)"
                " VALUES (%s, %s, %s, %s, %s)",
                hub_id, council_id, max(hub_scripts.numbered()), hub_scripts.SCHEMA_MIN, hub_scripts.SCHEMA_CUR,
            )  # fmt: skip
            self._line.ask("INSERT INTO hub.clock DEFAULT VALUES")
            self._line.ask("INSERT INTO hub.scope VALUES (%s, 0), (%s, 0)", council_id, TRAY)
            self._line.ask("INSERT INTO hub.account (login, person_id, role) VALUES (session_user, %s, %s)",
                           person_id, Role.ADMINISTRATOR.value)  # fmt: skip
            self._line.ask(
                "INSERT INTO hub.access_grant (login, scope_id, can_write, granted_seq)"
                " VALUES (session_user, %s, true, 0)",
                EVERY_SCOPE,
            )
            self._line.run("RESET ROLE")
            self._leave_roles()
            self._run(f"GRANT {_USER} TO SESSION_USER")

    def upgrade(self) -> int:
        """Bring the hub's tables and functions up to this program's; the new version.

        Raises `UpdateNeeded` where the hub is newer than this program, `NotAllowed` where the login is not the owner's.
        """
        with self._line.together():
            if not self._is_there():
                raise not_a_hub()
            [(keeper,)] = self._line.ask("SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'hub'")
            self._roles = keeper.removesuffix("keeper")
            self._make_roles()
            self._as(_KEEPER, "SELECT v FROM hub.clock FOR UPDATE")
            [(version,)] = self._line.ask("SELECT version FROM hub.meta")
            scripts = hub_scripts.numbered()
            if version > max(scripts):
                raise UpdateNeeded("The hub is newer than this program.", advice="Update the program; the hub stays.")
            self._as(_KEEPER, *(script for number, script in scripts.items() if number > version))
            self._put_rules_in_place()
            self._line.ask("UPDATE hub.meta SET version = %s, schema_cur = greatest(schema_cur, %s)",
                           max(scripts), hub_scripts.SCHEMA_CUR)  # fmt: skip
            self._line.run("RESET ROLE")
            self._leave_roles()
        if self._line.ask("SELECT hub.i_administer()") == [(True,)]:
            self.tidy()
        return max(scripts)

    # --- accounts -----------------------------------------------------------------------------------------------------

    def add_user(
        self,
        login: str,
        role: Role,
        password: str | None,
        *,
        person_id: str | None = None,
        councillors: Sequence[str] = (),
    ) -> None:
        """Give somebody an account; None for a password means that they sign in by other means.

        `councillors` are those support staff act for, or those an officer or administrator is narrowed to (none: every
        one there is or will be). A councillor's own casework goes by `person_id`.
        """
        verifier = None if password is None else self._line.verifier(login, password)
        scopes = json.dumps(self._scopes(role, person_id, councillors))
        self._line.ask("SELECT hub.add_account(%s, %s, %s, %s, %s::jsonb)",
                       login, verifier, role.value, person_id, scopes)  # fmt: skip

    def set_password(self, login: str, password: str) -> None:
        """Give an account of this hub's own making another password."""
        self._line.ask("SELECT hub.new_password(%s, %s)", login, self._line.verifier(login, password))

    def grant(self, login: str, scope_id: str, *, until: datetime | None = None, can_write: bool = True) -> None:
        """Let an account see (and change) a councillor's casework, for good or until a moment."""
        self._line.ask("SELECT hub.give(%s, %s, %s, %s)", login, scope_id, can_write, until)

    def revoke(self, login: str, scope_id: str) -> None:
        """Take a councillor's casework from an account; one that had every scope keeps all the others there are now."""
        self._line.ask("SELECT hub.take(%s, %s)", login, scope_id)

    def narrow(self, login: str, scopes: Sequence[str]) -> None:
        """Leave an account only these councillors' casework, the council's own records and the unmatched mail."""
        self._line.ask("SELECT hub.narrow(%s, %s)", login, [*scopes, self._council_id(), TRAY])

    def disable(self, login: str) -> None:
        """Shut an account out; its laptops lock at their next contact. The last administrator cannot be."""
        self._line.ask("SELECT hub.shut(%s, true)", login)

    def enable(self, login: str) -> None:
        """Let an account in again."""
        self._line.ask("SELECT hub.shut(%s, false)", login)

    def users(self) -> tuple[HubUser, ...]:
        """Every account, with what it may see now."""
        [(said,)] = self._line.ask("SELECT hub.users()")
        return tuple(
            HubUser(
                login=each["login"],
                role=Role(each["role"]),
                person_id=each["person_id"],
                disabled=each["disabled"],
                devices=each["devices"],
                last_at=_moment(each["last_at"]),
                access=tuple(
                    Access(scope_id=held["scope_id"], can_write=held["can_write"], until=_moment(held["until"]))
                    for held in each["grants"]
                ),
            )
            for each in said
        )

    # --- the hub ------------------------------------------------------------------------------------------------------

    def status(self) -> Mapping[str, object]:
        """How the hub stands: versions, epoch, head, and how much it holds."""
        [(said,)] = self._line.ask("SELECT hub.status()")
        return dict(said)

    def verify(self) -> Verified:
        """Walk the log from its first line and work out every digest anew: tamper-evident, not tamper-proof."""
        chain, seq, n, lines = b"", -1, -1, 0
        while rows := self._line.ask(
            "SELECT hub_seq, n, op_id, verb, kind, record_id, field, outcome, device, login, digest, chain, intact"
            " FROM hub.audit(%s, %s, %s)",
            seq, n, _PAGE,
        ):  # fmt: skip
            for seq, n, op_id, verb, *words, digest, kept, intact in rows:
                said = "\x1f".join(map(str, (op_id, seq, n, verb, *words)))
                chain = sha256(chain + said.encode() + digest).digest()
                lines += 1
                if chain != kept or not intact:
                    return Verified(lines=lines, head=seq, chain=chain.hex(), broken_at=seq)
        status = self.status()
        broken = None if status["chain"] == chain.hex() else max(seq, 0)
        return Verified(lines=lines, head=int(str(status["head"])), chain=chain.hex(), broken_at=broken)

    def erase(self, kind: str, record_id: str) -> int:
        """Blank a record and all that hangs on it (a resident: all their enquiries) for ever; how many records."""
        self._line.ask(_LONG_WORK)
        [(count,)] = self._line.ask("SELECT hub.erase(%s, %s)", kind, record_id)
        return int(count)

    def restored(self) -> int:
        """Say that the hub was restored from a back-up, so that laptops send again what it lost; its new epoch."""
        [(epoch,)] = self._line.ask("SELECT hub.restored()")
        return int(epoch)

    def tidy(self) -> int:
        """Let go of tombstones older than any laptop may be; how many."""
        [(count,)] = self._line.ask("SELECT hub.tidy()")
        return int(count)

    def close(self) -> None:
        """Let go of the connection."""
        self._line.close()

    # --- how it is made -----------------------------------------------------------------------------------------------

    def _must_be_new_enough(self) -> None:
        [(number, shown)] = self._line.ask(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version')"
        )
        if number < _OLDEST_SERVER:
            raise Invalid(f"PostgreSQL {shown} is too old for a hub.", advice="Use PostgreSQL 15 or later.")

    def _is_there(self) -> bool:
        [(found,)] = self._line.ask("SELECT to_regclass('hub.meta') IS NOT NULL")
        return bool(found)

    def _must_be_mine(self, council_id: str) -> None:
        said = self._line.ask("SELECT m.council_id, hub.i_administer() FROM hub.meta m")
        if said != [(council_id, True)]:
            raise Invalid("There is a hub in that database already.", advice="Join it, or name an empty database.")

    def _make_roles(self) -> None:
        """The three roles nobody signs in as, this hub's alone; and the right to act as them, for now."""
        for name, may in ((_KEEPER, ""), (_REGISTRAR, " CREATEROLE"), (_USER, "")):
            if self._line.ask("SELECT 1 FROM pg_roles WHERE rolname = %s", self._own(name)) == []:
                self._run(f"CREATE ROLE {name} NOLOGIN{may}")
        self._run(f"GRANT {_KEEPER}, {_REGISTRAR} TO SESSION_USER; GRANT {_USER} TO {_REGISTRAR} WITH ADMIN OPTION")

    def _leave_roles(self) -> None:
        self._run(f"REVOKE {_KEEPER}, {_REGISTRAR} FROM SESSION_USER")

    def _own(self, words: str) -> str:
        """Words with the roles of this hub for those the scripts name: a server may hold hubs that share nobody."""
        return words.replace(_ROLES, self._roles)

    def _run(self, script: str) -> None:
        self._line.run(self._own(script))

    def _put_rules_in_place(self) -> None:
        self._as(_KEEPER, *hub_scripts.rules(), f"GRANT CREATE ON SCHEMA hub TO {_REGISTRAR}")
        self._as(_REGISTRAR, hub_scripts.logins())
        self._as(_KEEPER, f"REVOKE CREATE ON SCHEMA hub FROM {_REGISTRAR}", "DELETE FROM hub.step")
        steps = [(was.value, becomes.value) for was, becomes in sorted(legal_steps())]
        self._line.ask(
            "INSERT INTO hub.step SELECT * FROM unnest(%s::text[], %s::text[])", *map(list, zip(*steps, strict=True))
        )

    def _as(self, role: str, *scripts: str) -> None:
        for script in (f"SET LOCAL ROLE {role}", *scripts):
            self._run(script)

    def _council_id(self) -> str:
        [(council_id,)] = self._line.ask("SELECT council_id FROM hub.meta")
        return str(council_id)

    def _scopes(self, role: Role, person_id: str | None, councillors: Sequence[str]) -> list[dict[str, object]]:
        if role in _OVER_ALL and not councillors:
            return [{"scope_id": EVERY_SCOPE, "can_write": True}]
        if role is Role.COUNCILLOR and person_id is None:
            raise Invalid("A councillor's account needs the councillor.", advice="Say who they are: --councillor NAME")
        own = [person_id] if role is Role.COUNCILLOR else [*councillors, TRAY]
        writes = {self._council_id(): role in _OVER_ALL} | dict.fromkeys(own, True)
        return [{"scope_id": scope_id, "can_write": can_write} for scope_id, can_write in writes.items()]


def _moment(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said)
