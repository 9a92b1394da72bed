"""Finding and keeping people: names are matched as shown, case ignored, and never guessed."""

import difflib
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from member_tracker.domain.errors import Invalid, NotFound
from member_tracker.domain.people import (
    Council,
    CouncilId,
    Councillor,
    PersonId,
    Resident,
    ResidentId,
    ServiceArea,
    SupportOfficer,
    in_being,
)
from member_tracker.domain.values import one_line
from member_tracker.services.parts import App, is_shared, the_council
from member_tracker.store.store import Reading, Transaction


class Named(Protocol):
    """Something known by a name."""

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)


def nearest_names(name: str, names: Iterable[str]) -> str:
    """The names most like the one typed, as words for an advice."""
    known = list(dict.fromkeys(names))
    folded = {known_name.casefold(): known_name for known_name in known}
    close = [folded[found] for found in difflib.get_close_matches(name.casefold(), folded, n=3, cutoff=0.4)]
    offered = close or sorted(known)[:8]
    return " or ".join(f"“{offer}”" for offer in offered)


def same_name(typed: str, name: str) -> bool:
    """Whether a name as typed is the name as shown, case and spare spaces ignored."""
    return one_line(typed).casefold() == one_line(name).casefold()


def the_one_named(things: Sequence[T], name: str, what: str) -> T:
    """The one thing of that name; raises `NotFound` with the nearest names."""
    found = [thing for thing in things if same_name(name, thing.name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound(f"There is more than one {what} called “{name}”.", advice="Rename one of them so they differ.")
    names = [thing.name for thing in things]
    advice = f"Did you mean {nearest_names(name, names)}?" if names else f"No {what} has been set up yet."
    raise NotFound(f"There is no {what} called “{name}”.", advice=advice)


def service_area_named(tx: Reading, app: App, name: str, council: Council | None = None) -> ServiceArea:
    """The service area of that name that exists today, of the profile's own council unless another is said."""
    own = council or the_council(tx)
    areas = [area for area in tx.every(ServiceArea, council_id=own.id) if in_being(area, app.today())]
    return the_one_named(areas, name, "service area")


def councillor_named(tx: Reading, name: str) -> Councillor:
    """The councillor of that name."""
    return the_one_named(tx.every(Councillor), name, "councillor")


def councillor_made(tx: Transaction, app: App, name: str, council_id: CouncilId) -> Councillor:
    """The councillor of that name, made where there is none yet on a profile without a hub."""
    cleaned = clean_name(name, "councillor")
    if is_shared(tx):
        return councillor_named(tx, cleaned)
    return councillor_added(tx, app, cleaned, council_id)


def councillor_added(tx: Transaction, app: App, name: str, council_id: CouncilId) -> Councillor:
    """The councillor of that name, made where there is none yet."""
    cleaned = clean_name(name, "councillor")
    for councillor in tx.every(Councillor):
        if same_name(cleaned, councillor.name):
            return councillor
    made = Councillor(id=PersonId(app.new_id()), council_id=council_id, name=cleaned)
    tx.save(made)
    return made


def resident_made(tx: Transaction, app: App, councillor_id: PersonId, name: str) -> Resident:
    """The resident of that name in this councillor's casework, made where unknown; two of one name are refused."""
    cleaned = clean_name(name, "resident")
    found = [person for person in residents_of(tx, councillor_id) if same_name(cleaned, person.name)]
    if found:
        return _the_only(found)
    made = Resident(id=ResidentId(app.new_id()), councillor_id=councillor_id, name=cleaned)
    tx.save(made)
    return made


def resident_named(tx: Reading, councillor_id: PersonId, name: str) -> Resident:
    """The resident of that name in this councillor's casework; an unknown one is refused with the nearest names."""
    known = residents_of(tx, councillor_id)
    found = [person for person in known if same_name(name, person.name)]
    return _the_only(found) if found else the_one_named(known, name, "resident")


def _the_only(found: Sequence[Resident]) -> Resident:
    if len(found) > 1:
        ids = ", ".join(person.id for person in found)
        raise NotFound(
            "Two residents have that name.",
            advice=f"Say which one you mean with --resident-id and one of: {ids}.",
        )
    return found[0]


def residents_of(tx: Reading, councillor_id: PersonId) -> tuple[Resident, ...]:
    """The residents in a councillor's casework, but for those deleted or merged into another record."""
    return tuple(person for person in tx.every(Resident, councillor_id=councillor_id) if person.is_kept)


def person_name(tx: Reading, person_id: PersonId | None) -> str | None:
    """The name of a councillor or member of staff; None where nobody is meant."""
    if person_id is None:
        return None
    person = tx.find(Councillor, person_id) or tx.find(SupportOfficer, person_id)
    return person.name if person else None


def clean_name(name: str, what: str) -> str:
    """A name as it is kept; raises `Invalid` where nothing is left of it."""
    cleaned = one_line(name)
    if not cleaned:
        raise Invalid(f"The {what} has no name.", advice="Type the name as it should be shown.")
    return cleaned
