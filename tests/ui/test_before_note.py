"""Before an enquiry is sent: who is away is said above the buttons, and who is there can have it too."""

import threading
from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from member_tracker.app import App
from member_tracker.domain.availability import MailTip
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.domain.people import DutyOfficer, ServiceArea
from member_tracker.domain.vocabulary import Channel, OutgoingState
from member_tracker.profile import Profile
from member_tracker.services.intake import Intake, log_by_name
from tests.ui.checks import shortcomings
from tests.ui.exchange import ADDRESS, Exchange, alt, in_front, settled
from tests.ui.walking import named, press, words_of
from ui.app import Running
from ui.picture import wait_for, wait_until
from ui.places import Place

OFFICER = DutyOfficer(name="Ines Farrow", email="ines.farrow@example.org")
AWAY = MailTip(address="ines.farrow@example.org", automatic_reply="I am away until 1 December.")


def draft(app: App) -> Enquiry:
    """An enquiry that is logged and not sent, to a service area with a duty officer."""
    with app.store.writing(author=None) as tx:
        area = next(area for area in tx.every(ServiceArea) if area.name == "Housing")
        tx.save(replace(area, duty_officers=(OFFICER,)))
    intake = Intake(
        councillor="Cllr Priya Marsden", resident="Una Bright", service_area="Housing", channel=Channel.EMAIL,
        subject="Damp again", text="The wall is wet.",
    )  # fmt: skip
    return log_by_name(app, intake)


def queued(app: App) -> list[tuple[str, ...]]:
    with app.store.reading() as tx:
        return [
            mail.to
            for state in (OutgoingState.QUEUED, OutgoingState.SENT)
            for mail in tx.every(QueuedMail, state=state)
        ]


def set_up(running: Running, practice: Profile) -> None:
    practice.keep_mailboxes(
        [MailboxAccount(address=ADDRESS, kind=MailboxKind.EXCHANGE_SERVER, url="https://x.example.org")]
    )
    settled(running)


def turn_to_draft(running: Running) -> None:
    """Ask for it to be shown, and do not wait for whatever is asked about it."""
    made: list[Enquiry] = []
    running.desk.ask(draft, owner=running.desk, done=made.append)
    wait_until(lambda: bool(made))
    running.desk.show_enquiry.emit(made[0].id)


def open_draft(running: Running) -> None:
    turn_to_draft(running)
    settled(running)


def is_noted(running: Running) -> bool:
    return named(running.window, QWidget, "beforeNote").isVisible()


def test_who_is_there_can_have_it_too(running: Running, exchange: Exchange, practice: Profile) -> None:
    set_up(running, practice)
    open_draft(running)
    wait_until(lambda: is_noted(running))
    settled(running)
    also = named(running.window, QCheckBox, "alsoDutyOfficer")
    assert "Ines Farrow" in also.text()
    assert not also.isChecked()
    assert shortcomings(running.window) == {}
    alt(running, "o")
    assert also.isChecked()
    press(running.window, "sendButton")
    settled(running)
    press(running.window, "composeSend")
    wait_until(lambda: running.window.findChild(QPlainTextEdit, "composeConfirmText") is not None)
    assert "ines.farrow@example.org" in words_of(running.window, "composeConfirmExplanation")
    press(running.window, "composeConfirmAgree")
    in_front(running)
    settled(running)
    answers: list[list[tuple[str, ...]]] = []
    running.desk.ask(queued, owner=running.desk, done=answers.append)
    settled(running)
    assert any("ines.farrow@example.org" in to for to in answers[0])
    assert not is_noted(running)
    del exchange


def test_who_is_away_is_said_and_keeps_nobody_from_sending(
    running: Running, exchange: Exchange, practice: Profile
) -> None:
    exchange.tips = (AWAY,)
    set_up(running, practice)
    open_draft(running)
    wait_until(lambda: is_noted(running))
    assert "Ines Farrow" in words_of(running.window, "beforeWords")
    assert not named(running.window, QCheckBox, "alsoDutyOfficer").isVisible()
    assert named(running.window, QWidget, "sendButton").isEnabled()


def test_an_answer_for_an_enquiry_that_is_no_longer_shown_is_dropped(
    running: Running, exchange: Exchange, practice: Profile
) -> None:
    exchange.gate = threading.Event()
    set_up(running, practice)
    turn_to_draft(running)
    wait_until(exchange.asked.is_set)
    assert words_of(running.window, "enquirySubject") == "Damp again"
    running.window.go_to(Place.OVERDUE)
    wait_until(lambda: words_of(running.window, "enquirySubject") != "Damp again")
    exchange.gate.set()
    settled(running)
    assert words_of(running.window, "enquirySubject") != "Damp again"
    assert not is_noted(running)


def test_without_a_mail_server_nothing_is_said(running: Running, exchange: Exchange) -> None:
    open_draft(running)
    wait_for(500)
    settled(running)
    assert not is_noted(running)
    del exchange
