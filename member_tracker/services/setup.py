"""Setting a profile up for a council: charters, service areas, people, and this device's own keys."""

import uuid
from dataclasses import dataclass, replace

from member_tracker.domain.asked import Subject
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound
from member_tracker.domain.people import (
    Council,
    CouncilId,
    Councillor,
    DutyOfficer,
    PersonId,
    ServiceArea,
    ServiceAreaId,
    SupportOfficer,
)
from member_tracker.domain.reference import draw_device
from member_tracker.domain.values import with_fields
from member_tracker.domain.vocabulary import Role, Sharing
from member_tracker.services.charters import CharterShelf, ShippedArea
from member_tracker.services.council_policy import fixed_charter, fixed_council
from member_tracker.services.office_records import must_be_allowed
from member_tracker.services.parts import OWN_COUNCIL, App, author_of, is_shared, me, the_council
from member_tracker.services.people import clean_name, councillor_made, nearest_names, person_name, same_name
from member_tracker.store.store import Reading, Transaction

USUAL_COUNCIL = "Chorley"
"""The council of a profile nobody has set up."""

_COUNCILS = uuid.UUID("6f3d7c1e-52a8-5b0b-9a55-0d6f4c2e7a10")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """What is said to set a profile up; `charter` is a set to adopt beside those of the council."""

    council: str
    charter: str | None = None
    me: str | None = None
    role: Role = Role.COUNCILLOR
    councillors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaFacts:
    """What is said of a service area; None leaves what is kept."""

    name: str
    addresses: tuple[str, ...] | None = None
    directorate: str | None = None
    head_of_service: str | None = None
    direct_number: str | None = None
    retired: bool | None = None
    duty_officers: tuple[DutyOfficer, ...] | None = None
    subjects: tuple[Subject, ...] | None = None
    self_service: str | None = None
    sharing: Sharing | None = None


class UnusableAddress(Invalid):
    """What is said to be the address of a service area is none that mail can go to."""


def has_council(app: App) -> bool:
    """Whether this profile was set up."""
    with app.store.reading() as tx:
        return tx.office() is not None


def set_up_usual_council(app: App) -> None:
    """Set up the council that is fixed here, else Chorley, so that a first command can do its work."""
    set_up(app, SetUp(council=app.profile.policy.council or USUAL_COUNCIL))


def set_up(app: App, wanted: SetUp) -> None:
    """Make this profile one of the council; said again it adds people and charters and takes nothing away."""
    policy = app.profile.policy
    fixed_to = fixed_council(policy, wanted.council), fixed_charter(policy, wanted.charter)
    wanted = replace(wanted, council=fixed_to[0], charter=fixed_to[1])
    with app.store.writing(author=author_of(app)) as tx:
        _must_not_come_from_hub(tx, wanted)
        council = _council(app, tx, wanted)
        if is_shared(tx) and council != the_council(tx):
            must_be_allowed(tx, "Charters")
        tx.save(council)
        tx.set_local(OWN_COUNCIL, council.id)
        keep_shipped_areas(app, tx, council)
        for name in wanted.councillors:
            councillor_made(tx, app, name, council.id)
        if wanted.me:
            _enrol(app, tx, council, wanted.me, wanted.role)
        _keep_device_secrets(app, tx)


def profile_as_json(app: App) -> dict[str, object]:
    """The profile: its council, charters, people and where its mail lies."""
    settings = app.profile.settings()
    with app.store.reading() as tx:
        council = the_council(tx)
        person = me(tx)
        return {
            "profile": str(app.profile.folder),
            "council": council.name,
            "charters": [charter.id for charter in app.charters.of_council(council.name, council.adopted)],
            "adopted": list(council.adopted),
            "me": person_name(tx, person),
            "role": tx.local("role"),
            "councillors": [councillor.name for councillor in tx.every(Councillor)],
            "service_areas": [area.name for area in tx.every(ServiceArea)],
            "device": tx.local("device"),
            "inbox": str(settings.inbox),
            "outbox": str(settings.outbox),
            "practice": app.practice,
        }


def service_areas_as_json(app: App) -> list[dict[str, object]]:
    """The service areas with what is known of them, and who is on duty now or when the offices open."""
    from member_tracker.services.on_duty import duty_as_json  # every start asks `has_council`, and this is not for that

    with app.store.reading() as tx:
        return [
            {
                "name": area.name,
                "addresses": list(area.addresses),
                "directorate": area.directorate,
                "head_of_service": area.head_of_service,
                "direct_number": area.direct_number,
                "retired": area.retired,
                "duty_officers": [{"name": officer.name, "email": officer.email} for officer in area.duty_officers],
                **duty_as_json(app, tx, area),
            }
            for area in tx.every(ServiceArea)
        ]


def keep_service_area(app: App, facts: AreaFacts) -> ServiceArea:
    """Add the service area or change what is said of it; `NotAllowed` where the hub lets others alone do so."""
    with app.store.writing(author=author_of(app)) as tx:
        must_be_allowed(tx, "Service areas")
        kept = next((area for area in tx.every(ServiceArea) if same_name(facts.name, area.name)), None)
        return put_service_area(app, tx, kept, facts)


