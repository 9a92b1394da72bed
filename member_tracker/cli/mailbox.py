"""`mailbox add|test|list|sign-in|remove`: the mailboxes mail is read from and sent through."""

import os
import sys
from datetime import date
from typing import Annotated

import typer

from member_tracker.cli.call import Call
from member_tracker.cli.words import table
from member_tracker.domain.errors import Invalid
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind, SignInWay

commands = typer.Typer(no_args_is_help=True)

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The mailbox's mail address.")]

PASSWORD = "MEMBER_TRACKER_MAILBOX_PASSWORD"  # noqa: S105 - the name of the variable, not a password


@commands.command()
def add(
    context: typer.Context,
    address: Address,
    *,
    kind: Annotated[str, typer.Option(help="exchange-server or exchange-online; found where it can be.")] = "",
    url: Annotated[str, typer.Option(help="The server's EWS address; found where it can be.")] = "",
    user: Annotated[str, typer.Option(help="Who signs in, where that is not the address: a shared mailbox.")] = "",
    sign_in: Annotated[str, typer.Option(help="ntlm, kerberos or basic; as the server asks where not said.")] = "",
    folder: Annotated[str, typer.Option(help="The folder that is read.")] = "Inbox",
    since: Annotated[str, typer.Option(help="The first day whose mail is read, as 2026-11-01.")] = "",
    ca_file: Annotated[str, typer.Option(help="A file with the council's certificate authority (PEM).")] = "",
    largest_mb: Annotated[int, typer.Option(min=1, help="The largest mail the server takes, in megabytes.")] = 25,
    tenant: Annotated[str, typer.Option(help="Exchange Online: the council's tenant.")] = "",
    client_id: Annotated[str, typer.Option(help="Exchange Online: the program's registration.")] = "",
    authority: Annotated[str, typer.Option(help="Another sign-in server than Microsoft's.")] = "",
    device_code: Annotated[bool, typer.Option(help="Sign in by a code typed on another device.")] = False,
    no_sending: Annotated[bool, typer.Option("--no-sending", help="Do not send the mailbox a test message.")] = False,
) -> None:
    """Add a mailbox: sign in, try to read it and to send it a message, and say what may be done with it."""
    from member_tracker.services.mailboxes import add_mailbox

    call: Call = context.obj
    account = MailboxAccount(
        address=address.strip(),
        kind=_kind(kind, online=bool(tenant or client_id)),
        url=url,
        user=user,
        sign_in=_sign_in(sign_in),
        folder=folder,
        since=_day(since),
        ca_file=ca_file,
        largest_mb=largest_mb,
        tenant=tenant,
        client_id=client_id,
        authority=authority,
        device_code=device_code,
    )
    if "@" not in account.address:
        raise Invalid(f"“{address}” is not a mail address.", advice="Write it as name@example.org.")
    with call.app() as app:
        tested = add_mailbox(app, account, _password(account), say_code=call.say, by_sending=not no_sending)
    if not tested.is_kept:
        call.say(NOT_KEPT)
    answer = tested.as_json()
    call.give(answer, lambda: _findings_in_words(answer))


@commands.command("test")
def try_one(
    context: typer.Context,
    address: Annotated[str, typer.Argument(metavar="[ADDRESS]", help="All of them where none is named.")] = "",
    *,
    no_sending: Annotated[bool, typer.Option("--no-sending", help="Do not send the mailbox a test message.")] = False,
) -> None:
    """Try each right of a mailbox, and prove the way of sending by a message of the mailbox to itself."""
    from member_tracker.services.mailboxes import list_mailboxes, try_mailbox

    call: Call = context.obj
    with call.app() as app:
        names = [address] if address else [view.account.name for view in list_mailboxes(app)]
        answers = [try_mailbox(app, name, by_sending=not no_sending).as_json() for name in names]
    call.give(answers, lambda: "\n\n".join(_findings_in_words(answer) for answer in answers))


@commands.command("list")
def list_them(context: typer.Context) -> None:
    """The mailboxes of this profile, when each was last read, and what is wrong with it since when."""
    from member_tracker.services.mailboxes import list_mailboxes

    call: Call = context.obj
    with call.app() as app:
        rows = [view.as_json() for view in list_mailboxes(app)]
    columns = ("address", "kind", "user", "read_at", "problem")
    call.give(rows, lambda: table(columns, [[row[name] for name in columns] for row in rows]))


@commands.command("sign-in")
def sign_in_to(context: typer.Context, address: Address) -> None:
    """Sign in to a mailbox again, by password or in the browser."""
    from member_tracker.services.mailboxes import list_mailboxes, sign_in_again

    call: Call = context.obj
    with call.app() as app:
        known = [view.account for view in list_mailboxes(app) if view.account.name == address.strip().casefold()]
        password = _password(known[0]) if known else None
        is_kept = sign_in_again(app, address, password, say_code=call.say)
    if not is_kept:
        call.say(NOT_KEPT)
    call.give({"address": address, "sign_in_kept": is_kept}, lambda: f"Signed in to {address}.")


@commands.command()
def remove(context: typer.Context, address: Address) -> None:
    """Take a mailbox out of the settings and forget how to sign in to it; mail that was collected stays."""
    from member_tracker.services.mailboxes import list_mailboxes, remove_mailbox

    call: Call = context.obj
    with call.app() as app:
        remove_mailbox(app, address)
        rows = [view.as_json() for view in list_mailboxes(app)]
    call.give(rows, lambda: f"{address} is no longer set up. Mail that was collected stays.")


NOT_KEPT = "This computer has no secure place for the sign-in, so it is remembered only until the program is closed."


def _kind(said: str, *, online: bool) -> MailboxKind:
    if not said:
        return MailboxKind.EXCHANGE_ONLINE if online else MailboxKind.EXCHANGE_SERVER
    kinds = {kind.value.replace("_", "-"): kind for kind in MailboxKind if kind is not MailboxKind.FOLDER}
    found = kinds.get(said.strip().casefold().replace("_", "-"))
    if found is None:
        raise Invalid(f"“{said}” is no kind of mailbox.", advice=f"It is one of: {', '.join(kinds)}.")
    return found


def _sign_in(said: str) -> SignInWay | None:
    ways = [way.value for way in SignInWay if way is not SignInWay.MICROSOFT]
    if said and said.casefold() not in ways:
        raise Invalid(f"“{said}” is no way to sign in.", advice=f"It is one of: {', '.join(ways)}.")
    return SignInWay(said.casefold()) if said else None


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise Invalid(f"“{said}” is not a day.", advice="Write it as 2026-11-01.") from None


def _password(account: MailboxAccount) -> str | None:
    """The password from the environment, else asked for where somebody can answer; none for Exchange Online."""
    if account.kind is not MailboxKind.EXCHANGE_SERVER or account.sign_in is SignInWay.KERBEROS:
        return None
    said = os.environ.get(PASSWORD)
    if said or not (sys.stdin and sys.stdin.isatty()):
        return said or None
    import getpass

    return getpass.getpass(f"Password of {account.signs_in_as}: ") or None


def _findings_in_words(answer: dict[str, object]) -> str:
    rights = answer["rights"]
    lines = [f"{answer['address']}: {'works' if answer['works'] else 'does not work yet'}"]
    if isinstance(rights, list):
        for found in rights:
            lines.append(f"  {found['words']}")
            if found["advice"]:
                lines.append(f"    {found['advice']}")
    return "\n".join(lines)
