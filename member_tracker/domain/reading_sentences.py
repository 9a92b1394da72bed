"""A reply taken apart into the sentences a reader would weigh: without greeting, sign-off and what follows it."""

import re
from dataclasses import dataclass

LONGEST = 20_000  # characters of a reply that are weighed
MOST = 200
LONGEST_SENTENCE = 1_000  # characters of one sentence that are weighed

_SIGN_OFF = re.compile(
    r"^[ \t]*(?:(?:with )?(?:kind(?:est)?|best|warm(?:est)?|many)? ?(?:regards|wishes|thanks)(?: and (?:best|"
    r"kind) (?:wishes|regards))?|"
    r"thank you|thanks again|cheers|yours (?:sincerely|faithfully|truly)|sincerely|respectfully|all the best|"
    r"(?:thanks|thank you) in advance|rgds|kr|br|"
    r"cofion(?: cynnes| gorau)?|diolch(?: yn fawr)?|yn gywir|yr eiddoch yn (?:gywir|ddiffuant))[ \t]*[,.!]?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_GREETING = re.compile(
    r"\A\s*(?:dear|hi|hello|hiya|good (?:morning|afternoon|evening|day)|morning|afternoon|annwyl|helo|bore da|"
    r"prynhawn da|"
    r"shwmae)\b[^\n.!?]{0,60}?(?:[,:!-][ \t]*(?:\n|$|(?=\S))|\n|$)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^[ \t]{0,3}>.*$", re.MULTILINE)
_END = re.compile(r"(?<=[.!?])[\"”')\]]{0,2}(?=\s|$)|\n[ \t]*\n|\n(?=[ \t]*(?:[-*•·]|\d{1,2}[.)])[ \t])|(?<=:)\n")
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
    paragraph: int

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.plain.split())


def body_of(reply: str) -> str:
    """The reply without its greeting and without the sign-off and what follows; cut to a bounded length."""
    text = reply[:LONGEST]
    greeting = _GREETING.match(text)
    start = greeting.end() if greeting else 0
    for sign_off in _SIGN_OFF.finditer(text, start):
        before, after = text[start : sign_off.start()], text[sign_off.end() :]
        if before.strip() and len(after.split()) < 120:
            return before
    return text[start:]


def sentences_of(reply: str) -> tuple[Sentence, ...]:
    """The sentences of a reply in order, each a piece of it to the letter."""
    body = _QUOTED.sub(_blank, body_of(reply))
    found: list[Sentence] = []
    start = paragraph = 0
    for end in _ends(body):
        piece = body[start:end].strip()
        if any(letter.isalnum() for letter in piece):
            found.append(Sentence(text=piece, plain=plain(piece[:LONGEST_SENTENCE]), paragraph=paragraph))
        paragraph += "\n" in body[start:end] or body[end : end + 2].count("\n") > 1
        start = end
        if len(found) >= MOST:
            break
    return tuple(found)


def _blank(quoted: re.Match[str]) -> str:
    """As many blank lines in its place: what others wrote is never weighed."""
    return "\n" * len(quoted.group())


def _ends(body: str) -> list[int]:
    ends = [
        found.end()
        for found in _END.finditer(body)
        if not (
            body[found.start() - 1 : found.start()] == "."
            and _ABBREVIATED.search(body, max(0, found.start() - 12), found.start())
        )
    ]
    return [*ends, len(body)]


_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "\u00a0": " ", "—": " - "})


def plain(text: str) -> str:
    """The text in lower case, with single spaces and straight quotation marks."""
    return " ".join(text.translate(_QUOTES).lower().split())
