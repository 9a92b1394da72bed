"""What is done to an enquiry beside sending and answering: pausing, extending, promising, passing along, merging."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from member_tracker.cli.call import Call
from member_tracker.cli.casework import Reference, do_step
from member_tracker.cli.words import enquiry_in_words
from member_tracker.domain.errors import Invalid
from member_tracker.domain.holding import HoldingReply
from member_tracker.domain.routing import EscalationLevel
from member_tracker.domain.vocabulary import Stage

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.domain.enquiry import EnquiryId

_ESCALATION = {level.value.replace("_", "-"): level for level in EscalationLevel}


def add_to(commands: typer.Typer) -> None:
    """Add these commands to the program's."""
    for command in (pause, resume, extend, hold, promise, reroute, escalate, merge, unmerge, complain):
        commands.command()(command)
    commands.command("stage-two")(stage_two)
    commands.command("pass-on")(pass_on)
    commands.command("carry-over")(carry_over)
    commands.command()(remind)


def pause(
    context: typer.Context,
    reference: Reference,
    *,
    reason: Annotated[str, typer.Option(help="What the resident was asked for.")],
    from_: Annotated[str | None, typer.Option("--from", help="When it began, ISO; now unless said.")] = None,
    until: Annotated[str | None, typer.Option(help="When it ended, ISO, where that is known.")] = None,
) -> None:
    """Stop the clock of the answer while the resident is asked; the acknowledgement's clock runs on."""
    from member_tracker.services import waiting
    from member_tracker.services.charters import local_time

    from_at = local_time(from_) if from_ is not None else None
    until_at = local_time(until) if until is not None else None
    do_step(
        context,
        reference,
        lambda app, enquiry_id: waiting.pause(app, enquiry_id, reason=reason, from_at=from_at, until_at=until_at),
    )


def resume(
    context: typer.Context,
    reference: Reference,
    *,
    at: Annotated[str | None, typer.Option(help="When the resident answered, ISO; now unless said.")] = None,
) -> None:
    """Let the clock of the answer run again."""
    from member_tracker.services import waiting
    from member_tracker.services.charters import local_time

    since = local_time(at) if at is not None else None
    do_step(context, reference, lambda app, enquiry_id: waiting.resume(app, enquiry_id, at=since))


def extend(
    context: typer.Context,
    reference: Reference,
    *,
    until: Annotated[str, typer.Option(help="The day agreed.")],
    reason: Annotated[str, typer.Option(help="Why it takes longer.")],
    agreed_by: Annotated[str, typer.Option(help="Who agreed, usually the member.")],
) -> None:
    """Agree a later day for the answer; figures are given before and after it."""
    from member_tracker.services import waiting

    on = day_said(until)
    do_step(
        context,
        reference,
        lambda app, enquiry_id: waiting.extend(app, enquiry_id, until_on=on, reason=reason, agreed_by=agreed_by),
    )


def hold(
    context: typer.Context,
    reference: Reference,
    *,
    who: Annotated[str, typer.Option(help="Who is dealing with it.")] = "",
    why: Annotated[str, typer.Option(help="Why it takes longer.")] = "",
    promised_on: Annotated[str | None, typer.Option(help="The day a full answer is promised.")] = None,
    urgent_number: Annotated[str, typer.Option(help="Where to ring if it is urgent.")] = "",
    text: Annotated[str, typer.Option(help="How it begins; the rest is added.")] = "",
) -> None:
    """Write a holding reply to the resident: who, why, by when and an urgent number are all needed."""
    from member_tracker.services.promising import hold_resident

    on = day_said(promised_on) if promised_on is not None else None
    holding = HoldingReply(who=who, why=why, promised_on=on, urgent_number=urgent_number)
    do_step(context, reference, lambda app, enquiry_id: hold_resident(app, enquiry_id, holding, text=text))


def promise(
    context: typer.Context,
    reference: Reference,
    *,
    on: Annotated[str, typer.Option(help="The day promised.")],
    by: Annotated[str, typer.Option(help="Who promised it.")],
) -> None:
    """Keep the day by which somebody said the answer would come."""
    from member_tracker.services import promising

    promised_on = day_said(on)
    do_step(
        context,
        reference,
        lambda app, enquiry_id: promising.promise(app, enquiry_id, promised_on=promised_on, made_by=by),
    )


def reroute(
    context: typer.Context,
    reference: Reference,
    *,
    to: Annotated[str, typer.Option(help="The service area that should answer.")],
    reason: Annotated[str, typer.Option(help="Why the first one is not the right one.")],
) -> None:
    """Move the enquiry to another service area, and queue it again where it had been sent."""
    from member_tracker.services import rerouting

    do_step(context, reference, lambda app, enquiry_id: rerouting.reroute(app, enquiry_id, to=to, reason=reason))


