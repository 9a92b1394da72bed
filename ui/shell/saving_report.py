"""Save a report: what it says is shown whole before it is put into a file."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, qVersion
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QPlainTextEdit, QWidget

from ui import look
from ui.desk import Desk
from ui.jobs import Lane
from ui.language import tr
from ui.logbook import BARE_FILE
from ui.widgets.announce import announce
from ui.widgets.file_dialog import a_new_file
from ui.widgets.parts import buddy, column, label

if TYPE_CHECKING:
    from member_tracker.app import App

NAME = "member-tracker-report.txt"
_WHAT = tr(
    "This is all that the report says. It names no resident, enquiry, person, mailbox or folder. Save it, and give it"
    " to whoever looks after Member Tracker for you."
)


class ReportDialog(QDialog):
    """Shows the report, and saves it where somebody says; Esc closes it."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("reportDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Save a report"))
        self._desk = desk
        self._text = QPlainTextEdit()
        self._text.setObjectName("reportText")
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._said = label(name="reportSaid", kind="quiet")
        self._said.hide()
        buttons = QDialogButtonBox()
        self._save = buttons.addButton(tr("&Save…"), QDialogButtonBox.ButtonRole.ActionRole)
        self._save.setObjectName("reportSave")
        self._save.setEnabled(False)
        close = buttons.addButton(tr("&Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("reportClose")
        what = label(_WHAT, name="reportWhat")
        self.setLayout(
            column(what, buddy(tr("&Report"), self._text), self._text, self._said, buttons, margin=look.ROOM)
        )
        self.resize(look.DIALOG_SIZE)
        buttons.rejected.connect(self.reject)
        self._save.clicked.connect(self._ask_where)
        self._text.setFocus()
        self._ask()

    def save_to(self, file: str) -> None:
        """Write the report into that file."""
        self._desk.jobs.run(Lane.LOCAL, _write, file, self._text.toPlainText(), owner=self, done=self._say)

    def _ask(self) -> None:
        window = _window_in_words()
        if self._desk.is_open:
            self._desk.ask(lambda app: _report(app, window), owner=self, done=self._show)
        else:
            from member_tracker.services.fault_report import bare_report

            self._show(bare_report(None) + "\n".join(window) + "\n")

    def _show(self, report: str) -> None:
        self._text.setPlainText(report)
        self._save.setEnabled(True)

    def _ask_where(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = a_new_file(
            self, tr("Save the report"), name="reportWhere", suggested=str(Path(folder) / NAME), then=self.save_to
        )
        dialog.setNameFilter(tr("Text (*.txt)"))
        dialog.setDefaultSuffix("txt")
        dialog.open()

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.show()
        announce(self, words)


def _report(app: "App", window: tuple[str, ...]) -> str:
    """In the lane: the report of an open profile."""
    from member_tracker.services.fault_report import Surroundings, fault_report

    return fault_report(app, Surroundings(window=window, log=app.profile.folder / BARE_FILE))


def _write(file: str, report: str) -> str:
    """In the lane: what is said once it is written, or why it could not be."""
    try:
        Path(file).write_text(report, encoding="utf-8")
    except OSError as error:
        return tr("The report could not be written there ({strerror}). Choose another folder.").format(
            strerror=error.strerror
        )
    return tr("The report is saved.")


def _window_in_words() -> tuple[str, ...]:
    """How the window looks on this screen."""
    app = QApplication.instance()
    screens = [
        f"{screen.geometry().width()}×{screen.geometry().height()} at {screen.devicePixelRatio():.0%}"
        for screen in QApplication.screens()
    ]
    worn = app.property("scheme") if app is not None else ""
    return (
        f"Qt {qVersion()} on {QApplication.platformName()}; screens {', '.join(screens)}",
        f"Colours: {worn}; text of {QApplication.font().pointSizeF():g} points",
    )
