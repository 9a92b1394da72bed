"""A network that breaks off anywhere and a server that is often too busy: every mail goes once and is kept once."""

import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from member_tracker.app import App, build, now
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.mailbag import MailPlace, QueuedMail, ReceivedMail
from member_tracker.domain.mailboxes import SendingWay, SignInWay
from member_tracker.domain.timeline import Entry, EntryKind
from member_tracker.domain.vocabulary import Channel, OutgoingState, Status
from member_tracker.mail.ews import EwsMailbox
from member_tracker.mail.graph_http import Graph
from member_tracker.mail.mailbox import Letter
from member_tracker.profile import Profile
from member_tracker.services import patience, post
from member_tracker.services.collecting import collect
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.intake import Intake, log_by_name
from member_tracker.services.mailboxes import add_mailbox
from member_tracker.services.setup import SetUp, set_up
from member_tracker.services.unsure import Unsure, Verdict, settle, unsure_mails
from tests.fakes.exchange_items import Item
from tests.fakes.exchange_office import KINDS, PASSWORD, Exchange, a_clerk_at_the_desk, exchange_office
from tests.fakes.http_faults import Throttle
from tests.fakes.imaginary_council import SHARED
from tests.store.agreement import disagreements

HOUSING = "housing@chorley.example.org"
MOST_ROUNDS = 200
ANSWER = """\
From: {sender}
To: {us}
Subject: RE: {subject}
Date: Wed, 18 Nov 2026 09:30:00 +0000
Message-ID: <answer-{number}@chorley.example.org>
In-Reply-To: {answered}

It will be inspected by 27 November 2026. Our number is {number}.
"""