def escalate(
    context: typer.Context,
    reference: Reference,
    *,
    to: Annotated[str, typer.Option(help="head-of-service, director or chief-executive.")],
    reason: Annotated[str, typer.Option(help="Why somebody higher has to know.")],
) -> None:
    """Note that somebody higher has to know; nothing is sent by itself."""
    from member_tracker.services import rerouting

    level = _ESCALATION.get(to.strip().casefold().replace("_", "-").replace(" ", "-"))
    if level is None:
        raise Invalid(f"“{to}” is nobody to escalate to.", advice=f"Use one of: {', '.join(_ESCALATION)}.")
    do_step(context, reference, lambda app, enquiry_id: rerouting.escalate(app, enquiry_id, to=level, reason=reason))


def pass_on(
    context: typer.Context,
    reference: Reference,
    *,
    to: Annotated[str, typer.Option(help="The body outside the council; made where unknown.")],
    reason: Annotated[str, typer.Option(help="Why the council cannot answer it.")],
) -> None:
    """Note that a body outside the council has the enquiry now; its clocks run on."""
    from member_tracker.services import rerouting

    do_step(context, reference, lambda app, enquiry_id: rerouting.pass_on(app, enquiry_id, to=to, reason=reason))


def merge(
    context: typer.Context,
    reference: Reference,
    into: Annotated[str, typer.Argument(help="The reference of the enquiry that stays.")],
) -> None:
    """Merge an enquiry into another, which is printed; replies to either then come there."""
    from member_tracker.services import merging
    from member_tracker.services.enquiries import enquiry_named

    def deed(app: "App", survivor_id: "EnquiryId") -> object:
        with app.store.reading() as tx:
            absorbed = enquiry_named(tx, reference)
        return merging.merge(app, absorbed.id, survivor_id)

    do_step(context, into, deed)


def unmerge(context: typer.Context, reference: Reference) -> None:
    """Take a merged enquiry out of the other again."""
    from member_tracker.services import merging

    do_step(context, reference, merging.unmerge)


def complain(
    context: typer.Context,
    reference: Reference,
    *,
    stage: Annotated[Stage, typer.Option(help="informal or 1.", case_sensitive=False)] = Stage.ONE,
    serious: Annotated[str, typer.Option(help="Why it goes straight to the Chief Executive.")] = "",
    decided_by: Annotated[str, typer.Option(help="The officer who decides it.")] = "",
) -> None:
    """Turn an enquiry, or an informal complaint, into a complaint; it keeps the date it was received."""
    from member_tracker.services import complaints

    do_step(
        context,
        reference,
        lambda app, enquiry_id: complaints.complain(
            app, enquiry_id, stage=stage, serious=serious, decided_by=decided_by
        ),
    )


def stage_two(
    context: typer.Context,
    reference: Reference,
    *,
    because: Annotated[str, typer.Option(help="Why the resident is not satisfied.")],
    received: Annotated[str | None, typer.Option(help="When the request came, ISO; now unless said.")] = None,
    decided_by: Annotated[str, typer.Option(help="The officer who decides it: another than at stage 1.")] = "",
) -> None:
    """Make the stage 2 record of a complaint decided at stage 1, and print that; its own clock runs."""
    from member_tracker.services.casework import enquiry_as_json
    from member_tracker.services.charters import local_time
    from member_tracker.services.complaints import Asked, ask_for_second_look
    from member_tracker.services.enquiries import enquiry_named

    call: Call = context.obj
    received_at = local_time(received) if received is not None else None
    asked = Asked(because=because, received_at=received_at, decided_by=decided_by)
    with call.app() as app:
        with app.store.reading() as tx:
            stage_one = enquiry_named(tx, reference)
        answer = enquiry_as_json(app, ask_for_second_look(app, stage_one.id, asked).id)
    call.give(answer, lambda: enquiry_in_words(answer))


def day_said(said: str) -> date:
    """The day as typed; raises `Invalid` for anything but an ISO date."""
    try:
        return date.fromisoformat(said.strip())
    except ValueError as error:
        raise Invalid(f"“{said}” is not a date.", advice="Write it as 2026-11-24.") from error


def carry_over(
    context: typer.Context,
    reference: Reference,
    *,
    to: Annotated[str, typer.Option(help="The council that takes over.")],
    on: Annotated[str, typer.Option(help="Its first day.")],
    address: Annotated[str | None, typer.Option(help="Where its service area takes mail, if not known.")] = None,
) -> None:
    """Pass an open enquiry to a council that takes over, every date staying as it was."""
    from member_tracker.services.succeeding import carry_over_enquiry

    day = day_said(on)
    do_step(
        context,
        reference,
        lambda app, enquiry_id: carry_over_enquiry(app, enquiry_id, to=to, on=day, address=address),
    )


def remind(context: typer.Context, reference: Reference) -> None:
    """Queue a reminder to the service area: at most one a day, and never to a machine."""
    from member_tracker.services.reminding import remind_service_area

    do_step(context, reference, remind_service_area)
