"""The window as a whole: its places, the list beside an enquiry, finding, deeds, narrow screens, and its memory."""

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QListView,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTableView,
    QWidget,
)

from member_tracker.app import App
from member_tracker.domain.change import ChangeSet
from member_tracker.domain.errors import NotAllowed
from member_tracker.profile import Profile
from tests.ui.walking import named, press, words_of
from tests.ui.windows import at_rest, window_on
from ui.app import Running
from ui.enquiries.page import CaseworkPage
from ui.look import Scheme
from ui.picture import wait_until
from ui.places import Place

SMALL = (911, 512)


def rows(window: QWidget, table: str) -> list[str]:
    """What a screen reader says of each row of a table."""
    model = named(window, QTableView, table).model()
    role = Qt.ItemDataRole.AccessibleTextRole
    return [model.data(model.index(row, 0), role) for row in range(model.rowCount())]


def go(running: Running, place: Place) -> None:
    running.window.go_to(place)
    at_rest(running)


def open_row(running: Running, words: str) -> None:
    """Open the enquiry whose row has these words, with the keyboard."""
    found = [number for number, row in enumerate(rows(running.window, "enquiryList")) if words in row]
    view = named(running.window, QTableView, "enquiryList")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Home)
    for _step in range(found[0]):
        QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    at_rest(running)


def test_the_gui_thread_may_not_touch_the_store(running: Running) -> None:
    app = running.desk._opened_app()
    with pytest.raises(AssertionError, match="the GUI thread used the store"):
        reading_of(app)
    caught: list[BaseException] = []
    worker = threading.Thread(target=lambda: caught.extend(_try(lambda: reading_of(app))))
    worker.start()
    worker.join()
    assert caught == []


def test_today_says_what_needs_somebody_in_plain_words(running: Running) -> None:
    assert "overdue" in words_of(running.window, "todaySummary")
    assert words_of(running.window, "overdueSectionTableLabel").startswith("&Overdue (")
    assert all(row.startswith("Overdue by") for row in rows(running.window, "overdueSectionTable"))


def test_every_place_shows_its_list_with_one_enquiry_open_beside_it(running: Running) -> None:
    for place, title in ((Place.OPEN, "Open enquiries"), (Place.OVERDUE, "Overdue enquiries"), (Place.ALL, "All enq")):
        go(running, place)
        assert words_of(running.window, "enquiryListLabel").replace("&", "").startswith(title[:7])
        first = rows(running.window, "enquiryList")[0]
        assert words_of(running.window, "enquirySubject").removeprefix("Urgent: ") in first


def test_the_counts_beside_the_places_are_said_in_words_too(running: Running) -> None:
    places = named(running.window, QListView, "places")
    said = [places.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(6)]
    assert said[2] == f"Overdue, {len(rows(running.window, 'overdueSectionTable'))}"


def test_going_down_the_list_opens_what_the_keyboard_comes_to(running: Running) -> None:
    go(running, Place.OPEN)
    view = named(running.window, QTableView, "enquiryList")
    before = words_of(running.window, "enquirySubject")
    QTest.keyClick(view, Qt.Key.Key_Down)
    at_rest(running)
    assert words_of(running.window, "enquirySubject") != before


def test_the_reason_for_a_date_is_given_day_by_day(running: Running) -> None:
    go(running, Place.OVERDUE)
    assert words_of(running.window, "standingWhy").startswith("Reply due by")
    ledger = named(running.window, QTableView, "ledger")
    assert not ledger.isVisible()
    press(running.window, "ledgerButton")
    assert ledger.isVisible()
    assert "does not count" in rows(running.window, "ledger")[0]


