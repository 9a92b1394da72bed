"""A hub in memory, as an account sees it and as its administrator does; what it decides stands in `hub_rules`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256 as digest_of

from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.vocabulary import Role
from member_tracker.sync.hub import SCHEMA, TRAY, Granted, Greeting, HubOp, Outcome, Page, Receipt, ScopeId, Tally
from tests.fakes.hub_rules import ACCEPTED, Judged, Rules, Sender


@dataclass(slots=True, kw_only=True)
class Account:
    role: Role
    person_id: str | None
    everywhere: bool
    disabled: bool = False


class HubInMemory(Rules):
    """What all accounts share; its own methods are the administrator's deeds."""

    def __init__(self, council_id: str, *, schema_min: int = SCHEMA, schema_cur: int = SCHEMA) -> None:
        super().__init__()
        self.council_id, self.schema_min, self.schema_cur = ScopeId(council_id), schema_min, schema_cur
        self.clock, self.epoch, self.now = 0, 1, datetime(2026, 3, 2, 9, tzinfo=UTC)
        self.accounts: dict[str, Account] = {}
        self.grants: dict[tuple[str, ScopeId], Granted] = {}
        self.devices: dict[str, str] = {}
        self.blobs: dict[tuple[ScopeId, str], bytes] = {}

    def add_account(self, login: str, role: Role, *, person_id: str | None = None, scopes: Sequence[str] = ()) -> None:
        """A councillor has their own casework, staff the scopes named; officers and administrators else have all."""
        staff = role in (Role.OFFICER, Role.ADMINISTRATOR)
        self.accounts[login] = Account(role=role, person_id=person_id, everywhere=staff and not scopes)
        self.grant(login, self.council_id, can_write=staff)
        for scope in [person_id] if role is Role.COUNCILLOR and person_id else [*scopes, TRAY]:
            self.grant(login, ScopeId(scope))

    def grant(self, login: str, scope_id: ScopeId, *, can_write: bool = True) -> None:
        self.clock += 1
        self.grants[login, scope_id] = Granted(scope_id=scope_id, can_write=can_write, seq=self.clock)

    def revoke(self, login: str, scope_id: ScopeId) -> None:
        self.clock += 1
        self.grants.pop((login, scope_id), None)

    def erase(self, kind: str, record_id: str) -> None:
        self.clock += 1
        self.blank(self.records[kind, record_id], self.clock)

    def granted(self, login: str) -> dict[ScopeId, Granted]:
        """What an account may see; who may see everything may see each councillor's casework from when they came."""
        found = {scope: grant for (who, scope), grant in self.grants.items() if who == login}
        if self.accounts[login].everywhere:
            born = {
                kept.id: self.log[kept.heads[""]].seq for kept in self.records.values() if kept.kind == "councillor"
            }
            for scope, seq in born.items():
                found.setdefault(ScopeId(scope), Granted(scope_id=ScopeId(scope), can_write=True, seq=seq))
        return found

    def sign_in(self, login: str) -> "HubFake":
        return HubFake(self, login)


