"""Mail that may have gone out: listed with where to look, and settled by a person with one deed each."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView, QWidget

from member_tracker.app import App
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.vocabulary import OutgoingState
from tests.ui.checks import shortcomings
from tests.ui.exchange import Exchange, alt, focused, own_app, send_into_a_folder, settled
from tests.ui.walking import named, words_of
from ui.app import Running


def doubt_two(app: App) -> tuple[str, ...]:
    """Make two of the mails that went such that nobody knows whether they did."""
    with app.store.writing(author=None) as tx:
        mails = tx.every(QueuedMail, state=OutgoingState.SENT)[:2]
        for number, mail in enumerate(mails):
            told = app.now() if number else None
            tx.save(replace(mail, state=OutgoingState.UNKNOWN, sent_at=None, handed_over_at=told))
    return tuple(mail.id for mail in mails)


def states(running: Running, ids: tuple[str, ...]) -> list[OutgoingState]:
    answers: list[list[OutgoingState]] = []

    def read(app: App) -> list[OutgoingState]:
        with app.store.reading() as tx:
            return [tx.get(QueuedMail, mail_id).state for mail_id in ids]

    running.desk.ask(read, owner=running.desk, done=answers.append)
    settled(running)
    return answers[0]


@pytest.fixture
def doubted(running: Running, exchange: Exchange) -> tuple[str, ...]:
    del exchange
    send_into_a_folder(own_app(running).profile)
    made: list[tuple[str, ...]] = []
    running.desk.ask(doubt_two, owner=running.desk, done=made.append)
    settled(running)
    return made[0]


def listed(running: Running) -> list[str]:
    model = named(running.window, QTableView, "unsureList").model()
    return [model.data(model.index(row, 0), Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]


def test_mail_in_doubt_is_announced_and_leads_to_a_list_of_where_to_look(
    running: Running, doubted: tuple[str, ...]
) -> None:
    assert words_of(running.window, "unsureWords") == "2 mails may have gone out: look and decide"
    alt(running, "1")
    settled(running)
    assert focused().objectName() == "unsureList"
    assert all(words.startswith("ENQ-") and "@" in words and ", from " in words for words in listed(running))
    assert any("Today, 09:12" in words for words in listed(running))
    assert shortcomings(running.window) == {}
    assert len(doubted) == 2


@pytest.mark.parametrize(
    ("letter", "state", "words"),
    [
        ("w", OutgoingState.SENT, "counts as sent"),
        ("n", OutgoingState.WRITTEN, "counts as not sent"),
        ("s", OutgoingState.WRITTEN, "is sent again"),
    ],
)
def test_each_mail_takes_one_deed_and_the_next_is_under_the_keyboard(
    running: Running, doubted: tuple[str, ...], letter: str, state: OutgoingState, words: str
) -> None:
    alt(running, "1")
    settled(running)
    alt(running, letter)
    settled(running)
    assert sorted(states(running, doubted)) == sorted([state, OutgoingState.UNKNOWN])
    assert words in words_of(running.window, "unsureSaid")
    assert len(listed(running)) == 1
    alt(running, letter)
    settled(running)
    assert states(running, doubted) == [state, state]
    assert words_of(running.window, "unsureEmpty").startswith("No mail is in doubt.")
    assert focused().objectName() == "unsureBack"
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    settled(running)
    assert not named(running.window, QWidget, "mailBanners").isVisible()
