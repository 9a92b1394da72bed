"""The user guide walked through in the window: its labels are on the screen, its menus and keys are the program's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

from member_tracker.app import App
from member_tracker.domain.enquiry import Enquiry
from member_tracker.services.collecting import collect
from member_tracker.services.practice import put_into_inbox
from tests import guides
from tests.desktop.casework import UNMATCHED
from tests.fakes.clock import StoppedClock
from tests.guides import GUIDES, USER, plain
from tests.ui.exchange import Exchange, with_exchange
from tests.ui.walking import inner, named, press
from ui.app import Running
from ui.first_run.pages import CouncilPage, PassphrasePage, Welcome
from ui.help.keys import BESIDE, keys_of
from ui.picture import settle
from ui.places import Place
from ui.widgets.page import Page

NOT_WALKED = {
    "As text": "in the original of a mail that has HTML",
    "Copy for your IT team": "after a mailbox was refused",
    "Copy the words": "where a hub did not take a change",
    "Keep what stands": "where two people changed the same thing",
    "Letter (PDF)": "where an email and an address are held",
    "Look and decide": "after a connection broke while sending",
    "It did not go": "after a connection broke while sending",
    "It went": "after a connection broke while sending",
    "Log as linked with it": "where there is an enquiry like it",
    "Put all these times right": "after the clock was wrong",
    "Put back": "after something was deleted",
    "Send it again": "after a connection broke while sending",
    "Send it from here": "where another computer holds a mail",
    "Sign in again": "where a mailbox is not read",
    "Stage 2 was asked for": "on a complaint at stage 1",
    "Take apart again": "on an enquiry that was merged",
    "Take it off the list": "where a hub did not take a change",
    "Take the other": "where two people changed the same thing",
}
"""Labels that are shown in other circumstances than a practice profile on one computer has."""

TABLE = (
    "Councillor,Resident,Service area,Date received,Subject\nCllr Tom Ashworth,Jory Pascoe,Highways,03/11/2026,Hole\n"
)


def texts_of(root: QWidget) -> Iterator[str]:
    """What a person reads on that part of the screen, as it is read."""
    for widget in [root, *root.findChildren(QWidget)]:
        if not widget.isVisible() or inner(widget):
            continue
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        elif isinstance(widget, QComboBox):
            yield from (widget.itemText(place) for place in range(widget.count()))
        elif isinstance(widget, QMenu):
            yield from (action.text() for action in widget.actions())
        elif isinstance(widget, QTableView | QListView):
            yield from _cells(widget)


def _cells(table: QTableView | QListView) -> Iterator[str]:
    model = table.model()
    for column in range(model.columnCount() if isinstance(table, QTableView) else 1):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        yield from (str(model.index(row, column).data() or "") for row in range(min(model.rowCount(), 20)))


class Walk:
    """Goes through the window and remembers what was on the screen."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.window = running.window
        self.seen: set[str] = set()

    def look(self) -> None:
        """Wait until everything is there, and read it; dialogs and menus above the window too."""
        settle(self.running.desk.jobs)
        for top in QApplication.topLevelWidgets():
            if top.isVisible():
                self.seen |= {plain(text) for text in texts_of(top)}

    def press(self, *names: str) -> None:
        """Press these buttons one after the other, wherever they are."""
        for name in names:
            dialogs = [
                each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()
            ]
            press(dialogs[-1] if dialogs else self.window, name)
            self.look()

    def go(self, place: Place) -> None:
        self.window.go_to(place)
        self.look()

    def page(self, name: str, about: object = None) -> None:
        self.running.desk.page_wanted.emit(name, about)
        self.look()

    def type(self, name: str, text: str) -> None:
        named(self.window, QLineEdit, name).setText(text)
        self.look()

    def open(self, table: str, *, row: int) -> None:
        found = named(self.window, QTableView, table)
        found.setCurrentIndex(found.model().index(row, 0))
        QTest.keyClick(found, Qt.Key.Key_Return)
        self.look()

    def put_away(self) -> None:
        """Close what is open above the window."""
        for top in QApplication.topLevelWidgets():
            if top is not self.window and top.isVisible():
                top.close()
        settle(self.running.desk.jobs)


def log_and_send(walk: Walk) -> None:
    walk.page("form")
    walk.type("residentField", "Tamsin Ferreira")
    walk.type("subjectField", "Missed bin")
    walk.type("answer1", "Brown")
    walk.type("answer2", "?")
    named(walk.window, QPlainTextEdit, "textField").setPlainText("Left on Friday. She asks when it will be emptied.")
    walk.press("saveButton", "sendButton", "composeSend", "composeConfirmAgree", "heldUndo")


