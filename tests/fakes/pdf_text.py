"""The text of a PDF that Qt wrote, read the way a viewer copies it: glyphs back to letters by each font's own map."""

import re
import unicodedata
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_FONT = re.compile(rb"/(F\d+) (\d+) 0 R")
_TO_UNICODE = re.compile(rb"/ToUnicode (\d+) 0 R")
_RANGES = re.compile(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)> (?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])")
_INK = re.compile(rb"((?:[\d.]+ )+)(?:scn|SCN|rg|RG|g|G)\b")
_SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)> Tj|(\bET\b)")


def pdf_text(content: bytes) -> str:
    """Every word drawn, a line for each piece of text."""
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    fonts = {
        name: _letters(objects[int(to[1])])
        for body in objects.values()
        for name, font in _FONT.findall(body)
        if (to := _TO_UNICODE.search(objects.get(int(font), b"")))
    }
    drawn = []
    for body in objects.values():
        stream = _unpacked(body)
        if b" Tf" in stream:
            drawn.append(_words(stream, fonts))
    return unicodedata.normalize("NFKC", "\n".join(drawn)).replace("\t", " ")


def pdf_inks(content: bytes) -> set[bytes]:
    """The colours that anything is drawn or filled with, as the file has them."""
    streams = (_unpacked(body) for _, body in _OBJECT.findall(content))
    return {ink for stream in streams if b" Tf" in stream for ink in _INK.findall(stream)}


def _words(stream: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    letters: dict[int, str] = {}
    words: list[str] = []
    for font, shown, end in _SHOWN.findall(stream):
        if font:
            letters = fonts.get(font, {})
        elif end:
            words.append("\n")
        else:
            words += (letters.get(int(shown[at : at + 4], 16), "?") for at in range(0, len(shown), 4))
    return "".join(words)


def _letters(body: bytes) -> dict[int, str]:
    letters: dict[int, str] = {}
    for first, last, one, several in _RANGES.findall(_unpacked(body)):
        start, end = int(first, 16), int(last, 16)
        if one:
            letters |= {glyph: chr(int(one, 16) + glyph - start) for glyph in range(start, end + 1)}
        else:
            listed = re.findall(rb"<([0-9A-Fa-f]+)>", several)
            letters |= {start + place: chr(int(each, 16)) for place, each in enumerate(listed)}
    return letters


def _unpacked(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if not found:
        return b""
    return zlib.decompress(found[1]) if b"FlateDecode" in body else found[1]
