"""Finding as one types: where the words stand, the keyboard's way in and back, and what is said where nothing is."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QPushButton, QTableView, QWidget

from member_tracker.app import App
from member_tracker.domain.errors import Unavailable
from member_tracker.services.finding import Findings, Order
from tests.ui.walking import named, press, words_of
from tests.ui.windows import at_rest
from ui.app import Running
from ui.enquiries.page import CaseworkPage
from ui.find.page import FindPage
from ui.find.reading import read_findings
from ui.jobs import Job
from ui.picture import wait_until
from ui.places import Place


def type_words(running: Running, words: str) -> QLineEdit:
    """Type into the box at the top, with the keyboard, until the answer is painted."""
    running.window.activateWindow()
    wait_until(running.window.isActiveWindow)
    running.window.go_to_find()
    box = named(running.window, QLineEdit, "findBox")
    box.selectAll()
    QTest.keyClicks(box, words)
    at_rest(running)
    return box


def results(running: Running) -> list[str]:
    """What a screen reader says of each result."""
    model = named(running.window, QTableView, "findResults").model()
    role = Qt.ItemDataRole.AccessibleTextRole
    return [model.data(model.index(row, 0), role) for row in range(model.rowCount())]


def shown_page(running: Running) -> QWidget:
    assert running.window._pages is not None
    page = running.window._pages._shown
    assert page is not None
    return page


def test_what_is_typed_is_found_without_pressing_enter_and_says_where_it_stands(running: Running) -> None:
    box = type_words(running, "damp")
    assert box.hasFocus()
    found = results(running)
    assert found
    assert all("damp" in each.lower() for each in found)
    assert found[0].startswith(("Enquiry,", "Note,", "Mail,", "Our mail,"))
    assert "with “damp”, newest first" in words_of(running.window, "findSaid")
    QAbstractItemModelTester(
        named(running.window, QTableView, "findResults").model(), QAbstractItemModelTester.FailureReportingMode.Fatal
    )


def test_down_goes_into_the_results_enter_to_the_enquiry_and_esc_all_the_way_back(running: Running) -> None:
    running.window.go_to(Place.OPEN)
    at_rest(running)
    casework = running.window.findChildren(CaseworkPage)[0]
    view = named(casework, QTableView, "enquiryList")
    QTest.keyClick(view, Qt.Key.Key_End)
    at_rest(running)
    before = view.currentIndex().row(), casework._shown
    box = type_words(running, "damp")
    QTest.keyClick(box, Qt.Key.Key_Down)
    listed = named(running.window, QTableView, "findResults")
    assert listed.hasFocus()
    QTest.keyClick(listed, Qt.Key.Key_Return)
    at_rest(running)
    page = shown_page(running)
    assert isinstance(page, FindPage)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert page._detail.isAncestorOf(focus)
    for expected in (page, casework):
        QTest.keyClick(QApplication.focusWidget() or running.window, Qt.Key.Key_Escape)
        assert shown_page(running) is expected
    assert (view.currentIndex().row(), casework._shown) == before


def test_esc_in_the_box_goes_back_at_once_and_empties_it(running: Running) -> None:
    running.window.go_to(Place.OVERDUE)
    box = type_words(running, "damp")
    QTest.keyClick(box, Qt.Key.Key_Escape)
    at_rest(running)
    assert isinstance(shown_page(running), CaseworkPage)
    assert not box.text()


def test_where_nothing_has_the_words_advice_is_given(running: Running) -> None:
    type_words(running, "zyxomma")
    assert words_of(running.window, "findSaid").startswith("Nothing was found for “zyxomma”.")
    assert "Try fewer words" in words_of(running.window, "findSaid")
    assert not named(running.window, QTableView, "findResults").isVisible()
    box = named(running.window, QLineEdit, "findBox")
    box.selectAll()
    QTest.keyClick(box, Qt.Key.Key_Backspace)
    at_rest(running)
    assert words_of(running.window, "findSaid").startswith("Type a name, a street, a reference")


def test_a_mistyped_reference_is_said_to_be_one_and_the_right_one_is_a_key_away(running: Running) -> None:
    type_words(running, "damp")
    reference = named(running.window, QTableView, "findResults").model().index(0, 2).data()
    wrong = reference[:-1] + ("0" if reference[-1] != "0" else "1")
    type_words(running, wrong)
    assert "its last two characters do not fit" in words_of(running.window, "findSaid")
    press(running.window, "findMeant")
    at_rest(running)
    assert len(results(running)) == 1
    assert reference in results(running)[0]
    assert results(running)[0].startswith("Reference,")


def test_the_best_come_first_on_request(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Order] = []
    real = read_findings

    def noted(app: App, words: str, order: Order, after: object | None = None) -> Findings:
        asked.append(order)
        return real(app, words, order, after)

    monkeypatch.setattr("ui.find.page.read_findings", noted)
    type_words(running, "damp")
    named(running.window, QCheckBox, "findBest").click()
    at_rest(running)
    assert (asked[0], asked[-1]) == (Order.NEWEST, Order.RELEVANCE)
    assert "best matches" in words_of(running.window, "findSaid")


def test_an_answer_to_earlier_words_is_dropped_and_a_slow_one_says_so(running: Running) -> None:
    """The answers are given by hand, the first after the second."""
    page = shown_after(running, "damp")
    told: list[Callable[[Findings], None]] = []
    page.desk.ask = lambda _question, *, owner, done, **_: told.append(done) or Asked()  # type: ignore[method-assign, func-returns-value]  # answers in the test's own time
    page.show_about("bin")
    first = page._asked
    page.show_about("bins")
    assert isinstance(first, Asked)
    assert first.cancelled
    page._slow.timeout.emit()
    assert words_of(page, "findSaid") == "Looking…"
    told[-1](Findings(found=()))
    assert words_of(page, "findSaid").startswith("Nothing was found for “bins”.")
    del page.desk.ask


class Asked(Job):
    """A job that nobody runs."""

    __slots__ = ("cancelled",)

    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


def shown_after(running: Running, words: str) -> FindPage:
    type_words(running, words)
    page = shown_page(running)
    assert isinstance(page, FindPage)
    return page


def test_an_error_is_told_and_the_page_can_be_used_again(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    real = read_findings

    def refused(*_given: object) -> Findings:
        raise Unavailable("The file cannot be read just now.", advice="Try again.")

    monkeypatch.setattr("ui.find.page.read_findings", refused)
    type_words(running, "damp")
    assert named(running.window, QWidget, "banner").isVisible()
    monkeypatch.setattr("ui.find.page.read_findings", real)
    type_words(running, "damp ")
    type_words(running, "roof")
    assert not words_of(running.window, "findSaid").startswith("Looking")


def test_what_was_found_in_a_mail_is_shown_there(running: Running) -> None:
    page = shown_after(running, "visit")
    looked: list[QWidget] = []
    page._detail._timeline.looked_at.connect(looked.append)
    numbers = [number for number, each in enumerate(results(running)) if "ail," in each]
    view = named(page, QTableView, "findResults")
    view.clicked.emit(view.model().index(numbers[0], 0))
    at_rest(running)
    (entry,) = looked
    assert entry.objectName() in {"mailEntry", "sentEntry"}


class Windows(QObject):
    """Notes every window that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - the name is Qt's
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(f"{type(watched).__name__} {watched.objectName()}")
        return False


def test_nothing_of_a_page_is_a_window_of_its_own_for_a_moment(running: Running, qapp: QApplication) -> None:
    """It would flash on the screen and take the keyboard away."""
    windows = Windows()
    qapp.installEventFilter(windows)
    for place in Place:
        running.window.go_to(place)
        at_rest(running)
    type_words(running, "damp")
    qapp.removeEventFilter(windows)
    assert windows.shown == []


def test_on_a_narrow_window_the_results_or_the_enquiry_is_shown(running: Running) -> None:
    page = shown_after(running, "damp")
    at_rest(running, (911, 512))
    results_pane, detail = named(page, QWidget, "findPane"), page._detail
    page._shown = ""
    page._arrange()
    assert (results_pane.isVisible(), detail.isVisible()) == (True, False)
    view = named(page, QTableView, "findResults")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    at_rest(running, (911, 512))
    assert (results_pane.isVisible(), detail.isVisible()) == (False, True)
    assert named(page, QPushButton, "backButton").isVisible()
    assert page.back()
    assert (results_pane.isVisible(), detail.isVisible()) == (True, False)
