"""One loop that brings a laptop into step with its hub: push, pull, check; it may be stopped and repeated anywhere.

Nothing is open across the network: each question to the hub and each step on the laptop is a transaction of its own.
What went out and was not heard of goes again, and the hub answers as it did the first time.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import accumulate, groupby

from member_tracker.domain.errors import (
    AccountDisabled,
    Invalid,
    NotAllowed,
    NotFound,
    TooSlow,
    Unavailable,
    UpdateNeeded,
)
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.sync.hub import (
    SCHEMA,
    Greeting,
    Held,
    Hub,
    HubOp,
    Joined,
    Local,
    Outcome,
    Page,
    Receipt,
    ScopeId,
)
from member_tracker.sync.pulling import Pulling

CLOCK_MAY_DIFFER = timedelta(minutes=2)
"""A laptop's clock further than this from the hub's is spoken of."""

FEWEST_LETTERS = 100_000
"""A line so slow that not even this much goes through in one question is none."""

_QUARTER = 4
_REFUSED = (Outcome.DENIED, Outcome.ILLEGAL, Outcome.ERASED)
_ONE_BLOB_ONLY = (Invalid, NotAllowed, NotFound)
_NO_MORE = (AccountDisabled, UpdateNeeded)  # kinds of `NotAllowed` that go for everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much goes in one question: ops in a push (at most 500), rows in a page, attachments looked for together.

    The first page has `rows`, those after it up to `most_rows` as long as they come quickly. The ops of a push hold no
    more than `letters` unless it is one alone. Where even that takes too long, less is asked.
    """

    ops: int = 500
    letters: int = 2_000_000
    rows: int = 1_000
    most_rows: int = 10_000
    blobs: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What one contact did. `denied` counts every op the hub did not take, whatever its reason.

    `in_step`: every scope was read to its end and counted alike on both sides; `differing` are those that were not,
    even after being read again from nothing. `clock_ahead` is how far the laptop's clock is before the hub's, None
    where that is within two minutes. `restored`: the hub came from a back-up, and what it had lost was sent again.
    """

    pushed: int
    pulled: int
    conflicts: int
    denied: int
    in_step: bool
    at: datetime
    clock_ahead: timedelta | None = None
    restored: bool = False
    gained: tuple[ScopeId, ...] = ()
    lost: tuple[ScopeId, ...] = ()
    differing: tuple[ScopeId, ...] = ()
    blobs_sent: int = 0
    blobs_fetched: int = 0
    blobs_left: int = 0


def _beside() -> Executor:
    return ThreadPoolExecutor(max_workers=1)


def sync_once(
    local: Local,
    hub: Hub,
    *,
    now: Callable[[], datetime],
    watch: Watch = UNWATCHED,
    sizes: Sizes | None = None,
    schema: int = SCHEMA,
    fetching: Callable[[], Executor] = _beside,
) -> Synced:
    """Bring the laptop into step: send what waits, fetch what changed, count both sides, then the attachments.

    `fetching` makes what fetches the next page while one is put in place: a thread, unless all is to be done in turn.
    Raises `NotAllowed`, with nothing written, where the hub is another one or its form of records is not ours; what the
    hub raises comes through (`TooMuch` too: wait, then call again); `Stopped` where the watch wants no more. After any
    of them, calling again goes on from where it was.
    """
    joined = local.joined()
    if joined is None:
        raise NotAllowed("This profile belongs to no hub.", advice="Join one first: member-tracker hub join URL")
    watch.at("Asking the hub", 0, 1)
    greeting = hub.greet(joined.device_id, schema)
    ahead = now() - greeting.now
    _must_be_ours(greeting, joined, schema)
    sizes = sizes or Sizes()
    contact = _Contact(
        local=local, hub=hub, now=now, watch=watch, sizes=sizes,
        letters=sizes.letters, schema=schema, greeting=greeting,
        fetching=fetching,
    )  # fmt: skip
    contact.believe(joined)
    contact.push()
    contact.fit_scopes()
    contact.remember(contact_at=now())
    contact.pull()
    contact.remember(hub_at=greeting.now)
    contact.send_blobs()
    contact.fetch_blobs()
    return contact.told(ahead if abs(ahead) > CLOCK_MAY_DIFFER else None)


def _must_be_ours(greeting: Greeting, joined: Joined, schema: int) -> None:
    """Refuses another hub, another council, another account, and a form of records that one side does not know."""
    if (greeting.hub_id, greeting.council_id) != (joined.hub_id, joined.council_id):
        raise NotAllowed(
            "The hub at this address is not the one this profile belongs to.",
            advice="Nothing was sent. Ask whoever runs the hub which address is right.",
        )
    if greeting.login != joined.login:
        raise NotAllowed(
            f"The hub was entered as {greeting.login}, but this profile is {joined.login}'s.",
            advice="Nothing was sent. Sign in as the profile's own user, or use a profile of your own.",
        )
    if schema < greeting.schema_min:
        raise UpdateNeeded(
            "This program is too old for the hub.",
            advice="Please update Member Tracker. What waits to be sent is kept and goes then.",
        )
    if schema > greeting.schema_cur:
        raise UpdateNeeded(
            "The hub is too old for this program.",
            advice="Ask whoever runs the hub to upgrade it: member-tracker hub upgrade. What waits to be sent is kept.",
        )


@dataclass(slots=True, kw_only=True)
class _Contact:
    """One contact with the hub, from the greeting on."""

    local: Local
    hub: Hub
    now: Callable[[], datetime]
    watch: Watch
    sizes: Sizes
    letters: int
    schema: int
    greeting: Greeting
    fetching: Callable[[], Executor]
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    pulled: int = 0
    restored: bool = False
    gained: list[ScopeId] = field(default_factory=list)
    lost: list[ScopeId] = field(default_factory=list)
    differing: list[ScopeId] = field(default_factory=list)
    blobs: Counter[str] = field(default_factory=Counter)

    def told(self, clock_ahead: timedelta | None) -> Synced:
        """What this contact did."""
        return Synced(
            pushed=self.outcomes.total(),
            pulled=self.pulled,
            conflicts=self.outcomes[Outcome.CONFLICT],
            denied=sum(self.outcomes[each] for each in _REFUSED),
            in_step=not self.differing,
            at=self.greeting.now,
            clock_ahead=clock_ahead,
            restored=self.restored,
            gained=tuple(self.gained),
            lost=tuple(self.lost),
            differing=tuple(self.differing),
            blobs_sent=self.blobs["sent"],
            blobs_fetched=self.blobs["fetched"],
            blobs_left=self.blobs["left"],
        )

    # --- what is remembered -------------------------------------------------------------------------------------------

    def joined(self) -> Joined:
        """What the laptop remembers by now."""
        joined = self.local.joined()
        if joined is None:
            raise NotAllowed("This profile has left its hub.", advice="Join it again if that was not meant.")
        return joined

    def believe(self, joined: Joined) -> None:
        """Begins anew where the hub was restored, said or not; reads all again after longer than tombstones stay."""
        greeting = self.greeting
        if greeting.epoch != joined.epoch or not self.still_holds(joined):
            # How much is gone cannot be told: others may have written before anybody spoke of the restore. So all that
            # is kept goes again: what the hub still has, it answers as it did before.
            self.local.send_again_after(0)
            self.local.start_over()
            self.local.remember(replace(self.joined(), epoch=greeting.epoch, head=0, chain=""))
            self.restored = True
        elif joined.hub_at and greeting.now - joined.hub_at > timedelta(days=greeting.tombstone_days):
            self.local.start_over()

    def still_holds(self, joined: Joined) -> bool:
        """Whether the hub's log still leads over what was seen of it: it does not where an older back-up came back."""
        greeting = self.greeting
        if not joined.chain or greeting.head <= joined.head:
            return greeting.head >= joined.head and (not joined.chain or greeting.chain == joined.chain)
        return self.hub.chain_at(joined.head) == joined.chain

    def saw(self, seq: int) -> None:
        """Keeps how far the hub had come and the digest there, before anything of it is believed to last."""
        joined = self.joined()
        if seq > joined.head:
            is_greeted = seq == self.greeting.head
            chain = self.greeting.chain if is_greeted else self.hub.chain_at(seq)
            self.local.remember(replace(joined, head=seq, chain=chain))

    def remember(self, *, contact_at: datetime | None = None, hub_at: datetime | None = None) -> None:
        """Keeps that there was contact, by either clock, and as of when it is known what may be held."""
        joined = self.joined()
        self.local.remember(
            replace(
                joined,
                granted_at=self.greeting.head,
                lease_days=self.greeting.lease_days,
                contact_at=contact_at or joined.contact_at,
                hub_at=hub_at or joined.hub_at,
            )
        )

    # --- ops out ------------------------------------------------------------------------------------------------------

    def push(self) -> None:
        """Sends the outbox until it is empty; an op leaves it only when its outcome is kept here."""
        while ops := self.local.outbox(self.sizes.ops):
            self.watch.at("Sending changes", self.outcomes.total(), self.outcomes.total() + len(ops))
            some = _as_many(ops, self.letters)
            try:
                receipts = self.hub.push(self.joined().device_id, self.schema, some)
            except TooSlow:
                much = sum(len(str(op.value)) for op in some)
                if len(some) == 1 or much <= FEWEST_LETTERS:
                    raise
                self.letters = much // _QUARTER
                continue
            _must_answer(some, receipts)
            self.saw(max(receipt.hub_seq for receipt in receipts))
            self.local.note(receipts)
            self.outcomes.update(receipt.outcome for receipt in receipts)

    # --- rows in ------------------------------------------------------------------------------------------------------

    def fit_scopes(self) -> None:
        """Lets go of what may no longer be held, and begins what may be held from now on, or anew."""
        held = self.joined().scopes
        granted = {grant.scope_id: grant for grant in self.greeting.grants}
        for scope_id in held:
            if scope_id not in granted:
                self.local.let_go(scope_id)
                self.lost.append(scope_id)
        for scope_id, grant in granted.items():
            known = held.get(scope_id)
            begun = known is not None and known.grant_seq == grant.seq
            if known is not None and begun and known.can_write == grant.can_write:
                continue
            if known is not None and not begun:
                self.local.start_over(scope_id)
            if not begun:
                self.gained.append(scope_id)
            fitted = Held(upto=0, grant_seq=grant.seq, can_write=grant.can_write, whole=False)
            if known is not None and begun:
                fitted = replace(known, can_write=grant.can_write)
            self.local.take(scope_id, Page(rows=(), upto=fitted.upto, more=True), fitted)

    def pull(self) -> None:
        """Fetches what changed in each scope, the council's own first, and counts both sides."""
        scopes = sorted(self.joined().scopes, key=lambda scope_id: (scope_id != self.greeting.council_id, scope_id))
        pulling = Pulling(
            local=self.local, hub=self.hub, now=self.now, watch=self.watch, rows=self.sizes.rows,
            most_rows=self.sizes.most_rows, head=self.greeting.head, scopes=scopes,
        )  # fmt: skip
        pulling.pull(self.fetching)
        self.pulled, self.differing = pulling.pulled, pulling.differing
        self.saw(max((held.upto for held in self.joined().scopes.values()), default=0))

    # --- attachments --------------------------------------------------------------------------------------------------

    def send_blobs(self) -> None:
        """Sends what the hub lacks of the attachments here; one that cannot go keeps none of the others."""
        for scope_id, hashes in self.waiting("Sending attachments", self.local.unsent_blobs):
            missing = self.hub.missing_blobs(scope_id, hashes)
            for sha256 in hashes:
                self.watch.at("Sending attachments", self.blobs["sent"], self.blobs["sent"] + 1)
                try:
                    if sha256 in missing:
                        self.hub.put_blob(scope_id, sha256, self.local.blob(sha256))
                except _NO_MORE:
                    raise
                except _ONE_BLOB_ONLY:
                    self.blobs["left"] += 1
                    continue
                self.local.blob_sent(scope_id, sha256)
                self.blobs["sent"] += sha256 in missing

    def fetch_blobs(self) -> None:
        """Fetches attachments that records here speak of; one that is nowhere yet is asked for again next time."""
        for scope_id, hashes in self.waiting("Fetching attachments", self.local.wanted_blobs):
            for sha256 in hashes:
                self.watch.at("Fetching attachments", self.blobs["fetched"], self.blobs["fetched"] + 1)
                try:
                    content = self.hub.get_blob(scope_id, sha256)
                    if content is None:
                        self.blobs["left"] += 1
                        continue
                    self.local.keep_blob(scope_id, sha256, content)
                except _NO_MORE:
                    raise
                except _ONE_BLOB_ONLY:
                    self.blobs["left"] += 1
                    continue
                self.blobs["fetched"] += 1

    def waiting(
        self, stage: str, ask: Callable[[int], Sequence[tuple[ScopeId, str]]]
    ) -> Iterable[tuple[ScopeId, tuple[str, ...]]]:
        """What waits in a queue of attachments, by scope, each once; those that stay in it hide none behind them."""
        tried: set[tuple[ScopeId, str]] = set()
        while new := [each for each in ask(len(tried) + self.sizes.blobs) if each not in tried]:
            self.watch.at(stage, len(tried), len(tried) + len(new))
            tried.update(new)
            for scope_id, group in groupby(sorted(new), key=lambda each: each[0]):
                yield scope_id, tuple(sha256 for _, sha256 in group)


def _as_many(ops: Sequence[HubOp], letters: int) -> Sequence[HubOp]:
    """The first of the ops, at least one, as many as hold no more letters than that."""
    held = accumulate(len(str(op.value)) for op in ops)
    return ops[: max(1, sum(each <= letters for each in held))]


def _must_answer(ops: Sequence[HubOp], receipts: Sequence[Receipt]) -> None:
    if [op.id for op in ops] != [receipt.op_id for receipt in receipts]:
        raise Unavailable(
            "The hub answered something else than it was asked.",
            advice="What was sent is kept and goes again. If this stays so, tell whoever runs the hub.",
        )
