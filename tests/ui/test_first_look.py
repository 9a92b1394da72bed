"""Today is painted before the profile is open, as the page itself shows it, and never where nothing may be shown."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QStackedWidget, QTableView, QWidget
from pytestqt.qtbot import QtBot

import member_tracker.app
from member_tracker.app import App
from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import Unavailable
from member_tracker.profile import Profile
from member_tracker.store.keys import KEY_FILE
from member_tracker.system_clock import now
from tests.ui.walking import named, words_of
from tests.ui.windows import at_rest, window_on
from ui.app import Running
from ui.picture import wait_for, wait_until
from ui.places import Place
from ui.remembered import FILE
from ui.widgets.rows_view import RowsView

SECTIONS = ("overdueSectionTable", "dueSectionTable", "newSectionTable")
ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.ToolTipRole,
)


@pytest.fixture
def gate(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """No profile is opened until it is set."""
    del qtbot
    made = threading.Event()
    real: Callable[..., App] = member_tracker.app.build

    def build(*args: object, **said: object) -> App:
        assert made.wait(30)
        return real(*args, **said)

    monkeypatch.setattr(member_tracker.app, "build", build)
    yield made
    made.set()


def is_looked_at(running: Running) -> bool:
    page = running.window.findChild(QWidget, "todayPage")
    return page is not None and page.isVisible() and running.window.is_furnished


def is_shown(running: Running, name: str) -> bool:
    page = running.window.findChild(QWidget, name)
    return page is not None and page.isVisible()


def seen(running: Running) -> list[object]:
    """All that Today and the navigation say, with the colours and icons of every cell."""
    window = running.window
    said: list[object] = [
        (label.objectName(), label.text(), label.isVisible())
        for label in named(window, QWidget, "todayPage").findChildren(QLabel)
    ]
    for name in SECTIONS:
        table = named(window, QTableView, name)
        model = table.model()
        said.append((name, table.isVisible(), model.rowCount(), table.currentIndex().row()))
        for row in range(model.rowCount()):
            for column in range(model.columnCount()):
                index = model.index(row, column)
                said.append([index.data(role) for role in ROLES])
                colour, icon = index.data(Qt.ItemDataRole.ForegroundRole), index.data(Qt.ItemDataRole.DecorationRole)
                said.append((colour.color().name() if colour else None, icon.cacheKey() if icon else None))
    places = window.navigation.places.model()
    said += [
        places.index(row, 0).data(role)
        for row in range(places.rowCount())
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.UserRole + 1)
    ]
    said += [window.windowTitle(), window.findChildren(QLabel, "practiceNote")[0].text()]
    return said


def test_what_is_seen_first_is_what_the_open_profile_shows_and_nothing_flickers(
    gate: threading.Event, qapp: QApplication, practice: Profile
) -> None:
    with window_on(qapp, practice) as running:
        running.window.resize(1366, 768)
        wait_until(lambda: is_looked_at(running))
        assert not running.desk.is_open
        first = seen(running)
        assert [row for row in first if row == (SECTIONS[0], True, 3, 0)]
        resets: list[str] = []
        for name in SECTIONS:
            model = named(running.window, QTableView, name).model()
            model.modelReset.connect(lambda name=name: resets.append(name))
        shown: list[int] = []
        pages = named(running.window, QStackedWidget, "pages")
        pages.currentChanged.connect(shown.append)
        gate.set()
        wait_until(lambda: running.desk.is_open)
        wait_until(lambda: not running.desk.jobs.under_way)
        assert seen(running) == first
        assert resets == []
        assert shown == []
        assert len(running.window.findChildren(QWidget, "todayPage")) == 1


def test_what_is_chosen_at_the_first_look_is_shown_once_the_profile_is_open(
    gate: threading.Event, qapp: QApplication, practice: Profile
) -> None:
    with window_on(qapp, practice) as running:
        wait_until(lambda: is_looked_at(running))
        named(running.window, RowsView, SECTIONS[0]).row_chosen.emit(0)
        gate.set()
        wait_until(lambda: running.desk.is_open)
        at_rest(running)
        assert running.window.navigation.place is Place.OPEN
        assert is_shown(running, "enquiryDetail")


def test_a_place_gone_to_at_the_first_look_is_shown_once_the_profile_is_open(
    gate: threading.Event, qapp: QApplication, practice: Profile
) -> None:
    with window_on(qapp, practice) as running:
        wait_until(lambda: is_looked_at(running))
        running.window.go_to(Place.RESIDENTS)
        gate.set()
        wait_until(lambda: running.desk.is_open)
        at_rest(running)
        assert is_shown(running, "residentsPage")
        assert not is_shown(running, "todayPage")


def test_nothing_of_a_profile_stays_in_sight_that_cannot_be_opened(
    qtbot: QtBot, qapp: QApplication, practice: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    del qtbot

    def refuse(*_args: object, **_said: object) -> App:
        raise Unavailable("The disk is full.", advice="Make room on it and try again.")

    monkeypatch.setattr(member_tracker.app, "build", refuse)
    with window_on(qapp, practice) as running:
        wait_until(lambda: is_shown(running, "bannerTitle"))
        wait_for(1)
        assert running.window.findChild(QWidget, "todayPage") is None
        assert named(running.window, QLabel, "bannerTitle").text() == "The disk is full."
        assert "overdue" not in running.window.windowTitle()


def test_where_the_window_was_at_another_list_today_is_not_shown_before_it(
    gate: threading.Event, qapp: QApplication, practice: Profile
) -> None:
    kept = QSettings(str(practice.folder / FILE), QSettings.Format.IniFormat)
    kept.setValue("window/at", Place.ALL.value)
    kept.setValue("window/on", local_date(now()).isoformat())
    kept.sync()
    with window_on(qapp, practice) as running:
        wait_until(lambda: running.window.is_furnished)
        assert running.window.findChild(QWidget, "todayPage") is None
        gate.set()
        wait_until(lambda: running.desk.is_open)
        at_rest(running)
        assert running.window.navigation.place is Place.ALL


def test_before_a_passphrase_is_typed_nothing_is_shown(
    gate: threading.Event, qapp: QApplication, tmp_path: Path
) -> None:
    gate.set()
    folder = tmp_path / "own"
    member_tracker.app.build(Profile(folder=folder), passphrase=lambda: "four quiet words here").store.close()
    with window_on(qapp, Profile(folder=folder)) as running:
        wait_until(lambda: is_shown(running, "passphrasePage"))
        assert running.window.findChild(QWidget, "todayPage") is None
        assert not running.window.shows_casework


def test_the_menus_have_no_entries_before_the_first_list_and_all_of_them_when_one_is_opened(
    gate: threading.Event, qapp: QApplication, practice: Profile
) -> None:
    with window_on(qapp, practice) as running:
        bar = running.window.menuBar()
        assert [action.text() for action in bar.actions()] == ["&File", "&Enquiry", "&View", "&Help"]
        assert not running.window.is_furnished
        for action in bar.actions():
            menu = action.menu()
            assert isinstance(menu, QMenu)
            menu.aboutToShow.emit()
            assert menu.actions()
        assert not running.window.menus.log.isEnabled()
        assert running.window.menus.quit.isEnabled()
        gate.set()
        wait_until(lambda: running.desk.is_open)
        at_rest(running)
        assert running.window.menus.log.isEnabled()


def test_a_first_look_a_moment_before_midnight_is_of_that_day(
    gate: threading.Event, qapp: QApplication, practice: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("member_tracker.system_clock.now", lambda: now() + timedelta(days=1))
    with window_on(qapp, practice) as running:
        wait_until(lambda: is_looked_at(running))
        tomorrow = named(running.window, QLabel, "todayTitle").text()
        gate.set()
        wait_until(lambda: running.desk.is_open)
        at_rest(running)
        assert named(running.window, QLabel, "todayTitle").text() != tomorrow


def test_where_a_profile_cannot_be_opened_the_window_has_its_icons_and_its_menus_all_the_same(
    qapp: QApplication, practice: Profile
) -> None:
    (practice.folder / KEY_FILE).unlink()
    with window_on(qapp, practice) as running:
        wait_until(lambda: running.window.status.words == "Nothing is open")
        at_rest(running)
        assert words_of(running.window, "bannerTitle") == "This profile has no key."
        assert running.window.is_furnished
        assert not running.window.windowIcon().isNull()
        places = running.window.navigation.places.model()
        assert all(
            not places.index(row, 0).data(Qt.ItemDataRole.DecorationRole).isNull() for row in range(places.rowCount())
        )
