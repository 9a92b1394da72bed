"""The reference people quote: `ENQ-` device `-` serial `-` two check characters, as in `ENQ-7K3M-142-XR`.

The device part (4) and the check (2) are in Crockford's base 32, which has no I, L, O or U; the serial is a plain
decimal number from 1. The check is no secret. It is a Reed-Solomon code over the field of 32 elements: with the
characters numbered from the right, their sum and their sum weighted by powers of a primitive element must each come
to a fixed value. One wrong character changes the sum. Two characters exchanged leave the sum but change the weighted
one, for no two positions among the first 31 share a weight; so any one or two wrong characters are caught.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NewType

from member_tracker.domain.errors import Invalid

Reference = NewType("Reference", str)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LONGEST_SERIAL = 9
_ADVICE = "A reference looks like ENQ-7K3M-142-XR: check each character against the mail or letter it came from."
_VALUES = {character: value for value, character in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_PRIMITIVE_POLYNOMIAL = 0b100101
_SUM, _WEIGHTED_SUM = 1, 18

_CHARACTER = "[0-9A-TV-Z]"
_DASH = r"\s?[-\u2010-\u2015\u2212]\s?"
_SHAPE = f"ENQ~({_CHARACTER}{{4}})~([0-9ILO]{{1,{LONGEST_SERIAL}}})~({_CHARACTER}{{2}})"
_CASELESS = re.IGNORECASE | re.ASCII
_IN_TEXT = re.compile(f"(?<![0-9A-Z]){_SHAPE.replace('~', _DASH)}(?![0-9A-Z])", _CASELESS)
_TYPED = tuple(re.compile(_SHAPE.replace("~", gap), _CASELESS) for gap in (_DASH, r"\s", ""))
_DEVICE = re.compile(rf"{_CHARACTER}{{4}}", _CASELESS)


def make_reference(device: str, serial: int) -> Reference:
    """The reference of a device's enquiry number `serial` (from 1); `Invalid` where either cannot be one."""
    if not _DEVICE.fullmatch(device):
        raise Invalid(
            f"“{device}” cannot be the device part of a reference.", advice="Use four characters of 0-9, A-Z."
        )
    if not 1 <= serial < 10**LONGEST_SERIAL:
        raise Invalid(f"{serial} cannot be the serial of a reference.", advice="Serials run from 1 to 999,999,999.")
    canonical = _canonical(device)
    return Reference(f"ENQ-{canonical}-{serial}-{check_characters(canonical + str(serial))}")


def parse_reference(text: str) -> Reference:
    """The reference as it is written properly; `Invalid` with advice where the shape or the check is wrong."""
    for pattern in _TYPED:
        if parts := pattern.fullmatch(text.strip()):
            if found := _checked(parts):
                return found
            raise Invalid(f"“{text.strip()}” is not a reference: its last two characters do not fit.", advice=_ADVICE)
    raise Invalid(f"“{text.strip()}” is not a reference.", advice=_ADVICE)


def find_references(text: str) -> tuple[Reference, ...]:
    """Every reference in `text` whose check is right, each once, in the order they appear."""
    return tuple(dict.fromkeys(found for parts in _shapes_in(text) if (found := _checked(parts))))


def find_broken_references(text: str) -> tuple[str, ...]:
    """Whatever in `text` has the shape of a reference and the wrong check, as written."""
    return tuple(dict.fromkeys(parts[0] for parts in _shapes_in(text) if not _checked(parts)))


def _shapes_in(text: str) -> Iterable[re.Match[str]]:
    """Whatever has the shape of a reference; most texts hold none, which is soon seen."""
    return _IN_TEXT.finditer(text) if "enq" in text.lower() else ()


def draw_device(random_bytes: bytes) -> str:
    """The device part of a profile not yet enrolled, from three random bytes; its first letter is G-Z."""
    drawn = int.from_bytes(random_bytes[:3], "big")
    values = (16 + (drawn & 15), drawn >> 4 & 31, drawn >> 9 & 31, drawn >> 14 & 31)
    return "".join(ALPHABET[value] for value in values)


@lru_cache(maxsize=1_024)
def check_characters(payload: str) -> str:
    """The two check characters of device and serial written together, such as `7K3M142`."""
    total, weighted, weight = _SUM, _WEIGHTED_SUM, _double(2)
    for character in reversed(payload):
        value = _VALUES[character]
        total ^= value
        weighted ^= _times(value, weight)
        weight = _double(weight)
    first = _times(total ^ weighted, _ONE_OVER_THREE)
    return ALPHABET[first] + ALPHABET[total ^ first]


def _checked(parts: re.Match[str]) -> Reference | None:
    """The canonical reference, or None where the check is wrong or the serial begins with a nought."""
    device, serial, check = (_canonical(part) for part in parts.groups())
    if serial.startswith("0") or check_characters(device + serial) != check:
        return None
    return Reference(f"ENQ-{device}-{serial}-{check}")


def _canonical(characters: str) -> str:
    """Capitals of the alphabet, with I and L read as 1 and O as 0."""
    return "".join(ALPHABET[_VALUES[character]] for character in characters.upper())


def _double(value: int) -> int:
    """Twice `value` in the field of 32 elements: the step from one position's weight to the next."""
    doubled = value << 1
    return doubled ^ _PRIMITIVE_POLYNOMIAL if doubled & 32 else doubled


def _times(left: int, right: int) -> int:
    """The product of two values in the field of 32 elements."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left, right = _double(left), right >> 1
    return product


_ONE_OVER_THREE = next(value for value in range(32) if _times(value, 3) == 1)
