"""The HTML that a message is made of: of each choice its HTML, and what came as text alone between it, in its order."""

import html
from dataclasses import dataclass
from email.message import Message

from member_tracker.mail.fields import media_type
from member_tracker.mail.parts import DEEPEST, MOST_PARTS, is_body, source_of

_HTML = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    source: str
    is_html: bool


def html_of(message: Message) -> str:
    """The HTML of a message, that of mails enclosed in it left out; empty where it has none."""
    bodies = [body for body in _Search().bodies(message, 0) if body.source.strip()]
    if not any(body.is_html for body in bodies):
        return ""
    return "<hr>".join(body.source if body.is_html else _as_html(body.source) for body in bodies)


def _as_html(text: str) -> str:
    return f"<div>{html.escape(text).replace(chr(10), '<br>')}</div>"


class _Search:
    """Looks into so many parts and no more."""

    def __init__(self) -> None:
        self._parts = 0

    def bodies(self, part: Message, depth: int) -> list[_Body]:
        """The bodies of a part in their order."""
        self._parts += 1
        kind = media_type(part)
        if depth > DEEPEST or self._parts > MOST_PARTS:
            return []
        if not part.is_multipart():
            is_one = is_body(part, kind) and not kind.startswith("message/")
            return [_Body(source=source_of(part), is_html=kind in _HTML)] if is_one else []
        if kind.startswith("message/"):
            return []
        children = [child for child in part.get_payload() if isinstance(child, Message)]
        found = [self.bodies(child, depth + 1) for child in children]
        return _richest(found) if kind == "multipart/alternative" else [body for each in found for body in each]


def _richest(choices: list[list[_Body]]) -> list[_Body]:
    """Of several forms of one text the last with HTML, else the first that says anything."""
    said = [bodies for bodies in choices if any(body.source.strip() for body in bodies)]
    with_html = [bodies for bodies in said if any(body.is_html for body in bodies)]
    return with_html[-1] if with_html else next(iter(said), [])
