"""What enquiries can be about in a service area, what must be asked about it, and what the resident said."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[a-z0-9]+")
_SMALL = frozenset("a an and again at be been by for from has have in is it my near no not of off on or our still "
                   "the their there this to was were with".split())  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Something an enquiry can be about; what is asked about a `specialist` one goes straight to a duty officer.

    A `retired` one is offered no more; what was asked under it stays as it was.
    """

    name: str
    questions: tuple[str, ...] = ()
    specialist: bool = False
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the resident said to a question that must be asked; `unknown`: they were asked, and do not know."""

    question: str
    said: str = ""
    unknown: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether nobody has answered it yet."""
        return not self.said.strip() and not self.unknown

    @property
    def words(self) -> str:
        """The question with its answer, as it goes to the service area."""
        said = self.said.strip() or ("the resident does not know" if self.unknown else "not asked yet")
        return f"{self.question} {said}" if self.question.endswith("?") else f"{self.question}: {said}"


def missing(answers: Iterable[Answer]) -> tuple[str, ...]:
    """The questions nobody has answered yet."""
    return tuple(answer.question for answer in answers if answer.is_missing)


def with_answers(text: str, answers: Sequence[Answer]) -> str:
    """The text of an enquiry with what else the resident said below it."""
    return "\n\n".join(part for part in (text, "\n".join(answer.words for answer in answers)) if part)


def subject_typed(typed: str, names: Iterable[str]) -> str | None:
    """The known subject that a line begins with, the longest where there are several; None where there is none."""
    line = " ".join(typed.casefold().split())
    found = [name for name in names if re.match(rf"{re.escape(' '.join(name.casefold().split()))}(?!\w)", line)]
    return max(found, key=len, default=None)


def is_like(one: str, other: str) -> bool:
    """Whether two subjects say much the same: half of the words that count in the shorter one are in both."""
    first, second = _words(one), _words(other)
    return bool(first and second) and 2 * len(first & second) >= min(len(first), len(second))


def _words(text: str) -> frozenset[str]:
    """The words that count, in the singular."""
    return frozenset(word.removesuffix("s") for word in _WORD.findall(text.casefold()) if word not in _SMALL)
