"""The rota, closure days and the charter in the settings."""

import threading
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTableView, QWidget

from member_tracker.app import App
from member_tracker.domain.errors import Unavailable
from member_tracker.services.closing_days import closure_days
from member_tracker.services.lists import enquiry_page, wanted
from tests.ui.checks import shortcomings
from tests.ui.exchange import alt, focused, in_front, settled
from tests.ui.walking import named, press, words_of
from ui.app import Running
from ui.settings import charter, closures, rota

SAM = "Sam Reed <sam.reed@example.org>"


def show(running: Running, letter: str) -> None:
    """Go to a page of the settings as a person does."""
    in_front(running)
    QTest.keyClick(running.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    alt(running, letter)
    settled(running)


def cells(running: Running, name: str, column: int) -> list[str]:
    model = named(running.window, QTableView, name).model()
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def wait(running: Running) -> None:
    QTest.qWait(350)
    settled(running)


def test_a_rota_is_written_its_gaps_are_said_as_one_types_and_it_is_kept(running: Running) -> None:
    show(running, "d")
    assert set(cells(running, "rotaAreas", 2)) == {"nobody on the rota"}
    text = named(running.window, QPlainTextEdit, "rotaText")
    text.setPlainText(f"{SAM}: Mon-Fri 08:45-12:30")
    wait(running)
    assert "12:30 to 17:00" in words_of(running.window, "rotaGaps")
    text.setPlainText(f"{SAM}: Mon-Fri")
    alt(running, "s")
    settled(running)
    assert named(running.window, QWidget, "rotaErrors").isVisible()
    text.setPlainText(SAM)
    wait(running)
    assert words_of(running.window, "rotaGaps") == "Every opening hour of the next seven days is covered."
    alt(running, "s")
    settled(running)
    assert words_of(running.window, "rotaSaid") == "The rota of Communities was saved. Ctrl+Z undoes it."
    assert cells(running, "rotaAreas", 1)[0] == "Sam Reed"
    assert shortcomings(running.window) == {}


def test_what_is_written_for_an_area_stays_while_others_change_something(running: Running) -> None:
    show(running, "d")
    text = named(running.window, QPlainTextEdit, "rotaText")
    text.setPlainText(f"{SAM}: Mon")
    running.window._pages.redraw()  # type: ignore[union-attr]  # a profile is open
    wait(running)
    assert text.toPlainText() == f"{SAM}: Mon"


def a_due_day(running: Running) -> str:
    """The day an open enquiry is due, as somebody types it."""
    found: list[datetime] = []

    def read(app: App) -> datetime:
        rows = enquiry_page(app, wanted(app)).rows
        due = max(row.respond_by for row in rows if row.respond_by is not None)
        return datetime.combine(due, datetime.min.time())

    running.desk.ask(read, owner=running.desk, done=found.append)
    settled(running)
    return f"{found[0]:%d/%m/%Y}"


def test_a_closure_day_says_what_would_change_before_it_is_added(running: Running) -> None:
    day = a_due_day(running)
    show(running, "c")
    assert words_of(running.window, "closuresEmpty") == "There are none yet."
    named(running.window, QLineEdit, "closureDay").setText("nonsense")
    wait(running)
    assert "is not a date" in words_of(running.window, "closureEffect")
    named(running.window, QLineEdit, "closureDay").setText(day)
    wait(running)
    assert "of open enquiries would move" in words_of(running.window, "closureEffect")
    assert "would be due" in cells(running, "wouldChange", 0)[0]
    assert shortcomings(running.window) == {}
    alt(running, "a")
    settled(running)
    assert named(running.window, QWidget, "closureErrors").isVisible()
    named(running.window, QLineEdit, "closureReason").setText("Burst pipe")
    alt(running, "a")
    settled(running)
    assert words_of(running.window, "closureSaid").startswith("The council is shut on")
    assert cells(running, "closureDays", 1) == ["Burst pipe"]


def test_the_charter_shows_each_promise_with_where_it_is_written(running: Running) -> None:
    show(running, "p")
    assert cells(running, "charterSets", 2)[0] == "in force"
    before = cells(running, "charterPromises", 0)
    assert before
    assert all(cells(running, "charterPromises", 3))
    assert shortcomings(running.window) == {}
    sets = named(running.window, QTableView, "charterSets")
    sets.setFocus()
    QTest.keyClick(sets, Qt.Key.Key_Down)
    assert cells(running, "charterPromises", 0) != before
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    settled(running)
    assert named(running.window, QWidget, "settingsPage").isVisible()


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("000_b2ad79a771e761e7.txt para 48 and 49", "Paragraph 48 and 49"),
        ("000_b2ad79a771e761e7.txt para 48; 000_b2ad79a771e761e7.txt para 49", "Paragraph 48; paragraph 49"),
        ("004_64f5948a05efd41a.txt App. 1", "Appendix 1"),
        ("Complaint Handling Code, stage 2", "Complaint Handling Code, stage 2"),
        ("", ""),
    ],
)
def test_where_a_promise_is_written_is_said_without_the_name_of_a_file(source: str, shown: str) -> None:
    assert charter.where_written(source) == shown


def test_the_templates_and_the_sign_off_are_gone_to_from_here(running: Running) -> None:
    show(running, "o")
    assert named(running.window, QWidget, "templatesEditor").isVisible()


@pytest.mark.parametrize(
    ("module", "question", "letter"),
    [(rota, "rotas", "d"), (closures, "closure_days", "c"), (charter, "charters_here", "p")],
)
def test_what_cannot_be_read_is_said(
    running: Running, monkeypatch: pytest.MonkeyPatch, module: object, question: str, letter: str
) -> None:
    def fails(_app: App) -> None:
        raise Unavailable("The file cannot be read.", advice="Try again in a moment.")

    monkeypatch.setattr(module, question, fails)
    show(running, letter)
    assert words_of(running.window, "bannerTitle") == "The file cannot be read."


def test_a_slow_answer_finds_the_page_as_it_was_left(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, real = threading.Event(), closure_days

    def slow(app: App) -> object:
        go_on.wait(10)
        return real(app)

    monkeypatch.setattr(closures, "closure_days", slow)
    running.desk.page_wanted.emit("closures", None)
    press(running.window, "closuresBack")
    go_on.set()
    settled(running)
    assert not named(running.window, QWidget, "closuresPage").isVisible()
