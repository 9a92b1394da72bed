"""Adding, testing and taking away a mailbox: what cannot be read is not kept, and each right is said by itself."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from member_tracker.app import build
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound, SignInNeeded, Unavailable
from member_tracker.domain.mailboxes import Holds, MailboxAccount, MailboxKind, Right, SendingWay
from member_tracker.domain.vocabulary import Channel
from member_tracker.profile import Profile
from member_tracker.services import mailboxes
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.intake import Intake, log_by_name
from member_tracker.services.mailboxes import (
    add_mailbox,
    list_mailboxes,
    remove_mailbox,
    sign_in_again,
    try_mailbox,
)
from member_tracker.services.parts import App
from member_tracker.services.post import post_queued
from member_tracker.services.setup import SetUp, set_up
from tests.fakes.exchange_items import Right as Given
from tests.fakes.exchange_office import PASSWORD, Exchange, a_clerk_at_the_desk, exchange_office
from tests.fakes.imaginary_council import CLERK, SHARED
from tests.fakes.office import Office


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    """An organisation with an Exchange Server."""
    with exchange_office("ews", tmp_path / "exchange") as running, a_clerk_at_the_desk(running, tmp_path / "desk"):
        yield running


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A profile of somebody's own, without a mailbox yet."""
    made = build(Profile(folder=tmp_path / "profile"), passphrase=lambda: "some words")
    set_up(made, SetUp(council="Chorley", councillors=("Cllr Vera Quill",)))
    yield made
    made.store.close()


def rights(tested: mailboxes.Tested) -> dict[Right, Holds]:
    return {found.right: found.holds for found in tested.findings}


def test_a_mailbox_that_works_is_kept_with_the_way_it_sends_and_nothing_is_left_behind(
    app: App, exchange: Exchange
) -> None:
    tested = add_mailbox(app, exchange.account, PASSWORD)
    assert tested.works
    assert (tested.is_kept, tested.account.sending) == (True, SendingWay.UPDATE)
    assert rights(tested)[Right.FULL_ACCESS] is Holds.YES
    (view,) = list_mailboxes(app)
    assert view.account == tested.account
    assert not exchange.world.items(SHARED)
    assert not exchange.sent()
    assert exchange.drafts() == 0


def test_without_send_as_the_mailbox_is_kept_for_reading_and_says_what_is_missing(app: App, exchange: Exchange) -> None:
    exchange.world.revoke(CLERK, SHARED, Given.SEND_AS)
    tested = add_mailbox(app, exchange.account, PASSWORD)
    assert not tested.works
    (missing,) = (found for found in tested.findings if found.holds is Holds.NO)
    assert missing.right is Right.SEND_AS
    assert missing.advice
    assert [view.account.sending for view in list_mailboxes(app)] == [None]


