"""Recently deleted: what was deleted within the last thirty days, each put back by one press."""

from datetime import date, timedelta

from PySide6.QtWidgets import QLabel, QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.dates import local_date
from member_tracker.services.deleting import KEPT_DAYS, DeletedRow, RecentlyDeleted, put_back, recently_deleted
from ui.desk import Desk
from ui.language import tr
from ui.table import Column
from ui.widgets.decisions import Decisions, DecisionsPage, Listed
from ui.widgets.parts import button
from ui.words import near_day, short_day

_EMPTY = tr("Nothing was deleted lately.\nWhat you delete is kept here for 30 days, and can be put back as it was.")
_WHY = tr("Each of these is put back as it was, with all that belongs to it.")
_WHY_SHARED = tr(
    "Each of these is put back as it was, with all that belongs to it. After 30 days it stays hidden at the hub until "
    "an administrator erases it there."
)


class DeletedPart(Decisions[DeletedRow]):
    """The list, and the press that puts back."""

    def __init__(self, desk: Desk) -> None:
        def today() -> date:
            return local_date(desk.now())

        super().__init__(
            desk,
            Listed(
                name="deleted",
                heading=tr("What was &deleted"),
                spoken=tr("Recently deleted"),
                why=_WHY,
                columns=(
                    Column(heading=tr("What"), words=_what, spoken=lambda row: f"{_what(row)}, {_when(row, today())}"),
                    Column(heading=tr("Deleted"), words=lambda row: _when(row, today())),
                    Column(heading=tr("Kept until"), words=lambda row: _until(row, today())),
                ),
                letters=(0, 20, 20),
                most=12,
            ),
        )
        self.offer(button(tr("&Put back"), self._put_back, name="putBack", kind="first"))
        self.view.row_chosen.connect(lambda _row: self._put_back())

    def explain(self, words: str) -> None:
        """Say what becomes of these."""
        why = self.findChild(QLabel, "deletedWhy")
        if why is not None:
            why.setText(words)

    def _put_back(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            self.decide(lambda app: put_back(app, chosen.kind, chosen.id), str)


class BinPage(DecisionsPage):
    """Lists what was deleted, the latest first."""

    kinds = (RecordKind.ENQUIRY, RecordKind.RESIDENT)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self._part = DeletedPart(desk)
        super().__init__(desk, "bin", title=tr("Recently deleted"), empty=_EMPTY, parts=(self._part,), parent=parent)

    def ask(self) -> None:
        """Read what was deleted."""
        self.desk.ask(recently_deleted, owner=self, done=self._show)

    def _show(self, found: RecentlyDeleted) -> None:
        self._part.explain(_WHY_SHARED if found.is_shared else _WHY)
        self.show_lists(found.rows)


def _what(row: DeletedRow) -> str:
    return f"{row.reference}: {row.title}" if row.kind is RecordKind.ENQUIRY else f"{row.title} (resident)"


def _when(row: DeletedRow, today: date) -> str:
    return near_day(local_date(row.deleted_at), today)


def _until(row: DeletedRow, today: date) -> str:
    return short_day(local_date(row.deleted_at) + timedelta(days=KEPT_DAYS), today)
