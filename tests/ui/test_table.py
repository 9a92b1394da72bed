"""The table model: pages come one after another, old ones are let go and come back, and Qt's own tester agrees."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from ui.table import KEPT_PAGES, Column, Page, TableModel

ROOT = QModelIndex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of these tests."""

    number: int


def columns() -> tuple[Column[Line], ...]:
    return (
        Column(heading="Number", words=lambda line: str(line.number), spoken=lambda line: f"line {line.number}"),
        Column(heading="Double", words=lambda line: str(2 * line.number)),
    )


class Reader:
    """Answers a model's questions from a list of so many rows."""

    def __init__(self, rows: int, *, page_rows: int = 10) -> None:
        self.rows = rows
        self.page_rows = page_rows
        self.asked: list[tuple[int, object]] = []
        self.model: TableModel[Line] = TableModel(columns(), page_rows=page_rows)
        self.model.wanted.connect(lambda number, anchor: self.asked.append((number, anchor)))

    def page(self, anchor: object) -> Page[Line]:
        first = 0 if anchor is None else int(str(anchor))
        last = min(first + self.page_rows, self.rows)
        return Page(rows=tuple(Line(number=n) for n in range(first, last)), next=last if last < self.rows else None)

    def begin(self) -> None:
        self.model.show([self.page(None)])

    def answer(self) -> None:
        for number, anchor in self.asked:
            self.model.take(number, self.page(anchor))
        self.asked.clear()

    def read_all(self) -> None:
        self.begin()
        while self.model.canFetchMore(ROOT):
            self.model.fetchMore(ROOT)
            self.answer()


def words(model: TableModel[Line], row: int, column: int = 0) -> object:
    return model.data(model.index(row, column))


@pytest.mark.parametrize("rows", [0, 1, 9, 10, 11, 20, 95])
def test_reading_page_after_page_shows_every_row_once(qtbot: QtBot, rows: int) -> None:
    del qtbot
    reader = Reader(rows)
    QAbstractItemModelTester(reader.model, QAbstractItemModelTester.FailureReportingMode.Fatal, reader.model)
    reader.read_all()
    assert [words(reader.model, row) for row in range(reader.model.rowCount())] == [str(n) for n in range(rows)]


def test_a_page_is_asked_for_once_however_often_it_is_wanted(qtbot: QtBot) -> None:
    del qtbot
    reader = Reader(30)
    reader.begin()
    for _again in range(3):
        reader.model.fetchMore(ROOT)
    assert reader.asked == [(1, 10)]


def test_nothing_is_asked_for_past_the_end(qtbot: QtBot) -> None:
    del qtbot
    reader = Reader(10)
    reader.begin()
    assert not reader.model.canFetchMore(ROOT)
    reader.model.fetchMore(ROOT)
    assert reader.asked == []


def test_far_pages_are_let_go_and_come_back_when_looked_at(qtbot: QtBot) -> None:
    del qtbot
    reader = Reader((KEPT_PAGES + 10) * 10)
    reader.read_all()
    assert reader.model.rowCount() == (KEPT_PAGES + 10) * 10
    assert words(reader.model, 3) == "…"
    assert reader.asked == [(0, None)]
    reader.answer()
    assert words(reader.model, 3) == "3"


def test_a_page_nobody_waits_for_any_more_changes_nothing(qtbot: QtBot) -> None:
    del qtbot
    reader = Reader(30)
    reader.begin()
    reader.model.fetchMore(ROOT)
    late = reader.page(10)
    reader.begin()
    reader.model.take(1, late)
    assert reader.model.rowCount() == 10


def test_showing_the_same_number_of_rows_again_does_not_reset_the_view(qtbot: QtBot) -> None:
    del qtbot
    reader = Reader(5)
    reader.begin()
    resets: list[None] = []
    reader.model.modelReset.connect(lambda: resets.append(None))
    reader.begin()
    assert resets == []


def test_a_screen_reader_is_told_the_whole_meaning_and_the_eye_the_short_words(qtbot: QtBot) -> None:
    del qtbot
    reader = Reader(1)
    reader.begin()
    first = reader.model.index(0, 0)
    assert reader.model.data(first) == "0"
    assert reader.model.data(first, Qt.ItemDataRole.AccessibleTextRole) == "line 0"
    assert reader.model.data(reader.model.index(0, 1), Qt.ItemDataRole.AccessibleTextRole) == "0"


def test_roles_that_are_not_served_cost_no_call_of_a_column(qtbot: QtBot) -> None:
    del qtbot
    called: list[Line] = []

    def counting(line: Line) -> str:
        called.append(line)
        return ""

    model: TableModel[Line] = TableModel((Column(heading="Counted", words=counting),))
    model.show([Page(rows=(Line(number=1),))])
    for role in (Qt.ItemDataRole.SizeHintRole, Qt.ItemDataRole.BackgroundRole, Qt.ItemDataRole.CheckStateRole):
        assert model.data(model.index(0, 0), role) is None
    assert called == []


@given(rows=st.integers(0, 120), looked_at=st.lists(st.integers(0, 119), max_size=20))
def test_whatever_is_looked_at_the_model_shows_the_row_that_is_there(rows: int, looked_at: list[int]) -> None:
    reader = Reader(rows, page_rows=4)
    reader.read_all()
    for row in looked_at:
        if row < rows:
            words(reader.model, row)
            reader.answer()
            assert words(reader.model, row) == str(row)
    assert len(reader.model._pages) <= KEPT_PAGES + 1


def test_find_gives_the_row_that_fits(qtbot: QtBot) -> None:
    del qtbot
    reader = Reader(25)
    reader.read_all()
    fits: Callable[[Line], bool] = lambda line: line.number == 17  # noqa: E731 - one use
    assert reader.model.find(fits) == 17
    assert reader.model.find(lambda line: line.number == 99) is None
    assert reader.model.row(17) == Line(number=17)
    assert reader.model.row(99) is None
