"""Tables as files that other programs open: CSV, a workbook, or a PDF that somebody with a window draws."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING

from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import NotAllowed, Unavailable
from member_tracker.domain.report_table import Column, Table, flat_headings, flat_rows
from member_tracker.domain.vocabulary import Word
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.services.exporting_files import written_beside
from member_tracker.services.lists import row_as_json
from member_tracker.services.parts import App
from member_tracker.services.reporting import Asked, looked_up
from member_tracker.services.taken_out import note_taken_out
from member_tracker.store.queries import Anchor, EnquiryPage, EnquiryRow, Wanted
from member_tracker.store.store import Reading
from member_tracker.store.tallies import Tallies

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Draw = Callable[[Table], bytes]
"""Draws a table as a PDF, black on white."""

Flat = tuple[str | int | float | None, ...]

MOST_IN_A_PDF = 500
MOST_IN_A_WORKBOOK = 1_000_000
_AT_ONCE = 5_000
_LONGEST_CELL = 32_767
_BEGIN_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Form(Word):
    """What kind of file is written."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A file that was written, and how many rows it has."""

    file: Path
    rows: int


def save_table(
    app: App, table: Table, file: Path, form: Form, *, draw: Draw | None = None, again: bool = False
) -> Saved:
    """Write a report to a file; one that is there is replaced only `again`. `draw` is needed for a PDF."""
    with written_beside(file, app.random_bytes, again=again) as out:
        if form is Form.PDF:
            out.write(_drawn(table, draw))
        else:
            _write(app, out, file, form, _report_lines(table))
    return Saved(file=file, rows=len(table.rows))


def save_list(
    app: App,
    what: Wanted,
    title: str,
    file: Path,
    form: Form,
    *,
    draw: Draw | None = None,
    again: bool = False,
    watch: Watch = UNWATCHED,
) -> Saved:
    """Write every enquiry of a list to a file, as they stand at one moment: a heading and a line for each."""
    target = _Target(title=title, file=file, form=form, draw=draw, again=again)
    with app.store.reading() as tx:
        whole = tx.enquiry_count(what) if what.find is None else 0
        return _save_rows(app, _every(tx, what), whole, target, watch)


def save_behind(
    app: App,
    asked: Asked,
    title: str,
    file: Path,
    form: Form,
    *,
    draw: Draw | None = None,
    again: bool = False,
    watch: Watch = UNWATCHED,
) -> Saved:
    """Write every enquiry behind a figure of a report to a file, as lists are written."""
    target = _Target(title=title, file=file, form=form, draw=draw, again=again)
    ways = looked_up(app, asked, watch=watch).ways or frozenset()
    with app.store.reading_by(Tallies) as tx:
        rows = _paged(lambda after: tx.rows_behind(asked.behind, ways, now=asked.now, limit=_AT_ONCE, after=after))
        return _save_rows(app, rows, asked.count, target, watch)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    title: str
    file: Path
    form: Form
    draw: Draw | None
    again: bool


def _save_rows(app: App, rows: Iterable[EnquiryRow], whole: int, target: _Target, watch: Watch) -> Saved:
    counted = _Counted(watch)
    with written_beside(target.file, app.random_bytes, again=target.again) as out:
        lines = counted.lines(rows, whole, _most(target.form))
        if target.form is Form.PDF:
            out.write(_drawn(replace(_list_head(target.title), rows=tuple(lines)), target.draw))
        else:
            _write(app, out, target.file, target.form, _list_lines(lines))
    note_taken_out(app, "list", {"enquiry": counted.count})
    return Saved(file=target.file, rows=counted.count)


def _report_lines(table: Table) -> Iterator[Flat]:
    yield from ((line,) for line in (table.title, *table.notes))
    yield ()
    yield flat_headings(table)
    yield from flat_rows(table)
    yield ()
    yield from ((line,) for line in table.footers)


def _list_lines(rows: Iterable[tuple[str, ...]]) -> Iterator[Flat]:
    yield LIST_HEADINGS
    yield from rows


def _write(app: App, out: IO[bytes], file: Path, form: Form, lines: Iterable[Flat]) -> None:
    if form is Form.CSV:
        write_csv(out, lines)
    else:
        write_workbook(out, lines, made_at=app.now(), beside=file.parent)


