"""What the office keeps of the council and its people: rows with what is said of each, and who may change them."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from member_tracker.domain.errors import NotAllowed
from member_tracker.services.parts import is_shared, the_council
from member_tracker.store import in_step_contact
from member_tracker.store.store import Reading

_WHOM_TO_ASK = "Ask a member services officer or an administrator of the hub."


class Said(Protocol):
    """What is said of something the office keeps; a `retired` one stays on record and is offered no more."""

    @property
    def name(self) -> str: ...
    @property
    def retired(self) -> bool: ...


S = TypeVar("S", bound=Said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Generic[S]):
    """Something that is kept, and what is said of it."""

    id: str
    said: S


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Generic[S]):
    """All of a kind, those in use first; `not_allowed` says why they may not be changed here, empty where they may."""

    rows: tuple[Row[S], ...]
    not_allowed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Generic[S]):
    """What was kept, and the deed to undo it by: None where nothing was different or a new one was made."""

    row: Row[S]
    rows: Rows[S]
    deed: str | None


def may_change_council(tx: Reading) -> bool:
    """Whether what the council's people share may be changed here: at a hub by those it lets write there."""
    if not is_shared(tx):
        return True
    joined = in_step_contact.joined(tx)
    scopes = {str(scope): held.can_write for scope, held in joined.scopes.items()} if joined else {}
    return scopes.get(the_council(tx).id, False)


def why_not_here(tx: Reading, what: str) -> str:
    """Why `what` of the council may not be changed here and whom to ask; empty where it may."""
    return "" if may_change_council(tx) else f"{_refusal(what)} {_WHOM_TO_ASK}"


def must_be_allowed(tx: Reading, what: str) -> None:
    """Raises `NotAllowed` where the hub lets others alone change `what` of the council."""
    if not may_change_council(tx):
        raise NotAllowed(_refusal(what), advice=_WHOM_TO_ASK)


def _refusal(what: str) -> str:
    return f"{what} come from the hub, and your account may not change them."
