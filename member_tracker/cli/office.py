"""The commands about the program itself: setup, practice and self-test."""

from typing import Annotated

import typer

from member_tracker.cli.call import Call
from member_tracker.domain.vocabulary import Role


def add_to(commands: typer.Typer) -> None:
    """Add these commands to the program's."""
    commands.command()(setup)
    commands.command()(practice)
    commands.command("self-test")(self_test)


def setup(
    context: typer.Context,
    *,
    council: Annotated[str, typer.Option(help="The council whose charter counts.")],
    charter: Annotated[str | None, typer.Option(help="Adopt this charter set.")] = None,
    me: Annotated[str | None, typer.Option(help="Your name.")] = None,
    role: Annotated[Role, typer.Option(help="What you do.", case_sensitive=False)] = Role.COUNCILLOR,
    councillor: Annotated[list[str] | None, typer.Option(help="A councillor whose casework is kept here.")] = None,
) -> None:
    """Set this profile up for a council: its charters, its eight service areas and its people."""
    from member_tracker.services.charters import CharterShelf
    from member_tracker.services.setup import SetUp, known_names, profile_as_json, set_up

    call: Call = context.obj
    wanted = SetUp(council=council, charter=charter, me=me, role=role, councillors=tuple(councillor or ()))
    known_names(CharterShelf.shipped(), wanted)  # so that a slip makes no profile
    with call.app(with_council=False) as app:
        set_up(app, wanted)
        answer = profile_as_json(app)
    call.give(answer, lambda: "\n".join(f"{name.replace('_', ' ')}: {value}" for name, value in answer.items()))


def practice(context: typer.Context) -> None:
    """Walk through the main job with made-up data, in the terminal, and leave a picture of the window in build/."""
    from member_tracker.cli.practice import walk

    walk(context.obj)


def self_test(
    context: typer.Context,
    *,
    part: Annotated[list[str] | None, typer.Option(help="Check this part alone, as --json names it.")] = None,
) -> None:
    """Check that this installation works: every part imports, a scratch store opens, the window renders."""
    from member_tracker.cli.self_test import check

    call: Call = context.obj
    answer = check(call.window, only=part or ())
    call.give(answer, lambda: "\n".join(f"{name}: {value}" for name, value in answer.items()))
    if not answer["ok"]:
        raise typer.Exit(2)
