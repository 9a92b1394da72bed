"""The mailboxes in Settings: added, tested, signed in to and removed by keyboard alone; no secret is left behind."""

import logging

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QMessageBox, QPushButton, QTableView, QWidget

from member_tracker.domain.errors import SignInNeeded, Unavailable
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.profile import Profile
from tests.ui.checks import shortcomings
from tests.ui.exchange import (
    ADDRESS,
    MAY_NOT_SEND,
    PASSWORD,
    Exchange,
    alt,
    focused,
    settled,
    write,
)
from tests.ui.walking import named, words_of
from tests.ui.windows import at_rest
from ui.app import Running
from ui.picture import wait_until

SERVER = MailboxAccount(address=ADDRESS, kind=MailboxKind.EXCHANGE_SERVER, url="https://mail.example.org/EWS")


def spoken(running: Running, table: str) -> list[str]:
    model = named(running.window, QTableView, table).model()
    return [model.data(model.index(row, 0), Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]


def open_settings(running: Running) -> None:
    QTest.keyClick(running.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    settled(running)


def open_form(running: Running) -> None:
    open_settings(running)
    alt(running, "x")
    assert focused().objectName() == "mailboxAddress"


def fill(running: Running, password: str = PASSWORD) -> None:
    write(ADDRESS)
    alt(running, "p")
    write(password)


def choose_kind(running: Running, words: str) -> None:
    alt(running, "w")
    kind = named(running.window, QComboBox, "mailboxKind")
    assert focused() is kind
    kind.setCurrentText(words)


def shown(running: Running, name: str) -> bool:
    return named(running.window, QWidget, name).isVisible()


def set_up(running: Running, practice: Profile, account: MailboxAccount = SERVER) -> None:
    practice.keep_mailboxes([account])
    open_settings(running)


def test_without_a_mailbox_the_page_says_so_and_the_keyboard_is_where_one_is_added(
    running: Running, exchange: Exchange
) -> None:
    open_settings(running)
    assert words_of(running.window, "mailboxesEmpty").startswith("No mailbox is set up.")
    assert focused().objectName() == "addMailbox"
    assert not shown(running, "testMailbox")
    del exchange


def test_practice_says_that_it_has_no_mailbox_of_its_own(running: Running) -> None:
    running.window.show_settings()
    settled(running)
    assert words_of(running.window, "mailboxesEmpty").startswith("Practice data have no mailbox of their own")
    assert not shown(running, "addMailbox")


def test_a_mailbox_is_added_with_the_keyboard_alone(running: Running, exchange: Exchange, practice: Profile) -> None:
    open_form(running)
    fill(running)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    settled(running)
    assert words_of(running.window, "outcomeTitle") == f"{ADDRESS} was added"
    assert exchange.signed_in == [(ADDRESS, PASSWORD)]
    (kept,) = practice.settings().mailboxes
    assert (kept.address, kept.kind, kept.folder) == (ADDRESS, MailboxKind.EXCHANGE_SERVER, "Inbox")
    assert kept.since is not None
    assert f"{kept.since:%d/%m/%Y}" == "26/10/2026"
    assert spoken(running, "findings")[0] == "Reading mail: Yes. Mail in Inbox can be read."
    alt(running, "b")
    assert spoken(running, "mailboxList")[0].startswith(f"{ADDRESS}, Exchange Server.")


def test_the_keyboard_goes_through_the_form_from_top_to_bottom(running: Running, exchange: Exchange) -> None:
    open_form(running)
    visited = []
    for _step in range(10):
        visited.append(focused().objectName())
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert visited == [
        "mailboxAddress",
        "mailboxKind",
        "mailboxUser",
        "mailboxPassword",
        "mailboxFolder",
        "mailboxSince",
        "mailboxMore",
        "mailboxAdd",
        "mailboxFormBack",
        visited[-1],
    ]
    del exchange


def test_a_password_is_left_in_no_field_no_setting_and_no_log(
    running: Running, exchange: Exchange, practice: Profile, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    exchange.refusal = SignInNeeded("The server does not accept the password.", advice="Type it again.")
    open_form(running)
    fill(running)
    alt(running, "x")
    settled(running)
    alt(running, "o")
    exchange.refusal = None
    alt(running, "p")
    write(PASSWORD)
    alt(running, "x")
    settled(running)
    assert [field.text() for field in running.window.findChildren(QLineEdit) if PASSWORD in field.text()] == []
    kept = b"".join(path.read_bytes() for path in practice.folder.rglob("*") if path.is_file())
    assert PASSWORD.encode() not in kept
    assert PASSWORD not in caplog.text
    assert PASSWORD not in QGuiApplication.clipboard().text()


def test_what_is_missing_is_listed_above_the_form_and_leads_to_its_field(running: Running, exchange: Exchange) -> None:
    open_form(running)
    alt(running, "x")
    assert shown(running, "mailboxErrors")
    assert focused().objectName() == "mailboxErrorsLink0"
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    assert focused().objectName() == "mailboxPassword"
    assert exchange.signed_in == []


def test_a_day_that_is_none_is_said_beside_the_field_and_above_the_form(running: Running, exchange: Exchange) -> None:
    open_form(running)
    fill(running)
    alt(running, "y")
    QTest.keyClick(focused(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    write("24 nov")
    assert words_of(running.window, "mailboxSinceEcho") == "Monday 24 November 2025"
    QTest.keyClick(focused(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    write("24/11/2026")
    assert words_of(running.window, "mailboxSinceEcho").startswith("That day is still to come.")
    alt(running, "x")
    assert "still to come" in named(running.window, QPushButton, "mailboxErrorsLink0").text()
    assert exchange.signed_in == []


def test_a_refusal_is_told_above_the_form_and_can_be_copied_for_an_it_team(
    running: Running, exchange: Exchange, practice: Profile
) -> None:
    exchange.refusal = SignInNeeded("The server does not accept the password.", advice="Type it again.")
    open_form(running)
    fill(running)
    alt(running, "x")
    settled(running)
    assert focused().objectName() == "mailboxErrorsLink0"
    assert named(running.window, QLineEdit, "mailboxAddress").text() == ADDRESS
    assert named(running.window, QLineEdit, "mailboxPassword").text() == ""
    alt(running, "o")
    copied = QGuiApplication.clipboard().text()
    assert "The server does not accept the password." in copied
    assert f"Mailbox: {ADDRESS}" in copied
    assert practice.settings().mailboxes == ()


def test_only_the_fields_of_the_chosen_kind_are_shown(running: Running, exchange: Exchange) -> None:
    open_form(running)
    alt(running, "m")
    server, online = ("mailboxUrl", "mailboxSignIn"), ("mailboxTenant", "mailboxClientId", "mailboxCode")
    for kind, there, gone in (
        ("Exchange Server", (*server, "mailboxPassword"), online),
        ("Exchange Online (Microsoft 365)", online, (*server, "mailboxPassword")),
    ):
        choose_kind(running, kind)
        assert [name for name in there if not shown(running, name)] == []
        assert [name for name in gone if shown(running, name)] == []
    del exchange


def test_a_mailbox_that_turns_out_to_be_online_asks_for_what_that_needs(running: Running, exchange: Exchange) -> None:
    exchange.found = lambda account: MailboxAccount(
        address=account.address, kind=MailboxKind.EXCHANGE_SERVER, url="https://outlook.office365.com/EWS"
    )
    open_form(running)
    fill(running)
    alt(running, "x")
    settled(running)
    assert named(running.window, QComboBox, "mailboxKind").currentText() == "Exchange Online (Microsoft 365)"
    assert "tenant and client id" in words_of(running.window, "mailboxErrorsAdvice0")
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    assert focused().objectName() == "mailboxTenant"


def test_adding_can_be_stopped_and_leaves_nothing(running: Running, exchange: Exchange, practice: Profile) -> None:
    exchange.hangs = True
    open_form(running)
    fill(running)
    alt(running, "x")
    wait_until(exchange.asked.is_set)
    wait_until(lambda: words_of(running.window, "workingStage") == "Signing in")
    assert focused().objectName() == "workingStop"
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    settled(running)
    assert words_of(running.window, "mailboxFormSaid").startswith("Stopped")
    assert focused().objectName() == "mailboxAddress"
    assert practice.settings().mailboxes == ()


def test_a_code_to_type_elsewhere_stays_in_sight(running: Running, exchange: Exchange) -> None:
    exchange.code, exchange.hangs = "Open https://example.org and type ABCD-EFGH.", True
    open_form(running)
    fill(running)
    alt(running, "x")
    wait_until(lambda: shown(running, "signInCodeBox"))
    assert words_of(running.window, "signInCode") == exchange.code
    alt(running, "c")
    assert QGuiApplication.clipboard().text() == exchange.code
    exchange.hangs = False
    settled(running)


def test_a_sign_in_that_cannot_be_kept_is_said(running: Running, exchange: Exchange) -> None:
    exchange.is_kept = False
    open_form(running)
    fill(running)
    alt(running, "x")
    settled(running)
    assert "only until Member Tracker is closed" in words_of(running.window, "outcomeNote")


def test_a_test_names_each_right_in_words_and_its_findings_can_be_copied(
    running: Running, exchange: Exchange, practice: Profile
) -> None:
    exchange.sending = MAY_NOT_SEND
    set_up(running, practice)
    alt(running, "t")
    settled(running)
    assert words_of(running.window, "outcomeTitle") == f"{ADDRESS} does not work yet"
    said = spoken(running, "findings")
    assert "Sending as this mailbox: No. Sending was refused. Ask your IT team for the Send As right." in said
    assert "Mail tips: Not offered. The server has no mail tips." in said
    view = named(running.window, QTableView, "findings")
    pictures = {view.model().index(row, 0).data(Qt.ItemDataRole.DecorationRole).cacheKey() for row in range(len(said))}
    assert len(pictures) == 3
    alt(running, "c")
    assert "- Sending as this mailbox: No." in QGuiApplication.clipboard().text()
    exchange.sending = Exchange().sending
    alt(running, "a")
    settled(running)
    assert words_of(running.window, "outcomeTitle") == f"{ADDRESS} works"


def test_a_mailbox_out_of_reach_cannot_be_tested_and_says_why(
    running: Running, exchange: Exchange, practice: Profile
) -> None:
    set_up(running, practice)
    exchange.unreached = Unavailable("There is no server at mail.example.org.", advice="Check the address.")
    alt(running, "t")
    settled(running)
    assert focused().objectName() == "outcomeErrorsLink0"
    assert words_of(running.window, "outcomeErrorsAdvice0") == "Check the address."


def test_signing_in_again_asks_for_the_password_of_whoever_signs_in(
    running: Running, exchange: Exchange, practice: Profile
) -> None:
    set_up(running, practice)
    alt(running, "s")
    assert focused().objectName() == "signInPassword"
    assert words_of(running.window, "signInPasswordLabel") == f"&Password of {ADDRESS}"
    exchange.refusal = SignInNeeded("The server does not accept the password.", advice="Type it again.")
    write("wrong")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    settled(running)
    assert focused().objectName() == "passwordErrorsLink0"
    exchange.refusal = None
    alt(running, "p")
    write(PASSWORD)
    alt(running, "s")
    settled(running)
    assert exchange.signed_in == [(ADDRESS, PASSWORD)]
    assert words_of(running.window, "settingsSaid") == f"Signed in to {ADDRESS}."


def test_removing_says_what_stays_and_is_not_what_enter_does(
    running: Running, exchange: Exchange, practice: Profile
) -> None:
    set_up(running, practice)
    alt(running, "r")
    box = named(running.window, QMessageBox, "removeDialog")
    assert "all mail that was collected stay" in box.informativeText()
    assert "cannot be undone" in box.informativeText()
    QTest.keyClick(box, Qt.Key.Key_Return)
    settled(running)
    assert len(practice.settings().mailboxes) == 1
    alt(running, "r")
    box = next(found for found in running.window.findChildren(QMessageBox) if found.isVisible())
    box.activateWindow()
    wait_until(box.isActiveWindow)
    QTest.keyClick(box, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    wait_until(lambda: not practice.settings().mailboxes)
    settled(running)
    assert exchange.forgotten == [ADDRESS]
    assert words_of(running.window, "settingsSaid").startswith(f"{ADDRESS} was removed.")


def test_esc_goes_back_step_by_step(running: Running, exchange: Exchange) -> None:
    open_form(running)
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert shown(running, "settingsTitle")
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    settled(running)
    assert shown(running, "todayTitle")
    del exchange


@pytest.mark.parametrize("kind", ["Found automatically", "Exchange Server", "Exchange Online (Microsoft 365)"])
def test_the_form_can_be_used_without_eyes_and_without_a_mouse(running: Running, exchange: Exchange, kind: str) -> None:
    open_form(running)
    alt(running, "m")
    choose_kind(running, kind)
    at_rest(running)
    assert shortcomings(running.window) == {}
    del exchange


@pytest.mark.parametrize("letter", ["", "t", "s"])
def test_the_mailboxes_can_be_used_without_eyes_and_without_a_mouse(
    running: Running, exchange: Exchange, practice: Profile, letter: str
) -> None:
    set_up(running, practice)
    if letter:
        alt(running, letter)
        settled(running)
    assert shortcomings(running.window) == {}
    del exchange
