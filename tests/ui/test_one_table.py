"""One table feeds the screen, its bars, a CSV file, a workbook and a PDF, and all five say the same figures."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pytestqt.qtbot import QtBot

from member_tracker.domain.errors import NotAllowed, Unavailable
from member_tracker.domain.period import year_of
from member_tracker.domain.report_table import Cell, Column, OutOf, Table, cell_words, flat_headings, flat_rows
from member_tracker.services.exporting_tables import Form, save_table
from member_tracker.services.reporting import By, performance
from tests.fakes.office import Office, open_office
from tests.fakes.pdf_text import pdf_inks, pdf_text
from tests.services.reported import casework
from ui.reports.figures import figure_columns
from ui.reports.paper import draw_table
from ui.table import Page, TableModel
from ui.widgets.bars import Bars, bars_of

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    opened = open_office(tmp_path_factory.mktemp("office"))
    casework(opened, 120)
    return opened


@pytest.fixture(scope="module")
def table(office: Office) -> Table:
    return performance(office.app, year_of(date(2026, 11, 16)), By.AREA).table


def figures(table: Table) -> list[list[str]]:
    """The flat figures as a spreadsheet shows them."""
    return [[_shown(cell) for cell in row] for row in flat_rows(table)]


def _shown(cell: str | float | None) -> str:
    return "" if cell is None else str(cell)


def in_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def in_workbook(content: bytes) -> list[list[str]]:
    """The cells of the one sheet, strings inside them."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
        assert not sheet.findall(f".//{_SHEET}f")
        assert not [
            name for name in book.namelist() if "rels" in name and b"http://" in book.read(name) and "sheet" in name
        ]
    rows = []
    for row in sheet.iter(f"{_SHEET}row"):
        cells: dict[int, str] = {}
        for cell in row.iter(f"{_SHEET}c"):
            place = _column(re.sub(r"\d", "", cell.attrib["r"]))
            inner = (
                cell.find(f"{_SHEET}is/{_SHEET}t") if cell.attrib.get("t") == "inlineStr" else cell.find(f"{_SHEET}v")
            )
            cells[place] = "" if inner is None else inner.text or ""
        rows.append([cells.get(place, "") for place in range(max(cells, default=-1) + 1)])
    return rows


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def below_headings(lines: list[list[str]], table: Table) -> list[list[str]]:
    """The rows under the headings, empty cells at their ends put back."""
    heads = list(flat_headings(table))
    at = lines.index(heads)
    found = lines[at + 1 : at + 1 + len(table.rows)]
    return [row + [""] * (len(heads) - len(row)) for row in found]


def saved(office: Office, table: Table, form: Form, folder: Path) -> bytes:
    file = folder / f"report.{form.value}"
    save_table(office.app, table, file, form, draw=draw_table)
    assert [path.name for path in folder.iterdir()] == [file.name]
    return file.read_bytes()


def test_csv_has_the_figures_with_notes_above_and_footers_below(office: Office, table: Table, tmp_path: Path) -> None:
    lines = in_csv(saved(office, table, Form.CSV, tmp_path))
    assert below_headings(lines, table) == figures(table)
    assert [line[0] for line in lines[: 1 + len(table.notes)]] == [table.title, *table.notes]
    assert [line[0] for line in lines[-len(table.footers) :]] == list(table.footers)


def test_a_workbook_has_the_same_figures_as_numbers(office: Office, table: Table, tmp_path: Path) -> None:
    lines = in_workbook(saved(office, table, Form.XLSX, tmp_path))
    found = below_headings(lines, table)
    assert [[_number(cell) for cell in row] for row in found] == [
        [_number(cell) for cell in row] for row in figures(table)
    ]
    assert lines[0] == [table.title]


def _number(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def test_a_pdf_says_the_same_words(qapp: object, office: Office, table: Table, tmp_path: Path) -> None:
    del qapp
    said = " ".join(pdf_text(saved(office, table, Form.PDF, tmp_path)).split())
    expected = " ".join(cell_words(cell) for row in table.rows for cell in row)
    assert expected in said
    assert " ".join((table.title, *table.notes)) in said
    assert " ".join(table.footers) in said


def test_a_pdf_is_black_on_white(qapp: object, table: Table) -> None:
    del qapp
    assert pdf_inks(draw_table(table)) == {b"0 0 0 ", b"1 1 1 "}


def test_the_screen_says_the_same_words(qapp: object, table: Table) -> None:
    del qapp
    model: TableModel[tuple[Cell, ...]] = TableModel(figure_columns(table))
    model.show([Page(rows=table.rows)])
    shown = [
        [model.data(model.index(row, column)) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]
    assert shown == [[cell_words(cell) for cell in row] for row in table.rows]


def test_bars_are_as_long_as_the_shares_and_say_them_in_words(qtbot: QtBot, table: Table) -> None:
    bars = bars_of(table, 3)
    shares = [row[3] for row in table.rows]
    assert [bar.share for bar in bars] == [
        share.part / share.whole if isinstance(share, OutOf) and share.whole else None for share in shares
    ]
    assert [bar.words for bar in bars] == [cell_words(share) for share in shares]
    shown = Bars("figureBars")
    qtbot.addWidget(shown)
    shown.show_bars("Answered in time", bars)
    assert all(f"{row[0]}: {cell_words(row[3])}" in shown.accessibleDescription() for row in table.rows)


FORMULAS = ("=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://example.org")')


@pytest.mark.parametrize("typed", FORMULAS)
@pytest.mark.parametrize("form", [Form.CSV, Form.XLSX])
def test_what_a_spreadsheet_would_take_for_a_formula_is_text(
    office: Office, tmp_path: Path, form: Form, typed: str
) -> None:
    table = Table(title="List", columns=(Column(heading="About"),), rows=((typed,), ("plain",)))
    read: Callable[[bytes], list[list[str]]] = in_csv if form is Form.CSV else in_workbook
    lines = read(saved(office, table, form, tmp_path))
    at = lines.index(["About"])
    assert lines[at + 1][0].replace("_x000D_", "\r") == f"'{typed}"
    assert lines[at + 2] == ["plain"]


def test_a_pdf_needs_somebody_who_draws_it(office: Office, table: Table, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="can only be drawn"):
        save_table(office.app, table, tmp_path / "report.pdf", Form.PDF)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_is_replaced_only_when_asked(office: Office, table: Table, tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_text("mine")
    with pytest.raises(NotAllowed, match="is there already"):
        save_table(office.app, table, file, Form.CSV)
    assert file.read_text() == "mine"
    save_table(office.app, table, file, Form.CSV, again=True)
    assert len(file.read_bytes()) > 100
