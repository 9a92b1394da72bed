"""`backup FILE`, `restore FILE` and `export DIR`: copies of everything, to keep, to move and to read elsewhere."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from member_tracker.cli.call import Call
from member_tracker.domain.errors import Invalid, Unavailable

VARIABLE = "MEMBER_TRACKER_BACKUP_PASSPHRASE"


def add_to(commands: typer.Typer) -> None:
    """Add these commands to the program's."""
    for command in (backup, restore, export):
        commands.command()(command)


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not be there yet.")],
) -> None:
    """Back everything up to one encrypted file, under a passphrase chosen for it; any computer can restore it."""
    from member_tracker.services.safekeeping import back_up

    call: Call = context.obj
    with call.app() as app:
        passphrase = _passphrase(twice=True)
        made = back_up(app, file.absolute(), passphrase, watch=call.watch())
    answer = {"file": str(made.file), "size": made.size, "made_at": made.made_at.isoformat()}
    call.give(answer, lambda: f"Backed up to {made.file}. Keep its passphrase apart from it: nobody can recover it.")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file that `backup` wrote.")],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of what is there, which is kept for 30 days.")
    ] = False,
) -> None:
    """Restore a back-up into a profile that is empty; nothing that waits there is sent before you agree."""
    from member_tracker.app import new_id, now
    from member_tracker.services.replacing import must_not_be_in_use, prepare, put_in_place
    from member_tracker.services.safekeeping import Restoring
    from member_tracker.services.safekeeping import restore as restore_profile

    call: Call = context.obj
    restoring = Restoring(now=now, new_id=new_id, random_bytes=os.urandom, profile_passphrase=call.passphrase)
    if replace:
        must_not_be_in_use(call.profile)
    deed = prepare if replace else restore_profile
    done = deed(call.profile, file.absolute(), lambda: _passphrase(twice=False), restoring, watch=call.watch())
    former = put_in_place(call.profile, now())
    answer = {
        "profile": str(done.profile),
        "made_at": done.made_at.isoformat(),
        "device": done.device,
        "enquiries": done.enquiries,
        "held": done.held,
        "former": str(former) if former else None,
    }
    call.give(answer, lambda: _restored_in_words(done.enquiries, done.held, done.profile, former))


def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
) -> None:
    """Write everything out as JSON, .eml and files, with a manifest and checksums; none of it is encrypted."""
    from member_tracker.services.exporting import export as export_profile

    call: Call = context.obj
    with call.app() as app:
        done = export_profile(app, folder.absolute(), watch=call.watch())
    call.say("What was written is not encrypted: keep it where only you can read it.")
    answer = {"folder": str(done.folder), "records": done.records, "files": done.files, "size": done.size}
    call.give(answer, lambda: f"{done.files} files written to {done.folder}.")


def _restored_in_words(enquiries: int, held: int, profile: Path, former: Path | None) -> str:
    waiting = f" {held} waiting to be sent are held back: look at them, then `post --agree`." if held else ""
    kept = f" What was there before is kept for 30 days: {former}" if former else ""
    count = "1 enquiry" if enquiries == 1 else f"{enquiries} enquiries"
    return f"{count} restored to {profile}.{waiting}{kept}"


def _passphrase(*, twice: bool) -> str:
    """The passphrase of a back-up: from the environment, else asked for where somebody can answer."""
    said = os.environ.get(VARIABLE)
    if said:
        return said
    if not (sys.stdin and sys.stdin.isatty()):
        raise Unavailable(
            "A back-up needs a passphrase, and nobody can be asked for one here.",
            advice=f"Set {VARIABLE}, or run the command in a terminal.",
        )
    import getpass

    said = getpass.getpass("Passphrase of the back-up: ")
    if twice and getpass.getpass("Once more: ") != said:
        raise Invalid("The two passphrases differ.", advice="Run the command again and type the same one twice.")
    return said
