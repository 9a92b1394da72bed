"""The commands of casework: log, list, show, edit, send, note, accept, dismiss, tell, close, reopen, undo and post."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from member_tracker.cli.absences import absences_in_words
from member_tracker.cli.call import Call
from member_tracker.cli.words import enquiry_in_words, table
from member_tracker.domain.vocabulary import Channel, Kind, Priority, Stage

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.domain.enquiry import EnquiryId

Reference = Annotated[str, typer.Argument(help="The enquiry's reference, such as ENQ-7K3M-142-XR.")]
Attach = Annotated[list[Path] | None, typer.Option(help="A file that goes with the mail; give it again for more.")]


def add_to(commands: typer.Typer) -> None:
    """Add these commands to the program's."""
    for command in (log, show, edit, send, accept, dismiss, tell, close, reopen, undo, post):
        commands.command()(command)
    commands.command(context_settings={"ignore_unknown_options": True})(note)  # a note may begin with a dash
    commands.command("list")(list_enquiries)
    commands.command("before-sending")(look_before_sending)


def log(
    context: typer.Context,
    *,
    councillor: Annotated[str, typer.Option(help="Who raises it; made where unknown.")],
    resident: Annotated[str, typer.Option(help="Whom it is for; made where unknown.")],
    channel: Annotated[Channel, typer.Option(help="How contact came.", case_sensitive=False)],
    service_area: Annotated[str, typer.Option(help="Who should answer.")],
    subject: Annotated[str, typer.Option(help="What it is about, without naming the resident.")],
    text: Annotated[str, typer.Option(help="What the council is asked to do.")],
    council: Annotated[str | None, typer.Option(help="The council, where more than one is set up.")] = None,
    kind: Annotated[Kind, typer.Option(help="What is asked for.", case_sensitive=False)] = Kind.ENQUIRY,
    stage: Annotated[Stage | None, typer.Option(help="The stage of a complaint.", case_sensitive=False)] = None,
    priority: Annotated[Priority, typer.Option(help="How soon.", case_sensitive=False)] = Priority.NORMAL,
    received: Annotated[str | None, typer.Option(help="When it came, ISO; now unless said.")] = None,
    resident_id: Annotated[str | None, typer.Option(help="Which resident, where two have one name.")] = None,
) -> None:
    """Log an enquiry on behalf of a councillor for a resident; its due dates are worked out at once."""
    from member_tracker.services.charters import local_time
    from member_tracker.services.intake import Intake, log_by_name

    call: Call = context.obj
    intake = Intake(
        councillor=councillor,
        resident=resident,
        resident_id=resident_id,
        service_area=service_area,
        council=council,
        channel=channel,
        subject=subject,
        text=text,
        kind=kind,
        stage=stage,
        priority=priority,
        received_at=local_time(received) if received is not None else None,
    )
    with call.app() as app:
        enquiry = log_by_name(app, intake)
    answer = {
        "id": enquiry.id,
        "reference": enquiry.reference,
        "acknowledge_by": _day(enquiry.acknowledge_by),
        "respond_by": _day(enquiry.respond_by),
    }
    call.give(answer, lambda: "\n".join(f"{name.replace('_', ' ')}: {value}" for name, value in answer.items()))


def list_enquiries(
    context: typer.Context,
    *,
    open_: Annotated[bool, typer.Option("--open", help="Open enquiries (usual).")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="Those whose answer is late.")] = False,
    due_within: Annotated[int | None, typer.Option(min=0, help="Due within N working days, late ones too.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    needs_attention: Annotated[
        bool, typer.Option("--needs-attention", help="Those whose mail came back, or may not have gone.")
    ] = False,
    find: Annotated[str | None, typer.Option(help="Those in which these words occur.")] = None,
) -> None:
    """Enquiries with where each stands against its standard, soonest due first."""
    from member_tracker.services.lists import listed, wanted

    call: Call = context.obj
    if sum((open_, overdue, due_within is not None, all_, needs_attention)) > 1:
        raise typer.BadParameter("Choose one of --open, --overdue, --due-within, --needs-attention and --all.")
    with call.app() as app:
        what = wanted(
            app,
            overdue=overdue,
            due_within=due_within,
            everything=all_,
            needs_attention=needs_attention,
            find=find,
        )
        rows = listed(app, what)
    columns = (
        "reference", "subject", "councillor", "resident", "service_area",
        "status", "acknowledge_by", "respond_by", "state",
    )  # fmt: skip
    call.give(rows, lambda: table(columns, [[row[name] for name in columns] for row in rows]))