def _drawn(table: Table, draw: Draw | None) -> bytes:
    if draw is None:
        raise Unavailable(
            "A PDF can only be drawn where the window's parts are installed.",
            advice="Save it as CSV or as a workbook (XLSX) instead.",
        )
    return draw(table)


# --- CSV and workbooks ------------------------------------------------------------------------------------------------


def write_csv(out: IO[bytes], lines: Iterable[Flat]) -> None:
    """Lines as UTF-8 with the mark Excel knows it by; what a spreadsheet would take for a formula is shown as text."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", errors="backslashreplace", newline="")
    writer = csv.writer(text)
    for line in lines:
        writer.writerow([_plain(cell) for cell in line])
    text.flush()
    text.detach()


def write_workbook(out: IO[bytes], lines: Iterable[Flat], *, made_at: datetime, beside: Path) -> None:
    """Lines as one sheet; numbers stay numbers, and no text becomes a formula or a link.

    What does not fit in memory lies in a private folder `beside` the file meanwhile.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    with TemporaryDirectory(dir=beside, prefix=".", suffix=".part") as scratch:
        book = xlsxwriter.Workbook(
            out,
            {
                "constant_memory": True,
                "tmpdir": scratch,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
            },
        )
        book.set_properties({"created": made_at.replace(tzinfo=None)})
        sheet = book.add_worksheet("Report")
        sheet.set_column(0, 0, 32)
        sheet.set_column(1, 40, 16)
        try:
            _fill(sheet, lines)
            book.close()
        except FileCreateError as error:
            raise error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(str(error)) from None
        finally:
            sheet.row_data_fh.close()  # which is left open where the writing ends early


def _fill(sheet: "Worksheet", lines: Iterable[Flat]) -> None:
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            if isinstance(cell, str):
                sheet.write_string(number, place, _plain(cell)[:_LONGEST_CELL])
            elif cell is not None:
                sheet.write_number(number, place, cell)


def _plain(cell: str | float | None) -> str:
    """Text that no spreadsheet takes for a formula, whatever the resident wrote; numbers are no text."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_BEGIN_A_FORMULA):
        return f"'{cell}"
    return str(cell)


# --- lists of enquiries -----------------------------------------------------------------------------------------------

_FIELDS = (
    "reference",
    "received_at",
    "subject",
    "councillor",
    "resident",
    "service_area",
    "status",
    "acknowledge_by",
    "respond_by",
    "state",
)
LIST_HEADINGS = (
    "Reference",
    "Received",
    "About",
    "Councillor",
    "Resident",
    "Service area",
    "Status",
    "Acknowledge by",
    "Answer by",
    "Against the standard",
)


class _Counted:
    """Rows on their way into a file, counted, with a word to whoever watches."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.count = 0

    def lines(self, rows: Iterable[EnquiryRow], whole: int, most: int) -> Iterator[tuple[str, ...]]:
        """A line for each enquiry; refused where there are more than the file can hold."""
        for row in rows:
            if self.count % 500 == 0:
                self._watch.at("Writing the list", self.count, whole)
            self.count += 1
            if self.count > most:
                raise NotAllowed(
                    f"The list has more than {most:,} enquiries, too many for such a file.",
                    advice="Save it as CSV, or show fewer first.",
                )
            yield _line(row)


def _line(row: EnquiryRow) -> tuple[str, ...]:
    said = row_as_json(row) | {
        "received_at": local_date(row.received_at).isoformat(),
        "status": row.status.words,
        "state": row.state.words,
    }
    return tuple("" if said[name] is None else str(said[name]) for name in _FIELDS)


def _most(form: Form) -> int:
    return {Form.PDF: MOST_IN_A_PDF, Form.XLSX: MOST_IN_A_WORKBOOK}.get(form, 1 << 60)


def _list_head(title: str) -> Table:
    return Table(title=title, columns=tuple(Column(heading=heading) for heading in LIST_HEADINGS), rows=())


def _every(tx: Reading, what: Wanted) -> Iterator[EnquiryRow]:
    return _paged(lambda after: tx.enquiry_rows(what, limit=_AT_ONCE, after=after))


def _paged(page_after: Callable[[Anchor | None], EnquiryPage]) -> Iterator[EnquiryRow]:
    """The rows of page after page."""
    page = page_after(None)
    yield from page.rows
    while page.next is not None:
        page = page_after(page.next)
        yield from page.rows
