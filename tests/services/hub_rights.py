"""An office that belongs to a hub, which lets it change what the council's people share, or lets it not."""

from dataclasses import replace

from member_tracker.domain.in_step import Held, Joined, ScopeId
from member_tracker.services.parts import OWN_HUB, the_council
from member_tracker.store.in_step import StoreLocal
from tests.fakes.office import Office


def belong_to_a_hub(office: Office, *, can_write: bool) -> None:
    """Let the office be one of a hub's, as after its last contact."""
    with office.app.store.writing(author=None) as tx:
        tx.set_local(OWN_HUB, "vera@postgresql://hub.example.org/council")
        council = the_council(tx).id
    held = Held(upto=1, grant_seq=1, can_write=can_write, whole=True)
    joined = Joined(hub_id="h", council_id=council, epoch=1, login="vera", device_id="d")
    StoreLocal(office.app.store).remember(replace(joined, scopes={ScopeId(council): held}))
