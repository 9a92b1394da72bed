"""Attachment names that are safe to show and to save under."""

import re
import unicodedata

LONGEST_NAME = 120

_PATH = re.compile(r"[\\/]")
_NOT_ALLOWED = re.compile(r'[<>:"|?*\x00-\x1f\x7f-\x9f]')
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})  # control, direction, unassigned, private and the like
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)


def safe_name(wanted: str, *, otherwise: str) -> str:
    """A file name without path, control, reversed-direction or reserved parts; `otherwise` where nothing is left."""
    name = unicodedata.normalize("NFC", _PATH.split(wanted)[-1])
    name = "".join(char for char in name if unicodedata.category(char) not in _UNSEEN)
    name = " ".join(_NOT_ALLOWED.sub("_", name).split()).strip(". ")
    if _RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name) or otherwise


def _shortened(name: str) -> str:
    """The name within its length (bytes too: file systems count those), its ending kept."""
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 12:
        stem, dot, ending = name, "", ""
    stem = stem[: LONGEST_NAME - len(dot + ending)]
    while len((stem + dot + ending).encode("utf-8")) > 2 * LONGEST_NAME:
        stem = stem[:-1]
    return f"{stem.rstrip('. ')}{dot}{ending}".strip(". ")
