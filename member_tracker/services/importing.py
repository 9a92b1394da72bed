"""Bringing enquiries in from a table: looked at first, then written some rows at a time, and undone."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from member_tracker.domain.errors import Invalid, NotAllowed, NotFound
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.services.importing_fields import (
    DATES,
    NEEDED,
    Field,
    guess_columns,
    guess_day_first,
)
from member_tracker.services.importing_kept import Imported, import_of, kept_imports
from member_tracker.services.importing_lots import Writing, take_back_lots, write_lots
from member_tracker.services.importing_rows import Plan, Problem, Ready, look_round, read_row
from member_tracker.services.importing_sheet import LARGEST, Sheet, read_sheet
from member_tracker.services.parts import App
from member_tracker.services.remote_work import remote_work
from member_tracker.store.bulk import BulkReading
from member_tracker.store.store import Reading

_COLUMNS = "import_columns"
_STEP = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file that was looked at: what it holds, by its SHA-256, and how its columns are most likely to be read.

    `before` says in words that the same file was imported already; None where it was not. Of a file that was imported
    in part, the sheet is the rest: the rows that are still to come.
    """

    sheet: Sheet
    sha256: str
    plan: Plan
    before: str | None = None
    is_rest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What would come of an import: how many rows are ready, and what is wrong with the others."""

    rows: int
    ready: int
    problems: tuple[Problem, ...]
    missing: tuple[Field, ...] = ()

    @property
    def left_out(self) -> int:
        """How many rows would not come in."""
        return self.rows - self.ready


def look_at(app: App, path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> Table:
    """Read a file and guess how its columns are to be read; headings seen before are read as they were then."""
    raw = _bytes_of(path)
    sheet = read_sheet(raw, encoding=encoding, delimiter=delimiter)
    sha256 = hashlib.sha256(raw).hexdigest()
    with app.store.reading() as tx:
        columns = _remembered(tx, sheet) or guess_columns(sheet.headers)
        before = import_of(tx, sha256)
    plan = Plan(columns=columns, day_first=guess_day_first(_dates_in(sheet, columns)))
    rest = _to_come(sheet, before)
    said = before.words if before is not None else None
    return Table(sheet=rest, sha256=sha256, plan=plan, before=said, is_rest=rest is not sheet)


def check(app: App, sheet: Sheet, plan: Plan, watch: Watch = UNWATCHED) -> Checked:
    """Hold every row against what is known here; nothing is written."""
    with app.store.reading_by(BulkReading) as tx:
        ready, problems = _read_all(app, tx, sheet, plan, watch)
    missing = tuple(name for name in NEEDED if name not in plan.columns and not _stands_in(plan, name))
    return Checked(rows=len(sheet.rows), ready=len(ready), problems=problems, missing=missing)


def import_table(
    app: App, table: Table, plan: Plan, *, leave_out: bool = False, again: bool = False, watch: Watch = UNWATCHED
) -> Imported:
    """Write the rows some at a time; with `leave_out` those with problems stay behind.

    Others save what they have to between two lots. Stopped, it keeps what was written so far, as `stopped_at` of the
    answer says: `undo_import` takes it back, and importing the same file again goes on with the rest. Raises `Stopped`
    where nothing was written yet, `NotAllowed` where the same file was imported before, unless `again`, and `Invalid`
    where rows have problems.
    """
    with remote_work(app, watch):
        with app.store.reading_by(BulkReading) as tx:
            before = import_of(tx, table.sha256)
            begun = before if before is not None and before.stopped_at is not None and not before.going else None
            if before is not None and begun is None and not again:
                raise NotAllowed(before.words, advice="Import it again only if that is what you want.")
            sheet = _to_come(table.sheet, begun)
            ready, problems = _read_all(app, tx, sheet, plan, watch)
        _must_be_fit(ready, problems, leave_out=leave_out, is_rest=begun is not None)
        with app.store.writing(author=None) as keeping:
            columns = json.dumps({name.value: at for name, at in plan.columns.items()})
            keeping.set_local(_key_of(table.sheet), columns)
        left_out = len(sheet.rows) - len(ready)
        writing = Writing(sha256=table.sha256, plan=plan, ready=ready, left_out=left_out)
        return write_lots(app, writing, begun, watch)


def imports(app: App) -> tuple[Imported, ...]:
    """What was imported on this computer and not undone, newest first."""
    with app.store.reading() as tx:
        return tuple(reversed(kept_imports(tx)))


def undo_import(app: App, deed: str | None = None, watch: Watch = UNWATCHED) -> Imported:
    """Take back all that an import made (the latest, unless one is named), but for what was worked on since.

    That stays, with the people it is about, and `stayed` of the answer counts its enquiries. Stopped meanwhile, `going`
    says that some is left: undone once more, it goes as well.
    """
    with remote_work(app):
        with app.store.reading() as tx:
            found = next((made for made in reversed(kept_imports(tx)) if deed in (None, made.deed)), None)
        if found is None:
            raise NotFound("There is no import to undo.", advice="Imports are undone on the computer that made them.")
        return take_back_lots(app, found, watch)


def template_csv() -> bytes:
    """A table to fill in: every field by the name it is known by, and one made-up row. UTF-8 with its mark."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([name.words for name in Field])
    writer.writerow([_EXAMPLE.get(name, "") for name in Field])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


