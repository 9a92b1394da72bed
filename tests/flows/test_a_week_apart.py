"""Two laptops offline for a week: twenty enquiries each, ten edited by both, and then both in step."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from member_tracker.app import now
from member_tracker.domain.change import Conflict
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.people import Resident
from member_tracker.domain.reference import parse_reference
from member_tracker.domain.timeline import Entry, EntryKind, Suggestion
from member_tracker.domain.vocabulary import OutgoingState, Role
from member_tracker.services.collecting import collect
from member_tracker.services.conflicts import Choice, conflicts, settle
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import add_note, send_enquiry
from member_tracker.services.hub_health import standing
from member_tracker.services.lists import listed, wanted
from member_tracker.services.mailboxes import add_mailbox
from member_tracker.services.post import post_queued
from member_tracker.services.syncing import sync_now
from tests.fakes.clock import StoppedClock
from tests.fakes.exchange_office import PASSWORD, Exchange, a_clerk_at_the_desk, exchange_office
from tests.fakes.hub_offices import VERA, in_step, shared_hub
from tests.fakes.office import Office
from tests.sync.postgres_server import TestServer

WEEK = timedelta(days=7)
EACH = 20
SHARED = 10
CLASHING = range(4)  # of the shared enquiries: both write another subject
APART = range(4, 7)  # they write different fields
ALIKE = range(7, 10)  # they write the same
RECORDS = (Enquiry, Resident, Entry, QueuedMail, ReceivedMail, Suggestion, Conflict)
ANSWER = """\
From: Housing <{area}>
To: {us}
Subject: RE: {subject}
Message-ID: <answer@housing.example.org>
In-Reply-To: {message_id}

