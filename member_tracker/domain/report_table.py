"""One table of a report: what the screen, its bars, a CSV file, a workbook, a PDF and the golden files all show."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

FEW = 5
"""Of fewer than this no percentage is said."""


class ColumnKind(StrEnum):
    """What the cells of a column are."""

    WORDS = "words"
    COUNT = "count"
    NUMBER = "number"
    OUT_OF = "out_of"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its heading, and what its cells are."""

    heading: str
    kind: ColumnKind = ColumnKind.WORDS


@dataclass(frozen=True, slots=True)
class OutOf:
    """A share with what it is made of: `part` of `whole`."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """The share in percent, cut (not rounded) after one decimal; None of a few, or of none."""
        return self.part * 1000 // self.whole / 10 if self.whole >= FEW else None

    @property
    def words(self) -> str:
        """The share as a person reads it: “21 of 24 (87.5%)”, “3 of 4”, “none yet”."""
        if not self.whole:
            return "none yet"
        percent = self.percent
        return f"{self.part} of {self.whole}" + ("" if percent is None else f" ({percent:g}%)")


Cell = str | int | float | OutOf | None
"""One cell; None is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A title, notes above, columns, rows with a cell for each column, and footers below.

    With `totals` the last row is of all the others together.
    """

    title: str
    notes: tuple[str, ...] = ()
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    footers: tuple[str, ...] = ()
    totals: bool = False


def cell_words(cell: Cell) -> str:
    """A cell as a person reads it."""
    if cell is None:
        return ""
    if isinstance(cell, OutOf):
        return cell.words
    return f"{cell:.1f}" if isinstance(cell, float) else str(cell)


def flat_headings(table: Table) -> tuple[str, ...]:
    """The headings of a spreadsheet, where a share takes three columns: its part, its whole and its percentage."""
    return tuple(heading for column in table.columns for heading in _headings(column))


def flat_rows(table: Table) -> Iterator[tuple[str | int | float | None, ...]]:
    """The rows of a spreadsheet, under those headings."""
    for row in table.rows:
        yield tuple(flat for cell, column in zip(row, table.columns, strict=True) for flat in _flat(cell, column))


def as_text(table: Table) -> str:
    """The table as plain text, for a terminal and to be looked through."""
    lines = [tuple(column.heading for column in table.columns)]
    lines += [tuple(cell_words(cell) for cell in row) for row in table.rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    right = [column.kind is not ColumnKind.WORDS for column in table.columns]
    drawn = [
        "  ".join(
            word.rjust(width) if is_right else word.ljust(width)
            for word, width, is_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    ]
    rule = "-" * max(map(len, drawn))
    body = [*drawn[1:-1], rule, drawn[-1]] if table.totals and len(drawn) > 2 else drawn[1:]
    return "\n".join((table.title, *table.notes, "", drawn[0], rule, *body, "", *table.footers)) + "\n"


def _headings(column: Column) -> tuple[str, ...]:
    if column.kind is ColumnKind.OUT_OF:
        return column.heading, f"{column.heading}: of", f"{column.heading}: %"
    return (column.heading,)


def _flat(cell: Cell, column: Column) -> tuple[str | int | float | None, ...]:
    if isinstance(cell, OutOf):
        return cell.part, cell.whole, cell.percent
    return (cell, None, None) if column.kind is ColumnKind.OUT_OF else (cell,)
