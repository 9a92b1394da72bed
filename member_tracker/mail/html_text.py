"""HTML to the text a person would read: nothing run, nothing fetched, quoted mail marked as quoted.

Written by hand because the standard parser takes quadratic time over hostile input; every step here moves forward only.
"""

import html
import re
from dataclasses import dataclass, field
from typing import Protocol

LONGEST = 1_000_000  # characters of HTML that are read
DEEPEST_QUOTE = 20

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
_SKIPPED = frozenset(
    {"script", "style", "title", "noscript", "template", "object", "svg", "math", "textarea", "select"}
)
_BLOCKS = frozenset(
    "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header "
    "hr li main nav ol p pre section table tbody tr ul o:p".split()
)
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre"})
_TRACKED = frozenset({"div", "blockquote", "pre", "table", "span", "p", "td"})
_QUOTES_MAIL = re.compile(r"type\s*=\s*[\"']?cite|\bcite\s*=|quote|border-left|yahoo|moz-cite|mso-", re.IGNORECASE)
HIDDEN = re.compile(r"style\s*=\s*[\"'][^\"'>]{0,300}?(?:display\s*:\s*none|mso-hide\s*:\s*all)", re.IGNORECASE)
_OUTLOOK_LINE = re.compile(
    r"border:\s*none;\s*border-top:\s*solid #[0-9a-f]{6} 1\.0pt;\s*padding:\s*3\.0pt 0(?:in|cm) 0(?:in|cm) 0(?:in|cm)",
    re.IGNORECASE,
)
QUOTE_BEGINS = "________________________________"


def text_of(source: str) -> str:
    """The readable text of an HTML body; block quotes have their lines begin with `> `."""
    writer = _Writer()
    read_into(source, writer)
    return writer.finished()


class Into(Protocol):
    """What is told of an HTML source as it is read: words as they stand there, and tags with their lower-case name."""

    def words(self, raw: str) -> None:
        """Words between two tags, in which characters may still be written as entities."""

    def open(self, name: str, attributes: str) -> None:
        """A tag that opens something, with all that stands in it after its name."""

    def close(self, name: str) -> None:
        """A tag that closes something."""


def read_into(source: str, writer: Into) -> None:
    """Tell the writer of every word and tag of the first `LONGEST` letters, but for scripts, styles and the like."""
    page = _Page(source[:LONGEST])
    at = 0
    while (lt := page.text.find("<", at)) >= 0:
        writer.words(page.text[at:lt])
        at = _after_tag(page, lt, writer)
    writer.words(page.text[at:])


class _Page:
    """The source, and what is known not to come any more, so that nothing is searched for twice."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.last_tag_end = text.rfind(">")
        self.last_comment_end = text.rfind("-->")
        self._never_closed: set[str] = set()

    def after_closing(self, name: str, at: int) -> int:
        """Past the closing tag of that name; `at` itself where none follows."""
        if name in self._never_closed:
            return at
        end = re.compile(rf"</{name}\s{{0,20}}>", re.IGNORECASE).search(self.text, at)
        if end is None:
            self._never_closed.add(name)
        return end.end() if end else at


def _after_tag(page: _Page, lt: int, writer: Into) -> int:
    """Where reading goes on after what begins at `lt`."""
    source = page.text
    if source.startswith("<!--", lt):
        return source.find("-->", lt) + 3 if lt < page.last_comment_end else lt + 4
    tag = _TAG.match(source, lt) if lt < page.last_tag_end else None
    if tag is None:
        if source[lt + 1 : lt + 2] in {"!", "?", "/"} and lt < page.last_tag_end:
            return source.find(">", lt) + 1
        writer.words("<")
        return lt + 1
    gt = _tag_end(page, tag)
    inside, name = source[tag.end() : gt], tag[1].lower()
    if source[lt + 1] == "/":
        writer.close(name)
    elif name in _SKIPPED and not inside.endswith("/"):
        return page.after_closing(name, gt + 1)
    else:
        writer.open(name, inside)
    return gt + 1


def _tag_end(page: _Page, tag: re.Match[str]) -> int:
    """Where the tag's `>` is; one inside quotation marks does not count, as far as is reasonable."""
    gt = page.text.find(">", tag.start())
    while page.text.count('"', tag.end(), gt) % 2 and gt < page.last_tag_end and gt - tag.start() < 2_000:
        gt = page.text.find(">", gt + 1)
    return gt


@dataclass(slots=True)
class _Writer:
    """Collects lines; knows how deep in quotations it is and whether it is inside something hidden."""

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    open_tags: list[tuple[str, bool, bool]] = field(default_factory=list)  # name, is a quotation, is hidden
    quotes: int = 0
    hidden: int = 0
    preformatted: int = 0

    def words(self, raw: str) -> None:
        if not raw or self.hidden:
            return
        text = html.unescape(raw)
        if self.preformatted:
            first, *rest = text.split("\n")
            self.line.append(first)
            for other in rest:
                self.new_line()
                self.line.append(other)
        else:
            self.line.append(_SPACE.sub(" ", text))

    def new_line(self, *, paragraph: bool = False) -> None:
        text = "".join(self.line)
        text = text.rstrip() if self.preformatted else _SPACE.sub(" ", text).strip()
        self.line.clear()
        prefix = ">" * min(self.quotes, DEEPEST_QUOTE)
        if text:
            self.lines.append(f"{prefix} {text}" if prefix else text)
        if paragraph and self.lines and self.lines[-1] != prefix:
            self.lines.append(prefix)

    def open(self, name: str, attributes: str) -> None:
        if name == "br":
            if not "".join(self.line).strip():
                self.lines.append(">" * min(self.quotes, DEEPEST_QUOTE))
            self.new_line()
            return
        if name in _BLOCKS:
            self.new_line(paragraph=name in _PARAGRAPHS)
        if name == "hr" and not self.hidden:
            self.words(QUOTE_BEGINS)
            self.new_line()
        elif name == "li":
            self.words("- ")
        elif name in {"td", "th"}:
            self.words(" ")
        if name in _TRACKED and not attributes.endswith("/"):
            self._track(name, attributes)

    def _track(self, name: str, attributes: str) -> None:
        quotes = name == "blockquote" and _QUOTES_MAIL.search(attributes) is not None
        hides = "none" in attributes and HIDDEN.search(attributes) is not None
        if name == "div" and "border-top" in attributes and _OUTLOOK_LINE.search(attributes):
            self.words(QUOTE_BEGINS)
            self.new_line()
        self.open_tags.append((name, quotes, hides))
        self.quotes += quotes
        self.hidden += hides
        self.preformatted += name == "pre"

    def close(self, name: str) -> None:
        if name in _BLOCKS:
            self.new_line(paragraph=name in _PARAGRAPHS)
        if name not in _TRACKED or all(opened != name for opened, _, _ in self.open_tags[-200:]):
            return
        while self.open_tags:
            opened, quoted, hid = self.open_tags.pop()
            self.quotes -= quoted
            self.hidden -= hid
            self.preformatted -= opened == "pre"
            if opened == name:
                break

    def finished(self) -> str:
        self.new_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip()
