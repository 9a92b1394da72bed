"""The files that came with a mail: each with its size, opened from a private folder or saved where somebody chooses."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from member_tracker.domain.errors import NotAllowed, TrackerError, Unavailable
from member_tracker.domain.mailbag import MailAttachment
from ui.desk import Desk
from ui.language import tr
from ui.widgets.announce import announce
from ui.widgets.file_dialog import a_new_file
from ui.widgets.parts import button, column, label, row
from ui.widgets.shown_text import shown_text
from ui.words import size_words

if TYPE_CHECKING:
    from member_tracker.app import App


class Attachments(QWidget):
    """A line for each file; `said_with` tells files of one name apart for a screen reader."""

    def __init__(self, desk: Desk, attachments: tuple[MailAttachment, ...], said_with: str) -> None:
        super().__init__()
        self.setObjectName("mailAttachments")
        self._desk = desk
        lines = [self._line(number, each, said_with) for number, each in enumerate(attachments, start=1)]
        self.setLayout(column(*lines, gap=2))

    def _line(self, number: int, attachment: MailAttachment, said_with: str) -> QWidget:
        name = shown_text(attachment.name)
        words = label(f"{name} ({size_words(attachment.size)})", name="attachmentName")
        opens = button(tr("Open"), lambda: self._open(attachment), name="openAttachment", kind="link")
        saves = button(tr("Save as…"), lambda: self._ask_first(attachment), name="saveAttachment", kind="link")
        for made, deed in (
            (opens, tr("Open file {number}, {name}, {mail}")),
            (saves, tr("Save file {number}, {name}, {mail}")),
        ):
            made.setAccessibleName(deed.format(number=number, name=name, mail=said_with))
        line = QWidget()
        layout = row(words, opens, saves)
        layout.setStretch(0, 1)
        line.setLayout(layout)
        return line

    def _open(self, attachment: MailAttachment) -> None:
        """Put a copy out and give it to the program that opens its kind; what would run something is refused."""

        def put_out(app: "App") -> Path:
            from member_tracker.services import opened_files

            return opened_files.put_out(app, attachment)

        def refuse(error: TrackerError) -> None:
            if isinstance(error, NotAllowed):
                self._warn(attachment, f"{error.title} {error.advice}")
            else:
                self._desk.jobs.refused.emit(error)

        self._desk.ask(put_out, owner=self, done=self._hand_over, failed=refuse)

    def _hand_over(self, path: Path) -> None:
        if QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            announce(self, tr("Opened in another program."))
            return
        self._desk.jobs.refused.emit(
            Unavailable(
                tr("No program on this computer opens this kind of file."), advice=tr("Save it and open it elsewhere.")
            )
        )

    def _ask_first(self, attachment: MailAttachment) -> None:
        """Save it; where it would run something, only after a plain sentence about that."""

        def why(app: "App") -> str | None:
            from member_tracker.services import opened_files

            return opened_files.why_only_saved(app, attachment)

        def choose(risky: str | None) -> None:
            if risky is None:
                self._choose_place(attachment)
            else:
                self._warn(attachment, tr("This attachment is {risky}. {before}").format(risky=risky, before=_BEFORE))

        self._desk.ask(why, owner=self, done=choose)

    def _warn(self, attachment: MailAttachment, words: str) -> None:
        box = QMessageBox(self.window())
        box.setObjectName("riskyDialog")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(tr("This file can run something"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(tr("Opening this file could harm this computer."))
        box.setInformativeText(words)
        save = box.addButton(tr("&Save it all the same…"), QMessageBox.ButtonRole.AcceptRole)
        leave = box.addButton(tr("&Leave it"), QMessageBox.ButtonRole.RejectRole)
        save.setObjectName("riskySave")
        leave.setObjectName("riskyLeave")
        box.setDefaultButton(leave)
        box.setEscapeButton(leave)
        save.clicked.connect(lambda: self._choose_place(attachment))
        box.open()

    def _choose_place(self, attachment: MailAttachment) -> None:
        name = shown_text(attachment.name)
        a_new_file(
            self,
            tr("Save the attachment"),
            name="saveDialog",
            suggested=name,
            then=lambda path: self._save(attachment, Path(path)),
        ).open()

    def _save(self, attachment: MailAttachment, path: Path) -> None:
        def save(app: "App") -> None:
            from member_tracker.services import opened_files

            opened_files.save_as(app, attachment, path)

        self._desk.ask(save, owner=self, done=lambda _none: announce(self, tr("Saved.")))


_BEFORE = tr("Save it only if you know who sent it and why, and ask your IT before you open it.")
