"""What can be made to go wrong between a client and a test server, and what the server remembers of every request."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from random import Random
from threading import Lock


class Throttle(Enum):
    """The ways a busy server says so."""

    TOO_MANY = 429
    UNAVAILABLE = 503
    BUSY_FAULT = 500


class Cut(Enum):
    """Where a connection is broken off."""

    NOWHERE = auto()
    IN_REQUEST = auto()
    BEFORE_ACT = auto()
    IN_ANSWER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What is to befall one request."""

    cut: Cut = Cut.NOWHERE
    after: int = 0
    throttle: Throttle | None = None
    wait_seconds: float = 0
    refuse_sign_in: bool = False


@dataclass(slots=True, kw_only=True)
class _Armed:
    trouble: Trouble
    operation: str | None
    times: int
    skip: int


Hook = Callable[[], None]


@dataclass(slots=True)
class Faults:
    """Troubles armed for coming requests, by operation (`GetItem`) or for any; each befalls so many `times`.

    `skip` lets that many requests of the operation pass first.
    """

    _armed: list[_Armed] = field(default_factory=list)
    _before: dict[str, list[Hook]] = field(default_factory=dict)
    _after: dict[str, list[Hook]] = field(default_factory=dict)
    _random: tuple[Random, float, int] | None = None
    _lock: Lock = field(default_factory=Lock)

    def throttle(
        self,
        times: int = 1,
        *,
        how: Throttle = Throttle.UNAVAILABLE,
        wait_seconds: float = 0,
        operation: str | None = None,
        skip: int = 0,
    ) -> None:
        """Be too busy; `wait_seconds` is what the client is asked to wait (0: nothing is said about it)."""
        self._arm(Trouble(throttle=how, wait_seconds=wait_seconds), operation, times, skip)

    def cut_request(self, after: int = 0, *, times: int = 1) -> None:
        """Stop reading after so many bytes of a request's body and break off: nothing is done."""
        self._arm(Trouble(cut=Cut.IN_REQUEST, after=after), None, times, 0)

    def drop(self, operation: str | None = None, *, times: int = 1, skip: int = 0) -> None:
        """Read the request, do nothing and break off."""
        self._arm(Trouble(cut=Cut.BEFORE_ACT), operation, times, skip)

    def cut_answer(self, after: int, operation: str | None = None, *, times: int = 1, skip: int = 0) -> None:
        """Do what is asked and break off after so many bytes of the answer, its header lines included."""
        self._arm(Trouble(cut=Cut.IN_ANSWER, after=after), operation, times, skip)

    def lose_answer(self, operation: str | None = None, *, times: int = 1, skip: int = 0) -> None:
        """Do what is asked and never answer."""
        self.cut_answer(0, operation, times=times, skip=skip)

    def refuse_sign_in(self, times: int = 1, *, operation: str | None = None, skip: int = 0) -> None:
        """Take the right name and password for wrong ones."""
        self._arm(Trouble(refuse_sign_in=True), operation, times, skip)

    def cut_at_random(self, seed: int, *, chance: float = 0.2, within: int = 20_000) -> None:
        """From now on break off one request or answer in `1 / chance`, somewhere in its first `within` bytes."""
        self._random = (Random(seed), chance, within)

    def clear(self) -> None:
        """Nothing goes wrong any more; hooks are gone too."""
        with self._lock:
            self._armed.clear()
            self._before.clear()
            self._after.clear()
            self._random = None

    def before(self, operation: str, act: Hook) -> None:
        """Call this in the server's thread whenever such a request has been read and nothing is done yet."""
        self._before.setdefault(operation, []).append(act)

    def after(self, operation: str, act: Hook) -> None:
        """Call this when such a request has been carried out and not yet answered."""
        self._after.setdefault(operation, []).append(act)

    def run_before(self, operation: str) -> None:
        """Run the hooks set by `before`."""
        for act in list(self._before.get(operation, ())):
            act()

    def run_after(self, operation: str) -> None:
        """Run the hooks set by `after`."""
        for act in list(self._after.get(operation, ())):
            act()

    def for_reading(self, length: int) -> Trouble | None:
        """What befalls a request of so many bytes before it is understood."""
        with self._lock:
            armed = next((one for one in self._armed if one.trouble.cut is Cut.IN_REQUEST), None)
            if armed is not None:
                return self._use(armed)
            if self._random is None or self._random[0].random() >= self._random[1]:
                return None
            random, _, within = self._random
            cut = random.choice((Cut.IN_REQUEST, Cut.IN_ANSWER))
            return Trouble(cut=cut, after=random.randrange(max(1, length) if cut is Cut.IN_REQUEST else within))

    def for_operation(self, operation: str) -> Trouble | None:
        """What befalls the next request for this operation."""
        with self._lock:
            for one in self._armed:
                if one.trouble.cut is not Cut.IN_REQUEST and one.operation in {None, operation}:
                    if not one.skip:
                        return self._use(one)
                    one.skip -= 1
            return None

    def _arm(self, trouble: Trouble, operation: str | None, times: int, skip: int) -> None:
        with self._lock:
            self._armed.append(_Armed(trouble=trouble, operation=operation, times=times, skip=skip))

    def _use(self, armed: _Armed) -> Trouble:
        armed.times -= 1
        if armed.times <= 0:
            self._armed.remove(armed)
        return armed.trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One request as the server saw it: `status` 0 means it was broken off before an answer."""

    operation: str
    user: str
    status: int
    bytes_in: int
    bytes_out: int
    cut: Cut = Cut.NOWHERE


@dataclass(slots=True)
class Traffic:
    """Everything a server was asked, in the order of the answers, and how much it had to do at once.

    `seconds` is the processor time its threads spent on answers.
    """

    served: list[Served] = field(default_factory=list)
    most_connections: int = 0
    most_at_once: int = 0
    mimes_sent: int = 0
    seconds: float = 0
    _connections: int = 0
    _at_once: int = 0
    _lock: Lock = field(default_factory=Lock)

    def count(self, operation: str | None = None) -> int:
        """How many requests for this operation, or of any kind, were served or broken off."""
        return sum(operation in {None, one.operation} for one in self.served)

    def by_operation(self) -> Counter[str]:
        """How many requests there were for each operation."""
        return Counter(one.operation for one in self.served)

    def bytes_out(self, operation: str | None = None) -> int:
        """How many bytes were answered."""
        return sum(one.bytes_out for one in self.served if operation in {None, one.operation})

    def cuts(self) -> int:
        """How many connections were broken off on purpose."""
        return sum(one.cut is not Cut.NOWHERE for one in self.served)

    def clear(self) -> None:
        """Count afresh."""
        with self._lock:
            self.served.clear()
            self.mimes_sent, self.seconds = 0, 0
            self.most_connections, self.most_at_once = self._connections, self._at_once

    def connection_changes(self, by: int) -> None:
        """A connection was opened (1) or closed (-1)."""
        with self._lock:
            self._connections += by
            self.most_connections = max(self.most_connections, self._connections)

    def request_changes(self, by: int) -> None:
        """A request is being worked on (1) or done with (-1)."""
        with self._lock:
            self._at_once += by
            self.most_at_once = max(self.most_at_once, self._at_once)

    def note_time(self, seconds: float) -> None:
        """Remember how long the server was busy with a request."""
        with self._lock:
            self.seconds += seconds

    def note(self, served: Served) -> None:
        """Remember a request."""
        with self._lock:
            self.served.append(served)

    def note_mime(self, count: int = 1) -> None:
        """Remember that whole messages were handed out."""
        with self._lock:
            self.mimes_sent += count
