"""`hub …`: making a hub, the accounts of those who share it, joining and leaving it."""

import os
import sys
from datetime import date
from typing import Annotated

import typer

from member_tracker.cli.call import Call
from member_tracker.cli.hub_words import erased_in_words, status_in_words, users_in_words, verified_in_words
from member_tracker.domain.errors import Invalid
from member_tracker.domain.vocabulary import Role

commands = typer.Typer(no_args_is_help=True)

Url = Annotated[str, typer.Argument(metavar="URL", help="A PostgreSQL URL: postgresql://LOGIN@hub.example.org/NAME")]
Login = Annotated[str, typer.Argument(metavar="LOGIN", help="The account: a PostgreSQL role.")]
PASSWORD = "MEMBER_TRACKER_HUB_PASSWORD"  # noqa: S105 - the name of the variable, not a password

Councillor = Annotated[str, typer.Option(help="Whose casework.")]


@commands.command()
def create(context: typer.Context, url: Url) -> None:
    """Make a hub of an empty database, with this profile as its first administrator, and publish what is kept here."""
    from member_tracker.services.hub_joining import create_hub
    from member_tracker.sync.address import read_address

    call: Call = context.obj
    typed = read_address(url)
    with call.app() as app:
        done = create_hub(app, typed, ask_password)
    _say_not_kept(call, is_kept=done.is_kept)
    answer = done.as_json()
    call.give(answer, lambda: f"The hub stands at {done.hub}. Next: member-tracker hub add-user LOGIN --role ROLE")


@commands.command()
def join(
    context: typer.Context,
    url: Annotated[
        str, typer.Argument(metavar="[URL]", help="As for create; not needed where the council set it.")
    ] = "",
    *,
    user: Annotated[str, typer.Option(help="Your account; it replaces any user and password in the URL.")],
) -> None:
    """Make this profile one of the hub's, and fetch everything its account may see."""
    from member_tracker.services.hub_joining import join_hub
    from member_tracker.sync.address import read_address

    call: Call = context.obj
    typed = read_address(url) if url else None  # so that a slip makes no profile
    with call.app(with_council=False, though_locked=True) as app:
        address = (typed or read_address(app.profile.policy.hub_address)).as_login(user)
        done = join_hub(app, address, ask_password, watch=call.watch())
    _say_not_kept(call, is_kept=done.is_kept)
    answer = done.as_json()
    call.give(answer, lambda: f"In step with {done.hub} as {done.login}; references from here: ENQ-{done.device}-….")


@commands.command()
def leave(
    context: typer.Context,
    *,
    exported: Annotated[
        str, typer.Option("--exported", metavar="DIR", help="Write everything out to this new folder before leaving.")
    ] = "",
) -> None:
    """Sign out: take what came from the hub off this laptop; refused while something waits to be sent."""
    from pathlib import Path

    from member_tracker.services.hub_joining import leave_hub

    call: Call = context.obj
    with call.app(with_council=False, though_locked=True) as app:
        left = leave_hub(app, exported_to=Path(exported).absolute() if exported else None)
    call.give(left, lambda: f"This profile no longer belongs to {left['hub']}; nothing of it is left here.")


@commands.command("add-user")
def add_user(
    context: typer.Context,
    login: Login,
    *,
    role: Annotated[Role, typer.Option(help="What they do.", case_sensitive=False)],
    councillor: Annotated[list[str] | None, typer.Option(help="A councillor whose casework they share.")] = None,
    only_councillor: Annotated[
        list[str] | None, typer.Option(help="Narrows an officer or administrator to these councillors' casework.")
    ] = None,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="They sign in by Kerberos, a certificate or a token instead.")
    ] = False,
) -> None:
    """Give somebody an account; an officer sees every councillor's casework unless narrowed."""
    from member_tracker.services.hub_people import NewUser
    from member_tracker.services.hub_people import add_user as add

    call: Call = context.obj
    wanted = NewUser(
        login=login, role=role, councillors=tuple(councillor or ()), only_councillors=tuple(only_councillor or ())
    )
    with call.app() as app:
        user = add(app, wanted, None if no_password else _new_password(login), ask_password)
    answer = user.as_json()
    call.give(answer, lambda: f"{login} can join now: member-tracker hub join URL --user {login}")


@commands.command()
def grant(
    context: typer.Context,
    login: Login,
    *,
    councillor: Councillor,
    until: Annotated[str, typer.Option(help="The last day, as 2026-11-30; without an end unless said.")] = "",
) -> None:
    """Let an account share a councillor's casework, for good or until a day."""
    from member_tracker.services.hub_people import grant as give_access

    call: Call = context.obj
    last = _day(until)
    with call.app() as app:
        answer = give_access(app, login, councillor, last, ask_password).as_json()
    call.give(answer, lambda: f"{login} sees the casework of {councillor} from their next contact on.")


