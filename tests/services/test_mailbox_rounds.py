"""Several mailboxes: each read by itself, none lost for another's sake, and each says how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import cast

import pytest

from member_tracker.domain.errors import Offline, SignInNeeded, TooMuch, TrackerError, Unavailable
from member_tracker.domain.mailbag import ReceivedMail
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.domain.watching import UNWATCHED, Stopped, Watch
from member_tracker.mail.mailbox import NOTHING_KNOWN, Arrival, Arrivals, Cursor, Known, Mailbox
from member_tracker.services.collecting import collect
from member_tracker.services.mailbox_health import health_of, warnings
from member_tracker.services.parts import App, OpenMailbox
from tests.fakes.office import Office


def raw(number: int) -> bytes:
    return (
        f"From: a@example.org\r\nSubject: Mail {number}\r\nMessage-ID: <m{number}@example.org>\r\n"
        f"Date: Mon, 16 Nov 2026 09:00:00 +0000\r\n\r\nThe bin of number {number} was emptied.\r\n"
    ).encode()


@dataclass(slots=True)
class Scripted:
    """A mailbox whose pages are written down beforehand; `fails` is raised in the place of the next page."""

    pages: list[Arrivals] = field(default_factory=list)
    swept: Sequence[Arrival] = ()
    elsewhere: frozenset[str] = frozenset()
    fails: list[TrackerError] = field(default_factory=list)
    asked: list[Cursor | None] = field(default_factory=list)
    known: list[frozenset[str]] = field(default_factory=list)
    sweeps: int = 0

    def arrivals(self, cursor: Cursor | None, known: Known = NOTHING_KNOWN, watch: Watch = UNWATCHED) -> Arrivals:
        del watch
        if self.fails:
            raise self.fails.pop(0)
        self.asked.append(cursor)
        self.known.append(frozenset(known([arrival.provider_id for page in self.pages for arrival in page.page])))
        place = 0 if cursor is None else int(cursor)
        if place < len(self.pages):
            return self.pages[place]
        return Arrivals(page=(), cursor=Cursor(str(len(self.pages))))

    def still_there(self, provider_ids: Sequence[str]) -> frozenset[str]:
        return self.elsewhere & frozenset(provider_ids)

    def sweep(self, since: datetime, known: Known = NOTHING_KNOWN, watch: Watch = UNWATCHED) -> Arrivals:
        del since, watch
        self.sweeps += 1
        seen = known([arrival.provider_id for arrival in self.swept])
        page = tuple(arrival for arrival in self.swept if arrival.provider_id not in seen)
        return Arrivals(page=page, cursor=Cursor("nothing"))


def arrival(number: int, provider_id: str | None = None) -> Arrival:
    return Arrival(name=f"mail {number}", raw=raw(number), provider_id=provider_id or f"id-{number}")


def page(*arrivals: Arrival, cursor: int, more: bool = False, left: tuple[str, ...] = ()) -> Arrivals:
    return Arrivals(page=arrivals, cursor=Cursor(str(cursor)), more=more, left=left)


def with_boxes(app: App, **boxes: Scripted) -> App:
    """The program with these mailboxes and, as its settings have it, their accounts."""
    accounts = {
        name: MailboxAccount(address=f"{name}@example.org", kind=MailboxKind.EXCHANGE_SERVER, url="https://example.org")
        for name in boxes
    }
    app.profile.keep_mailboxes(list(accounts.values()))
    opened = tuple(OpenMailbox(account=accounts[name], mailbox=cast("Mailbox", box)) for name, box in boxes.items())
    return replace(app, mailboxes=lambda: opened)


def kept(app: App) -> list[str]:
    with app.store.reading() as tx:
        return sorted(mail.subject for mail in tx.every(ReceivedMail))


def test_pages_are_kept_with_how_far_the_mailbox_was_read_and_read_on_from_there(office: Office) -> None:
    box = Scripted(pages=[page(arrival(1), arrival(2), cursor=1, more=True), page(arrival(3), cursor=2)])
    app = with_boxes(office.app, members=box)
    assert collect(app).new == 3
    assert collect(app).read == 0
    assert box.asked == [None, Cursor("1"), Cursor("2")]
    assert box.known[-1] == {"id-1", "id-2", "id-3"}, "what is kept need not be fetched again"


def test_a_message_seen_through_two_mailboxes_is_one_mail(office: Office) -> None:
    one = Scripted(pages=[page(arrival(1, "here"), cursor=1)])
    other = Scripted(pages=[page(arrival(1, "there"), cursor=1)])
    collected = collect(with_boxes(office.app, one=one, other=other))
    assert (collected.new, collected.known) == (1, 1)
    assert kept(office.app) == ["Mail 1"]


def test_one_broken_mailbox_does_not_stop_another_and_says_what_is_wrong(office: Office) -> None:
    broken = Scripted(fails=[SignInNeeded("The password is no longer right.", advice="Sign in again.")])
    app = with_boxes(office.app, broken=broken, good=Scripted(pages=[page(arrival(1), cursor=1)]))
    collected = collect(app)
    assert collected.new == 1
    assert any("broken@example.org" in notice for notice in collected.notices)
    (warning,) = warnings(app)
    assert (warning.mailbox, warning.needs_sign_in) == ("broken@example.org", True)
    assert "since it was added" in warning.title
    assert "The password is no longer right." in warning.title
    assert collect(app).new == 0
    assert warnings(app) == (), "read to its end, a mailbox has nothing wrong with it"


def test_where_no_mailbox_can_be_read_the_first_error_is_raised(office: Office) -> None:
    app = with_boxes(office.app, a=Scripted(fails=[Unavailable("Down.", advice="Wait.")]))
    with pytest.raises(Unavailable, match="Down"):
        collect(app)


def test_without_a_network_nobody_is_warned_for_an_hour(office: Office) -> None:
    box = Scripted()
    collect(with_boxes(office.app, members=box))
    for minutes, warned in ((30, 0), (29, 0), (2, 1)):
        office.clock.forward(minutes=minutes)
        box.fails = [Offline("There is no connection.", advice="Nothing need be done.")]
        app = with_boxes(office.app, members=box)
        with pytest.raises(Offline):
            collect(app)
        assert len(warnings(app)) == warned


def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(office: Office) -> None:
    box = Scripted(fails=[TooMuch("Busy.", advice="Wait.", wait_seconds=240)], pages=[page(arrival(1), cursor=1)])
    app = with_boxes(office.app, members=box)
    with pytest.raises(TooMuch):
        collect(app)
    office.clock.forward(seconds=239)
    assert collect(with_boxes(office.app, members=box)).read == 0
    assert box.asked == []
    office.clock.forward(seconds=1)
    assert collect(with_boxes(office.app, members=box)).new == 1


def test_a_short_wait_is_waited_out_in_the_same_round(office: Office) -> None:
    box = Scripted(fails=[TooMuch("Busy.", advice="", wait_seconds=0.0)] * 3, pages=[page(arrival(1), cursor=1)])
    assert collect(with_boxes(office.app, members=box)).new == 1


def test_somebody_who_stops_a_wait_is_heard_at_once(office: Office) -> None:
    box = Scripted(fails=[TooMuch("Busy.", advice="", wait_seconds=50)])
    with pytest.raises(Stopped):
        collect(with_boxes(office.app, members=box), watch=Watch(stop=lambda: not box.fails))


def test_a_mail_that_left_its_folder_stays_with_us_and_says_so(office: Office) -> None:
    box = Scripted(pages=[page(arrival(1), arrival(2), cursor=1)])
    app = with_boxes(office.app, members=box)
    collect(app)
    box.pages.append(page(cursor=2, left=("id-1",)))
    collect(app)
    assert kept(office.app) == ["Mail 1", "Mail 2"]
    with app.store.reading() as tx:
        (one,) = (mail for mail in tx.every(ReceivedMail) if mail.subject == "Mail 1")
        everything = [mail.id for mail in tx.every(ReceivedMail)]
        assert tx.left_mailboxes(everything) == {one.id: ("members@example.org",)}


def test_a_mail_that_was_only_moved_in_its_mailbox_is_not_called_gone(office: Office) -> None:
    box = Scripted(pages=[page(arrival(1), cursor=1), page(cursor=2, left=("id-1",))], elsewhere=frozenset({"id-1"}))
    app = with_boxes(office.app, members=box)
    collect(app)
    collect(app)
    with app.store.reading() as tx:
        assert tx.left_mailboxes([mail.id for mail in tx.every(ReceivedMail)]) == {}


def test_a_mail_that_came_back_to_its_folder_is_there_again(office: Office) -> None:
    box = Scripted(pages=[page(arrival(1), cursor=1), page(cursor=2, left=("id-1",)), page(arrival(1), cursor=3)])
    app = with_boxes(office.app, members=box)
    for _ in range(3):
        collect(app)
    with app.store.reading() as tx:
        assert tx.left_mailboxes([mail.id for mail in tx.every(ReceivedMail)]) == {}


def test_once_a_day_what_no_page_told_is_swept_up(office: Office) -> None:
    box = Scripted(pages=[page(arrival(1), cursor=1)], swept=[arrival(1), arrival(2)])
    app = with_boxes(office.app, members=box)
    assert collect(app).new == 2
    assert collect(app).read == 0
    assert box.sweeps == 1
    office.clock.forward(days=1)
    box.swept = [arrival(3)]
    assert collect(with_boxes(office.app, members=box)).new == 1
    assert box.sweeps == 2


def test_how_a_mailbox_stands_outlasts_the_program(office: Office) -> None:
    app = with_boxes(office.app, members=Scripted(fails=[SignInNeeded("Sign in.", advice="Do.")]))
    with pytest.raises(SignInNeeded):
        collect(app)
    since = office.clock()
    office.clock.forward(hours=3)
    later = with_boxes(office.app, members=Scripted(fails=[SignInNeeded("Sign in.", advice="Do.")]))
    with pytest.raises(SignInNeeded):
        collect(later)
    with office.app.store.reading() as tx:
        stands = health_of(tx, "members@example.org")
    assert stands.failing_since == since
    assert stands.read_at is None
    assert office.clock() - since == timedelta(hours=3)


def test_a_clock_put_back_keeps_no_mailbox_waiting_and_hides_no_trouble(office: Office) -> None:
    box = Scripted(fails=[TooMuch("Busy.", advice="Wait.", wait_seconds=240)], pages=[page(arrival(1), cursor=1)])
    ahead = office.clock() + timedelta(days=365)
    app = replace(with_boxes(office.app, members=box), now=lambda: ahead)
    with pytest.raises(TooMuch):
        collect(app)
    assert len(warnings(with_boxes(office.app, members=box))) == 1
    assert collect(with_boxes(office.app, members=box)).new == 1


def test_an_answer_nobody_thought_of_stops_that_mailbox_alone(office: Office) -> None:
    class Odd(Scripted):
        def arrivals(self, cursor: Cursor | None, known: Known = NOTHING_KNOWN, watch: Watch = UNWATCHED) -> Arrivals:
            raise AttributeError("'NoneType' object has no attribute 'text'")

    app = with_boxes(office.app, odd=Odd(), good=Scripted(pages=[page(arrival(1), cursor=1)]))
    assert collect(app).new == 1
    (warning,) = warnings(app)
    assert "AttributeError" in warning.title
