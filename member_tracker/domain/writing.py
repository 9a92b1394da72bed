"""What is written by hand: a mail to the service area, a reply, a chaser, or an update to the resident."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.people import Council, Resident
from member_tracker.domain.values import listed
from member_tracker.domain.vocabulary import Channel, Word

PREFERRED = "preferred"
"""The council's setting for letters under which whoever prefers a letter gets one."""
ONLY_WITHOUT_EMAIL = "only_without_email"
"""The council's setting for letters under which nobody who can have a mail gets a letter."""


class Way(Word):
    """How something reaches the resident."""

    EMAIL = "email"
    LETTER = "letter"
    TOLD = "told"


def ways_to_tell(council: Council, resident: Resident) -> tuple[Way, ...]:
    """The ways this resident can be told, the one to take first; a letter only where the council's setting has it."""
    by_mail = bool(resident.email) and resident.preferred_channel in (None, Channel.EMAIL)
    wants_letter = resident.preferred_channel is Channel.LETTER and council.letters != ONLY_WITHOUT_EMAIL
    by_letter = bool(resident.address) and (not resident.email or wants_letter)
    ways = [way for way, open_ in ((Way.EMAIL, by_mail), (Way.LETTER, by_letter)) if open_]
    return (*ways, Way.TOLD)


class Writing(Word):
    """What is written by hand."""

    ENQUIRY = "new_mail"
    REPLY = "reply"
    CHASE = "chase"
    UPDATE = "update"

    @property
    def is_for_resident(self) -> bool:
        """Whether it goes to the resident."""
        return self is Writing.UPDATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to write: about which enquiry, and in answer to which mail (None: to none).

    `also` is an address out of those offered that is to have it too (None: only the usual ones).
    """

    enquiry_id: EnquiryId
    writing: Writing
    reply_to: str | None = None
    also: str | None = None

    @property
    def key(self) -> str:
        """Under which a draft of it is kept."""
        return f"compose:{self.writing.value}:{self.enquiry_id}" + (f":{self.reply_to}" if self.reply_to else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody has written so far; `to` are addresses out of those offered, `files` paths on this computer."""

    enquiry_id: EnquiryId
    writing: Writing
    template: str
    topic: str
    body: str
    to: tuple[str, ...] = ()
    copy: bool = False
    files: tuple[str, ...] = ()
    reply_to: str | None = None

    @property
    def wanted(self) -> Wanted:
        """What it was begun as."""
        return Wanted(enquiry_id=self.enquiry_id, writing=self.writing, reply_to=self.reply_to)

    def as_plain(self) -> dict[str, object]:
        """The fields as a draft keeps them."""
        return {**asdict(self), "writing": self.writing.value, "to": list(self.to), "files": list(self.files)}


def from_plain(plain: Mapping[str, object]) -> Written:
    """What `as_plain` gave; raises `ValueError` or `KeyError` for anything else."""
    lists = {name: plain[name] for name in ("to", "files")}
    if not all(isinstance(each, list) for each in lists.values()):
        raise ValueError("a draft keeps addresses and files as lists")
    return Written(
        enquiry_id=EnquiryId(str(plain["enquiry_id"])),
        writing=Writing(str(plain["writing"])),
        template=str(plain["template"]),
        topic=str(plain["topic"]),
        body=str(plain["body"]),
        to=_texts(plain["to"]),
        copy=plain["copy"] is True,
        files=_texts(plain["files"]),
        reply_to=None if plain["reply_to"] is None else str(plain["reply_to"]),
    )


def _texts(plain: object) -> tuple[str, ...]:
    return tuple(str(each) for each in plain) if isinstance(plain, list) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An address a mail may go to, and whose it is; `usual` where it goes there unless somebody says otherwise.

    `duty` says in a word or two that its owner is on duty, or next in turn (empty: neither is known).
    """

    address: str
    name: str
    usual: bool
    duty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A template to choose, by its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """What writing begins with: `way` is how it leaves, `copy_to` who may have a copy (None: nobody has an address).

    `promise` says in sentences by when the charter wants an answer, `withheld` what of the resident may not leave.
    `duty` says who is on duty, whose turn it is and what was handed over: to be read here, and never to leave.
    `choose_among` are the names of those on duty where whoever sends is to choose one of several.
    """

    wanted: Wanted
    reference: str
    way: Way
    written: Written
    offered: tuple[Offered, ...]
    choices: tuple[Choice, ...]
    sign_off: str
    promise: str
    withheld: str
    copy_to: str | None
    resident: str
    may_write_letter: bool
    duty: tuple[str, ...] = ()
    choose_among: tuple[str, ...] = ()

    def as_begun(self) -> Written:
        """What can be sent as it was begun; raises `NotAllowed` where whoever sends is to choose a duty officer."""
        if self.choose_among:
            raise NotAllowed(
                f"It is saved and not sent: choose who takes it. On duty are {listed(self.choose_among)}.",
                advice="Press Send…, choose one of them, then send it.",
            )
        return self.written


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Exactly what would leave: the headers people see, the text with sign-off and reference, and the files."""

    from_address: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    body: str
    files: tuple[tuple[str, int], ...] = ()
