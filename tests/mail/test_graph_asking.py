"""Exchange Online before anything is sent: who answers by machine, who is there, what one may do; and good manners."""

import logging
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from member_tracker.domain.availability import Busy, BusyKind, MailTip
from member_tracker.domain.errors import (
    Invalid,
    NotAllowed,
    Offline,
    SignInNeeded,
    TooMuch,
    TrackerError,
    Unavailable,
)
from member_tracker.domain.mailboxes import Holds, MailboxAccount, MailboxKind, Right, SendingWay
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.mail import graph_asking
from member_tracker.mail.graph import GraphMailbox
from member_tracker.mail.graph_errors import Refusal, in_words
from member_tracker.mail.mailbox import NotOffered
from tests.fakes.clock import StoppedClock
from tests.fakes.exchange_items import AutomaticReply
from tests.fakes.exchange_items import Busy as Taken
from tests.fakes.exchange_world import World
from tests.fakes.graph_server import GraphServer
from tests.fakes.http_faults import Throttle
from tests.fakes.login_server import Directory
from tests.mail.graph_client import (
    CLERK,
    HOUSING,
    MONDAY,
    SHARED,
    arriving,
    clock,
    letter_to,
    mailbox,
    mailbox_at,
    server,
    waits,
    world,
)

__all__ = ["clock", "mailbox", "server", "waits", "world"]

ACCOUNT = MailboxAccount(address=SHARED, user=CLERK, kind=MailboxKind.EXCHANGE_ONLINE)
HOUR = timedelta(hours=1)


# --- who is there -----------------------------------------------------------------------------------------------------


def test_what_would_come_back_is_known_before_writing(world: World, mailbox: GraphMailbox) -> None:
    world.mailbox(HOUSING).automatic_reply = AutomaticReply(text="Away until Friday, Ann & Bob")
    world.mailbox(CLERK).is_full = True
    world.mailbox(CLERK).accepts_from = set()
    world.mailbox(CLERK).max_message_size = 1_000
    away, full, unknown, outside = mailbox.tips([HOUSING, CLERK, "nobody@example.org", "pat@example.com"])
    assert (away.address, away.automatic_reply, away.mailbox_full) == (HOUSING, "Away until Friday, Ann & Bob", False)
    assert (full.mailbox_full, full.not_accepting, full.largest_bytes) == (True, True, 1_000)
    assert full.automatic_reply is None
    assert unknown.invalid
    assert outside == MailTip(address="pat@example.com")


def test_the_times_at_which_somebody_is_not_free_are_known(world: World, mailbox: GraphMailbox) -> None:
    world.busy(HOUSING, MONDAY + HOUR, MONDAY + 2 * HOUR, Taken.BUSY)
    world.busy(HOUSING, MONDAY + 3 * HOUR, MONDAY + 8 * HOUR, Taken.AWAY)
    world.busy(HOUSING, MONDAY + 30 * HOUR, MONDAY + 31 * HOUR, Taken.BUSY)
    found = mailbox.free_busy([HOUSING, "nobody@example.org"], MONDAY, MONDAY + 9 * HOUR)
    assert found == (
        Busy(address=HOUSING, start_at=MONDAY + HOUR, end_at=MONDAY + 2 * HOUR, kind=BusyKind.BUSY),
        Busy(address=HOUSING, start_at=MONDAY + 3 * HOUR, end_at=MONDAY + 8 * HOUR, kind=BusyKind.OUT_OF_OFFICE),
        Busy(address="nobody@example.org", start_at=MONDAY, end_at=MONDAY + 9 * HOUR, kind=BusyKind.NO_INFORMATION),
    )


def test_more_than_twenty_people_are_asked_after_in_several_questions(
    world: World, mailbox: GraphMailbox, server: GraphServer
) -> None:
    people = [f"officer{number}@example.org" for number in range(45)]
    for address in people:
        world.add_mailbox(address, address)
        world.busy(address, MONDAY, MONDAY + HOUR)
    assert len(mailbox.free_busy([*people, people[0]], MONDAY, MONDAY + HOUR)) == 45
    assert len(mailbox.tips(people)) == 45
    assert server.traffic.by_operation()["get_schedule"] == 3


