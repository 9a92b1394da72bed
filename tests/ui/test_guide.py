"""Practice says that it is practice, and leads through the first five minutes, whose steps tick themselves off."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from member_tracker.app import App
from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.timeline import Suggestion, SuggestionState
from member_tracker.domain.vocabulary import Channel
from member_tracker.profile import Profile
from member_tracker.services.enquiries import (
    Accepting,
    accept_suggestion,
    close_enquiry,
    send_enquiry,
    tell_resident,
)
from member_tracker.services.intake import Intake, log_by_name
from tests.ui.walking import named, press, words_of
from tests.ui.windows import at_rest, watch_the_store, window_on
from ui.app import Running
from ui.enquiries.form import LogForm
from ui.first_run.guide import SIGN, GuideDock
from ui.picture import settle, wait_until
from ui.places import Place

NEW = Intake(
    councillor="Cllr Priya Marsden",
    resident="Noor Whitaker",
    service_area="Waste",
    channel=Channel.EMAIL,
    subject="Missed bin",
    text="Not emptied.",
)


@pytest.fixture
def practising(qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A window in which somebody has just chosen to practise."""
    del qtbot
    watch_the_store(monkeypatch)
    with window_on(qapp, Profile(folder=tmp_path / "new")) as running:
        wait_until(lambda: running.window.findChild(QWidget, "welcomePage") is not None)
        press(running.window, "practiceButton")
        wait_until(lambda: running.desk.is_open)
        at_rest(running)
        yield running


def done(running: Running, deed: Callable[[App], object]) -> object:
    """What a deed gives that somebody does in the practice profile."""
    found: list[object] = []
    running.desk.ask(deed, owner=running.window, done=found.append)
    wait_until(lambda: bool(found))
    settle(running.desk.jobs)
    return found[0]


def dock(running: Running) -> GuideDock:
    return named(running.window, GuideDock, "guideDock")


def heading(running: Running) -> str:
    return words_of(running.window, "guideHeading")


def test_practice_says_so_in_words_colour_and_title_and_offers_the_guide(practising: Running) -> None:
    window = practising.window
    assert named(window, QLabel, "practiceSign").isVisible()
    assert words_of(window, "practiceSign") == SIGN
    assert window.menuBar().property("practice") == "true"
    assert "practice" in window.windowTitle()
    assert dock(practising).isVisible()
    assert heading(practising) == "First five minutes: 0 of 6 done"
    assert words_of(window, "guideHow").startswith("Press Ctrl+N.")
    press(window, "guideThere")
    settle(practising.desk.jobs)
    assert window.findChildren(LogForm)[0].isVisible()


def test_every_step_ticks_itself_off_as_it_is_done(practising: Running) -> None:
    window = practising.window
    logged = done(practising, lambda app: log_by_name(app, NEW).id)
    enquiry_id = EnquiryId(str(logged))
    wait_until(lambda: heading(practising) == "First five minutes: 1 of 6 done")
    assert words_of(window, "guideLog") == "✓  1. Log an enquiry (done)"
    assert words_of(window, "guideSend") == "▸  2. Send it (now)"
    done(practising, lambda app: send_enquiry(app, enquiry_id).status)
    wait_until(lambda: heading(practising) == "First five minutes: 3 of 6 done")

    def accept(app: App) -> bool:
        with app.store.reading() as tx:
            waiting = tx.every(Suggestion, enquiry_id=enquiry_id, state=SuggestionState.OPEN)
        return [accept_suggestion(app, each.id, Accepting()) for each in waiting] != []

    assert done(practising, accept)
    done(practising, lambda app: tell_resident(app, enquiry_id, "It was emptied.").status)
    done(practising, lambda app: close_enquiry(app, enquiry_id).status)
    wait_until(lambda: heading(practising) == "First five minutes: 6 of 6 done")
    assert words_of(window, "guideHow").startswith("That is the whole of it")
    press(window, "guideAgain")
    wait_until(lambda: heading(practising) == "First five minutes: 0 of 6 done")


def test_the_guide_is_left_and_taken_up_again_from_the_help_menu(practising: Running) -> None:
    press(practising.window, "guideLeave")
    settle(practising.desk.jobs)
    assert not dock(practising).isVisible()
    named_action = practising.window.findChild(QAction, "actionFirstSteps")
    assert isinstance(named_action, QAction)
    named_action.trigger()
    settle(practising.desk.jobs)
    assert dock(practising).isVisible()


def test_the_guide_lies_across_the_foot_of_a_council_laptop_and_list_and_enquiry_fit_above(practising: Running) -> None:
    window = practising.window
    window.go_to(Place.OPEN)
    at_rest(practising)
    assert named(window, QWidget, "listPane").isVisible()
    assert named(window, QWidget, "enquiryDetail").isVisible()
    assert named(window, QLabel, "guideHow").isVisible()
    assert not named(window, QLabel, "guideSend").isVisible()
    assert dock(practising).height() < window.height() / 7
    at_rest(practising, (1800, 900))
    assert named(window, QLabel, "guideSend").isVisible()
    assert dock(practising).height() > window.height() / 2


def test_on_a_low_window_the_guide_is_one_line_until_somebody_wants_to_know_how(practising: Running) -> None:
    at_rest(practising, (911, 512))
    assert words_of(practising.window, "guideLog").startswith("▸")
    assert not named(practising.window, QLabel, "guideHow").isVisible()
    assert not any(bar.isVisible() for bar in dock(practising).findChildren(QScrollBar))
    folded = dock(practising).height()
    assert folded < practising.window.height() / 7
    press(practising.window, "guideFold")
    wait_until(lambda: dock(practising).height() > folded)
    assert named(practising.window, QLabel, "guideHow").isVisible()
    assert not any(bar.isVisible() for bar in dock(practising).findChildren(QScrollBar))
    press(practising.window, "guideFold")
    assert not named(practising.window, QLabel, "guideHow").isVisible()


def test_a_practice_profile_opened_again_without_a_guide_under_way_shows_none(running: Running) -> None:
    assert not dock(running).isVisible()
    assert named(running.window, QLabel, "practiceSign").isVisible()
