"""Service areas and their duty rota: who is on now, which opening hours nobody covers, and the rota as text."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.errors import TrackerError
from member_tracker.services.rota import AreaRota, TooLong, gaps_of, keep_rota, rotas, undo_rota
from ui import look
from ui.deeds import Deed, Doing
from ui.desk import Desk
from ui.language import tr, tr_count
from ui.settings.rota_sharing import SharingPart
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

_TYPING_MS = 300
_MOST_ROWS = 10
_HOW = tr(
    "One duty officer a line, in the order they are asked: Sam Reed <sam.reed@council.example.org>: Mon-Fri "
    "08:45-17:00. Several may be on at once; without times somebody is on whenever the offices are open."
)
_UNDO = tr("Ctrl+Z undoes it.")
_EXAMPLE = "Sam Reed <sam.reed@council.example.org>: Mon-Wed 08:45-17:00; Thu 9-12"


class RotaPage(Page):
    """Lists the service areas and lets the rota of one be written."""

    kinds = (RecordKind.SERVICE_AREA, RecordKind.COUNCIL)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "rotaPage", parent)
        self._chosen: AreaRota | None = None
        self._today = label(name="rotaToday", kind="strong")
        self._said = label(name="rotaSaid", kind="strong")
        self._rights = label(name="rotaRights")
        self._model: TableModel[AreaRota] = TableModel(_columns(), self)
        self._view = RowsView("rotaAreas", tr("Service areas"), wrap=True)
        self._summary = ErrorSummary("rotaErrors")
        self._text = QPlainTextEdit()
        self._heading = buddy(tr("&Rota"), self._text, kind="heading")
        self._gaps = label(name="rotaGaps")
        self._sharing = SharingPart()
        self._undo: Callable[[App], AreaRota] | None = None
        self._save = button(tr("&Save"), self._keep, name="rotaSave", kind="first", tip="Ctrl+S")
        self._typing = QTimer(self)
        self._lay_out()
        self._view.row_current.connect(self._choose)
        self._text.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._look_for_gaps)
        self._sharing.kept.connect(self._keep)

    def _lay_out(self) -> None:
        self._view.show_model(self._model, (24, 0, 0))
        self._text.setObjectName("rotaText")
        self._text.setTabChangesFocus(True)
        self._text.setPlaceholderText(_EXAMPLE)
        self._text.setFixedHeight(self._text.fontMetrics().height() * 6 + look.ROOM)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._said.hide()
        self._rights.hide()
        back = button(tr("&Back"), self.left.emit, name="rotaBack", tip="Esc")
        inside = QFrame()
        inside.setObjectName("rota")
        inside.setLayout(
            column(
                label(tr("Service areas and duty rota"), name="rotaTitle", kind="title"),
                self._rights,
                self._today,
                self._said,
                buddy(tr("Service &areas"), self._view, kind="heading"),
                self._view,
                self._heading,
                label(_HOW, name="rotaHow", kind="quiet"),
                self._summary,
                self._text,
                self._gaps,
                self._sharing,
                row(self._save, back, None),
                None,
            )
        )
        self.setLayout(column(Scrolled(inside)))

    def ask(self) -> None:
        """Read the rota of every service area."""
        self.desk.ask(rotas, owner=self, done=self._show)

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._view, self._text]

    def deeds(self) -> Doing:
        """Ctrl+S keeps what was written, Ctrl+Z undoes what was kept last."""
        found: dict[Deed, Callable[[], object]] = {Deed.SAVE: self._keep} if self._may_change else {}
        return found if self._undo is None else {**found, Deed.UNDO: self._undo_last}

    @property
    def _may_change(self) -> bool:
        return self._chosen is not None and not self._rights.text()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the service areas."""
        super().focusInEvent(event)
        self._view.setFocus(event.reason())

    def _show(self, found: Sequence[AreaRota]) -> None:
        at = max(0, self._view.currentIndex().row())
        self._model.show([RowsPage(rows=tuple(found))])
        self._view.setVisible(bool(found))
        self._let_write(found[0].not_allowed if found else "")
        missing = [area.name for area in found if area.missing_today]
        nobody = tr("For part of today or all of it nobody is on duty for: {missing}.").format(
            missing=", ".join(missing)
        )
        self._today.setText(nobody if missing else tr("No opening hour of today is without somebody on duty."))
        if found:
            self._view.fit(_MOST_ROWS)
            self._view.go_to(min(at, len(found) - 1))
            self._choose(self._view.currentIndex().row())

    def _let_write(self, not_allowed: str) -> None:
        """Where nobody may change anything here, it is said, and the rota is to be read alone."""
        self._rights.setText(not_allowed)
        self._rights.setVisible(bool(not_allowed))
        self._text.setReadOnly(bool(not_allowed))
        self._sharing.let_write(may_change=not not_allowed)
        self._save.setVisible(not not_allowed)

    def _choose(self, number: int) -> None:
        """Show the rota of that area, unless what was written for it is not kept yet."""
        area = self._model.row(number)
        if area is None:
            return
        same = self._chosen is not None and self._chosen.area_id == area.area_id
        if same and self._chosen is not None and self._is_written(self._chosen):
            return
        self._chosen = area
        self._heading.setText(tr("&Rota of {area}").format(area=area.name.replace("&", "&&")))
        self._summary.tell(())
        self._write_out(area)
        self._show_gaps(area.gaps)
        if not same:
            self._said.hide()

    def _is_written(self, kept: AreaRota) -> bool:
        """Whether anything stands here that is not kept yet."""
        return self._text.toPlainText() != kept.text or self._sharing.differs_from(kept)

    def _write_out(self, area: AreaRota) -> None:
        self._text.setPlainText(area.text)
        self._sharing.show_area(area)

    def _look_for_gaps(self) -> None:
        text = self._text.toPlainText()
        self.desk.ask(lambda app: gaps_of(app, text), owner=self, done=self._show_gaps, failed=self._cannot_read)

    def _show_gaps(self, gaps: Sequence[str]) -> None:
        covered = tr("Every opening hour of the next seven days is covered.")
        self._gaps.setText(
            tr("Not covered in the next seven days: {gaps}.").format(gaps="; ".join(gaps)) if gaps else covered
        )

    def _cannot_read(self, error: TrackerError) -> None:
        self._gaps.setText(str(error))

    def _keep(self) -> None:
        chosen, text = self._chosen, self._text.toPlainText()
        if chosen is None or not self._may_change:
            return
        rule, notes = self._sharing.rule, self._sharing.notes_changed(chosen)

        def kept(area: AreaRota) -> None:
            deed = area.deed
            self._undo = None if deed is None else lambda app: undo_rota(app, area.area_id, deed)
            saved = tr("The rota of {area} was saved.").format(area=area.name)
            self._show_kept(area, f"{saved} {_UNDO}" if deed else saved)

        def refuse(error: TrackerError) -> None:
            field = self._sharing.note if isinstance(error, TooLong) else self._text
            self._summary.tell([Wrong(words=error.title, advice=error.advice, field=field)])

        self.desk.ask(
            lambda app: keep_rota(app, chosen.area_id, text, sharing=rule, notes=notes),
            owner=self,
            done=kept,
            failed=refuse,
        )

    def _undo_last(self) -> None:
        undo = self._undo

        def undone(area: AreaRota) -> None:
            self._undo = None
            self._show_kept(area, tr("Undone: the rota of {area} is as it was.").format(area=area.name))

        if undo is not None:
            self.desk.ask(undo, owner=self, done=undone)

    def _show_kept(self, area: AreaRota, words: str) -> None:
        """It is what the page shows, where it shows that area."""
        if self._chosen is not None and self._chosen.area_id == area.area_id:
            self._summary.tell(())
            self._chosen = area
            self._write_out(area)
        self._said.setText(words)
        self._said.show()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)  # where Ctrl+Z undoes it
        announce(self, self._said.text())


def _columns() -> tuple[Column[AreaRota], ...]:
    def spoken(area: AreaRota) -> str:
        return tr("{area}, {on_now}, not covered: {not_covered}").format(
            area=area.name, on_now=_on_now(area), not_covered=_not_covered(area)
        )

    return (
        Column(heading=tr("Service area"), words=lambda area: area.name, spoken=spoken),
        Column(heading=tr("On duty now"), words=_on_now),
        Column(heading=tr("Not covered"), words=_not_covered),
    )


def _on_now(area: AreaRota) -> str:
    return ", ".join(area.on_now) or tr("nobody")


def _not_covered(area: AreaRota) -> str:
    if len(area.gaps) < 2:
        return area.gaps[0] if area.gaps else tr("nothing")
    more = len(area.gaps) - 1
    return tr_count("{gap} and {n} more", "{gap} and {n} more", more).format(gap=area.gaps[0], n=more)