@commands.command()
def revoke(context: typer.Context, login: Login, *, councillor: Councillor) -> None:
    """Take a councillor's casework away from an account; it leaves their laptops at the next contact."""
    from member_tracker.services.hub_people import revoke as take_away

    call: Call = context.obj
    with call.app() as app:
        answer = take_away(app, login, councillor, ask_password).as_json()
    call.give(answer, lambda: f"The casework of {councillor} leaves the laptops of {login} at their next contact.")


@commands.command()
def disable(context: typer.Context, login: Login) -> None:
    """Shut an account: its laptops lock at their next contact, or when their lease runs out."""
    from member_tracker.services.hub_people import disable as shut

    call: Call = context.obj
    with call.app() as app:
        answer = shut(app, login, ask_password).as_json()
    call.give(answer, lambda: f"{login} can no longer sign in.")


@commands.command()
def enable(context: typer.Context, login: Login) -> None:
    """Open an account again that was shut."""
    from member_tracker.services.hub_people import enable as open_again

    call: Call = context.obj
    with call.app() as app:
        answer = open_again(app, login, ask_password).as_json()
    call.give(answer, lambda: f"{login} can sign in again.")


@commands.command()
def users(context: typer.Context) -> None:
    """The accounts of the hub, and what each may see."""
    from member_tracker.services.hub_people import users as every_user

    call: Call = context.obj
    with call.app() as app:
        rows = [user.as_json() for user in every_user(app, ask_password)]
    call.give(rows, lambda: users_in_words(rows))


@commands.command()
def status(context: typer.Context) -> None:
    """How the hub stands: its schema, epoch, accounts and records."""
    from member_tracker.services.hub_people import status as standing

    call: Call = context.obj
    with call.app() as app:
        answer = standing(app, ask_password)
    call.give(answer, lambda: status_in_words(answer))


@commands.command()
def verify(context: typer.Context) -> None:
    """Check the chain of every op the hub ever took: it is tamper-evident, and broken nowhere."""
    from member_tracker.services.hub_people import verify as check

    call: Call = context.obj
    with call.app() as app:
        answer = check(app, ask_password)
    call.give(answer, lambda: verified_in_words(answer))
    if not answer["ok"]:
        raise typer.Exit(2)


@commands.command()
def erase(
    context: typer.Context,
    resident: Annotated[str, typer.Argument(metavar="RESIDENT", help="The resident's name or id.")],
    *,
    councillor: Annotated[str, typer.Option(help="Whose casework they are in.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="It cannot be undone, and that is understood.")] = False,
) -> None:
    """Erase a resident and all their casework, at the hub and from every laptop; it cannot be undone."""
    from member_tracker.services.hub_people import erase as erase_resident

    call: Call = context.obj
    with call.app() as app:
        answer = erase_resident(app, resident, councillor or None, ask_password, agreed=yes)
    call.give(answer, lambda: erased_in_words(answer))


@commands.command()
def upgrade(
    context: typer.Context,
    *,
    restored: Annotated[
        bool, typer.Option("--restored", help="Its database came from a back-up: laptops send again what it lost.")
    ] = False,
) -> None:
    """Bring the hub up to what this program knows; older programs go on working with it."""
    from member_tracker.services import hub_people

    call: Call = context.obj
    with call.app() as app:
        answer = hub_people.restored(app, ask_password) if restored else hub_people.upgrade(app, ask_password)
    call.give(answer, lambda: "\n".join(f"The hub's {name}: {value}" for name, value in answer.items()))


@commands.command()
def practice(
    context: typer.Context,
    *,
    stop: Annotated[bool, typer.Option("--stop", help="Stop the practice hub and take it away.")] = False,
) -> None:
    """A hub of your own on this machine: two laptops, offline and back in step, in a minute."""
    from member_tracker.cli.hub_practice import end, walk

    if stop:
        end(context.obj)
    else:
        walk(context.obj)


def ask_password(login: str) -> str | None:
    """Ask at the terminal; None where nobody can answer."""
    if not (sys.stdin and sys.stdin.isatty()):
        return None
    import getpass

    return getpass.getpass(f"Password of {login} at the hub: ") or None


def _new_password(login: str) -> str:
    """The password of a new account: from the environment, else typed twice."""
    said = os.environ.get(PASSWORD)
    if said:
        return said
    typed = ask_password(f"the new account {login}")
    if typed is None:
        raise Invalid(
            "A new account needs a password, and nobody can be asked for one here.",
            advice=f"Set {PASSWORD}, or say --no-password where they sign in by Kerberos, a certificate or a token.",
        )
    if ask_password(f"the new account {login}, once more") != typed:
        raise Invalid("The two passwords differ.", advice="Run the command again and type the same one twice.")
    return typed


def _say_not_kept(call: Call, *, is_kept: bool) -> None:
    if not is_kept:
        call.say(f"This computer has no secure place for the password: it is asked for each time, or set {PASSWORD}.")


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise Invalid(f"“{said}” is not a day.", advice="Write it as 2026-11-30.") from None
