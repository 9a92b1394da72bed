"""A first start that joins a council's hub: nothing is set up by hand, and its casework is there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from member_tracker.app import App
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.vocabulary import Role
from member_tracker.profile import Profile
from member_tracker.services.hub_people import NewUser, add_user
from tests.fakes.hub_offices import PASSWORD, VERA, Shared, in_step, shared_hub
from tests.sync.postgres_server import TestServer
from tests.ui.test_first_run import WORDS, wait_for_page
from tests.ui.walking import named, press
from tests.ui.windows import at_rest, watch_the_store, window_on
from ui.picture import wait_until


@pytest.fixture
def hub(pg_server: TestServer, tmp_path: Path) -> Iterator[Shared]:
    """A hub with a user who has not joined yet, and one enquiry of theirs."""
    with shared_hub(pg_server, tmp_path) as shared:
        boss = shared.offices[0]
        add_user(
            boss.app, NewUser(login=shared.address("vera").login, role=Role.COUNCILLOR, councillors=VERA), PASSWORD
        )
        boss.log(councillor="Cllr Vera Quill")
        in_step(boss)
        yield shared


@pytest.mark.soak
def test_a_new_laptop_joins_its_councils_hub_first_of_all(
    hub: Shared, qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del qtbot
    watch_the_store(monkeypatch)
    with window_on(qapp, Profile(folder=tmp_path / "new")) as running:
        wait_for_page(running, "welcomePage")
        press(running.window, "hubButton")
        page = wait_for_page(running, "passphrasePage")
        named(page, QLineEdit, "passphraseField").setText(WORDS)
        named(page, QLineEdit, "passphraseAgainField").setText(WORDS)
        press(page, "passphraseButton")
        page = wait_for_page(running, "hubPage")
        address = hub.address("vera")
        for name, typed in (("hubAddress", address.url), ("hubUser", address.login), ("hubJoinPassword", PASSWORD)):
            named(page, QLineEdit, name).setText(typed)
        press(page, "joinHubGo")
        wait_until(running.window.navigation.isVisible)
        at_rest(running)
        found: list[int] = []

        def count(app: App) -> int:
            with app.store.reading() as tx:
                return len(tx.every(Enquiry))

        running.desk.ask(count, owner=running.window, done=found.append)
        wait_until(lambda: bool(found))
        assert found == [1]
