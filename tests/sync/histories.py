"""Histories of several laptops and a hub: edits without contact, contact that breaks off, rights that come and go."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, ParamSpec, TypeVar, cast

from member_tracker.domain.errors import NotAllowed, Offline, TrackerError
from member_tracker.domain.vocabulary import Flag
from member_tracker.domain.watching import Stopped
from member_tracker.sync.engine import Sizes, Synced, sync_once
from member_tracker.sync.hub import SCHEMA, Hub, Local, ScopeId
from tests.sync import people
from tests.sync.ledger import UNLIKE, Deed, Ledger, Violation
from tests.sync.taking_part import Key, Office, Record, Stored, User

FAULTS = ("none", "none", "lost on the way", "answer lost", "somebody between", "writing meanwhile", "stopped")
LIVELY = ("draft", "with_service_area", "acknowledged", "answered", "closed", "closed")
ROUNDS = 8
SyncOnce = Callable[..., Synced]
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Line:
    """What stands between a loop and both its sides: at one call it breaks off, or somebody else comes between."""

    fault: str
    at: int
    meanwhile: Callable[[], None]
    calls: int = 0

    def over(self, target: object) -> Any:  # noqa: ANN401 - stands for whatever it is laid over
        return _Laid(self, target)

    def call(self, act: Callable[..., object], args: tuple[object, ...], *, together: bool) -> object:
        """Nobody comes between what is one transaction of the laptop."""
        self.calls += 1
        if self.calls != self.at:
            return act(*args)
        if self.fault in ("somebody between", "writing meanwhile"):
            if together:
                self.at += 1
                return act(*args)
            self.meanwhile()
        if self.fault == "stopped":
            raise Stopped
        if self.fault == "lost on the way":
            raise Offline("The line is down.", advice="It goes by itself later.")
        result = act(*args)
        if self.fault == "answer lost":
            raise Offline("The line is down.", advice="It goes by itself later.")
        return result


class _Laid:
    def __init__(self, line: Line, target: object) -> None:
        self._line, self._target = line, target

    def __getattr__(self, name: str) -> Callable[..., object]:
        act = getattr(self._target, name)
        return lambda *args: self._line.call(act, args, together=name == "take")


class InTurn(Executor):
    """Does at once what a thread would do beside: so a history is the same whenever it is lived through."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except TrackerError as problem:
            done.set_exception(problem)
        return done


