"""The reports page by keyboard: a period, a split, figures, what lies behind them, and a file of them."""

import csv
import io
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QProgressBar, QPushButton, QTableView

import ui.reports.page
from member_tracker.domain.errors import Unavailable
from member_tracker.domain.report_table import OutOf
from member_tracker.domain.watching import Watch
from member_tracker.services.exporting_tables import Form, Saved
from tests.fakes.clock import StoppedClock
from tests.fakes.office import MONDAY, Office
from tests.services.reported import casework
from tests.ui.checks import shortcomings
from tests.ui.exchange import focused, settled
from tests.ui.walking import named, press, words_of
from ui.app import Running
from ui.picture import wait_until
from ui.reports.behind_part import BehindPart
from ui.reports.page import ReportsPage
from ui.reports.saving import Saving, Wish
from ui.widgets.bars import Bars

YEAR = 4
TWO_DATES = 6


def choose(running: Running, combo: str, place: int) -> None:
    """Choose in a list as the keyboard does."""
    box = named(running.window, QComboBox, combo)
    box.setFocus()
    box.setCurrentIndex(place)
    box.activated.emit(place)
    settled(running)


def page_of(running: Running) -> ReportsPage:
    return named(running.window, ReportsPage, "reportsPage")


def go_there(running: Running) -> None:
    running.window.activateWindow()
    running.desk.page_wanted.emit("reports", None)
    settled(running)
    page_of(running).setFocus()


@pytest.fixture
def reports(running: Running) -> Running:
    """The reports page, with casework of the year before a Monday in November."""
    done: list[object] = []
    running.desk.ask(
        lambda app: casework(Office(parts=app, clock=StoppedClock(MONDAY)), 120), owner=running.desk, done=done.append
    )
    wait_until(lambda: bool(done))
    go_there(running)
    choose(running, "reportPeriod", YEAR)
    return running


def table(running: Running) -> QTableView:
    return named(running.window, QTableView, "reportTable")


def shown(view: QTableView, row: int, column: int) -> str:
    return str(view.model().data(view.model().index(row, column)))


def go_to(running: Running, row: int, column: int) -> QTableView:
    view = table(running)
    view.setFocus()
    view.setCurrentIndex(view.model().index(row, column))
    return view


def row_of(view: QTableView, name: str) -> int:
    return next(row for row in range(view.model().rowCount()) if shown(view, row, 0) == name)


