"""The fields of the form that logs an enquiry: what each offers, what is missing, and what a draft keeps of them."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from member_tracker.domain.asked import subject_typed
from member_tracker.domain.consent import ConsentKind
from member_tracker.domain.people import ServiceArea
from member_tracker.domain.vocabulary import Channel, Kind
from member_tracker.services.intake import Intake
from member_tracker.services.new_enquiries import Alike, NewEnquiry, subject_named
from ui.desk import Desk
from ui.enquiries.form_known import Known
from ui.enquiries.form_questions import QuestionsPart
from ui.enquiries.form_resident import ResidentPart
from ui.language import tr, tr_word
from ui.typed_dates import TODAY
from ui.widgets.parts import empty, line
from ui.widgets.type_ahead import Choice, TypeAhead
from ui.words import came_words

_CONSENTS = {
    ConsentKind.IMPLIED: tr("Asked for help, so the council may be told"),
    ConsentKind.EXPLICIT: tr("Agreed in so many words, health and the like too"),
    ConsentKind.NONE: tr("Did not agree: leave out who they are"),
}


class FormFields(QObject):
    """The fields by name; `changed` says that one was typed in, `subject_changed` that other things must be asked."""

    changed = Signal()
    subject_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._known = Known()
        self.about: str | None = None
        self.councillor = _combo("councillorField", typed=True)
        self.resident = ResidentPart(desk)
        self.subject = TypeAhead(
            "subjectField", tr("Choose, or a few words without a name: it stands in the mail's subject"), self._subjects
        )
        self.area = _combo("areaField")
        self.reason = line("reasonField", tr("Why it does not go where its subject goes as a rule"))
        self.questions = QuestionsPart()
        self.text = QPlainTextEdit()
        self.text.setObjectName("textField")
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(tr("What the resident asks the council to do"))
        self.channel = _combo("channelField")
        self.received = line("receivedField", tr("today, yesterday 16:50, last friday, 24 nov"))
        self.received.setText(TODAY)
        self.kind = _combo("kindField")
        self.consent = _combo("consentField")
        self._fill()
        self._connect()

    def _fill(self) -> None:
        for channel in Channel:
            self.channel.addItem(tr_word(channel), channel)
        self.channel.setCurrentIndex(self.channel.findData(Channel.EMAIL))
        for kind in Kind:
            self.kind.addItem(tr_word(kind), kind)
        for consent, words in _CONSENTS.items():
            self.consent.addItem(words, consent)

    def _connect(self) -> None:
        for combo in (self.area, self.channel, self.kind, self.consent):
            combo.currentIndexChanged.connect(lambda _index: self.changed.emit())
        for field in (self.received, self.subject, self.reason):
            field.textChanged.connect(lambda _text: self.changed.emit())
        self.text.textChanged.connect(self.changed)
        self.resident.changed.connect(self.changed)
        self.questions.changed.connect(self.changed)
        self.subject.textChanged.connect(self._look_at_subject)
        self.councillor.currentTextChanged.connect(self._offer_residents)

    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab goes, from top to bottom."""
        resident = self.resident
        whom = (self.councillor, resident.name, resident.email, resident.phone, resident.address, resident.confirmed)
        rest = (self.text, self.channel, self.kind, self.received, self.consent)
        return (*whom, self.subject, self.area, self.reason, *self.questions.stops(), *rest)

    def lines(self) -> tuple[QWidget, ...]:
        """Where Enter goes on to, from top to bottom: what must be typed for most enquiries."""
        reason = (self.reason,) if self.goes_elsewhere else ()
        return (*self.resident.fields(), self.subject, *reason, *self.questions.fields(), self.text, self.received)

    # --- what they say ------------------------------------------------------------------------------------------------

    @property
    def chosen_channel(self) -> Channel:
        """How the contact came."""
        return Channel(self.channel.currentData())

    @property
    def chosen_kind(self) -> Kind:
        """What was asked for."""
        return Kind(self.kind.currentData())

    @property
    def chosen_consent(self) -> ConsentKind:
        """What the resident agreed to."""
        return ConsentKind(self.consent.currentData())

    @property
    def chosen_area(self) -> ServiceArea | None:
        """The service area it goes to, None where none is chosen."""
        return self._known.area(self.area.currentText())

    @property
    def goes_elsewhere(self) -> bool:
        """Whether somebody chose another service area than its subject goes to."""
        usual, _subject = subject_named(self._known.areas, self.about)
        chosen = self.chosen_area
        return usual is not None and chosen is not None and usual.id != chosen.id

    @property
    def is_specialist(self) -> bool:
        """Whether its subject goes straight to a duty officer."""
        _usual, subject = subject_named(self._known.areas, self.about)
        return subject is not None and subject.specialist

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed that would be missed."""
        lines = (*self.resident.fields(), self.subject, self.reason, *self.questions.fields())
        answered = any(answer.unknown for answer in self.questions.answers())
        return not (answered or self.text.toPlainText().strip() or any(each.text().strip() for each in lines))

    def alike(self) -> Alike:
        """What is known so far, to find enquiries like it."""
        address = self.resident.address.text().strip()
        places = tuple(place for place in (address, *self.questions.places()) if place)
        return Alike(subject=self.subject.text().strip(), resident_id=self.resident.resident_id, places=places)

    def missing(self, *, sending: bool) -> Iterator[tuple[QWidget, str]]:
        """The fields that must be filled in and are not, with what to do; to send it, the questions as well."""
        if not self.councillor.currentText().strip():
            yield self.councillor, tr("Choose or type the councillor who raises it.")
        yield from self.resident.missing()
        if not self.subject.text().strip():
            yield self.subject, tr("Say in a few words what it is about.")
        if self.area.currentIndex() < 0:
            yield self.area, tr("Choose the service area that is to answer.")
        if self.goes_elsewhere and not self.reason.text().strip():
            yield self.reason, tr("Say why it goes to another service area than its subject does as a rule.")
        if sending:
            yield from self.questions.missing()
        if not self.text.toPlainText().strip():
            yield self.text, tr("Write what the resident asks the council to do.")

    def told(self, received_at: datetime | None, linked_to: tuple[str, ...]) -> NewEnquiry:
        """The enquiry as typed; no moment means that it came just now."""
        consent = self.chosen_consent
        return NewEnquiry(
            intake=Intake(
                councillor=self.councillor.currentText(),
                resident=self.resident.name.text(),
                service_area=self.area.currentText(),
                channel=self.chosen_channel,
                kind=self.chosen_kind,
                subject=self.subject.text(),
                text=self.text.toPlainText(),
                received_at=received_at,
            ),
            contact=self.resident.contact(),
            about=self.about,
            answers=self.questions.answers(),
            reason=self.reason.text(),
            consent=consent,
            consent_how=tr("said so {came}").format(came=came_words(self.chosen_channel))
            if consent is ConsentKind.EXPLICIT
            else "",
            linked_to=linked_to,
        )

    # --- what they show -----------------------------------------------------------------------------------------------

    def show_known(self, known: Known) -> bool:
        """Offer these people and areas; what was chosen stays chosen. Says whether the councillor was filled in."""
        self._known = known
        offer(self.councillor, known.councillors)
        begins = not self.councillor.currentText() and known.usual is not None
        if begins:
            self.councillor.setCurrentText(known.usual or "")
        offer(self.area, known.area_names)
        self.resident.offer_those_of(self.councillor.currentText(), again=True)
        self._look_at_subject(self.subject.text())
        return begins

    def first_empty(self) -> QWidget:
        """Where the keyboard goes first."""
        return next((field for field, _words in self.missing(sending=False)), self.councillor)

    def field_of(self, error: str) -> QLineEdit | QComboBox:
        """The field an error is most likely about."""
        fields: dict[str, QLineEdit | QComboBox] = {
            "email": self.resident.email,
            "resident": self.resident.name,
            "councillor": self.councillor,
            "date": self.received,
            "area": self.area,
        }
        return next((field for word, field in fields.items() if word in error.casefold()), self.subject)

    def clear(self) -> None:
        """Empty what belongs to one enquiry; the councillor is remembered."""
        self.resident.clear()
        empty(self.subject, self.reason)
        self.area.setCurrentIndex(-1)
        self.questions.clear()
        self.kind.setCurrentIndex(0)
        self.consent.setCurrentIndex(0)
        self.received.setText(TODAY)
        self.text.clear()

    def plain(self) -> dict[str, object] | None:
        """What was typed, for a draft; None where nothing was."""
        if self.is_empty:
            return None
        return {
            "councillor": self.councillor.currentText(),
            **self.resident.plain(),
            "subject": self.subject.text(),
            "area": self.area.currentText(),
            "reason": self.reason.text(),
            **self.questions.plain(),
            "text": self.text.toPlainText(),
            "channel": self.chosen_channel.value,
            "received": self.received.text(),
            "kind": self.chosen_kind.value,
            "consent": self.chosen_consent.value,
        }

    def give_back(self, plain: Mapping[str, object]) -> None:
        """Show what a draft kept."""
        said = {name: str(value) for name, value in plain.items() if isinstance(value, str)}
        self.councillor.setCurrentText(said.get("councillor", ""))
        self.resident.give_back(plain)
        self.subject.setText(said.get("subject", ""))
        self.area.setCurrentIndex(self.area.findText(said.get("area", "")))
        self.reason.setText(said.get("reason", ""))
        self.questions.give_back(plain)
        self.text.setPlainText(said.get("text", ""))
        self.received.setText(said.get("received", TODAY))
        for combo, name in ((self.channel, "channel"), (self.kind, "kind"), (self.consent, "consent")):
            combo.setCurrentIndex(max(0, combo.findData(said.get(name))))

    def _subjects(self, typed: str) -> list[Choice]:
        words = typed.casefold().split()
        fits = (name for name in self._known.subjects if all(word in name.casefold() for word in words))
        return [Choice(line=name, words=name, key=name) for name in fits][:8]

    def _look_at_subject(self, typed: str) -> None:
        """A subject known here leads to its service area and to what must be asked."""
        name = subject_typed(typed, self._known.subjects)
        if name == self.about:
            return
        self.about = name
        usual, subject = subject_named(self._known.areas, name)
        if usual is not None:
            self.area.setCurrentIndex(self.area.findText(usual.name))
        self.questions.ask(subject.questions if subject else ())
        self.subject_changed.emit()

    def _offer_residents(self, councillor: str) -> None:
        self.resident.offer_those_of(councillor.strip())
        self.changed.emit()


def offer(combo: QComboBox, names: tuple[str, ...]) -> None:
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
    made.setMinimumContentsLength(12)
    return made
