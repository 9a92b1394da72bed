"""Which enquiry a mail belongs to, and when it may file itself."""

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.correspondence import IncomingMail
from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.matching import Candidate, Decision, Match, Signal, match
from member_tracker.domain.reference import Reference, make_reference
from member_tracker.domain.senders import SenderProof, SenderRole
from member_tracker.domain.subjects import is_forward, topic_of
from member_tracker.domain.vocabulary import MailKind

OURS = "members@council.example.org"
STREETS = "streets@council.example.org"
LIGHT, BIN = make_reference("7K3M", 142), make_reference("7K3M", 143)


def candidate(name: str, reference: Reference, topic: str) -> Candidate:
    return Candidate(
        enquiry_id=EnquiryId(name),
        reference=reference,
        topic=topic,
        area_addresses=frozenset({STREETS}),
        area_domains=frozenset({"contractor.example.com", "gmail.com"}),
        councillor_addresses=frozenset({"cllr@example.net"}),
        resident_addresses=frozenset({"resident@gmail.com"}),
    )


class Office:
    """Two enquiries, each with one mail sent."""

    def __init__(self) -> None:
        light = candidate("light", LIGHT, "Street light out in Mill Lane")
        missed_bin = candidate("bin", BIN, "Missed bin")
        self.sent = {"<light@council.example.org>": light, "<bin@council.example.org>": missed_bin}
        self.keys = {"ab" * 16: light}
        self.threads = {"01" * 22: ["<light@council.example.org>"]}

    def by_message_ids(self, ids: Collection[str]) -> Mapping[str, Candidate]:
        return {one: self.sent[one] for one in ids if one in self.sent}

    def by_keys(self, keys: Collection[str]) -> Mapping[str, Candidate]:
        return {one: self.keys[one] for one in keys if one in self.keys}

    def by_thread(self, thread_key: str) -> Sequence[Candidate]:
        return [self.sent[one] for one in self.threads.get(thread_key, ())]

    def by_references(self, references: Collection[Reference]) -> Mapping[Reference, Candidate]:
        return {one.reference: one for one in self.sent.values() if one.reference in references}

    def by_sender(self, address: str) -> Sequence[Candidate]:
        return list(self.sent.values())


def mail(**changes: object) -> IncomingMail:
    answer = IncomingMail(
        message_id="<answer@example.org>",
        from_address=STREETS,
        subject="RE: Street light out in Mill Lane",
        reply_text="The light was repaired on Monday.",
        text="The light was repaired on Monday.",
    )
    return replace(answer, **changes)  # type: ignore[arg-type]  # the names are checked by the dataclass


def matched(of: IncomingMail, kind: MailKind = MailKind.HUMAN, never: Collection[str] = ()) -> Match:
    return match(of, Office(), kind=kind, own_addresses=(OURS,), never={EnquiryId(one) for one in never})


ANSWERS = {"in_reply_to": ("<light@council.example.org>",)}


@pytest.mark.parametrize(
    ("changes", "signal", "score"),
    [
        (ANSWERS, Signal.IN_REPLY_TO, 100),
        ({"references": ("<light@council.example.org>", "<other@example.org>")}, Signal.REFERENCES, 90),
        ({"original_message_ids": ("<light@council.example.org>",)}, Signal.ORIGINAL, 85),
        ({"original_keys": ("ab" * 16,)}, Signal.ORIGINAL, 85),
        ({"subject": f"Your enquiry {LIGHT} about a light"}, Signal.SUBJECT_REFERENCE, 75),
    ],
)
def test_a_certain_sign_from_the_service_area_files_the_mail(
    changes: dict[str, object], signal: Signal, score: int
) -> None:
    found = matched(mail(**changes))
    assert (found.decision, found.enquiry_id) == (Decision.FILE, "light")
    assert (found.candidates[0].signals[0], found.candidates[0].score) == (signal, score)
    assert found.sender_role is SenderRole.SERVICE_AREA


@pytest.mark.parametrize(
    ("changes", "signal"),
    [
        ({"subject": "Hello", "references": ("<light@council.example.org>",)}, Signal.REFERENCES_OTHER_TOPIC),
        ({"subject": "Hello", "reply_text": f"This is about {LIGHT}."}, Signal.TEXT_REFERENCE),
        ({"subject": "Hello", "text": f"Done.\n> Please keep this reference: {LIGHT}"}, Signal.QUOTED_REFERENCE),
        ({"subject": "RE: Street light out in Mill Lane"}, Signal.SAME_TOPIC),
        ({"subject": "Update"}, Signal.SENDER),
    ],
)
def test_a_weaker_sign_waits_in_the_tray_with_the_likely_enquiry_first(
    changes: dict[str, object], signal: Signal
) -> None:
    found = matched(mail(**changes))
    assert (found.decision, found.enquiry_id) == (Decision.TRAY, None)
    assert found.candidates[0].candidate.enquiry_id == "light"
    assert found.candidates[0].signals[0] is signal


