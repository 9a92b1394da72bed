"""A reply taken apart into the sentences a reader would weigh: without greeting, sign-off and what follows it."""

import re
from dataclasses import dataclass

LONGEST = 20_000  # characters of a reply that are weighed
MOST = 200
LONGEST_SIGN_OFF = 60  # characters
MOST_AFTER_SIGN_OFF = 120  # words: more than a signature has
LONGEST_SENTENCE = 500  # characters of one sentence that are weighed: hardly any is longer

_SIGN_OFF = re.compile(
    r"[ \t]*(?:"
    r"(?:with )?(?:kind(?:est)?|best|warm(?:est)?|many)? ?(?:regards|wishes|thanks)"
    r"(?: and (?:best|kind) (?:wishes|regards))?|"
    r"thank you|thanks again|(?:thanks|thank you) in advance|cheers|all the best|rgds|kr|br|"
    r"yours (?:sincerely|faithfully|truly)|sincerely|respectfully|"
    r"cofion(?: cynnes| gorau)?|diolch(?: yn fawr)?|yn gywir|yr eiddoch yn (?:gywir|ddiffuant)"
    r")[ \t]*[,.!]?[ \t]*",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\A\s*(?:dear|hi|hello|hiya|good (?:morning|afternoon|evening|day)|morning|afternoon|"
    r"annwyl|helo|bore da|prynhawn da|shwmae)\b[^\n.!?]{0,60}?(?:[,:!-][ \t]*(?:\n|$|(?=\S))|\n|$)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^[ \t]{0,3}>.*$", re.MULTILINE)
_END = re.compile(
    r"[.!?][\"”')\]]{0,2}(?=\s|$)|\n[ \t]*\n|\n(?=[ \t]*(?:[-*•·]|\d{1,2}[.)])[ \t])|:\n",
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|cllr|clr|rev|st|rd|ave|no|nos|tel|ext|ref|approx|e\.g|i\.e|eg|ie|etc|vs|dept|ltd|inc|co|"
    r"jan|feb|"
    r"mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|mon|tue|tues|wed|thu|thurs|fri|a\.m|p\.m|para|sec|fig|hon|prof)|"
    r"\b[a-z])\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence as it stands in the reply, and `plain`: lower case, single spaces, straight quotation marks."""

    text: str
    plain: str

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.plain.split())


def body_of(reply: str) -> str:
    """The reply without its greeting and without the sign-off and what follows; cut to a bounded length."""
    text = reply[:LONGEST]
    greeting = _GREETING.match(text)
    start = greeting.end() if greeting else 0
    end = start
    for line in text[start:].split("\n"):
        signs_off = len(line) < LONGEST_SIGN_OFF and _SIGN_OFF.fullmatch(line) is not None
        if signs_off and text[start:end].strip() and len(text[end:].split()) < MOST_AFTER_SIGN_OFF:
            return text[start:end]
        end += len(line) + 1
    return text[start:]


def sentences_of(reply: str) -> tuple[Sentence, ...]:
    """The sentences of a reply in order, each a piece of it to the letter."""
    body = body_of(reply)
    if ">" in body:
        body = _QUOTED.sub(_blank, body)
    found: list[Sentence] = []
    start = 0
    for end in _ends(body):
        piece = body[start:end].strip()
        if any(map(str.isalnum, piece)):
            found.append(Sentence(text=piece, plain=plain(piece[:LONGEST_SENTENCE])))
        start = end
        if len(found) >= MOST:
            break
    return tuple(found)


def _blank(quoted: re.Match[str]) -> str:
    """As many blank lines in its place: what others wrote is never weighed."""
    return "\n" * len(quoted.group())


def _ends(body: str) -> list[int]:
    ends = [found.end() for found in _END.finditer(body) if not _is_abbreviation(body, found.start())]
    return [*ends, len(body)]


def _is_abbreviation(body: str, at: int) -> bool:
    """Whether the full stop at that place ends a shortened word rather than a sentence."""
    return body[at] == "." and _ABBREVIATED.search(body, max(0, at - 12), at + 1) is not None


_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "\u00a0": " ", "—": " - "})


def plain(text: str) -> str:
    """The text in lower case, with single spaces and straight quotation marks."""
    straight = text if text.isascii() else text.translate(_QUOTES)
    return " ".join(straight.lower().split())
