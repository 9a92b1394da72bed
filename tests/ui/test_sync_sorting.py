"""Changes to sort out: both values side by side, one key each, turned round with Ctrl+Z; and what was not accepted."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView

from member_tracker.domain.in_step import Outcome
from tests.ui.checks import shortcomings
from tests.ui.exchange import Exchange, alt, focused, settled
from tests.ui.hub import Hub, belong_to_a_hub, clash, enquiry_of, fall_into_step, save_a_change, stand_in
from tests.ui.walking import named, words_of
from ui.app import Running
from ui.places import Place, places


@pytest.fixture
def joined(running: Running, exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub the laptop is in step with."""
    del exchange
    hub = stand_in(running, monkeypatch)
    belong_to_a_hub(running)
    fall_into_step(running)
    return hub


def rows(running: Running, name: str) -> list[list[str]]:
    model = named(running.window, QTableView, name).model()
    return [
        [model.data(model.index(row, column)) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def is_in_navigation(running: Running) -> bool:
    return not running.window.navigation.places.isRowHidden(places().index(Place.SORT_OUT))


def sort_out(running: Running) -> None:
    number = Qt.Key(Qt.Key.Key_1 + places().index(Place.SORT_OUT))
    QTest.keyClick(running.window, number, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    running.window.navigation.places.setFocus()
    QTest.keyClick(running.window, Qt.Key.Key_F6)
    settled(running)


def test_a_profile_of_no_hub_is_offered_nothing_to_sort_out(running: Running, exchange: Exchange) -> None:
    del exchange
    assert not running.window.menus.places[Place.SORT_OUT].isVisible()
    assert not is_in_navigation(running)


def test_with_nothing_to_sort_out_the_page_says_so_and_is_in_the_menu_alone(running: Running, joined: Hub) -> None:
    assert joined.rounds == 1
    assert running.window.menus.places[Place.SORT_OUT].isVisible()
    assert not is_in_navigation(running)
    sort_out(running)
    assert words_of(running.window, "sortOutEmpty").startswith("There is nothing to sort out.")
    assert shortcomings(running.window) == {}
    alt(running, "b")
    settled(running)
    assert not is_in_navigation(running)


def test_a_clash_shows_both_values_with_who_and_when(running: Running, joined: Hub) -> None:
    (enquiry_id,) = clash(running)
    fall_into_step(running)
    assert is_in_navigation(running)
    sort_out(running)
    enquiry = enquiry_of(running, enquiry_id)
    assert rows(running, "clashList") == [
        [
            f"{enquiry.reference} {enquiry.subject}",
            "Subject",
            enquiry.subject,
            f"{enquiry.subject} again\nby Bea Field, today, 09:12",
        ]
    ]
    assert shortcomings(running.window) == {}
    assert joined.rounds == 2


def test_one_key_takes_the_other_value_and_the_next_clash_is_under_the_keyboard(running: Running, joined: Hub) -> None:
    first, second = clash(running, count=2)
    before = {each: enquiry_of(running, each).subject for each in (first, second)}
    fall_into_step(running)
    sort_out(running)
    alt(running, "t")
    settled(running)
    assert len(rows(running, "clashList")) == 1
    assert "the other value stands now" in words_of(running.window, "sortOutSaid")
    alt(running, "w")
    settled(running)
    assert focused().objectName() == "sortOutBack"
    after = [enquiry_of(running, each).subject for each in (first, second)]
    assert after == [f"{before[first]} again", before[second]]
    fall_into_step(running)
    assert joined.rounds == 3


def test_ctrl_z_turns_the_choice_round(running: Running, joined: Hub) -> None:
    (enquiry_id,) = clash(running)
    before = enquiry_of(running, enquiry_id).subject
    sort_out(running)
    alt(running, "t")
    settled(running)
    assert enquiry_of(running, enquiry_id).subject == f"{before} again"
    QTest.keyClick(running.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    assert enquiry_of(running, enquiry_id).subject == before
    assert "what stands stays" in words_of(running.window, "sortOutSaid")
    assert joined.rounds == 1


def test_what_was_not_accepted_is_listed_with_why_copied_and_taken_off(running: Running, joined: Hub) -> None:
    joined.takes = Outcome.DENIED
    save_a_change(running)
    settled(running)
    fall_into_step(running)
    assert is_in_navigation(running)
    sort_out(running)
    ((about, said, why),) = rows(running, "notAcceptedList")
    assert about.endswith(": subject")
    assert said.endswith(", urgent")
    assert "may not change this" in why
    assert shortcomings(running.window) == {}
    alt(running, "c")
    settled(running)
    assert QGuiApplication.clipboard().text() == f"{about}\n{said}\n{why}"
    alt(running, "a")
    settled(running)
    assert rows(running, "notAcceptedList") == []
    assert words_of(running.window, "sortOutEmpty").startswith("There is nothing to sort out.")
