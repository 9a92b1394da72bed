"""A table in a text file, as spreadsheets write it: its encoding and delimiter guessed, its rows as texts."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from member_tracker.domain.errors import Invalid

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
ENCODINGS = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}
LARGEST = 100_000_000  # bytes
MOST_ROWS = 200_000
MOST_COLUMNS = 200
_LOOKED_AT = 60
_SAMPLE = 200_000
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A row as a spreadsheet numbers it (the first is 1); it has as many cells as there are columns."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table as read: `encoding` and `delimiter` are those it was read by, `notes` say what was doubtful."""

    headers: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    encoding: str
    delimiter: str
    notes: tuple[str, ...] = ()


def read_sheet(raw: bytes, *, encoding: str | None = None, delimiter: str | None = None) -> Sheet:
    """The table in these bytes; what is not said is guessed. Raises `Invalid` where there is no table in them."""
    if len(raw) > LARGEST:
        raise Invalid("The file is larger than 100 MB.", advice="Split it into several files, each with its headings.")
    used = encoding or guess_encoding(raw)
    text, notes = _decoded(raw, used)
    said = _SEPARATOR_LINE.match(text)
    first_number = 1
    if said is not None:
        text, first_number = text[said.end() :], 2
        delimiter = delimiter or said[1]
    chosen = delimiter or guess_delimiter(text)
    records = _records(text, chosen)
    number, headers = next(((n, cells) for n, cells in enumerate(records, first_number) if any(cells)), (0, []))
    if not headers:
        raise Invalid("The file is empty.", advice="Save the spreadsheet as CSV again, with its headings in row 1.")
    rows, more_notes = _rows(records, number, len(headers))
    return Sheet(headers=_named(headers), rows=rows, encoding=used, delimiter=chosen, notes=(*notes, *more_notes))


def guess_encoding(raw: bytes) -> str:
    """The encoding by its mark, else by what the bytes can be."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if raw.startswith(mark):
            return name
    head = raw[:2_000]
    if head.count(0) > len(head) // 4:
        return "utf-16-le" if head[1::2].count(0) >= head[0::2].count(0) else "utf-16-be"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def guess_delimiter(text: str) -> str:
    """The delimiter by which the first rows come out as wide as each other, the widest where several do."""
    sample = text[:_SAMPLE]

    def evenness(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(cells) for cells in islice(_records(sample, delimiter), _LOOKED_AT) if any(cells)]
        except Invalid:
            return 0.0, 0
        first = widths[0] if widths else 0
        return (0.0, 0) if first < 2 else (widths.count(first) / len(widths), first)

    return max(DELIMITERS, key=evenness)


def _decoded(raw: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    try:
        text = raw.decode(encoding)
        notes: tuple[str, ...] = ()
    except UnicodeDecodeError:
        text = raw.decode(encoding, "replace")
        notes = ("Some letters could not be read; they stand as �. Save the file as “CSV UTF-8” to keep them.",)
    except LookupError as error:
        raise Invalid(f"“{encoding}” is no encoding.", advice="Use utf-8, utf-16-le or cp1252.") from error
    return _CONTROL.sub("", text.lstrip("\ufeff")), notes


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    """The rows of the file; a cell may hold line breaks within quotation marks."""
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [cell.replace("\r\n", "\n").replace("\r", "\n").strip() for cell in cells]
    except csv.Error as error:
        raise Invalid(
            "The table cannot be read: a quotation mark is missing, or a cell is longer than any letter.",
            advice="Open the file in a spreadsheet, look for text that runs on over many rows, and save it as CSV.",
        ) from error
    except (TypeError, ValueError) as error:
        raise Invalid("That is no delimiter.", advice="Use a comma, a semicolon, a tab or |.") from error


def _rows(records: Iterator[list[str]], number: int, width: int) -> tuple[tuple[SheetRow, ...], tuple[str, ...]]:
    rows: list[SheetRow] = []
    wider = 0
    for at, cells in enumerate(records, number + 1):
        if not any(cells):
            continue
        if len(rows) == MOST_ROWS:
            raise Invalid(f"The file has more than {MOST_ROWS:,} rows.", advice="Split it into several files.")
        wider += any(cells[width:])
        rows.append(SheetRow(number=at, cells=(*cells[:width], *([""] * (width - len(cells))))))
    note = "has" if wider == 1 else "have"
    said = f"{wider} row{'' if wider == 1 else 's'} {note} more cells than there are headings; those are left out."
    return tuple(rows), ((said,) if wider else ())


def _named(headers: Sequence[str]) -> tuple[str, ...]:
    """The headings on one line, no two alike; one that is empty is called by its place."""
    if len(headers) > MOST_COLUMNS:
        raise Invalid(f"The file has more than {MOST_COLUMNS} columns.", advice="Leave out what is not needed.")
    named: list[str] = []
    taken: set[str] = set()
    for place, header in enumerate(headers, start=1):
        wanted = " ".join(header.split())[:80] or f"Column {place}"
        given, number = wanted, 1
        while given.casefold() in taken:
            number += 1
            given = f"{wanted} ({number})"
        taken.add(given.casefold())
        named.append(given)
    return tuple(named)
