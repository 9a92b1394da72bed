"""The coverage page tells the truth: every requirement once, every test it names there, every reason given."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "coverage.md"
COUNTS = {"T": 23, "S0": 73, "S1": 30, "S2": 46, "S3": 58, "S4": 44}
ID = r"T\d+|S[0-4]-\d\d"


class Row(NamedTuple):
    id: str
    title: str
    state: str
    where: str


@cache
def rows() -> tuple[Row, ...]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = (
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(rf"\| ({ID}) \|", line)
    )
    return tuple(Row(*row) for row in cells)


@cache
def names_in(path: Path) -> frozenset[str]:
    """The names of the test functions of one file, those of its classes as Class::name."""
    tree = ast.parse(path.read_bytes())
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for group in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        names |= {f"{group.name}::{node.name}" for node in group.body if isinstance(node, ast.FunctionDef)}
    return frozenset(name for name in names if name.split("::")[-1].startswith("test_"))


def test_every_requirement_stands_there_once() -> None:
    expected = {"T": [f"T{n}" for n in range(1, COUNTS["T"] + 1)]}
    expected |= {s: [f"{s}-{n:02}" for n in range(1, COUNTS[s] + 1)] for s in COUNTS if s != "T"}
    assert [row.id for row in rows()] == [name for names in expected.values() for name in names]


def test_the_rows_are_those_of_the_reference_material(shared_folder: Path) -> None:
    table = shared_folder / "requirements.md"
    if not table.is_file():
        pytest.skip("the reference material has no table of requirements")
    asked = re.findall(rf"^\| ({ID}) \|", table.read_text(encoding="utf-8"), re.MULTILINE)
    assert Counter(row.id for row in rows()) == Counter(asked)


def test_every_row_is_built_planned_or_out_and_says_where_or_why() -> None:
    unfinished = [row.id for row in rows() if row.state not in {"built", "planned", "out"} or not row.title]
    unfinished += [row.id for row in rows() if row.state != "built" and len(row.where.split()) < 2]
    assert unfinished == []


def test_every_built_row_names_a_test_that_exists() -> None:
    wrong = []
    for row in rows():
        named = re.findall(r"`([\w/]+\.py)::([\w:]+)`", row.where)
        if row.state == "built" and not named:
            wrong.append(f"{row.id} names no test")
        for path, name in named:
            file = ROOT / path
            if not file.is_file():
                wrong.append(f"{row.id}: there is no {path}")
            elif name not in names_in(file):
                wrong.append(f"{row.id}: {path} has no {name}")
    assert wrong == []
