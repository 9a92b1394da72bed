"""What administrators of a hub do: accounts and what each may see, how the hub stands, its log, and erasing people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeVar

from member_tracker.domain.dates import LONDON, day_in_words, local_date
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound
from member_tracker.domain.people import Council, Councillor, PersonId, Resident, SupportOfficer
from member_tracker.domain.vocabulary import Role
from member_tracker.services.hub_access import Access, Ask, address_of, nobody, with_administration
from member_tracker.services.parts import App, author_of, the_council
from member_tracker.services.people import (
    clean_name,
    councillor_added,
    councillor_named,
    person_name,
    resident_named,
    same_name,
    the_one_named,
)
from member_tracker.services.syncing import sync_now
from member_tracker.store.store import Reading, Transaction
from member_tracker.sync.hub import ScopeId

if TYPE_CHECKING:
    from member_tracker.sync.administration import Administration, HubUser

T = TypeVar("T")

_SEES_ALL = (Role.OFFICER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """Somebody who is to have an account; `only_councillors` narrows one who would see every councillor's casework."""

    login: str
    role: Role
    councillors: tuple[str, ...] = ()
    only_councillors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account as it is shown; `councillors` are those whose casework it may see, None for every councillor's.

    `until` says of those it is lent only up to and with which day.
    """

    login: str
    role: Role
    person: str | None
    councillors: tuple[str, ...] | None
    until: Mapping[str, date]
    disabled: bool
    devices: int
    seen_at: datetime | None

    def as_json(self) -> dict[str, object]:
        """In the form of `hub users`."""
        return {
            "login": self.login,
            "role": self.role.value,
            "person": self.person,
            "councillors": None if self.councillors is None else list(self.councillors),
            "until": {name: day.isoformat() for name, day in self.until.items()},
            "disabled": self.disabled,
            "devices": self.devices,
            "seen_at": self.seen_at.isoformat() if self.seen_at else None,
        }


# --- accounts ---------------------------------------------------------------------------------------------------------


def add_user(app: App, wanted: NewUser, password: str | None, ask: Ask = nobody) -> User:
    """Give somebody an account; the councillors named are added where they are not known yet.

    Without a password they sign in by whatever else the database server takes.
    """
    login = clean_name(wanted.login, "account")
    _must_fit(wanted)
    with app.store.writing(author=author_of(app)) as tx:
        person, councillors = _placed(app, tx, the_council(tx), wanted)
    sync_now(app, ask=ask)

    def add(hub: "Administration") -> None:
        hub.add_user(login, wanted.role, password, person_id=person, councillors=councillors)
        for scope in councillors if wanted.role is Role.COUNCILLOR else ():
            if scope != person:
                hub.grant(login, scope)

    with_administration(app, _access(app, ask), add)
    return _user(app, login, ask)


def grant(app: App, login: str, councillor: str, until: date | None, ask: Ask = nobody) -> User:
    """Let an account share a councillor's casework, up to and with a day where one is named."""
    if until is not None and until < app.today():
        raise Invalid(f"{day_in_words(until)} is over.", advice="Name a day that is still to come, or none.")
    ends = datetime.combine(until + timedelta(days=1), time(), LONDON) if until else None
    scope = _found(app, ask, lambda tx: _casework_of(tx, councillor))
    with_administration(app, _access(app, ask), lambda hub: hub.grant(login, scope, until=ends))
    return _user(app, login, ask)


def revoke(app: App, login: str, councillor: str, ask: Ask = nobody) -> User:
    """Take a councillor's casework away from an account; it leaves their laptops at the next contact."""
    scope = _found(app, ask, lambda tx: _casework_of(tx, councillor))
    with_administration(app, _access(app, ask), lambda hub: hub.revoke(login, scope))
    return _user(app, login, ask)


def disable(app: App, login: str, ask: Ask = nobody) -> User:
    """Shut an account; its laptops lock at their next contact."""
    with_administration(app, _access(app, ask), lambda hub: hub.disable(login))
    return _user(app, login, ask)


def enable(app: App, login: str, ask: Ask = nobody) -> User:
    """Open an account again that was shut."""
    with_administration(app, _access(app, ask), lambda hub: hub.enable(login))
    return _user(app, login, ask)


def users(app: App, ask: Ask = nobody) -> tuple[User, ...]:
    """Every account of the hub."""
    accounts = with_administration(app, _access(app, ask), lambda hub: hub.users())
    with app.store.reading() as tx:
        return tuple(_shown(tx, account) for account in accounts)


def _must_fit(wanted: NewUser) -> None:
    if wanted.only_councillors and wanted.role not in _SEES_ALL:
        raise Invalid(
            f"A {wanted.role.words.lower()} sees the casework of the councillors named with --councillor only.",
            advice="Say --councillor NAME instead of --only-councillor.",
        )
    if wanted.role is Role.COUNCILLOR and not wanted.councillors:
        raise Invalid("Which councillor is it?", advice="Say --councillor NAME; one not known yet is added.")


