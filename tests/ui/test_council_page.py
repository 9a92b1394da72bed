"""What the council fixed and announces, as the window shows it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QSpinBox, QTableView, QWidget
from pytestqt.qtbot import QtBot

from member_tracker import policy_file
from member_tracker.app import build
from member_tracker.profile import Profile
from member_tracker.services.safekeeping import hold_after_restore, is_held
from member_tracker.services.setup import SetUp, set_up
from member_tracker.store import keys
from tests.fakes.announcing import AnnouncingServer
from tests.ui.checks import shortcomings
from tests.ui.exchange import in_front, settled
from tests.ui.walking import named, press, words_of
from tests.ui.windows import at_rest, watch_the_store, window_on
from ui.app import Running
from ui.picture import wait_until

WORDS = "horse battery staple"
NOTES = "https://it.example.org/9.1"


@pytest.fixture
def server() -> Iterator[AnnouncingServer]:
    """A web server that announces a newer version."""
    with AnnouncingServer() as made:
        made.announce(version="9.1", notes_url=NOTES, words="It comes on Thursday night.")
        yield made


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The policy file of this computer, empty as yet."""
    found = tmp_path / "policy.toml"
    found.touch()
    monkeypatch.setenv(policy_file.VARIABLE, str(found))
    return found


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Profile:
    """Somebody's own profile, which asks for no passphrase in these tests."""
    monkeypatch.setattr(keys, "_REAL_COST", keys._PRACTICE_COST)
    profile = Profile(folder=tmp_path / "own")
    app = build(profile, passphrase=lambda: WORDS)
    set_up(app, SetUp(council="Chorley", me="Cllr Vera Quill"))
    app.store.close()
    monkeypatch.setenv("MEMBER_TRACKER_PASSPHRASE", WORDS)
    monkeypatch.setattr("ui.first_run.opening._asking", lambda _said: lambda: WORDS)
    watch_the_store(monkeypatch)
    return profile


def opened(running: Running) -> None:
    wait_until(lambda: running.desk.is_open)
    at_rest(running)
    in_front(running)
    settled(running)


def strip(running: Running, name: str) -> QWidget:
    return named(running.window, QWidget, name)


def show(running: Running) -> None:
    running.desk.page_wanted.emit("council", None)
    settled(running)


def test_by_itself_nothing_is_fixed_and_nobody_looks_for_updates(running: Running) -> None:
    in_front(running)
    show(running)
    assert words_of(running.window, "councilWhy") == "Nothing is set by your council on this computer."
    assert words_of(running.window, "updatesWords").startswith("Nobody looks for newer versions")
    assert not named(running.window, QPushButton, "updatesLook").isEnabled()
    assert not strip(running, "updateNotice").isVisible()
    assert shortcomings(running.window) == {}


def test_what_is_fixed_is_listed_with_its_file_and_whom_to_ask(own: Profile, policy: Path, qapp: QApplication) -> None:
    policy.write_text('[council]\ncontact = "the service desk"\n[exchange]\ntenant = "example.org"\n', encoding="utf-8")
    with window_on(qapp, own) as running:
        opened(running)
        running.window.show_settings()
        settled(running)
        press(running.window, "settingsCouncil")
        settled(running)
        assert "ask the service desk" in words_of(running.window, "councilWhy")
        assert named(running.window, QLineEdit, "councilFile").text() == str(policy)
        view = named(running.window, QTableView, "councilFixed")
        assert view.model().index(1, 0).data() == "Tenant"
        assert view.model().index(1, 1).data() == "example.org"
        assert shortcomings(running.window) == {}


FIXED = """
[council]
name = "South Ribble"
[hub]
address = "postgresql://hub.example.org/casework"
[exchange]
tenant = "example.org"
[mailbox]
address = "members@example.org"
kind = "exchange_online"
[lock]
minutes = 7
"""


def test_what_the_council_set_is_shown_in_every_form_and_cannot_be_changed_there(
    own: Profile, policy: Path, qapp: QApplication
) -> None:
    policy.write_text(FIXED.replace("South Ribble", "Chorley"), encoding="utf-8")
    with window_on(qapp, own) as running:
        opened(running)
        running.window.show_settings()
        settled(running)
        press(running.window, "addMailbox")
        settled(running)
        for name, value in (("mailboxAddress", "members@example.org"), ("mailboxTenant", "example.org")):
            field = named(running.window, QLineEdit, name)
            assert (field.text(), field.isReadOnly()) == (value, True)
        assert not named(running.window, QComboBox, "mailboxKind").isEnabled()
        assert not named(running.window, QLineEdit, "mailboxClientId").isReadOnly()
        words = "Set by your council: the address, the tenant and what it is."
        assert words_of(running.window, "mailboxByCouncil") == words
        assert shortcomings(running.window) == {}
        running.desk.page_wanted.emit("hub", None)
        settled(running)
        address = named(running.window, QLineEdit, "hubAddress")
        assert (address.text(), address.isReadOnly()) == ("postgresql://hub.example.org/casework", True)
        assert words_of(running.window, "joinHubSet") == "Set by your council: the address."
        assert shortcomings(running.window) == {}
        running.desk.page_wanted.emit("where", None)
        settled(running)
        minutes = named(running.window, QSpinBox, "lockMinutes")
        assert (minutes.value(), minutes.isEnabled()) == (7, False)
        assert named(running.window, QLabel, "lockFixed").isVisible()


