"""What an officer's holding reply says of the four things it owes: who, why, by when, and an urgent number.

Cautious: what it does not find is a gap for a person to fill in, and never a guess.
"""

import re
from collections.abc import Iterator
from datetime import date

from member_tracker.domain.holding import HoldingReply

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n{2,}")
_WHY = re.compile(
    r"\b(?:because|due to|owing to|delayed by|waiting (?:for|on|to)|await(?:s|ing)?|(?:is|are|am) (?:away|sick)"
    r"|on leave|short of staff|short-staffed|backlog"
    r"|(?:I|we|officers?|surveyors?|contractors?|it) (?:still )?needs? (?:to|more))\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\bI(?:'m|’m|'ll|’ll| am| will| have| shall)\b")
_NAMED = re.compile(r"\b(?:(?i:passed (?:it|this) to|dealt with by|case officer is)) ((?:[A-Z][\w'’-]+ ?){2,3})")
_CALLING = re.compile(r"\b(?:urgent(?:ly)?|emergency|ring|call|phone|telephone|tel)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w+])(?:\+44 ?\(?0?\)?|0|\(0)[\d ()-]{7,14}\d")


def holding_said(text: str, *, sender: str, promised_on: date | None) -> HoldingReply:
    """What the reply says; `sender` is the name it came under, who is dealing with it where it speaks for itself."""
    sentences = [" ".join(part.split()) for part in _SENTENCE.split(text) if part.strip()]
    return HoldingReply(
        who=_who(text, sender),
        why=next((said for said in sentences if _WHY.search(said)), ""),
        promised_on=promised_on,
        urgent_number=next(_numbers(sentences), ""),
    )


def _who(text: str, sender: str) -> str:
    named = _NAMED.search(text)
    if named:
        return named[1].strip()
    return sender.strip() if _FIRST_PERSON.search(text) else ""


def _numbers(sentences: list[str]) -> Iterator[str]:
    """Telephone numbers in sentences that speak of calling."""
    for said in sentences:
        if _CALLING.search(said) and (found := _NUMBER.search(said)):
            yield found[0].strip()
