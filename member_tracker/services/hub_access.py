"""The way to this profile's hub: where it is, who signs in there, and with which password."""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from member_tracker.domain.errors import Invalid, NotFound, SignInNeeded
from member_tracker.profile import HubPlace
from member_tracker.services.council_policy import must_allow_hub
from member_tracker.services.parts import App
from member_tracker.sync.address import HubAddress, read_address
from member_tracker.sync.hub import Hub
from member_tracker.system_keyring import NoKeyring, find, forget, keep

if TYPE_CHECKING:
    from member_tracker.sync.administration import Administration

T = TypeVar("T")

PASSWORD = "MEMBER_TRACKER_HUB_PASSWORD"  # noqa: S105 - the name of the variable, not a password

Ask = Callable[[str], str | None]
"""Asks somebody for the password of a login; None where nobody can answer."""


def nobody(login: str) -> str | None:
    """Answers for whoever is not there to be asked."""
    del login
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A hub, who signs in, and who can be asked for the password; `given` is one said beforehand."""

    address: HubAddress
    ask: Ask = nobody
    given: str | None = None


def address_of(app: App) -> HubAddress:
    """The hub this profile belongs to, and its login there; raises `NotFound` where it belongs to none."""
    place = app.profile.settings().hub
    if place is None:
        raise NotFound(
            "This profile belongs to no hub.",
            advice="Join one: member-tracker hub join URL --user LOGIN, or make one: member-tracker hub create URL",
        )
    typed = read_address(place.url)
    if typed.password is not None:
        raise Invalid(
            "A password stands in settings.toml, where others can read it.",
            advice="Take it out of the url under [hub], and have it changed: it is not secret any more.",
        )
    return typed.as_login(place.user)


def keep_address(app: App, address: HubAddress | None) -> None:
    """Remember in the settings which hub this profile belongs to."""
    app.profile.keep_hub(None if address is None else HubPlace(url=address.url, user=address.login))


def with_hub(app: App, access: Access, deed: Callable[[Hub], T]) -> T:
    """Do something at the hub, signed in; each password at hand is tried before somebody is asked for one.

    The connection is let go of afterwards: a server has fewer of them than a council has laptops.
    """

    def signed_in(password: str | None) -> T:
        with contextlib.closing(app.hubs.open(access.address, password)) as hub:
            return deed(hub)

    return _with_password(app, access, signed_in)


def with_administration(app: App, access: Access, deed: "Callable[[Administration], T]") -> T:
    """Do something that only an administrator of the hub may do."""

    def administered(password: str | None) -> T:
        with contextlib.closing(app.hubs.administer(access.address, password)) as administration:
            return deed(administration)

    return _with_password(app, access, administered)


def keep_password(app: App, address: HubAddress) -> bool:
    """Put the password that opened the hub into the keyring; whether it is still known after the next start.

    True also where the hub asks for none.
    """
    password = app.hubs.known.get(address)
    return password is None or keep(_name(address), password)


def forget_password(app: App, address: HubAddress) -> None:
    """Sign out: the password is neither in the keyring nor in memory any more."""
    forget(_name(address))
    app.hubs.forget(address)


def _with_password(app: App, access: Access, deed: Callable[[str | None], T]) -> T:
    must_allow_hub(app.profile.policy, access.address.url)
    refused: SignInNeeded | None = None
    for password, asked_for in _passwords(app, access):
        if access.ask is nobody and password is not None and (access.address, password) in app.hubs.refused:
            continue  # shown again and again it may lock the account, so a person must sign in
        try:
            result = deed(password)
        except SignInNeeded as problem:
            refused = problem
            _note_refused(app, access.address, password)
            continue
        if password is not None:
            app.hubs.known[access.address] = password
            app.hubs.refused.discard((access.address, password))
        if password is not None and (asked_for or refused is not None):
            keep(_name(access.address), password)  # in place of one that is no longer right
        return result
    raise refused or SignInNeeded("The hub asks for a password.", advice=_ADVICE)


def _note_refused(app: App, address: HubAddress, password: str | None) -> None:
    app.hubs.forget(address)
    if password is not None:
        app.hubs.refused.add((address, password))


def _passwords(app: App, access: Access) -> Iterator[tuple[str | None, bool]]:
    """The passwords at hand, each once, in the order they are tried; True for one somebody was asked for."""
    tried: set[str] = set()
    places: tuple[Callable[[], str | None], ...] = (
        lambda: access.given,
        lambda: app.hubs.known.get(access.address),
        lambda: _in_keyring(access.address),
        lambda: os.environ.get(PASSWORD),
    )
    for look in places:
        password = look()
        if password and password not in tried:
            tried.add(password)
            yield password, False
    if not tried:
        yield None, False
    asked = access.ask(access.address.login)
    if asked and asked not in tried:
        yield asked, True


def _in_keyring(address: HubAddress) -> str | None:
    try:
        return find(_name(address))
    except NoKeyring:
        return None


def _name(address: HubAddress) -> str:
    """What the password goes by in the keyring."""
    return f"hub:{address.login}@{address.url}"


_ADVICE = f"Set {PASSWORD}, or run the command in a terminal and type it when asked."
