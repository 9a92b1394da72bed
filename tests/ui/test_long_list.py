"""The model of a long list: whatever is looked at, sorted or written meanwhile, what it shows is so in the store."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from member_tracker.services.lists import EnquiryRow, Known, Order, Wanted, Which, Window
from tests.store.office import NOON, TODAY, enquiry, furnish, open_store
from ui.enquiries.long_list import KEPT_PAGES, LongModel
from ui.table import Column

ORDERS = [order for order in Order if order is not Order.RELEVANCE]


def columns() -> tuple[Column[EnquiryRow], ...]:
    return (
        Column(heading="Reference", words=lambda row: row.reference),
        Column(heading="About", words=lambda row: row.subject),
    )


class LongList(RuleBasedStateMachine):
    """Somebody looks about in a list, sorts it, and others write; answers may come late."""

    @initialize(count=st.integers(0, 23))
    def begin(self, count: int) -> None:
        self.folder = TemporaryDirectory()
        self.store = open_store(Path(self.folder.name))
        furnish(self.store)
        self.written = 0
        self.model = LongModel(columns(), page_rows=4)
        self.tester = QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        self.asked: list[int] = []
        self.late: list[Window] = []
        self.model.wanted.connect(self.asked.append)
        self.wanted = Wanted(which=Which.ALL, today=TODAY)
        self.write(count)
        self.show()

    def write(self, count: int) -> None:
        with self.store.writing(author=None) as tx:
            for _ in range(count):
                self.written += 1
                moved = timedelta(minutes=self.written * 37 % 11)
                tx.save(enquiry(self.written, received_at=NOON + moved))

    def show(self) -> None:
        with self.store.reading() as tx:
            self.model.show((tx.enquiry_window(self.wanted, first=0, limit=4),))

    @rule(row=st.integers(0, 60))
    def look(self, row: int) -> None:
        if row < self.model.rowCount():
            self.model.data(self.model.index(row, 0))

    @rule()
    def answer(self) -> None:
        for first in self.asked:
            self.late.append(self.read(first, self.model.known(first)))
        self.asked.clear()
        self.hand_over()

    @rule()
    def answer_late(self) -> None:
        self.late += [self.read(first, self.model.known(first)) for first in self.asked]
        self.asked.clear()

    @rule()
    def hand_over(self) -> None:
        """What was read before somebody wrote is refused, and the list is read again."""
        answers = [self.model.take(window) for window in self.late]
        self.late.clear()
        if not all(answers):
            self.show()

    @rule(order=st.sampled_from(ORDERS))
    def sort(self, order: Order) -> None:
        self.wanted = replace(self.wanted, order=order)
        self.late.clear()
        self.show()

    @rule(count=st.integers(1, 5))
    def others_write(self, count: int) -> None:
        """The window hears of it and reads again."""
        self.write(count)
        self.show()

    def read(self, first: int, known: Known) -> Window:
        with self.store.reading() as tx:
            return tx.enquiry_window(self.wanted, first=first, limit=4, known=known)

    @invariant()
    def what_is_shown_is_so(self) -> None:
        if not hasattr(self, "model"):
            return
        with self.store.reading() as tx:
            whole = tx.enquiry_rows(self.wanted, limit=1_000).rows
        assert self.model.rowCount() == len(whole)
        for number, row in enumerate(whole):
            shown = self.model.row(number)
            assert shown is None or shown == row
        assert len(self.model._pages) <= KEPT_PAGES

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()


TestLongList = LongList.TestCase
TestLongList.settings = settings(max_examples=12, stateful_step_count=20, deadline=None)


def test_a_row_that_is_not_here_is_asked_for_once_looked_at_and_shows_an_ellipsis(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    for model in some_models(tmp_path):
        asked: list[int] = []
        model.wanted.connect(asked.append)
        assert model.data(model.index(9, 0)) == "…"
        assert model.data(model.index(9, 1)) is None
        assert model.data(model.index(9, 0), Qt.ItemDataRole.AccessibleTextRole) is None
        assert asked == [8]


def some_models(folder: Path) -> Iterator[LongModel]:
    """A list of twelve rows of which the first four are here."""
    with closing(open_store(folder)) as store:
        furnish(store)
        with store.writing(author=None) as tx:
            for number in range(1, 13):
                tx.save(enquiry(number))
        with store.reading() as tx:
            read = tx.enquiry_window(Wanted(which=Which.ALL, today=TODAY), first=0, limit=4)
        model = LongModel(columns(), page_rows=4)
        model.show((read,))
        yield model


def test_every_model_of_the_window_is_put_to_qts_own_test() -> None:
    """The tests that make a model's tester name each class of models there is."""
    root = Path(__file__).resolve().parents[2]
    bases = ("QAbstractTableModel", "QAbstractListModel", "QAbstractItemModel", "RowsModel[", "TableModel[")
    classes = {
        line.split("class ")[1].split("(")[0]
        for file in (root / "ui").rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("class ") and "(" in line and any(base in line.split("(", 1)[1] for base in bases)
    }
    tested = "".join(
        text
        for file in (root / "tests" / "ui").glob("*.py")
        if "QAbstractItemModelTester(" in (text := file.read_text(encoding="utf-8"))
    )
    assert {name for name in classes - {"RowsModel"} if name not in tested} == set()
    assert {"LongModel", "TableModel"} <= classes
