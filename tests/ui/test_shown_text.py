"""Text of a mail is shown as it is read: nothing in it changes how other text looks."""

from hypothesis import given
from hypothesis import strategies as st

from ui.widgets.shown_text import MOST_LETTERS, clipped, shown_text


def test_reversed_direction_and_control_characters_are_left_out() -> None:
    assert shown_text("invoice\u202efdp.exe\x07\x1b[31m") == "invoicefdp.exe[31m"
    assert shown_text("one\r\ntwo\rthree\ttab") == "one\ntwo\nthree\ttab"


def test_names_of_every_language_stay_as_they_are() -> None:
    assert shown_text("Siân Ó Briain, Łukasz, আলী") == "Siân Ó Briain, Łukasz, আলী"


@given(st.text())
def test_what_is_shown_has_no_control_character_and_an_end(text: str) -> None:
    shown = clipped(text)
    assert len(shown) <= MOST_LETTERS + 2
    assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in shown)
