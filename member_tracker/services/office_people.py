"""The council's people as the office keeps them: councillors and staff, added, changed, gone, and put back."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from member_tracker.domain.errors import Invalid, NotAllowed, NotFound
from member_tracker.domain.people import Councillor, PersonId, SupportOfficer, Ward, WardId, in_being
from member_tracker.domain.values import one_line
from member_tracker.domain.vocabulary import Role
from member_tracker.services.editing import checked_email
from member_tracker.services.office_records import Kept, Row, Rows
from member_tracker.services.parts import App, author_of, is_shared, me, the_council
from member_tracker.services.people import clean_name, same_name
from member_tracker.store.store import Reading, Transaction

Person = Councillor | SupportOfficer
_NOT_ALLOWED = "This profile belongs to a hub: its councillors and staff come from there and are not changed here."
_WHOM_TO_ASK = "An administrator of the hub adds people and changes their accounts."


class UnusableEmail(Invalid):
    """What is said to be somebody's address is none that mail can go to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSaid:
    """What is said of a councillor or a member of staff; councillors alone have a `ward`, by its name."""

    name: str
    role: Role = Role.COUNCILLOR
    ward: str = ""
    email: str = ""
    retired: bool = False


def office_people(app: App) -> Rows[PersonSaid]:
    """Councillors by name, then staff, then those who have left."""
    with app.store.reading() as tx:
        return _rows(app, tx)


def keep_person(app: App, said: PersonSaid, *, before: Row[PersonSaid] | None = None) -> Kept[PersonSaid]:
    """Keep somebody: a new person, or in the place of `before`; who is `retired` has left, and casework stays.

    Raises `Invalid` for what cannot be kept, `NotAllowed` where people come from a hub, and `NotFound` where `before`
    was changed meanwhile.
    """
    name = clean_name(said.name, "person")
    email = _usable(said.email)
    if said.ward.strip() and said.role is not Role.COUNCILLOR:
        raise Invalid("Only a councillor has a ward.", advice="Leave it empty, or choose Councillor.")
    with app.store.writing(author=author_of(app)) as tx:
        _must_be_allowed(tx)
        kept = _as_it_was(app, tx, before) if before is not None else None
        _refuse_twice(tx, name, said.role, kept)
        person = _made(app, tx, said.role, name) if kept is None else kept
        person = replace(person, name=name, email=email, until_on=_last_day(app, tx, person, said))
        if isinstance(person, Councillor):
            person = replace(person, ward_id=_ward_id(app, tx, said.ward))
        else:
            person = replace(person, role=said.role)
        tx.save(person)
        row = _row(app, tx, person)
        return Kept(row=row, rows=_rows(app, tx), deed=None if before is None or row == before else tx.deed)


def undo_person(app: App, person_id: str, deed: str) -> Kept[PersonSaid]:
    """Put back what a deed here changed of somebody; refused where it was changed again since."""
    with app.store.writing(author=author_of(app)) as tx:
        _must_be_allowed(tx)
        tx.put_back(deed)
        return Kept(row=_row(app, tx, _person(tx, person_id)), rows=_rows(app, tx), deed=None)


def _usable(email: str) -> str | None:
    try:
        return checked_email(one_line(email)) if email.strip() else None
    except Invalid as wrong:
        raise UnusableEmail(wrong.title, advice=wrong.advice) from wrong


def _made(app: App, tx: Reading, role: Role, name: str) -> Person:
    person, council = PersonId(app.new_id()), the_council(tx).id
    if role is Role.COUNCILLOR:
        return Councillor(id=person, council_id=council, name=name)
    return SupportOfficer(id=person, council_id=council, name=name, role=role)


def _person(tx: Reading, person_id: str) -> Person:
    return tx.find(Councillor, person_id) or tx.get(SupportOfficer, person_id)


def _rows(app: App, tx: Reading) -> Rows[PersonSaid]:
    people: list[Person] = [*tx.every(Councillor), *tx.every(SupportOfficer)]
    rows = [_row(app, tx, person) for person in people]
    rows.sort(key=lambda row: (row.said.retired, row.said.role is not Role.COUNCILLOR, row.said.name.casefold()))
    return Rows(rows=tuple(rows), not_allowed=f"{_NOT_ALLOWED} {_WHOM_TO_ASK}" if is_shared(tx) else "")


def _row(app: App, tx: Reading, person: Person) -> Row[PersonSaid]:
    ward = tx.find(Ward, person.ward_id) if isinstance(person, Councillor) and person.ward_id else None
    said = PersonSaid(
        name=person.name,
        role=Role.COUNCILLOR if isinstance(person, Councillor) else person.role,
        ward=ward.name if ward is not None else "",
        email=person.email or "",
        retired=not in_being(person, app.today()),
    )
    return Row(id=person.id, said=said)


def _must_be_allowed(tx: Reading) -> None:
    if is_shared(tx):
        raise NotAllowed(_NOT_ALLOWED, advice=_WHOM_TO_ASK)


def _as_it_was(app: App, tx: Reading, before: Row[PersonSaid]) -> Person:
    """The person as kept; nobody writes over what somebody else has written meanwhile."""
    kept = _person(tx, before.id)
    if _row(app, tx, kept) != before:
        raise NotFound(
            "This person was changed by somebody else meanwhile.", advice="Look at what is kept now, and change that."
        )
    return kept


def _refuse_twice(tx: Reading, name: str, role: Role, kept: Person | None) -> None:
    if kept is not None and isinstance(kept, Councillor) is not (role is Role.COUNCILLOR):
        raise Invalid(
            "A councillor and a member of staff are kept apart.",
            advice="Retire this one, and add the person again as what they are now.",
        )
    others: tuple[Person, ...] = tx.every(Councillor) if role is Role.COUNCILLOR else tx.every(SupportOfficer)
    for other in others:
        if same_name(other.name, name) and (kept is None or other.id != kept.id):
            raise Invalid(
                "There is somebody of this name already.",
                advice="Write the names so that they differ, or change the one that is there.",
            )


def _last_day(app: App, tx: Reading, person: Person, said: PersonSaid) -> date | None:
    """The last day somebody is there: yesterday where they have left now, none where they are back."""
    if said.retired is not in_being(person, app.today()):
        return person.until_on
    if said.retired and person.id == me(tx):
        raise Invalid("This profile is theirs.", advice="Set another profile up for whoever takes over their work.")
    return app.today() - timedelta(days=1) if said.retired else None


def _ward_id(app: App, tx: Transaction, name: str) -> WardId | None:
    """The ward of that name, made where there is none yet."""
    cleaned = one_line(name)
    if not cleaned:
        return None
    council = the_council(tx).id
    known = next((ward for ward in tx.every(Ward, council_id=council) if same_name(ward.name, cleaned)), None)
    ward = known or Ward(id=WardId(app.new_id()), council_id=council, name=cleaned)
    tx.save(ward)
    return ward.id
