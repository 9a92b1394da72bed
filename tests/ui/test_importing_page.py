"""A table or mail is dropped on the window, looked at, brought in, stopped and taken back, by keyboard alone."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QPushButton,
    QTableView,
    QWidget,
)

from member_tracker.app import App
from member_tracker.domain.enquiry import Enquiry
from member_tracker.profile import Profile
from member_tracker.services import importing, importing_lots
from member_tracker.services.enquiries import add_note
from member_tracker.services.importing_making import Maker
from member_tracker.services.importing_rows import Ready
from tests.ui.checks import nameless, never_visited, same_letters, same_names, taken_for_markup, without_current_row
from tests.ui.test_tray import MAIL
from tests.ui.test_window import rows
from tests.ui.walking import named, press, words_of
from tests.ui.windows import at_rest
from ui.app import Running
from ui.deeds import Deed
from ui.importing.page import ImportPage
from ui.picture import wait_until

HEAD = "Cllr,Who,Service area,Date,Issue,Ref"
GOOD = "Cllr Priya Marsden,Person {0},Housing,0{0}/10/2025,Damp {0},OLD-{0}"
BAD = "Cllr Priya Marsden,Person 9,Homes & Estates,09/10/2025,Damp 9,OLD-9"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text("\n".join([HEAD, *(GOOD.format(number) for number in range(1, 5)), BAD]) + "\n", encoding="utf-8")
    return path


def drop(running: Running, *paths: Path) -> None:
    """Drop files on the window, as a file manager does."""
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    actions, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPointF(10, 10).toPoint(), actions, carried, left, none)
    QApplication.sendEvent(running.window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(running.window, QDropEvent(QPointF(10, 10), actions, carried, left, none))


def shown(running: Running, name: str) -> None:
    wait_until(lambda: any(each.isVisible() for each in running.window.findChildren(QWidget, name)))
    at_rest(running)


def previewed(running: Running, table: Path) -> None:
    drop(running, table)
    shown(running, "importPreviewTitle")
    columns = {named(running.window, QLabel, f"importColumn{place}Label").text(): place for place in range(6)}
    who = named(running.window, QComboBox, f"importColumn{columns['Who']}")
    who.setCurrentText("Resident")
    wait_until(lambda: "rows can be imported" in words_of(running.window, "importSummary"))
    at_rest(running)


def counted(running: Running) -> int:
    found: list[int] = []
    running.desk.ask(lambda app: len(importing.imports(app)), owner=running, done=found.append)
    wait_until(lambda: bool(found))
    return found[0]


def test_a_dropped_table_is_looked_at_and_its_columns_are_chosen(running: Running, table: Path) -> None:
    drop(running, table)
    shown(running, "importPreviewTitle")
    assert "5 rows and 6 columns, read as UTF-8 with a comma" in words_of(running.window, "importFacts")
    assert words_of(running.window, "importSummary") == "Choose the column for: resident."
    assert not named(running.window, QPushButton, "importGo").isEnabled()
    named(running.window, QComboBox, "importColumn1").setCurrentText("Resident")
    wait_until(lambda: words_of(running.window, "importSummary").startswith("4 of 5 rows"))
    assert rows(running.window, "importProblems")[0].startswith("Row 6: There is no service area called")
    assert counted(running) == 0


def test_the_preview_can_be_used_without_eyes_and_without_a_mouse(running: Running, table: Path) -> None:
    previewed(running, table)
    checks = (nameless, same_names, same_letters, without_current_row, taken_for_markup, never_visited)
    assert {check.__name__: check(running.window) for check in checks if check(running.window)} == {}


def test_a_name_that_is_not_known_stands_for_one_that_is_and_all_rows_come_in_and_go_again(
    running: Running, table: Path
) -> None:
    previewed(running, table)
    named(running.window, QComboBox, "importKnown").setCurrentText("Housing")
    press(running.window, "importStandFor")
    wait_until(lambda: words_of(running.window, "importSummary") == "5 of 5 rows can be imported.")
    running.window.activateWindow()
    wait_until(running.window.isActiveWindow)
    QTest.keyClick(running.window, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
    shown(running, "importSaid")
    assert words_of(running.window, "importSaid").startswith("5 enquiries were imported.")
    assert len(rows(running.window, "importList")) == 1
    named(running.window, ImportPage, "importPage").deeds()[Deed.UNDO]()
    wait_until(lambda: words_of(running.window, "importSaid").startswith("Undone: 5"))
    at_rest(running)
    assert not named(running.window, QTableView, "importList").isVisible()


def test_what_was_worked_on_since_stays_when_an_import_is_undone_and_is_counted(running: Running, table: Path) -> None:
    previewed(running, table)
    press(running.window, "importGo")
    shown(running, "importSaid")

    def work(app: App) -> None:
        with app.store.reading() as tx:
            imported = next(each for each in tx.every(Enquiry) if each.other_reference == "OLD-3")
        add_note(app, imported.id, "Rang.")

    running.desk.ask(work, owner=running.window)
    at_rest(running)
    press(running.window, "importUndo")
    undone = "Undone: 3 enquiries were taken back. 1 was changed since and stays."
    wait_until(lambda: words_of(running.window, "importSaid") == undone)
    at_rest(running)
    assert not named(running.window, QTableView, "importList").isVisible()


def test_rows_with_problems_are_left_out_and_the_same_file_is_noticed(running: Running, table: Path) -> None:
    previewed(running, table)
    press(running.window, "importGo")
    shown(running, "importSaid")
    assert words_of(running.window, "importSaid").startswith("4 enquiries")
    drop(running, table)
    shown(running, "importBefore")
    assert "imported already" in words_of(running.window, "importBefore")
    assert words_of(running.window, "importSummary").startswith("0 of 5 rows")


@pytest.mark.soak
def test_dates_and_councillors_are_read_otherwise_where_somebody_says_so(running: Running, tmp_path: Path) -> None:
    path = tmp_path / "us.csv"
    path.write_text("Who,Service area,Date,Issue\nPerson 1,Housing,10/09/2025,Damp\n", encoding="utf-8")
    drop(running, path)
    shown(running, "importPreviewTitle")
    named(running.window, QComboBox, "importColumn0").setCurrentText("Resident")
    named(running.window, QComboBox, "importCouncillor").setCurrentIndex(1)
    named(running.window, QCheckBox, "importMonthFirst").setChecked(True)
    named(running.window, QCheckBox, "importMake").setChecked(True)
    wait_until(lambda: words_of(running.window, "importSummary") == "1 of 1 row can be imported.")
    page = named(running.window, ImportPage, "importPage")
    assert not page._preview.plan.day_first


def test_dropped_mail_goes_where_mail_goes(running: Running, tmp_path: Path) -> None:
    files = []
    for number in (1, 2):
        path = tmp_path / f"{number}.eml"
        path.write_text(MAIL.format(subject="A word", number=number, text="Thank you."), encoding="utf-8")
        files.append(path)
    drop(running, *files)
    shown(running, "importSaid")
    assert words_of(running.window, "importSaid") == "2 mails read. 2 in the tray of unmatched mail."


@pytest.mark.soak
@pytest.mark.parametrize("kinds", [("a.csv", "b.csv"), ("a.csv", "b.eml")])
def test_files_that_do_not_go_together_are_refused_in_words(
    running: Running, tmp_path: Path, kinds: tuple[str, ...]
) -> None:
    files = [tmp_path / kind for kind in kinds]
    for file in files:
        file.write_text("x,y\n", encoding="utf-8")
    drop(running, *files)
    shown(running, "banner")
    assert words_of(running.window, "bannerAdvice") == "Drop one after the other."


@pytest.mark.soak
def test_a_file_without_a_table_is_said_and_the_page_stays(running: Running, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    drop(running, tmp_path / "empty.csv")
    shown(running, "banner")
    assert words_of(running.window, "bannerTitle") == "The file is empty."
    assert named(running.window, QPushButton, "importChooseFile").isVisible()


def test_an_import_that_takes_long_is_stopped_with_esc_gone_on_with_and_taken_back_whole(
    running: Running, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    previewed(running, table)
    real = Maker.make

    def slowly(maker: Maker, row: Ready) -> object:
        writing.set()
        while not stopping.wait(0.01):
            pass
        return real(maker, row)

    writing, stopping = threading.Event(), threading.Event()
    monkeypatch.setattr(Maker, "make", slowly)
    monkeypatch.setattr(importing_lots, "LOT", 2)
    press(running.window, "importGo")
    wait_until(writing.is_set)
    QTest.keyClick(named(running.window, QPushButton, "importingStop"), Qt.Key.Key_Escape)
    stopping.set()
    shown(running, "importSaid")
    assert words_of(running.window, "importSaid").startswith("Stopped. 2 enquiries were imported: ")
    assert "In part" in rows(running.window, "importList")[0]
    drop(running, table)
    shown(running, "importBefore")
    assert (
        words_of(running.window, "importSummary")
        == "2 of 3 rows can be imported. 1 row has problems and would be left out."
    )
    assert named(running.window, QPushButton, "importGo").text() == "Im&port 2 rows"
    press(running.window, "importGo")
    shown(running, "importSaid")
    assert words_of(running.window, "importSaid").startswith("4 enquiries were imported.")
    assert counted(running) == 1
    named(running.window, ImportPage, "importPage").deeds()[Deed.UNDO]()
    wait_until(lambda: words_of(running.window, "importSaid").startswith("Undone: 4"))
    assert counted(running) == 0


@pytest.mark.soak
def test_a_template_is_saved_and_a_file_is_chosen_in_the_systems_way(
    running: Running, tmp_path: Path, practice: Profile
) -> None:
    del practice
    running.window.menus.pages["import"].trigger()
    at_rest(running)
    press(running.window, "importTemplate")
    dialog = named(running.window, QFileDialog, "templateDialog")
    dialog.fileSelected.emit(str(tmp_path / "nowhere" / "template.csv"))
    shown(running, "banner")
    dialog.fileSelected.emit(str(tmp_path / "template.csv"))
    dialog.reject()
    shown(running, "importSaid")
    assert (tmp_path / "template.csv").read_bytes().startswith(b"\xef\xbb\xbfCouncillor,")
    press(running.window, "importChooseFile")
    dialog = named(running.window, QFileDialog, "importDialog")
    dialog.filesSelected.emit([str(tmp_path / "template.csv")])
    dialog.reject()
    shown(running, "importPreviewTitle")
    assert "1 row and 21 columns" in words_of(running.window, "importFacts")


@pytest.mark.soak
def test_a_file_the_program_was_opened_with_is_looked_at(running: Running, table: Path) -> None:
    running.desk.file_handed.emit(str(table))
    shown(running, "importPreviewTitle")
    assert words_of(running.window, "importFacts").startswith("5 rows")


def test_what_is_no_file_is_not_taken(running: Running) -> None:
    carried = QMimeData()
    carried.setText("words")
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPointF(10, 10).toPoint(), Qt.DropAction.CopyAction, carried, left, none)
    enter.ignore()
    QApplication.sendEvent(running.window, enter)
    assert not enter.isAccepted()
