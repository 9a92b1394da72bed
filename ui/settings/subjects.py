"""What enquiries are about: each subject with where it goes and what must be asked, changed, added and retired."""

from dataclasses import replace

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QFrame, QLineEdit, QPlainTextEdit, QWidget

from member_tracker.domain.asked import Subject
from member_tracker.domain.change import RecordKind
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.people import ServiceAreaId
from member_tracker.services.subjects import (
    MOST_QUESTIONS,
    OfficeSubject,
    OfficeSubjects,
    keep_subject,
    office_subjects,
)
from ui import look
from ui.deeds import Deed, Doing
from ui.desk import Desk
from ui.table import Column, TableModel
from ui.table import Page as RowsPage
from ui.widgets.announce import announce
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.flow import Flow
from ui.widgets.page import Page
from ui.widgets.parts import buddy, button, column, label
from ui.widgets.rows_view import RowsView
from ui.widgets.scrolled import Scrolled

_MOST_ROWS = 6
_WHY = (
    "A subject picks the service area, and says what must be asked before an enquiry goes there. Whoever shares this "
    "casework has the same ones. An enquiry that is logged keeps what it was asked."
)
_HOW = f"One question a line, {MOST_QUESTIONS} at most."
_Typed = tuple[ServiceAreaId, Subject]


