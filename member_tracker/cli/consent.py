"""`consent REFERENCE`: what the resident agreed may be told, and to whom."""

from datetime import date
from typing import Annotated

import typer

from member_tracker.cli.casework import Reference, do_step
from member_tracker.domain.consent import ConsentKind
from member_tracker.domain.errors import Invalid


def add_to(commands: typer.Typer) -> None:
    """Add this command to the program's."""
    commands.command()(consent)


def consent(
    context: typer.Context,
    reference: Reference,
    *,
    kind: Annotated[ConsentKind | None, typer.Option(help="How far the resident agreed.", case_sensitive=False)] = None,
    how: Annotated[str, typer.Option(help="In what way: asked for help, by telephone, in a letter.")] = "",
    given: Annotated[str | None, typer.Option(help="The day it was given; today unless said.")] = None,
    body: Annotated[list[str] | None, typer.Option(help="Whom it covers: council, or an outside body.")] = None,
    until: Annotated[str | None, typer.Option(help="Its last day.")] = None,
    special_category: Annotated[
        bool, typer.Option("--special-category", help="Health, belief and the like are included.")
    ] = False,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="The resident has withdrawn it.")] = False,
) -> None:
    """Record the resident's consent, or that it was withdrawn: it decides what leaves the office."""
    from member_tracker.services.consenting import Agreed, record_consent, withdraw_consent

    if withdraw == (kind is not None):
        raise typer.BadParameter("Say either --kind or --withdraw.")
    if kind is None:
        do_step(context, reference, withdraw_consent)
        return
    agreed = Agreed(
        kind=kind,
        how=how,
        given_on=_day(given),
        bodies=tuple(body or ()),
        until=_day(until),
        special_category=special_category,
    )
    do_step(context, reference, lambda app, enquiry_id: record_consent(app, enquiry_id, agreed))


def _day(said: str | None) -> date | None:
    if said is None:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise Invalid(f"“{said}” is not a date.", advice="Write it as 2026-11-24.") from error
