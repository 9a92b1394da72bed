"""`closure-day` and `would-change`: days the council is shut, and which open enquiries a change would move."""

from typing import TYPE_CHECKING, Annotated

import typer

from member_tracker.cli.call import Call
from member_tracker.cli.steps import day_said
from member_tracker.cli.words import table

if TYPE_CHECKING:
    from member_tracker.domain.recount import WouldChange
    from member_tracker.domain.working_time import ClosureDay

_closure_days = typer.Typer(no_args_is_help=True)


def add_to(commands: typer.Typer) -> None:
    """Add these commands to the program's."""
    commands.add_typer(_closure_days, name="closure-day", help="Days the council is shut.")
    commands.command("would-change")(would_change)


@_closure_days.command("list")
def list_closure_days(context: typer.Context) -> None:
    """The days the council is shut beside weekends and bank holidays."""
    from member_tracker.services.closing_days import closure_days

    call: Call = context.obj
    with call.app() as app:
        days = _days(closure_days(app))
    call.give(days, lambda: table(("date", "reason"), [[day["date"], day["reason"]] for day in days]))


@_closure_days.command("add")
def add(
    context: typer.Context,
    day: Annotated[str, typer.Argument(help="The day the council is shut.")],
    reason: Annotated[str, typer.Argument(help="Why.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Open enquiries may change.")] = False,
) -> None:
    """Add a day the council is shut; where open enquiries would change, they are named and --yes is needed."""
    from member_tracker.services.closing_days import add_closure_day

    call: Call = context.obj
    with call.app() as app:
        added = add_closure_day(app, day_said(day), reason, agreed=yes)
    answer = {"closure_days": _days(added.closure_days), "changes": _changes(added.changes)}
    call.give(answer, lambda: "\n".join(change.words for change in added.changes) or "No open enquiry changes.")


def would_change(
    context: typer.Context,
    *,
    closure_day: Annotated[str | None, typer.Option(help="If the council were shut on that day.")] = None,
    charter: Annotated[str | None, typer.Option(help="If open enquiries were judged by that charter.")] = None,
) -> None:
    """Which open enquiries would be due on other days; nothing is changed by asking."""
    from member_tracker.services import closing_days

    if closure_day is None and charter is None:
        raise typer.BadParameter("Say --closure-day, --charter or both.")
    call: Call = context.obj
    on = day_said(closure_day) if closure_day is not None else None
    with call.app() as app:
        changes = closing_days.would_change(app, closed_on=on, charter_id=charter)
    call.give(
        _changes(changes), lambda: "\n".join(change.words for change in changes) or "No open enquiry would change."
    )


def _days(days: "tuple[ClosureDay, ...]") -> list[dict[str, str]]:
    return [{"date": closed.on.isoformat(), "reason": closed.reason} for closed in days]


def _changes(changes: "tuple[WouldChange, ...]") -> list[dict[str, str | None]]:
    return [
        {
            "reference": change.reference,
            "step": change.step.value,
            "was": change.was.isoformat() if change.was else None,
            "becomes": change.becomes.isoformat() if change.becomes else None,
            "words": change.words,
        }
        for change in changes
    ]