def test_a_new_profile_is_set_up_for_the_council_that_is_fixed(
    qtbot: QtBot, policy: Path, tmp_path: Path, qapp: QApplication
) -> None:
    del qtbot
    policy.write_text(FIXED, encoding="utf-8")
    with window_on(qapp, Profile(folder=tmp_path / "new")) as running:
        wait_until(lambda: running.window.findChild(QWidget, "welcomePage") is not None)
        press(running.window, "councilButton")
        wait_until(lambda: running.window.findChild(QWidget, "councilPage") is not None)
        council = named(running.window, QComboBox, "councilField")
        assert (council.currentText(), council.isEnabled()) == ("South Ribble", False)
        assert words_of(running.window, "councilByPolicy") == "Set by your council: the council."
        assert shortcomings(running.window) == {}


def test_a_newer_version_is_told_calmly_with_its_notes_and_can_be_put_away(
    own: Profile, policy: Path, server: AnnouncingServer, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy.write_text(f'[updates]\naddress = "{server.address}"\n', encoding="utf-8")
    opened_urls: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened_urls.append)
    with window_on(qapp, own) as running:
        opened(running)
        wait_until(lambda: strip(running, "updateNotice").isVisible())
        assert words_of(running.window, "updateNoticeTitle") == "Version 9.1 is available from your council."
        assert words_of(running.window, "updateNoticeAdvice") == "It comes on Thursday night."
        assert shortcomings(running.window) == {}
        press(running.window, "updateNotes")
        assert [url.toString() for url in opened_urls] == [NOTES]
        show(running)
        assert named(running.window, QLineEdit, "updatesAddress").isReadOnly()
        assert words_of(running.window, "updatesByCouncil") == "Set by your council"
        assert not named(running.window, QPushButton, "updatesKeep").isVisible()
        press(running.window, "updateHide")
        settled(running)
        assert not strip(running, "updateNotice").isVisible()
    assert len(server.asked) == 1
    with window_on(qapp, own) as running:
        opened(running)
        assert not strip(running, "updateNotice").isVisible()
    assert len(server.asked) == 1


def test_what_goes_wrong_is_said_on_the_page_and_not_across_the_window(
    own: Profile, policy: Path, server: AnnouncingServer, qapp: QApplication
) -> None:
    server.status = 404
    with window_on(qapp, own) as running:
        opened(running)
        show(running)
        address = named(running.window, QLineEdit, "updatesAddress")
        address.setText("http://it.example.org/")
        press(running.window, "updatesKeep")
        settled(running)
        assert strip(running, "updatesErrors").isVisible()
        address.setText(server.address)
        press(running.window, "updatesKeep")
        settled(running)
        press(running.window, "updatesLook")
        wait_until(lambda: "nothing at that address" in words_of(running.window, "updatesWords"))
        assert not strip(running, "updateNotice").isVisible()
        assert not strip(running, "banner").isVisible()
        server.announce(version="9.1")
        press(running.window, "updatesLook")
        wait_until(lambda: strip(running, "updateNotice").isVisible())
        assert not named(running.window, QPushButton, "updateNotes").isVisible()


def test_a_policy_that_cannot_be_used_is_said_across_the_window_and_casework_is_there(
    own: Profile, policy: Path, qapp: QApplication
) -> None:
    policy.write_text('[hub]\nadress = "x"\n', encoding="utf-8")
    with window_on(qapp, own) as running:
        opened(running)
        wait_until(lambda: strip(running, "banner").isVisible())
        assert "no mailbox and no hub is reached" in words_of(running.window, "bannerTitle")
        assert "hub adress: this key is not known" in words_of(running.window, "bannerAdvice")
        assert running.window.navigation.isVisible()
        show(running)
        assert "hub adress" in words_of(running.window, "councilWhy")


def test_after_a_restore_mail_goes_when_somebody_agrees(own: Profile, policy: Path, qapp: QApplication) -> None:
    del policy
    app = build(own, passphrase=lambda: WORDS)
    with app.store.writing(author=None) as tx:
        hold_after_restore(tx, app.now())
    app.store.close()
    with window_on(qapp, own) as running:
        opened(running)
        assert "restored from a back-up" in words_of(running.window, "heldNoticeTitle")
        assert "0 mails wait" in words_of(running.window, "heldNoticeAdvice")
        assert shortcomings(running.window) == {}
        press(running.window, "heldAgree")
        settled(running)
        assert not strip(running, "heldNotice").isVisible()
    app = build(own, passphrase=lambda: WORDS)
    with app.store.reading() as tx:
        assert not is_held(tx)
    app.store.close()