@pytest.mark.parametrize("sender", ["stranger@example.org", "someone@gmail.com", "x@notcouncil.example.org", ""])
def test_the_right_reference_from_a_stranger_waits_in_the_tray(sender: str) -> None:
    found = matched(mail(subject=f"RE: light [{LIGHT}]", from_address=sender, **ANSWERS))
    assert (found.decision, found.sender_role) == (Decision.TRAY, SenderRole.UNKNOWN)
    assert found.candidates[0].candidate.enquiry_id == "light"


@pytest.mark.parametrize(
    ("sender", "role"),
    [
        ("Streets@Council.Example.org", SenderRole.SERVICE_AREA),
        ("anyone@contractor.example.com", SenderRole.SERVICE_AREA),
        ("anyone@site.contractor.example.com", SenderRole.SERVICE_AREA),
        ("cllr@example.net", SenderRole.COUNCILLOR),
        ("resident@gmail.com", SenderRole.RESIDENT),
    ],
)
def test_people_on_the_enquiry_are_told_apart(sender: str, role: SenderRole) -> None:
    found = matched(mail(from_address=sender, **ANSWERS))
    assert (found.decision, found.sender_role) == (Decision.FILE, role)


def test_a_free_mail_domain_makes_nobody_known() -> None:
    assert matched(mail(from_address="other@gmail.com", **ANSWERS)).decision is Decision.TRAY


def test_signs_of_two_enquiries_wait_in_the_tray_with_both() -> None:
    found = matched(mail(subject=f"RE: {BIN}", **ANSWERS))
    assert found.decision is Decision.TRAY
    assert {one.candidate.enquiry_id for one in found.candidates} == {"light", "bin"}
    assert set(found.mentions) == {"bin"}


def test_references_of_two_enquiries_are_ambiguous() -> None:
    both = ("<light@council.example.org>", "<bin@council.example.org>")
    assert matched(mail(references=both, subject=f"RE: {LIGHT} {BIN}")).decision is Decision.TRAY


def test_a_sound_reference_that_is_not_here_speaks_against_every_other_sign() -> None:
    found = matched(mail(subject=f"RE: {make_reference('8ABC', 7)}", **ANSWERS))
    assert found.decision is Decision.TRAY
    assert "not here" in found.why


def test_a_reference_with_a_wrong_character_is_never_a_match() -> None:
    wrong = LIGHT[:-1] + ("0" if LIGHT[-1] != "0" else "1")
    found = matched(mail(subject=f"Your enquiry {wrong}"))
    assert found.decision is Decision.TRAY
    assert found.refused_references == (wrong,)
    assert all(Signal.SUBJECT_REFERENCE not in one.signals for one in found.candidates)


def test_two_enquiries_of_one_subject_and_officer_are_never_crossed() -> None:
    office = Office()
    office.sent = {name: replace(one, topic="Missed bin") for name, one in office.sent.items()}
    found = match(mail(subject="RE: Missed bin"), office)
    assert found.decision is Decision.TRAY
    assert len(found.candidates) == 2


def test_a_mail_taken_off_an_enquiry_is_not_filed_there_again() -> None:
    assert matched(mail(**ANSWERS), never=["light"]).decision is Decision.TRAY


def test_our_own_mail_is_known_as_such() -> None:
    own = mail(from_address=OURS, message_id="<light@council.example.org>", subject=f"Street light [{LIGHT}]")
    found = matched(own)
    assert (found.decision, found.enquiry_id) == (Decision.OWN, "light")


@pytest.mark.parametrize("kind", [MailKind.BOUNCE, MailKind.AUTO_REPLY, MailKind.RECEIPT])
def test_automatic_mail_that_names_our_mail_is_linked_whoever_sent_it(kind: MailKind) -> None:
    returned = mail(from_address="mailer-daemon@example.org", original_message_ids=("<light@council.example.org>",))
    assert matched(returned, kind).decision is Decision.FILE
    named_only = matched(mail(from_address="robot@example.org", subject=f"Auto: {LIGHT}"), kind)
    assert named_only.decision is (Decision.FILE if kind is MailKind.BOUNCE else Decision.TRAY)


def test_a_bounce_is_linked_by_the_reference_in_the_subject_it_returns_and_a_persons_mail_is_not() -> None:
    returned = mail(from_address="mailer-daemon@example.org", subject="Undeliverable", original_references=(LIGHT,))
    assert matched(returned, MailKind.BOUNCE).candidates[0].signals == (Signal.RETURNED_REFERENCE,)
    assert matched(returned, MailKind.BOUNCE).decision is Decision.FILE
    assert matched(returned, MailKind.HUMAN).decision is Decision.TRAY


OUTLOOK = base64.b64encode(bytes([1] * 22 + [7] * 5)).decode()


def test_outlooks_conversation_files_a_reply_without_any_message_id() -> None:
    found = matched(mail(thread_index=OUTLOOK))
    assert (found.decision, found.enquiry_id, found.candidates[0].score) == (Decision.FILE, "light", 80)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"subject": "Another matter"}, "not strong enough"),
        ({"from_address": "stranger@example.org"}, "not known"),
        ({"subject": f"RE: Street light out in Mill Lane {BIN}"}, "more than one"),
    ],
)
def test_outlooks_conversation_is_not_enough_against_other_signs(changes: dict[str, object], why: str) -> None:
    found = matched(mail(thread_index=OUTLOOK, **changes))
    assert found.decision is Decision.TRAY
    assert why in found.why


