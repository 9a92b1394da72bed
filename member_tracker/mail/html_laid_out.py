"""HTML of a mail as it may be shown: laid out with a few plain tags, no picture, style or script, of a bounded size.

It is written anew, balanced and nested no deeper than a window lays out at once, because a sanitiser and a window take
quadratic time, or worse, over hostile nesting. What is written then goes through nh3, which takes nothing on trust.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from member_tracker.mail.html_links import Link, link_of
from member_tracker.mail.html_text import LONGEST, read_into

ENOUGH = 200_000
"""How much is laid out, a letter being the unit of the work it gives: some third of a second at worst."""
DEEPEST = 60
DEEPEST_TABLE = 5
_INLINE, _BLOCK, _IDEOGRAPH = 10, 40, 8  # letters that a tag within a line, a block and an ideograph are worth
_UNBROKEN = 1_000  # letters without a space: the time a line takes grows with the square of them
_REMEMBERED = 80  # open tags among which one looks for what it closes
_MOST_OPEN = 20_000
_WIDEST = 10  # columns or rows of a cell

_INLINES = frozenset("a b big cite code em i kbd s samp small strike strong sub sup tt u var".split())
_BLOCKS = frozenset("address blockquote center dd div dl dt h1 h2 h3 h4 h5 h6 li ol p pre ul".split())
_CELLS = frozenset({"td", "th"})
_OF_TABLES = frozenset({"table", "tr"}) | _CELLS
_AS = {"del": "s", "font": "span", "ins": "u", "mark": "b"} | dict.fromkeys(
    "article aside caption details fieldset figcaption figure footer form header main nav section summary".split(),
    "div",
)
TAGS = _INLINES | _BLOCKS | _OF_TABLES | {"br", "hr"}
_PLACED = frozenset({"align", "dir"})
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "a": frozenset({"href"}),
    "ol": frozenset({"start"}),
    "table": frozenset({"border", "cellpadding", "cellspacing"}),
    **dict.fromkeys(_CELLS, _PLACED | {"colspan", "rowspan"}),
    **dict.fromkeys(("div", "h1", "h2", "h3", "h4", "h5", "h6", "p"), _PLACED),
}
_WORDS_ALLOWED = {"align": {"left", "right", "center"}, "dir": {"ltr", "rtl"}}
_NUMBERS_ALLOWED = {"colspan": _WIDEST, "rowspan": _WIDEST, "start": 9_999}

# What a tag that opens closes first, and where it stops looking for that: people leave those closing tags out.
_IN_CELL = _CELLS | {"table"}
_CLOSES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "a": (frozenset({"a"}), frozenset()),
    "li": (frozenset({"li"}), _IN_CELL | {"ol", "ul"}),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    **dict.fromkeys(_CELLS, (_CELLS, frozenset({"table", "tr"}))),
    **dict.fromkeys(("dd", "dt"), (frozenset({"dd", "dt"}), _IN_CELL | {"dl"})),
}
_PARAGRAPH = frozenset({"p"})

_ATTRIBUTE = re.compile(r"(?<![^\s/\"'])([A-Za-z][\w:-]{0,40})\s{0,20}=\s{0,20}(\"[^\"]*\"|'[^']*'|[^\s>\"']+)")
_MOST_OF_A_TAG = 8_000
_HIDES = re.compile(r"display\s{0,5}:\s{0,5}none|mso-hide\s{0,5}:\s{0,5}all", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s{0,5}:\s{0,5}(?:bold|[6-9]00)", re.IGNORECASE)
_ITALIC = re.compile(r"font-style\s{0,5}:\s{0,5}italic", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_NOT_SHOWN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_IDEOGRAPHS = re.compile("[\u2e80-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """Safe HTML to be shown, and whether it is all there was."""

    html: str
    is_whole: bool


def laid_out(source: str) -> LaidOut:
    """The HTML as it may be shown: plain tags alone, where each link leads beside it, and nothing to be fetched."""
    import nh3

    tables = _Tables()
    read_into(source, tables)
    writer = _Writer(tables=tables)
    is_whole = len(source) < LONGEST
    try:
        read_into(source, writer)
    except _Enough:
        is_whole = False
    clean = nh3.clean(
        writer.finished(),
        tags=set(TAGS),
        attributes={name: set(allowed) for name, allowed in ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel=None,
    )
    return LaidOut(html=clean, is_whole=is_whole)


def shown_words(text: str) -> str:
    """Words as HTML that says no more than they do, without what turns letters round."""
    return html.escape(_NOT_SHOWN.sub("", text), quote=False)


class _Enough(Exception):
    """As much is written as can be laid out."""


class _Tables:
    """Finds out which tables, by number, have columns and lines; one of a single column only frames a newsletter."""

    def __init__(self) -> None:
        self.with_columns: set[int] = set()
        self.with_lines: set[int] = set()
        self._count = 0
        self._open: list[list[int]] = []  # number of the table, cells of its row so far

    def words(self, raw: str) -> None:
        """Words say nothing of columns."""

    def open(self, name: str, attributes: str) -> None:
        if name == "table":
            self._open.append([self._count, 0])
            self._count += 1
            if _number(_attributes(attributes).get("border", "")):
                self.with_lines.add(self._open[-1][0])
        elif self._open and name == "tr":
            self._open[-1][1] = 0
        elif self._open and name in _CELLS:
            self._cell(attributes)

    def _cell(self, attributes: str) -> None:
        self._open[-1][1] += 1
        if self._open[-1][1] > 1:
            self.with_columns.add(self._open[-1][0])
        if "solid" in attributes:
            self.with_lines.add(self._open[-1][0])

    def close(self, name: str) -> None:
        if name == "table" and self._open:
            self._open.pop()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """A tag that is open: the name it came by, the one it was written by (none where it was not), and what it does."""

    name: str
    written: str = ""
    hides: bool = False
    link: Link | None = None


@dataclass(slots=True)
class _Writer:
    """Writes balanced HTML of known tags until it is enough."""

    tables: _Tables
    out: list[str] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    kept: list[bool] = field(default_factory=list)  # of each open table, whether it is one in what is written
    in_tables: int = 0  # of those that are
    seen: int = 0  # tables
    depth: int = 0
    hidden: int = 0
    preformatted: int = 0
    unbroken: int = 0
    work: int = 0
    said: list[str] | None = None  # in the link that is open
    sought: set[str] = field(default_factory=set)  # names that close nothing as things stand

    # --- what is read -------------------------------------------------------------------------------------------------

    def words(self, raw: str) -> None:
        if raw and not self.hidden:
            text = html.unescape(raw)
            self._say(text if self.preformatted else _SPACE.sub(" ", text))

    def open(self, name: str, attributes: str) -> None:
        name = _AS.get(name, name)
        if name in {"br", "hr"}:
            self._put(f"<{name}>", _BLOCK)
            self.unbroken = 0
        elif name == "img":
            self._picture(_attributes(attributes))
        elif (name in TAGS or name == "span") and len(self.stack) < _MOST_OPEN:
            self._close_first(name)
            if name in _CELLS and self.kept and self.kept[-1] and self._find(frozenset({"tr"}), _IN_CELL) is None:
                self._push("tr", {})
            self._push(name, _attributes(attributes) if "=" in attributes else {})

    def close(self, name: str) -> None:
        name = _AS.get(name, name)
        stops = frozenset({"table"}) - {name} if name in _OF_TABLES else _IN_CELL
        place = None if name in self.sought else self._find(frozenset({name}), stops)
        if place is None:
            self.sought.add(name)
        else:
            self._close_down_to(place)

    def finished(self) -> str:
        """What was written, with all closed."""
        self._close_down_to(0)
        return "".join(self.out)

    # --- tags ---------------------------------------------------------------------------------------------------------

    def _find(self, names: frozenset[str], stops: frozenset[str]) -> int | None:
        """Where the innermost open tag of these names stands, if none to stop at is further in."""
        for place in range(len(self.stack) - 1, max(len(self.stack) - _REMEMBERED, 0) - 1, -1):
            if self.stack[place].name in names:
                return place
            if self.stack[place].name in stops:
                return None
        return None

    def _close_first(self, name: str) -> None:
        """Close what cannot go on when this opens."""
        for names, stops in (
            *((_CLOSES[name],) if name in _CLOSES else ()),
            *(((_PARAGRAPH, _IN_CELL),) if name not in _INLINES and name not in {"span", "tr", *_CELLS} else ()),
        ):
            place = self._find(names, stops)
            if place is not None:
                self._close_down_to(place)

    def _push(self, name: str, given: Mapping[str, str]) -> None:
        link = link_of(given.get("href", "")) if name == "a" else None
        written = self._written(name, given, link)
        if written:
            work = _INLINE + (len(link.shown) if link else 0) if written in _INLINES else _BLOCK
            self._put(_tag(written, given, link, lines=self.seen in self.tables.with_lines), work)
        opened = _Open(name=name, written=written, hides=bool(_HIDES.search(given.get("style", "")[:500])), link=link)
        self.stack.append(opened)
        self.sought.clear()
        self.depth += bool(written)
        self.hidden += opened.hides
        self.preformatted += name == "pre"
        if name == "table":
            self.seen += 1
            self.kept.append(written == "table")
            self.in_tables += self.kept[-1]
        if name not in _INLINES and name != "span":
            self.unbroken = 0
        if written == "a":
            self.said = []

    def _written(self, name: str, given: Mapping[str, str], link: Link | None) -> str:
        """The name by which a tag is written, empty where it is not."""
        if self.hidden or self.depth >= DEEPEST or (name == "a" and link is None):
            return ""
        if name == "span":
            style = given.get("style", "")[:500]
            return "b" if _BOLD.search(style) else "i" if _ITALIC.search(style) else ""
        if name == "table":
            has_columns = self.seen in self.tables.with_columns
            return "table" if has_columns and self.in_tables < DEEPEST_TABLE else "div"
        if name in _OF_TABLES and not (self.kept and self.kept[-1]):
            return "div"
        return name

    def _close_down_to(self, place: int) -> None:
        self.sought.clear()
        while len(self.stack) > place:
            opened = self.stack.pop()
            self.hidden -= opened.hides
            self.preformatted -= opened.name == "pre"
            if opened.name == "table":
                self.in_tables -= self.kept.pop()
            if opened.written:
                self.depth -= 1
                self.out.append(f"</{opened.written}>")
                if opened.written == "a" and opened.link is not None:
                    self._tell_address(opened.link)

    def _tell_address(self, link: Link) -> None:
        """Say where a link leads that says so in no words of its own; one without words leads nowhere."""
        words, self.said = "".join(self.said or ()), None
        if words.strip() and not link.is_said_by(words):
            self.out.append(f" [{html.escape(link.shown, quote=False)}]")

    # --- words --------------------------------------------------------------------------------------------------------

    def _put(self, markup: str, work: int) -> None:
        if self.hidden:
            return
        self.work += work << max(self.in_tables - 1, 0)  # each table around a table has it measured twice
        if self.work > ENOUGH:
            raise _Enough
        self.out.append(markup)

    def _say(self, text: str) -> None:
        """Write words a piece at a time, so that it ends where it is enough; what has no space is broken."""
        if self.said is not None:
            self.said.append(text)
        for begins in range(0, len(text), _UNBROKEN):
            piece = text[begins : begins + _UNBROKEN]
            space = max(piece.rfind(" "), piece.rfind("\n"))
            self.unbroken = len(piece) - space - 1 + (self.unbroken if space < 0 else 0)
            if self.unbroken > _UNBROKEN:
                self._put("<br>", _BLOCK)
                self.unbroken = 0
            self._put(shown_words(piece), len(piece) + _IDEOGRAPH * len(_IDEOGRAPHS.findall(piece)))

    def _picture(self, given: Mapping[str, str]) -> None:
        """A picture is never shown: its words stand for it. A tracker's dot has none."""
        words = " ".join(given.get("alt", "").split())[:200]
        if words:
            self._say(f"[Picture: {words}]")
        elif "alt" not in given and all(_number(given.get(side, "9")) > 3 for side in ("width", "height")):
            self._say("[Picture]")


