"""What every mailbox does, whatever stands behind it: each test knows the port alone.

Each sends to its own address and waits up to a minute for the mail, in a mailbox that may hold other mail. With
MEMBER_TRACKER_TEST_EWS_URL, _USER and _PASSWORD (and _CA, a PEM file) set, the tests also run as `foreign` against that
server. An optional ability that a server does not offer is skipped with the server's answer as the reason.
"""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from threading import Event
from typing import TypeVar

import pytest

from member_tracker.app import now
from member_tracker.domain.correspondence import IncomingMail
from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.errors import Unavailable
from member_tracker.domain.mailboxes import Holds, Right
from member_tracker.domain.matching import Candidate, Decision, match
from member_tracker.domain.reference import Reference
from member_tracker.domain.vocabulary import MailKind
from member_tracker.mail.mailbox import Arrival, Cursor, Letter, NotOffered, SentReceipt, Spot
from member_tracker.mail.mime import read_mail
from tests.mail.correspondents import KINDS, Correspondent, correspondent_of

T = TypeVar("T")
PATIENCE = 60
HOUR = timedelta(hours=1)
SUBJECT = "Contract of the mailbox"


@pytest.fixture(scope="module", params=KINDS)
def who(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Correspondent]:
    """Somebody with a mailbox of each kind."""
    with correspondent_of(request.param, tmp_path_factory.mktemp("mailbox")) as found:
        yield found


# --- what has to be there -------------------------------------------------------------------------------------------


def test_a_mail_in_the_mailbox_is_read_with_everything_in_it(who: Correspondent) -> None:
    ours = letter(who, "Ein schöner Gruß, and a naïve café.")
    sent(who, ours)
    arrival, mail = arrived(who, ours)
    assert arrival.provider_id
    assert mail.from_address.casefold() == who.address.casefold()
    assert mail.subject == subject(ours)
    assert "Ein schöner Gruß, and a naïve café." in mail.text
    assert mail.received_at is not None
    assert abs(mail.received_at - now()) < HOUR


def test_the_first_sync_brings_what_is_there_page_by_page_and_ends(who: Correspondent) -> None:
    ours = [letter(who, f"Mail {number}") for number in range(3)]
    for each in ours:
        sent(who, each)
    for each in ours:
        arrived(who, each)
    pages = 0
    cursor, more, names = None, True, []
    while more and pages < 1_000:
        page = who.mailbox.arrivals(cursor)
        names += [arrival.name for arrival in page.page]
        cursor, more, pages = page.cursor, page.more, pages + 1
    assert not more
    assert len(names) >= len(ours)


def test_the_second_sync_brings_what_is_new_and_nothing_that_is_known(who: Correspondent) -> None:
    sent(who, first := letter(who, "The first"))
    arrived(who, first)
    cursor, seen = read_to_the_end(who, None, frozenset())
    sent(who, second := letter(who, "The second"))

    def new_one() -> list[Arrival]:
        nonlocal cursor
        before = set(seen)
        cursor, found = read_to_the_end(who, cursor, frozenset(before))
        again = before & {arrival.provider_id for arrival in found.values()}
        assert who.repeats or not again, "what is known came again"
        seen.update(found)
        return [arrival for arrival in found.values() if is_of(arrival, second)]

    eventually(new_one)


def test_a_mail_with_an_attachment_goes_out_and_comes_in_byte_for_byte(who: Correspondent) -> None:
    content = bytes(range(256)) * 1_500
    ours = letter(who, "See the plan.", attached=content)
    sent(who, ours)
    _, mail = arrived(who, ours)
    assert [(part.name, part.content) for part in mail.attachments] == [("plan of the flat.pdf", content)]


