"""`policy [FILE]` and `updates`: what the council fixed on this computer, and whether a newer version is announced."""

from pathlib import Path
from typing import Annotated

import typer

from member_tracker.cli.call import Call
from member_tracker.policy import Policy


def add_to(commands: typer.Typer) -> None:
    """Add these commands to the program's."""
    commands.command()(policy)


def policy(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Look through this file instead, before it is put in place.")
    ] = None,
) -> None:
    """What the council fixed on this computer, and where; a file that cannot be used is refused with what is wrong."""
    from member_tracker.policy_file import read_policy, read_policy_file, system_place
    from member_tracker.services.charters import CharterShelf
    from member_tracker.services.council_policy import checked

    call: Call = context.obj
    found = checked(read_policy_file(file) if file is not None else read_policy(), CharterShelf.shipped())
    found.must_be_whole()
    place = found.file or system_place()
    answer = {
        "file": str(found.file) if found.file else None,
        "place": str(system_place()),
        "fixed": {each.key: each.value for each in found.fixed},
    }
    call.give(answer, lambda: _in_words(found, place))


def _in_words(found: Policy, place: Path) -> str:
    if found.file is None:
        return f"Nothing is fixed on this computer: there is no {place}."
    if not found.fixed:
        return f"{place} fixes nothing."
    longest = max(len(each.key) for each in found.fixed)
    lines = [f"{each.key:<{longest}}  {each.value}" for each in found.fixed]
    return "\n".join((f"Set by your council ({place}):", *lines))
