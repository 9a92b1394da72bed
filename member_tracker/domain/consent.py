"""Consent: what a resident agreed may be told to whom, how and until when; it decides what leaves the office."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from member_tracker.domain.dates import day_in_words
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.vocabulary import Word

if TYPE_CHECKING:
    from member_tracker.domain.people import Resident

THE_COUNCIL = "council"
"""The body that stands for the council itself and its service areas; others go by the name they are kept under."""


class ConsentKind(Word):
    """How far a resident agreed; asking for help implies it, special category information needs it said."""

    NONE = "none"
    IMPLIED = "implied"
    EXPLICIT = "explicit"


class Detail(Word):
    """What of a resident may leave the office."""

    NAME = "name"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A resident's agreement on one enquiry: in what way, since when, for which bodies, and until when.

    `until` is its last day, None without end; `special_category` is whether health, belief and the like were included;
    `withdrawn_on` is the day from which nothing more may leave.
    """

    kind: ConsentKind
    how: str = ""
    given_on: date | None = None
    bodies: tuple[str, ...] = ()
    until: date | None = None
    special_category: bool = False
    withdrawn_on: date | None = None

    def is_live(self, on: date) -> bool:
        """Whether it holds on that day, for whichever bodies."""
        given = self.kind is not ConsentKind.NONE and (self.given_on is None or self.given_on <= on)
        ended = (self.until is not None and on > self.until) or (
            self.withdrawn_on is not None and on >= self.withdrawn_on
        )
        return given and not ended

    def covers(self, body: str, on: date) -> bool:
        """Whether the resident's details may go to that body on that day."""
        return self.is_live(on) and body.casefold() in {name.casefold() for name in self.bodies}

    def covers_special_category(self, body: str, on: date) -> bool:
        """Whether health, belief and the like may go to that body on that day: only where that was said in terms."""
        return self.kind is ConsentKind.EXPLICIT and self.special_category and self.covers(body, on)


def implied_by_asking(on: date) -> Consent:
    """What a resident agrees to by asking for help: that the council, and nobody else, is told what it must know."""
    return Consent(kind=ConsentKind.IMPLIED, how="asked the councillor for help", given_on=on, bodies=(THE_COUNCIL,))


def withdraw(consent: Consent, *, on: date) -> Consent:
    """The consent withdrawn: nothing written from that day on may carry the resident's details."""
    return replace(consent, withdrawn_on=min(on, consent.withdrawn_on or on))


def narrower(one: Consent, other: Consent) -> Consent:
    """What both allow: the lesser kind, the bodies named in both, until the earlier end; a withdrawal of either."""
    kinds = list(ConsentKind)
    kind = min(one.kind, other.kind, key=kinds.index)
    named = {name.casefold() for name in other.bodies}
    how = dict.fromkeys(said for said in (one.how, other.how) if said)
    return Consent(
        kind=kind,
        how="; ".join(how),
        given_on=max((on for on in (one.given_on, other.given_on) if on is not None), default=None),
        bodies=tuple(name for name in one.bodies if name.casefold() in named),
        until=min((on for on in (one.until, other.until) if on is not None), default=None),
        special_category=one.special_category and other.special_category,
        withdrawn_on=min((on for on in (one.withdrawn_on, other.withdrawn_on) if on is not None), default=None),
    )


def details_allowed(consent: Consent, resident: "Resident", body: str, on: date) -> tuple[Detail, ...]:
    """Which of the resident's details that are known may go to that body on that day."""
    if not consent.covers(body, on):
        return ()
    known = {
        Detail.NAME: resident.name,
        Detail.ADDRESS: resident.address,
        Detail.PHONE: resident.phone,
        Detail.EMAIL: resident.email,
    }
    return tuple(detail for detail, value in known.items() if value)


def must_allow_special_category(consent: Consent, body: str, on: date) -> None:
    """`NotAllowed`, with the reason and advice, where special category text may not go to that body on that day."""
    if consent.covers_special_category(body, on):
        return
    raise NotAllowed(
        f"This contains special category information, and {_what_is_missing(consent, body, on)}.",
        advice="Ask the resident to agree to it in so many words and record that, or take the information out.",
    )


def special_category_hints(text: str) -> tuple[str, ...]:
    """Words in the text that often go with special category information, in order: a suggestion, never a decision."""
    return tuple(dict.fromkeys(found[0].lower() for found in _HINTS.finditer(text)))


def _what_is_missing(consent: Consent, body: str, on: date) -> str:
    whom = "the council" if body == THE_COUNCIL else body
    if consent.withdrawn_on is not None and on >= consent.withdrawn_on:
        return f"consent was withdrawn on {day_in_words(consent.withdrawn_on)}"
    if consent.until is not None and on > consent.until:
        return f"consent ended on {day_in_words(consent.until)}"
    if consent.kind is not ConsentKind.EXPLICIT:
        return "the resident has not agreed to that in so many words"
    if not consent.covers(body, on):
        return f"the resident has not agreed that {whom} is told"
    return "the consent does not include it"


def _any_of(words: Collection[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


_HINTS = _any_of(
    (
        r"disab(?:led|ility|ilities)|wheelchair|illness|diagnos(?:ed|is)|hospital|cancer|dementia|autis(?:m|tic)|adhd",
        r"asthma|epilep(?:sy|tic)|diabet(?:es|ic)|depress(?:ed|ion)|anxiety|mental health|medication|pregnan(?:t|cy)",
        r"carer|doctor|gp|health condition|blind|deaf|terminal(?:ly)? ill|self-harm|suicid(?:e|al)|addict(?:ed|ion)",
        r"ethnic(?:ity)?|race|racial|racist|nationality|asylum|refugee|immigration",
        r"religio(?:n|us)|faith|church|mosque|synagogue|temple|christian|muslim|jewish|hindu|sikh|buddhist",
        r"gay|lesbian|bisexual|transgender|sexual orientation|sexuality|sex life",
        r"trade union|union member|political (?:party|opinion)|genetic|biometric",
    )
)
