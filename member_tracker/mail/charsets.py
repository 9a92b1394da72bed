"""Bytes to text, whatever the mail says about its character set and however wrong it is."""

import codecs
import re
from functools import lru_cache

_ALIASES = {
    "ansi_x3.4-1968": "ascii",
    "big5-hkscs": "big5hkscs",
    "gb2312": "gb18030",
    "gb2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "x-mac-roman": "mac-roman",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
}
# Charsets are declared without much thought, so valid UTF-8 with letters beyond ASCII is believed over most of them.
_BELIEVED = re.compile(r"^(?:utf|iso2022|hz)")
_NOT_TEXT = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "mbcs", "oem"})


def decode_text(data: bytes, declared: str | None) -> tuple[str, str | None]:
    """The text, and a defect in words where the declared character set was missing, unknown or wrong."""
    codec = _codec(declared or "")
    if data.isascii() and b"\x1b" not in data and b"~" not in data and not _is_wide(codec):
        return data.decode("ascii"), None
    if codec is None:
        text = _guessed(data)
        return text, f"unknown character set {declared!r:.60}" if declared else None
    if not _BELIEVED.match(codec) and (utf8 := _strict(data, "utf-8")) is not None:
        return utf8, None if codec.startswith("ascii") else f"text is UTF-8, not {declared!r:.60}"
    if (text_or_none := _strict(data, "cp1252" if codec == "iso8859-1" else codec)) is not None:
        return text_or_none, None
    return _mended(data, codec), f"text is not all in the declared character set {declared!r:.60}"


@lru_cache(maxsize=256)
def _codec(declared: str) -> str | None:
    """Python's name of a text codec, or None where there is no such thing."""
    name = declared.strip().strip("\"'").split("*")[0].lower()
    try:
        info = codecs.lookup(_ALIASES.get(name, name))
    except (LookupError, ValueError, UnicodeError):
        return None
    is_text = getattr(info, "_is_text_encoding", True) and info.name not in _NOT_TEXT
    return info.name if is_text else None


def _is_wide(codec: str | None) -> bool:
    """Whether ASCII bytes mean something else in it."""
    return codec is not None and codec.startswith(
        ("utf-16", "utf-32", "utf-7", "hz", "cp037", "cp500", "cp1140", "cp273")
    )


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def _guessed(data: bytes) -> str:
    """UTF-8 where it is that, the Japanese escapes where they are there, else Windows Western."""
    for codec in ("utf-8", "iso2022_jp_ext") if b"\x1b$" in data else ("utf-8",):
        if (text := _strict(data, codec)) is not None:
            return text
    return _mended(data, "utf-8")


def _mended(data: bytes, codec: str) -> str:
    """The declared reading where only little of it is broken, else Windows Western, which reads anything."""
    try:
        text = data.decode(codec, "replace")
    except (UnicodeError, LookupError, ValueError):
        return data.decode("cp1252", "replace")
    beyond_ascii = sum(byte > 0x7F for byte in data) or 1
    return text if text.count("\ufffd") * 4 <= beyond_ascii else data.decode("cp1252", "replace")