def test_a_mailbox_that_may_not_be_opened_is_not_kept_and_neither_is_its_password(
    app: App, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MEMBER_TRACKER_MAILBOX_PASSWORD")
    exchange.world.revoke(CLERK, SHARED, Given.FULL_ACCESS)
    with pytest.raises(NotAllowed) as refused:
        add_mailbox(app, exchange.account, PASSWORD)
    assert refused.value.advice
    with pytest.raises(SignInNeeded):
        add_mailbox(app, exchange.account, "not the password")
    assert [view.account.kind for view in list_mailboxes(app)] == [MailboxKind.FOLDER]
    with pytest.raises(SignInNeeded):
        app.connections.passwords.find(exchange.account)


def test_a_server_that_is_not_there_is_said_with_advice_and_nothing_is_kept(app: App, exchange: Exchange) -> None:
    nowhere = replace(exchange.account, url="http://127.0.0.1:9/EWS/Exchange.asmx")
    with pytest.raises(Unavailable) as refused:
        add_mailbox(app, nowhere, PASSWORD)
    assert refused.value.advice
    assert not app.profile.settings().mailboxes


def test_a_mailbox_is_added_once(app: App, exchange: Exchange) -> None:
    add_mailbox(app, exchange.account, PASSWORD, by_sending=False)
    with pytest.raises(NotAllowed, match="already"):
        add_mailbox(app, replace(exchange.account, address=SHARED.upper()), PASSWORD)


def test_an_address_of_a_server_typed_with_a_slash_at_its_end_is_taken_as_meant(app: App, exchange: Exchange) -> None:
    add_mailbox(app, replace(exchange.account, url=f" {exchange.account.url}/ "), PASSWORD, by_sending=False)
    assert [each.url for each in app.profile.settings().mailboxes] == [exchange.account.url]


def test_a_password_in_the_address_of_a_server_is_not_taken(app: App, exchange: Exchange) -> None:
    account = replace(exchange.account, url=exchange.account.url.replace("://", f"://clerk:{PASSWORD}@"))
    with pytest.raises(Invalid) as refused:
        add_mailbox(app, account, PASSWORD)
    assert PASSWORD not in str(refused.value)
    assert not app.profile.settings().mailboxes


def test_an_address_at_microsoft_wants_the_tenant_and_the_client_id(app: App) -> None:
    account = MailboxAccount(
        address=SHARED, kind=MailboxKind.EXCHANGE_SERVER, url="https://outlook.office365.com/EWS/Exchange.asmx"
    )
    with pytest.raises(Invalid, match="Exchange Online") as refused:
        add_mailbox(app, account, PASSWORD)
    assert "--tenant" in refused.value.advice


def test_practice_data_have_no_mailbox(office: Office, exchange: Exchange) -> None:
    with pytest.raises(NotAllowed, match="Practice"):
        add_mailbox(office.app, exchange.account, PASSWORD)


def test_a_mailbox_proves_its_way_of_sending_before_its_first_mail_and_only_once(app: App, exchange: Exchange) -> None:
    add_mailbox(app, exchange.account, PASSWORD, by_sending=False)
    for _ in range(2):
        logged_and_queued(app)
        assert post_queued(app).sent == 1
    assert [each.sending for each in app.profile.settings().mailboxes] == [SendingWay.UPDATE]
    assert len(exchange.sent()) == 2
    assert drafts_made(exchange) == 3, "one test message, two mails"


def test_a_mailbox_that_cannot_send_keeps_its_mail_and_does_not_test_itself_again_and_again(
    app: App, exchange: Exchange
) -> None:
    add_mailbox(app, exchange.account, PASSWORD, by_sending=False)
    exchange.world.revoke(CLERK, SHARED, Given.SEND_AS)
    logged_and_queued(app)
    tests_of_one_round = 0
    for _ in range(3):
        posted = post_queued(app)
        assert (posted.sent, posted.waiting) == (0, 1)
        assert posted.problem
        tests_of_one_round = tests_of_one_round or drafts_made(exchange)
    assert drafts_made(exchange) == tests_of_one_round, "no further test message for an hour"
    exchange.world.grant(CLERK, SHARED, Given.SEND_AS)
    assert try_mailbox(app, SHARED).works
    assert post_queued(app).sent == 1


def test_signing_in_again_takes_the_new_password(app: App, exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MEMBER_TRACKER_MAILBOX_PASSWORD")
    add_mailbox(app, exchange.account, PASSWORD, by_sending=False)
    exchange.world.mailbox(CLERK).password = "another long sentence"
    with pytest.raises(SignInNeeded):
        sign_in_again(app, SHARED, None)
    with pytest.raises(SignInNeeded):
        try_mailbox(app, SHARED)
    assert sign_in_again(app, SHARED, "another long sentence")
    assert try_mailbox(app, SHARED).works


def test_a_mailbox_taken_away_is_forgotten_with_its_password(
    app: App, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MEMBER_TRACKER_MAILBOX_PASSWORD")
    add_mailbox(app, exchange.account, PASSWORD, by_sending=False)
    remove_mailbox(app, SHARED.upper())
    assert not app.profile.settings().mailboxes
    with pytest.raises(SignInNeeded):
        app.connections.passwords.find(exchange.account)
    with pytest.raises(NotFound):
        remove_mailbox(app, SHARED)
    with pytest.raises(NotAllowed, match="folder of messages"):
        remove_mailbox(app, app.profile.settings().written_from)


def test_what_somebody_wrote_into_the_settings_stays_when_a_mailbox_is_added(app: App, exchange: Exchange) -> None:
    app.profile.settings_file.write_text("# ours\n[mailbox]\ninbox = 'post'  # by hand\n", encoding="utf-8")
    add_mailbox(app, exchange.account, PASSWORD, by_sending=False)
    written = app.profile.settings_file.read_text(encoding="utf-8")
    assert "# ours" in written
    assert "# by hand" in written
    assert PASSWORD not in written


def drafts_made(exchange: Exchange) -> int:
    return sum((one.operation, one.status) == ("CreateItem", 200) for one in exchange.traffic.served)


def logged_and_queued(app: App) -> None:
    enquiry = log_by_name(
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
    send_enquiry(app, enquiry.id)
