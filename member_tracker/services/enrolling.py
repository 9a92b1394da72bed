"""What a hub says of a profile: whose it is, what they do, and this computer's own part of references."""

import hashlib

from member_tracker.domain.in_step import TRAY, ScopeId
from member_tracker.services.parts import OWN_COUNCIL
from member_tracker.store.store import Reading, Transaction
from member_tracker.sync.hub import Greeting

_LAST_OF_HUBS = "F"


def become(tx: Transaction, greeting: Greeting) -> None:
    """Let the profile be what the hub says; references begin again where this device's part is a new one."""
    tx.set_local(OWN_COUNCIL, greeting.council_id)
    tx.set_local("me", greeting.person_id)
    tx.set_local("role", greeting.role.value)
    if tx.local("device") != greeting.device:
        tx.set_local("device", greeting.device)
        tx.set_local("serial", None)
    tx.set_local("council_key", _council_key(greeting.hub_id))


def has_no_part_yet(tx: Reading) -> bool:
    """Whether this device's part of references was drawn here, as after a restore, and not handed out by the hub."""
    device = tx.local("device")
    return device is None or device[0] > _LAST_OF_HUBS


def own_tray(greeting: Greeting) -> ScopeId | None:
    """Whose unmatched mail is that this laptop reads: a councillor's own, where the shared tray is not granted."""
    has_tray = any(grant.scope_id == TRAY for grant in greeting.grants)
    return ScopeId(greeting.person_id) if greeting.person_id and not has_tray else None


def _council_key(hub_id: str) -> str:
    """The key of the council's mails, the same on every laptop of the hub and known to nobody else."""
    return hashlib.sha256(f"council key of {hub_id}".encode()).hexdigest()
