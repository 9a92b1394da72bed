"""A password that was refused is not shown again and again, for that locks the account; a person puts it right."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from member_tracker.app import build
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import SignInNeeded, SignInRefused
from member_tracker.domain.vocabulary import Channel
from member_tracker.profile import Profile
from member_tracker.services.before_sending import before_sending
from member_tracker.services.collecting import collect
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.intake import Intake, log_by_name
from member_tracker.services.mailbox_health import warnings
from member_tracker.services.mailboxes import add_mailbox, remove_mailbox, sign_in_again, try_mailbox
from member_tracker.services.parts import App
from member_tracker.services.post import post_queued
from member_tracker.services.setup import SetUp, set_up
from tests.fakes.exchange_items import Right
from tests.fakes.exchange_office import PASSWORD, Exchange, a_clerk_at_the_desk, exchange_office
from tests.fakes.imaginary_council import CLERK, SHARED

OTHER = "planning.members@example.org"
NEW = "another long sentence"


@pytest.fixture
def exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    """An organisation with an Exchange Server and two shared mailboxes, opened by the same clerk."""
    with exchange_office("ews", tmp_path / "exchange") as running, a_clerk_at_the_desk(running, tmp_path / "desk"):
        monkeypatch.delenv("MEMBER_TRACKER_MAILBOX_PASSWORD")
        running.world.add_mailbox(OTHER, "Planning", shared=True)
        running.world.grant(CLERK, OTHER, Right.FULL_ACCESS, Right.SEND_AS)
        yield running


@pytest.fixture
def app(tmp_path: Path, exchange: Exchange) -> Iterator[App]:
    """A profile of somebody's own with both mailboxes."""
    made = build(Profile(folder=tmp_path / "profile"), passphrase=lambda: "some words")
    set_up(made, SetUp(council="Chorley", councillors=("Cllr Vera Quill",)))
    for address in (SHARED, OTHER):
        add_mailbox(made, replace(exchange.account, address=address), PASSWORD, by_sending=False)
    yield made
    made.store.close()


def logged(app: App) -> Enquiry:
    return log_by_name(
        app,
        Intake(
            councillor="Cllr Vera Quill",
            resident="Ned Barlow",
            service_area="Housing",
            channel=Channel.EMAIL,
            subject="Damp in a flat",
            text=f"The bedroom wall is wet ({app.new_id()}).",
        ),
    )


def tries(exchange: Exchange) -> int:
    """How often the server refused somebody."""
    return sum(one.status == 401 for one in exchange.traffic.served)


def changed_elsewhere(app: App, exchange: Exchange) -> None:
    """The clerk changes the password at another computer; what was open is closed."""
    exchange.world.mailbox(CLERK).password = NEW
    for box in app.mailboxes():
        box.mailbox.close()


def test_rounds_show_a_refused_password_once_for_all_mailboxes_and_mails_of_its_user(
    app: App, exchange: Exchange
) -> None:
    for _ in range(3):
        send_enquiry(app, logged(app).id)
    changed_elsewhere(app, exchange)
    assert post_queued(app).waiting == 3
    after_the_first = tries(exchange)
    for _ in range(5):
        assert "password" in (post_queued(app).problem or "")
        with pytest.raises(SignInRefused):
            collect(app)
    assert tries(exchange) == after_the_first
    assert [(each.mailbox, each.needs_sign_in) for each in warnings(app)] == [(SHARED, True), (OTHER, True)]


def test_looking_before_sending_shows_no_refused_password(app: App, exchange: Exchange) -> None:
    enquiry = logged(app)
    changed_elsewhere(app, exchange)
    assert any("password" in note for note in before_sending(app, enquiry.id).notes)
    after_the_first = tries(exchange)
    assert any("password" in note for note in before_sending(app, enquiry.id).notes)
    assert tries(exchange) == after_the_first


def test_what_was_refused_outlasts_the_program(app: App, exchange: Exchange) -> None:
    changed_elsewhere(app, exchange)
    with pytest.raises(SignInRefused):
        collect(app)
    after_the_first = tries(exchange)
    again = build(Profile(folder=app.profile.folder), passphrase=lambda: "some words")
    with pytest.raises(SignInRefused):
        collect(again)
    again.store.close()
    assert tries(exchange) == after_the_first


def test_signing_in_at_one_mailbox_opens_all_of_its_user(app: App, exchange: Exchange) -> None:
    changed_elsewhere(app, exchange)
    with pytest.raises(SignInRefused):
        collect(app)
    assert sign_in_again(app, OTHER, NEW)
    exchange.deliver(b"From: a@example.org\r\nSubject: Bins\r\nMessage-ID: <b@example.org>\r\n\r\nThey are full.\r\n")
    assert collect(app).new == 1
    assert warnings(app) == ()


def test_who_tests_a_mailbox_tries_once_and_a_lifted_lock_is_noticed(app: App, exchange: Exchange) -> None:
    changed_elsewhere(app, exchange)
    with pytest.raises(SignInRefused):
        collect(app)
    before = tries(exchange)
    with pytest.raises(SignInRefused):
        try_mailbox(app, SHARED)
    assert tries(exchange) > before
    exchange.world.mailbox(CLERK).password = PASSWORD
    assert try_mailbox(app, SHARED, by_sending=False).works
    assert collect(app).read == 0


def test_a_password_mistyped_for_a_second_mailbox_spoils_nothing_for_the_first(app: App, exchange: Exchange) -> None:
    remove_mailbox(app, OTHER)
    assert collect(app).read == 0, "taking one away leaves the password of the other"
    with pytest.raises(SignInNeeded):
        add_mailbox(app, replace(exchange.account, address=OTHER), "mistyped", by_sending=False)
    assert app.connections.passwords.find(exchange.account) == PASSWORD
    for box in app.mailboxes():
        box.mailbox.close()
    assert collect(app).read == 0
