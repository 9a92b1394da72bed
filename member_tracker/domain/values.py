"""What all frozen values share, and text fit to be kept in them."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

V = TypeVar("V")


def with_fields(value: V, fields: Mapping[str, object]) -> V:
    """A copy of a frozen value with the fields of these names changed; `TypeError` for a name it does not have."""
    frozen: Any = value
    changed: V = replace(frozen, **fields)
    return changed


def plain_text(text: str) -> str:
    """The text as it can be stored, sent and shown: lines and tabs, but no control characters or halves of letters."""
    whole = text.replace("\r\n", "\n").encode("utf-8", "replace").decode()
    return "".join(each for each in whole if each in "\n\t" or unicodedata.category(each) != "Cc").strip()


def one_line(text: str) -> str:
    """The same on one line, words a single space apart."""
    return " ".join(plain_text(text.replace("\r", " ")).split())


def listed(parts: Sequence[str]) -> str:
    """One part or several as a sentence names them: “Ada, Ben and Cy”."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
