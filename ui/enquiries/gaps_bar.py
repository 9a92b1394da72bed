"""What the service area needs to know and nobody has asked yet: said where the enquiry is read, and answered there."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QWidget

from member_tracker.domain.asked import Answer, missing
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.vocabulary import Status
from member_tracker.services.new_enquiries import answer_questions
from ui import look
from ui.desk import Desk
from ui.enquiries.form_questions import QuestionsPart
from ui.language import tr
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.parts import button, column, label, row


class GapsBar(QFrame):
    """Says which questions of an enquiry not yet sent nobody has answered; hidden where there are none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("gapsBar")
        self.setProperty("kind", "hint")
        self._desk = desk
        self._enquiry: Enquiry | None = None
        self._words = label(name="gapsWords")
        self._answer = button(tr("&1 Answer them"), self._open, name="gapsAnswer")
        self.setLayout(column(self._words, row(self._answer, None), margin=look.GAP))
        self.hide()

    def show_enquiry(self, enquiry: Enquiry) -> None:
        """Show what is missing of this enquiry."""
        self._enquiry = enquiry
        gaps = missing(enquiry.answers) if enquiry.status is Status.DRAFT else ()
        self._words.setText(tr("It cannot be sent before the resident was asked: {gaps}").format(gaps=" ".join(gaps)))
        self.setVisible(bool(gaps))

    def _open(self) -> None:
        if self._enquiry is not None:
            AnswersDialog(self._desk, self._enquiry, self.window()).open()


class AnswersDialog(QDialog):
    """Asks the questions of an enquiry again, with what was said so far; Esc leaves everything as it was."""

    def __init__(self, desk: Desk, enquiry: Enquiry, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("answersDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Ask the resident: {reference}").format(reference=enquiry.reference))
        self._desk = desk
        self._enquiry_id = EnquiryId(enquiry.id)
        self._summary = ErrorSummary("answersErrors")
        self._questions = QuestionsPart()
        self._questions.ask(tuple(answer.question for answer in enquiry.answers))
        self._questions.show_answers(enquiry.answers)
        buttons = QDialogButtonBox()
        save = buttons.addButton(tr("&Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        save.setObjectName("answersSave")
        leave = buttons.addButton(tr("&Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        leave.setObjectName("answersCancel")
        self.setLayout(column(self._summary, self._questions, None, buttons, margin=look.ROOM))
        buttons.accepted.connect(self._keep)
        buttons.rejected.connect(self.reject)
        gaps = [field for field, _words in self._questions.missing()]
        (gaps or [*self._questions.fields()])[0].setFocus()

    def _keep(self) -> None:
        answers: tuple[Answer, ...] = self._questions.answers()
        self._desk.ask(
            lambda app: answer_questions(app, self._enquiry_id, answers),
            owner=self,
            done=lambda _enquiry: self.accept(),
            failed=self._refuse,
        )

    def _refuse(self, error: TrackerError) -> None:
        self._summary.tell([Wrong(words=str(error), field=self._questions.fields()[0])])
