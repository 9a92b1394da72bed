"""The form that changes what is kept of a resident."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QFormLayout, QFrame, QPlainTextEdit, QWidget

from member_tracker.domain.errors import TrackerError
from member_tracker.domain.people import Resident
from member_tracker.domain.vocabulary import Channel, ResidentKind
from ui import look
from ui.language import tr, tr_word
from ui.residents.words import USUAL_NEEDS
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.parts import buddy, button, column, combo, label, line, row
from ui.widgets.scrolled import Scrolled

_ADDRESS_LINES = 4


class EditForm(QFrame):
    """`wanted` carries the fields as typed, by name; `left` says that nothing is to be kept."""

    wanted = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("residentForm")
        self._summary = ErrorSummary("residentErrors")
        self.name = line("residentNameField")
        self.kind = combo("residentKindField")
        self.address = QPlainTextEdit()
        self.phone = line("residentPhoneField", "01632 960101")
        self.email = line("residentEmailField", "name@example.org")
        self.channel = combo("residentChannelField")
        self.language = line("residentLanguageField", tr("Only where it is not English"))
        self.needs = line("residentNeedsField", tr("Large print, an interpreter, somebody with them"))
        self._lay_out()

    def _lay_out(self) -> None:
        self.address.setObjectName("residentAddressField")
        self.address.setTabChangesFocus(True)
        self.address.setFixedHeight(self.address.fontMetrics().height() * _ADDRESS_LINES + look.ROOM)
        for kind in ResidentKind:
            self.kind.addItem(tr_word(kind), kind.value)
        self.channel.addItem(tr("Any way"), "")
        for channel in Channel:
            self.channel.addItem(tr_word(channel), channel.value)
        completer = QCompleter(list(USUAL_NEEDS), self.needs)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.needs.setCompleter(completer)
        form = QFormLayout()
        form.setHorizontalSpacing(look.ROOM)
        for words, field in self._lines():
            form.addRow(buddy(words, field), field)
        save = button(tr("&Save"), self._save, name="saveResident", kind="first", tip="Ctrl+S")
        stop = button(tr("Sto&p without saving"), self.left.emit, name="stopResident", kind="link", tip="Esc")
        inside = QFrame()
        inside.setObjectName("residentFormInside")
        inside.setMaximumWidth(look.FORM_WIDTH)
        title = label(tr("Change a resident's details"), name="residentFormTitle", kind="title")
        inside.setLayout(column(title, self._summary, form, row(save, stop, None), None, gap=look.ROOM))
        self.setLayout(column(Scrolled(inside)))

    def _lines(self) -> tuple[tuple[str, QWidget], ...]:
        return (
            (tr("N&ame"), self.name),
            (tr("&Kind"), self.kind),
            (tr("A&ddress"), self.address),
            (tr("&Telephone"), self.phone),
            (tr("E&mail"), self.email),
            (tr("Prefers to be reached b&y"), self.channel),
            (tr("Lang&uage"), self.language),
            (tr("Needs, s&o that they can read or hear us"), self.needs),
        )

    @property
    def first(self) -> QWidget:
        """Where the keyboard goes."""
        return self.name

    def begin(self, resident: Resident) -> None:
        """Show what is kept."""
        self._summary.tell(())
        self.name.setText(resident.name)
        self.kind.setCurrentIndex(self.kind.findData(resident.kind.value))
        self.address.setPlainText(resident.address or "")
        self.phone.setText(resident.phone or "")
        self.email.setText(resident.email or "")
        preferred = resident.preferred_channel
        self.channel.setCurrentIndex(self.channel.findData(preferred.value if preferred else ""))
        self.language.setText(resident.language or "")
        self.needs.setText(resident.communication_needs or "")

    def save(self) -> None:
        """As the button does."""
        self._save()

    def refuse(self, error: TrackerError) -> None:
        """Say what must be put right, and where."""
        fields = {"email": self.email, "name": self.name}
        field = next((field for word, field in fields.items() if word in error.title.casefold()), self.name)
        self._summary.tell([Wrong(words=error.title, field=field, advice=error.advice)])

    def _save(self) -> None:
        self._summary.tell(())
        self.wanted.emit(self._said())

    def _said(self) -> Mapping[str, str]:
        return {
            "name": self.name.text(),
            "kind": str(self.kind.currentData()),
            "address": self.address.toPlainText(),
            "phone": self.phone.text(),
            "email": self.email.text(),
            "preferred_channel": str(self.channel.currentData()),
            "language": self.language.text(),
            "communication_needs": self.needs.text(),
        }
