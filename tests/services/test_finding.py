"""Finding across everything: each enquiry once, with where the words stand and a line around them."""

from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.change import RecordKind
from member_tracker.domain.reference import ALPHABET, make_reference
from member_tracker.services.enquiries import add_note
from member_tracker.services.finding import AROUND, Order, _like, _variants, find, snippet
from tests.fakes.office import Office


def test_each_enquiry_is_found_once_by_its_newest_words_of_whatever_kind(office: Office) -> None:
    enquiry = office.logged_and_sent()
    add_note(office.app, enquiry.id, "The gutter drips on the pram.")
    office.clock.forward(hours=3)
    office.reply(enquiry, "The gutter was repaired on Tuesday.")
    office.collect()
    for order in (Order.NEWEST, Order.RELEVANCE):
        (found,) = find(office.app, "gutter", order=order).found
        assert (found.row.id, found.kind) == (enquiry.id, RecordKind.MAIL if order is Order.NEWEST else found.kind)
        assert "gutter" in found.words
    (note,) = find(office.app, "pram").found
    assert (note.kind, note.part, note.words) == (RecordKind.ENTRY, "note", "The gutter drips on the pram.")
    (named,) = find(office.app, enquiry.reference.lower()).found
    assert (named.part, named.record_id) == ("reference", enquiry.id)


def test_a_reference_with_a_slip_names_the_one_that_was_meant(office: Office) -> None:
    enquiry = office.logged_and_sent()
    typed = enquiry.reference[:-1] + ("0" if enquiry.reference[-1] != "0" else "1")
    answer = find(office.app, typed)
    assert (answer.found, answer.wrong_reference) == ((), True)
    assert enquiry.reference in answer.meant
    assert find(office.app, "nothing such") == type(answer)(found=())


def test_where_the_words_stand_is_told_with_a_line_around_them() -> None:
    text = "First of all,\n thank you. " + "x " * 60 + "The Café on the corner leaks " + "y " * 90
    line = snippet(text, ("cafe",))
    assert line.startswith("…")
    assert "The Café on the corner leaks" in line
    assert line.endswith("…")
    assert len(line) <= AROUND + 2


@given(text=st.text(max_size=300), words=st.lists(st.text(min_size=1, max_size=5), max_size=3))
def test_a_line_can_be_made_of_any_text(text: str, words: list[str]) -> None:
    assert len(snippet(text, tuple(words))) <= AROUND + 2
    assert "\n" not in snippet(text, tuple(words))


def test_a_mistyped_reference_may_stand_for_the_right_one() -> None:
    reference = make_reference("G7K3", 142)
    for place in (4, 6, 9, 11, 13, 14):
        for character in "0Z":
            typed = reference[:place] + character + reference[place + 1 :]
            if typed != reference and typed[3] == "-" and typed[8] == "-" and typed[12] == "-":
                assert reference in _like(typed)
    assert _like(reference) == []
    assert _like("potholes in Elm Close") == []


def test_every_character_may_have_been_another() -> None:
    assert len(set(_variants("AB1CD2"))) <= 6 * len(ALPHABET) + 5
