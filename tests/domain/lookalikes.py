"""Mails that look alike: honest replies, mix-ups and forgeries about enquiries with one subject, officer and name."""

import base64
import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from member_tracker.domain.correspondence import IncomingMail
from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.matching import Candidate
from member_tracker.domain.reference import ALPHABET, Reference, make_reference

OURS = "members@council.example.org"
AREAS = ("housing@council.example.org", "streets@council.example.org", "parks@contractor.example.com")
TOPICS = ("Damp in a flat", "Street light out", "Missed bin", "Overgrown hedge")
RESIDENTS = ("ned.barlow@gmail.com", "n.barlow@gmail.com", "ned.barlow@example.net")
ENQUIRIES = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An enquiry with what is known of its mail."""

    candidate: Candidate
    sent: str
    filed: str
    key: str
    thread: bytes

    @property
    def area(self) -> str:
        """The mailbox of its service area."""
        return min(self.candidate.area_addresses)


class World:
    """An office whose enquiries share subjects, officers and residents' names, with neighbouring references."""

    def __init__(self, dice: random.Random) -> None:
        self.every = [_known(number, dice) for number in range(ENQUIRIES)]
        self._ids = {one: known.candidate for known in self.every for one in (known.sent, known.filed)}
        self._keys = {known.key: known.candidate for known in self.every}
        self._references = {known.candidate.reference: known.candidate for known in self.every}
        self._threads = {known.thread.hex(): known.candidate for known in self.every}

    def by_message_ids(self, ids: Collection[str]) -> Mapping[str, Candidate]:
        """By mails sent or filed."""
        return {one: self._ids[one] for one in ids if one in self._ids}

    def by_keys(self, keys: Collection[str]) -> Mapping[str, Candidate]:
        """By keys that are ours."""
        return {one: self._keys[one] for one in keys if one in self._keys}

    def by_thread(self, thread_key: str) -> Sequence[Candidate]:
        """By conversation."""
        return [self._threads[thread_key]] if thread_key in self._threads else []

    def by_references(self, references: Collection[Reference]) -> Mapping[Reference, Candidate]:
        """By reference."""
        return {one: self._references[one] for one in references if one in self._references}

    def by_sender(self, address: str) -> Sequence[Candidate]:
        """By who writes."""
        return [known.candidate for known in self.every if known.candidate.role_of(address) != "unknown"]