class SubjectsPage(Page):
    """Lists the subjects and lets one be written; what was written for one is kept while others are looked at."""

    kinds = (RecordKind.SERVICE_AREA, RecordKind.COUNCIL)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "subjectsPage", parent)
        self._known = OfficeSubjects(subjects=(), areas={})
        self._chosen: OfficeSubject | None = None
        self._is_adding = False
        self._unsaved: dict[OfficeSubject | None, _Typed] = {}
        self._said = label(name="subjectsSaid", kind="strong")
        self._model: TableModel[OfficeSubject] = TableModel(_columns(), self)
        self._view = RowsView("subjectList", "Subjects", wrap=True)
        self._heading = label(name="subjectHeading", kind="heading")
        self._summary = ErrorSummary("subjectErrors")
        self._name = QLineEdit()
        self._area = QComboBox()
        self._questions = QPlainTextEdit()
        self._specialist = QCheckBox("&Put straight to a duty officer")
        self._save = button("&Save", self._keep, name="subjectSave", kind="first", tip="Ctrl+S")
        self._add = button("&Add another", self._begin_another, name="subjectAdd")
        self._retire = button("", self._retire_or_not, name="subjectRetire")
        self._lay_out()
        self._view.row_current.connect(self._choose)

    def _lay_out(self) -> None:
        self._view.show_model(self._model, (30, 24, 0))
        self._said.hide()
        for field, name in (
            (self._name, "subjectName"),
            (self._area, "subjectArea"),
            (self._questions, "subjectQuestions"),
            (self._specialist, "subjectSpecialist"),
        ):
            field.setObjectName(name)
            field.setMaximumWidth(look.FIELD_WIDTH)
        self._name.returnPressed.connect(self._keep)
        self._questions.setTabChangesFocus(True)
        self._questions.setFixedHeight(self._questions.fontMetrics().height() * 5 + look.ROOM)
        form = QFormLayout()
        form.setHorizontalSpacing(look.ROOM)
        form.addRow(buddy("&What it is about", self._name), self._name)
        form.addRow(buddy("Goes t&o", self._area), self._area)
        form.addRow(buddy("What must be aske&d", self._questions), self._questions)
        form.addRow("", label(_HOW, name="subjectHow", kind="quiet"))
        form.addRow("", self._specialist)
        back = button("&Back", self.left.emit, name="subjectsBack", tip="Esc")
        inside = QFrame()
        inside.setObjectName("subjects")
        inside.setLayout(
            column(
                label("Subjects and what is asked", name="subjectsTitle", kind="title"),
                label(_WHY, name="subjectsWhy", kind="quiet"),
                self._said,
                buddy("Sub&jects", self._view, kind="heading"),
                self._view,
                self._heading,
                self._summary,
                form,
                Flow(self._save, self._add, self._retire, back),
                None,
            )
        )
        self.setLayout(column(Scrolled(inside)))

    def ask(self) -> None:
        """Read the subjects and the service areas."""
        self.desk.ask(office_subjects, owner=self, done=self._show)

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._view, self._name]

    def deeds(self) -> Doing:
        """Ctrl+S keeps what was written."""
        return {Deed.SAVE: self._keep}

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the subjects."""
        super().focusInEvent(event)
        (self._name if self._view.isHidden() else self._view).setFocus(event.reason())

    def _show(self, known: OfficeSubjects) -> None:
        self._stash()
        self._known = known
        self._model.show([RowsPage(rows=known.subjects)])
        self._view.setVisible(bool(known.subjects))
        if not self._is_adding:
            self._chosen = self._found_again()
        if known.subjects:
            self._view.fit(_MOST_ROWS)
            self._view.blockSignals(True)
            self._view.go_to(self._model.find(lambda row: _same(row, self._chosen)) or 0)
            self._view.blockSignals(False)
        self._write_out()

    def _choose(self, number: int) -> None:
        row = self._model.row(number)
        if row is not None and row != self._chosen:
            self._stash()
            self._chosen, self._is_adding = row, False
            self._said.hide()
            self._write_out()

    def _begin_another(self) -> None:
        """An empty form, in the service area of the subject that was looked at."""
        self._stash()
        self._chosen, self._is_adding = None, True
        self._said.hide()
        self._write_out()
        self._name.setFocus()

    def _retire_or_not(self) -> None:
        """Offer it no more or again, with whatever else was written."""
        if self._chosen is not None:
            area_id, subject = self._typed()
            retired = not subject.retired
            words = "is offered no more" if retired else "is offered again"
            self._keep_as(area_id, replace(subject, retired=retired), f"“{subject.name}” {words}.")

    def _keep(self) -> None:
        area_id, subject = self._typed()
        self._keep_as(area_id, subject, f"“{subject.name}” was saved.")

    # --- how ----------------------------------------------------------------------------------------------------------

    def _keep_as(self, area_id: ServiceAreaId, subject: Subject, said: str) -> None:
        """Keep it; then it is the one shown, and nothing of it is unsaved."""
        before, area = self._chosen, self._area.currentText()

        def done(known: OfficeSubjects) -> None:
            self._unsaved.pop(before, None)
            self._chosen, self._is_adding = OfficeSubject(area_id=area_id, area=area, subject=subject), False
            self._fill(area_id, subject)
            self._show(known)
            self._said.setText(said)
            self._said.show()
            announce(self, said)

        def refuse(error: TrackerError) -> None:
            field: QWidget = self._questions if "uestion" in error.title else self._name
            self._summary.tell([Wrong(words=error.title, advice=error.advice, field=field)])

        self.desk.ask(
            lambda app: keep_subject(app, area_id, subject, before=before), owner=self, done=done, failed=refuse
        )

    def _found_again(self) -> OfficeSubject | None:
        """The subject looked at as it is now; one written on stays as it was, so that nothing is saved over."""
        if self._chosen in self._unsaved:
            return self._chosen
        at = self._model.find(lambda row: _same(row, self._chosen))
        return self._model.row(at or 0)

    def _typed(self) -> _Typed:
        return self._area.currentData(), Subject(
            name=" ".join(self._name.text().split()),
            questions=tuple(self._questions.toPlainText().splitlines()),
            specialist=self._specialist.isChecked(),
            retired=self._chosen is not None and self._chosen.subject.retired,
        )

    def _stash(self) -> None:
        """Hold on to what was written and not saved."""
        if self._area.count() and self._typed() != self._as_kept():
            self._unsaved[self._chosen] = self._typed()
        else:
            self._unsaved.pop(self._chosen, None)

    def _as_kept(self) -> _Typed:
        if self._chosen is not None:
            return self._chosen.area_id, self._chosen.subject
        return self._area.currentData(), Subject(name="")

    def _write_out(self) -> None:
        """Show the subject chosen, or what was written for it, or an empty form."""
        chosen = self._chosen
        self._summary.tell(())
        area_id = chosen.area_id if chosen is not None else self._area.currentData()
        self._area.clear()
        for each, name in self._known.areas.items():
            self._area.addItem(name, each)
        kept = (area_id, chosen.subject if chosen is not None else Subject(name=""))
        self._fill(*self._unsaved.get(chosen, kept))
        unsaved = " (not saved yet)" if chosen in self._unsaved else ""
        name = chosen.subject.name if chosen is not None else "A new subject"
        self._heading.setText(name + unsaved)
        self._retire.setVisible(chosen is not None)
        self._retire.setText("Offe&r it again" if chosen is not None and chosen.subject.retired else "&Retire it")

    def _fill(self, area_id: ServiceAreaId, subject: Subject) -> None:
        self._area.setCurrentIndex(max(0, self._area.findData(area_id)))
        self._name.setText(subject.name)
        self._questions.setPlainText("\n".join(subject.questions))
        self._specialist.setChecked(subject.specialist)


def _same(one: OfficeSubject, other: OfficeSubject | None) -> bool:
    """Whether it is the same subject, perhaps with other questions."""
    return other is not None and (one.area_id, one.subject.name) == (other.area_id, other.subject.name)


def _columns() -> tuple[Column[OfficeSubject], ...]:
    return (
        Column(heading="Subject", words=lambda row: row.subject.name, spoken=_spoken),
        Column(heading="Goes to", words=lambda row: row.area),
        Column(heading="What is asked", words=_asked),
    )


def _asked(row: OfficeSubject) -> str:
    if row.subject.retired:
        return "Retired: offered no more"
    straight = ("To a duty officer.",) if row.subject.specialist else ()
    return " ".join((*row.subject.questions, *straight)) or "Nothing"


def _spoken(row: OfficeSubject) -> str:
    return f"{row.subject.name}, goes to {row.area}. {_asked(row)}"