class HubFake:
    """The hub as one account sees it."""

    def __init__(self, hub: HubInMemory, login: str) -> None:
        self.hub, self.login = hub, login

    def _admit(self, *, scope_id: ScopeId | None = None, schema: int | None = None) -> dict[ScopeId, Granted]:
        """Refuses a closed account, a program that does not fit and a scope not granted; gives what is granted."""
        hub = self.hub
        if self.login not in hub.accounts or hub.accounts[self.login].disabled:
            raise NotAllowed("This account is closed.", advice="Ask whoever runs the hub.")
        if schema is not None and not hub.schema_min <= schema <= hub.schema_cur:
            raise NotAllowed("Program and hub do not fit together.", advice="Please update Member Tracker.")
        granted = hub.granted(self.login)
        if scope_id is not None and scope_id not in granted:
            raise NotAllowed("This account may not see that.", advice="Ask whoever runs the hub.")
        return granted

    def greet(self, device_id: str, schema: int) -> Greeting:
        hub, granted = self.hub, self._admit(schema=schema)
        account, device = hub.accounts[self.login], hub.devices.setdefault(device_id, f"{len(hub.devices):04X}")
        return Greeting(
            hub_id="hub", council_id=hub.council_id, epoch=hub.epoch, head=hub.clock,
            schema_min=hub.schema_min, schema_cur=hub.schema_cur, now=hub.now, login=self.login, role=account.role,
            person_id=account.person_id, device=device, lease_days=14, tombstone_days=180,
            grants=tuple(granted.values()), chain=self.chain_at(hub.clock),
        )  # fmt: skip

    def push(self, device_id: str, schema: int, ops: Sequence[HubOp]) -> tuple[Receipt, ...]:
        self._admit(schema=schema)
        if len(ops) > 500:
            raise Invalid("That is too much at once.", advice="Send at most 500 changes together.")
        self.hub.clock += any(op.id not in self.hub.log for op in ops)
        return tuple(self._receive(device_id, op) for op in ops)

    def _receive(self, device_id: str, op: HubOp) -> Receipt:
        """Judges an op once; asked again, gives the same answer."""
        hub, granted, account = self.hub, self.hub.granted(self.login), self.hub.accounts[self.login]
        if op.id not in hub.log:
            unfiled = ScopeId(account.person_id) if account.role is Role.COUNCILLOR and account.person_id else TRAY
            writes = frozenset(scope for scope, grant in granted.items() if grant.can_write)
            sender = Sender(device=device_id, writes=writes, unfiled=unfiled, at=hub.now)
            verdict = hub.judge(sender, op, hub.clock)
            blank = verdict != ACCEPTED and hub.is_unspeakable(op)  # whatever else was against it
            hub.log[op.id] = Judged(
                op=replace(op, value=None) if blank else op, device=device_id, verdict=verdict, seq=hub.clock
            )
        (outcome, reason), kept = hub.log[op.id].verdict, hub.records.get((op.kind, op.record_id))
        row = kept.row() if kept and kept.scope_id in granted and outcome is not Outcome.ACCEPTED else None
        return Receipt(op_id=op.id, outcome=outcome, hub_seq=hub.log[op.id].seq, reason=reason, row=row)

    def pull(self, scope_id: ScopeId, after: int, limit: int) -> Page:
        self._admit(scope_id=scope_id)
        found = ((kept.seq_in(scope_id), kept) for kept in self.hub.records.values())
        changed = sorted((each for each in found if each[0] > after), key=lambda each: each[0])
        upto = changed[limit - 1][0] if len(changed) > limit else self.hub.clock
        page = tuple(kept.row(scope_id) for seq, kept in changed if seq <= upto)
        return Page(rows=page, upto=upto, more=len(page) < len(changed))

    def tally(self, scope_id: ScopeId, upto: int) -> Tally:
        self._admit(scope_id=scope_id)
        here = (kept for kept in self.hub.records.values() if kept.scope_id == scope_id and not kept.is_gone)
        live = [kept.seq for kept in here if kept.seq <= upto]
        return Tally(records=len(live), total=sum(live))

    def chain_at(self, seq: int) -> str:
        return " ".join(op_id for op_id, judged in self.hub.log.items() if judged.seq <= seq)

    def missing_blobs(self, scope_id: ScopeId, hashes: Sequence[str]) -> frozenset[str]:
        self._admit(scope_id=scope_id)
        return frozenset(each for each in hashes if (scope_id, each) not in self.hub.blobs)

    def put_blob(self, scope_id: ScopeId, sha256: str, content: bytes) -> None:
        if not self._admit(scope_id=scope_id)[scope_id].can_write or digest_of(content).hexdigest() != sha256:
            raise Invalid("These bytes cannot be kept.", advice="Look whether the file is whole.")
        self.hub.blobs[scope_id, sha256] = content

    def get_blob(self, scope_id: ScopeId, sha256: str) -> bytes | None:
        self._admit(scope_id=scope_id)
        return self.hub.blobs.get((scope_id, sha256))

    def close(self) -> None: ...