def _attributes(inside: str) -> dict[str, str]:
    """What a tag says of itself, by lower-case name; of one that is said twice the first counts."""
    found: dict[str, str] = {}
    for given in _ATTRIBUTE.finditer(inside[:_MOST_OF_A_TAG]):
        value = given[2][1:-1] if given[2][0] in "\"'" else given[2]
        found.setdefault(given[1].lower(), html.unescape(value))
    return found


def _tag(name: str, given: Mapping[str, str], link: Link | None, *, lines: bool) -> str:
    """An opening tag with what is allowed in it."""
    said: dict[str, str] = {}
    if name == "a" and link is not None:
        said["href"] = link.address
    elif name == "table":
        said = {"border": "1"} if lines else {}
        said |= {"cellpadding": "4", "cellspacing": "0"}
    else:
        said = {each: value for each in ATTRIBUTES.get(name, ()) if (value := _value(each, given.get(each, "")))}
    attributes = "".join(f' {each}="{html.escape(said[each])}"' for each in sorted(said))
    return f"<{name}{attributes}>"


def _value(name: str, written: str) -> str:
    """What an attribute may say; empty where it says nothing that is allowed."""
    if name in _WORDS_ALLOWED:
        word = written.strip().casefold()
        return word if word in _WORDS_ALLOWED[name] else ""
    number = min(_number(written), _NUMBERS_ALLOWED[name])
    return str(number) if number > 1 else ""


def _number(written: str) -> int:
    found = re.match(r"\s{0,20}(\d{1,6})", written, re.ASCII)
    return int(found[1]) if found else 0
