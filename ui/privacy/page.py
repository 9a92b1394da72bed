"""Where is my data: where it lies and goes, and what can be done: back up, restore, export, lock."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.watching import Stopped
from member_tracker.services.locking import set_lock_after
from member_tracker.services.whereabouts import KeyKind, Whereabouts, forget_kept, whereabouts
from ui.desk import Desk
from ui.jobs import Line
from ui.language import tr, tr_count
from ui.privacy.overview import WhereOverview
from ui.privacy.restoring import PuttingBack, RestoreForm
from ui.privacy.taking_out import TakeOutForm, TakingOut
from ui.widgets.working import Working
from ui.widgets.working_page import WorkingPage
from ui.words import size_words

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.services.exporting import Exported
    from member_tracker.services.safekeeping import BackedUp, Restored

_BACK_UP = tr(
    "One encrypted file with everything this profile keeps. Only the passphrase opens it, on any computer: write it "
    "down where the file is not."
)
_EXPORT = tr(
    "Everything in forms that other programs read: records, mails and their files. None of it is encrypted, and it is "
    "about people: keep it where only you can read it, and delete it when it is done with."
)


class WherePage(WorkingPage):
    """Says where everything is; back-ups and exports are written from here."""

    kinds = (RecordKind.ENQUIRY, RecordKind.RESIDENT, RecordKind.COUNCILLOR)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "wherePage", Working("taking"), parent)
        self._overview = WhereOverview()
        self._backup = TakeOutForm("backUp", tr("Back up"), _BACK_UP, tr("Back &up"), secret=True)
        self._export = TakeOutForm("export", tr("Export"), _EXPORT, tr("E&xport"), secret=False)
        self._restore = RestoreForm(in_place=True)
        self._where: Whereabouts | None = None
        self._hold_parts(self._overview, self._backup, self._export, self._restore, self._working)
        self._connect()

    def _connect(self) -> None:
        self._overview.left.connect(self.left)
        self._overview.back_up_wanted.connect(self._ask_back_up)
        self._overview.export_wanted.connect(self._ask_export)
        self._overview.restore_wanted.connect(self._ask_restore)
        self._overview.forget_wanted.connect(self._ask_forget)
        self._restore.wanted.connect(self._put_back)
        self._restore.left.connect(self._show_first)
        self._overview.lock_wanted.connect(self.desk.lock_wanted)
        self._overview.minutes_chosen.connect(self._lock_after)
        self._backup.wanted.connect(self._back_up)
        self._export.wanted.connect(self._write_out)
        self._backup.left.connect(self._show_first)
        self._export.left.connect(self._show_first)

    def ask(self) -> None:
        """Look where everything is."""
        self.desk.ask(whereabouts, owner=self, done=self._show_where)

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._overview.first]

    def _is_first(self, part: QWidget) -> bool:
        return part is self._overview

    def _show_first(self, said: str = "") -> None:
        self._backup.forget()
        self._export.forget()
        self._restore.forget()
        self._show(self._overview)
        self._overview.say(said)

    def _focus(self) -> None:
        if isinstance(self._shown, WhereOverview | TakeOutForm | RestoreForm):
            self._shown.first.setFocus()
        else:
            super()._focus()

    def _show_where(self, where: Whereabouts) -> None:
        self._where = where
        self._overview.show_where(where, local_date(self.desk.now()))

    def _ask_back_up(self) -> None:
        self._backup.begin(self._beside_home(".backup"))
        self._show(self._backup)

    def _ask_export(self) -> None:
        self._export.begin(self._beside_home(""))
        self._show(self._export)

    def _beside_home(self, ending: str) -> Path:
        return Path.home() / f"Member Tracker {local_date(self.desk.now()):%Y-%m-%d}{ending}"

    def _back_up(self, taking: TakingOut) -> None:
        def deed(app: "App", line: Line) -> "BackedUp":
            from member_tracker.services.safekeeping import back_up

            return back_up(app, taking.path, taking.passphrase, watch=line.watch)

        def done(written: "BackedUp") -> None:
            self._show_first(
                tr("Backed up: {size} in {file}.").format(size=size_words(written.size), file=written.file)
            )

        self._begin(tr("Backing up"), deed, done, lambda error: self._refuse(self._backup, error))

    def _write_out(self, taking: TakingOut) -> None:
        def deed(app: "App", line: Line) -> "Exported":
            from member_tracker.services.exporting import export

            return export(app, taking.path, watch=line.watch)

        def done(written: "Exported") -> None:
            self._show_first(
                tr("Exported: {files} files, {size}, in {folder}.").format(
                    files=written.files, size=size_words(written.size), folder=written.folder
                )
            )

        self._begin(tr("Exporting"), deed, done, lambda error: self._refuse(self._export, error))

    def _ask_restore(self) -> None:
        where = self._where
        if where is not None:
            lost = (
                tr("{unsent} That would be in the former profile alone.").format(unsent=where.unsent)
                if where.unsent
                else ""
            )
            self._restore.begin(asks_own=where.key is KeyKind.PASSPHRASE, lost=lost)
            self._show(self._restore)

    def _put_back(self, putting: PuttingBack) -> None:
        """Make it ready beside the profile; it takes its place when the window opens anew."""

        def deed(app: "App", line: Line) -> "Restored":
            from member_tracker.services.replacing import prepare_here

            return prepare_here(app, putting.file, putting.passphrase, putting.own, line.watch)

        def done(_restored: "Restored") -> None:
            self._restore.forget()
            self.desk.emptied.emit()

        self._begin(tr("Restoring a back-up"), deed, done, lambda error: self._refuse(self._restore, error))

    def _ask_forget(self) -> None:
        """It cannot be undone, so it is asked."""
        box = QMessageBox(self.window())
        box.setObjectName("forgetDialog")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(tr("Delete what is kept"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(tr("Delete the copies and former profiles that are kept beside this one?"))
        box.setInformativeText(tr("Your casework stays as it is. What only they hold is gone for good."))
        forget = box.addButton(tr("&Delete them"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(tr("&Keep them"), QMessageBox.ButtonRole.RejectRole)
        forget.setObjectName("forgetAgree")
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        forget.clicked.connect(self._forget_kept)
        box.open()

    def _forget_kept(self) -> None:
        def done(_nothing: None) -> None:
            self._overview.say(tr("Nothing is kept beside your casework any more."))
            self.refresh()

        self.desk.ask(forget_kept, owner=self, done=done)

    def _refuse(self, form: TakeOutForm | RestoreForm, error: TrackerError) -> None:
        if isinstance(error, Stopped):
            self._show_first(tr("Stopped. Nothing was written."))
        else:
            self._show(form)
            form.refuse(error)

    def _lock_after(self, minutes: int) -> None:
        def done(kept: int) -> None:
            after = tr_count("The window locks after {n} minute.", "The window locks after {n} minutes.", kept)
            self._overview.say(after.format(n=kept) if kept else tr("The window locks never by itself."))
            self.desk.lock_changed.emit(kept)

        self.desk.ask(lambda app: set_lock_after(app, minutes), owner=self, done=done)
