"""People in the settings: councillors with ward and address, staff with what they do, and who has left."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.vocabulary import Role
from member_tracker.services.office_people import PersonSaid, UnusableEmail, keep_person, office_people, undo_person
from member_tracker.services.office_records import Kept, Row, Rows
from ui.desk import Desk
from ui.language import tr, tr_word
from ui.settings.records import RecordsPage, Words
from ui.table import Column
from ui.widgets.parts import buddy

if TYPE_CHECKING:
    from member_tracker.app import App


class PeoplePage(RecordsPage[PersonSaid]):
    """Lists councillors and staff and lets one be written."""

    kinds = (RecordKind.COUNCILLOR, RecordKind.SUPPORT_OFFICER, RecordKind.WARD)
    words = Words(
        name="person",
        title=tr("People"),
        why=tr(
            "Councillors whose casework is kept here, and the staff who work on it. Whoever leaves is retired: their "
            "casework stays, and nothing new is logged for them."
        ),
        rows=tr("&Councillors and staff"),
        a_new=tr("Somebody new"),
        retire=tr("&Retire"),
        retired=tr("“{}” is retired: nothing new is logged for them."),
        bring_back=tr("B&ring back"),
        brought_back=tr("“{}” is back."),
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self._name = QLineEdit()
        self._role = QComboBox()
        self._ward = QLineEdit()
        self._email = QLineEdit()
        super().__init__(desk, "peoplePage", parent)

    def fill_form(self, form: QFormLayout) -> None:
        """The fields of a person."""
        for role in Role:
            self._role.addItem(tr_word(role), role)
        for field, name, text in (
            (self._name, "name", tr("&Name")),
            (self._role, "role", tr("What they d&o")),
            (self._ward, "ward", tr("&Ward of a councillor")),
            (self._email, "email", tr("E&mail address")),
        ):
            self.field(field, name)
            form.addRow(buddy(text, field), field)

    def read(self, app: "App") -> Rows[PersonSaid]:
        """Everybody."""
        return office_people(app)

    def keep(self, app: "App", said: PersonSaid, before: Row[PersonSaid] | None) -> Kept[PersonSaid]:
        """Keep one."""
        return keep_person(app, said, before=before)

    def put_back(self, app: "App", record_id: str, deed: str) -> Kept[PersonSaid]:
        """Undo a change of one."""
        return undo_person(app, record_id, deed)

    def empty(self) -> PersonSaid:
        """A councillor of whom nothing is said."""
        return PersonSaid(name="")

    def typed(self, like: PersonSaid) -> PersonSaid:
        """What the form says."""
        return PersonSaid(
            name=self._name.text().strip(),
            role=Role(self._role.currentData()),
            ward=self._ward.text().strip(),
            email=self._email.text().strip(),
            retired=like.retired,
        )

    def write_out(self, said: PersonSaid) -> None:
        """Show it in the form."""
        self._name.setText(said.name)
        self._role.setCurrentIndex(self._role.findData(said.role))
        self._ward.setText(said.ward)
        self._email.setText(said.email)

    def with_retired(self, said: PersonSaid, *, retired: bool) -> PersonSaid:
        """The same, retired or not."""
        return replace(said, retired=retired)

    def field_of(self, error: TrackerError) -> QWidget:
        """The address, the ward, what they do, or the name."""
        if isinstance(error, UnusableEmail):
            return self._email
        if "has a ward" in error.title:
            return self._ward
        return self._role if "kept apart" in error.title else self._name

    def columns(self) -> tuple[Column[Row[PersonSaid]], ...]:
        """Name, what they do, address, and whether they have left."""
        return (
            Column(heading=tr("Name"), words=lambda row: row.said.name, spoken=_spoken),
            Column(heading=tr("What they do"), words=lambda row: _work(row.said)),
            Column(heading=tr("Email address"), words=lambda row: row.said.email or tr("None")),
            Column(heading=tr("State"), words=lambda row: _state(row.said)),
        )

    def widths(self) -> tuple[int, ...]:
        """Addresses take what room is left."""
        return (24, 28, 0, 12)


def _work(said: PersonSaid) -> str:
    role = tr_word(said.role)
    return f"{role}, {said.ward}" if said.ward else role


def _state(said: PersonSaid) -> str:
    return tr("Retired") if said.retired else tr("In office")


def _spoken(row: Row[PersonSaid]) -> str:
    return f"{row.said.name}, {_work(row.said)}, {_state(row.said).lower()}, {row.said.email or tr('no email address')}"