def test_a_suggestion_is_accepted_with_one_key(running: Running) -> None:
    go(running, Place.OPEN)
    open_row(running, "a reply waits for your decision")
    bar = named(running.window, QWidget, "suggestionBar")
    assert bar.isVisible()
    assert words_of(running.window, "suggestionSentence").startswith("“")
    before = words_of(running.window, "enquiryStatus")
    running.window.activateWindow()
    wait_until(running.window.isActiveWindow)
    QTest.keyClick(running.window, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    at_rest(running)
    assert not bar.isVisible()
    assert words_of(running.window, "enquiryStatus") != before


def test_a_reply_can_be_called_something_else_and_the_button_says_what(running: Running) -> None:
    go(running, Place.OPEN)
    open_row(running, "a reply waits for your decision")
    meaning = named(running.window, QComboBox, "suggestionMeaning")
    meaning.setCurrentText("Holding reply")
    assert named(running.window, QPushButton, "acceptButton").text() == "&Accept as holding reply"
    promised = named(running.window, QLineEdit, "suggestionPromised")
    promised.setText("the week after")
    press(running.window, "acceptButton")
    assert "is not a date" in words_of(running.window, "suggestionWrong")
    promised.setText("4 dec 2026")
    press(running.window, "acceptButton")
    at_rest(running)
    assert words_of(running.window, "enquiryStatus") == "Holding reply received"
    assert "by Friday 4 December 2026" in words_of(running.window, "enquiryTurn")


def test_a_suggestion_put_aside_changes_nothing(running: Running) -> None:
    go(running, Place.OPEN)
    open_row(running, "a reply waits for your decision")
    before = words_of(running.window, "enquiryStatus")
    press(running.window, "dismissButton")
    at_rest(running)
    assert not named(running.window, QWidget, "suggestionBar").isVisible()
    assert words_of(running.window, "enquiryStatus") == before


def test_a_note_is_told_apart_from_anything_sent_by_its_words_and_its_shape(running: Running) -> None:
    go(running, Place.OPEN)
    press(running.window, "noteButton")
    dialog = named(running.window, QWidget, "noteDialog")
    named(dialog, QPlainTextEdit, "noteDialogText").setPlainText("Ring after six.")
    press(dialog, "noteDialogAgree")
    at_rest(running)
    note = named(running.window, QWidget, "noteEntry")
    assert words_of(note, "entryHead").startswith("Internal note, never sent")
    assert note.property("kind") == "note"


def test_the_buttons_are_those_the_status_allows(running: Running) -> None:
    go(running, Place.ALL)
    open_row(running, "Closed")
    shown = {
        name
        for name in ("sendButton", "tellButton", "noteButton", "closeButton", "reopenButton")
        if named(running.window, QPushButton, name).isVisible()
    }
    assert shown == {"noteButton", "reopenButton"}
    press(running.window, "reopenButton")
    at_rest(running)
    assert not named(running.window, QPushButton, "reopenButton").isVisible()


def test_a_practice_reply_can_be_let_come(running: Running) -> None:
    go(running, Place.OPEN)
    open_row(running, "With service area")
    menu = named(running.window, QMenu, "stepsMenu")
    for _turn in range(3):
        press(running.window, "moreButton")
        first = menu.activeAction()
        assert first is not None
        if first.objectName() == "practiseReplyInMenu":
            break
        menu.close()
        open_row(running, "Acknowledged")
    QTest.keyClick(menu, Qt.Key.Key_Return)
    at_rest(running)
    assert named(running.window, QWidget, "suggestionBar").isVisible()


def test_a_narrow_window_shows_the_list_or_the_enquiry_and_esc_goes_back(running: Running) -> None:
    running.window.go_to(Place.OPEN)
    at_rest(running, SMALL)
    listed, detail = named(running.window, QWidget, "listPane"), named(running.window, QWidget, "enquiryDetail")
    assert (listed.isVisible(), detail.isVisible()) == (True, False)
    view = named(running.window, QTableView, "enquiryList")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    at_rest(running, SMALL)
    assert (listed.isVisible(), detail.isVisible()) == (False, True)
    running.window.activateWindow()
    wait_until(running.window.isActiveWindow)
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Escape)
    assert (listed.isVisible(), detail.isVisible()) == (True, False)


def test_f6_goes_round_the_parts_of_the_window(running: Running) -> None:
    go(running, Place.OPEN)
    running.window.activateWindow()
    wait_until(running.window.isActiveWindow)
    running.window.status.show_reminders(0)
    named(running.window, QListView, "places").setFocus()
    visited = []
    for _step in range(3):
        running.window.menus.next_pane.trigger()
        focus = QApplication.focusWidget()
        assert focus is not None
        visited.append(focus.objectName())
    assert visited == ["enquiryList", "detailScroll", "places"]
    for _step in range(2):
        running.window.menus.previous_pane.trigger()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.objectName() == "enquiryList"


def test_an_error_is_said_across_the_page_until_it_is_put_away(running: Running) -> None:
    running.desk.jobs.refused.emit(NotAllowed("It cannot be done now.", advice="Do it later."))
    banner = named(running.window, QWidget, "banner")
    assert banner.isVisible()
    assert words_of(running.window, "bannerAdvice") == "Do it later."
    press(running.window, "bannerHide")
    assert not banner.isVisible()


def test_the_list_keeps_its_place_when_something_changes_elsewhere(running: Running) -> None:
    go(running, Place.OPEN)
    view = named(running.window, QTableView, "enquiryList")
    QTest.keyClick(view, Qt.Key.Key_End)
    at_rest(running)
    subject = words_of(running.window, "enquirySubject")
    running.desk.news.hear(ChangeSet(everything=True))
    at_rest(running)
    assert words_of(running.window, "enquirySubject") == subject
    assert view.currentIndex().row() == view.model().rowCount() - 1


def test_what_another_window_writes_is_noticed(running: Running, practice: Profile) -> None:
    from member_tracker.app import build
    from member_tracker.domain.vocabulary import Channel
    from member_tracker.services.intake import Intake, log_by_name

    written: list[str] = []

    def write() -> None:
        app = build(practice, passphrase=lambda: None)
        intake = Intake(
            councillor="Cllr Priya Marsden", resident="Una Bright", service_area="Waste", channel=Channel.EMAIL,
            subject="Overflowing bin", text="By the gate.",
        )  # fmt: skip
        written.append(log_by_name(app, intake).subject)
        app.store.close()

    go(running, Place.ALL)
    worker = threading.Thread(target=write)
    worker.start()
    worker.join()
    assert written == ["Overflowing bin"]
    wait_until(lambda: any("Overflowing bin" in row for row in rows(running.window, "enquiryList")))


def test_the_window_remembers_its_colours_and_panes_in_the_profile(
    running: Running, practice: Profile, qapp: QApplication
) -> None:
    go(running, Place.OPEN)
    running.window.menus.schemes[Scheme.DARK].trigger()
    named(running.window, QSplitter, "paneSplit").setSizes([600, 400])
    running.window.close()
    at_rest(running)
    assert practice.folder.joinpath("window.ini").exists()
    with window_on(qapp, practice) as again:
        wait_until(lambda: again.desk.is_open)
        assert again.window.menus.schemes[Scheme.DARK].isChecked()
        assert qapp.property("scheme") == "dark"


def test_casework_is_listed_in_pages(running: Running) -> None:
    go(running, Place.ALL)
    page = running.window.findChildren(CaseworkPage)[0]
    assert page._model.rowCount() == len(rows(running.window, "enquiryList"))


def reading_of(app: App) -> object:
    """Begin to read the store."""
    return app.store.reading()


def _try(deed: Callable[[], object]) -> list[BaseException]:
    try:
        deed()
    except AssertionError as error:
        return [error]
    return []
