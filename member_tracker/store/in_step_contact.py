"""What a laptop remembers of its hub: kept as settings of this device, a scope each under a name of its own."""

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from member_tracker.domain.in_step import Held, Joined, ScopeId
from member_tracker.store.codec import to_json
from member_tracker.store.moments import utc_moment, utc_text
from member_tracker.store.reading import Reading
from member_tracker.store.today import HUB

if TYPE_CHECKING:
    from member_tracker.store.in_step_taking import Taking

_MOMENTS = ("contact_at", "hub_at")
_SCOPES = "hub/scopes"
_SCOPE = "hub/scope/"


def joined(tx: Reading) -> Joined | None:
    """What is remembered; None where this laptop belongs to no hub."""
    said = tx.local(HUB)
    if said is None:
        return None
    plain = json.loads(said)
    moments = {name: plain[name] and utc_moment(plain[name]) for name in _MOMENTS}
    found = {scope: held(tx, scope) for scope in _listed(tx)}
    return Joined(**(plain | moments), scopes={scope: each for scope, each in found.items() if each is not None})


def held(tx: Reading, scope_id: ScopeId) -> Held | None:
    """How far a scope was read; None where it is not held here."""
    said = tx.local(_SCOPE + scope_id)
    return None if said is None else Held(**json.loads(said))


def remember(tx: "Taking", joined: Joined) -> None:
    """Keeps all of it in place of what was remembered."""
    plain = asdict(replace(joined, scopes={}))
    del plain["scopes"]
    plain |= {name: plain[name] and utc_text(plain[name]) for name in _MOMENTS}
    tx.set_local(HUB, to_json(plain))
    for scope in set(_listed(tx)) - set(joined.scopes):
        forget(tx, scope)
    for scope, each in joined.scopes.items():
        hold(tx, scope, each)


def hold(tx: "Taking", scope_id: ScopeId, held: Held) -> None:
    """Keeps how far a scope was read."""
    plain = to_json(asdict(held))
    if tx.local(_SCOPE + scope_id) is None:
        tx.set_local(_SCOPES, to_json(sorted({*_listed(tx), scope_id})))
    tx.set_local(_SCOPE + scope_id, plain)


def forget(tx: "Taking", scope_id: ScopeId) -> None:
    """Forgets that a scope was held."""
    tx.set_local(_SCOPE + scope_id, None)
    tx.set_local(_SCOPES, to_json(sorted({*_listed(tx)} - {scope_id})))


def _listed(tx: Reading) -> list[ScopeId]:
    said = tx.local(_SCOPES)
    return [] if said is None else [ScopeId(each) for each in json.loads(said)]
