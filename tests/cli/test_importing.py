"""`import`: a table is looked at, brought in, and taken back, all in JSON other programs can rely on."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_contract import as_dict

ROWS = "Councillor,Resident,Service area,Received,Subject\nCllr Vera Quill,Rose Made-Up,Housing,03/11/2025,Damp\n"


@pytest.fixture
def table(run: Run, tmp_path: Path) -> Path:
    run("setup", "--council", "Chorley", "--councillor", "Cllr Vera Quill")
    path = tmp_path / "table.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def references(run: Run) -> object:
    return run("list", "--all", "--json").json


def test_a_dry_run_says_what_would_come_of_it_and_writes_nothing(run: Run, table: Path) -> None:
    said = as_dict(run("import", str(table), "--dry-run", "--json"))
    assert said == {
        "rows": 1, "ready": 1, "left_out": 0, "encoding": "utf-8", "delimiter": ",", "day_first": True,
        "columns": {"councillor": "Councillor", "resident": "Resident", "service_area": "Service area",
                    "received": "Received", "subject": "Subject"},
        "missing": [], "before": None, "notes": [], "problems": [], "imported": None,
    }  # fmt: skip
    assert references(run) == []


def test_an_import_is_taken_back_whole(run: Run, table: Path) -> None:
    made = as_dict(run("import", str(table), "--json"))["imported"]
    assert isinstance(made, dict)
    assert (made["enquiries"], made["residents"], made["councillors"], made["left_out"]) == (1, 1, 0, 0)
    assert len(references(run)) == 1  # type: ignore[arg-type]  # a list, as the next line shows
    assert set(as_dict(run("import", "--undo", "--json"))) == set(made)
    assert references(run) == []


def test_what_was_worked_on_since_stays_and_is_counted(run: Run, table: Path) -> None:
    run("import", str(table))
    listed = references(run)
    assert isinstance(listed, list)
    run("note", listed[0]["reference"], "Rang.")
    said = run("import", "--undo")
    assert said.out.strip() == "Nothing was taken back: its one enquiry was changed since and stays."
    assert len(references(run)) == 1  # type: ignore[arg-type]  # a list


def test_problems_stop_it_unless_their_rows_are_left_out(run: Run, table: Path) -> None:
    table.write_text(ROWS + "Cllr Nobody,Ned Example,Housing,soon,Bins\n", encoding="utf-8")
    refused = run("import", str(table))
    assert refused.code == 2
    assert "Row 3: “soon” is not a date." in refused.err
    assert references(run) == []
    said = as_dict(run("import", str(table), "--leave-out", "--json"))
    assert said["left_out"] == 1
    assert {problem["field"] for problem in said["problems"]} == {"councillor", "received"}  # type: ignore[attr-defined]  # rows
    assert run("import", str(table)).code == 2
    assert "imported already" in run("import", str(table), "--leave-out").err


def test_columns_and_the_councillor_are_named_where_the_file_does_not(run: Run, table: Path) -> None:
    table.write_text("Who,Where,When,What\nRose Made-Up,Housing,03/11/2025,Damp\n", encoding="utf-8")
    words = ["--map", "resident=Who", "--map", "service_area=Where", "--map", "received=When", "--map", "subject=What"]
    said = as_dict(run("import", str(table), *words, "--councillor", "Cllr Vera Quill", "--json"))
    assert said["ready"] == 1


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (("import",), "import FILE"),
        (("import", "mail.eml"), "mail collect"),
        (("import", "gone.csv"), "you may open it"),
        (("import", "--undo"), "the computer that made them"),
    ],
)
def test_what_cannot_be_imported_is_refused_with_advice(run: Run, words: tuple[str, ...], advice: str) -> None:
    refused = run(*words)
    assert refused.code == 2
    assert advice in refused.err
