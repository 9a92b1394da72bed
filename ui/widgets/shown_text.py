"""Text of a mail made safe to show: no control or reversed-direction characters, and not without end."""

import re

MOST_LETTERS = 2_500
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def shown_text(text: str) -> str:
    """The text without characters that change how other text is shown."""
    return _UNSHOWN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clipped(text: str) -> str:
    """The text as shown in a timeline: its beginning, with an ellipsis where it goes on."""
    shown = shown_text(text).strip()
    return shown if len(shown) <= MOST_LETTERS else shown[:MOST_LETTERS].rstrip() + " …"