def test_a_conversation_that_two_enquiries_share_waits_with_both() -> None:
    office = Office()
    office.threads["01" * 22] = list(office.sent)
    office.sent = {name: replace(one, topic="Missed bin") for name, one in office.sent.items()}
    found = match(mail(subject="RE: Missed bin", thread_index=OUTLOOK), office)
    assert (found.decision, len(found.candidates)) == (Decision.TRAY, 2)


def test_a_wrong_reference_in_the_subject_speaks_against_other_signs() -> None:
    wrong = LIGHT[:-1] + ("0" if LIGHT[-1] != "0" else "1")
    assert matched(mail(subject=f"RE: light [{wrong}]", **ANSWERS)).decision is Decision.TRAY
    assert matched(mail(subject=f"RE: [{LIGHT}], not {wrong}", **ANSWERS)).decision is Decision.FILE


def test_mail_under_our_own_address_is_ours_only_where_something_of_ours_is_in_it() -> None:
    forged = mail(from_address=OURS, subject=f"Street light [{LIGHT}]")
    assert matched(forged).decision is Decision.TRAY
    assert matched(mail(from_address=OURS, subject="Street light", **ANSWERS)).decision is Decision.OWN


@pytest.mark.parametrize("header", ["x-forwarded-message-id", "resent-from", "auto-forwarded"])
def test_a_mail_that_was_passed_on_is_known_by_its_headers(header: str) -> None:
    assert matched(mail(headers=((header, "yes"),), **ANSWERS)).is_forward


@pytest.mark.parametrize(
    ("subject", "forward"),
    [
        ("FW: light", True),
        ("Fwd: light", True),
        ("WG: Licht", True),
        ("Yml: golau", True),
        ("RE: FW: RE: light", False),
        ("Forward planning", False),
    ],
)
def test_a_forwarded_copy_is_known_by_its_first_prefix(subject: str, forward: bool) -> None:
    assert is_forward(subject) is forward


@pytest.mark.parametrize(
    "subject", ["RE: FW: RE: Missed bin", "Missed  BIN", f"AW: Missed bin [{BIN}]", "[External] Re[2]: missed bin"]
)
def test_topics_are_compared_without_prefixes_and_tags(subject: str) -> None:
    assert topic_of(subject) == "missed bin"


@given(
    st.lists(st.sampled_from(["<light@council.example.org>", "<bin@council.example.org>", "<x@y>"]), max_size=3),
    st.lists(st.sampled_from(["<light@council.example.org>", "<bin@council.example.org>", "<x@y>"]), max_size=3),
    st.sampled_from(["RE: hello", f"RE: {LIGHT}", f"{LIGHT} {BIN}", "ENQ-7K3M-142-00"]),
    st.sampled_from([STREETS, "stranger@example.org", "resident@gmail.com", OURS]),
)
def test_nothing_is_filed_without_a_strong_sign_a_known_sender_and_no_rival(
    answers: list[str], references: list[str], subject: str, sender: str
) -> None:
    found = matched(
        mail(in_reply_to=tuple(answers), references=tuple(references), subject=subject, from_address=sender)
    )
    if found.decision is Decision.FILE:
        assert found.candidates[0].score >= 75
        assert all(one.score < 60 for one in found.candidates[1:])
        assert found.sender_role is not SenderRole.UNKNOWN
    if found.decision is Decision.TRAY:
        assert found.enquiry_id is None


@pytest.mark.parametrize("kind", list(MailKind))
@pytest.mark.parametrize("sender", [STREETS, OURS])
def test_a_mail_whose_sender_failed_the_check_never_files_itself(kind: MailKind, sender: str) -> None:
    borrowed = mail(**ANSWERS, from_address=sender, enquiry_key="ab" * 16, sender_proof=SenderProof.FAILED)
    found = matched(borrowed, kind)
    assert (found.decision, found.enquiry_id, found.mentions) == (Decision.TRAY, None, ())
    assert found.candidates[0].candidate.enquiry_id == "light"
    assert found.candidates[0].words[-1] == "the sender's address did not pass the council's check"
    assert found.why == "the sender's address did not pass the council's check"


def test_a_mail_whose_sender_failed_the_check_is_not_told_of_on_what_it_names() -> None:
    both = mail(subject=f"Your enquiries {LIGHT} and {BIN}")
    assert matched(both).mentions
    assert matched(replace(both, sender_proof=SenderProof.FAILED)).mentions == ()


@pytest.mark.parametrize("proof", [SenderProof.NOT_TOLD, SenderProof.INTERNAL, SenderProof.PASSED])
def test_no_proof_makes_a_stranger_known_and_none_is_needed_of_somebody_known(proof: SenderProof) -> None:
    assert matched(mail(**ANSWERS, sender_proof=proof)).decision is Decision.FILE
    stranger = mail(**ANSWERS, sender_proof=proof, from_address="stranger@elsewhere.example")
    assert matched(stranger).decision is Decision.TRAY
