"""`mail read|collect|tray|file|unfile`: what mails are, where they were placed, and placing them by hand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from member_tracker.cli.call import Call
from member_tracker.cli.words import enquiry_in_words, table
from member_tracker.domain.errors import UNFORESEEN, Invalid, NotFound

commands = typer.Typer(no_args_is_help=True)

MailId = Annotated[str, typer.Argument(metavar="ID", help="The mail's id, as `mail tray` prints it.")]


@commands.command()
def read(context: typer.Context, paths: Annotated[list[str], typer.Argument(metavar="PATH...")]) -> None:
    """Say of every message in these files or folders what it is and what it proposes; nothing is kept."""
    from member_tracker.mail.files import read_messages
    from member_tracker.mail.mailbox import Refused
    from member_tracker.services.mail_reading import mail_read_object, refused_object

    call: Call = context.obj
    missing = next((path for path in paths if not Path(path).exists()), None)
    if missing is not None:
        raise NotFound(f"There is no file or folder “{missing}”.", advice="Check the spelling of the path.")

    def give(answer: Mapping[str, object]) -> None:
        if call.as_json:
            call.give_line(answer)
        else:
            call.say_answer(_read_in_words(answer))

    def refuse(refused: Refused) -> None:
        call.say(f"{refused.name}: {refused.reason}")
        give(refused_object(refused))

    for name, raw in read_messages(paths, refused=refuse):
        try:
            give(mail_read_object(name, raw))
        except UNFORESEEN as problem:
            refuse(Refused(name=name, reason=f"It could not be understood ({type(problem).__name__})."))


@commands.command()
def collect(
    context: typer.Context,
    source: Annotated[
        Path | None, typer.Option("--from", help="Files or a folder; else the profile's mailbox.")
    ] = None,
) -> None:
    """Bring mail in: what is certain is filed, the rest waits in the tray for a person."""
    from member_tracker.services.collecting import collect as collect_mail

    call: Call = context.obj
    with call.app() as app:
        collected = collect_mail(app, source)
    for notice in collected.notices:
        call.say(notice)
    answer = collected.as_json()
    call.give(answer, lambda: ", ".join(f"{count} {name}" for name, count in answer.items()))


@commands.command()
def tray(context: typer.Context) -> None:
    """Mails that a person must place, with the likely enquiries first."""
    from member_tracker.services.filing import tray_as_json

    call: Call = context.obj
    with call.app() as app:
        mails = tray_as_json(app)
    columns = ("id", "from", "subject", "likely")
    call.give(mails, lambda: table(columns, [_tray_row(mail) for mail in mails]))


@commands.command("file")
def file_mail(
    context: typer.Context,
    mail_id: MailId,
    reference: Annotated[str, typer.Argument(help="The enquiry it belongs to.")],
) -> None:
    """Put a mail with an enquiry; what it proposes then waits for a decision."""
    from member_tracker.services.casework import enquiry_as_json
    from member_tracker.services.enquiries import enquiry_named
    from member_tracker.services.filing import file_by_hand

    call: Call = context.obj
    with call.app() as app:
        with app.store.reading() as tx:
            enquiry = enquiry_named(tx, reference)
        file_by_hand(app, mail_id, enquiry.id)
        answer = enquiry_as_json(app, enquiry.id)
    call.give(answer, lambda: enquiry_in_words(answer))


@commands.command()
def unfile(context: typer.Context, mail_id: MailId) -> None:
    """Take a mail away from its enquiry, back into the tray; that it does not belong there is remembered."""
    from member_tracker.services.filing import tray_as_json, unfile_by_hand

    call: Call = context.obj
    with call.app() as app:
        unfile_by_hand(app, mail_id)
        mails = tray_as_json(app)
    call.give(mails, lambda: "The mail is back in the tray.")


@commands.command()
def unsure(context: typer.Context) -> None:
    """Mails that may have gone out: look for each in its mailbox, then say what became of it."""
    from member_tracker.services.unsure import unsure_mails

    call: Call = context.obj
    with call.app() as app:
        mails = [mail.as_json() for mail in unsure_mails(app)]
    columns = ("id", "reference", "to", "mailbox", "told_at")
    call.give(mails, lambda: table(columns, [[mail[name] for name in columns] for mail in mails]))


@commands.command()
def settle(
    context: typer.Context,
    mail_id: Annotated[str, typer.Argument(metavar="ID", help="The mail's id, as `mail unsure` prints it.")],
    verdict: Annotated[str, typer.Argument(metavar="went|again|never", help="What became of it.")],
) -> None:
    """Say of a mail that may have gone out that it went, is to be sent again, or did not go and shall not."""
    from member_tracker.services.unsure import Verdict, unsure_mails
    from member_tracker.services.unsure import settle as settle_mail

    call: Call = context.obj
    if verdict not in list(Verdict):
        raise Invalid(f"“{verdict}” is no answer.", advice=f"It is one of: {', '.join(Verdict)}.")
    with call.app() as app:
        settle_mail(app, mail_id, Verdict(verdict))
        mails = [mail.as_json() for mail in unsure_mails(app)]
    call.give(mails, lambda: f"That is settled; {len(mails)} left to decide.")


def _tray_row(mail: dict[str, object]) -> list[object]:
    candidates = mail["candidates"]
    first = candidates[0]["reference"] if isinstance(candidates, list) and candidates else ""
    return [mail["id"], mail["from"], mail["subject"], first]


def _read_in_words(answer: Mapping[str, object]) -> str:
    said = f": “{answer['sentence']}”" if answer["sentence"] else ""
    return f"{answer['file']}\n  {answer['kind']}, {answer['proposal']}{said}"