def read_and_tell(walk: Walk) -> None:
    walk.go(Place.DUE_SOON)
    walk.open("enquiryList", row=1)
    walk.press("acceptButton", "ledgerButton", "tellButton", "composeSend", "closeButton")
    walk.go(Place.OVERDUE)
    walk.open("enquiryList", row=0)
    walk.press("tellButton", "composeBack", "noteButton")
    walk.put_away()
    walk.press("filterButton", "moreButton")
    walk.put_away()
    walk.go(Place.UNMATCHED)


def ask_the_resident(walk: Walk) -> None:
    walk.go(Place.DUE_SOON)
    walk.open("enquiryList", row=0)
    walk.press("acceptButton", "moreButton")
    walk.put_away()


def see_to_residents(walk: Walk) -> None:
    walk.go(Place.RESIDENTS)
    walk.open("residentList", row=0)
    walk.press("mergeResident")
    walk.open("residentList", row=1)
    walk.press("mergeNow")


def look_round(walk: Walk, folder: Path) -> None:
    for name in ("settings", "templates", "import", "bin", "hub", "where"):
        walk.page(name)
    table = folder / "enquiries.csv"
    table.write_text(TABLE, encoding="utf-8")
    walk.page("import", [table])
    walk.press("importStandFor", "importGo", "importBack")
    walk.page("import")
    walk.go(Place.REPORTS)
    walk.type("findBox", "mould")
    QTest.keyClick(named(walk.window, QLineEdit, "findBox"), Qt.Key.Key_Return)
    walk.look()
    walk.window.menus.reminders.trigger()
    walk.look()
    walk.put_away()
    walk.window.menus.report.trigger()
    walk.look()
    walk.put_away()


def begin(walk: Walk, clock: StoppedClock) -> None:
    """What a profile of one's own shows besides, and the pages of a first start."""
    with_exchange(walk.running, Exchange(), clock)
    walk.page("hub")
    walk.page("settings")
    named(walk.window, Page, "settingsPage").refresh()  # it was asked while the profile was one to practise with
    walk.look()
    walk.press("addMailbox")
    walk.seen |= {step for path in ways_in(walk.window) for step in path}
    for page in (Welcome(), CouncilPage(("Chorley", "South Ribble")), PassphrasePage(new=True)):
        walk.window.put_in_place(page)
        walk.look()
    walk.running.desk.lock_wanted.emit()
    walk.look()


def bring_mail(app: App) -> None:
    """A mail comes that gives a reference, from somebody nobody knows."""
    with app.store.reading() as tx:
        reference = tx.every(Enquiry)[0].reference
    put_into_inbox(app, UNMATCHED.format(reference=reference).encode())
    collect(app)


@pytest.fixture
def walk(running: Running) -> Walk:
    """A walk through the window, with a mail that nobody could place."""
    running.desk.ask_outside(bring_mail, owner=running)
    settle(running.desk.jobs)
    return Walk(running)


def test_the_labels_of_the_user_guide_are_on_the_screen(walk: Walk, tmp_path: Path, clock: StoppedClock) -> None:
    walk.look()
    next(each for each in walk.window.actions() if each.objectName() == "actionFirstSteps").trigger()
    walk.look()
    log_and_send(walk)
    read_and_tell(walk)
    ask_the_resident(walk)
    see_to_residents(walk)
    look_round(walk, tmp_path)
    begin(walk, clock)
    wanted = {plain(label) for label in guides.labels(USER)}
    assert sorted(wanted - walk.seen - set(NOT_WALKED)) == []
    assert sorted(set(NOT_WALKED) - wanted | set(NOT_WALKED) & walk.seen) == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_the_ways_through_menus_in_a_guide_are_those_of_the_window(running: Running, guide: Path) -> None:
    assert {tuple(map(plain, way)) for way in guides.ways(guide)} <= set(ways_in(running.window))


def ways_in(window: QMainWindow) -> Iterator[tuple[str, ...]]:
    """Every way through the menus of the window."""
    for action in window.menuBar().actions():
        yield from _paths(action.menu(), (plain(action.text()),))


def _paths(menu: object, before: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for action in menu.actions() if isinstance(menu, QMenu) else ():
        if not action.isSeparator():
            yield (*before, plain(action.text()))
            yield from _paths(action.menu(), (*before, plain(action.text())))


def test_the_keys_of_the_user_guide_are_those_the_program_shows(running: Running) -> None:
    running.window.menus.show_hub(shared=True)
    shown = [(key.keys, key.menu, key.deed) for key in keys_of(running.window)]
    assert guides.keys_table(USER) == shown


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_key_a_guide_speaks_of_does_something(running: Running, guide: Path) -> None:
    running.window.menus.show_hub(shared=True)
    known = {key.keys for key in keys_of(running.window)}
    known |= {
        each for keys, _deed in BESIDE for each in keys.replace(",", " and ").replace(" with ", " and ").split(" and ")
    }
    spoken = {keys for keys in guides.keys(guide) if not keys.startswith("Alt+")}
    assert spoken <= {each.strip() for each in known}
