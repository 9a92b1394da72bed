"""Lists as files: every row at one moment, nothing half-written, and a full disk said with advice."""

import csv
import errno
import io
import os
import stat
from pathlib import Path

import pytest

from member_tracker.domain.errors import NotAllowed, Unavailable
from member_tracker.domain.period import year_of
from member_tracker.domain.report_table import Table
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.services import exporting_tables
from member_tracker.services.exporting_tables import LIST_HEADINGS, Form, save_behind, save_list
from member_tracker.services.lists import Order, Wanted, Which
from member_tracker.services.reporting import By, performance
from tests.fakes.office import Office
from tests.services.reported import casework


def everything(office: Office) -> Wanted:
    return Wanted(which=Which.ALL, today=office.app.today(), now=office.app.now(), order=Order.OLDEST)


@pytest.fixture
def listed(office: Office) -> Office:
    office.log(subject="=HYPERLINK(1)", resident="Zoë Ñandú")
    office.logged_and_sent(subject="Bins, twice\nmissed")
    return office


def test_a_list_is_a_heading_and_a_line_for_each(listed: Office, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    done = save_list(listed.app, everything(listed), "All enquiries", file, Form.CSV)
    heading, *rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    assert tuple(heading) == LIST_HEADINGS
    assert done.rows == len(rows) == 2
    first = dict(zip(heading, rows[0], strict=True))
    assert (first["About"], first["Resident"], first["Status"]) == ("'=HYPERLINK(1)", "Zoë Ñandú", "Draft")
    assert first["Received"] == "2026-11-16"
    assert first["Answer by"] == "2026-11-18"
    assert first["Against the standard"] == "In time"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_many_pages_come_whole_and_in_order(listed: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        listed.log(subject=f"Number {number}")
    monkeypatch.setattr(exporting_tables, "_AT_ONCE", 2)
    file = tmp_path / "list.csv"
    assert save_list(listed.app, everything(listed), "", file, Form.CSV).rows == 7
    assert [row[2] for row in csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline=""))][-5:] == [
        f"Number {number}" for number in range(5)
    ]


@pytest.mark.parametrize("form", [Form.XLSX, Form.PDF])
def test_more_than_a_file_can_hold_is_refused_and_leaves_nothing(
    listed: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Form
) -> None:
    monkeypatch.setattr(exporting_tables, "MOST_IN_A_PDF", 1)
    monkeypatch.setattr(exporting_tables, "MOST_IN_A_WORKBOOK", 1)
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(NotAllowed, match="more than 1 enquiries") as refused:
        save_list(listed.app, everything(listed), "", folder / "list", form, draw=lambda _table: b"")
    assert "CSV" in refused.value.advice
    assert list(folder.iterdir()) == []


def test_a_pdf_of_a_list_is_drawn_under_its_title(listed: Office, tmp_path: Path) -> None:
    drawn: list[Table] = []

    def draw(table: Table) -> bytes:
        drawn.append(table)
        return b"%PDF"

    save_list(listed.app, everything(listed), "All enquiries", tmp_path / "list.pdf", Form.PDF, draw=draw)
    assert (drawn[0].title, len(drawn[0].rows)) == ("All enquiries", 2)
    assert (tmp_path / "list.pdf").read_bytes() == b"%PDF"


@pytest.mark.parametrize("form", [Form.CSV, Form.XLSX])
def test_a_stop_leaves_what_was_there(listed: Office, tmp_path: Path, form: Form) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    file = folder / "list"
    file.write_text("mine")
    with pytest.raises(Stopped):
        save_list(listed.app, everything(listed), "", file, form, again=True, watch=Watch(stop=lambda: True))
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("list", "mine")]


@pytest.mark.parametrize("form", [Form.CSV, Form.XLSX])
def test_a_full_disk_is_said_with_advice_and_leaves_nothing(
    listed: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Form
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(Unavailable, match="No space left") as refused:
        save_list(listed.app, everything(listed), "", folder / "list", form)
    assert "room" in refused.value.advice
    assert list(folder.iterdir()) == []


def test_what_lies_behind_each_figure_is_as_many_lines_as_the_figure_says(office: Office, tmp_path: Path) -> None:
    casework(office, 40)
    report = performance(office.app, year_of(office.app.today()), By.AREA)
    for row in range(len(report.table.rows)):
        for column in range(len(report.table.columns)):
            asked = report.asked(row, column)
            if asked is not None:
                file = tmp_path / f"{row}-{column}.csv"
                assert save_behind(office.app, asked, asked.title, file, Form.CSV).rows == asked.count
                assert len(file.read_text("utf-8-sig").splitlines()) == asked.count + 1
