"""What enquiries are about: each subject with where it goes and what must be asked, changed, added and retired."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from member_tracker.domain.asked import Subject
from member_tracker.domain.change import RecordKind
from member_tracker.domain.errors import TrackerError
from member_tracker.services.office_records import Kept, Row, Rows
from member_tracker.services.subjects import (
    MOST_QUESTIONS,
    OfficeSubjects,
    SubjectSaid,
    keep_subject,
    office_subjects,
    undo_subject,
)
from ui import look
from ui.desk import Desk
from ui.language import tr
from ui.settings.records import RecordsPage, Words
from ui.table import Column
from ui.widgets.parts import buddy, label

if TYPE_CHECKING:
    from member_tracker.app import App

_HOW = tr("One question a line, {most} at most.").format(most=MOST_QUESTIONS)


class SubjectsPage(RecordsPage[SubjectSaid]):
    """Lists the subjects and lets one be written."""

    kinds = (RecordKind.SERVICE_AREA, RecordKind.COUNCIL)
    words = Words(
        name="subject",
        title=tr("Subjects and what is asked"),
        why=tr(
            "A subject picks the service area, and says what must be asked before an enquiry goes there. Whoever "
            "shares this casework has the same ones. An enquiry that is logged keeps what it was asked."
        ),
        rows=tr("Sub&jects"),
        a_new=tr("A new subject"),
        retire=tr("&Retire it"),
        retired=tr("“{}” is offered no more."),
        bring_back=tr("Offe&r it again"),
        brought_back=tr("“{}” is offered again."),
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self._name = QLineEdit()
        self._area = QComboBox()
        self._questions = QPlainTextEdit()
        self._specialist = QCheckBox(tr("&Put straight to a duty officer"))
        super().__init__(desk, "subjectsPage", parent)

    def fill_form(self, form: QFormLayout) -> None:
        """The fields of a subject."""
        self.field(self._name, "name")
        self.field(self._area, "area")
        self.field(self._questions, "questions")
        self.field(self._specialist, "specialist")
        self._questions.setFixedHeight(self._questions.fontMetrics().height() * 5 + look.ROOM)
        form.addRow(buddy(tr("&What it is about"), self._name), self._name)
        form.addRow(buddy(tr("Goes t&o"), self._area), self._area)
        form.addRow(buddy(tr("What must be aske&d"), self._questions), self._questions)
        form.addRow("", label(_HOW, name="subjectHow", kind="quiet"))
        form.addRow("", self._specialist)

    def offer(self, rows: Rows[SubjectSaid]) -> None:
        """The service areas a subject can go to."""
        chosen = self._area.currentData()
        self._area.clear()
        if isinstance(rows, OfficeSubjects):
            for area_id, name in rows.areas.items():
                self._area.addItem(name, area_id)
        self._area.setCurrentIndex(max(0, self._area.findData(chosen)))

    def read(self, app: "App") -> Rows[SubjectSaid]:
        """Every subject."""
        return office_subjects(app)

    def keep(self, app: "App", said: SubjectSaid, before: Row[SubjectSaid] | None) -> Kept[SubjectSaid]:
        """Keep one."""
        return keep_subject(app, said, before=before)

    def put_back(self, app: "App", record_id: str, deed: str) -> Kept[SubjectSaid]:
        """Undo a change of one: what it is known by may be what was changed."""
        del record_id
        return undo_subject(app, deed)

    def empty(self) -> SubjectSaid:
        """A subject without a name, in the service area of the one that was looked at."""
        return SubjectSaid(area_id=self._area.currentData(), subject=Subject(name=""))

    def typed(self, like: SubjectSaid) -> SubjectSaid:
        """What the form says."""
        subject = Subject(
            name=" ".join(self._name.text().split()),
            questions=tuple(self._questions.toPlainText().splitlines()),
            specialist=self._specialist.isChecked(),
            retired=like.retired,
        )
        return SubjectSaid(area_id=self._area.currentData(), subject=subject)

    def write_out(self, said: SubjectSaid) -> None:
        """Show it in the form."""
        self._area.setCurrentIndex(max(0, self._area.findData(said.area_id)))
        self._name.setText(said.name)
        self._questions.setPlainText("\n".join(said.subject.questions))
        self._specialist.setChecked(said.subject.specialist)

    def with_retired(self, said: SubjectSaid, *, retired: bool) -> SubjectSaid:
        """The same, retired or not."""
        return replace(said, subject=replace(said.subject, retired=retired))

    def field_of(self, error: TrackerError) -> QWidget:
        """The questions or the name."""
        return self._questions if "uestion" in error.title else self._name

    def columns(self) -> tuple[Column[Row[SubjectSaid]], ...]:
        """Name, service area and questions."""
        return (
            Column(heading=tr("Subject"), words=lambda row: row.said.name, spoken=self._spoken),
            Column(heading=tr("Goes to"), words=self._goes_to),
            Column(heading=tr("What is asked"), words=lambda row: _asked(row.said.subject)),
        )

    def widths(self) -> tuple[int, ...]:
        """Questions take what room is left."""
        return (30, 24, 0)

    def _goes_to(self, row: Row[SubjectSaid]) -> str:
        return self._area.itemText(self._area.findData(row.said.area_id))

    def _spoken(self, row: Row[SubjectSaid]) -> str:
        return tr("{said}, goes to {goes_to}. {asked}").format(
            said=row.said.name, goes_to=self._goes_to(row), asked=_asked(row.said.subject)
        )


def _asked(subject: Subject) -> str:
    if subject.retired:
        return tr("Retired: offered no more")
    straight = (tr("To a duty officer."),) if subject.specialist else ()
    return " ".join((*subject.questions, *straight)) or tr("Nothing")