def test_a_calendar_that_shows_no_more_than_a_row_of_figures_is_read() -> None:
    said = {"scheduleId": HOUSING, "availabilityView": "0012204", "scheduleItems": []}
    found = list(graph_asking._busy(HOUSING, said, MONDAY, MONDAY + 4 * HOUR))
    half = timedelta(minutes=30)
    assert [(one.kind, (one.start_at - MONDAY) / half, (one.end_at - MONDAY) / half) for one in found] == [
        (BusyKind.TENTATIVE, 2, 3),
        (BusyKind.BUSY, 3, 5),
        (BusyKind.ELSEWHERE, 6, 7),
    ]


# --- what one may do --------------------------------------------------------------------------------------------------


@contextmanager
def with_scopes(world: World, *scopes: str, wait: Callable[[float], object] = float) -> Iterator[GraphMailbox]:
    """The clerk's mailbox with a token that allows this and no more."""
    directory = Directory(world.now)
    directory.add(CLERK)
    token = directory.issue(CLERK, *(f"https://graph.microsoft.com/{scope}" for scope in scopes))
    with GraphServer(world, accepts=directory.accepts, scopes_of=directory.scopes_of) as server:
        account = MailboxAccount(address=SHARED, user=CLERK, kind=MailboxKind.EXCHANGE_ONLINE, url=server.url)
        made = GraphMailbox(account, token=lambda _: token, now=world.now, wait=wait)
        yield made
        made.close()


def holds(mailbox: GraphMailbox, way: SendingWay | None = None) -> dict[Right, Holds]:
    return {one.right: one.holds for one in mailbox.check(way)}


def test_each_right_is_tried_by_itself(mailbox: GraphMailbox) -> None:
    assert holds(mailbox) == dict.fromkeys(Right, Holds.YES) | {Right.SEND_AS: Holds.NOT_TRIED}
    assert holds(mailbox, SendingWay.SEND_ITEM) == dict.fromkeys(Right, Holds.YES)


def test_ones_own_mailbox_needs_no_full_access(server: GraphServer, clock: StoppedClock, waits: list[float]) -> None:
    with mailbox_at(server, clock, waits, address=CLERK, user="") as own:
        assert Right.FULL_ACCESS not in holds(own)


def test_a_right_that_is_missing_names_the_command_that_gives_it(world: World, mailbox: GraphMailbox) -> None:
    world.mailbox(SHARED).rights.clear()
    found = {one.right: one for one in mailbox.check()}
    assert found[Right.READ].holds is found[Right.FULL_ACCESS].holds is Holds.NO
    assert f"Add-MailboxPermission -Identity {SHARED} -User {CLERK}" in found[Right.FULL_ACCESS].advice
    assert found[Right.MAIL_TIPS].holds is Holds.YES


def test_a_permission_that_is_missing_is_named_and_the_rest_goes_on_without(world: World) -> None:
    with with_scopes(world, "Mail.ReadWrite", "Mail.ReadWrite.Shared", "Mail.Send.Shared") as no_calendars:
        found = {one.right: one for one in no_calendars.check()}
        assert found[Right.FREE_BUSY].holds is Holds.NO
        assert "Calendars.Read" in found[Right.FREE_BUSY].advice
        assert found[Right.READ].holds is Holds.YES
        with pytest.raises(NotOffered):
            no_calendars.free_busy([HOUSING], MONDAY, MONDAY + HOUR)
    with with_scopes(world, "Calendars.Read", "Mail.ReadWrite") as own_only, pytest.raises(NotAllowed, match="Shared"):
        own_only.arrivals(None)


def test_a_mailbox_that_is_not_in_exchange_online_or_nowhere_is_said_so(
    server: GraphServer, mailbox: GraphMailbox, clock: StoppedClock, waits: list[float]
) -> None:
    server.desk.on_premises.add(SHARED)
    with pytest.raises(NotAllowed, match="not in Exchange Online") as refused:
        mailbox.arrivals(None)
    assert "Exchange Server" in refused.value.advice
    with mailbox_at(server, clock, waits, address="nobody@example.org") as nobody, pytest.raises(NotAllowed) as refusal:
        nobody.arrivals(None)
    assert "no mailbox nobody@example.org" in refusal.value.title


# --- manners ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", list(Throttle))
def test_a_short_wait_is_waited_and_a_long_one_is_left_to_whoever_asks(
    mailbox: GraphMailbox, server: GraphServer, waits: list[float], how: Throttle
) -> None:
    server.faults.throttle(how=how, wait_seconds=3)
    mailbox.tips([HOUSING])
    assert sum(waits) == 3
    server.faults.throttle(how=how, wait_seconds=90)
    with pytest.raises(TooMuch) as busy:
        mailbox.tips([HOUSING])
    assert busy.value.wait_seconds == 90
    assert sum(waits) == 3


