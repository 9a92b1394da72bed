"""`service-area list|set|hand-over`: where enquiries go, and who takes them."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from member_tracker.cli.call import Call
from member_tracker.cli.words import table
from member_tracker.domain.vocabulary import Sharing

_COLUMNS = ("name", "addresses", "directorate", "head_of_service", "direct_number", "retired")
_DUTY = ("duty_officers", "sharing", "on_duty", "next_in_turn", "handover")


def add_to(commands: typer.Typer) -> None:
    """Add these commands to the program's."""
    areas = typer.Typer(no_args_is_help=True)
    areas.command("list")(list_areas)
    areas.command("set")(set_area)
    areas.command("hand-over")(hand_over)
    commands.add_typer(areas, name="service-area", help="The service areas and their mailbox addresses.")


def list_areas(context: typer.Context) -> None:
    """The service areas of this profile's council."""
    from member_tracker.services.setup import service_areas_as_json

    call: Call = context.obj
    with call.app() as app:
        areas = service_areas_as_json(app)
    call.give(areas, lambda: _in_words(areas))


def set_area(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The service area; made where unknown.")],
    *,
    address: Annotated[list[str] | None, typer.Option(help="A mailbox address; give it again for more.")] = None,
    directorate: Annotated[str | None, typer.Option(help="The group of service areas it is in.")] = None,
    head_of_service: Annotated[str | None, typer.Option(help="Who leads it.")] = None,
    direct_number: Annotated[str | None, typer.Option(help="Its direct telephone number.")] = None,
    retired: Annotated[bool | None, typer.Option(help="Whether mail to it is refused.")] = None,
    duty_officer: Annotated[
        list[str] | None, typer.Option(help="“Name <address>”, in the order they are asked; again for more.")
    ] = None,
    no_duty_officers: Annotated[bool, typer.Option("--no-duty-officers", help="It has none.")] = False,
    sharing: Annotated[
        Sharing | None, typer.Option(help="Which of several on duty takes the next enquiry.", case_sensitive=False)
    ] = None,
) -> None:
    """Add a service area or change what is known of it."""
    from member_tracker.services.duty_officers import duty_officer_said
    from member_tracker.services.setup import AreaFacts, keep_service_area, service_areas_as_json

    call: Call = context.obj
    if duty_officer and no_duty_officers:
        raise typer.BadParameter("Choose either --duty-officer or --no-duty-officers.")
    officers = tuple(duty_officer_said(said) for said in duty_officer or ())
    facts = AreaFacts(
        name=name,
        addresses=tuple(address) if address else None,
        directorate=directorate,
        head_of_service=head_of_service,
        direct_number=direct_number,
        retired=retired,
        duty_officers=officers if officers or no_duty_officers else None,
        sharing=sharing,
    )
    with call.app() as app:
        keep_service_area(app, facts)
        areas = service_areas_as_json(app)
    call.give(areas, lambda: _in_words(areas))


def hand_over(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The service area.")],
    text: Annotated[str, typer.Argument(help="What whoever is on duty must know; nothing takes the note away.")],
) -> None:
    """Keep the hand-over note of whoever is on duty now, or next; it never leaves the building."""
    from member_tracker.services.rota import keep_handover
    from member_tracker.services.setup import service_areas_as_json

    call: Call = context.obj
    with call.app() as app:
        keep_handover(app, name, text)
        areas = service_areas_as_json(app)
    call.give(areas, lambda: _in_words(areas))


def _in_words(areas: Sequence[Mapping[str, object]]) -> str:
    return table((*_COLUMNS, *_DUTY), [[*(area[name] for name in _COLUMNS), *_duty(area)] for area in areas])


def _duty(area: Mapping[str, object]) -> list[object]:
    """What is said of duty, as words in columns."""
    return [
        ", ".join(str(officer["name"]) for officer in _listed(area["duty_officers"])),
        Sharing(str(area["sharing"])).words,
        area["on_duty"],
        area["next_in_turn"],
        " ".join(str(note["text"]) for note in _listed(area["handover"])),
    ]


def _listed(some: object) -> list[Mapping[str, object]]:
    return some if isinstance(some, list) else []
