"""Whom an enquiry is for: found while one types, or made with the least detail; and their details gone through."""

from collections.abc import Iterator, Mapping
from typing import TypedDict

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from member_tracker.services.new_enquiries import (
    Contact,
    Offered,
    councillors_who_know,
    resident_offered,
    residents_offered,
)
from member_tracker.services.people import same_name
from member_tracker.services.residents import ResidentView
from ui.desk import Desk
from ui.jobs import Job
from ui.language import tr
from ui.widgets.parts import empty, label, line
from ui.widgets.type_ahead import Choice, TypeAhead
from ui.words import day_in_words


class Typed(TypedDict, total=False):
    """What was typed of a resident, as a draft keeps it."""

    resident: str
    resident_id: str
    email: str
    phone: str
    address: str
    confirmed: bool


class ResidentPart(QObject):
    """The fields that say whom an enquiry is for; `changed` says that one was typed in, `found` that one was chosen."""

    changed = Signal()
    found = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._asked: Job | None = None
        self._councillor = ""
        self._offered: tuple[Offered, ...] = ()
        self._others: tuple[str, ...] = ()
        self._known: Offered | None = None
        self._wanted_id = ""
        self.name = TypeAhead("residentField", tr("Name, street, phone or email"))
        self.email = line("residentEmail", "name@example.org")
        self.phone = line("residentPhone", tr("A number they answer"))
        self.address = line("residentAddress", tr("Number and street, where there is one"))
        self.confirmed = QCheckBox(tr("&Just confirmed with them"))
        self.confirmed.setObjectName("residentConfirmed")
        self.standing = label(name="residentStanding", kind="quiet")
        self.name.textEdited.connect(self._typed)
        self.name.chosen.connect(self._chosen)
        for field in (self.name, self.email, self.phone, self.address):
            field.textChanged.connect(lambda _text: self.changed.emit())
        self.confirmed.toggled.connect(lambda _on: self.changed.emit())

    def fields(self) -> tuple[QLineEdit, ...]:
        """The lines to type in, in order."""
        return self.name, self.email, self.phone, self.address

    @property
    def resident_id(self) -> str | None:
        """Who it is, None for somebody new."""
        return self._known.id if self._known else None

    def offer_those_of(self, councillor: str, *, again: bool = False) -> None:
        """Offer the residents in this councillor's casework; `again` looks whoever was chosen up anew."""
        if councillor != self._councillor:
            self._councillor = councillor
            self._look_up(self.name.text())
        elif again:
            self._know_again()

    def missing(self) -> Iterator[tuple[QWidget, str]]:
        """What must be filled in and is not, with what to do."""
        if not self.name.text().strip():
            yield self.name, tr("Type the resident's name.")
        elif self._known is None and len(self._of_that_name()) > 1:
            yield self.name, tr("Several residents have that name: choose one from the list, or add a second name.")

    def contact(self) -> Contact:
        """The resident as typed."""
        return Contact(
            name=self.name.text(),
            resident_id=self.resident_id,
            email=self.email.text(),
            phone=self.phone.text(),
            address=self.address.text(),
            confirmed=self.confirmed.isChecked(),
        )

    def plain(self) -> Typed:
        """What was typed, for a draft."""
        return Typed(
            resident=self.name.text(),
            resident_id=self.resident_id or self._wanted_id,
            email=self.email.text(),
            phone=self.phone.text(),
            address=self.address.text(),
            confirmed=self.confirmed.isChecked(),
        )

    def give_back(self, plain: Mapping[str, object]) -> None:
        """Show what a draft kept."""
        self.name.setText(str(plain.get("resident", "")))
        self.email.setText(str(plain.get("email", "")))
        self.phone.setText(str(plain.get("phone", "")))
        self.address.setText(str(plain.get("address", "")))
        self.confirmed.setChecked(plain.get("confirmed") is True)
        self._wanted_id = str(plain.get("resident_id", ""))
        self._know_again()

    def clear(self) -> None:
        """Empty every field."""
        self._known, self._wanted_id, self._others = None, "", ()
        empty(*self.fields())
        self.confirmed.setChecked(False)
        self._say()

    def _look_up(self, typed: str) -> None:
        """Look for residents who have what is typed; only the newest answer counts."""
        if self._asked is not None:
            self._asked.cancel()
        councillor = self._councillor
        self._asked = self._desk.ask(
            lambda app: (residents_offered(app, councillor, typed), councillors_who_know(app, typed, but=councillor)),
            owner=self,
            done=lambda found: self._show_offered(typed, *found),
        )

    def _show_offered(self, typed: str, offered: tuple[Offered, ...], others: tuple[str, ...]) -> None:
        """Offer who was found; a name that one resident alone has is theirs."""
        self._offered, self._others = offered, others
        if typed != self.name.text():
            return
        of_that_name = self._of_that_name()
        if self._known is None and len(of_that_name) == 1:
            self._take(of_that_name[0])
        if self._known is None:
            self.name.offer([Choice(line=_line(each), words=each.name, key=each.id) for each in offered])
        self._say()

    def _know_again(self) -> None:
        """Whoever was meant is looked up, to be shown as they are known now."""
        wanted = self.resident_id or self._wanted_id
        if wanted:
            self._desk.ask(lambda app: resident_offered(app, wanted), owner=self, done=self._show_known)

    def _show_known(self, known: Offered | None) -> None:
        self._known, self._wanted_id = known, ""
        self._say()
        self.changed.emit()

    def _typed(self, typed: str) -> None:
        """Another name is another person."""
        if self._known is not None:
            self._fill("", "", "")
        self._known, self._wanted_id, self._others = None, "", ()
        self._look_up(typed)
        self._say()

    def _of_that_name(self) -> list[Offered]:
        typed = self.name.text()
        return [each for each in self._offered if typed.strip() and same_name(typed, each.name)]

    def _chosen(self, resident_id: str) -> None:
        chosen = next((each for each in self._offered if each.id == resident_id), None)
        if chosen is not None:
            self._take(chosen)
            self.found.emit()

    def _take(self, known: Offered) -> None:
        """Somebody known is meant; what was typed of them meanwhile stays."""
        self._known, self._wanted_id = known, ""
        typed = (self.email.text(), self.phone.text(), self.address.text())
        email, phone, address = (
            new or old for new, old in zip(typed, (known.email, known.phone, known.address), strict=True)
        )
        self._fill(email, phone, address)
        self._say()
        self.changed.emit()

    def _fill(self, email: str, phone: str, address: str) -> None:
        self.email.setText(email)
        self.phone.setText(phone)
        self.address.setText(address)
        self.confirmed.setChecked(False)

    def _say(self) -> None:
        known = self._known
        if not self.name.text().strip():
            self.standing.setText(tr("Ask for email and phone each time, and go through what is known."))
        elif known is None and self._others:
            whose = tr(" and ").join(self._others)
            self.standing.setText(
                tr(
                    "New here: a record is made for them. Somebody of that name is in the casework of {whose}, which "
                    "stays"
                    " apart. If it is theirs, choose that councillor."
                ).format(whose=whose)
            )
        elif known is None:
            self.standing.setText(tr("New: a record is made for them. A name will do; ask for email and phone."))
        elif known.confirmed_on is None:
            self.standing.setText(tr("Known. Their details were never confirmed: go through them."))
        else:
            self.standing.setText(
                tr("Known. Their details were confirmed on {day}.").format(day=day_in_words(known.confirmed_on))
            )


def _line(each: Offered) -> str:
    """A resident in the list: enough to tell two of one name apart."""
    return ", ".join(part for part in (each.name, each.address, each.phone, each.email) if part)


def for_resident(view: ResidentView) -> dict[str, object]:
    """A form with whom it is for filled in."""
    resident = view.resident
    return {
        "councillor": view.councillor,
        "resident": resident.name,
        "resident_id": resident.id,
        "email": resident.email or "",
        "phone": resident.phone or "",
        "address": resident.address or "",
    }