def test_figures_come_with_bars_and_with_how_they_were_counted(reports: Running) -> None:
    view = table(reports)
    assert [shown(view, row, 0) for row in (0, view.model().rowCount() - 1)][-1] == "All"
    housing = row_of(view, "Housing")
    bars = named(reports.window, Bars, "reportBars")
    assert f"Housing: {shown(view, housing, 3)}" in bars.accessibleDescription()
    go_to(reports, housing, 2)
    assert bars.accessibleName() == "Bars: Acknowledged in time"
    assert f"Housing: {shown(view, housing, 2)}" in bars.accessibleDescription()
    assert "day 0" in words_of(reports.window, "reportFooters")
    spoken = view.model().data(view.model().index(housing, 3), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"Housing, Answered in time: {shown(view, housing, 3)}"
    assert shortcomings(reports.window) == {}


def test_enter_on_a_figure_lists_as_many_enquiries_and_opens_one(reports: Running) -> None:
    view = table(reports)
    view = go_to(reports, row_of(view, "Housing"), 3)
    cell = view.currentIndex()
    said = shown(view, cell.row(), cell.column())
    QTest.keyClick(view, Qt.Key.Key_Return)
    settled(reports)
    behind = named(reports.window, QTableView, "behindList")
    part, whole = (int(word) for word in said.split(" (")[0].split(" of "))
    assert focused() is behind
    assert behind.model().rowCount() == whole
    named(reports.window, QPushButton, "behindKept").click()
    settled(reports)
    assert behind.model().rowCount() == part
    named(reports.window, QPushButton, "behindLate").click()
    settled(reports)
    assert behind.model().rowCount() == whole - part
    assert shortcomings(reports.window) == {}
    opened: list[str] = []
    reports.desk.show_enquiry.connect(opened.append)
    behind.setFocus()
    QTest.keyClick(behind, Qt.Key.Key_Return)
    settled(reports)
    assert len(opened) == 1


@pytest.mark.parametrize("form", [Form.CSV, Form.PDF])
def test_what_lies_behind_a_figure_is_saved_as_it_is_listed(reports: Running, tmp_path: Path, form: Form) -> None:
    view = table(reports)
    view = go_to(reports, row_of(view, "Housing"), 3)
    QTest.keyClick(view, Qt.Key.Key_Return)
    settled(reports)
    behind = named(reports.window, QTableView, "behindList")
    listed = [str(behind.model().index(row, 1).data()) for row in range(behind.model().rowCount())]
    keys = Qt.Key.Key_E if form is Form.CSV else Qt.Key.Key_P
    QTest.keyClick(reports.window, keys, Qt.KeyboardModifier.ControlModifier)
    dialog = save_dialog(reports)
    assert [Path(path).name for path in dialog.selectedFiles()] == [f"enquiries.{form.value}"]
    file = tmp_path / f"mine.{form.value}"
    dialog.fileSelected.emit(str(file))
    dialog.done(0)
    wait_until(file.exists)
    settled(reports)
    if form is Form.CSV:
        saved = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
        assert [line[0] for line in saved[1:]] == listed
        assert listed
    else:
        assert file.read_bytes().startswith(b"%PDF")
    press(reports.window, "behindSave")
    assert save_dialog(reports).isVisible()


def test_escape_goes_back_to_the_figure_somebody_came_from(reports: Running) -> None:
    view = go_to(reports, 0, 4)
    QTest.keyClick(view, Qt.Key.Key_Return)
    settled(reports)
    assert focused() is view, "no enquiries lie behind a target"
    go_to(reports, 1, 2)
    QTest.keyClick(view, Qt.Key.Key_Return)
    settled(reports)
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    settled(reports)
    assert focused() is view
    assert (view.currentIndex().row(), view.currentIndex().column()) == (1, 2)


def test_another_split_has_other_rows(reports: Running) -> None:
    choose(reports, "reportBy", 2)
    view = table(reports)
    assert row_of(view, "Cllr Number 1") >= 0
    assert view.model().headerData(0, Qt.Orientation.Horizontal) == "Councillor"


def test_two_dates_are_typed_as_people_type_them(reports: Running) -> None:
    choose(reports, "reportPeriod", TWO_DATES)
    first, last = (named(reports.window, QLineEdit, name) for name in ("reportFirst", "reportLast"))
    assert focused() is first
    first.setText("1/10/2026")
    last.setText("31 oct 2026")
    QTest.keyClick(last, Qt.Key.Key_Return)
    settled(reports)
    assert words_of(reports.window, "reportTitle").endswith("October 2026")
    assert words_of(reports.window, "reportPeriodEcho") == "Thursday 1 October 2026 to Saturday 31 October 2026"


def test_a_period_that_is_none_is_said_and_leads_to_its_field(reports: Running) -> None:
    choose(reports, "reportPeriod", TWO_DATES)
    for first, last, words in (
        ("", "today", "Type the first day."),
        ("1/2/2026", "the other day", "The last day: “the other day” is not a date."),
        ("5/2/2026", "4/2/2026", "4 February 2026 comes before 5 February 2026."),
    ):
        named(reports.window, QLineEdit, "reportFirst").setText(first)
        named(reports.window, QLineEdit, "reportLast").setText(last)
        named(reports.window, QPushButton, "reportShow").click()
        settled(reports)
        link = named(reports.window, QPushButton, "reportWrongLink0")
        assert link.text() == words
        link.click()
        assert focused().objectName() in {"reportFirst", "reportLast"}
    assert shortcomings(reports.window) == {"without_letter": ["reportWrongLink0"]}


def test_a_period_without_enquiries_says_so_and_what_to_do(running: Running) -> None:
    go_there(running)
    choose(running, "reportPeriod", TWO_DATES)
    for name in ("reportFirst", "reportLast"):
        named(running.window, QLineEdit, name).setText("3/3/2003")
    named(running.window, QPushButton, "reportShow").click()
    settled(running)
    assert words_of(running.window, "reportEmpty").startswith("No enquiry was received in 3 March 2003")
    assert not table(running).isVisible()


def test_what_goes_wrong_is_said_with_advice_and_the_last_figures_stay(
    reports: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise Unavailable("The file cannot be read.", advice="Start the program again.")

    monkeypatch.setattr(ui.reports.page, "performance", broken)
    choose(reports, "reportBy", 1)
    assert words_of(reports.window, "bannerTitle") == "The file cannot be read."
    assert table(reports).isVisible()


def test_a_slow_report_says_how_far_it_is_and_can_be_stopped(reports: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    going = threading.Event()

    def slow(app: object, *_args: object, watch: Watch) -> None:
        del app
        while not going.wait(0.01):
            watch.at("Adding up June 2026", 3, 12)

    monkeypatch.setattr(ui.reports.page, "performance", slow)
    box = named(reports.window, QComboBox, "reportBy")
    box.activated.emit(0)
    bar = named(page_of(reports), QProgressBar, "reportWorkingBar")
    try:
        wait_until(lambda: bar.isVisible() and bar.maximum() == 12)
        assert words_of(reports.window, "reportWorkingStage") == "Adding up June 2026"
        assert shortcomings(reports.window) == {}
        named(reports.window, QPushButton, "reportWorkingStop").click()
        wait_until(lambda: table(reports).isVisible())
    finally:
        going.set()
    settled(reports)


def test_what_changes_meanwhile_shows_in_the_figures_and_behind_them(reports: Running) -> None:
    view = go_to(reports, row_of(table(reports), "All"), 1)
    before = int(shown(view, view.currentIndex().row(), 1))
    QTest.keyClick(view, Qt.Key.Key_Return)
    settled(reports)
    done: list[object] = []
    reports.desk.ask(
        lambda app: casework(Office(parts=app, clock=StoppedClock(MONDAY)), 150), owner=reports.desk, done=done.append
    )
    wait_until(lambda: bool(done))
    behind = named(reports.window, BehindPart, "behind").view
    wait_until(lambda: behind.model().rowCount() > before)


def save_dialog(running: Running) -> QFileDialog:
    return named(running.window, QFileDialog, "saveDialog")


def test_a_report_is_saved_where_somebody_says(reports: Running, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for form in Form:
        QTest.keyClick(reports.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        dialog = save_dialog(reports)
        assert [Path(path).name for path in dialog.selectedFiles()] == ["performance-area-2026-04-01-to-2027-03-31.csv"]
        dialog.fileSelected.emit(str(folder / f"mine.{form.value}"))
        dialog.done(0)
        dialog.setObjectName("")
        wait_until((folder / f"mine.{form.value}").exists)
        settled(reports)
    assert {path.name for path in folder.iterdir()} == {f"mine.{form.value}" for form in Form}
    lines = list(csv.reader(io.StringIO((folder / "mine.csv").read_text("utf-8-sig"))))
    view = table(reports)
    said = dict(zip(*[line for line in lines if line[:1] in (["Service area"], ["Housing"])], strict=True))
    share = OutOf(int(said["Answered in time"]), int(said["Answered in time: of"]))
    assert share.words == shown(view, row_of(view, "Housing"), 3)


def test_a_place_that_cannot_be_written_is_said_with_advice(reports: Running, tmp_path: Path) -> None:
    QTest.keyClick(reports.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    dialog = save_dialog(reports)
    dialog.fileSelected.emit(str(tmp_path / "no-such-folder" / "mine.csv"))
    dialog.reject()
    settled(reports)
    assert "cannot be written" in words_of(reports.window, "bannerTitle")
    assert "has room" in words_of(reports.window, "bannerAdvice")


def test_saving_that_takes_a_while_shows_how_far_it_is_and_can_be_stopped(reports: Running, tmp_path: Path) -> None:
    page = page_of(reports)

    def slow(_app: object, file: Path, _form: Form, watch: Watch) -> Saved:
        for _step in range(2_000):
            watch.at("Writing the list", 1, 2)
            threading.Event().wait(0.005)
        return Saved(file=file, rows=1)

    said: list[str] = []
    reports.desk.said.connect(said.append)
    Saving(reports.desk, page).write(Wish(title="", name="", write=slow), tmp_path / "x.csv", Form.CSV)
    wait_until(lambda: any(label.isVisible() for label in reports.window.findChildren(QLabel, "savingStage")))
    named(reports.window, QPushButton, "savingStop").click()
    wait_until(lambda: said == ["Stopped. Nothing was written."])
