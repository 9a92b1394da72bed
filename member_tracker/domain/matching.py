"""Which enquiry a mail belongs to: signs are scored, and only strong, agreeing ones from a known sender file it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from member_tracker.domain.correspondence import IncomingMail
from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.reference import Reference, find_broken_references, find_references
from member_tracker.domain.senders import SenderProof, SenderRole, is_at
from member_tracker.domain.subjects import is_forward, topic_of
from member_tracker.domain.vocabulary import MailKind

ENOUGH_TO_FILE = 75
ENOUGH_TO_DOUBT = 60
MOST_CANDIDATES = 10


class Signal(StrEnum):
    """A sign that a mail belongs to an enquiry; `score` says how much it is worth, 0 to 100.

    FAILED_CHECK is worth nothing and stands against them all: whoever wrote the mail may have borrowed the address.
    """

    IN_REPLY_TO = "in_reply_to"
    REFERENCES = "references"
    ORIGINAL = "original"
    THREAD = "thread"
    RETURNED_REFERENCE = "returned_reference"
    SUBJECT_REFERENCE = "subject_reference"
    REFERENCES_OTHER_TOPIC = "references_other_topic"
    TEXT_REFERENCE = "text_reference"
    THREAD_OTHER_TOPIC = "thread_other_topic"
    QUOTED_REFERENCE = "quoted_reference"
    SAME_TOPIC = "same_topic"
    SENDER = "sender"
    FAILED_CHECK = "failed_check"

    @property
    def score(self) -> int:
        """How much the sign is worth."""
        return _SCORES[self]

    @property
    def words(self) -> str:
        """The sign in plain words."""
        return _WORDS[self]


_SCORES = {
    Signal.IN_REPLY_TO: 100,
    Signal.REFERENCES: 90,
    Signal.ORIGINAL: 85,
    Signal.THREAD: 80,
    Signal.RETURNED_REFERENCE: 75,
    Signal.SUBJECT_REFERENCE: 75,
    Signal.REFERENCES_OTHER_TOPIC: 65,
    Signal.TEXT_REFERENCE: 60,
    Signal.THREAD_OTHER_TOPIC: 50,
    Signal.QUOTED_REFERENCE: 40,
    Signal.SAME_TOPIC: 35,
    Signal.SENDER: 10,
    Signal.FAILED_CHECK: 0,
}
_WORDS = {
    Signal.IN_REPLY_TO: "answers a mail on this enquiry",
    Signal.REFERENCES: "belongs to a conversation on this enquiry",
    Signal.ORIGINAL: "encloses or returns a mail on this enquiry",
    Signal.THREAD: "belongs to an Outlook conversation on this enquiry",
    Signal.RETURNED_REFERENCE: "returns a mail with the reference in its subject",
    Signal.SUBJECT_REFERENCE: "has the reference in its subject",
    Signal.REFERENCES_OTHER_TOPIC: "belongs to the conversation, but its subject is another",
    Signal.THREAD_OTHER_TOPIC: "belongs to the Outlook conversation, but its subject is another",
    Signal.TEXT_REFERENCE: "has the reference in its text",
    Signal.QUOTED_REFERENCE: "has the reference in text it quotes",
    Signal.SAME_TOPIC: "comes from the service area with the same subject",
    Signal.SENDER: "comes from somebody on this enquiry",
    Signal.FAILED_CHECK: "the sender's address did not pass the council's check",
}
_NAMES_OUR_MAIL = frozenset({Signal.IN_REPLY_TO, Signal.REFERENCES, Signal.ORIGINAL})
_OF_BOUNCES = _NAMES_OUR_MAIL | {Signal.RETURNED_REFERENCE, Signal.SUBJECT_REFERENCE}
_OURS = _NAMES_OUR_MAIL | {Signal.THREAD}
_NAMED = frozenset({Signal.SUBJECT_REFERENCE, Signal.TEXT_REFERENCE})
_PASSED_ON = ("x-forwarded-message-id", "resent-from", "auto-forwarded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An enquiry as matching needs it; addresses and domains in any case. Merged enquiries give their survivor."""

    enquiry_id: EnquiryId
    reference: Reference
    topic: str = ""
    is_open: bool = True
    area_addresses: frozenset[str] = frozenset()
    area_domains: frozenset[str] = frozenset()
    councillor_addresses: frozenset[str] = frozenset()
    resident_addresses: frozenset[str] = frozenset()

    def role_of(self, address: str) -> SenderRole:
        """What the sender is to this enquiry; a person named outright counts before a whole domain."""
        sender = address.strip().casefold()
        for role, addresses in (
            (SenderRole.SERVICE_AREA, self.area_addresses),
            (SenderRole.COUNCILLOR, self.councillor_addresses),
            (SenderRole.RESIDENT, self.resident_addresses),
        ):
            if sender and any(sender == known.strip().casefold() for known in addresses):
                return role
        return SenderRole.SERVICE_AREA if is_at(sender, self.area_domains) else SenderRole.UNKNOWN