def _known(number: int, dice: random.Random) -> Known:
    area = AREAS[number % len(AREAS)]
    candidate = Candidate(
        enquiry_id=EnquiryId(f"enquiry-{number}"),
        reference=make_reference("7K3M", 100 + number),
        topic=TOPICS[number // 3 % len(TOPICS)],
        is_open=number % 7 != 0,
        area_addresses=frozenset({area}),
        area_domains=frozenset({area.rpartition("@")[2]}),
        councillor_addresses=frozenset({"vera.quill@example.net"}),
        resident_addresses=frozenset({RESIDENTS[number % len(RESIDENTS)]}),
    )
    return Known(
        candidate=candidate,
        sent=f"<{dice.getrandbits(64):x}.{number}@council.example.org>",
        filed=f"<{dice.getrandbits(64):x}@mail.example.org>",
        key=f"{dice.getrandbits(128):032x}",
        thread=dice.randbytes(22),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookalike:
    """A mail, what sort it is, and the one enquiry it may be filed with (None: nowhere by itself)."""

    sort: str
    mail: IncomingMail
    belongs_to: EnquiryId | None
    honest: bool


Maker = Callable[[Known, Known, random.Random], IncomingMail]


def _reply(to: Known, **changes: object) -> IncomingMail:
    plain = IncomingMail(
        message_id="<new@mail.example.org>",
        from_address=to.area,
        subject=f"RE: {to.candidate.topic}",
        reply_text="It was looked at on Monday.",
        text="It was looked at on Monday.",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # the names are checked by the dataclass


def _subject(to: Known, tag: str | None = None) -> str:
    return f"RE: {to.candidate.topic} [{tag or to.candidate.reference}]"


def _outlook(to: Known) -> str:
    return base64.b64encode(to.thread + b"\x01\x02\x03\x04\x05").decode()


def _personal(to: Known) -> str:
    return f"jo.fields@{to.area.rpartition('@')[2]}"


HONEST: Mapping[str, tuple[int, Maker]] = {
    "answers our mail": (30, lambda to, _, __: _reply(to, subject=_subject(to), in_reply_to=(to.sent,))),
    "answers, from a mailbox of her own": (
        15,
        lambda to, _, __: _reply(to, subject=_subject(to), in_reply_to=(to.sent,), from_address=_personal(to)),
    ),
    "answers, subject cut": (10, lambda to, _, __: _reply(to, subject="Re", in_reply_to=(to.sent,))),
    "goes on in a conversation": (
        10,
        lambda to, _, __: _reply(to, references=("<x@y.example>", to.sent, to.filed), in_reply_to=(to.filed,)),
    ),
    "references alone": (8, lambda to, _, __: _reply(to, references=(to.sent, "<x@y.example>"))),
    "reference in the subject alone": (12, lambda to, _, __: _reply(to, subject=_subject(to))),
    "Outlook's conversation alone": (6, lambda to, _, __: _reply(to, thread_index=_outlook(to))),
    "our mail enclosed": (
        4,
        lambda to, _, __: _reply(to, subject="Please see attached", original_message_ids=(to.sent,)),
    ),
    "the resident answers": (
        3,
        lambda to, _, __: _reply(to, in_reply_to=(to.sent,), from_address=min(to.candidate.resident_addresses)),
    ),
    "reference in the text alone": (
        1,
        lambda to, _, __: _reply(to, subject="Hello", reply_text=f"About {to.candidate.reference}: done.", text=""),
    ),
    "nothing but the subject": (1, lambda to, _, __: _reply(to)),
}

_STRANGERS = (
    "someone@elsewhere.example.net", "housing@council.example.org.evil.example", "housing@notcouncil.example.org",
    "housing@counci1.example.org", "other@gmail.com", "housing@gmail.com", "",
)  # fmt: skip
_FORGED = (
    ("x-ms-exchange-organization-authas", "Internal"),
    ("authentication-results", "mx.council.example.org; dmarc=pass header.from=council.example.org"),
)


def _stranger(dice: random.Random) -> dict[str, object]:
    return {
        "from_address": dice.choice(_STRANGERS),
        "from_name": "Housing <housing@council.example.org>",
        "headers": _FORGED,
    }


def _one_off(reference: str, dice: random.Random) -> str:
    """The reference with one character changed, or two neighbours exchanged."""
    places = [place for place in range(4, len(reference)) if reference[place] != "-"]
    place = dice.choice(places)
    other = reference.rfind("-", 0, place) < place - 1 and reference[place - 1]
    if dice.random() < 0.3 and other and other != reference[place]:
        return reference[: place - 1] + reference[place] + other + reference[place + 1 :]
    fits = "0123456789" if reference[4:].split("-")[1] and 9 <= place < reference.rfind("-") else ALPHABET
    return reference[:place] + dice.choice([one for one in fits if one != reference[place]]) + reference[place + 1 :]


NOT_TO_BE_FILED: Mapping[str, Maker] = {
    "right reference, stranger": lambda to, _, dice: _reply(to, subject=_subject(to), **_stranger(dice)),
    "forged answer, stranger": lambda to, _, dice: _reply(
        to, subject=_subject(to), in_reply_to=(to.sent,), **_stranger(dice)
    ),
    "forged references, stranger": lambda to, other, dice: _reply(
        to, references=(other.sent, to.filed), **_stranger(dice)
    ),
    "forged conversation, stranger": lambda to, _, dice: _reply(to, thread_index=_outlook(to), **_stranger(dice)),
    "our key, stranger": lambda to, _, dice: _reply(to, enquiry_key=to.key, **_stranger(dice)),
    "made-up key and header": lambda to, other, dice: _reply(
        to, subject="Update", enquiry_key=f"{dice.getrandbits(128):032x}", enquiry_reference=other.candidate.reference
    ),
    "under our own address": lambda to, _, __: _reply(to, subject=_subject(to), from_address=OURS),
    "wrong check character": lambda to, _, dice: _reply(
        to, subject=_subject(to, _one_off(to.candidate.reference, dice))
    ),
    "wrong check character in an old conversation": lambda to, other, dice: _reply(
        other, subject=_subject(to, _one_off(to.candidate.reference, dice)), references=(other.sent,)
    ),
    "old mail taken for a new matter": lambda to, other, _: _reply(
        other, subject=_subject(to), in_reply_to=(other.sent,), references=(other.sent,)
    ),
    "old conversation, new subject": lambda to, other, _: _reply(
        to, subject="Quite another matter", references=(other.sent,), thread_index=_outlook(other)
    ),
    "names two": lambda to, other, _: _reply(to, subject=f"{_subject(to)} and {other.candidate.reference}"),
    "answers two": lambda to, other, _: _reply(
        to, references=(to.sent, other.sent), in_reply_to=(other.filed, to.filed)
    ),
    "the subject that many share": lambda to, _, __: _reply(to, subject=to.candidate.topic),
    "a resident about somebody else's": lambda to, other, _: _reply(
        to, subject=_subject(to), from_address=min({*RESIDENTS} - to.candidate.resident_addresses)
    ),
    "a conversation id only": lambda to, _, __: _reply(
        to, subject="Update", headers=(("thread-topic", to.candidate.topic),)
    ),
}


def lookalikes(world: World, count: int, dice: random.Random) -> Iterator[Lookalike]:
    """Honest replies and the others, as many of each."""
    honest, weights = list(HONEST), [weight for weight, _ in HONEST.values()]
    for number in range(count):
        to, other = dice.sample(world.every, 2)
        if number % 2:
            sort = dice.choices(honest, weights)[0]
            mail = HONEST[sort][1](to, other, dice)
            yield Lookalike(sort=sort, mail=mail, belongs_to=to.candidate.enquiry_id, honest=True)
        else:
            sort = dice.choice(list(NOT_TO_BE_FILED))
            yield Lookalike(sort=sort, mail=NOT_TO_BE_FILED[sort](to, other, dice), belongs_to=None, honest=False)
