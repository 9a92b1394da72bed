"""Residents: a list found as one types on the left, one seen whole on the right; on a narrow window one at a time."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedLayout, QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.people import Resident, ResidentId
from member_tracker.domain.resident_merge import ContactDetails
from member_tracker.services.deleting import delete_resident, put_back
from member_tracker.services.resident_merging import merge_residents, unmerge_resident
from member_tracker.services.residents import (
    ResidentView,
    Saved,
    confirm_today,
    edit_resident,
    open_resident,
    undo_resident,
)
from ui import look
from ui.deeds import Deed, Doing
from ui.desk import Desk
from ui.jobs import Job
from ui.language import tr
from ui.residents.detail import ResidentDetail
from ui.residents.edit import EditForm
from ui.residents.list_pane import ResidentList
from ui.residents.merge import MergeForm
from ui.widgets.focus import holds_focus
from ui.widgets.page import Page
from ui.widgets.parts import column, empty, label

if TYPE_CHECKING:
    from member_tracker.app import App

_DETAIL_BESIDE = look.THREE_PANES - look.NAV_WIDTH


class ResidentsPage(Page):
    """Finds residents and shows one; `Desk.page_wanted` may bring the id of the resident to show."""

    kinds = (RecordKind.RESIDENT, RecordKind.ENQUIRY, RecordKind.ENTRY, RecordKind.MAIL, RecordKind.OUTGOING)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "residentsPage", parent)
        self._shown: ResidentId | None = None
        self._merging: ResidentView | None = None
        self._undo: Callable[[App], object] | None = None
        self._opening: Job | None = None
        self._list = ResidentList(desk)
        self._detail = ResidentDetail(lambda: local_date(desk.now()))
        self._form = EditForm()
        self._merge = MergeForm()
        self._nothing = label(tr("Choose a resident in the list to see them whole."), name="residentNone", kind="quiet")
        self._right = QStackedLayout()
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        right = QWidget()
        right.setLayout(self._right)
        for part in (self._nothing, self._detail, self._form, self._merge):
            self._right.addWidget(part)
        self._split.setObjectName("residentSplit")
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(look.GAP)
        self._split.addWidget(self._list)
        self._split.addWidget(right)
        self._split.setSizes([440, 670])
        self._split.setStretchFactor(0, 2)
        self._split.setStretchFactor(1, 3)
        self._beside = right
        self.setLayout(column(self._split))

    def _connect(self) -> None:
        self._list.chosen.connect(self._choose)
        self._list.rested.connect(self._follow)
        self._list.shown.connect(self._follow_first)
        detail = self._detail
        detail.left.connect(self.back)
        detail.enquiry_chosen.connect(self.desk.show_enquiry)
        detail.log_wanted.connect(self._log)
        detail.edit_wanted.connect(self._edit)
        detail.confirm_wanted.connect(self._confirm)
        detail.delete_wanted.connect(self._delete)
        detail.merge_wanted.connect(self._begin_merge)
        detail.compare_wanted.connect(lambda other: self._compare(ResidentId(other)))
        detail.apart_wanted.connect(self._take_apart)
        self._form.wanted.connect(self._save)
        self._form.left.connect(self._show_detail)
        self._merge.wanted.connect(self._merge_them)
        self._merge.left.connect(self._show_detail)

    # --- as a page ----------------------------------------------------------------------------------------------------

    @property
    def is_narrow(self) -> bool:
        """Whether list and resident do not fit beside each other."""
        return self.width() < _DETAIL_BESIDE

    def show_about(self, what: object) -> None:
        """Show the resident of that id."""
        self._open(ResidentId(str(what)))

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._list.box, self._list.view, self._detail.first]

    def deeds(self) -> Doing:
        """What the menus can do here: save what is being changed, undo what was done last."""
        found: dict[Deed, Callable[[], object]] = {}
        if self._right.currentWidget() is self._form:
            found[Deed.SAVE] = self._form.save
        if self._undo is not None:
            found[Deed.UNDO] = self._undo_last
        return found

    def back(self) -> bool:
        """Esc: leave a form, then choosing another record, then go back to the list."""
        if self._right.currentWidget() in {self._form, self._merge}:
            self._show_detail()
        elif self._list.chooses_other:
            self._list.choose_other(wanted=False)
        elif self.is_narrow and self._shown is not None:
            self._shown = None
            self._arrange()
            self._list.view.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._list.box.text():
            empty(self._list.box)
        else:
            return False
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to where one types whom to find, or to what stands in its place."""
        super().focusInEvent(event)
        (self._detail.first if self._list.isHidden() else self._list.box).setFocus(event.reason())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show both panes or one."""
        super().resizeEvent(event)
        self._arrange()

    def ask(self) -> None:
        """Read the list again, and the resident who is shown."""
        self._list.ask()
        if self._shown is not None:
            self._read(self._shown)

    # --- the list -----------------------------------------------------------------------------------------------------

    def _choose(self, resident_id: str) -> None:
        if self._list.chooses_other:
            self._compare(ResidentId(resident_id))
        elif resident_id != self._shown or self.is_narrow:
            self._open(ResidentId(resident_id))

    def _follow(self, resident_id: str) -> None:
        """Show the resident the keyboard is on, unless somebody is busy with another."""
        is_busy = self._right.currentWidget() in {self._form, self._merge} or self._list.chooses_other
        if not is_busy and not self.is_narrow and resident_id != self._shown:
            self._open(ResidentId(resident_id))

    def _follow_first(self) -> None:
        if self._shown is None:
            self._list.rest()

    # --- one resident -------------------------------------------------------------------------------------------------

    def _open(self, resident_id: ResidentId) -> None:
        self._shown = resident_id
        self._read(resident_id)
        self._arrange()

    def _read(self, resident_id: ResidentId) -> None:
        if self._opening is not None:
            self._opening.cancel()
        self._opening = self.desk.ask(
            lambda app: open_resident(app, resident_id), owner=self, done=self._show_view, failed=self._gone
        )

    def _show_view(self, view: ResidentView) -> None:
        self._opening = None
        self._shown = view.resident.id
        self._list.mark(self._shown)
        self._detail.show_view(view)
        if self._right.currentWidget() is self._nothing:
            self._right.setCurrentWidget(self._detail)

    def _gone(self, error: TrackerError) -> None:
        self._opening, self._shown = None, None
        self._right.setCurrentWidget(self._nothing)
        self._arrange()
        self.desk.jobs.refused.emit(error)

    def _arrange(self) -> None:
        """Hide what does not fit; nothing hidden keeps the keyboard."""
        narrow = self.is_narrow
        self._list.setVisible(not narrow or self._shown is None or self._list.chooses_other)
        self._beside.setVisible(not narrow or self._list.isHidden())
        self._detail.show_back(shown=narrow)
        if narrow and self._list.isHidden() and self.isVisible() and not holds_focus(self._beside):
            self._detail.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_detail(self, said: str = "") -> None:
        self._merging = None
        self._list.choose_other(wanted=False)
        self._right.setCurrentWidget(self._detail)
        self._detail.say(said)
        self._arrange()
        self._detail.first.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _resident(self) -> Resident | None:
        return self._detail.view.resident if self._detail.view is not None else None

    def _log(self) -> None:
        self.desk.page_wanted.emit("form", self._detail.view)

    # --- deeds --------------------------------------------------------------------------------------------------------

    def _do(self, deed: "Callable[[App], object]", said: str, undo: "Callable[[App], object] | None" = None) -> None:
        """Have something done and say it; where it can be undone, Ctrl+Z does so."""

        def done(what: object) -> None:
            if isinstance(what, Saved):
                self._undo = None if what.deed is None else _undoing(what)
            else:
                self._undo = undo
            can_undo = tr(" Ctrl+Z undoes it.") if self._undo is not None else ""
            self._show_detail(said + can_undo)
            self.refresh()

        refuse = self._form.refuse if self._right.currentWidget() is self._form else self.desk.jobs.refused.emit
        self.desk.ask(deed, owner=self, done=done, failed=refuse)

    def _undo_last(self) -> None:
        undo = self._undo
        if undo is not None:
            self._do(undo, tr("Undone."))

    def _confirm(self) -> None:
        resident = self._resident
        if resident is not None:
            self._do(lambda app: confirm_today(app, resident.id), tr("Confirmed today."))

    def _edit(self) -> None:
        resident = self._resident
        if resident is not None:
            self._form.begin(resident)
            self._right.setCurrentWidget(self._form)
            self._form.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self, said: dict[str, str]) -> None:
        resident = self._resident
        if resident is not None:
            self._do(lambda app: edit_resident(app, resident.id, said), tr("Saved."))

    def _delete(self) -> None:
        resident = self._resident
        if resident is None:
            return

        def bring_back(app: "App") -> object:
            return put_back(app, RecordKind.RESIDENT, resident.id)

        said = tr("Deleted. It is among the recently deleted for 30 days.")
        self._do(lambda app: delete_resident(app, resident.id), said, bring_back)

    # --- two records --------------------------------------------------------------------------------------------------

    def _begin_merge(self) -> None:
        """Have the other record chosen in the list."""
        self._merging = self._detail.view
        self._list.choose_other(wanted=True)
        self._arrange()

    def _compare(self, other_id: ResidentId) -> None:
        mine = self._merging or self._detail.view
        if mine is None or mine.resident.id == other_id:
            return

        def show(theirs: ResidentView) -> None:
            self._list.choose_other(wanted=False)
            self._merge.begin(mine, theirs)
            self._right.setCurrentWidget(self._merge)
            self._arrange()
            self._merge.first.setFocus(Qt.FocusReason.OtherFocusReason)

        self.desk.ask(lambda app: open_resident(app, other_id), owner=self, done=show)

    def _merge_them(self, chosen: ContactDetails) -> None:
        mine, other = self._merging or self._detail.view, self._merge.other_id
        if mine is None or other is None:
            return
        keep_id, other_id = mine.resident.id, ResidentId(other)

        def apart(app: "App") -> object:
            return unmerge_resident(app, other_id)

        self._do(lambda app: merge_residents(app, keep_id, other_id, chosen), tr("The two are one record now."), apart)

    def _take_apart(self, absorbed_id: str) -> None:
        other = ResidentId(absorbed_id)
        self._do(lambda app: unmerge_resident(app, other), tr("They are two records again."))


def _undoing(saved: Saved) -> "Callable[[App], object]":
    deed = saved.deed or ""
    return lambda app: undo_resident(app, saved.resident.id, deed)
