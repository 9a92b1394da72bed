"""What casework can save: the list that is shown as a file, and one enquiry as an auditor's pack."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QRadioButton, QWidget

from member_tracker.domain.watching import Watch
from member_tracker.services.exporting_tables import Form, Saved
from ui import look
from ui.deeds import Deed, Doing
from ui.desk import Desk
from ui.language import tr
from ui.reports.saving import Saving, Wish
from ui.widgets.file_dialog import a_folder
from ui.widgets.parts import column, label

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.services.lists import Wanted

_ABOUT_PACKS = tr(
    "Everything about this enquiry, for an auditor: every message, who changed what and when, each step of its clocks, "
    "and checksums. It is not encrypted: keep it where only those can read it who must."
)


class CaseworkSaving(QObject):
    """Saves the list and the enquiry of a page; `what` asks for the list, `title` says which it is."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._saving = Saving(desk, page)

    def deeds(self, what: "Callable[[App], Wanted]", title: str, enquiry_id: str | None) -> Doing:
        """What the menus can do with them."""
        doing: dict[Deed, Callable[[], object]] = {Deed.EXPORT: lambda: self._save_list(what, title)}
        if enquiry_id is not None:
            doing[Deed.PACK] = lambda: self._save_pack(enquiry_id)
        return doing

    def _save_list(self, what: "Callable[[App], Wanted]", title: str) -> None:
        def write(app: "App", file: Path, form: Form, watch: Watch) -> Saved:
            from member_tracker.services.exporting_tables import save_list
            from ui.reports.paper import draw_table

            return save_list(app, what(app), title, file, form, draw=draw_table, again=True, watch=watch)

        self._saving.ask(Wish(title=tr("Save the list"), name="enquiries", write=write))

    def _save_pack(self, enquiry_id: str) -> None:
        box = PackBox(self._page)
        box.agreed.connect(lambda: self._choose_folder(enquiry_id, box.with_resident, box.as_zip))
        box.open()

    def _choose_folder(self, enquiry_id: str, with_resident: bool, as_zip: bool) -> None:
        def write(app: "App", folder: Path, _form: Form, watch: Watch) -> Saved:
            from member_tracker.domain.enquiry import EnquiryId
            from member_tracker.services.exporting_pack import make_pack

            done = make_pack(
                app, EnquiryId(enquiry_id), folder, with_resident=with_resident, as_zip=as_zip, watch=watch
            )
            return Saved(file=done.path, rows=done.files)

        wish = Wish(title=tr("Where the pack is to lie"), name="pack", write=write)
        a_folder(
            self._page,
            wish.title,
            name="packFolderDialog",
            then=lambda path: self._saving.write(wish, Path(path), Form.CSV),
        ).open()


class PackBox(QDialog):
    """Asks what a pack is to hold; `agreed` says that somebody wants it so."""

    agreed = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(page.window())
        self.setObjectName("packBox")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Auditor's pack"))
        self._whole = QRadioButton(tr("&With the resident's details, and every message"))
        self._bare = QRadioButton(tr("With&out: only who did what and when, and nothing anybody wrote"))
        self._zip = QCheckBox(tr("As one &zip file"))
        self._whole.setObjectName("packWhole")
        self._bare.setObjectName("packBare")
        self._zip.setObjectName("packZip")
        self._whole.setChecked(True)
        buttons = QDialogButtonBox()
        agree = buttons.addButton(tr("&Choose a folder…"), QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = buttons.addButton(tr("C&ancel"), QDialogButtonBox.ButtonRole.RejectRole)
        agree.setObjectName("packAgree")
        agree.setProperty("kind", "first")
        cancel.setObjectName("packCancel")
        about = label(_ABOUT_PACKS, name="packAbout")
        self.setLayout(column(about, self._whole, self._bare, self._zip, buttons, margin=look.ROOM, gap=look.ROOM))
        self.resize(look.FIELD_WIDTH, self.sizeHint().height())
        buttons.accepted.connect(self._agree)
        buttons.rejected.connect(self.reject)
        self._whole.setFocus()

    @property
    def with_resident(self) -> bool:
        """Whether the resident's details are wanted."""
        return self._whole.isChecked()

    @property
    def as_zip(self) -> bool:
        """Whether one file is wanted."""
        return self._zip.isChecked()

    def _agree(self) -> None:
        self.agreed.emit()
        self.accept()
