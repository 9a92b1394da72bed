"""That something was taken out of a shared profile, told to the hub's log at the next contact."""

import json
from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from member_tracker.services.parts import App, is_shared
from member_tracker.sync.hub import Hub

_WAITING = "hub/taken_out"


@runtime_checkable
class Noting(Protocol):
    """A hub that keeps a log of what its users did beside changing records."""

    def note(self, deed: str, detail: Mapping[str, object]) -> None:
        """Have it logged."""
        ...


def note_taken_out(app: App, what: str, counts: Mapping[str, int]) -> None:
    """Remember that an export or a back-up was written, with how many records of each kind; never what they say."""
    with app.store.writing(author=None) as tx:
        if is_shared(tx):
            waiting = json.loads(tx.local(_WAITING) or "[]")
            said = {"what": what, "at": app.now().isoformat(), "records": dict(counts)}
            tx.set_local(_WAITING, json.dumps([*waiting, said]))


def tell_taken_out(app: App, hub: Hub) -> None:
    """Have the hub log what was taken out since the last contact: none is left out, one may be there twice."""
    if not isinstance(hub, Noting):
        return
    with app.store.reading() as tx:
        waiting = json.loads(tx.local(_WAITING) or "[]")
    for said in waiting:
        hub.note("exported", said)
        with app.store.writing(author=None) as writing:
            rest = json.loads(writing.local(_WAITING) or "[]")[1:]
            writing.set_local(_WAITING, json.dumps(rest) if rest else None)