class HurryingClock:
    """The time there is, and as much more as has been waited for."""

    def __init__(self) -> None:
        self.waited = timedelta()

    def __call__(self) -> datetime:
        return now() + self.waited


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are taken, and take no time."""
    monkeypatch.setattr(patience, "wait", lambda seconds, watch: None)
    monkeypatch.setattr(post, "wait", lambda seconds, watch: None)
    monkeypatch.setattr(Graph, "pause", lambda graph, seconds, watch: None)


@dataclass(slots=True, kw_only=True)
class Trial:
    """Exchanges of an enquiry and its answer, one after the other, over a bad network."""

    app: App
    exchange: Exchange
    clock: HurryingClock
    draw: random.Random
    enquiries: list[Enquiry] = field(default_factory=list)
    asked: int = 0

    def one_exchange(self) -> None:
        """An enquiry goes, its answer comes, however many rounds that takes."""
        self._trouble()
        number = len(self.enquiries)
        intake = Intake(
            councillor="Cllr Vera Quill",
            resident="Ned Barlow",
            service_area="Housing",
            channel=Channel.EMAIL,
            subject=f"Damp in a flat {number}",
            text="The bedroom wall is wet.",
        )
        self.enquiries.append(log_by_name(self.app, intake))
        send_enquiry(self.app, self.enquiries[-1].id)
        for _ in self._rounds():
            post.post_queued(self.app)
            for unsure in unsure_mails(self.app):
                self._decide(unsure)
            if self._newest(self.enquiries[-1]).state is OutgoingState.SENT:
                break
        self._answer(number)
        for _ in self._rounds():
            if self._collected() and len(self._answers()) == len(self.enquiries):
                break

    def _trouble(self) -> None:
        """The server is too busy for some of what is asked, and may keep mail in its Outbox for a while."""
        self.exchange.world.delay_sending(looks=self.draw.choice((0, 0, 3)))
        if self.draw.random() < 0.5:
            self.exchange.faults.throttle(
                self.draw.randint(1, 3),
                how=self.draw.choice(list(Throttle)),
                wait_seconds=self.draw.choice((0, 1, 4)),
                skip=self.draw.randrange(12),
            )

    def _rounds(self) -> Iterator[int]:
        for number in range(MOST_ROUNDS):
            self.clock.waited += timedelta(minutes=1)
            yield number
        raise AssertionError("it does not come to an end")

    def _decide(self, unsure: Unsure) -> None:
        """Somebody looks in Sent Items, and where it is not there has the mail sent again."""
        self.asked += 1
        with self.app.store.reading() as tx:
            key = tx.get(QueuedMail, unsure.id).key
        assert self._with_key(key, "outbox") == []
        went = self._with_key(key, "sentitems")
        settle(self.app, unsure.id, Verdict.WENT if went else Verdict.AGAIN)
        for draft in self._with_key(key, "drafts"):
            self.exchange.world.delete(draft, hard=True)

    def _with_key(self, key: str, folder: str) -> list[Item]:
        return [item for item in self.exchange.world.items(SHARED, folder) if key in item.properties.values()]

    def _newest(self, enquiry: Enquiry) -> QueuedMail:
        with self.app.store.reading() as tx:
            return max(tx.every(QueuedMail, enquiry_id=enquiry.id), key=lambda mail: mail.queued_at)

    def _answer(self, number: int) -> None:
        mail = self._newest(self.enquiries[-1])
        answered = mail.server_message_id or mail.message_id
        text = ANSWER.format(sender=HOUSING, us=SHARED, subject=mail.subject, number=number, answered=answered)
        self.exchange.deliver(text.replace("\n", "\r\n").encode())

    def _collected(self) -> bool:
        """Whether this time the mailbox was read to its end."""
        try:
            return not collect(self.app).notices
        except TrackerError:
            return False

    def _answers(self) -> tuple[ReceivedMail, ...]:
        with self.app.store.reading() as tx:
            return tx.every(ReceivedMail)

    def check(self) -> None:
        """In calm weather: nothing more comes or goes, nothing is missing, nothing there twice."""
        self.exchange.faults.clear()
        self.clock.waited += timedelta(days=1)
        post.post_queued(self.app)
        assert self._collected()
        references = {enquiry.reference for enquiry in self.enquiries}
        for mailbox, folder in ((HOUSING, "inbox"), (SHARED, "sentitems")):
            subjects = [item.mime.decode() for item in self.exchange.world.items(mailbox, folder)]
            assert Counter(one for text in subjects for one in references if f"[{one}]" in text) == Counter(references)
            assert len(subjects) == len(references), "a mail went twice, or not at all"
        assert self.exchange.drafts() == 0
        answers = self._answers()
        wanted = Counter(f"<answer-{number}@chorley.example.org>" for number in range(len(references)))
        assert Counter(mail.message_id for mail in answers) == wanted
        assert {mail.place for mail in answers} == {MailPlace.FILED}
        with self.app.store.reading() as tx:
            sent = tx.every(QueuedMail, state=OutgoingState.SENT)
            assert Counter(mail.enquiry_id for mail in sent) == Counter(enquiry.id for enquiry in self.enquiries)
            assert len(tx.every(QueuedMail)) == len(sent) + self.asked
            assert len(tx.every(Entry, kind=EntryKind.SENT)) == len(sent)
            assert {tx.get(Enquiry, each.id).status for each in self.enquiries} == {Status.WITH_SERVICE_AREA}
        assert disagreements(self.app.store) == []


@contextmanager
def trial(kind: str, seed: int, folder: Path) -> Iterator[Trial]:
    """A council and an organisation between which the network breaks off as the seed wants it."""
    folder.mkdir(parents=True)
    clock = HurryingClock()
    with (
        exchange_office(kind, folder, clock=clock) as exchange,
        a_clerk_at_the_desk(exchange, folder / "desk"),
    ):
        exchange.world.add_mailbox(HOUSING, "Housing")
        app = replace(build(Profile(folder=folder / "profile"), passphrase=lambda: None), now=clock)
        try:
            set_up(app, SetUp(council="Chorley", councillors=("Cllr Vera Quill",)))
            add_mailbox(app, exchange.account, PASSWORD)
            exchange.faults.cut_at_random(seed, within=2_000)
            yield Trial(app=app, exchange=exchange, clock=clock, draw=random.Random(seed))
        finally:
            for box in app.mailboxes():
                box.mailbox.close()
            app.store.close()


def exchanges(kind: str, seed: int, folder: Path, number: int = 20) -> Counter[str]:
    """So many exchanges; how often the network broke off, the server was busy and a person was asked."""
    sys.stdout.write(f"{kind}, seed {seed}\n")
    with trial(kind, seed, folder) as ours:
        for _ in range(number):
            ours.one_exchange()
        ours.check()
        busy = sum(served.status in {429, 500, 503, 504} for served in ours.exchange.traffic.served)
        cuts = ours.exchange.traffic.cuts()
    return Counter({"exchanges": number, "cuts": cuts, "too busy": busy, "asked a person": ours.asked})


@pytest.mark.parametrize("kind", KINDS)
def test_twenty_exchanges_over_a_network_that_breaks_off_lose_nothing_and_double_nothing(
    kind: str, tmp_path: Path
) -> None:
    figures = exchanges(kind, 20261122, tmp_path / "one")
    assert figures["cuts"] > 40
    assert figures["too busy"] > 5


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_five_hundred_exchanges_over_a_network_that_breaks_off_lose_nothing_and_double_nothing(
    kind: str, tmp_path: Path
) -> None:
    figures = Counter[str]()
    for number in range(25):
        figures += exchanges(kind, random.randrange(2**32), tmp_path / str(number))
    sys.stdout.write(f"{kind}: {json.dumps(figures)}\n")


class CutsTheChallenge(random.Random):
    """Breaks off the second answer alone, the server's challenge, after so many bytes."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after
        self._answers = 0

    def random(self) -> float:
        self._answers += 1
        return 0.0 if self._answers == 2 else 1.0

    def choice(self, seq: Any) -> Any:  # noqa: ANN401 - as in random
        return seq[-1]

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        del start, stop, step
        return self._after


def test_a_sign_in_that_breaks_off_within_the_challenge_is_said_in_words(tmp_path: Path) -> None:
    letter = Letter(key="0" * 32, message_id="<1@example.org>", raw=b"Subject: Damp\r\n\r\n")
    with exchange_office("ews", tmp_path) as exchange:
        account = replace(exchange.account, sign_in=SignInWay.NTLM, sending=SendingWay.CREATE)
        mailbox = EwsMailbox(account, password=lambda: PASSWORD, now=now)
        for after in range(30, 250, 2):
            exchange.faults._random = (CutsTheChallenge(after), 0.5, 2_000)
            with pytest.raises(TrackerError):
                mailbox.send_draft(letter)
            mailbox.close()
        assert exchange.sent() == []