class Lookup(Protocol):
    """What matching asks of the store."""

    def by_message_ids(self, ids: Collection[str]) -> Mapping[str, Candidate]:
        """The enquiries of mails we sent (either Message-ID) or have filed, by the ids that are known."""
        ...

    def by_keys(self, keys: Collection[str]) -> Mapping[str, Candidate]:
        """The enquiries of mails we sent, by those keys that are truly ours."""
        ...

    def by_thread(self, thread_key: str) -> Sequence[Candidate]:
        """The enquiries of a conversation: of the mail of ours that began it, or of mail in it that was filed."""
        ...

    def by_references(self, references: Collection[Reference]) -> Mapping[Reference, Candidate]:
        """The enquiries with these references."""
        ...

    def by_sender(self, address: str) -> Sequence[Candidate]:
        """Open enquiries of the last 90 days that this address may belong to, newest first; at most some dozens."""
        ...


class Decision(StrEnum):
    """What is to become of a mail."""

    FILE = "file"
    TRAY = "tray"
    OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A candidate with its score (that of its strongest sign) and its signs, strongest first."""

    candidate: Candidate
    score: int
    signals: tuple[Signal, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The signs in plain words."""
        return tuple(signal.words for signal in self.signals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where a mail goes and why; `enquiry_id` is None in the tray, `why` is for a person.

    `mentions` are the other enquiries whose reference it gives, of those its sender is known on. A forwarded copy
    proposes nothing.
    """

    decision: Decision
    why: str
    enquiry_id: EnquiryId | None = None
    candidates: tuple[Ranked, ...] = ()
    sender_role: SenderRole = SenderRole.UNKNOWN
    is_forward: bool = False
    mentions: tuple[EnquiryId, ...] = ()
    refused_references: tuple[str, ...] = ()


def match(
    mail: IncomingMail,
    lookup: Lookup,
    *,
    kind: MailKind = MailKind.HUMAN,
    own_addresses: Collection[str] = (),
    never: Collection[EnquiryId] = (),
) -> Match:
    """Find the enquiry of a mail. `own_addresses` are those we send from; `never` those a person took it away from."""
    signs = _Signs()
    _by_ids(mail, lookup, signs)
    _by_thread(mail, lookup, signs)
    missing = _by_references(mail, lookup, signs, kind)
    if not signs.found:
        _by_sender(mail, lookup, signs)
    borrowed = mail.sender_proof is SenderProof.FAILED
    if borrowed:
        signs.add_to_all(Signal.FAILED_CHECK)
    ranked = signs.ranked()
    top = ranked[0] if ranked else None
    result = Match(
        decision=Decision.TRAY,
        why="",
        candidates=ranked,
        sender_role=top.candidate.role_of(mail.from_address) if top else SenderRole.UNKNOWN,
        is_forward=is_forward(mail.subject) or any(mail.header(name) not in {"", "no"} for name in _PASSED_ON),
        refused_references=find_broken_references(mail.subject),
    )
    own = mail.from_address.casefold() in {address.casefold() for address in own_addresses}
    against = Signal.FAILED_CHECK.words if borrowed else ""
    doubt = against or _doubt(result, kind, never, own=own) or missing or _refused(result)
    if doubt or top is None:
        return _decided(result, mail, Decision.TRAY, doubt, None)
    return _decided(result, mail, Decision.OWN if own else Decision.FILE, "is our own mail" if own else "", top)


@dataclass(slots=True)
class _Signs:
    """The signs found so far, by enquiry."""

    found: dict[EnquiryId, dict[Signal, None]] = field(default_factory=dict)
    candidates: dict[EnquiryId, Candidate] = field(default_factory=dict)

    def add(self, candidate: Candidate | None, signal: Signal) -> None:
        if candidate is not None:
            self.candidates.setdefault(candidate.enquiry_id, candidate)
            self.found.setdefault(candidate.enquiry_id, {})[signal] = None

    def add_to_all(self, signal: Signal) -> None:
        for signals in self.found.values():
            signals[signal] = None

    def ranked(self) -> tuple[Ranked, ...]:
        ranked = [
            Ranked(
                candidate=self.candidates[enquiry_id],
                score=max(signal.score for signal in signals),
                signals=tuple(sorted(signals, key=lambda signal: -signal.score)),
            )
            for enquiry_id, signals in self.found.items()
        ]
        ranked.sort(key=lambda one: (-one.score, -sum(signal.score for signal in one.signals)))
        return tuple(ranked[:MOST_CANDIDATES])


def _by_ids(mail: IncomingMail, lookup: Lookup, signs: _Signs) -> None:
    """Signs 1 to 3: what it answers, its conversation, what it encloses; a mail of ours that comes back is enclosed."""
    originals = (mail.message_id, *mail.original_message_ids) if mail.message_id else mail.original_message_ids
    wanted = dict.fromkeys((*originals, *mail.in_reply_to, *mail.references))
    known = lookup.by_message_ids(tuple(wanted)) if wanted else {}
    for one in mail.in_reply_to:
        signs.add(known.get(one), Signal.IN_REPLY_TO)
    for one in reversed(mail.references):
        if (candidate := known.get(one)) is not None:
            same = not candidate.topic or topic_of(mail.subject) == topic_of(candidate.topic)
            names_it = candidate.reference in find_references(mail.subject)
            signs.add(candidate, Signal.REFERENCES if same or names_it else Signal.REFERENCES_OTHER_TOPIC)
    for one in originals:
        signs.add(known.get(one), Signal.ORIGINAL)
    keys = tuple(key for key in (mail.enquiry_key, *mail.original_keys) if key)
    for candidate in (lookup.by_keys(keys) if keys else {}).values():
        signs.add(candidate, Signal.ORIGINAL)


def _by_thread(mail: IncomingMail, lookup: Lookup, signs: _Signs) -> None:
    """Sign 4: Outlook's own mark of a conversation, which stays where it answers without any Message-ID."""
    if key := mail.thread_key:
        for candidate in lookup.by_thread(key):
            same = topic_of(mail.subject) == topic_of(candidate.topic) or candidate.reference in mail.subject
            signs.add(candidate, Signal.THREAD if same else Signal.THREAD_OTHER_TOPIC)


def _by_references(mail: IncomingMail, lookup: Lookup, signs: _Signs, kind: MailKind) -> str:
    """Sign 5: references with right check characters, in the subject, above the quotation, in quoted text.

    Gives in words the one in the subject that is sound but not ours to see: it speaks against every other sign.
    """
    subject = find_references(mail.subject)
    above = find_references(mail.own_text)
    quoted = tuple(found for found in find_references(f"{mail.text}\n{mail.enclosed_text}") if found not in above)
    returned = mail.original_references
    everywhere = (*subject, *returned, *above, *quoted)
    known = lookup.by_references(tuple(dict.fromkeys(everywhere))) if everywhere else {}
    for references, signal in (
        (subject, Signal.SUBJECT_REFERENCE),
        (returned, Signal.RETURNED_REFERENCE if kind is MailKind.BOUNCE else Signal.QUOTED_REFERENCE),
        (above, Signal.TEXT_REFERENCE),
        (quoted, Signal.QUOTED_REFERENCE),
    ):
        for reference in references:
            signs.add(known.get(reference), signal)
    missing = [found for found in subject if found not in known]
    return f"its subject names {missing[0]}, which is not here" if missing else ""


def _by_sender(mail: IncomingMail, lookup: Lookup, signs: _Signs) -> None:
    """Sign 8, asked only where nothing else was found: the sender, and the same subject."""
    if not mail.from_address:
        return
    for candidate in lookup.by_sender(mail.from_address)[: 5 * MOST_CANDIDATES]:
        role = candidate.role_of(mail.from_address)
        if role is SenderRole.UNKNOWN or not candidate.is_open:
            continue
        signs.add(candidate, Signal.SENDER)
        if role is SenderRole.SERVICE_AREA and topic_of(mail.subject) == topic_of(candidate.topic) != "":
            signs.add(candidate, Signal.SAME_TOPIC)


def _doubt(result: Match, kind: MailKind, never: Collection[EnquiryId], *, own: bool) -> str:
    """Why the mail does not file itself, in words; empty where nothing stands against it."""
    if not result.candidates:
        return "nothing ties it to an enquiry"
    top, others = result.candidates[0], result.candidates[1:]
    if top.score < ENOUGH_TO_FILE:
        return "the signs are not strong enough"
    if any(other.score >= ENOUGH_TO_DOUBT for other in others):
        return "the signs point to more than one enquiry"
    if top.candidate.enquiry_id in never:
        return "it was taken off this enquiry before"
    if own:
        return (
            "" if not _OURS.isdisjoint(top.signals) else "it comes under our own address, but nothing shows it is ours"
        )
    accepted = _OF_BOUNCES if kind is MailKind.BOUNCE else _NAMES_OUR_MAIL
    by_machine = kind is not MailKind.HUMAN and not accepted.isdisjoint(top.signals)
    if result.sender_role is SenderRole.UNKNOWN and not by_machine:
        return "the sender is not known on this enquiry"
    return ""


def _refused(result: Match) -> str:
    """A reference in the subject with a wrong check speaks against other signs, unless the right one stands there."""
    top = result.candidates[0] if result.candidates else None
    if not result.refused_references or (top and Signal.SUBJECT_REFERENCE in top.signals):
        return ""
    return f"its subject gives {result.refused_references[0]}, which is no reference"


def _decided(result: Match, mail: IncomingMail, decision: Decision, why: str, top: Ranked | None) -> Match:
    mentions = tuple(
        one.candidate.enquiry_id
        for one in result.candidates
        if one is not top
        and not _NAMED.isdisjoint(one.signals)
        and one.candidate.role_of(mail.from_address) is not SenderRole.UNKNOWN
        and mail.sender_proof is not SenderProof.FAILED
    )
    return replace(
        result,
        decision=decision,
        why=why or (top.signals[0].words if top else ""),
        enquiry_id=top.candidate.enquiry_id if top else None,
        mentions=mentions,
    )
