"""`import FILE`: enquiries from a table, looked at first and undone where somebody changes their mind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from member_tracker.cli.call import Call
from member_tracker.domain.errors import Invalid

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.services.importing import Checked, Table
    from member_tracker.services.importing_kept import Imported
    from member_tracker.services.importing_rows import Plan

_MOST_SAID = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wishes:
    """What was said of an import beside its file."""

    columns: Sequence[str]
    councillor: str
    new_councillors: bool
    leave_out: bool
    again: bool
    dry_run: bool


def add_to(commands: typer.Typer) -> None:
    """Add the command to the program's."""
    commands.command("import")(bring_in)


def bring_in(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A table, as CSV.")] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it; nothing is written.")] = False,
    columns: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=HEADING", help="The column that holds a field.")
    ] = None,
    councillor: Annotated[str, typer.Option(help="The councillor of rows that name none.")] = "",
    new_councillors: Annotated[bool, typer.Option("--new-councillors", help="Make those not known.")] = False,
    leave_out: Annotated[bool, typer.Option("--leave-out", help="Leave rows with problems out.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Though the same file was imported before.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take the latest import back; without a FILE.")] = False,
) -> None:
    """Bring enquiries in from a table; --undo takes it back but for what was worked on, and --dry-run only looks."""
    call: Call = context.obj
    if undo:
        _undo(call)
        return
    if file is None:
        raise Invalid("There is no file to import.", advice="Name one: member-tracker import FILE")
    if file.suffix.lower() in {".eml", ".msg"}:
        raise Invalid("That is a mail, not a table.", advice="Bring it in: member-tracker mail collect --from FILE")
    wishes = _Wishes(
        columns=columns or (),
        councillor=councillor,
        new_councillors=new_councillors,
        leave_out=leave_out,
        again=again,
        dry_run=dry_run,
    )
    with call.app() as app:
        _bring_in(call, app, file, wishes)


def _undo(call: Call) -> None:
    from member_tracker.services.importing import undo_import

    with call.app() as app:
        undone = undo_import(app, watch=call.watch())
    rest = "In part: undo it once more to take the rest back." if undone.going else ""
    call.give(_made(undone), lambda: rest or undone.undone_words)


def _bring_in(call: Call, app: "App", file: Path, wishes: _Wishes) -> None:
    from member_tracker.services.importing import check, import_table, look_at, with_names

    watch = call.watch()
    table = look_at(app, file)
    plan = with_names(table.plan, table.sheet, wishes.columns) if wishes.columns else table.plan
    plan = replace(plan, councillor=wishes.councillor, new_councillors=wishes.new_councillors)
    checked = check(app, table.sheet, plan, watch)
    answer = _looked_at(table, plan, checked)
    for note in table.sheet.notes:
        call.say(note)
    if wishes.dry_run:
        call.give(answer | {"imported": None}, lambda: _in_words(answer, checked))
        return
    if checked.problems:
        call.say(_in_words(answer, checked))
    made = import_table(app, table, plan, leave_out=wishes.leave_out, again=wishes.again, watch=watch)
    rest = "" if made.is_whole else " Stopped: import the same file again for the rest, or take it back with --undo."
    call.give(answer | {"imported": _made(made)}, lambda: f"Imported: {made.enquiries} enquiries.{rest}")


def _looked_at(table: "Table", plan: "Plan", checked: "Checked") -> dict[str, object]:
    return {
        "rows": checked.rows,
        "ready": checked.ready,
        "left_out": checked.left_out,
        "encoding": table.sheet.encoding,
        "delimiter": table.sheet.delimiter,
        "day_first": plan.day_first,
        "columns": {name.value: table.sheet.headers[place] for name, place in plan.columns.items()},
        "missing": [name.value for name in checked.missing],
        "before": table.before,
        "notes": list(table.sheet.notes),
        "problems": [problem.as_json() for problem in checked.problems],
    }


def _made(made: "Imported") -> dict[str, object]:
    return {
        "at": made.at,
        "enquiries": made.enquiries,
        "residents": made.residents,
        "councillors": made.councillors,
        "left_out": made.left_out,
        "whole": made.is_whole,
        "stayed": made.stayed,
    }


def _in_words(answer: dict[str, object], checked: "Checked") -> str:
    lines = [f"{answer['ready']} of {answer['rows']} rows can be imported."]
    lines += [f"Row {each.row}: {each.words} {each.advice}" for each in checked.problems[:_MOST_SAID]]
    if len(checked.problems) > _MOST_SAID:
        lines.append(f"… and {len(checked.problems) - _MOST_SAID} more problems; --json gives them all.")
    return "\n".join(lines)