def test_a_time_to_come_back_given_as_a_date_is_understood(
    mailbox: GraphMailbox, server: GraphServer, clock: StoppedClock
) -> None:
    clock.moment = datetime.now(UTC)  # noqa: TID251 - the server writes its date by the real clock
    server.retry_after_as_date = True
    server.faults.throttle(wait_seconds=120)
    with pytest.raises(TooMuch) as busy:
        mailbox.arrivals(None)
    assert busy.value.wait_seconds == pytest.approx(120, abs=5)


def test_a_server_that_stays_busy_and_says_nothing_is_asked_three_times(
    mailbox: GraphMailbox, server: GraphServer, waits: list[float]
) -> None:
    server.faults.throttle(10)
    with pytest.raises(TooMuch) as busy:
        mailbox.arrivals(None)
    assert busy.value.wait_seconds is None
    assert server.traffic.count() == 3
    assert 6 <= sum(waits) <= 9


def test_a_wait_can_be_stopped(mailbox: GraphMailbox, server: GraphServer, waits: list[float]) -> None:
    server.faults.throttle(wait_seconds=9)
    with pytest.raises(Stopped):
        mailbox.arrivals(None, watch=Watch(stop=lambda: len(waits) > 2))
    assert len(waits) == 3


def test_a_challenge_is_answered_with_a_new_token_once(world: World) -> None:
    directory = Directory(world.now)
    directory.add(CLERK)
    asked: list[str | None] = []
    first = directory.issue(CLERK)

    def token(claims: str | None) -> str:
        asked.append(claims)
        return directory.issue(CLERK) if claims else first

    world.deliver(SHARED, arriving(1))
    with GraphServer(world, accepts=directory.accepts) as server:
        account = MailboxAccount(address=SHARED, user=CLERK, kind=MailboxKind.EXCHANGE_ONLINE, url=server.url)
        mailbox = GraphMailbox(account, token=token, now=world.now)
        directory.revoke(CLERK)
        assert len(mailbox.arrivals(None).page) == 1
        assert '"nbf"' in str(asked[1])
        asked.clear()
        deaf = GraphMailbox(account, token=lambda _: first, now=world.now)
        with pytest.raises(SignInNeeded):
            deaf.arrivals(None)
        mailbox.close()
        deaf.close()


def test_a_sign_in_that_ended_is_told_before_anything_is_asked(server: GraphServer, clock: StoppedClock) -> None:
    def nobody(claims: str | None) -> str:
        raise SignInNeeded(f"nobody is signed in {claims}", advice="Sign in.")

    account = MailboxAccount(address=SHARED, user=CLERK, kind=MailboxKind.EXCHANGE_ONLINE, url=server.url)
    with pytest.raises(SignInNeeded, match="nobody"):
        GraphMailbox(account, token=nobody, now=clock).check()
    assert server.traffic.count() == 0


def test_a_server_that_cannot_be_reached_is_offline(clock: StoppedClock) -> None:
    account = MailboxAccount(address=SHARED, kind=MailboxKind.EXCHANGE_ONLINE, url="http://127.0.0.1:9/v1.0")
    mailbox = GraphMailbox(account, token=lambda _: CLERK, now=clock, wait=float)
    with pytest.raises(Offline):
        mailbox.look(letter_to())
    mailbox.close()


@pytest.mark.parametrize("url", ["http://graph.example.org/v1.0", "ftp://127.0.0.1/", "graph.example.org", "https://"])
def test_an_address_that_could_be_listened_to_is_refused(clock: StoppedClock, url: str) -> None:
    account = MailboxAccount(address=SHARED, kind=MailboxKind.EXCHANGE_ONLINE, url=url)
    with pytest.raises(Invalid, match="safe"):
        GraphMailbox(account, token=lambda _: CLERK, now=clock).check()


def test_microsofts_own_address_is_the_usual_one(clock: StoppedClock) -> None:
    mailbox = GraphMailbox(ACCOUNT, token=lambda _: CLERK, now=clock)
    assert mailbox._graph.mailbox == f"https://graph.microsoft.com/v1.0/users/{SHARED}"
    assert mailbox.drafts