def show(context: typer.Context, reference: Reference) -> None:
    """Everything about one enquiry: the question, its clocks and ledger, what happened, what is suggested."""
    from member_tracker.services.casework import enquiry_as_json
    from member_tracker.services.enquiries import enquiry_named

    call: Call = context.obj
    with call.app() as app:
        with app.store.reading() as tx:
            enquiry = enquiry_named(tx, reference)
        answer = enquiry_as_json(app, enquiry.id)
    call.give(answer, lambda: "\n".join([enquiry_in_words(answer), *absences_in_words(answer)]))


def edit(
    context: typer.Context,
    reference: Reference,
    changes: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE...", help="What to change.")],
) -> None:
    """Change facts of an enquiry; its due dates follow."""
    from member_tracker.services.editing import edit_enquiry

    do_step(context, reference, lambda app, enquiry_id: edit_enquiry(app, enquiry_id, changes))


def send(
    context: typer.Context,
    reference: Reference,
    *,
    attach: Attach = None,
    duty_officer: Annotated[str | None, typer.Option(help="A duty officer who gets it too, by name.")] = None,
    who_is_there: Annotated[bool, typer.Option("--who-is-there", help="The duty officer who is there, too.")] = False,
    to_alternative: Annotated[
        bool, typer.Option("--to-alternative", help="Once more, to whom an automatic reply names instead.")
    ] = False,
) -> None:
    """Queue the enquiry for its service area; `post` sends what is queued."""
    from member_tracker.services.attaching import files_to_send
    from member_tracker.services.before_sending import before_sending, duty_officer_of
    from member_tracker.services.enquiries import send_enquiry
    from member_tracker.services.sending_on import send_to_alternative

    call: Call = context.obj
    if sum((duty_officer is not None, who_is_there, to_alternative)) > 1:
        raise typer.BadParameter("Choose one of --duty-officer, --who-is-there and --to-alternative.")

    def deed(app: "App", enquiry_id: "EnquiryId") -> object:
        files = files_to_send(app, attach or ())
        if to_alternative:
            return send_to_alternative(app, enquiry_id, attachments=files)
        officer = duty_officer_of(app, enquiry_id, duty_officer) if duty_officer is not None else None
        if who_is_there:
            found = before_sending(app, enquiry_id)
            for note in (*found.notes, *found.duty.notes, *found.duty.handover):
                call.say(note)
            officer = found.the_one()
        return send_enquiry(app, enquiry_id, duty_officer=officer, attachments=files)

    do_step(context, reference, deed)


def look_before_sending(context: typer.Context, reference: Reference) -> None:
    """What the mail server says of the enquiry's recipients, and which duty officer is there; nothing is sent."""
    from member_tracker.services.before_sending import before_sending
    from member_tracker.services.enquiries import enquiry_named

    call: Call = context.obj
    with call.app() as app:
        with app.store.reading() as tx:
            enquiry_id = enquiry_named(tx, reference).id
        found = before_sending(app, enquiry_id)
    goes_to = f"It goes to {', '.join(found.send_to) or 'nobody: the service area has no address'}."
    said = (*found.notes, *found.duty.notes, *found.duty.handover, goes_to)
    call.give(found.as_json(), lambda: "\n".join(said))


def note(
    context: typer.Context,
    reference: Reference,
    text: Annotated[str, typer.Argument(help="What to remember; it never leaves the building.")],
) -> None:
    """Keep an internal note."""
    from member_tracker.services.enquiries import add_note

    do_step(context, reference, lambda app, enquiry_id: add_note(app, enquiry_id, text))