class World:
    """Everybody in a history; what they do is drawn from the number they are given.

    `founded` is how a council was founded that is there already; a new one is founded where nothing is said of that.
    """

    def __init__(
        self,
        office: Office,
        users: Sequence[User],
        *,
        sync: SyncOnce = sync_once,
        deletes: bool = True,
        founded: Sequence[Deed] = (),
    ) -> None:
        self.office, self.users, self.sync_once, self.deletes = office, list(users), sync, deletes
        self.ledger, self.count = Ledger(deeds=list(founded)), 0
        self.ledger.rights = {user.part.login: set(office.sees(user.part.login)) for user in self.users}
        if not founded:
            self._found_the_council()

    def _found_the_council(self) -> None:
        for name in people.COUNCILLORS:
            self._make(0, ("councillor", name), people.COUNCILLOR | {"id": name, "name": f"Cllr {name}"})
        self._make(0, ("service_area", "area"), people.SERVICE_AREA)
        self.sync(0, 0, "none")
        for name in people.COUNCILLORS:
            resident, enquiry = f"resident-{name}", f"enquiry-{name}"
            self._make(0, ("resident", resident), people.RESIDENT | {"id": resident, "councillor_id": name})
            more = {"id": enquiry, "reference": enquiry, "raised_by": name, "resident_id": resident}
            self._make(0, ("enquiry", enquiry), people.ENQUIRY | more)
        for number in range(len(self.users)):
            self.sync(number, 0, "none")

    # --- writing ------------------------------------------------------------------------------------------------------

    def work(self, number: int, step: str, seed: int) -> None:
        """Lets somebody do something on their laptop, if there is anything to do it to."""
        getattr(self, f"_{step}")(number, Random(seed))
        self.ledger.must_show_what_waits(number, self.users[number])

    def _new(self, word: str) -> str:
        self.count += 1
        return f"{word}-{self.count}"

    def _make(self, number: int, key: Key, fields: dict[str, Any]) -> None:
        user = self.users[number]
        if user.schema < SCHEMA:
            fields = {name: value for name, value in fields.items() if name != "findings"}
        op_id = user.hands.create(key, fields)
        self.ledger.write(Deed(user=number, op_id=op_id, verb="create", key=key, name="", value=fields))

    def _edit(self, number: int, verb: str, key: Key, name: str, value: object) -> None:
        hands = self.users[number].hands
        saw = dict(hands.everything()[key].fields)
        if verb == "set" and saw.get(name) == value:
            return
        op_id = hands.edit(verb, key, name, value)
        seen = _one(saw.get(name))
        deed = Deed(user=number, op_id=op_id, verb=verb, key=key, name=name, value=value, saw=seen, saw_all=saw)
        self.ledger.write(deed)

    def _shown(self, number: int, *kinds: str) -> list[Key]:
        return sorted(key for key in self.users[number].hands.everything() if key[0] in kinds)

    def _write(self, number: int, draw: Random) -> None:
        """Writes something unlike anything else into a field."""
        if keys := self._shown(number, *UNLIKE):
            key = draw.choice(keys)
            names = [name for name in UNLIKE[key[0]] if name != "findings" or self.users[number].schema == SCHEMA]
            for name in draw.sample(names, draw.randint(1, len(names))):
                self._edit(number, "set", key, name, self._new("word"))

    def _rewrite(self, number: int, draw: Random) -> None:
        """Writes one field of one of the first enquiries several times, as somebody who cannot make up their mind."""
        if keys := [key for key in self._shown(number, "enquiry") if key[1].startswith("enquiry-")]:
            key = draw.choice(keys)
            for _ in range(draw.randint(1, 3)):
                self._edit(number, "set", key, "subject", self._new("word"))

    def _log(self, number: int, draw: Random) -> None:
        name, id_ = draw.choice(people.COUNCILLORS), self._new("logged")
        reference = "taken" if draw.random() < 0.1 else id_
        more = {"id": id_, "reference": reference, "raised_by": name, "resident_id": f"resident-{name}"}
        self._make(number, ("enquiry", id_), people.ENQUIRY | more | {"subject": self._new("word")})

    def _note(self, number: int, draw: Random) -> None:
        if keys := self._shown(number, "enquiry"):
            id_, enquiry = self._new("entry"), draw.choice(keys)[1]
            self._make(
                number, ("entry", id_), people.ENTRY | {"id": id_, "enquiry_id": enquiry, "text": self._new("note")}
            )

    def _step(self, number: int, draw: Random) -> None:
        if keys := self._shown(number, "enquiry"):
            self._edit(number, "set", draw.choice(keys), "status", draw.choice(LIVELY))

    def _tag(self, number: int, draw: Random) -> None:
        if keys := self._shown(number, "enquiry"):
            key = draw.choice(keys)
            tags = self.users[number].hands.everything()[key].fields.get("tags") or []
            if tags and draw.random() < 0.5:
                self._edit(number, "remove", key, "tags", draw.choice(tags))
            else:
                self._edit(number, "add", key, "tags", self._new("tag"))

    def _flag(self, number: int, draw: Random) -> None:
        if keys := self._shown(number, "enquiry"):
            key, flag = draw.choice(keys), str(draw.choice([Flag.ESCALATED, Flag.REROUTED]).value)
            there = flag in (self.users[number].hands.everything()[key].fields.get("flags") or [])
            self._edit(number, "remove" if there else "add", key, "flags", flag)

    def _collect(self, number: int, draw: Random) -> None:
        """Reads a mailbox that others read too: the same mail is the same record everywhere."""
        key = ("mail", f"mail-{draw.randint(0, 2)}")
        if key not in self.users[number].hands.everything() and not self._made_by(number, key):
            self._make(number, key, people.MAIL | {"id": key[1]})

    def _suggest(self, number: int, draw: Random) -> None:
        if keys := self._shown(number, "enquiry"):
            enquiry = draw.choice(keys)[1]
            key = ("suggestion", f"suggestion-{enquiry}")
            if key not in self.users[number].hands.everything() and not self._made_by(number, key):
                self._make(number, key, people.SUGGESTION | {"id": key[1], "enquiry_id": enquiry})
            elif key in self.users[number].hands.everything():
                self._edit(number, "set", key, "state", draw.choice(["accepted", "dismissed"]))

    def _made_by(self, number: int, key: Key) -> bool:
        return any(deed.user == number and deed.key == key for deed in self.ledger.deeds)

    def _file(self, number: int, draw: Random) -> None:
        if mails := self._shown(number, "mail"):
            enquiries: list[str | None] = [key[1] for key in self._shown(number, "enquiry")]
            self._edit(number, "set", draw.choice(mails), "enquiry_id", draw.choice([*enquiries, None]))

    def _move(self, number: int, draw: Random) -> None:
        if keys := self._shown(number, "enquiry"):
            self._edit(number, "set", draw.choice(keys), "raised_by", draw.choice(people.COUNCILLORS))

    def _delete(self, number: int, draw: Random) -> None:
        if self.deletes and (keys := self._shown(number, "suggestion", "resident", "mail")):
            self._edit(number, "delete", draw.choice(keys), "", None)

    def _settle(self, number: int, draw: Random) -> None:
        everything = self.users[number].hands.everything()
        open_ones = [key for key in self._shown(number, "conflict") if not everything[key].fields.get("settled")]
        if not open_ones:
            return
        key = draw.choice(open_ones)
        about = everything[key].fields
        choice, name = draw.choice(["kept", "lost"]), str(about["field"])
        record = (str(about["record_kind"]), str(about["record_id"]))
        if choice == "lost" and name and record in everything:
            self.ledger.chosen.add(about["lost"])
            self._edit(number, "set", record, name, about["lost"])
        self._edit(number, "set", key, "settled", choice)

    # --- contact ------------------------------------------------------------------------------------------------------

    def sync(self, number: int, seed: int, fault: str) -> Synced | None:
        """Lets a laptop meet the hub, well or badly; None where it broke off."""
        draw = Random(seed)
        user, other = self.users[number], draw.randrange(len(self.users))
        another = (
            (lambda: self.work(number, "write", seed)) if fault == "writing meanwhile" else lambda: self._between(other)
        )
        line = Line(fault=fault, at=draw.randint(1, 16), meanwhile=another)
        local, hub = cast(Local, line.over(user.local)), cast(Hub, line.over(self.office.sign_in(user.part.login)))
        ops, rows = draw.choice([1, 2, 3, 500]), draw.choice([1, 2, 5, 1_000])
        sizes = Sizes(ops=ops, rows=rows, most_rows=rows)
        try:
            now: Callable[[], datetime] = lambda: self.office.now() + user.ahead  # noqa: E731
            synced = self.sync_once(local, hub, now=now, sizes=sizes, schema=user.schema, fetching=InTurn)
        except (Offline, Stopped):
            synced = None
        except NotAllowed:
            synced = None  # the account is closed
        if synced is not None and not synced.in_step:
            raise Violation(f"{user.part.login} counts otherwise than the hub in {synced.differing}")
        self.ledger.must_show_what_waits(number, user)
        conflicts = [each for each in self.office.stored() if each.kind == "conflict" and not each.gone]
        self.ledger.must_be_real(conflicts, self.users)
        return synced

    def _between(self, number: int) -> None:
        self.sync(number, number, "none")

    # --- the office ---------------------------------------------------------------------------------------------------

    def administer(self, step: str, seed: int) -> None:
        """Lets whoever runs the hub do something."""
        draw = Random(seed)
        user, scope = draw.choice(self.users[1:] or self.users), ScopeId(draw.choice(people.COUNCILLORS))
        match step:
            case "grant":
                self.office.grant(user.part.login, scope)
                self.ledger.rights[user.part.login].add(scope)
            case "revoke":
                self.office.revoke(user.part.login, scope)
            case "disable":
                self.office.set_disabled(user.part.login, disabled=draw.random() < 0.5)
            case "update":
                user.schema = SCHEMA
            case "clock":
                user.ahead = timedelta(days=draw.randint(-400, 400))
            case "erase":
                there = sorted(each.key for each in self.office.stored() if each.kind in ("enquiry", "resident"))
                self.office.erase(*draw.choice(there))

    # --- the end ------------------------------------------------------------------------------------------------------

    def quiet(self) -> None:
        """Lets everybody meet the hub until nothing moves any more, then looks at everything."""
        for user in self.users:
            self.office.set_disabled(user.part.login, disabled=False)
        for _ in range(ROUNDS):
            moved = [self.sync(number, number, "none") for number in range(len(self.users))]
            if all(each is not None and not each.pushed and not each.pulled for each in moved):
                break
        else:
            raise Violation("there is no end to it: something is sent or fetched in every round")
        for fault in [*self._differences(), *self.ledger.faults(self.office, self.users)]:
            raise Violation(fault)
        if not self.office.chain_holds():
            raise Violation("the chain of ops does not hold")

    def _differences(self) -> Iterator[str]:
        """Each laptop holds what its user may see, all of it and nothing else (I1, I6), and each record lies right."""
        live = {each.key: each for each in self.office.stored() if not each.gone}
        for user in self.users:
            sees, shown = self.office.sees(user.part.login), user.hands.everything()
            for key in shown.keys() - {key for key, each in live.items() if each.scope_id in sees}:
                yield f"{user.part.login} has {key}, which they may not see or which is gone"
            for key, each in live.items():
                if each.scope_id in sees and (key not in shown or _as_stored(shown[key]) != _as_stored(each)):
                    yield f"{user.part.login} lacks {key} as it is at the hub"
        for key, each in live.items():
            enquiry = live.get(("enquiry", str(each.fields.get("enquiry_id"))))
            about = live.get((str(each.fields.get("record_kind")), str(each.fields.get("record_id"))))
            whose = {"enquiry": each.fields.get("raised_by"), "resident": each.fields.get("councillor_id")}.get(key[0])
            for right in (whose, enquiry and enquiry.scope_id, about and about.scope_id):
                if right and right != each.scope_id:
                    yield f"{key} lies in {each.scope_id} and belongs to {right}"


def _one(value: object) -> object:
    return value if value is None or isinstance(value, str) else repr(value)


def _as_stored(record: Record | Stored) -> dict[str, object]:
    """The fields to be compared: a laptop may write the id of a record among them where the hub does not."""
    return {name: value for name, value in record.fields.items() if name != "id"}


def one_laptop_behind(users: Sequence[User]) -> None:
    """Lets the last laptop run the program before this one."""
    users[-1].schema = SCHEMA - 1