def test_a_mailbox_may_be_used_again_after_it_was_closed(mailbox: GraphMailbox) -> None:
    mailbox.tips([HOUSING])
    mailbox.close()
    mailbox.close()
    assert mailbox.tips([HOUSING])


# --- what is said -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "kind", "words"),
    [
        (401, "InvalidAuthenticationToken", SignInNeeded, "sign in again"),
        (403, "ErrorAccessDenied", NotAllowed, "may not open"),
        (403, "errorsendasdenied", NotAllowed, "may not send as"),
        (413, "ErrorMessageSizeExceeded", NotAllowed, "larger"),
        (507, "ErrorQuotaExceeded", NotAllowed, "full"),
        (429, "ErrorSubmissionQuotaExceeded", NotAllowed, "as many mails"),
        (429, "ApplicationThrottled", TooMuch, "left alone"),
        (503, "", TooMuch, "left alone"),
        (503, "ErrorMailboxMoveInProgress", Unavailable, "being moved"),
        (404, "MailboxNotEnabledForRESTAPI", NotAllowed, "not in Exchange Online"),
        (400, "ErrorInvalidRecipients", NotAllowed, "does not accept"),
        (403, "Authorization_RequestDenied", NotAllowed, "permission"),
        (501, "", NotOffered, "does not offer"),
        (500, "ErrorInternalServerError", Unavailable, "ErrorInternalServerError"),
        (400, "ErrorSomethingNew", NotAllowed, "ErrorSomethingNew"),
        (418, "", NotAllowed, "HTTP 418"),
    ],
)
def test_every_refusal_is_put_into_words(status: int, code: str, kind: type[TrackerError], words: str) -> None:
    said = in_words(Refusal(status, (code,) if code else (), wait_seconds=5), ACCOUNT)
    assert type(said) is kind
    assert words in said.title
    assert said.advice


def test_only_what_is_certain_counts_as_not_done() -> None:
    certain = [Refusal(403, ("ErrorSendAsDenied",)), Refusal(429, ()), Refusal(503, (), wait_seconds=1.0)]
    certain += [Refusal(507, ("ErrorQuotaExceeded",)), Refusal(500, ("ErrorMessageSizeExceeded",))]
    doubtful = [Refusal(503, ()), Refusal(500, ()), Refusal(504, ()), Refusal(408, ()), Refusal(502, ("BadGateway",))]
    assert all(one.nothing_was_done for one in certain)
    assert not any(one.nothing_was_done for one in doubtful)


def test_nothing_secret_is_in_a_log_or_an_error(
    world: World, server: GraphServer, clock: StoppedClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    account = MailboxAccount(
        address=SHARED, user=CLERK, kind=MailboxKind.EXCHANGE_ONLINE, url=server.url, since=date(2026, 11, 1)
    )
    directory = Directory(clock)
    directory.add(CLERK)
    token = directory.issue(CLERK)
    server._accepts = directory.accepts
    mailbox = GraphMailbox(account, token=lambda _: token, now=clock, wait=float)
    world.deliver(SHARED, arriving(1))
    cursor = mailbox.arrivals(None).cursor
    errors: list[TrackerError] = []
    arms: list[Callable[[], None]] = [
        lambda: server.faults.drop("delta"),
        lambda: server.faults.cut_answer(300, "delta"),
        lambda: server.faults.throttle(5),
        server.faults.refuse_sign_in,
    ]
    for arm in arms:
        server.faults.clear()
        arm()
        with pytest.raises(TrackerError) as failed:
            mailbox.arrivals(cursor)
        errors.append(failed.value)
    mailbox.close()
    shown = caplog.text + "".join(everything_said(one) for one in errors)
    for secret in (token, "deltatoken", "Bearer", "Text 1"):
        assert secret not in shown


def everything_said(error: BaseException | None) -> str:
    """The whole chain of an error, also what is not printed."""
    said = ""
    while error is not None:
        said += "".join(traceback.format_exception(error)) + repr(error.args)
        error = error.__cause__ or error.__context__
    return said


def test_opening_a_mailbox_imports_nothing_slow_until_it_is_used() -> None:
    script = (
        "import sys\n"
        "from member_tracker.mail.graph import GraphMailbox\n"
        "from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind\n"
        "account = MailboxAccount(address='a@example.org', kind=MailboxKind.EXCHANGE_ONLINE)\n"
        "GraphMailbox(account, token=str, now=None).close()\n"
        "print(sorted({'requests', 'msal', 'truststore'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