def test_a_sent_mail_is_confirmed_in_sent_items_once_however_often_it_is_told_to_go(who: Correspondent) -> None:
    ours = letter(who, "Once and no more.")
    assert who.mailbox.look(ours).spot is Spot.NOWHERE
    receipt = sent(who, ours)
    assert receipt.message_id.startswith("<")
    assert abs(receipt.sent_at - now()) < HOUR
    if who.mailbox.drafts:
        who.mailbox.send_draft(ours)
    assert who.mailbox.look(ours).receipt == receipt
    arrived(who, ours)
    sent(who, after := letter(who, "A later one, so that a second copy would be here by now."))
    arrived(who, after)
    _, everything = read_to_the_end(who, None, frozenset())
    assert len([arrival for arrival in everything.values() if is_of(arrival, ours)]) == 1


def test_a_reply_is_matched_to_the_mail_it_answers(who: Correspondent) -> None:
    ours = letter(who, "Please inspect the flat.")
    receipt = sent(who, ours)
    _, received = arrived(who, ours)
    assert received.message_id in {ours.message_id, receipt.message_id}
    reply = letter(who, "It will be inspected on Friday.", in_reply_to=received.message_id or "")
    sent(who, reply)
    _, answer = arrived(who, reply)
    found = match(answer, OneEnquiry(who.address, {ours.message_id, receipt.message_id}), kind=MailKind.HUMAN)
    assert (found.decision, found.enquiry_id) == (Decision.FILE, OneEnquiry.id)


def test_a_wrong_password_is_refused_in_words_with_advice(who: Correspondent) -> None:
    with pytest.raises(Unavailable) as refused:
        who.with_a_wrong_password().arrivals(None)
    assert refused.value.title
    assert refused.value.advice
    assert "wrong sesame" not in str(refused.value)


# --- what a server may not offer ------------------------------------------------------------------------------------


def offered(ask: Callable[[], T]) -> T:
    """What the mailbox answers; the test is skipped where it does not offer it, for the reason it gives."""
    try:
        return ask()
    except NotOffered as answer:
        pytest.skip(str(answer))


def test_a_sweep_brings_what_is_not_known(who: Correspondent) -> None:
    sent(who, ours := letter(who, "Swept up"))
    arrival, _ = arrived(who, ours)
    everything = offered(lambda: who.mailbox.sweep(now() - timedelta(days=1)))
    assert any(is_of(found, ours) for found in everything.page)
    rest = who.mailbox.sweep(now() - timedelta(days=1), lambda ids: frozenset(ids) & {arrival.provider_id})
    assert not any(is_of(found, ours) for found in rest.page)


def test_it_is_known_which_messages_are_still_there(who: Correspondent) -> None:
    sent(who, ours := letter(who, "Still there"))
    arrival, _ = arrived(who, ours)
    assert offered(lambda: who.mailbox.still_there([arrival.provider_id])) == {arrival.provider_id}


def test_mail_tips_are_given_before_anything_is_sent(who: Correspondent) -> None:
    (tip,) = offered(lambda: who.mailbox.tips([who.address]))
    assert tip.address.casefold() == who.address.casefold()
    assert not tip.mailbox_full


def test_a_calendar_says_when_its_owner_is_not_free(who: Correspondent) -> None:
    start = now()
    busy = offered(lambda: who.mailbox.free_busy([who.address], start, start + timedelta(days=1)))
    assert all(each.start_at < each.end_at for each in busy)


def test_each_right_is_tried_by_itself(who: Correspondent) -> None:
    findings = {found.right: found for found in who.mailbox.check()}
    assert findings[Right.READ].holds is Holds.YES
    assert all(found.words for found in findings.values())
    assert all(found.advice for found in findings.values() if found.holds is Holds.NO)


def test_the_way_of_sending_is_proved_by_a_message_to_oneself_that_leaves_nothing_behind(who: Correspondent) -> None:
    before = set(read_to_the_end(who, None, frozenset())[1])
    proof = offered(who.mailbox.prove)
    assert proof.way is not None, [found.words for found in proof.findings]
    assert not set(read_to_the_end(who, None, frozenset())[1]) - before


# --- the steps, by the port alone -----------------------------------------------------------------------------------


