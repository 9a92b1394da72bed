"""A mail that is filed with the wrong enquiry goes back to the tray from where it is read."""

from PySide6.QtWidgets import QFrame, QPushButton, QTableView

from tests.ui.exchange import settled
from tests.ui.walking import named, press, words_of
from ui.app import Running
from ui.places import Place


def open_row(running: Running, place: Place, row: int) -> None:
    running.window.go_to(place)
    settled(running)
    table = named(running.window, QTableView, "enquiryList")
    table.setCurrentIndex(table.model().index(row, 0))
    table.activated.emit(table.model().index(row, 0))
    settled(running)


def buttons_shown(running: Running) -> int:
    return sum(each.isVisible() for each in running.window.findChildren(QPushButton, "takeAwayMail"))


def tray(running: Running) -> int:
    running.window.go_to(Place.UNMATCHED)
    settled(running)
    return named(running.window, QTableView, "trayList").model().rowCount()


def test_a_mail_is_said_not_to_be_about_the_enquiry_and_waits_in_the_tray(running: Running) -> None:
    open_row(running, Place.DUE_SOON, 0)
    press(running.window, "takeAwayMail")
    settled(running)
    assert not named(running.window, QFrame, "suggestionBar").isVisible()
    assert buttons_shown(running) == 0
    assert tray(running) == 1
    assert "housing benefit" in words_of(running.window, "trayFrom").casefold()


def test_a_mail_whose_meaning_was_accepted_stays_and_the_reason_is_said(running: Running) -> None:
    open_row(running, Place.DUE_SOON, 0)
    press(running.window, "acceptButton")
    settled(running)
    press(running.window, "takeAwayMail")
    settled(running)
    assert words_of(running.window, "bannerTitle") == "What this mail proposed was already accepted."
    assert buttons_shown(running) == 1
