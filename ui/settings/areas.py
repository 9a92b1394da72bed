"""Service areas in the settings: what each is called, where its mail goes, who leads it, and which are retired."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.errors import TrackerError
from member_tracker.services.office_records import Kept, Row, Rows
from member_tracker.services.service_areas import AreaSaid, keep_office_area, office_areas, undo_office_area
from member_tracker.services.setup import UnusableAddress
from ui.desk import Desk
from ui.language import tr
from ui.settings.records import RecordsPage, Words
from ui.table import Column
from ui.widgets.parts import buddy, label

if TYPE_CHECKING:
    from member_tracker.app import App

_HOW = tr("One address a line; mail about an enquiry goes to all of them.")
_MADE_UP = "example.org"


class AreasPage(RecordsPage[AreaSaid]):
    """Lists the service areas and lets one be written."""

    kinds = (RecordKind.SERVICE_AREA, RecordKind.COUNCIL)
    words = Words(
        name="area",
        title=tr("Service areas"),
        why=tr(
            "Where enquiries go, and the addresses mail about them goes to. Whoever shares this casework has the same. "
            "An enquiry stays with its service area, whatever that is called later."
        ),
        rows=tr("Servi&ce areas"),
        a_new=tr("A new service area"),
        retire=tr("&Retire it"),
        retired=tr("“{}” is retired: it takes no mail."),
        bring_back=tr("B&ring it back"),
        brought_back=tr("“{}” takes mail again."),
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self._name = QLineEdit()
        self._addresses = QPlainTextEdit()
        self._directorate = QLineEdit()
        self._head = QLineEdit()
        self._number = QLineEdit()
        super().__init__(desk, "areasPage", parent)

    def fill_form(self, form: QFormLayout) -> None:
        """The fields of a service area."""
        for field, name, text in (
            (self._name, "name", tr("&Name")),
            (self._addresses, "addresses", tr("&Mail goes to")),
            (self._directorate, "directorate", tr("&Directorate")),
            (self._head, "head", tr("Head &of service")),
            (self._number, "number", tr("Direct &telephone number")),
        ):
            self.field(field, name)
            form.addRow(buddy(text, field), field)
            if field is self._addresses:
                form.addRow("", label(_HOW, name="areaHow", kind="quiet"))

    def read(self, app: "App") -> Rows[AreaSaid]:
        """Every service area."""
        return office_areas(app)

    def keep(self, app: "App", said: AreaSaid, before: Row[AreaSaid] | None) -> Kept[AreaSaid]:
        """Keep one."""
        return keep_office_area(app, said, before=before)

    def put_back(self, app: "App", record_id: str, deed: str) -> Kept[AreaSaid]:
        """Undo a change of one."""
        return undo_office_area(app, record_id, deed)

    def empty(self) -> AreaSaid:
        """One of which nothing is said."""
        return AreaSaid(name="")

    def typed(self, like: AreaSaid) -> AreaSaid:
        """What the form says."""
        addresses = (address.strip() for address in self._addresses.toPlainText().splitlines())
        return AreaSaid(
            name=self._name.text().strip(),
            addresses=tuple(address for address in addresses if address),
            directorate=self._directorate.text().strip(),
            head_of_service=self._head.text().strip(),
            direct_number=self._number.text().strip(),
            retired=like.retired,
        )

    def write_out(self, said: AreaSaid) -> None:
        """Show it in the form."""
        self._name.setText(said.name)
        self._addresses.setPlainText("\n".join(said.addresses))
        self._directorate.setText(said.directorate)
        self._head.setText(said.head_of_service)
        self._number.setText(said.direct_number)

    def with_retired(self, said: AreaSaid, *, retired: bool) -> AreaSaid:
        """The same, retired or not."""
        return replace(said, retired=retired)

    def field_of(self, error: TrackerError) -> QWidget:
        """The addresses or the name."""
        return self._addresses if isinstance(error, UnusableAddress) else self._name

    def note(self, rows: Rows[AreaSaid]) -> str:
        """Who may not change them, and which of them still have the addresses they came with."""
        made_up = [row.said.name for row in rows.rows if not row.said.retired and _is_made_up(row.said)]
        sorry = tr("No mail arrives yet at the addresses ({made_up}) of: {made_up_2}. They are made up.").format(
            made_up=_MADE_UP, made_up_2=", ".join(made_up)
        )
        return " ".join(filter(None, (rows.not_allowed, sorry if made_up and not self.desk.is_practice else "")))

    def columns(self) -> tuple[Column[Row[AreaSaid]], ...]:
        """Name, addresses, and whether it is in use."""
        return (
            Column(heading=tr("Service area"), words=lambda row: row.said.name, spoken=_spoken),
            Column(heading=tr("Mail goes to"), words=lambda row: _addresses(row.said)),
            Column(heading=tr("State"), words=lambda row: _state(row.said)),
        )

    def widths(self) -> tuple[int, ...]:
        """Addresses take what room is left."""
        return (26, 0, 12)


def _is_made_up(said: AreaSaid) -> bool:
    return any(address.casefold().endswith(("@" + _MADE_UP, "." + _MADE_UP)) for address in said.addresses)


def _addresses(said: AreaSaid) -> str:
    return ", ".join(said.addresses) or tr("No address yet: nothing can be sent there")


def _state(said: AreaSaid) -> str:
    return tr("Retired") if said.retired else tr("In use")


def _spoken(row: Row[AreaSaid]) -> str:
    return tr("{said}, {state}, mail goes to {addresses}").format(
        said=row.said.name, state=_state(row.said).lower(), addresses=_addresses(row.said)
    )