def letter(who: Correspondent, text: str, *, attached: bytes = b"", in_reply_to: str = "") -> Letter:
    """A letter of the correspondent to itself, with a key of its own."""
    key = os.urandom(16).hex()
    message = EmailMessage()
    message["From"] = message["To"] = who.address
    message["Subject"] = f"{SUBJECT} {key[:8]}"
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{key}@{who.address.rpartition('@')[2]}>"
    if in_reply_to:
        message["In-Reply-To"] = in_reply_to
        message["References"] = in_reply_to
    message.set_content(text)
    if attached:
        message.add_attachment(attached, maintype="application", subtype="pdf", filename="plan of the flat.pdf")
    raw = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
    return Letter(key=key, message_id=str(message["Message-ID"]), raw=raw)


def subject(ours: Letter) -> str:
    return f"{SUBJECT} {ours.key[:8]}"


def is_of(arrival: Arrival, ours: Letter) -> bool:
    return subject(ours).encode() in arrival.raw


def sent(who: Correspondent, ours: Letter) -> SentReceipt:
    """Send by the steps of the port, and wait until the copy lies in Sent Items."""
    if who.mailbox.drafts:
        assert who.mailbox.look(ours).spot is Spot.NOWHERE
        who.mailbox.save_draft(ours)
        assert who.mailbox.look(ours).spot is Spot.DRAFT
    who.mailbox.send_draft(ours)

    def receipts() -> list[SentReceipt]:
        receipt = who.mailbox.look(ours).receipt
        return [receipt] if receipt else []

    return eventually(receipts)


def arrived(who: Correspondent, ours: Letter) -> tuple[Arrival, IncomingMail]:
    """The letter as it came in, and what is read in it."""

    def found() -> list[Arrival]:
        return [arrival for arrival in read_to_the_end(who, None, frozenset())[1].values() if is_of(arrival, ours)]

    arrival = eventually(found)
    return arrival, read_mail(arrival.raw, received_at=arrival.received_at, item_class=arrival.item_class)


def read_to_the_end(
    who: Correspondent, cursor: Cursor | None, known: frozenset[str]
) -> tuple[Cursor | None, dict[str, Arrival]]:
    """Every page after the cursor: how far that is, and what came, by its id; what is none of ours, once at most."""
    found: dict[str, Arrival] = {}
    more = True
    while more:
        page = who.mailbox.arrivals(cursor, lambda ids: (known | who.others) & frozenset(ids))
        found.update({arrival.provider_id: arrival for arrival in page.page})
        who.others.update(one.provider_id for one in page.page if SUBJECT.encode() not in one.raw)
        cursor, more = page.cursor, page.more
    return cursor, found


def eventually(ask: Callable[[], Sequence[T]]) -> T:
    """The first thing that comes within a minute."""
    for _ in range(PATIENCE):
        if found := ask():
            return found[0]
        Event().wait(1)
    pytest.fail("it did not come within a minute")


class OneEnquiry:
    """What a store that holds one enquiry says of a mail."""

    id = EnquiryId("0190a0b0-0000-7000-8000-000000000001")

    def __init__(self, area: str, message_ids: Collection[str]) -> None:
        self._ids = message_ids
        self._candidate = Candidate(
            enquiry_id=self.id, reference=Reference("ENQ-GGGG-1-00"), area_addresses=frozenset({area})
        )

    def by_message_ids(self, ids: Collection[str]) -> Mapping[str, Candidate]:
        """Those of its mails."""
        return {each: self._candidate for each in ids if each in self._ids}

    def by_keys(self, keys: Collection[str]) -> Mapping[str, Candidate]:
        """None."""
        del keys
        return {}

    def by_thread(self, thread_key: str) -> Sequence[Candidate]:
        """None."""
        del thread_key
        return ()

    def by_references(self, references: Collection[Reference]) -> Mapping[Reference, Candidate]:
        """None."""
        del references
        return {}

    def by_sender(self, address: str) -> Sequence[Candidate]:
        """None."""
        del address
        return ()
