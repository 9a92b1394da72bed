"""A process killed at every step of sending and of collecting over Exchange: no mail goes twice, none is lost."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import pytest

from member_tracker.app import App, build
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.mailbag import MailPlace, QueuedMail, ReceivedMail
from member_tracker.domain.mailboxes import SendingWay
from member_tracker.domain.timeline import Entry, EntryKind, Suggestion
from member_tracker.domain.vocabulary import Channel, OutgoingState, Status
from member_tracker.profile import Profile
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.intake import Intake, log_by_name
from member_tracker.services.mailboxes import add_mailbox
from member_tracker.services.post import post_queued
from member_tracker.services.setup import SetUp, set_up
from member_tracker.services.unsure import Verdict, settle, unsure_mails
from tests.fakes import graph_delta
from tests.fakes.exchange_items import Folder, Item, Refused
from tests.fakes.exchange_office import KINDS, PASSWORD, Exchange, a_clerk_at_the_desk, exchange_office
from tests.fakes.exchange_world import World
from tests.fakes.imaginary_council import SHARED
from tests.store.agreement import disagreements

HOUSING = "housing@chorley.example.org"
SENDINGS = [("ews", SendingWay.UPDATE), ("graph", None)]
OTHER_SENDINGS = [("ews", SendingWay.SEND_ITEM), ("ews", SendingWay.CREATE)]
ATTEMPTS = {"SendAttempt", "send_attempt"}
QUARTER_OF_AN_HOUR = 16
MORE_THAN_ENOUGH = 300

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are of other systems")


@dataclass(slots=True, kw_only=True)
class Killer:
    """The process that does a deed and is killed at moments to order."""

    process: "subprocess.Popen[str]"
    said: IO[str]

    def run(self, moment: int, minutes: int = 0) -> bool:
        """Do the deed until that moment; whether it was killed then. 0 is to its end."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{moment} {minutes}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        self.said.seek(0)
        assert answer in {"killed", "done"}, f"moment {moment}: {answer}\n{self.said.read()}"
        assert moment or answer == "done"
        return answer == "killed"


@contextmanager
def killing(deed: str, profile: Path, repository: Path) -> Iterator[Killer]:
    """A process for a deed on a profile."""
    command = [sys.executable, "-m", "tests.flows.exchange_killing", str(profile), deed]
    said = (profile / "said.txt").open("w+", encoding="utf-8")
    with (
        said,
        subprocess.Popen(
            command, cwd=repository, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True
        ) as process,
    ):
        yield Killer(process=process, said=said)


@dataclass(slots=True, kw_only=True)
class Desk:
    """A council's profile with one mailbox in an organisation of either kind, and who is killed at it."""

    app: App
    exchange: Exchange
    killer: Killer
    name: str

    @property
    def world(self) -> World:
        return self.exchange.world

    def queued(self, word: str) -> Enquiry:
        """An enquiry that waits to be sent."""
        enquiry = log_by_name(
            self.app,
            Intake(
                councillor="Cllr Vera Quill",
                resident="Ned Barlow",
                service_area="Housing",
                channel=Channel.EMAIL,
                subject=f"Damp in a flat {word}",
                text="The bedroom wall is wet.",
            ),
        )
        return send_enquiry(self.app, enquiry.id)

    def mails(self, enquiry: Enquiry) -> tuple[QueuedMail, ...]:
        """Our mails about an enquiry, oldest first."""
        with self.app.store.reading() as tx:
            return tuple(sorted(tx.every(QueuedMail, enquiry_id=enquiry.id), key=lambda mail: mail.queued_at))


@contextmanager
def desk(kind: str, deed: str, folder: Path, repository: Path, way: SendingWay | None = None) -> Iterator[Desk]:
    """Everything from the server to the one who is killed, in `folder`."""
    folder.mkdir(parents=True)
    with exchange_office(kind, folder) as exchange, a_clerk_at_the_desk(exchange, folder / "desk"):
        exchange.world.add_mailbox(HOUSING, "Housing")
        app = build(Profile(folder=folder / "profile"), passphrase=lambda: None)
        try:
            set_up(app, SetUp(council="Chorley", councillors=("Cllr Vera Quill",)))
            account = add_mailbox(app, exchange.account, PASSWORD).account
            app.profile.keep_mailboxes([replace(account, sending=way or account.sending)])
            with killing(deed, folder / "profile", repository) as killer:
                yield Desk(app=app, exchange=exchange, killer=killer, name=account.name)
        finally:
            app.store.close()


def at_every_moment(deed: "Sending | Collecting") -> dict[str, int]:
    """Kill at the first moment of the deed, at the second and so on until it ends before its moment; how often."""
    kills = moment = 0
    killed = True
    while killed:
        moment += 1
        assert moment < MORE_THAN_ENOUGH, "it does not come to an end"
        deed.prepare(moment)
        killed = deed.desk.killer.run(moment)
        kills += killed
        deed.check(moment)
    assert disagreements(deed.desk.app.store) == []
    return {"kills": kills, "asked a person": deed.asked}


