"""A template somebody wrote: filled in with words, and whatever else is in it is refused with its line."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from member_tracker.domain.templates import NAMES, Use
from member_tracker.services.template_reading import (
    LONGEST_TEMPLATE,
    LONGEST_TEXT,
    BadTemplate,
    filled,
    must_be_usable,
)

FACTS = {name: f"<{name}>" for name in NAMES}


def test_names_are_filled_in_and_what_is_not_known_is_left_out() -> None:
    text = "About: {{ enquiry.subject }}\n{% if answer %}\n{{ answer }}\n{% endif %}\n\n\n\nBye {{ area.name | upper }}"
    assert filled(text, {"enquiry.subject": "Damp", "area.name": "Housing"}) == "About: Damp\n\nBye HOUSING\n"


def test_words_that_look_like_a_template_stay_words() -> None:
    assert (
        filled("{{ answer }}", {"answer": "{{ enquiry.text }} {% for a in b %}"})
        == "{{ enquiry.text }} {% for a in b %}\n"
    )


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("Dear all\n{{ resident.nme }}", 2, "resident.nme"),
        ("a\n\n{% if answer", 3, "end of template"),
        ("{% foo %}", 1, "foo"),
        ("{{ answer", 1, "end of template"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_advice(text: str, line: int, said: str) -> None:
    with pytest.raises(BadTemplate, match=said) as refused:
        must_be_usable(text)
    assert refused.value.line == line
    assert refused.value.title.startswith(f"Line {line}: ")
    assert refused.value.advice


def test_the_nearest_name_is_offered() -> None:
    with pytest.raises(BadTemplate) as refused:
        must_be_usable("{{ resident.nme }}")
    assert "{{ resident.name }}" in refused.value.advice


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in answer %}{% for b in answer %}x{% endfor %}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ answer ~ answer }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ enquiry.__init__ }}",
        "{{ enquiry['__class__'] }}",
        "{{ enquiry.keys() }}",
        "{{ enquiry }}",
        "{{ lipsum.__globals__ }}",
        "{{ cycler() }}",
        "{{ namespace(a=1) }}",
        "{{ range(10000000) | list }}",
        "{{ answer | format('x') }}",
        "{{ answer | center(1000000000) }}",
        "{{ answer | attr('__class__') }}",
        "{% set a = 1 %}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% include 'to_service_area.txt' %}",
        "{% import 'os' as os %}",
        "{% extends 'answer.txt' %}",
        "{% block a %}{% endblock %}",
        "{% filter upper %}a{% endfilter %}",
        "{% autoescape true %}a{% endautoescape %}",
        "{% with a = 1 %}{% endwith %}",
        "{{ self }}",
        "{{ (answer, answer) }}",
        "{{ {'a': 1} }}",
        "{{ answer is defined }}",
        "{% if answer < 1 %}a{% endif %}",
        "{{ " + "(" * 9000 + "1" + ")" * 9000 + " }}",
        "{{ " + "9" * 9000 + " }}",
        "{{ " + "not " * 4000 + "answer }}",
        "{% if answer %}" * 400 + "{% endif %}" * 400,
        "{{ answer" + " | upper" * 2000 + " }}",
        "a" * (LONGEST_TEMPLATE + 1),
    ],
)
def test_nothing_that_repeats_calculates_or_reaches_outside_is_taken(text: str) -> None:
    with pytest.raises(BadTemplate):
        must_be_usable(text)
    with pytest.raises(BadTemplate):
        filled(text, {})


def test_what_comes_of_a_template_is_bounded() -> None:
    with pytest.raises(BadTemplate, match="far longer"):
        filled("{{ answer }}" * 300, {"answer": "a" * (LONGEST_TEXT // 100)})


def test_a_long_answer_is_passed_on_whole() -> None:
    long = "word " * 50_000
    assert filled("{{ answer }}", {"answer": long}) == long.strip() + "\n"


@pytest.mark.parametrize("use", list(Use))
def test_a_template_without_what_it_owes_is_refused(use: Use) -> None:
    if not use.needed:
        must_be_usable("Dear {{ resident.name }}", use)
        return
    for left in use.needed:
        rest = " ".join(f"{{{{ {name} }}}}" for name in use.needed if name != left)
        with pytest.raises(BadTemplate, match=NAMES[left]):
            must_be_usable(rest or "Dear", use)


PIECES = st.sampled_from(
    [
        "{{", "}}", "{%", "%}", "{#", "#}", " ", "\n", "answer", "enquiry", ".subject", ".__class__", "|", "upper", "'",
        "if", "else", "elif", "endif", "for", "in", "endfor", "not", "and", "(", ")", "[", "]", "*", "~", "==", "1",
        "raw", "endraw", "set", "=", "x", ",", "{{ answer }}", "{% if answer %}", "{% endif %}",
    ]
)  # fmt: skip


@example(["{%", " ", "raw", " ", "%}"])
@given(st.lists(PIECES, max_size=25))
def test_whatever_is_typed_is_either_filled_in_or_refused_with_advice(pieces: list[str]) -> None:
    try:
        text = filled("".join(pieces), FACTS)
    except BadTemplate as refused:
        text = refused.advice
    assert len(text) <= LONGEST_TEXT + sum(map(len, FACTS.values()))
    assert "object at 0x" not in text
