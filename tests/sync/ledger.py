"""What everybody did in a history, written down by value and by enquiry, and what must be true of it afterwards.

The ledger knows nothing of ids the hub or the loop give: each value written is unlike any other, and with it stands
which value its author saw in its place. Who saw whom, and what must not be lost, follows from that alone.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from member_tracker.domain.vocabulary import Role
from tests.sync.taking_part import Key, Office, Stored, User

UNLIKE = {
    "enquiry": ("subject", "text", "findings"),
    "resident": ("name", "phone"),
    "service_area": ("name",),
    "mail": ("text",),
}
"""Fields whose values are unlike any other."""


EVERYWHERE = (Role.OFFICER, Role.ADMINISTRATOR)


class Violation(AssertionError):
    """Something came out of a history that must never come out of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One edit: by whom, of what, and what its author saw in its place (of a closing or deletion: in every place)."""

    user: int
    op_id: str
    verb: str
    key: Key
    name: str
    value: object
    saw: object = None
    saw_all: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_unlike(self) -> bool:
        return self.verb == "set" and self.name in UNLIKE.get(self.key[0], ())

    def is_about(self, ids: set[str]) -> bool:
        """Whether it is of one of these records, or hangs something on one."""
        said = self.value if isinstance(self.value, dict) else {"enquiry_id": self.value}
        return bool(ids & {self.key[1], said.get("enquiry_id"), said.get("resident_id"), said.get("mail_id")})


@dataclass(slots=True)
class Ledger:
    deeds: list[Deed] = field(default_factory=list)
    saw: dict[tuple[Key, str], dict[object, set[object]]] = field(default_factory=lambda: defaultdict(dict))
    chosen: set[object] = field(default_factory=set)
    met: set[str] = field(default_factory=set)
    rights: dict[str, set[str]] = field(default_factory=dict)

    def write(self, deed: Deed) -> None:
        self.deeds.append(deed)
        if deed.verb == "set" and deed.name in UNLIKE.get(deed.key[0], ()):
            self.saw[deed.key, deed.name].setdefault(deed.value, set()).add(deed.saw)

    def had_seen(
        self, key: Key, name: str, later: object, earlier: object, *, but_through: Collection[object] = ()
    ) -> bool:
        """Whether a value was written by somebody who had seen the other one, or had seen one that had."""
        edges, todo = self.saw[key, name], [later]
        reached: set[object] = set()
        while todo:
            value = todo.pop()
            if value == earlier:
                return True
            new = edges.get(value, set()) - reached if value not in but_through else set()
            reached |= new
            todo.extend(new)
        return False

    # --- at any time --------------------------------------------------------------------------------------------------

    def must_be_real(self, conflicts: list[Stored], users: list[User]) -> None:
        """A conflict is between two who had not seen each other (I4), told by what they saw and not by any id.

        A value a person chose again stands for two decisions, and what was refused never was at the hub to be seen.
        """
        new = [each for each in conflicts if each.id not in self.met]
        unsure = {deed.value for deed in self.deeds if new and deed.is_unlike and _refused(users, deed)} | self.chosen
        for conflict in new:
            about = conflict.fields
            key, name = (str(about["record_kind"]), str(about["record_id"])), str(about["field"])
            if name not in UNLIKE.get(key[0], ()):
                continue
            self.met.add(conflict.id)
            kept, lost = about["kept"], about["lost"]
            if {kept, lost} & self.chosen:
                continue
            if self.had_seen(key, name, kept, lost, but_through=unsure):
                raise Violation(f"{key} {name}: {kept!r} had seen {lost!r}, which is no conflict")
            if self.had_seen(key, name, lost, kept, but_through=unsure):
                raise Violation(f"{key} {name}: {lost!r} had seen {kept!r} and lost to it")

    def must_show_what_waits(self, number: int, user: User) -> None:
        """What was written here and has not been answered is what its author sees."""
        shown, newest = user.hands.everything(), {}
        waiting = len(user.local.outbox(10_000))
        for deed in self.deeds:
            if deed.user == number and user.hands.outcome_of(deed.op_id) is None:
                newest[deed.key, deed.name] = deed
                waiting -= 1
        if waiting < 0:
            raise Violation(f"{user.part.login}: {-waiting} edits are neither waiting nor answered")
        for (key, name), deed in newest.items():
            if deed.is_unlike and key in shown and shown[key].fields.get(name) != deed.value:
                raise Violation(f"{user.part.login}: {key} {name} waits as {deed.value!r} and is shown otherwise")

    # --- after quiet --------------------------------------------------------------------------------------------------

    def faults(self, office: Office, users: list[User]) -> Iterator[str]:
        """Everything that went wrong by the end, in words."""
        stored = {each.key: each for each in office.stored()}
        yield from self._counted(office, users, stored)
        yield from self._trespasses(users, stored)
        yield from self._lost(office, users, stored)
        yield from self._elements(users, stored)
        yield from self._entries(users, stored)
        yield from self._closings(office, users, stored)
        yield from self._words_of_erased(office, users, stored)

    def _counted(self, office: Office, users: list[User], stored: dict[Key, Stored]) -> Iterator[str]:
        """Each edit reached the hub once (I2), counted by device and record and not by op.

        Of somebody erased, what had not been sent may have been dropped where it was.
        """
        authored = Counter((users[deed.user].device_id, deed.key) for deed in self.deeds)
        arrived = Counter((judged.device, judged.key) for judged in office.judged())
        gone = self._gone(stored)
        for place in authored.keys() | arrived.keys():
            erased = any(deed.key == place[1] and deed.is_about(gone) for deed in self.deeds)
            if arrived[place] > authored[place] or (arrived[place] < authored[place] and not erased):
                yield f"{place}: {authored[place]} edits were made, {arrived[place]} came to the hub"

    def _gone(self, stored: dict[Key, Stored]) -> set[str]:
        """What was erased, and what hangs on that and never came to the hub."""
        gone = {each.id for each in stored.values() if each.erased}
        for deed in self.deeds:  # what something hangs on was made before it
            if deed.verb == "create" and deed.key not in stored and deed.is_about(gone):
                gone.add(deed.key[1])
        return gone

    def _trespasses(self, users: list[User], stored: dict[Key, Stored]) -> Iterator[str]:
        """Nobody made anything in casework they never had a right to, or changed what all share without being staff."""
        for deed in self.deeds:
            part = users[deed.user].part
            if part.role in EVERYWHERE or deed.key not in stored or not isinstance(deed.value, dict):
                continue
            if deed.key[0] == "enquiry" and deed.value["raised_by"] not in self.rights[part.login]:
                yield f"{part.login} made {deed.key} for {deed.value['raised_by']}"
        for deed in self.deeds:
            part = users[deed.user].part
            if deed.key[0] == "service_area" and part.role not in EVERYWHERE and not _refused(users, deed):
                yield f"{part.login} changed {deed.key}"

    def _conflicts(self, stored: dict[Key, Stored]) -> set[tuple[Key, str, object]]:
        found = [each.fields for each in stored.values() if each.kind == "conflict" and not each.gone]
        return {((str(on["record_kind"]), str(on["record_id"])), str(on["field"]), on["lost"]) for on in found}

    def _lost(self, office: Office, users: list[User], stored: dict[Key, Stored]) -> Iterator[str]:
        """Each value stands, was replaced by somebody who had seen it, is in a conflict, or was refused (I3, I5)."""
        conflicts = self._conflicts(stored)
        for deed in self.deeds:
            if not deed.is_unlike or (there := stored.get(deed.key)) is None or there.erased:
                continue
            if _refused(users, deed) or (deed.key, deed.name, deed.value) in conflicts:
                continue
            finals = [there.fields.get(deed.name)]
            if there.gone:  # who deleted had seen it, or sees it in a conflict with what they wrote over it
                finals = self._seen_by_deleter(deed.key, deed.name) + _kept_against(stored, deed)
            if not any(self.had_seen(deed.key, deed.name, final, deed.value) for final in finals):
                yield f"{deed.key} {deed.name}: {deed.value!r} was lost; {finals!r} stands"
        yield from self._refused_and_forgotten(users, stored)

    def _seen_by_deleter(self, key: Key, name: str) -> list[object]:
        return [deed.saw_all.get(name) for deed in self.deeds if deed.key == key and deed.verb == "delete"]

    def _refused_and_forgotten(self, users: list[User], stored: dict[Key, Stored]) -> Iterator[str]:
        gone = self._gone(stored)
        for deed in self.deeds:
            if deed.is_about(gone) or deed.saw_all.get("enquiry_id") in gone:
                continue  # dropped with somebody erased
            if deed.is_unlike and _refused(users, deed) and deed.value not in users[deed.user].hands.refused():
                yield f"{deed.key} {deed.name}: {deed.value!r} was refused and is nowhere"

    def _elements(self, users: list[User], stored: dict[Key, Stored]) -> Iterator[str]:
        """A tag is there exactly if it was added and nobody took it away."""
        taken = {(deed.key, deed.value) for deed in self.deeds if deed.verb == "remove" and not _refused(users, deed)}
        for deed in self.deeds:
            there = stored.get(deed.key)
            if (deed.verb, deed.name) != ("add", "tags") or there is None or there.gone or _refused(users, deed):
                continue
            tags = there.fields.get("tags")
            if (deed.value in (tags if isinstance(tags, list) else ())) == ((deed.key, deed.value) in taken):
                yield f"{deed.key}: the tag {deed.value!r} is there wrongly, or wrongly not there"

    def _entries(self, users: list[User], stored: dict[Key, Stored]) -> Iterator[str]:
        """What was written into a timeline stands there once, unless whom it was about was erased."""
        there = Counter(each.fields.get("text") for each in stored.values() if each.kind == "entry" and not each.gone)
        gone = self._gone(stored)
        for deed in self.deeds:
            if deed.key[0] != "entry" or not isinstance(deed.value, dict) or deed.is_about(gone):
                continue
            kept = stored.get(deed.key)
            if (kept is None or not kept.gone) and there[deed.value["text"]] != (0 if _refused(users, deed) else 1):
                yield f"{deed.key}: {deed.value['text']!r} stands {there[deed.value['text']]} times"

    def _closings(self, office: Office, users: list[User], stored: dict[Key, Stored]) -> Iterator[str]:
        """Nobody closed over a change they had not seen; closing what somebody has closed already changes nothing."""
        by_id = {deed.op_id: deed for deed in self.deeds}
        before: list[Deed] = []
        status: dict[Key, object] = {}
        for judged in office.judged():
            deed = by_id.get(judged.op_id)
            if deed is None or judged.outcome != "accepted":
                continue
            was = status.get(deed.key)
            if deed.name == "status":
                status[deed.key] = deed.value
            if (deed.name, deed.value) == ("status", "closed") and was != "closed":
                for other in before:
                    if other.key == deed.key and other.user != deed.user and other.is_unlike:
                        seen = deed.saw_all.get(other.name)
                        if not self.had_seen(other.key, other.name, seen, other.value):
                            yield f"{deed.key} was closed by somebody who had not seen {other.value!r}"
            before.append(deed)

    def _words_of_erased(self, office: Office, users: list[User], stored: dict[Key, Stored]) -> Iterator[str]:
        """Nothing that was written of somebody erased is left anywhere (I7), but what its author was refused."""
        of_erased = [deed for deed in self.deeds if deed.key in stored and stored[deed.key].erased]
        said = {deed.value for deed in of_erased if deed.is_unlike}
        said |= {deed.value["text"] for deed in of_erased if deed.key[0] == "entry" and isinstance(deed.value, dict)}
        if not said:
            return
        places = [("the hub", repr(list(office.every_word())))]
        places += [(user.part.login, repr(list(user.hands.every_word()))) for user in users]
        own = {
            (users[deed.user].part.login, deed.value) for deed in self.deeds if deed.is_unlike and _refused(users, deed)
        }
        for place, words in places:
            left = [value for value in said if f"'{value}'" in words and (place, value) not in own]
            yield from (f"{value!r} was erased and is at {place}" for value in left)


def _kept_against(stored: Mapping[Key, Stored], deed: Deed) -> list[object]:
    """What stood of the field in conflicts about it."""
    about = [each.fields for each in stored.values() if each.kind == "conflict" and not each.gone]
    return [on["kept"] for on in about if (on["record_id"], on["field"]) == (deed.key[1], deed.name)]


def _refused(users: list[User], deed: Deed) -> bool:
    return users[deed.user].hands.outcome_of(deed.op_id) in ("denied", "illegal", "erased")
