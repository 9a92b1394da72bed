"""What enquiries can be about at a council, where each goes as a rule, and what must be asked about it.

They are kept with the service areas and so go to everybody who shares them. What an enquiry was asked stands in the
enquiry itself, and stays whatever becomes of its subject.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from member_tracker.domain.asked import Subject
from member_tracker.domain.errors import Invalid, NotFound
from member_tracker.domain.people import ServiceArea, ServiceAreaId, in_being
from member_tracker.domain.values import one_line
from member_tracker.services.parts import App, author_of, the_council
from member_tracker.services.people import same_name
from member_tracker.store.store import Reading, Transaction

MOST_QUESTIONS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeSubject:
    """A subject with the service area it goes to."""

    area_id: ServiceAreaId
    area: str
    subject: Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeSubjects:
    """A council's subjects, those in use first, and the service areas they can go to, by id."""

    subjects: tuple[OfficeSubject, ...]
    areas: dict[ServiceAreaId, str]


def office_subjects(app: App) -> OfficeSubjects:
    """Every subject of the council and where it goes, by name, the retired ones last."""
    with app.store.reading() as tx:
        return _subjects(_areas(app, tx))


def keep_subject(
    app: App, area_id: ServiceAreaId, subject: Subject, *, before: OfficeSubject | None = None
) -> OfficeSubjects:
    """Keep a subject in a service area: a new one, or in the place of `before`, from which it may move.

    A `retired` one is offered no more, and can be kept again without that.
    Raises `Invalid` for what cannot be asked or is there already, and `NotFound` where `before` has gone meanwhile.
    """
    kept = _checked(subject)
    with app.store.writing(author=author_of(app)) as tx:
        if before is not None:
            _be_there_still(tx, before)
        _refuse_twice(_areas(app, tx), kept, before)
        if before is not None:
            _replace(tx, before, kept if before.area_id == area_id else None)
        if before is None or before.area_id != area_id:
            area = tx.get(ServiceArea, area_id)
            tx.save(replace(area, subjects=(*area.subjects, kept)))
        return _subjects(_areas(app, tx))


def _areas(app: App, tx: Reading) -> list[ServiceArea]:
    every = tx.every(ServiceArea, council_id=the_council(tx).id)
    return [area for area in every if not area.retired and in_being(area, app.today())]


def _subjects(areas: Iterable[ServiceArea]) -> OfficeSubjects:
    areas = sorted(areas, key=lambda area: area.name.casefold())
    found = [
        OfficeSubject(area_id=area.id, area=area.name, subject=subject) for area in areas for subject in area.subjects
    ]
    found.sort(key=lambda each: (each.subject.retired, each.subject.name.casefold(), each.area.casefold()))
    return OfficeSubjects(subjects=tuple(found), areas={area.id: area.name for area in areas})


def _checked(subject: Subject) -> Subject:
    """The subject in one line each, without empty questions."""
    name = one_line(subject.name)
    if not name:
        raise Invalid("The subject has no name.", advice="Say in a few words what enquiries are about.")
    questions = tuple(question for question in map(one_line, subject.questions) if question)
    if len(questions) > MOST_QUESTIONS:
        raise Invalid(
            f"There are {len(questions)} questions, and {MOST_QUESTIONS} are the most.",
            advice="Keep those without which the service area would have to write back.",
        )
    if len({question.casefold() for question in questions}) < len(questions):
        raise Invalid("A question is there twice.", advice="Take one of the two away.")
    return replace(subject, name=name, questions=questions)


def _refuse_twice(areas: Iterable[ServiceArea], subject: Subject, before: OfficeSubject | None) -> None:
    """A subject in use leads to one service area alone."""
    for area in areas:
        for other in area.subjects:
            is_itself = before is not None and (area.id, other) == (before.area_id, before.subject)
            if not subject.retired and not other.retired and not is_itself and same_name(other.name, subject.name):
                raise Invalid(
                    f"{area.name} has a subject of this name.",
                    advice="Give it another name, or change the one that is there.",
                )


def _be_there_still(tx: Reading, before: OfficeSubject) -> None:
    """Refuse to write over what somebody else has written meanwhile."""
    if before.subject not in tx.get(ServiceArea, before.area_id).subjects:
        raise NotFound(
            "This subject was changed by somebody else meanwhile.", advice="Look at what it is now, and change that."
        )


def _replace(tx: Transaction, before: OfficeSubject, now: Subject | None) -> None:
    """Put a subject into the place of what it was, or take it out."""
    area = tx.get(ServiceArea, before.area_id)
    at = area.subjects.index(before.subject)
    put = () if now is None else (now,)
    tx.save(replace(area, subjects=(*area.subjects[:at], *put, *area.subjects[at + 1 :])))
