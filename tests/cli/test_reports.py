"""`report` and `pack` on the command line."""

import json
import zipfile
from pathlib import Path

import pytest

from member_tracker.cli import main
from member_tracker.cli.call import Window
from member_tracker.domain.report_table import Table
from tests.cli.conftest import Run
from tests.cli.test_contract import as_dict, logged


def test_a_report_is_in_words_and_in_json_with_the_same_figures(run: Run) -> None:
    logged(run)
    said = as_dict(run("report", "--by", "area", "--json"))
    assert set(said) == {"title", "from", "to", "by", "as_at", "groups", "all", "notes", "footers", "files"}
    groups = said["groups"]
    assert isinstance(groups, list)
    assert [group["group"] for group in groups] == ["Housing"]
    assert groups[0]["received"] == 1
    assert groups[0]["answered"] == {"in_time": 0, "of": 0, "percent": None}
    assert groups[0]["not_due"] == 1
    words = run("report").out
    assert words.splitlines()[0] == said["title"]
    assert "Housing" in words


@pytest.mark.parametrize("by", ["ward", "councillor", "channel"])
def test_a_report_is_split_by_other_things(run: Run, by: str) -> None:
    logged(run)
    groups = as_dict(run("report", "--by", by, "--json"))["groups"]
    names = {"ward": "No ward given", "councillor": "Cllr Vera Quill", "channel": "Email"}
    assert isinstance(groups, list)
    assert [group["group"] for group in groups] == [names[by]]


def test_a_report_of_another_time_has_nothing_of_today(run: Run) -> None:
    logged(run)
    said = as_dict(run("report", "--from", "2003-04-01", "--to", "2004-03-31", "--json"))
    assert said["groups"] == []
    assert "financial year 2003/04" in str(said["title"])


def test_a_report_is_written_as_files_that_must_not_be_there_yet(run: Run, tmp_path: Path) -> None:
    logged(run)
    files = [tmp_path / "report.csv", tmp_path / "report.xlsx"]
    said = as_dict(run("report", "--csv", str(files[0]), "--xlsx", str(files[1]), "--json"))
    assert said["files"] == [str(file) for file in files]
    assert files[0].read_bytes().startswith(b'\xef\xbb\xbf"Chorley: performance')
    assert files[1].read_bytes().startswith(b"PK")
    again = run("report", "--csv", str(files[0]))
    assert again.code == 2
    assert "is there already" in again.err


def test_a_pdf_is_drawn_by_the_window_that_is_handed_in(run: Run, tmp_path: Path) -> None:
    logged(run)
    refused = run("report", "--pdf", str(tmp_path / "report.pdf"))
    assert refused.code == 2
    assert "can only be drawn" in refused.err

    def draw(table: Table) -> bytes:
        return table.title.encode()

    window = Window(
        open=lambda _profile: 0, picture=lambda _profile, _file: None, pdf=draw, checks={}, program=()
    )  # fmt: skip
    assert main(["report", "--pdf", str(tmp_path / "report.pdf")], window=window) == 0
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"Chorley: performance")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "colour"), "not split by “colour”"),
        (("--from", "2026-06-02", "--to", "2026-06-01"), "comes before"),
        (("--from", "soon"), "soon"),
    ],
)
def test_what_is_no_report_is_refused_with_advice(run: Run, words: tuple[str, ...], said: str) -> None:
    refused = run("report", *words)
    assert refused.code == 2
    assert said in refused.err
    assert len(refused.err.splitlines()) >= 2


def test_a_pack_is_written_and_said_not_to_be_encrypted(run: Run, tmp_path: Path) -> None:
    reference = logged(run)
    said = run("pack", reference, str(tmp_path / "packs"), "--json")
    assert "not encrypted" in said.err
    answer = as_dict(said)
    assert answer["path"] == str(tmp_path / "packs" / reference)
    manifest = json.loads((tmp_path / "packs" / reference / "manifest.json").read_bytes())
    assert answer["files"] == len(manifest["files"]) + 1
    assert manifest["with_resident"] is True


def test_a_pack_without_the_resident_is_one_zip_file_where_wanted(run: Run, tmp_path: Path) -> None:
    reference = logged(run)
    said = as_dict(run("pack", reference, str(tmp_path / "packs"), "--zip", "--without-resident", "--json"))
    assert [path.name for path in (tmp_path / "packs").iterdir()] == [f"{reference}.zip"]
    with zipfile.ZipFile(tmp_path / "packs" / f"{reference}.zip") as packed:
        assert not [name for name in packed.namelist() if b"Barlow" in packed.read(name)]
    assert said["missing"] == 0