# --- sending ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Sending:
    """One mail for each kill."""

    desk: Desk
    enquiries: list[Enquiry]
    asked: int = 0

    def prepare(self, moment: int) -> None:
        """A mail waits."""
        self.enquiries.append(self.desk.queued(str(moment)))

    def check(self, moment: int) -> None:
        """However far it came, it goes once; where that cannot be known a person is asked and has it sent again."""
        enquiry = self.enquiries[-1]
        (mail,) = self.desk.mails(enquiry)
        nobody_knows = self._nobody_knows(mail)
        self.desk.killer.run(0)
        (mail,) = self.desk.mails(enquiry)
        assert (mail.state is not OutgoingState.SENT) == nobody_knows, f"moment {moment}: {mail.state}"
        if nobody_knows:
            self._decide(mail)
            written, mail = self.desk.mails(enquiry)
            assert written.state is OutgoingState.WRITTEN
        self._went_once(enquiry, mail)

    def _copies(self, mail: QueuedMail, *folders: str) -> list[Item]:
        found = (item for folder in folders for item in self.desk.world.items(SHARED, folder))
        return [item for item in found if mail.key in {*item.properties.values()}]

    def _nobody_knows(self, mail: QueuedMail) -> bool:
        """Whether the mailbox was told to send it, and shows neither that it went nor that it cannot have gone."""
        if mail.handed_over_at is None or self._copies(mail, "sentitems", "outbox"):
            return False
        drafts = self._copies(mail, "drafts")
        return not drafts or any(key.name in ATTEMPTS for draft in drafts for key in draft.properties)

    def _decide(self, mail: QueuedMail) -> None:
        """After a while it is for a person, who finds that it did not go."""
        app = self.desk.app
        assert mail.state is OutgoingState.SENDING
        self.desk.killer.run(0, QUARTER_OF_AN_HOUR)
        (unsure,) = unsure_mails(app)
        assert unsure.id == mail.id
        assert len(self.desk.world.items(HOUSING)) == len(self.enquiries) - 1, "it went all the same"
        settle(app, unsure.id, Verdict.AGAIN)
        for draft in self._copies(mail, "drafts"):
            self.desk.world.delete(draft, hard=True)
        self.desk.killer.run(0)
        self.asked += 1

    def _went_once(self, enquiry: Enquiry, mail: QueuedMail) -> None:
        """One copy came to Housing, one lies in Sent Items, none on the way; the profile says the same."""
        world, reference = self.desk.world, enquiry.reference.encode()
        came, sent = world.items(HOUSING), world.items(SHARED, "sentitems")
        assert len(came) == len(sent) == len(self.enquiries), "a mail went twice, or not at all"
        assert reference in came[-1].mime
        assert reference in sent[-1].mime
        assert self.desk.exchange.drafts() == 0
        assert mail.state is OutgoingState.SENT
        assert (mail.server_message_id or mail.message_id) == sent[-1].internet_message_id
        with self.desk.app.store.reading() as tx:
            assert len(tx.every(Entry, enquiry_id=enquiry.id, kind=EntryKind.SENT)) == 1
            assert tx.get(Enquiry, enquiry.id).status is Status.WITH_SERVICE_AREA


def sending_killed(kind: str, way: SendingWay | None, folder: Path, repository: Path) -> dict[str, int]:
    """Once with a server that sends at once, once with one that takes its time and draws Message-IDs of its own."""
    with desk(kind, "send", folder, repository, way) as ours:
        deed = Sending(desk=ours, enquiries=[])
        figures = Counter(at_every_moment(deed))
        ours.world.delay_sending(looks=5)
        ours.world.replaces_message_id = True
        figures.update(at_every_moment(deed))
        return dict(figures)


