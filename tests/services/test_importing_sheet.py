"""A table is read whatever a spreadsheet made of it, and what is doubtful is said."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.errors import Invalid
from member_tracker.domain.vocabulary import Channel, Kind, Priority
from member_tracker.services.importing_fields import (
    Dates,
    Field,
    channel_of,
    guess_columns,
    guess_day_first,
    kind_of,
    priority_of,
)
from member_tracker.services.importing_sheet import guess_delimiter, read_sheet

TABLE = "Résident,Subject,Question\nSiân Ó Made-Up,Damp,“The wall” is wet\nNed Example,Bins,Again\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_without_being_told(encoding: str, delimiter: str) -> None:
    text = TABLE if encoding != "cp1252" else TABLE.replace("Siân Ó", "Siân O'")
    sheet = read_sheet(text.replace(",", delimiter).encode(encoding))
    assert sheet.headers == ("Résident", "Subject", "Question")
    assert [row.number for row in sheet.rows] == [2, 3]
    assert sheet.rows[0].cells[2] == "“The wall” is wet"
    assert sheet.delimiter == delimiter


def test_the_line_excel_puts_first_says_the_delimiter_and_the_rows_keep_their_numbers() -> None:
    sheet = read_sheet(b"sep=;\r\na;b,c\r\n1;2,3\r\n\r\n4;5\r\n")
    assert sheet.headers == ("a", "b,c")
    assert [(row.number, row.cells) for row in sheet.rows] == [(3, ("1", "2,3")), (5, ("4", "5"))]


def test_headings_that_are_missing_or_alike_are_told_apart() -> None:
    assert read_sheet(b"Name,,name,Name\nx,y,z,w\n").headers == ("Name", "Column 2", "name (2)", "Name (3)")


def test_a_row_with_more_cells_than_headings_is_said_and_one_with_fewer_is_filled_up() -> None:
    sheet = read_sheet(b"a,b\n1,2,3\n4\n")
    assert [row.cells for row in sheet.rows] == [("1", "2"), ("4", "")]
    assert "1 row has more cells" in sheet.notes[0]


def test_letters_that_could_not_be_read_are_said_with_what_to_do() -> None:
    sheet = read_sheet(b"a,b\n\x81x,2\n")
    assert "CSV UTF-8" in sheet.notes[0]


@pytest.mark.parametrize("raw", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b"   ,  \n", b"\xff\xfe"])
def test_a_file_without_a_table_is_refused_with_what_to_do(raw: bytes) -> None:
    with pytest.raises(Invalid, match="empty"):
        read_sheet(raw)


def test_a_quotation_mark_that_is_never_closed_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="quotation mark"):
        read_sheet(b'a,b\n"1,2\n' + b"x,y\n" * 50_000)


CELL = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20).map(str.strip)


@given(st.lists(st.tuples(CELL, CELL, CELL).filter(any), max_size=8), st.sampled_from([",", ";", "\t", "|"]))
def test_what_a_spreadsheet_writes_is_read_back(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([("one", "two", "three"), *rows])
    sheet = read_sheet(b"\xef\xbb\xbf" + text.getvalue().encode(), delimiter=delimiter)
    assert [row.cells for row in sheet.rows] == rows


@given(st.lists(st.lists(st.sampled_from(["a", "b c", "12", "1,5", ""]), min_size=3, max_size=3), min_size=1))
def test_a_tab_between_cells_is_never_taken_for_the_commas_inside_them(rows: list[list[str]]) -> None:
    text = "\n".join("\t".join(row) for row in [["x", "y", "z"], *rows])
    assert guess_delimiter(text) == "\t"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("24/11/2025", "2025-11-24T12:00"),
        ("24.11.25", "2025-11-24T12:00"),
        ("2025-11-24", "2025-11-24T12:00"),
        ("2025-11-24T09:30:00Z", "2025-11-24T09:30"),
        ("24 Nov 2025", "2025-11-24T12:00"),
        ("Monday, 24th November, 2025 4:50 pm", "2025-11-24T16:50"),
        ("24-Nov-25 16:50", "2025-11-24T16:50"),
        ("01/06/2025 17:20", "2025-06-01T16:20"),
        ("45985", "2025-11-24T12:00"),
    ],
)
def test_dates_are_read_as_spreadsheets_write_them(text: str, moment: str) -> None:
    assert Dates().moment(text) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "soon", "31/02/2025", "11/24/2025", "24/11/1025", "24 Foo 2025", "1/1/2025 25:00"]
)
def test_what_is_no_date_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        Dates().moment(text)
    assert refused.value.advice


def test_dates_with_the_month_first_are_noticed() -> None:
    assert not guess_day_first(["11/24/2025", "1/2/2025"])
    assert guess_day_first(["24/11/2025", "1/2/2025"])
    assert guess_day_first(["24/11/2025", "11/24/2025"])
    assert guess_day_first([])
    assert Dates(day_first=False).moment("11/24/2025").day == 24


def test_columns_are_known_by_what_people_call_them() -> None:
    found = guess_columns(["Cllr", "Constituent_Name", "Department", "Date Received", "Issue", "Ref.", "Colour", "ref"])
    assert found == {
        Field.COUNCILLOR: 0,
        Field.RESIDENT: 1,
        Field.SERVICE_AREA: 2,
        Field.RECEIVED: 3,
        Field.SUBJECT: 4,
        Field.REFERENCE: 5,
    }


def test_words_are_taken_as_people_write_them_and_others_refused_with_those_there_are() -> None:
    assert channel_of("Phone") is Channel.TELEPHONE
    assert channel_of("") is Channel.EMAIL
    assert channel_of("face-to-face") is Channel.FACE_TO_FACE
    assert kind_of("Service Request") is Kind.SERVICE_REQUEST
    assert priority_of("High") is Priority.URGENT
    with pytest.raises(Invalid, match="no way in which a contact comes") as refused:
        channel_of("pigeon")
    assert "telephone" in refused.value.advice