def put_service_area(app: App, tx: Transaction, kept: ServiceArea | None, facts: AreaFacts) -> ServiceArea:
    """Keep what is said of a service area, of a new one where there is none; what is said to be empty is taken away.

    Raises `Invalid` for what is wrong: `UnusableAddress` where it is an address mail cannot go to.
    """
    if len({officer.name.casefold() for officer in facts.duty_officers or ()}) < len(facts.duty_officers or ()):
        raise Invalid("Two duty officers have one name.", advice="Write the names so that they differ.")
    said = {
        "addresses": None if facts.addresses is None else _usable(facts.addresses),
        "directorate": facts.directorate,
        "head_of_service": facts.head_of_service,
        "direct_number": facts.direct_number,
        "retired": facts.retired,
        "duty_officers": facts.duty_officers,
        "subjects": facts.subjects,
        "self_service": facts.self_service,
        "sharing": facts.sharing,
    }
    area = kept or _new_area(app, tx, facts.name)
    changed = with_fields(
        area, {name: None if value == "" else value for name, value in said.items() if value is not None}
    )
    tx.save(changed)
    return changed


def _usable(addresses: tuple[str, ...]) -> tuple[str, ...]:
    from member_tracker.services.editing import checked_email  # slow to import, and every start asks `has_council`

    try:
        return tuple(dict.fromkeys(checked_email(address) for address in addresses))
    except Invalid as wrong:
        raise UnusableAddress(wrong.title, advice=wrong.advice) from wrong


def _new_area(app: App, tx: Reading, name: str) -> ServiceArea:
    """A service area with the id every laptop gives that name, or its own where one that was renamed has that."""
    council = the_council(tx)
    cleaned = clean_name(name, "service area")
    usual = area_id(council.id, cleaned)
    taken = tx.find(ServiceArea, usual) is not None
    return ServiceArea(id=ServiceAreaId(app.new_id() if taken else usual), council_id=council.id, name=cleaned)


def area_id(council_id: CouncilId, name: str) -> str:
    """The id of a service area: the same on every laptop of the council."""
    return str(uuid.uuid5(uuid.UUID(council_id), f"service-area:{name.casefold()}"))


def known_names(charters: CharterShelf, wanted: SetUp) -> tuple[str, str | None]:
    """Council and charter as they are written; raises with the nearest names where one is not known."""
    charter = charters.named(wanted.charter).id if wanted.charter is not None else None
    council = charters.council_named(wanted.council)
    if council is None and charter is None:
        raise NotFound(
            f"No charter is known for “{wanted.council}”.",
            advice=f"Did you mean {nearest_names(wanted.council, charters.council_names())}? "
            "Else adopt one of the examples, such as --charter members-protocol.",
        )
    for person in (*wanted.councillors, *([wanted.me] if wanted.me is not None else ())):
        clean_name(person, "person")
    return council or clean_name(wanted.council, "council"), charter


def _must_not_come_from_hub(tx: Reading, wanted: SetUp) -> None:
    """Refuses what only the hub says of a profile that belongs to one: whose it is, and which councillors there are."""
    if is_shared(tx) and (wanted.me or wanted.councillors):
        raise NotAllowed(
            "This profile belongs to a hub: whose it is and which councillors there are comes from there.",
            advice="An administrator adds people: member-tracker hub add-user LOGIN --role ROLE --councillor NAME",
        )


def _council(app: App, tx: Reading, wanted: SetUp) -> Council:
    name, charter = known_names(app.charters, wanted)
    kept = the_council(tx) if tx.every(Council) else None
    if kept and not same_name(kept.name, name):
        raise NotAllowed(
            f"This profile belongs to {kept.name}.", advice="Use another profile for another council: --profile DIR."
        )
    council = kept or new_council(app, name)
    adopted = (*council.adopted, charter) if charter else council.adopted
    return replace(council, adopted=tuple(dict.fromkeys(adopted)))


def new_council(app: App, name: str) -> Council:
    """A council as every laptop would make it: its id comes from its name."""
    identity = CouncilId(str(uuid.uuid5(_COUNCILS, name.casefold())))
    return Council(id=identity, name=name, letters=app.charters.letters_of(name))


def keep_shipped_areas(app: App, tx: Transaction, council: Council) -> None:
    """Keep the service areas that ship for a council, where they are not kept yet."""
    for area in app.charters.areas_of(council.name):
        _keep_shipped_area(tx, council, area)


def _keep_shipped_area(tx: Transaction, council: Council, shipped: ShippedArea) -> None:
    """Keep a shipped service area where it is not kept yet; what an administrator changed stays."""
    identity = ServiceAreaId(area_id(council.id, shipped.name))
    if tx.find(ServiceArea, identity) is None:
        tx.save(
            ServiceArea(
                id=identity,
                council_id=council.id,
                name=shipped.name,
                addresses=shipped.addresses,
                directorate=shipped.directorate,
                direct_number=shipped.direct_number,
                subjects=shipped.subjects,
                self_service=shipped.self_service,
            )
        )


def _enrol(app: App, tx: Transaction, council: Council, name: str, role: Role) -> None:
    """Remember whose profile this is."""
    if role is Role.COUNCILLOR:
        person = councillor_made(tx, app, name, council.id).id
    else:
        known = next((officer for officer in tx.every(SupportOfficer) if same_name(name, officer.name)), None)
        officer = known or SupportOfficer(
            id=PersonId(app.new_id()), council_id=council.id, name=clean_name(name, "person")
        )
        tx.save(replace(officer, role=role))
        person = officer.id
    tx.set_local("me", person)
    tx.set_local("role", role.value)


def _keep_device_secrets(app: App, tx: Transaction) -> None:
    """Draw this device's part of references and the council's key, once."""
    if tx.local("device") is None:
        tx.set_local("device", draw_device(app.random_bytes(8)))
    if tx.local("council_key") is None:
        tx.set_local("council_key", app.random_bytes(32).hex())
