"""Where no mailbox is set up the foot of the window says where mail stays, and never that it was sent."""

from PySide6.QtWidgets import QLabel

from tests.ui.exchange import Exchange
from tests.ui.walking import named
from ui.app import Running
from ui.picture import settle

STAYS = "No mailbox is set up: mail stays on this computer, in a folder"


def foot(running: Running) -> str:
    running.window.menus.mail.trigger()
    settle(running.desk.jobs)
    return named(running.window, QLabel, "statusLine").text()


def test_mail_of_a_profile_without_a_mailbox_is_not_said_to_be_sent(running: Running, exchange: Exchange) -> None:
    del exchange
    said = foot(running)
    assert STAYS in said
    assert "sent and received" not in said


def test_practice_goes_on_as_if_mail_were_sent(running: Running) -> None:
    said = foot(running)
    assert STAYS not in said
    assert "Mail sent and received" in said
