"""What the window remembers until it is reset: panes, columns, place and size of text, on a screen that is there."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QListView, QSplitter, QTableView, QWidget
from pytestqt.qtbot import QtBot

from member_tracker.profile import Profile
from tests.ui.walking import named
from tests.ui.windows import at_rest, window_on
from ui import look
from ui.app import Running
from ui.picture import wait_until
from ui.places import Place
from ui.remembered import FILE
from ui.shell.screens import bring_onto_a_screen


@pytest.fixture(autouse=True)
def usual_text(qapp: QApplication) -> Iterator[None]:
    """Text is as large as before for the tests that follow."""
    before = qapp.font()
    yield
    qapp.setFont(before)


def set_up(running: Running) -> None:
    """Have the window as nobody has it at first."""
    running.window.go_to(Place.ALL)
    at_rest(running)
    running.window.menus.larger.trigger()
    at_rest(running)
    named(running.window, QTableView, "enquiryList").setColumnWidth(0, 201)
    named(running.window, QSplitter, "paneSplit").setSizes([600, 400])
    at_rest(running)


def share_of_list(running: Running) -> float:
    """How much of the two panes the list has: screens without one differ in size, so widths cannot be compared."""
    sizes = named(running.window, QSplitter, "paneSplit").sizes()
    return sizes[0] / sum(sizes)


def _give_text(app: QApplication, points: float) -> None:
    """As a fresh start finds it."""
    font = app.font()
    font.setPointSizeF(points)
    app.setFont(font)


def test_the_window_opens_as_it_was_left_and_can_be_put_back_as_it_is_at_first(
    running: Running, practice: Profile, qapp: QApplication
) -> None:
    usual_points = qapp.font().pointSizeF()
    running.window.go_to(Place.ALL)
    at_rest(running)
    usual_share, usual_width = share_of_list(running), named(running.window, QTableView, "enquiryList").columnWidth(0)
    set_up(running)
    running.window.close()
    _give_text(qapp, usual_points)
    with window_on(qapp, practice) as again:
        wait_until(lambda: again.desk.is_open)
        at_rest(again)
        table = named(again.window, QTableView, "enquiryList")
        assert again.window.navigation.place is Place.ALL
        assert qapp.font().pointSizeF() == usual_points + 1
        assert table.columnWidth(0) == 201
        assert share_of_list(again) > usual_share + 0.03
        again.window.menus.reset.trigger()
        at_rest(again)
        assert qapp.font().pointSizeF() == usual_points
        assert table.columnWidth(0) == usual_width
        assert share_of_list(again) == pytest.approx(usual_share, abs=0.02)


def test_ctrl_0_gives_text_its_usual_size_and_what_is_kept_is_the_difference(
    running: Running, practice: Profile, qapp: QApplication
) -> None:
    usual = qapp.font().pointSizeF()
    width = running.window.navigation.width()
    for _step in range(4):
        running.window.menus.larger.trigger()
    running.keep_all()
    assert qapp.font().pointSizeF() == usual + 4
    assert running.window.navigation.width() > width
    kept = QSettings(str(practice.folder / FILE), QSettings.Format.IniFormat)
    assert float(str(kept.value("window/larger"))) == 4
    running.window.menus.usual_size.trigger()
    assert qapp.font().pointSizeF() == usual


def test_a_new_day_begins_with_today(running: Running, practice: Profile, qapp: QApplication) -> None:
    set_up(running)
    running.window.menus.usual_size.trigger()
    running.window.close()
    kept = QSettings(str(practice.folder / FILE), QSettings.Format.IniFormat)
    kept.setValue("window/on", "2026-01-05")
    kept.sync()
    with window_on(qapp, practice) as again:
        wait_until(lambda: again.desk.is_open)
        assert again.window.navigation.place is Place.TODAY


def test_a_window_left_on_a_screen_that_is_gone_comes_back_whole(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    for left, top in ((-5_000, -4_000), (9_000, 200), (100, 9_000)):
        window.resize(5_000, 400)
        window.move(left, top)
        bring_onto_a_screen(window)
        room = QGuiApplication.primaryScreen().availableGeometry()
        assert room.contains(window.frameGeometry())


def test_what_a_file_of_another_version_says_is_passed_over(
    running: Running, practice: Profile, qapp: QApplication
) -> None:
    running.window.close()
    kept = QSettings(str(practice.folder / FILE), QSettings.Format.IniFormat)
    for name, said in (
        ("window/colours", "purple"), ("window/larger", "much"), ("window/at", "nowhere"),
        ("window/geometry", "here"), ("letters/enquiryList", "1 2 3 4 5 6 7"), ("panes/paneSplit", "wide"),
    ):  # fmt: skip
        kept.setValue(name, said)
    kept.sync()
    with window_on(qapp, practice) as again:
        wait_until(lambda: again.desk.is_open)
        again.window.go_to(Place.OPEN)
        at_rest(again)
        assert named(again.window, QListView, "places").currentIndex().isValid()
        assert named(again.window, QTableView, "enquiryList").columnWidth(0) > look.ROOM


def test_columns_hold_as_many_letters_at_any_size_of_text(running: Running) -> None:
    running.window.go_to(Place.ALL)
    at_rest(running)
    table = named(running.window, QTableView, "enquiryList")
    usual = table.columnWidth(0), table.rowHeight(0)
    for _time in range(4):
        running.window.menus.larger.trigger()
    at_rest(running)
    assert table.columnWidth(0) > usual[0]
    assert table.rowHeight(0) > usual[1]
    running.window.menus.usual_size.trigger()
    at_rest(running)
    assert (table.columnWidth(0), table.rowHeight(0)) == usual
