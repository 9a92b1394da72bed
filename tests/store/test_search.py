"""Searching: every word counts, the last may be a beginning, and nothing typed can break it."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from member_tracker.domain.mailbag import MailPlace
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.vocabulary import Status
from member_tracker.store.queries import Anchor, Order, Wanted, Which
from member_tracker.store.store import Store
from tests.store.office import ROSE, TODAY, enquiry, note, queued, received

ORDERS = list(Order)


def find(store: Store, words: str, *, order: Order = Order.NEWEST, which: Which = Which.ALL) -> list[int]:
    """The numbers of the enquiries found, read in pages of two."""
    wanted = Wanted(which=which, today=TODAY, find=words, order=order)
    numbers: list[int] = []
    after: Anchor | None = None
    with store.reading() as tx:
        while True:
            page = tx.enquiry_rows(wanted, limit=2, after=after)
            numbers += [int(row.id.rpartition("-")[2]) for row in page.rows]
            after = page.next
            if after is None:
                return numbers


@pytest.fixture
def searched(office: Store) -> Store:
    with office.writing(author=None) as tx:
        tx.save(enquiry(1, subject="Pothole in Elm Close", text="Deep as a bucket.", other_reference="HW/0042"))
        tx.save(enquiry(2, subject="Street light", text="Dark outside the school; a pothole too."))
        tx.save(enquiry(3, subject="Café licence", text="Tables on the pavement", status=Status.CLOSED))
        tx.add(note(1, enquiry_id=enquiry(1).id, text="Depot says the gully is blocked."))
        tx.add(note(2, enquiry_id=enquiry(2).id, kind=EntryKind.LOGGED, text="gully"))
        tx.save(received(1, place=MailPlace.FILED, enquiry_id=enquiry(2).id, text="The lantern was renewed."))
        tx.save(received(2, text="Nobody placed this lantern yet."))
        tx.save(queued(1, enquiry_id=enquiry(1).id, body="Kindly inspect the carriageway."))
    return office


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("pothole", {1, 2}),
        ("POTHOLE bucket", {1}),
        ("poth", {1, 2}),
        ("poth bucket", set()),
        ("cafe", {3}),
        ("CAFÉ lic", {3}),
        ("muller", {1, 2, 3}),
        ("7 elm close", {1, 2, 3}),
        ("gully", {1}),
        ("lantern", {2}),
        ("officer@council.example.org", {2}),
        ("carriageway", {1}),
        ("HW/0042", {1}),
        ("nothing such", set()),
        ("pothole —", {1, 2}),
        ("—", set()),
    ],
)
def test_words_are_found_wherever_they_stand(searched: Store, words: str, found: set[int], order: Order) -> None:
    numbers = find(searched, words, order=order)
    assert set(numbers) == found
    assert len(numbers) == len(found)


@pytest.mark.parametrize("order", ORDERS)
def test_a_reference_finds_its_enquiry_alone_however_it_is_typed(searched: Store, order: Order) -> None:
    with searched.writing(author=None) as tx:
        tx.add(note(3, enquiry_id=enquiry(2).id, text=f"See also {enquiry(1).reference}"))
    reference = enquiry(1).reference
    for typed in (reference, reference.lower(), f" {reference} ", reference.replace("-", " ")):
        assert find(searched, typed, order=order) == [1]


def test_white_space_alone_is_no_search(searched: Store) -> None:
    assert set(find(searched, "  \t ")) == {1, 2, 3}


def test_a_search_keeps_to_the_list_it_is_made_in(searched: Store) -> None:
    for order in ORDERS:
        assert find(searched, "muller", which=Which.CLOSED, order=order) == [3]
        assert find(searched, "muller", which=Which.OVERDUE, order=order) == []


def test_newest_goes_by_the_newest_document_and_shows_each_enquiry_once(searched: Store) -> None:
    with searched.writing(author=None) as tx:
        for number in (4, 5, 6, 7, 8):
            tx.save(enquiry(number, subject="gully"))
        tx.add(note(4, enquiry_id=enquiry(5).id, text="gully again"))
        tx.add(note(5, enquiry_id=enquiry(4).id, text="gully once more"))
    assert find(searched, "gully") == [4, 5, 8, 7, 6, 1]


def test_the_best_fit_comes_first_by_relevance(searched: Store) -> None:
    assert find(searched, "pothole", order=Order.RELEVANCE) == [1, 2]


def test_a_changed_enquiry_is_found_by_its_new_words_only(searched: Store) -> None:
    with searched.writing(author=None) as tx:
        tx.save(enquiry(1, subject="Sinkhole in Elm Close", text="Very deep."))
    assert find(searched, "sinkhole") == [1]
    assert find(searched, "pothole") == [2]
    assert find(searched, "bucket") == []


def test_a_renamed_resident_is_found_by_the_new_name_and_not_by_the_old(searched: Store) -> None:
    with searched.writing(author=None) as tx:
        tx.save(replace(ROSE, name="Rosa Winter", address="9 Oak Row"))
    assert set(find(searched, "rosa winter")) == {1, 2, 3}
    assert find(searched, "muller") == []
    assert find(searched, "pothole oak") == [2, 1]


def test_mail_is_found_under_the_enquiry_it_is_filed_with(searched: Store) -> None:
    with searched.writing(author=None) as tx:
        tx.save(received(2, place=MailPlace.FILED, enquiry_id=enquiry(3).id, text="Nobody placed this lantern yet."))
    assert set(find(searched, "lantern")) == {2, 3}
    with searched.writing(author=None) as tx:
        tx.save(received(2, text="Nobody placed this lantern yet."))
    assert find(searched, "lantern") == [2]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.one_of(
        st.text(),
        st.text(st.characters(exclude_categories=())),
        st.text(st.sampled_from('"*^():-+{}, ANDORNEAT\x00')),
        st.sampled_from(["NEAR(a b)", "subject : x", "a AND", "NOT", '"', "a*b", "-x", "{a} : b", "ENQ-"]),
    ),
    order=st.sampled_from(ORDERS),
)
def test_nothing_a_person_types_is_an_error(searched: Store, words: str, order: Order) -> None:
    find(searched, words, order=order)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    word=st.text(st.characters(categories=("Lu", "Ll", "Nd"), max_codepoint=0x17F), min_size=1, max_size=12),
    cut=st.integers(1, 12),
)
def test_any_word_saved_is_found_by_itself_and_by_its_beginning(office: Store, word: str, cut: int) -> None:
    with office.writing(author=None) as tx:
        tx.save(enquiry(1, text=f"before {word} after"))
    for typed in (word, word[:cut], f"before {word[:cut]}"):
        assert find(office, typed) == [1]
