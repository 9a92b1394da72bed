"""Filling in a template that somebody wrote: only what is listed may stand in it, and it always comes to an end.

Nothing in it repeats or calculates, so what it does is bounded by its length, and its length is bounded.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from member_tracker.domain.errors import Invalid
from member_tracker.domain.templates import NAMES, Facts, Use

if TYPE_CHECKING:
    from jinja2 import Environment, nodes

LONGEST_TEMPLATE = 20_000
"""Characters a template may have."""
LONGEST_TEXT = 100_000
"""Characters that may come of it beside the words it was given."""
MOST_PARTS = 1_000
"""Names, conditions and pieces of text in one template."""
_FILTERS = ("capitalize", "lower", "title", "trim", "upper")
_HOW = "Names stand in double braces, such as {{ enquiry.subject }}, conditions between {% if … %} and {% endif %}."


class BadTemplate(Invalid):
    """A template cannot be used: `line` says where, from 1 (None: it is the whole of it)."""

    def __init__(self, wrong: str, *, advice: str, line: int | None = None) -> None:
        super().__init__(f"Line {line}: {wrong}" if line else wrong, advice=advice)
        self.line = line


def must_be_usable(text: str, use: Use | None = None) -> None:
    """Raise `BadTemplate`, with the line and advice, where the text is no template, or none for that use."""
    found = {name for name, _line in _names_in(_checked(text))}
    for name in use.needed if use else ():
        if name not in found:
            raise BadTemplate(
                f"This template must say {NAMES[name]}.",
                advice=f"Put {{{{ {name} }}}} where that belongs.",
            )
    filled(text, {})


def names_in(text: str) -> list[str]:
    """Every name in a template, in order."""
    return [name for name, _line in _names_in(_checked(text))]


def filled(text: str, facts: Facts) -> str:
    """The template with its names filled in, tidied up; raises `BadTemplate` where it cannot be used."""
    _checked(text)
    made, length, most = [], 0, LONGEST_TEXT + sum(map(len, facts.values()))
    try:
        for piece in _environment().from_string(text).generate(_nested(facts)):
            length += len(piece)
            if length > most:
                raise BadTemplate(
                    "What comes of this template is far longer than what it was given.",
                    advice="Name the longest parts only once.",
                )
            made.append(piece)
    except (SyntaxError, RecursionError, MemoryError) as problem:
        raise _too_much() from problem
    return _tidy("".join(made))


def _checked(text: str) -> "nodes.Template":
    """The template read, and every part of it one that is allowed."""
    from jinja2 import TemplateSyntaxError, nodes

    if len(text) > LONGEST_TEMPLATE:
        raise BadTemplate(
            f"This template is longer than {LONGEST_TEMPLATE:,} characters.", advice="Make two templates of it."
        )
    try:
        tree = _environment().parse(text)
        parts = list(tree.find_all(nodes.Node))
    except TemplateSyntaxError as problem:
        wrong = problem.message or "this cannot be read."
        raise BadTemplate(wrong, advice=f"Put that line right. {_HOW}", line=problem.lineno) from problem
    except (RecursionError, MemoryError, ValueError) as problem:
        raise _too_much() from problem
    if len(parts) > MOST_PARTS:
        raise _too_much()
    for part in parts:
        _must_be_allowed(part)
    for name, line in _names_in(tree):
        _must_be_listed(name, line)
    return tree


def _too_much() -> BadTemplate:
    return BadTemplate("This template has too many parts.", advice="Make it shorter, or two templates of it.")


def _must_be_allowed(part: "nodes.Node") -> None:
    from jinja2 import nodes

    allowed = (
        nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.If, nodes.CondExpr, nodes.Compare,
        nodes.And, nodes.Or, nodes.Not, nodes.Const,
    )  # fmt: skip
    if isinstance(part, nodes.Filter):
        if part.name not in _FILTERS or part.args or part.kwargs:
            shown = ", ".join(_FILTERS)
            raise BadTemplate(
                f"“{part.name}” cannot be used here.", advice=f"After | may stand: {shown}.", line=part.lineno
            )
    elif isinstance(part, nodes.Operand):
        if part.op not in ("eq", "ne"):
            raise BadTemplate("things can only be the same or not.", advice="Write == or !=.", line=part.lineno)
    elif not isinstance(part, allowed):
        raise BadTemplate(
            "a template can only name things and ask whether they are there.",
            advice=f"Take that out. {_HOW}",
            line=part.lineno,
        )


def _must_be_listed(name: str, line: int) -> None:
    if name in NAMES:
        return
    near = get_close_matches(name, NAMES, 1)
    advice = f"Perhaps {{{{ {near[0]} }}}} is meant." if near else "Choose a name from the list of names."
    raise BadTemplate(f"there is nothing called “{name}”.", advice=advice, line=line)


def _names_in(part: "nodes.Node") -> Iterator[tuple[str, int]]:
    """Every name with its line, those of several words as one: `enquiry.subject`."""
    from jinja2 import nodes

    if isinstance(part, nodes.Name):
        yield part.name, part.lineno
    elif isinstance(part, nodes.Getattr) and isinstance(part.node, nodes.Name):
        yield f"{part.node.name}.{part.attr}", part.lineno
    elif isinstance(part, nodes.Getattr):
        yield f"….{part.attr}", part.lineno
    else:
        for child in part.iter_child_nodes():
            yield from _names_in(child)


@cache
def _environment() -> "Environment":
    """The sandbox: no functions, no tests, few filters, nothing to load from."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, cache_size=0)
    made.globals.clear()
    made.tests.clear()
    made.filters = {name: made.filters[name] for name in _FILTERS}
    return made


def _nested(facts: Facts) -> dict[str, object]:
    """The facts as a template asks for them: `enquiry.subject` as the subject of `enquiry`; missing ones are empty."""
    given: dict[str, object] = {}
    for name in NAMES:
        group, _, field = name.rpartition(".")
        value = facts.get(name, "")
        if not group:
            given[field] = value
            continue
        inner = given.setdefault(group, {})
        if isinstance(inner, dict):
            inner[field] = value
    return given


def _tidy(text: str) -> str:
    """No spaces at the end of lines, no more than one empty line, and one line break at the end."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