def accept(
    context: typer.Context,
    reference: Reference,
    suggestion: Annotated[str, typer.Argument(help="The suggestion's id, as `show` prints it.")],
    changes: Annotated[
        list[str] | None,
        typer.Argument(metavar="FIELD=VALUE...", help="proposal=, promised_on= or at=, where the suggestion is wrong."),
    ] = None,
) -> None:
    """Accept what a mail proposes: it takes effect from the moment the mail arrived."""
    from member_tracker.services.deciding import accept_for

    call: Call = context.obj
    doubts: list[str] = []
    do_step(context, reference, lambda app, enquiry_id: accept_for(app, enquiry_id, suggestion, changes or [], doubts))
    for doubt in doubts:
        call.say(doubt)


def dismiss(
    context: typer.Context,
    reference: Reference,
    suggestion: Annotated[str, typer.Argument(help="The suggestion's id, as `show` prints it.")],
) -> None:
    """Put a suggestion aside; its mail stays filed."""
    from member_tracker.services.deciding import dismiss_for

    do_step(context, reference, lambda app, enquiry_id: dismiss_for(app, enquiry_id, suggestion))


def tell(
    context: typer.Context,
    reference: Reference,
    text: Annotated[str | None, typer.Option(help="What to tell; the council's answer unless said.")] = None,
    *,
    attach: Attach = None,
) -> None:
    """Tell the resident: by mail where an address is held, else written down as told by you."""
    from member_tracker.services.attaching import files_to_send
    from member_tracker.services.enquiries import tell_resident

    def deed(app: "App", enquiry_id: "EnquiryId") -> object:
        return tell_resident(app, enquiry_id, text, attachments=files_to_send(app, attach or ()))

    do_step(context, reference, deed)


def close(
    context: typer.Context,
    reference: Reference,
    reason: Annotated[str | None, typer.Option(help="Why, where the resident has not been told.")] = None,
) -> None:
    """Close an enquiry whose resident has been told."""
    from member_tracker.services.enquiries import close_enquiry

    do_step(context, reference, lambda app, enquiry_id: close_enquiry(app, enquiry_id, reason))


def reopen(context: typer.Context, reference: Reference) -> None:
    """Work on a closed enquiry again."""
    from member_tracker.services.enquiries import reopen_enquiry

    do_step(context, reference, reopen_enquiry)


def undo(context: typer.Context, reference: Reference) -> None:
    """Put back what was last done to the enquiry; sent mail stays sent."""
    from member_tracker.services.undoing import undo_last

    do_step(context, reference, undo_last)


def post(
    context: typer.Context,
    *,
    agree: Annotated[bool, typer.Option("--agree", help="Send what a back-up brought back, too.")] = False,
) -> None:
    """Send what is queued."""
    from member_tracker.services.post import post_queued
    from member_tracker.services.safekeeping import agree_to_post

    call: Call = context.obj
    with call.app() as app:
        if agree:
            agree_to_post(app)
        posted = post_queued(app)
    if posted.problem:
        call.say(posted.problem)
    answer = {"sent": posted.sent, "waiting": posted.waiting, "unknown": posted.unknown}
    call.give(answer, lambda: f"{posted.sent} sent, {posted.waiting} waiting, {posted.unknown} to look at.")


def do_step(context: typer.Context, reference: str, deed: "Callable[[App, EnquiryId], object]") -> None:
    """Do the deed to the enquiry of that reference and print the enquiry as it now is."""
    from member_tracker.services.casework import enquiry_as_json
    from member_tracker.services.enquiries import enquiry_named

    call: Call = context.obj
    with call.app() as app:
        with app.store.reading() as tx:
            enquiry_id = enquiry_named(tx, reference).id
        deed(app, enquiry_id)
        answer = enquiry_as_json(app, enquiry_id)
    call.give(answer, lambda: "\n".join([enquiry_in_words(answer), *absences_in_words(answer)]))


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None
