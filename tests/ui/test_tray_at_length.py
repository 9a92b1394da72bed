"""A full tray is filed by keyboard alone, one mail after another: every key goes where the last one left it."""

import time
from collections import Counter
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTableView

from member_tracker.app import App
from member_tracker.domain.mailbag import MailPlace, ReceivedMail
from member_tracker.profile import Profile
from tests.ui.exchange import focused, in_front
from tests.ui.test_tray import left, put
from tests.ui.walking import named, words_of
from tests.ui.windows import at_rest
from ui.app import Running
from ui.picture import settle, wait_until
from ui.places import Place

ALT = Qt.KeyboardModifier.AltModifier


def fill(running: Running, profile: Profile, count: int) -> str:
    """Of every four mails two give a reference, one is filed by one typed, and one is no casework."""
    running.window.go_to(Place.OPEN)
    at_rest(running)
    reference = words_of(running.window, "enquiryReference")
    for number in range(count):
        said = f"Is there any news about {reference}?" if number % 4 < 2 else "Thank you for all you do."
        put(profile.settings().inbox, number, f"Mail {number}", f"{said}\n\n" + "It has been long. " * 60)
    running.window.menus.mail.trigger()
    wait_until(lambda: not running.desk.jobs.under_way)
    return reference


def work_through(running: Running, reference: str, count: int) -> float:
    """File every mail with what its kind needs, typing to whatever has the keyboard; the CPU seconds of each."""
    view = named(running.window, QTableView, "trayList")
    view.setFocus()
    began = time.process_time()
    for done in range(count):
        assert focused() is view, f"the keyboard was lost after {done} mails"
        number = int(str(view.model().index(view.currentIndex().row(), 1).data()).split()[1])
        assert words_of(running.window, "trayFrom") == f"Mail {number}"
        if number % 4 == 3:
            QTest.keyClick(focused(), Qt.Key.Key_A, ALT)
        else:
            QTest.keyClick(focused(), Qt.Key.Key_Return)
        if number % 4 == 2:
            assert focused() is named(running.window, QLineEdit, "trayReference")
            QTest.keyClicks(focused(), reference.lower())
            QTest.keyClick(focused(), Qt.Key.Key_Return)
        if done < count - 1:
            wait_until(partial(lambda gone: left(running) == count - gone, done + 1))
    settle(running.desk.jobs)
    return (time.process_time() - began) / count


@pytest.mark.parametrize("count", [8, pytest.param(200, marks=pytest.mark.soak)])
def test_a_full_tray_is_filed_by_keyboard_alone_and_every_mail_goes_where_it_was_sent(
    running: Running, practice: Profile, count: int
) -> None:
    reference = fill(running, practice, count)
    running.window.go_to(Place.UNMATCHED)
    at_rest(running)
    in_front(running)
    each = work_through(running, reference, count)
    assert each < 0.25, "seconds of CPU for one mail; much of it is the test's own pressing of keys"
    found: list[Counter[MailPlace]] = []

    def places(app: App) -> Counter[MailPlace]:
        with app.store.reading() as tx:
            mails = [mail for mail in tx.every(ReceivedMail) if mail.subject.startswith("Mail ")]
        return Counter(mail.place for mail in mails)

    running.desk.ask(places, owner=running.window, done=found.append)
    wait_until(lambda: bool(found))
    assert found[0] == {MailPlace.FILED: count * 3 // 4, MailPlace.ASIDE: count // 4}
    assert left(running) == 0
    focus = running.window.focusWidget()
    assert focus is not None
    assert focus.isVisible()
