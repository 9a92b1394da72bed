"""Importing: a file is chosen or dropped, looked at, brought in with a count that can be stopped, and undone."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.errors import Invalid, TrackerError
from member_tracker.domain.watching import Stopped
from member_tracker.services.importing import (
    Checked,
    Table,
    check,
    import_table,
    imports,
    look_at,
    template_csv,
    undo_import,
)
from member_tracker.services.importing_kept import Imported
from member_tracker.services.importing_mail import bring_in_mail, brought_in_words, is_mail
from member_tracker.services.importing_rows import Plan
from ui.deeds import Deed, Doing
from ui.desk import Desk
from ui.importing.choose import ChoosePart
from ui.importing.preview import Offered, PreviewPart
from ui.jobs import Job, Line
from ui.language import tr, tr_count
from ui.widgets.file_dialog import a_new_file, some_files
from ui.widgets.working import Working
from ui.widgets.working_page import WorkingPage

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.services.collecting import Collected

_MEANWHILE = tr(
    "You can go on working meanwhile. You may stop at any time: what came in by then stays, can be taken back, "
    "and is gone on with when the same file is imported again."
)
_PART_BACK = tr("Stopped. Some of the import is left: press Ctrl+Z to take the rest back.")
_KINDS = tr("Tables and mail (*.csv *.txt *.tsv *.eml *.msg);;All files (*)")


class ImportPage(WorkingPage):
    """Begins with choosing; a table is shown as it would become, and mail goes at once where mail goes."""

    kinds = (RecordKind.ENQUIRY, RecordKind.SERVICE_AREA, RecordKind.COUNCILLOR)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "importPage", Working("importing"), parent)
        self._table: Table | None = None
        self._checking: Job | None = None
        self._choose = ChoosePart()
        self._preview = PreviewPart()
        self._hold_parts(self._choose, self._preview, self._working)
        self._choose.file_wanted.connect(self._choose_file)
        self._choose.template_wanted.connect(self._choose_template)
        self._choose.undo_wanted.connect(self._undo)
        self._choose.left.connect(self.left)
        self._preview.left.connect(self._show_first)
        self._preview.changed.connect(self._check)
        self._preview.agreed.connect(self._import)

    def ask(self) -> None:
        """Read what was imported on this computer."""
        self.desk.ask(imports, owner=self, done=self._choose.show_imports)

    def deeds(self) -> Doing:
        """Ctrl+Z takes the latest import back."""
        return {Deed.UNDO: self._undo} if self._shown is self._choose else {}

    def show_about(self, what: object) -> None:
        """Look at a file, or files, that somebody dropped or opened the program with."""
        files = [what] if isinstance(what, Path) else [each for each in _all(what) if isinstance(each, Path)]
        if files:
            self.take(files)

    def take(self, files: Sequence[Path]) -> None:
        """Bring mail in at once; show the one table as it would become."""
        mails = [file for file in files if is_mail(file)]
        tables = [file for file in files if not is_mail(file)]
        if mails and tables:
            self._refuse(
                Invalid(tr("Mail and a table cannot be imported together."), advice=tr("Drop one after the other."))
            )
        elif len(tables) > 1:
            self._refuse(Invalid(tr("Only one table is imported at a time."), advice=tr("Drop one after the other.")))
        elif tables:
            self._look_at(tables[0])
        else:
            self._bring_in_mail(mails)

    # --- what each page says for itself -------------------------------------------------------------------------------

    def _is_first(self, part: QWidget) -> bool:
        return part is self._choose

    def _show_first(self) -> None:
        self._show(self._choose)

    # --- choosing -----------------------------------------------------------------------------------------------------

    def _choose_file(self) -> None:
        dialog = some_files(
            self,
            tr("Choose a file to import"),
            name="importDialog",
            then=lambda paths: self.take([Path(path) for path in paths]),
        )
        dialog.setNameFilter(_KINDS)
        dialog.open()

    def _choose_template(self) -> None:
        dialog = a_new_file(
            self,
            tr("Save a template"),
            name="templateDialog",
            suggested="enquiries.csv",
            then=lambda path: self._save_template(Path(path)),
        )
        dialog.setDefaultSuffix("csv")
        dialog.open()

    def _save_template(self, path: Path) -> None:
        def save(_app: "App") -> None:
            try:
                path.write_bytes(template_csv())
            except OSError as error:
                raise Invalid(
                    tr("The template could not be written there."), advice=tr("Choose another folder.")
                ) from error

        said = tr("The template is saved. Fill it in with a spreadsheet, then import it.")
        self.desk.ask(save, owner=self, done=lambda _none: self._choose.say(said))

    # --- what takes its time ------------------------------------------------------------------------------------------

    def _look_at(self, file: Path) -> None:
        def look(app: "App", line: Line) -> tuple[Table, Offered, Checked]:
            table = look_at(app, file)
            return table, _offered(app), check(app, table.sheet, table.plan, line.watch)

        self._begin(tr("Reading the file"), look, self._show_table, self._refuse)

    def _show_table(self, read: tuple[Table, Offered, Checked]) -> None:
        self._table, offered, checked = read
        self._preview.show_table(self._table, offered)
        self._preview.show_checked(checked)
        self._show(self._preview)

    def _check(self, plan: Plan) -> None:
        """Look at the rows again, read otherwise; the answer to an older question is dropped."""
        table = self._table
        if table is None:
            return
        if self._checking is not None:
            self._checking.cancel()
        self._checking = self.desk.ask(
            lambda app: check(app, table.sheet, plan), owner=self, done=self._preview.show_checked
        )

    def _import(self, plan: Plan) -> None:
        table = self._table
        if table is None:
            return

        def bring_in(app: "App", line: Line) -> Imported:
            again = table.before is not None
            return import_table(app, table, plan, leave_out=True, again=again, watch=line.watch)

        def done(made: Imported) -> None:
            self._table = None
            self._say_done(_imported(made))

        self._begin(tr("Importing"), bring_in, done, self._refuse_import, note=_MEANWHILE)

    def _bring_in_mail(self, files: Sequence[Path]) -> None:
        def bring_in(app: "App", line: Line) -> "Collected":
            return bring_in_mail(app, files, line.watch)

        self._begin(tr("Bringing mail in"), bring_in, lambda done: self._say_done(brought_in_words(done)), self._refuse)

    def _undo(self) -> None:
        def done(undone: Imported) -> None:
            self._say_done(_PART_BACK if undone.going else undone.undone_words)

        def take_back(app: "App", line: Line) -> Imported:
            return undo_import(app, watch=line.watch)

        self._begin(tr("Taking the import back"), take_back, done, self._refuse)

    def _say_done(self, words: str) -> None:
        self._show(self._choose)
        self._choose.say(words)
        self.ask()

    def _refuse_import(self, error: TrackerError) -> None:
        """The table is still there, to be put right or tried again."""
        self._show(self._preview)
        if not isinstance(error, Stopped):
            self.desk.jobs.refused.emit(error)

    def _refuse(self, error: TrackerError) -> None:
        self._show(self._choose)
        if isinstance(error, Stopped):
            self._choose.say(str(error))
        else:
            self.desk.jobs.refused.emit(error)


def _all(what: object) -> Sequence[object]:
    return what if isinstance(what, tuple | list) else ()


def _offered(app: "App") -> Offered:
    """The councillors and service areas there are, by name."""
    from member_tracker.domain.people import Councillor, ServiceArea, in_being
    from member_tracker.services.parts import is_shared

    with app.store.reading() as tx:
        return Offered(
            councillors=tuple(sorted(person.name for person in tx.every(Councillor))),
            areas=tuple(sorted({area.name for area in tx.every(ServiceArea) if in_being(area, app.today())})),
            may_make=not is_shared(tx),
        )


def _imported(made: "Imported") -> str:
    """What came in, and how it is taken back."""
    all_in = tr_count(
        "{n:,} enquiry was imported. Ctrl+Z takes back all of it.",
        "{n:,} enquiries were imported. Ctrl+Z takes back all of it.",
        made.enquiries,
    )
    part = tr_count(
        "Stopped. {n:,} enquiry was imported: import the same file again for the rest, or take back what came with "
        "Ctrl+Z.",
        "Stopped. {n:,} enquiries were imported: import the same file again for the rest, or take back what came with "
        "Ctrl+Z.",
        made.enquiries,
    )
    return (all_in if made.is_whole else part).format(n=made.enquiries)
