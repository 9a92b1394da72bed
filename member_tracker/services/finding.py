"""Finding across everything that is kept on this computer: what has the words typed, and where they stand."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from member_tracker.domain.change import RecordKind
from member_tracker.domain.errors import Invalid
from member_tracker.domain.reference import ALPHABET, find_references, parse_reference
from member_tracker.services.parts import App
from member_tracker.store.moments import utc_moment
from member_tracker.store.queries import Anchor, EnquiryRow, Order, Place, Wanted, Which

__all__ = ["Anchor", "Finding", "Findings", "Order", "find", "snippet"]

BEFORE, AROUND = 30, 110
_BROKEN = re.compile(r"\s*ENQ[\s-]?([0-9A-TV-Z]{4})[\s-]?([0-9A-Z]{1,9})[\s-]?([0-9A-TV-Z]{2})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An enquiry that was found: which record of it has the words, what that is, when it was, and words around them.

    `part` is the name of what has the words, such as `asked`, `mail`, `note`, `resident` or `reference`.
    """

    row: EnquiryRow
    kind: RecordKind
    record_id: str
    part: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Some of what was found; `next` goes on after it. `meant` are references that what was typed may stand for."""

    found: tuple[Finding, ...]
    next: Anchor | None = None
    meant: tuple[str, ...] = ()
    wrong_reference: bool = False


def find(
    app: App, typed: str, *, order: Order = Order.NEWEST, after: Anchor | None = None, limit: int = 50
) -> Findings:
    """What has the words typed; a mistyped reference is said to be one, with the references it may stand for."""
    wanted = Wanted(which=Which.ALL, today=app.today(), now=app.now(), order=order)
    with app.store.reading() as tx:
        page = tx.found_places(wanted, typed, limit=limit, after=after)
        words = _words(typed)
        found = tuple(_finding(row, place, words) for row, place in zip(page.rows, page.places, strict=True))
        if found or after is not None:
            return Findings(found=found, next=page.next)
        like = _like(typed)
        return Findings(found=(), meant=tuple(tx.kept_references(like)), wrong_reference=bool(like))


def _finding(row: EnquiryRow, place: Place | None, words: Sequence[str]) -> Finding:
    if place is None:
        return Finding(
            row=row,
            kind=RecordKind.ENQUIRY,
            record_id=row.id,
            part="reference",
            at=row.received_at,
            words=row.reference,
        )
    part, text = _best_part(place, words)
    return Finding(
        row=row,
        kind=place.kind,
        record_id=place.record_id,
        part=part,
        at=utc_moment(place.at),
        words=snippet(text, words),
    )


def _best_part(place: Place, words: Sequence[str]) -> tuple[str, str]:
    """The part that has most of the words."""
    return max(place.parts, key=lambda part: _score(part[1], words), default=("", ""))


def _score(text: str, words: Sequence[str]) -> int:
    plain = _plain(text)
    return sum(_at(plain, word) is not None for word in words)


def snippet(text: str, words: Sequence[str]) -> str:
    """A line of the text around the first of the words in it."""
    line = " ".join(text.split())
    plain = _plain(line)
    places = [place for word in words if (place := _at(plain, word)) is not None]
    at = min(places, default=0)
    # A letter may be longer or shorter without its accents: near enough for a line of words.
    start = max(0, at - BEFORE)
    while 0 < start < len(line) and not line[start - 1].isspace():
        start -= 1
    shown = line[start : start + AROUND]
    return f"{'…' if start else ''}{shown}{'…' if start + AROUND < len(line) else ''}"


def _at(plain: str, word: str) -> int | None:
    """Where a word begins in a text; words are found from their beginning."""
    found = re.search(rf"(?<![^\W_]){re.escape(word)}", plain)
    return found.start() if found else None


def _words(typed: str) -> tuple[str, ...]:
    """The words as they are compared: no capitals, no accents, letters and digits alone."""
    return tuple(re.findall(r"[^\W_]+", _plain(typed)))


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).lower()


def _like(typed: str) -> list[str]:
    """The references that differ from what was typed by one character, or by two neighbours exchanged."""
    if not (shape := _BROKEN.fullmatch(typed)) or _is_reference(typed):
        return []
    device, serial, check = (part.upper() for part in shape.groups())
    whole = device + serial + check
    near = dict.fromkeys(_variants(whole))
    return [reference for each in near for reference in find_references(f"ENQ-{each[:4]}-{each[4:-2]}-{each[-2:]}")]


def _is_reference(typed: str) -> bool:
    try:
        parse_reference(typed)
    except Invalid:
        return False
    return True


def _variants(whole: str) -> Iterator[str]:
    for place in range(len(whole)):
        for character in ALPHABET:
            yield whole[:place] + character + whole[place + 1 :]
    for place in range(len(whole) - 1):
        yield whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
