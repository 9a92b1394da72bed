"""`charter list` and `charter due`: what is promised and when an answer is due; no profile is opened."""

from typing import Annotated

import typer

from member_tracker.cli.call import Call
from member_tracker.cli.words import due_in_words, table
from member_tracker.domain.vocabulary import AfterHours, Channel, Kind, Stage

commands = typer.Typer(no_args_is_help=True)


@commands.command("list")
def list_charters(context: typer.Context) -> None:
    """The charters that ship, with their councils and dates."""
    from member_tracker.services.charters import charter_list, charter_problems

    call: Call = context.obj
    found = charter_list()
    for problem in charter_problems():
        call.say(problem)
    columns = ("id", "councils", "title", "from", "to")
    call.give(found, lambda: table(columns, [[charter[name] for name in columns] for charter in found]))


@commands.command("due")
def due(
    context: typer.Context,
    *,
    council: Annotated[str, typer.Option(help="The council, as the charters name it.")],
    channel: Annotated[Channel, typer.Option(help="How contact came.", case_sensitive=False)],
    received: Annotated[str, typer.Option(help="When it came, ISO; without an offset the office's own time.")],
    kind: Annotated[
        Kind | None, typer.Option(help="What was asked for; an enquiry unless said.", case_sensitive=False)
    ] = None,
    stage: Annotated[Stage | None, typer.Option(help="The stage of a complaint.", case_sensitive=False)] = None,
    charter: Annotated[str | None, typer.Option(help="Apply this set whatever its dates.")] = None,
    after_hours: Annotated[
        AfterHours | None, typer.Option(help="How contact after closing counts.", case_sensitive=False)
    ] = None,
) -> None:
    """When an acknowledgement and an answer are due, and why, day by day."""
    from member_tracker.services.charters import charter_due, local_time

    call: Call = context.obj
    answer = charter_due(
        council=council,
        channel=channel,
        received=local_time(received),
        kind=kind,
        stage=stage,
        charter_id=charter,
        after_hours=after_hours,
    )
    if answer["warning"]:
        call.say(str(answer["warning"]))
    call.give(answer, lambda: due_in_words(answer))
