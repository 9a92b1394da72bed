"""Two libraries of Windows that Debian's wine lacks, made here for a trial under wine, and for nothing else.

`bcryptprimitives.dll` is asked for random bytes by whatever is written in Rust, and hands that on to the function wine
has for it. `icuuc.dll` is asked for by Qt's core, for encodings of text older than Unicode; ours says there are none.
"""

import struct

_START = 0x1000
_ALIGNED = 0x200
_RETURNS_NOTHING = b"\x31\xc0\xc3".ljust(16, b"\x90")  # xor eax, eax; ret

RANDOM = {"ProcessPrng": "advapi32.SystemFunction036"}


def stand_ins(asked_of_icu: set[str]) -> dict[str, bytes]:
    """Each library by its name; of ICU the functions that are asked for."""
    return {
        "bcryptprimitives.dll": library("bcryptprimitives.dll", RANDOM),
        "icuuc.dll": library("icuuc.dll", dict.fromkeys(asked_of_icu)),
    }


def library(name: str, functions: "dict[str, str | None] | dict[str, str] | dict[str, None]") -> bytes:
    """A library for Windows (x64) of these functions: each hands on to another's, or, with None, returns nothing."""
    body = _body(name, functions)
    length = _up(len(body), _ALIGNED)
    header = (
        struct.pack("<2s58xI", b"MZ", 64)
        + struct.pack("<4sHHIIIHH", b"PE\0\0", 0x8664, 1, 0, 0, 0, 240, 0x2022)
        + struct.pack("<HBBIIIII", 0x20B, 14, 0, length, 0, 0, 0, _START)
        + struct.pack("<QIIHHHHHHI", 0x180000000, 0x1000, _ALIGNED, 6, 0, 0, 0, 6, 0, 0)
        + struct.pack("<IIIHH", _START + _up(len(body), 0x1000), _ALIGNED, 0, 2, 0x140)
        + struct.pack("<QQQQII", 0x100000, 0x1000, 0x100000, 0x1000, 0, 16)
        + struct.pack("<II120x", _START + len(_RETURNS_NOTHING), len(body) - len(_RETURNS_NOTHING))
        + struct.pack("<8sIIIIIIHHI", b".text", len(body), _START, length, _ALIGNED, 0, 0, 0, 0, 0x60000020)
    )
    return header.ljust(_ALIGNED, b"\0") + body.ljust(length, b"\0")


def _body(name: str, functions: "dict[str, str | None] | dict[str, str] | dict[str, None]") -> bytes:
    """The one function that returns nothing, then the table of what the library offers."""
    names = sorted(functions)
    count = len(names)
    table = len(_RETURNS_NOTHING)
    places, spelt, order = table + 40, table + 40 + 4 * count, table + 40 + 8 * count
    texts = order + 2 * count
    words = b""

    def said(text: str) -> int:
        nonlocal words
        place = _START + texts + len(words)
        words += text.encode("ascii") + b"\0"
        return place

    own = said(name)
    leads = [_START if (to := functions[each]) is None else said(to) for each in names]
    labels = [said(each) for each in names]
    head = struct.pack("<IIHHIIII", 0, 0, 0, 0, own, 1, count, count)
    head += struct.pack("<III", _START + places, _START + spelt, _START + order)
    numbers = struct.pack(f"<{count}I{count}I{count}H", *leads, *labels, *range(count))
    return _RETURNS_NOTHING + head + numbers + words


def _up(size: int, to: int) -> int:
    return -(-size // to) * to
