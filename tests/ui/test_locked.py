"""A laptop that is locked shows no casework from its first picture on, and touches no mail."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from member_tracker.app import build
from member_tracker.domain.in_step import Joined
from member_tracker.profile import Profile
from member_tracker.services import collecting, post
from member_tracker.services.parts import OWN_HUB
from member_tracker.store.in_step import StoreLocal
from tests.ui.walking import named, words_of
from tests.ui.windows import at_rest, watch_the_store, window_on
from ui.picture import wait_until


@pytest.fixture
def away(practice: Profile) -> Profile:
    """A profile of a hub it has not been in touch with for longer than it may."""
    app = build(practice, passphrase=lambda: None)
    with app.store.writing(author=None) as tx:
        tx.set_local(OWN_HUB, "vera@postgresql://hub.example.org/council")
    StoreLocal(app.store).remember(
        Joined(
            hub_id="3f0e4b52-6a53-4b43-9d2f-6f0a4c6c1f10",
            council_id="9a3f8c2e-0b65-4f0d-8a67-0f9a4b1f5c11",
            epoch=1,
            login="vera",
            device_id="5b0e4b52-6a53-4b43-9d2f-6f0a4c6c1f12",
            contact_at=app.now() - timedelta(days=15),
        )
    )
    app.store.close()
    return practice


def test_a_locked_laptop_is_locked_before_any_casework_is_shown(
    qtbot: QtBot, qapp: QApplication, away: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    del qtbot
    touched: list[str] = []
    monkeypatch.setattr(collecting, "collect", lambda *_a, **_k: touched.append("collect"))
    monkeypatch.setattr(post, "post_queued", lambda *_a, **_k: touched.append("post"))
    watch_the_store(monkeypatch)
    with window_on(qapp, away) as running:
        shown: list[QWidget | None] = []
        pages = named(running.window, QStackedWidget, "pages")
        pages.currentChanged.connect(lambda number: shown.append(pages.widget(number)))
        wait_until(lambda: running.desk.is_open)
        at_rest(running)
        assert {page.objectName() for page in shown if page is not None} <= {"opening"}
        assert "so it is locked" in words_of(running.window, "hubWarning1")
        assert not running.window.navigation.isVisible()
        assert touched == []
