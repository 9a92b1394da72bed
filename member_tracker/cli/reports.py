"""`report` and `pack`: figures against the charter, and all there is of one enquiry for an auditor."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from member_tracker.cli.call import Call
from member_tracker.cli.steps import day_said
from member_tracker.domain.errors import Invalid

if TYPE_CHECKING:
    from datetime import date

    from member_tracker.domain.indicators import By
    from member_tracker.domain.period import Period
    from member_tracker.domain.report_table import Cell
    from member_tracker.services.reporting import Report

_COLUMNS = (
    "received",
    "acknowledged",
    "answered",
    "target",
    "with_extensions",
    "no_pause_counted",
    "not_due",
    "not_measured",
    "handovers_average",
    "handovers_most",
)


def add_to(commands: typer.Typer) -> None:
    """Add these commands to the program's."""
    for command in (report, pack):
        commands.command()(command)


def report(
    context: typer.Context,
    *,
    from_on: Annotated[str | None, typer.Option("--from", help="First day; 1 April of this year of account.")] = None,
    to_on: Annotated[str | None, typer.Option("--to", help="Last day; today.")] = None,
    by: Annotated[str, typer.Option(help="area, ward, councillor or channel.")] = "area",
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as CSV too.")] = None,
    xlsx: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as a workbook too.")] = None,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as a PDF too.")] = None,
) -> None:
    """Performance against the charter for what was received in a period; a file must not be there yet."""
    from member_tracker.domain.report_table import as_text
    from member_tracker.services.exporting_tables import Form, save_table
    from member_tracker.services.reporting import performance

    call: Call = context.obj
    split = _split(by)
    wanted: list[tuple[Form, Path | None]] = [(Form.CSV, csv), (Form.XLSX, xlsx), (Form.PDF, pdf)]
    with call.app() as app:
        made = performance(app, _period(app.today(), from_on, to_on), split, watch=call.watch())
        files = [file.absolute() for _, file in wanted if file is not None]
        for form, file in wanted:
            if file is not None:
                draw = call.window.pdf if call.window else None
                save_table(app, made.table, file.absolute(), form, draw=draw)
    call.give(_as_json(made) | {"files": [str(file) for file in files]}, lambda: as_text(made.table).rstrip())


def pack(
    context: typer.Context,
    reference: Annotated[str, typer.Argument(help="The enquiry.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the pack is to lie.")],
    *,
    as_zip: Annotated[bool, typer.Option("--zip", help="As one file instead of a folder.")] = False,
    without_resident: Annotated[
        bool, typer.Option("--without-resident", help="Without the resident's details, and all that was written.")
    ] = False,
) -> None:
    """Everything about one enquiry for an auditor: messages, changes, steps of its clocks, checksums; not encrypted."""
    from member_tracker.services.enquiries import enquiry_named
    from member_tracker.services.exporting_pack import make_pack

    call: Call = context.obj
    with call.app() as app:
        with app.store.reading() as tx:
            enquiry = enquiry_named(tx, reference)
        done = make_pack(
            app,
            enquiry.id,
            folder.absolute(),
            with_resident=not without_resident,
            as_zip=as_zip,
            watch=call.watch(),
        )
    call.say("What was written is not encrypted: keep it where only those can read it who must.")
    answer = {
        "reference": done.reference,
        "path": str(done.path),
        "files": done.files,
        "size": done.size,
        "missing": done.missing,
    }
    call.give(answer, lambda: f"{done.files} files written to {done.path}.")


def _split(said: str) -> "By":
    from member_tracker.domain.indicators import By

    if said.strip().casefold() in list(By):
        return By(said.strip().casefold())
    raise Invalid(f"A report is not split by “{said}”.", advice=f"Known: {', '.join(By)}.")


def _period(today: "date", from_on: str | None, to_on: str | None) -> "Period":
    from member_tracker.domain.period import between, year_of

    first = day_said(from_on) if from_on is not None else year_of(today).first
    return between(first, day_said(to_on) if to_on is not None else today)


def _as_json(made: "Report") -> dict[str, object]:
    rows = [dict(_cells(row)) for row in made.table.rows]
    groups = [{"group": row[0], "id": group} for row, group in zip(made.table.rows, made.groups, strict=False)]
    return {
        "title": made.table.title,
        "from": made.period.first.isoformat(),
        "to": made.period.last.isoformat(),
        "by": made.by.value,
        "as_at": made.now.isoformat(),
        "groups": [named | figures for named, figures in zip(groups, rows, strict=False)],
        "all": rows[-1],
        "notes": list(made.table.notes),
        "footers": list(made.table.footers),
    }


def _cells(row: "tuple[Cell, ...]") -> "Iterator[tuple[str, object]]":
    from member_tracker.domain.report_table import OutOf

    for name, cell in zip(_COLUMNS, row[1:], strict=True):
        if isinstance(cell, OutOf):
            yield name, {"in_time": cell.part, "of": cell.whole, "percent": cell.percent}
        else:
            yield name, cell
