"""Set by your council: what is fixed on this computer and by which file, and whether a newer version is announced."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import TrackerError
from member_tracker.policy import Fixed
from member_tracker.services.council_here import CouncilHere, council_here
from ui import look
from ui.desk import Desk
from ui.language import tr
from ui.settings.council_words import SET_BY_COUNCIL, fixed_words, updates_words
from ui.table import Column, TableModel
from ui.table import Page as RowsPage
from ui.widgets.announce import announce
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.page import Page
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.rows_view import RowsView
from ui.widgets.scrolled import Scrolled

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.services.updates import Updates

_MOST = 15


class CouncilPage(Page):
    """Shows both; `looked` carries how it stands with updates after somebody looked or changed the address."""

    looked = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "councilFixedPage", parent)
        self._model: TableModel[Fixed] = TableModel(_columns(), self)
        self._view = RowsView("councilFixed", tr("What is fixed"), quiet=True, wrap=True)
        self._heading = buddy(tr("What is fi&xed"), self._view, kind="heading")
        self._why = label(name="councilWhy")
        self._file = QLineEdit()
        self._file.setObjectName("councilFile")
        self._file.setReadOnly(True)
        self._file_label = buddy(tr("B&y this file"), self._file)
        self._summary = ErrorSummary("updatesErrors")
        self._updates = label(name="updatesWords")
        self._address = QLineEdit()
        self._address.setObjectName("updatesAddress")
        self._address.setPlaceholderText(tr("https://it.example.org/member-tracker.json; empty to look nowhere"))
        self._by_council = label(SET_BY_COUNCIL, name="updatesByCouncil", kind="quiet", wrap=False)
        self._keep = button(tr("&Keep this address"), self._keep_address, name="updatesKeep")
        self._look = button(tr("Look no&w"), self._look_now, name="updatesLook")
        self._address.returnPressed.connect(self._keep_address)
        self._lay_out()

    def _lay_out(self) -> None:
        self._view.show_model(self._model, (36, 0))
        where = QWidget()
        where.setMaximumWidth(look.FORM_WIDTH)
        where.setLayout(row(buddy(tr("&Announced at"), self._address), self._address, self._by_council))
        file = QWidget()
        file.setMaximumWidth(look.FORM_WIDTH)
        file.setLayout(row(self._file_label, self._file))
        inside = QFrame()
        inside.setObjectName("council")
        inside.setLayout(
            column(
                label(SET_BY_COUNCIL, name="councilFixedTitle", kind="title"),
                self._why,
                file,
                self._heading,
                self._view,
                label(tr("Newer versions"), name="updatesHeading", kind="heading"),
                self._summary,
                self._updates,
                where,
                row(
                    self._keep,
                    self._look,
                    button(tr("&Back"), self.left.emit, name="councilFixedBack", tip="Esc"),
                    None,
                ),
                None,
            )
        )
        self.setLayout(column(Scrolled(inside)))

    def ask(self) -> None:
        """Read what is fixed."""
        self.desk.ask(council_here, owner=self, done=self._show)

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._address] if self._view.isHidden() else [self._view, self._address]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the list, or to the address where there is none."""
        super().focusInEvent(event)
        self.panes()[0].setFocus(event.reason())

    def _show(self, here: CouncilHere) -> None:
        self._why.setText(fixed_words(here))
        self._model.show([RowsPage(rows=here.fixed)])
        for part in (self._view, self._heading):
            part.setVisible(bool(here.fixed))
        self._file.setVisible(here.file is not None)
        self._file_label.setVisible(here.file is not None)
        self._file.setText(str(here.file or ""))
        if here.fixed:
            self._view.fit(_MOST)
            self._view.go_to(0)
        if not self._address.isModified():
            self._show_updates(here.updates)

    def _show_updates(self, updates: "Updates") -> None:
        self._updates.setText(updates_words(updates, local_date(self.desk.now())))
        self._address.setText(updates.address)
        self._address.setReadOnly(updates.by_council)
        self._by_council.setVisible(updates.by_council)
        self._keep.setVisible(not updates.by_council)
        self._look.setEnabled(bool(updates.address))
        self._summary.tell(())

    def _keep_address(self) -> None:
        address = self._address.text()

        def keep(app: "App") -> "Updates":
            from member_tracker.services.updates import set_updates_address

            return set_updates_address(app, address)

        if not self._address.isReadOnly():
            self.desk.ask(keep, owner=self, done=self._found, failed=self._refuse)

    def _look_now(self) -> None:
        def look_for_them(app: "App") -> "Updates":
            from member_tracker.services.updates import look_for_updates

            return look_for_updates(app)

        self._look.setEnabled(False)
        self._updates.setText(tr("Looking…"))
        self.desk.ask_outside(look_for_them, owner=self, done=self._found, failed=self._refuse)

    def _found(self, updates: "Updates") -> None:
        self._show_updates(updates)
        announce(self, self._updates.text())
        self.looked.emit(updates)

    def _refuse(self, error: TrackerError) -> None:
        self._summary.tell([Wrong(words=error.title, advice=error.advice, field=self._address)])
        self._look.setEnabled(True)


def _columns() -> tuple[Column[Fixed], ...]:
    return (
        Column(heading=tr("Setting"), words=lambda fixed: fixed.name),
        Column(heading=SET_BY_COUNCIL, words=lambda fixed: fixed.value),
    )