def _placed(app: App, tx: Transaction, council: Council, wanted: NewUser) -> tuple[PersonId, list[PersonId]]:
    """Who the account is for, and the councillors whose casework it is to share; made where they are not known."""
    named = [councillor_added(tx, app, name, council.id).id for name in wanted.councillors]
    only = [councillor_added(tx, app, name, council.id).id for name in wanted.only_councillors]
    if wanted.role is Role.COUNCILLOR:
        return named[0], named
    sees_all = wanted.role in _SEES_ALL
    return _officer(app, tx, council, wanted).id, only if sees_all else named


def _officer(app: App, tx: Transaction, council: Council, wanted: NewUser) -> SupportOfficer:
    """The member of staff an account is for, under the name of the login where nobody of that name is known."""
    known = next((each for each in tx.every(SupportOfficer) if same_name(wanted.login, each.name)), None)
    officer = known or SupportOfficer(
        id=PersonId(app.new_id()), council_id=council.id, name=clean_name(wanted.login, "account"), role=wanted.role
    )
    tx.save(officer)
    return officer


def _casework_of(tx: Reading, councillor: str) -> ScopeId:
    return ScopeId(councillor_named(tx, councillor).id)


def _found(app: App, ask: Ask, look: Callable[[Reading], T]) -> T:
    """Whom somebody named; where nobody is known here by that name the hub is asked first."""
    try:
        with app.store.reading() as tx:
            return look(tx)
    except NotFound:
        sync_now(app, ask=ask)
    with app.store.reading() as tx:
        return look(tx)


def _user(app: App, login: str, ask: Ask) -> User:
    return next(user for user in users(app, ask) if user.login == login)


def _shown(tx: Reading, account: "HubUser") -> User:
    scopes = {each.scope_id: each.until for each in account.access}
    known = {each.name: scopes[each.id] for each in tx.every(Councillor) if each.id in scopes}
    return User(
        login=account.login,
        role=account.role,
        person=person_name(tx, PersonId(account.person_id)) if account.person_id else None,
        councillors=None if account.sees_everything else tuple(known),
        until={name: local_date(ends - timedelta(microseconds=1)) for name, ends in known.items() if ends is not None},
        disabled=account.disabled,
        devices=account.devices,
        seen_at=account.last_at,
    )


# --- the hub itself ---------------------------------------------------------------------------------------------------


def status(app: App, ask: Ask = nobody) -> dict[str, object]:
    """How the hub stands, in the form of `hub status`."""
    found = with_administration(app, _access(app, ask), lambda hub: hub.status())
    return {"hub": address_of(app).shown, **{name: found[name] for name in found if name not in _KEPT_TO_OURSELVES}}


_KEPT_TO_OURSELVES = frozenset({"hub_id", "council_id", "chain"})


def verify(app: App, ask: Ask = nobody) -> dict[str, object]:
    """Work the chain of the log out again, in the form of `hub verify`."""
    found = with_administration(app, _access(app, ask), lambda hub: hub.verify())
    return {"ok": found.is_whole, "ops": found.lines, "broken_at": found.broken_at}


def upgrade(app: App, ask: Ask = nobody) -> dict[str, object]:
    """Bring the hub up to what this program knows and let go of old tombstones, in the form of `hub upgrade`."""

    def upgraded(hub: "Administration") -> int:
        version = hub.upgrade()
        hub.tidy()
        return version

    return {"version": with_administration(app, _access(app, ask), upgraded)}


def restored(app: App, ask: Ask = nobody) -> dict[str, object]:
    """Tell the hub that its database came from a back-up, so that laptops send again what was lost."""
    return {"epoch": with_administration(app, _access(app, ask), lambda hub: hub.restored())}


def erase(app: App, resident: str, councillor: str | None, ask: Ask = nobody, *, agreed: bool) -> dict[str, object]:
    """Erase a resident and all their casework, at the hub and at their next contact from every laptop."""
    found = _found(app, ask, lambda tx: _resident(tx, resident, councillor))
    if not agreed:
        raise NotAllowed(
            f"This erases {found.name} and all their casework, everywhere and for good.",
            advice="If that is meant, say it with --yes.",
        )
    sync_now(app, ask=ask)
    records = with_administration(app, _access(app, ask), lambda hub: hub.erase("resident", found.id))
    sync_now(app, ask=ask)
    return {"resident": found.id, "records": records}


def _resident(tx: Reading, said: str, councillor: str | None) -> Resident:
    by_id = tx.find(Resident, said.strip().casefold())
    if by_id is not None:
        return by_id
    if councillor is not None:
        return resident_named(tx, councillor_named(tx, councillor).id, said)
    return the_one_named(_every_resident(tx), said, "resident")


def _every_resident(tx: Reading) -> Sequence[Resident]:
    return tx.every(Resident)


def _access(app: App, ask: Ask) -> Access:
    return Access(address=address_of(app), ask=ask)
