"""The fields of the form that logs an enquiry, and the people and service areas they offer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QPlainTextEdit, QWidget

from member_tracker.app import App
from member_tracker.domain.people import Councillor, Resident, ServiceArea, in_being
from member_tracker.domain.vocabulary import Channel, Kind
from member_tracker.services.intake import Intake
from member_tracker.services.lists import Order, Wanted, Which, enquiry_page
from member_tracker.services.parts import me


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The people and service areas a form offers; `usual` is the councillor it begins with, None if none."""

    councillors: tuple[str, ...]
    residents: tuple[tuple[str, str], ...]
    areas: tuple[str, ...]
    usual: str | None


def read_known(app: App) -> Known:
    """Whom and what this profile knows; residents as (councillor, resident).

    A form begins with one's own name, or for staff with the councillor of the enquiry received last.
    """
    what = Wanted(which=Which.ALL, today=app.today())
    rows = enquiry_page(app, replace(what, order=Order.NEWEST), limit=1).rows
    newest = rows[0].councillor if rows else None
    with app.store.reading() as tx:
        councillors = {person.id: person.name for person in tx.every(Councillor)}
        mine = me(tx)
        return Known(
            councillors=tuple(sorted(councillors.values())),
            residents=tuple((councillors.get(person.councillor_id, ""), person.name) for person in tx.every(Resident)),
            areas=tuple(
                area.name for area in tx.every(ServiceArea) if not area.retired and in_being(area, app.today())
            ),
            usual=(councillors.get(mine) if mine else None) or newest,
        )


class FormFields(QObject):
    """The fields by name; `changed` says that one was typed in."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.councillor = _combo("councillorField", typed=True)
        self.resident = _line("residentField", "Name of a person, business or group")
        self.area = _combo("areaField")
        self.channel = _combo("channelField")
        self.kind = _combo("kindField")
        self.received = _line("receivedField", "today, yesterday 16:50, 24 nov or 24/11")
        self.subject = _line("subjectField", "In a few words; no name or address, for it stands in the mail's subject")
        self.text = QPlainTextEdit()
        self.text.setObjectName("textField")
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(90)
        self.text.setPlaceholderText("What the resident asks the council to do")
        self.received.setText("today")
        for channel in Channel:
            self.channel.addItem(channel.words, channel)
        self.channel.setCurrentIndex(self.channel.findData(Channel.EMAIL))
        for kind in Kind:
            self.kind.addItem(kind.words, kind)
        self._known = Known(councillors=(), residents=(), areas=(), usual=None)
        self._connect()

    def _connect(self) -> None:
        for combo in (self.area, self.channel, self.kind):
            combo.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.received.textChanged.connect(lambda _text: self.changed.emit())
        self.councillor.currentTextChanged.connect(lambda _text: self._offer_residents())

    def all(self) -> tuple[QWidget, ...]:
        """Every field, from top to bottom."""
        return (
            self.councillor,
            self.resident,
            self.area,
            self.channel,
            self.kind,
            self.received,
            self.subject,
            self.text,
        )

    @property
    def chosen_channel(self) -> Channel:
        """How the contact came."""
        return Channel(self.channel.currentData())

    @property
    def chosen_kind(self) -> Kind:
        """What was asked for."""
        return Kind(self.kind.currentData())

    def show_known(self, known: Known) -> bool:
        """Offer these people and areas; what was chosen stays chosen. Says whether the councillor was filled in."""
        self._known = known
        _offer(self.councillor, known.councillors)
        begins = not self.councillor.currentText() and known.usual is not None
        if begins:
            self.councillor.setCurrentText(known.usual or "")
        _offer(self.area, known.areas)
        self._offer_residents()
        return begins

    def missing(self) -> Iterator[tuple[QWidget, str]]:
        """The fields that must be filled in and are not, with what to do."""
        if not self.councillor.currentText().strip():
            yield self.councillor, "Choose or type the councillor who raises it."
        if not self.resident.text().strip():
            yield self.resident, "Type the resident's name."
        if self.area.currentIndex() < 0:
            yield self.area, "Choose the service area that is to answer."
        if not self.subject.text().strip():
            yield self.subject, "Say in a few words what it is about."
        if not self.text.toPlainText().strip():
            yield self.text, "Write what the resident asks the council to do."

    def intake(self, received_at: datetime | None) -> Intake:
        """The enquiry as typed; None means that it came just now."""
        return Intake(
            councillor=self.councillor.currentText(),
            resident=self.resident.text(),
            service_area=self.area.currentText(),
            channel=self.chosen_channel,
            kind=self.chosen_kind,
            subject=self.subject.text(),
            text=self.text.toPlainText(),
            received_at=received_at,
        )

    def clear(self) -> None:
        """Empty what belongs to one enquiry; the councillor is remembered."""
        self.resident.clear()
        self.area.setCurrentIndex(-1)
        self.kind.setCurrentIndex(0)
        self.received.setText("today")
        self.subject.clear()
        self.text.clear()

    def first_empty(self) -> QWidget:
        """Where the keyboard goes first."""
        return next((field for field, _words in self.missing()), self.councillor)

    def nothing_focused(self) -> bool:
        """Whether the keyboard is in none of the fields."""
        return not any(field.hasFocus() for field in self.all())

    def field_of(self, error: str) -> QWidget:
        """The field an error is most likely about."""
        words = {"resident": self.resident, "councillor": self.councillor, "date": self.received, "area": self.area}
        return next((field for word, field in words.items() if word in error.casefold()), self.subject)

    def _offer_residents(self) -> None:
        """Complete the names in this councillor's casework."""
        councillor = self.councillor.currentText().strip().casefold()
        names = sorted({name for whose, name in self._known.residents if whose.casefold() == councillor})
        completer = QCompleter(names, self.resident)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.resident.setCompleter(completer)


def _offer(combo: QComboBox, names: tuple[str, ...]) -> None:
    """Fill a combo box anew without losing what is chosen or typed."""
    said = combo.currentText()
    if [combo.itemText(number) for number in range(combo.count())] == list(names):
        return
    combo.blockSignals(True)
    combo.clear()
    combo.addItems(list(names))
    combo.setCurrentIndex(combo.findText(said) if said else -1)
    if combo.isEditable():
        combo.setCurrentText(said)
    combo.blockSignals(False)


def _combo(name: str, *, typed: bool = False) -> QComboBox:
    made = QComboBox()
    made.setObjectName(name)
    made.setEditable(typed)
    if typed:
        made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(18)
    return made


def _line(name: str, example: str) -> QLineEdit:
    made = QLineEdit()
    made.setObjectName(name)
    made.setPlaceholderText(example)
    return made
