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
from member_tracker.services.office_records import Kept, Row, Rows, must_be_allowed, why_not_here
from member_tracker.services.parts import App, author_of, the_council
from member_tracker.services.people import same_name
from member_tracker.store.store import Reading, Transaction

MOST_QUESTIONS = 7
_WHAT = "Subjects"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectSaid:
    """A subject, and the service area it goes to."""

    area_id: ServiceAreaId
    subject: Subject

    @property
    def name(self) -> str:
        """What enquiries are about."""
        return self.subject.name

    @property
    def retired(self) -> bool:
        """Whether it is offered no more."""
        return self.subject.retired


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeSubjects(Rows[SubjectSaid]):
    """A council's subjects, and the service areas they can go to, by id."""

    areas: dict[ServiceAreaId, str]


def office_subjects(app: App) -> OfficeSubjects:
    """Every subject of the council and where it goes, by name, the retired ones last."""
    with app.store.reading() as tx:
        return _subjects(app, tx)


def keep_subject(app: App, said: SubjectSaid, *, before: Row[SubjectSaid] | None = None) -> Kept[SubjectSaid]:
    """Keep a subject in a service area: a new one, or in the place of `before`, from which it may move.

    A `retired` one is offered no more, and can be kept again without that. Raises `Invalid` for what cannot be asked or
    is there already, `NotAllowed` where the hub lets others alone change it, and `NotFound` where `before` has gone
    meanwhile.
    """
    kept = _checked(said.subject)
    with app.store.writing(author=author_of(app)) as tx:
        must_be_allowed(tx, _WHAT)
        was = before.said if before is not None else None
        if was is not None:
            _be_there_still(tx, was)
        _refuse_twice(_areas(app, tx), kept, was)
        if was is not None:
            _replace(tx, was, kept if was.area_id == said.area_id else None)
        if was is None or was.area_id != said.area_id:
            area = tx.get(ServiceArea, said.area_id)
            tx.save(replace(area, subjects=(*area.subjects, kept)))
        row = _row(said.area_id, kept)
        return Kept(row=row, rows=_subjects(app, tx), deed=None if before is None or row == before else tx.deed)


def undo_subject(app: App, deed: str) -> Kept[SubjectSaid]:
    """Put back what a deed here changed of a subject; refused where its service area's were changed again since."""
    with app.store.writing(author=author_of(app)) as tx:
        must_be_allowed(tx, _WHAT)
        were = _subjects(app, tx).rows
        tx.put_back(deed)
        rows = _subjects(app, tx)
        row = next((row for row in rows.rows if row not in were), None)
        if row is None:
            raise NotFound(
                "The service area this subject went to takes no mail now.",
                advice="Bring the service area back first, and undo this then.",
            )
        return Kept(row=row, rows=rows, deed=None)


def _areas(app: App, tx: Reading) -> list[ServiceArea]:
    every = tx.every(ServiceArea, council_id=the_council(tx).id)
    return [area for area in every if not area.retired and in_being(area, app.today())]


def _subjects(app: App, tx: Reading) -> OfficeSubjects:
    areas = sorted(_areas(app, tx), key=lambda area: area.name.casefold())
    rows = [_row(area.id, subject) for area in areas for subject in area.subjects]
    rows.sort(key=lambda row: (row.said.retired, row.said.name.casefold()))
    names = {area.id: area.name for area in areas}
    return OfficeSubjects(rows=tuple(rows), not_allowed=why_not_here(tx, _WHAT), areas=names)


def _row(area_id: ServiceAreaId, subject: Subject) -> Row[SubjectSaid]:
    """A subject is known by its name in its service area."""
    return Row(id=f"{area_id} {subject.name}", said=SubjectSaid(area_id=area_id, subject=subject))


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


def _refuse_twice(areas: Iterable[ServiceArea], subject: Subject, before: SubjectSaid | None) -> None:
    """A subject in use leads to one service area alone."""
    for area in areas:
        for other in area.subjects:
            is_itself = before is not None and (area.id, other) == (before.area_id, before.subject)
            if not subject.retired and not other.retired and not is_itself and same_name(other.name, subject.name):
                raise Invalid(
                    f"{area.name} has a subject of this name.",
                    advice="Give it another name, or change the one that is there.",
                )


def _be_there_still(tx: Reading, before: SubjectSaid) -> None:
    """Refuse to write over what somebody else has written meanwhile."""
    if before.subject not in tx.get(ServiceArea, before.area_id).subjects:
        raise NotFound(
            "This subject was changed by somebody else meanwhile.", advice="Look at what it is now, and change that."
        )


def _replace(tx: Transaction, before: SubjectSaid, now: Subject | None) -> None:
    """Put a subject into the place of what it was, or take it out."""
    area = tx.get(ServiceArea, before.area_id)
    at = area.subjects.index(before.subject)
    put = () if now is None else (now,)
    tx.save(replace(area, subjects=(*area.subjects[:at], *put, *area.subjects[at + 1 :])))
