"""`sync`, `conflicts`, `settle`, `not-accepted`, `wrong-times`, `take-over`: falling into step, and sorting out."""

from collections.abc import Mapping
from typing import Annotated

import typer

from member_tracker.cli.call import Call
from member_tracker.cli.hub import ask_password
from member_tracker.cli.words import table
from member_tracker.domain.errors import Invalid


def add_to(commands: typer.Typer) -> None:
    """Add these commands to the program's."""
    for command in (sync, conflicts, settle):
        commands.command()(command)
    commands.command("not-accepted")(not_accepted)
    commands.command("wrong-times")(wrong_times)
    commands.command("take-over")(take_over)


def sync(context: typer.Context) -> None:
    """Fall into step with the hub: what waits goes out, what changed comes in."""
    from member_tracker.services.conflicts import conflicts as unsettled
    from member_tracker.services.hub_health import standing
    from member_tracker.services.syncing import sync_now

    call: Call = context.obj
    with call.app(with_council=False, though_locked=True) as app:
        synced = sync_now(app, call.watch(), ask_password)
        clashes, stands = len(unsettled(app)), standing(app)
    answer = {
        "pushed": synced.pushed,
        "pulled": synced.pulled,
        "conflicts": clashes,
        "denied": synced.denied,
        "in_step": synced.in_step,
    }
    for banner in stands.banners if stands else ():
        call.say(f"{banner.title} {banner.advice}")
    if synced.denied:
        call.say("Some changes were not accepted; what they said is kept: member-tracker not-accepted")
    call.give(answer, lambda: _synced_in_words(answer, stands.words if stands else ""))


def conflicts(context: typer.Context) -> None:
    """Fields that two people changed at once: the value that stands, and the other one."""
    from member_tracker.services.conflicts import conflicts as unsettled
    from member_tracker.services.conflicts import in_words

    call: Call = context.obj
    with call.app() as app:
        clashes = unsettled(app)
    call.give([each.as_json() for each in clashes], lambda: in_words(clashes))


def settle(
    context: typer.Context,
    conflict_id: Annotated[str, typer.Argument(metavar="ID", help="As `conflicts` prints it.")],
    choice: Annotated[str, typer.Argument(metavar="kept|lost", help="Which value stands from now on.")],
) -> None:
    """Say which of two values stands; said again the other way, or undone, it is the other."""
    from member_tracker.services.conflicts import Choice
    from member_tracker.services.conflicts import conflicts as unsettled
    from member_tracker.services.conflicts import settle as settle_one

    call: Call = context.obj
    if choice not in list(Choice):
        raise Invalid(f"“{choice}” is no answer.", advice="It is one of: kept, lost.")
    with call.app() as app:
        settle_one(app, conflict_id, Choice(choice))
        left = [each.as_json() for each in unsettled(app)]
    call.give(left, lambda: f"That is settled; {len(left)} left to sort out.")


def not_accepted(
    context: typer.Context,
    *,
    dismiss: Annotated[str, typer.Option("--dismiss", metavar="ID", help="Seen to: take it off the list.")] = "",
) -> None:
    """Changes the hub did not take, with what they said and why; nothing of them is thrown away unasked."""
    from member_tracker.services.not_accepted import dismiss as take_off
    from member_tracker.services.not_accepted import not_accepted as every

    call: Call = context.obj
    with call.app() as app:
        if dismiss:
            take_off(app, dismiss)
        rows = [each.as_json() for each in every(app)]
    columns = ("id", "reference", "field", "value", "why")
    call.give(rows, lambda: table(columns, [[row[name] for name in columns] for row in rows]))


def wrong_times(
    context: typer.Context,
    *,
    correct: Annotated[bool, typer.Option("--correct", help="Shift them by what the clock was wrong.")] = False,
    leave: Annotated[bool, typer.Option("--leave", help="They are right as they are.")] = False,
) -> None:
    """Enquiries logged while this computer's clock was wrong, with the times they have and those they should have."""
    from member_tracker.services import clock_error

    call: Call = context.obj
    with call.app() as app:
        if correct:
            call.say(f"Times of {clock_error.correct_times(app)} enquiries were put right; undo takes one back.")
        if leave:
            clock_error.leave_times(app)
        rows = [each.as_json() for each in clock_error.wrong_times(app)]
    columns = ("reference", "subject", "seconds_fast")
    call.give(rows, lambda: table(columns, [[row[name] for name in columns] for row in rows]))


def take_over(
    context: typer.Context,
    mail_id: Annotated[str, typer.Argument(metavar="[ID]", help="The mail's id; without one, those there are.")] = "",
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Even begun: somebody looked, and it did not go.")] = False,
) -> None:
    """Send a mail from here that was queued on another computer, where that will not send it any more."""
    from member_tracker.services.taking_over import queued_elsewhere
    from member_tracker.services.taking_over import take_over as take_one

    call: Call = context.obj
    if not mail_id:
        with call.app() as app:
            rows = [each.as_json() for each in queued_elsewhere(app)]
        columns = ("id", "reference", "subject", "to", "queued_at")
        call.give(rows, lambda: table(columns, [[row[name] for name in columns] for row in rows]))
        return
    with call.app() as app:
        taken = take_one(app, mail_id, ask_password, though_begun=yes)
    call.give(taken, lambda: "The mail is sent from here now: member-tracker post")


def _synced_in_words(answer: Mapping[str, object], stands: str) -> str:
    lines = [
        stands,
        f"{answer['pushed']} sent, {answer['pulled']} fetched.",
        f"{answer['conflicts']} to sort out, {answer['denied']} not accepted.",
    ]
    if not answer["in_step"]:
        lines.append(
            "The two sides do not count alike yet: run it again, and if this stays so, tell whoever runs the hub."
        )
    return "\n".join(line for line in lines if line)
