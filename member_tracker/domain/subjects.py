"""Subjects of mail: whether one says that the mail was passed on, and its topic without what programs add to it."""

import re

_PREFIX = re.compile(
    r"\s*(?:re|aw|sv|antw|antwort|rv|ynt|res|ateb|parthed|rif|"
    r"(?P<forward>fw|fwd|wg|tr|vs|vb|doorst|yml|ymlaen))\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*",
    re.IGNORECASE,
)
_TAG_IN_FRONT = re.compile(r"\A(?:\s*\[[^\[\]]{0,60}\])+\s*")
_TAG = re.compile(r"\[[^\[\]]{0,60}\]|\bENQ-\S+", re.IGNORECASE)


def is_forward(subject: str) -> bool:
    """Whether the first prefix of a subject says that the mail was passed on (FW:, Fwd:, WG:, TR:, Yml: and so on)."""
    prefix = _PREFIX.match(_TAG_IN_FRONT.sub("", subject))
    return prefix is not None and prefix["forward"] is not None


def topic_of(subject: str) -> str:
    """The subject without prefixes, bracketed tags and references, in one spacing and case."""
    text = _TAG_IN_FRONT.sub("", subject[:500])
    while prefix := _PREFIX.match(text):
        text = _TAG_IN_FRONT.sub("", text[prefix.end() :])
    return " ".join(_TAG.sub(" ", text).casefold().split()).strip(" -–:.")
