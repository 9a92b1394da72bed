"""All commands in one place: their names, options and what they print."""

import typer

from member_tracker.cli import (
    casework,
    charter,
    closing_days,
    consent,
    hub,
    importing,
    mail,
    mailbox,
    office,
    people,
    policy,
    reports,
    safekeeping,
    steps,
    syncing,
)

commands = typer.Typer(
    name="member-tracker",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Members' enquiries: logged, sent, answered and judged by the council's charter.",
    epilog="Every command also takes --profile DIR (or MEMBER_TRACKER_PROFILE) and --json, before or after its name.",
)


@commands.callback()
def _begin() -> None:
    """Without a command the window opens."""


office.add_to(commands)
casework.add_to(commands)
consent.add_to(commands)
steps.add_to(commands)
closing_days.add_to(commands)
people.add_to(commands)
importing.add_to(commands)
reports.add_to(commands)
safekeeping.add_to(commands)
policy.add_to(commands)
syncing.add_to(commands)
commands.add_typer(charter.commands, name="charter", help="The charters, and when an answer is due.")
commands.add_typer(mail.commands, name="mail", help="Reading, collecting and filing mail.")
commands.add_typer(mailbox.commands, name="mailbox", help="The mailboxes mail is read from and sent through.")
commands.add_typer(hub.commands, name="hub", help="The hub several people share their casework through.")