# --- collecting -------------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Collecting:
    """Some mails for each kill: one of them comes twice, one answers an enquiry; older ones go elsewhere."""

    desk: Desk
    sent: QueuedMail
    kind: str
    forgets: bool = False
    arrived: int = 0
    asked: int = 0

    def prepare(self, moment: int) -> None:
        """Some mail arrives, and of what was collected before some is deleted and some put elsewhere."""
        del moment
        for number, item in enumerate(self.desk.world.items(SHARED)[:-2]):
            if number:
                self.desk.world.move(item, "archive")
            else:
                self.desk.world.delete(item, hard=True)
        for extra in ("", f"In-Reply-To: {self.sent.message_id}\r\n", "Auto-Submitted: auto-replied\r\n"):
            self.arrived += 1
            self._arrives(extra)
        self._arrives(extra)
        if self.forgets:
            self.desk.world.forget_sync_state(SHARED)
            with self.desk.app.store.writing(author=None) as tx:
                tx.set_local(f"mailbox_swept:{self.desk.name}", None)

    def _arrives(self, extra: str) -> None:
        number = self.arrived
        raw = (
            f"From: {HOUSING}\r\nTo: {SHARED}\r\nSubject: RE: Damp {number}\r\n{extra}"
            f"Date: Wed, 18 Nov 2026 09:30:00 +0000\r\nMessage-ID: <{number}@chorley.example.org>\r\n\r\n"
            f"It will be inspected by 27 November 2026. Our number is {number}.\r\n"
        ).encode()
        self.desk.exchange.deliver(raw)

    def check(self, moment: int) -> None:
        """The place reached is not past what is kept; read on from there, every mail is kept once."""
        self._not_run_ahead(moment)
        self.desk.killer.run(0)
        kept = self._kept()
        assert kept == Counter(f"<{number + 1}@chorley.example.org>" for number in range(self.arrived)), moment
        self._sightings_agree()
        with self.desk.app.store.reading() as tx:
            answers = tx.every(ReceivedMail, place=MailPlace.FILED)
            proposed = Counter(one.mail_id for one in tx.every(Suggestion))
        assert {mail.in_reply_to for mail in answers} == {self.sent.message_id}
        assert proposed == Counter(mail.id for mail in answers), "something is proposed twice, or not at all"

    def _kept(self) -> "Counter[str]":
        with self.desk.app.store.reading() as tx:
            return Counter(mail.message_id or "" for mail in tx.every(ReceivedMail))

    def _not_run_ahead(self, moment: int) -> None:
        inbox = self.desk.world.mailbox(SHARED).folder("inbox")
        with self.desk.app.store.reading() as tx:
            cursor = tx.local(f"mailbox_cursor:{self.desk.name}")
        reached, kept = self._position(inbox, cursor), self._kept()
        passed = [stay.item for stay in inbox.stays.values() if stay.item is not None and stay.came <= reached]
        missing = [item.internet_message_id for item in passed if item.internet_message_id not in kept]
        assert missing == [], f"moment {moment}: the place reached is past what is kept"

    def _position(self, inbox: Folder, cursor: str | None) -> int:
        """How far the cursor says the Inbox was read; 0 where the server has forgotten."""
        said = json.loads(cursor or "{}")
        if self.kind == "graph":
            place = graph_delta._from_link(said["link"].rpartition("token=")[2]) if said.get("link") else None
            return place.position if place and place.generation == self._generation() else 0
        try:
            return self.desk.world.position_in(inbox, said.get("state", ""))
        except Refused:
            return 0

    def _generation(self) -> int:
        return self.desk.world.mailbox(SHARED).generation

    def _sightings_agree(self) -> None:
        """Each message of the Inbox is known as the mail it is; what is gone is known to be, where the server tells."""
        world = self.desk.world
        with self.desk.app.store.reading() as tx:
            mails = {mail.id: mail.message_id for mail in tx.every(ReceivedMail)}
            rows = tx._connection.execute("SELECT provider_id, mail_id, left_at FROM sighting").fetchall()
        seen = {provider_id: mails[mail_id] for provider_id, mail_id, _ in rows}
        there = {
            item.immutable_id if self.kind == "graph" else item.id: item.internet_message_id
            for item in world.items(SHARED)
        }
        assert there.items() <= seen.items()
        gone = {provider_id for provider_id in seen if provider_id not in world._items}
        told = {provider_id for provider_id, _, left_at in rows if left_at is not None}
        assert told == gone or (self.forgets and told < gone)


def collecting_killed(kind: str, folder: Path, repository: Path) -> dict[str, int]:
    """Once with a server that knows its place, once with one that has forgotten it each time."""
    with desk(kind, "collect", folder, repository) as ours:
        enquiry = ours.queued("first")
        assert post_queued(ours.app).sent == 1
        for box in ours.app.mailboxes():
            box.mailbox.close()
        deed = Collecting(desk=ours, sent=ours.mails(enquiry)[0], kind=kind)
        figures = Counter(at_every_moment(deed))
        deed.forgets = True
        figures.update(at_every_moment(deed))
        return dict(figures)


@pytest.mark.parametrize(("kind", "way"), SENDINGS)
def test_a_mail_goes_once_or_a_person_is_asked_wherever_sending_is_killed(
    kind: str, way: SendingWay | None, tmp_path: Path, repository: Path
) -> None:
    figures = sending_killed(kind, way, tmp_path / "one", repository)
    assert figures["kills"] > 60
    assert (figures["asked a person"] > 0) == (kind == "graph")


@pytest.mark.parametrize("kind", KINDS)
def test_every_mail_is_kept_once_wherever_collecting_is_killed(kind: str, tmp_path: Path, repository: Path) -> None:
    figures = collecting_killed(kind, tmp_path / "one", repository)
    assert figures["kills"] > 30


@pytest.mark.soak
@pytest.mark.parametrize(("kind", "way"), [*SENDINGS, *OTHER_SENDINGS])
def test_a_mail_goes_once_in_a_hundred_times_every_kill(
    kind: str, way: SendingWay | None, tmp_path: Path, repository: Path
) -> None:
    figures = Counter[str]()
    for number in range(50):
        figures.update(sending_killed(kind, way, tmp_path / str(number), repository))
    sys.stdout.write(f"sending by {kind} {way}: {dict(figures)}\n")


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_every_mail_is_kept_once_in_a_hundred_times_every_kill(kind: str, tmp_path: Path, repository: Path) -> None:
    figures = Counter[str]()
    for number in range(50):
        figures.update(collecting_killed(kind, tmp_path / str(number), repository))
    sys.stdout.write(f"collecting by {kind}: {dict(figures)}\n")