_EXAMPLE = {
    Field.COUNCILLOR: "Cllr Anna Ash",
    Field.RESIDENT: "Rose Made-Up",
    Field.SERVICE_AREA: "Housing",
    Field.RECEIVED: "24/11/2025",
    Field.SUBJECT: "Damp in a flat",
    Field.QUESTION: "The bedroom wall is wet. Please inspect it.",
    Field.REFERENCE: "OLD-1",
    Field.CHANNEL: "telephone",
    Field.KIND: "enquiry",
    Field.PRIORITY: "normal",
    Field.EMAIL: "rose@example.org",
    Field.SENT: "25/11/2025",
    Field.ANSWERED: "02/12/2025",
    Field.CLOSED: "03/12/2025",
    Field.REASON: "Answered by telephone",
}


def with_names(plan: Plan, sheet: Sheet, said: Sequence[str]) -> Plan:
    """The plan with columns named by `FIELD=HEADING` words; raises `Invalid` with what there is."""
    columns = dict(plan.columns)
    by_heading = {header.casefold(): place for place, header in enumerate(sheet.headers)}
    for word in said:
        name, _, heading = word.partition("=")
        place = by_heading.get(heading.strip().casefold())
        if name.strip() not in list(Field):
            raise Invalid(f"There is no field “{name}”.", advice=f"Use one of: {', '.join(Field)}.")
        if place is None:
            raise Invalid(f"There is no column “{heading}”.", advice=f"The file has: {', '.join(sheet.headers)}.")
        columns = {each: at for each, at in columns.items() if at != place} | {Field(name.strip()): place}
    return replace(plan, columns=columns, day_first=guess_day_first(_dates_in(sheet, columns)))


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise Invalid("The file is larger than 100 MB.", advice="Split it into several files.")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise NotFound(
            "The file cannot be read.", advice="Check that it is still there and that you may open it."
        ) from error


def _read_all(
    app: App, tx: BulkReading, sheet: Sheet, plan: Plan, watch: Watch
) -> tuple[list[Ready], tuple[Problem, ...]]:
    place = plan.columns.get(Field.REFERENCE)
    known = look_round(
        app, tx, [row.cells[place] for row in sheet.rows if row.cells[place]] if place is not None else []
    )
    ready: list[Ready] = []
    problems: list[Problem] = []
    for number, row in enumerate(sheet.rows):
        if number % _STEP == 0:
            watch.at("Looking at the rows", number, len(sheet.rows))
        found, wrong = read_row(known, plan, row)
        problems += wrong
        if found is not None:
            ready.append(found)
    return ready, tuple(problems)


def _must_be_fit(ready: Sequence[Ready], problems: Sequence[Problem], *, leave_out: bool, is_rest: bool) -> None:
    if problems and not leave_out:
        rows = len({problem.row for problem in problems})
        first = problems[0]
        raise Invalid(
            f"{rows} row{' has' if rows == 1 else 's have'} problems; the first is row {first.row}: {first.words}",
            advice="Put them right in the file, or import the others and leave these out.",
        )
    if not ready and not is_rest:
        raise Invalid("No row of the file can be imported.", advice="Look at what is said of each, and at the columns.")


def _stands_in(plan: Plan, name: Field) -> bool:
    return name is Field.COUNCILLOR and bool(plan.councillor)


def _dates_in(sheet: Sheet, columns: Mapping[Field, int]) -> list[str]:
    places = [columns[name] for name in DATES if name in columns]
    return [row.cells[place] for row in sheet.rows for place in places]


def _to_come(sheet: Sheet, begun: Imported | None) -> Sheet:
    """The rows after the last one that came in, where a file was imported in part."""
    if begun is None or begun.stopped_at is None or begun.going:
        return sheet
    stopped_at = begun.stopped_at
    return replace(sheet, rows=tuple(row for row in sheet.rows if row.number > stopped_at))


# --- what is remembered on this computer ------------------------------------------------------------------------------


def _key_of(sheet: Sheet) -> str:
    """What the columns of tables with these headings are remembered under."""
    return f"{_COLUMNS}:{hashlib.sha256(json.dumps(sheet.headers).encode()).hexdigest()[:32]}"


def _remembered(tx: Reading, sheet: Sheet) -> dict[Field, int] | None:
    said = tx.local(_key_of(sheet))
    return {Field(name): int(place) for name, place in json.loads(said).items()} if said else None
