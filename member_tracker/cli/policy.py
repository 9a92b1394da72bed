"""`policy [FILE]` and `updates`: what the council fixed on this computer, and whether a newer version is announced."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from member_tracker import __version__
from member_tracker.cli.call import Call
from member_tracker.domain.dates import moment_in_words
from member_tracker.domain.errors import Invalid
from member_tracker.policy import Policy

if TYPE_CHECKING:
    from member_tracker.services.updates import Updates


def add_to(commands: typer.Typer) -> None:
    """Add these commands to the program's."""
    commands.command()(policy)
    commands.command()(updates)


def policy(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Look through this file instead, before it is put in place.")
    ] = None,
) -> None:
    """What the council fixed on this computer, and where; a file that cannot be used is refused with what is wrong."""
    from member_tracker.policy_file import BrokenPolicy, read_policy, read_policy_file, system_place
    from member_tracker.services.charters import CharterShelf
    from member_tracker.services.council_policy import checked

    call: Call = context.obj
    found = checked(read_policy_file(file) if file is not None else read_policy(), CharterShelf.shipped())
    if file is not None and isinstance(found.problem, BrokenPolicy):
        raise Invalid(found.problem.wrong, advice=found.problem.what_to_do)
    found.must_be_whole()
    place = found.file or system_place()
    answer = {
        "file": str(found.file) if found.file else None,
        "place": str(system_place()),
        "fixed": {each.key: each.value for each in found.fixed},
    }
    call.give(answer, lambda: _in_words(found, place))


def updates(
    context: typer.Context,
    *,
    look: Annotated[bool, typer.Option("--look", help="Look now, and not only once a day.")] = False,
    address: Annotated[str, typer.Option(help="Where versions are announced: an https address.")] = "",
    off: Annotated[bool, typer.Option("--off", help="Look nowhere.")] = False,
) -> None:
    """Whether a newer version is announced where the council says; nothing is ever downloaded or run."""
    from member_tracker.services.updates import look_for_updates, set_updates_address, updates_here

    call: Call = context.obj
    if off and (address or look):
        raise Invalid("--off goes with nothing else.", advice="Say --off alone, or leave it out.")
    with call.app(with_council=False, though_locked=True) as app:
        if address or off:
            set_updates_address(app, address)
        found = look_for_updates(app) if look else updates_here(app)
    call.give(found.as_json(), lambda: _updates_in_words(found))


def _updates_in_words(found: "Updates") -> str:
    if not found.address:
        return "Nobody looks for updates: no address is set."
    lines = [f"Updates are announced at {found.address}{' (set by your council)' if found.by_council else ''}."]
    if found.looked_at is None:
        return f"{lines[0]} Nobody has looked yet: member-tracker updates --look"
    lines.append(f"Last looked at: {moment_in_words(found.looked_at)}.")
    if found.title:
        lines.append(f"{found.title} {found.advice}")
    newer = found.newer
    if newer is not None:
        said = (f"Version {newer.version} is available from your council.", newer.words, newer.notes_url)
        lines += [line for line in (*said, newer.sha256 and f"SHA-256 of its installer: {newer.sha256}") if line]
    elif found.announced is not None:
        lines.append(f"This is the newest version announced ({__version__}).")
    return "\n".join(lines)


def _in_words(found: Policy, place: Path) -> str:
    if found.file is None:
        return f"Nothing is fixed on this computer: there is no {place}."
    if not found.fixed:
        return f"{place} fixes nothing."
    longest = max(len(each.key) for each in found.fixed)
    lines = [f"{each.key:<{longest}}  {each.value}" for each in found.fixed]
    return "\n".join((f"Set by your council ({place}):", *lines))