I inspected the flat this morning and the gutter has been repaired. The wall was treated as well.
"""


@dataclass(slots=True, kw_only=True)
class Week:
    """The councillor's laptop and the officer's, which share a hub and a mailbox, and what both know at its start."""

    vera: Office
    olga: Office
    exchange: Exchange
    shared: list[Enquiry]

    @property
    def both(self) -> tuple[Office, Office]:
        return self.vera, self.olga

    def everything(self, office: Office) -> dict[str, object]:
        """Every record of casework as it is shown here."""
        with office.app.store.reading() as tx:
            return {value.id: value for of in RECORDS for value in tx.every(of)}


def at(office: Office, moment: datetime) -> Office:
    """The same office at another moment."""
    return replace(office, clock=StoppedClock(moment))


@contextmanager
def a_week(kind: str, server: TestServer, folder: Path) -> Iterator[Week]:
    """Ten enquiries were shared and sent eight days ago."""
    with (
        exchange_office(kind, folder / "exchange") as exchange,
        a_clerk_at_the_desk(exchange, folder / "desk"),
        shared_hub(server, folder) as hub,
    ):
        olga = hub.joined("olga")
        vera = hub.joined("vera", Role.COUNCILLOR, VERA)
        for office in (vera, olga):
            office.parts = replace(office.parts, practice=False)  # for practice data have no mailbox of their own
            add_mailbox(office.app, exchange.account, PASSWORD)
        before = at(olga, now() - WEEK - timedelta(days=1))
        shared = [before.log(subject=f"Shared matter {number}") for number in range(SHARED)]
        for enquiry in shared:
            send_enquiry(before.app, enquiry.id)
        assert post_queued(at(olga, now()).app).sent == SHARED
        in_step(at(olga, now()), at(vera, now()))
        yield Week(vera=vera, olga=olga, exchange=exchange, shared=shared)


@contextmanager
def in_the_village_hall(*offices: Office) -> Iterator[None]:
    """No way to the hub for a while."""
    files = [office.parts.profile.settings_file for office in offices]
    there = [file.read_text("utf-8") for file in files]
    for office, file, said in zip(offices, files, there, strict=True):
        office.parts.hubs.close()
        file.write_text(re.sub(r"(postgresql://[^\"]*127\.0\.0\.1):\d+", r"\1:9", said), "utf-8")
    yield
    for file, said in zip(files, there, strict=True):
        file.write_text(said, "utf-8")


def work_a_week(week: Week, office: Office, who: str) -> list[Enquiry]:
    """Some enquiries a day, queued to be sent, and a hand laid on each of the shared ones; the hub is asked in vain."""
    logged = []
    for number in range(EACH):
        then = at(office, now() - WEEK + timedelta(days=number // 3, hours=number % 3))
        logged.append(then.log(subject=f"{who}'s matter {number}", resident=f"{who} Neighbour {number}"))
        send_enquiry(then.app, logged[-1].id)
    for number, enquiry in enumerate(week.shared):
        then = at(office, now() - timedelta(days=number % 5, hours=1))
        add_note(then.app, enquiry.id, f"{who} was told more about {number}.")
        edit_enquiry(then.app, enquiry.id, [edited(number, who)])
    with pytest.raises(TrackerError, match="cannot be reached"):
        sync_now(office.app)
    assert waiting(office) > EACH
    return logged


def waiting(office: Office) -> int:
    """How many changes of this computer the hub has not heard of."""
    stands = standing(office.app)
    assert stands is not None
    return stands.waiting


def edited(number: int, who: str) -> str:
    if number in CLASHING:
        return f"subject=As {who} puts it, {number}"
    if number in APART:
        return "priority=urgent" if who == "Vera" else "tags=roof"
    return "priority=urgent"


def an_answer_arrives(week: Week) -> None:
    """Housing answers the last of the shared enquiries."""
    mail = week.olga.sent_mail(week.shared[-1])
    said = ANSWER.format(area=mail.to[0], us=mail.from_address, subject=mail.subject, message_id=mail.message_id)
    week.exchange.deliver(said.replace("\n", "\r\n").encode())


@pytest.mark.parametrize("kind", ["ews", pytest.param("graph", marks=pytest.mark.soak)])
def test_two_laptops_a_week_apart_fall_into_step_and_every_clash_is_shown(
    kind: str, pg_server: TestServer, tmp_path: Path
) -> None:
    with a_week(kind, pg_server, tmp_path) as week:
        vera, olga = week.both
        with in_the_village_hall(vera, olga):
            logged = [*work_a_week(week, vera, "Vera"), *work_a_week(week, olga, "Olga")]
        an_answer_arrives(week)
        vera, olga = (at(office, now()) for office in week.both)
        reconnected(week, vera, olga)
        assert week.everything(vera) == week.everything(olga)
        assert rows(vera) == rows(olga)
        references_never_collide(week, vera, logged)
        nothing_is_lost(week, vera, logged)
        every_clash_is_shown(vera, olga)
        every_mail_went_once(week, [*week.shared, *logged], vera, olga)
        and_is_sorted_out(week, vera, olga)


def reconnected(week: Week, *offices: Office) -> None:
    """Each does what the program does by itself when there is a connection again, and then once more."""
    for office in offices:
        assert sync_now(office.app).in_step
        post_queued(office.app)
        collect(office.app)
    for office in (*offices, *offices):
        synced = sync_now(office.app)
        assert (synced.denied, synced.in_step) == (0, True)
        assert post_queued(office.app).sent == 0
        assert collect(office.app).new == 0
    assert [waiting(office) for office in offices] == [0, 0]


def rows(office: Office) -> list[dict[str, object]]:
    """The list of enquiries as it is shown, in the order of references: what is due at once stands in any order."""
    return sorted(listed(office.app, wanted(office.app)), key=lambda row: str(row["reference"]))


def references_never_collide(week: Week, office: Office, logged: list[Enquiry]) -> None:
    references = [enquiry.reference for enquiry in (*week.shared, *logged)]
    assert len({*references}) == SHARED + 2 * EACH
    assert all(str(parse_reference(reference)) == reference for reference in references)
    with office.app.store.reading() as tx:
        assert {enquiry.reference for enquiry in tx.every(Enquiry)} == {*references}


def nothing_is_lost(week: Week, office: Office, logged: list[Enquiry]) -> None:
    """What was logged is as it was written, the notes of both are there, and what did not clash stands together."""
    with office.app.store.reading() as tx:
        for enquiry in logged:
            assert tx.get(Enquiry, enquiry.id).subject == enquiry.subject
        for number, enquiry in enumerate(week.shared):
            notes = [entry.text for entry in tx.every(Entry, enquiry_id=enquiry.id, kind=EntryKind.NOTE)]
            for who in ("Vera", "Olga"):
                assert notes.count(f"{who} was told more about {number}.") == 1
        for number in (*APART, *ALIKE):
            kept = tx.get(Enquiry, week.shared[number].id)
            assert kept.priority == "urgent"
            assert kept.tags == (("roof",) if number in APART else ())
        assert len(tx.every(ReceivedMail)) == 1
        assert len(tx.every(Suggestion, enquiry_id=week.shared[-1].id)) == 1


def every_clash_is_shown(*offices: Office) -> None:
    """Both see the same clashes, in each of which the words of both stand side by side."""
    for office in offices:
        clashes = conflicts(office.app)
        assert Counter(clash.field for clash in clashes) == {"subject": len(CLASHING)}
        for clash in clashes:
            told = sorted(str(value) for value in (clash.kept, clash.lost))
            number = told[0][-1]
            assert told == [f"As Olga puts it, {number}", f"As Vera puts it, {number}"]


def every_mail_went_once(week: Week, enquiries: list[Enquiry], *offices: Office) -> None:
    subjects = [str(message["Subject"]) for message in week.exchange.sent()]
    assert len(subjects) == len(enquiries)
    for enquiry in enquiries:
        assert sum(enquiry.reference in subject for subject in subjects) == 1
    assert week.exchange.drafts() == 0
    for office in offices:
        with office.app.store.reading() as tx:
            assert {mail.state for mail in tx.every(QueuedMail)} == {OutgoingState.SENT}


def and_is_sorted_out(week: Week, vera: Office, olga: Office) -> None:
    """One is settled on one laptop, the others on the other; both are equal again and nothing is left to sort out."""
    first, *others = conflicts(vera.app)
    settle(vera.app, first.id, Choice.LOST)
    for clash in others:
        settle(olga.app, clash.id, Choice.KEPT)
    in_step(vera, olga, vera)
    assert (conflicts(vera.app), conflicts(olga.app)) == ((), ())
    assert week.everything(vera) == week.everything(olga)
    with vera.app.store.reading() as tx:
        assert tx.get(Enquiry, first.record_id).subject == first.lost
        assert all(tx.get(Enquiry, clash.record_id).subject == clash.kept for clash in others)
