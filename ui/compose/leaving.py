"""What is written leaves: by mail once its recipients were seen, as a letter once it fits, or as told by us."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from member_tracker.domain.errors import TrackerError
from member_tracker.domain.writing import Preview, Way, Written
from ui.desk import Desk
from ui.language import tr
from ui.widgets.asking import Asking
from ui.widgets.file_dialog import a_new_file

if TYPE_CHECKING:
    from member_tracker.services.printed_letters import PrintedLetter


class Leaving(QObject):
    """Asks what must be asked before it leaves. `gone` once it is queued, saved or noted; `refused` carries why not."""

    gone = Signal()
    refused = Signal(object)

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self._desk = desk
        self._page = page
        self._is_busy = False

    def take(self, written: Written, way: Way) -> None:
        """Take what is written out of the house that way."""
        if not self._is_busy:
            {Way.EMAIL: self._read_again, Way.LETTER: self._lay_out, Way.TOLD: self._keep_told}[way](written)

    def _read_again(self, written: Written) -> None:
        """Mail is about to leave the building: what is confirmed is made anew, not what was shown last."""
        from member_tracker.services.composing import about_to_leave

        self._desk.ask(
            lambda app: about_to_leave(app, written),
            owner=self,
            done=lambda shown: self._confirm(written, shown),
            failed=self.refused.emit,
        )

    def _confirm(self, written: Written, shown: Preview) -> None:
        lines = [
            tr("It goes to: {to}").format(to=", ".join(shown.to)),
            tr("A copy goes to: {cc}").format(cc=", ".join(shown.cc)) if shown.cc else "",
            tr("Subject: {subject}").format(subject=shown.subject),
            tr("Files: {files}").format(files=", ".join(name for name, _size in shown.files)) if shown.files else "",
            tr("You have ten seconds to take it back."),
        ]
        dialog = Asking(
            self._page,
            name="composeConfirm",
            title=tr("Send this mail?"),
            explanation="\n".join(filter(None, lines)),
            field=tr("&What it says"),
            agree=tr("&Send it"),
            text=shown.body,
            fixed=True,
        )
        dialog.answered.connect(lambda _text: self._send(written))
        dialog.open()

    def _send(self, written: Written) -> None:
        from member_tracker.services.sending_by_hand import send_written

        self._is_busy = True
        self._desk.ask(
            lambda app: send_written(app, written), owner=self, done=lambda _held: self._gone(), failed=self._failed
        )

    def _keep_told(self, written: Written) -> None:
        from member_tracker.services.sending_by_hand import keep_as_told

        self._is_busy = True
        self._desk.ask(
            lambda app: keep_as_told(app, written, Way.TOLD),
            owner=self,
            done=lambda _told: self._gone(),
            failed=self._failed,
        )

    def _lay_out(self, written: Written) -> None:
        """Make the letter, see that it fits, then ask where its file goes."""
        from member_tracker.services.printed_letters import letter_to_resident

        self._desk.ask(
            lambda app: letter_to_resident(app, written),
            owner=self,
            done=lambda letter: self._ask_where(written, letter),
            failed=self.refused.emit,
        )

    def _ask_where(self, written: Written, letter: "PrintedLetter") -> None:
        from ui.compose.letter_pdf import pdf_of

        try:
            pdf = pdf_of(letter)
        except TrackerError as error:
            self.refused.emit(error)
            return
        dialog = a_new_file(
            self._page,
            tr("Save the letter"),
            name="composeSaveLetter",
            suggested=letter.file_name,
            then=lambda path: self._save(written, Path(path), pdf),
        )
        dialog.setNameFilter(tr("PDF (*.pdf)"))
        dialog.setDefaultSuffix("pdf")
        dialog.open()

    def _save(self, written: Written, path: Path, pdf: bytes) -> None:
        from member_tracker.services.printed_letters import keep_letter

        self._is_busy = True
        self._desk.ask(
            lambda app: keep_letter(app, written, path, pdf),
            owner=self,
            done=lambda _told: self._gone(),
            failed=self._failed,
        )

    def _gone(self) -> None:
        self._is_busy = False
        self.gone.emit()

    def _failed(self, error: TrackerError) -> None:
        self._is_busy = False
        self.refused.emit(error)
