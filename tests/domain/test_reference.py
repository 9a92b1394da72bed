"""The reference: its shape, and check characters that let no slip of the pen through."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.errors import Invalid
from member_tracker.domain.reference import (
    ALPHABET,
    LONGEST_SERIAL,
    check_characters,
    draw_device,
    find_broken_references,
    find_references,
    make_reference,
    parse_reference,
)

devices = st.text(ALPHABET, min_size=4, max_size=4)
serials = st.integers(1, 10**LONGEST_SERIAL - 1)
EXAMPLES = [("7K3M", 142), ("0000", 1), ("ZZZZ", 999_999_999), ("G019", 10), ("1111", 11), ("H2J4", 54_321)]


def refused(text: str) -> bool:
    try:
        parse_reference(text)
    except Invalid:
        return True
    return False


def plain(text: str) -> str:
    """The text as the alphabet reads it: capitals, with I and L for 1 and O for 0."""
    return text.upper().translate(str.maketrans("ILO", "110"))


def test_a_reference_reads_as_device_serial_and_check() -> None:
    assert make_reference("7K3M", 142) == "ENQ-7K3M-142-XR"


@given(devices, serials)
def test_every_reference_made_is_read_back(device: str, serial: int) -> None:
    reference = make_reference(device, serial)
    assert parse_reference(reference) == reference
    assert find_references(f"Re: bins [{reference}]") == (reference,)


@pytest.mark.parametrize(("device", "serial"), EXAMPLES)
def test_every_single_wrong_character_is_caught(device: str, serial: int) -> None:
    reference = make_reference(device, serial)
    for place, right in enumerate(reference):
        for wrong in {*ALPHABET, *ALPHABET.lower(), *"IiLlOoUu-–. "}:
            slip = reference[:place] + wrong + reference[place + 1 :]
            if plain(wrong) != right and not (right == "-" and wrong == "–"):
                assert refused(slip), slip


@pytest.mark.parametrize("place", range(4))
def test_every_wrong_device_character_is_caught_for_every_right_one(place: int) -> None:
    for right, wrong in itertools.permutations(ALPHABET, 2):
        device = "G4K7"[:place] + right + "G4K7"[place + 1 :]
        reference = make_reference(device, 142)
        assert refused(reference[: 4 + place] + wrong + reference[5 + place :])


@pytest.mark.parametrize("length", range(5, 5 + LONGEST_SERIAL))
def test_every_error_of_one_or_two_characters_moves_the_check_whatever_the_payload(length: int) -> None:
    """The code is linear: the error alone decides how the check changes, so all noughts stand for any payload."""
    nought = check_characters("0" * length)
    single = [
        {check_characters("0" * place + wrong + "0" * (length - place - 1)) for wrong in ALPHABET[1:]}
        for place in range(length)
    ]
    assert all(nought not in checks and len(checks) == 31 for checks in single)
    assert all(left.isdisjoint(right) for left, right in itertools.combinations(single, 2))


def test_every_swap_of_neighbours_is_caught_at_every_place_for_every_pair() -> None:
    for place in range(3):
        for left, right in itertools.permutations(ALPHABET, 2):
            reference = make_reference("G4K7"[:place] + left + right + "G4K7"[place + 2 :], 142)
            assert refused(swapped(reference, 4 + place))
    for last, first in itertools.product("0123456789", "123456789"):
        reference = make_reference(f"G4K{last}", int(first + "42"))
        assert last == first or refused(f"ENQ-G4K{first}-{last}42-{reference[-2:]}")
    for serial in range(1, 20_000):
        reference = make_reference("G4K7", serial)
        for place in range(9, len(reference) - 1):
            assert reference[place] == reference[place + 1] or refused(swapped(reference, place)), reference


def swapped(text: str, place: int) -> str:
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


@given(devices, serials, st.data())
def test_any_two_characters_exchanged_are_caught(device: str, serial: int, data: st.DataObject) -> None:
    reference = make_reference(device, serial)
    one = data.draw(st.integers(4, len(reference) - 1))
    other = data.draw(st.integers(4, len(reference) - 1))
    letters = list(reference)
    letters[one], letters[other] = letters[other], letters[one]
    assert "".join(letters) == reference or refused("".join(letters))


@given(devices, serials)
def test_a_leading_nought_is_refused_even_with_a_check_that_fits(device: str, serial: int) -> None:
    short = str(serial)[: LONGEST_SERIAL - 1]
    assert refused(f"ENQ-{device}-0{short}-{check_characters(f'{device}0{short}')}")


@pytest.mark.parametrize(
    "typed",
    ["enq-7k3m-142-xr", " ENQ-7K3M-142-XR ", "ENQ 7K3M 142 XR", "ENQ7K3M142XR", "ENQ–7K3M–I42–XR", "enq-7k3m-l42-xr"],
)
def test_case_look_alikes_and_plain_separators_do_not_matter(typed: str) -> None:
    assert parse_reference(typed) == "ENQ-7K3M-142-XR"


def test_a_wrong_reference_is_refused_with_advice() -> None:
    with pytest.raises(Invalid) as refusal:
        parse_reference("ENQ-7K3M-143-XR")
    assert "check each character" in refusal.value.advice
    assert "ENQ-7K3M-143-XR" in refusal.value.title


def test_references_are_found_once_each_in_order_and_broken_ones_apart() -> None:
    other = make_reference("G001", 7)
    mail = f"RE: FW: Bins [ENQ-7K3M-142-XR] fwd\n> see {other}, ENQ-7K3M-142-XR and enq-7k3m-124-xr; ENQ-7K3M-142-XRS"
    assert find_references(mail) == ("ENQ-7K3M-142-XR", other)
    assert find_broken_references(mail) == ("enq-7k3m-124-xr",)


def test_a_reference_split_over_two_lines_is_still_found() -> None:
    assert find_references("Please keep this reference: ENQ-7K3M-\n142-XR.") == ("ENQ-7K3M-142-XR",)


@pytest.mark.parametrize(("device", "serial"), [("7K3", 1), ("7K3MM", 1), ("7U3M", 1), ("7K3M", 0), ("7K3M", 10**9)])
def test_no_reference_is_made_of_a_wrong_device_or_serial(device: str, serial: int) -> None:
    with pytest.raises(Invalid):
        make_reference(device, serial)


@given(st.binary(min_size=3, max_size=3))
def test_a_device_drawn_at_random_begins_with_g_to_z(random_bytes: bytes) -> None:
    device = draw_device(random_bytes)
    assert device[0] in "GHJKMNPQRSTVWXYZ"
    assert parse_reference(make_reference(device, 1))
