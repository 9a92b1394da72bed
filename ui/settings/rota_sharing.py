"""Below the rota of a service area: who takes the next enquiry, and the hand-over note of each slot."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QWidget

from member_tracker.domain.vocabulary import Sharing
from member_tracker.services.rota import LONGEST_NOTE, AreaRota, SlotSaid
from ui import look
from ui.language import tr
from ui.widgets.parts import buddy, column, combo, label, line
from ui.widgets.shown_text import shown_text

_RULES = tuple(Sharing)
_SHORTEST = 28
_HOW = tr(
    "A hand-over note is for the office alone: no mail or letter has it. It is shown where an enquiry is sent to this "
    "service area while the slot runs, and to whoever comes on next. Write nothing about residents into it."
)


class SharingPart(QWidget):
    """Shows the rule of a service area and the notes of its slots; `kept` when Enter is pressed in a note."""

    kept = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rotaSharing")
        self._slots: list[SlotSaid] = []
        self._at = 0
        self._rule = combo("rotaRule")
        for rule in _RULES:
            self._rule.addItem(rule.words)
        self._said = label(name="rotaDuty")
        self._slot = combo("rotaSlot")
        self.note = line("rotaNote", tr("Boiler calls go to Sam until noon."))
        self.note.setMaxLength(LONGEST_NOTE)
        self._how = label(_HOW, name="rotaNoteHow", kind="quiet")
        self._form = QFormLayout()
        self._lay_out()
        self._slot.activated.connect(self._choose)
        self.note.returnPressed.connect(self.kept.emit)

    def _lay_out(self) -> None:
        for field in (self._rule, self._slot, self.note):
            field.setMaximumWidth(look.FIELD_WIDTH)
        for choice in (self._rule, self._slot):
            choice.setSizeAdjustPolicy(choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choice.setMinimumContentsLength(_SHORTEST)
        self._form.setHorizontalSpacing(look.ROOM)
        self._form.addRow(buddy(tr("The next enq&uiry goes to"), self._rule), self._rule)
        self._form.addRow(buddy(tr("Sl&ot"), self._slot), self._slot)
        self._form.addRow(buddy(tr("Hand-over &note"), self.note), self.note)
        self.setLayout(column(self._said, self._form, self._how))

    @property
    def rule(self) -> Sharing:
        """The rule that is chosen now."""
        return _RULES[self._rule.currentIndex()]

    def show_area(self, area: AreaRota) -> None:
        """Show what is kept of a service area, at the slot that runs or comes first."""
        self._rule.setCurrentIndex(_RULES.index(area.sharing))
        self._said.setText(shown_text("\n".join(area.said)))
        self._said.setVisible(bool(area.said))
        self._slots, self._at = list(area.slots), 0
        self._slot.clear()
        for slot in area.slots:
            self._slot.addItem(shown_text(slot.words))
        for part in (self._slot, self.note):
            self._form.setRowVisible(part, bool(area.slots))
        self._how.setVisible(bool(area.slots))
        self.note.setText(area.slots[0].note if area.slots else "")

    def let_write(self, *, may_change: bool) -> None:
        """Let the rule and the notes be changed, or be read alone."""
        self._rule.setEnabled(may_change)
        self.note.setReadOnly(not may_change)

    def notes_changed(self, area: AreaRota) -> list[SlotSaid]:
        """The slots whose notes say something else now than is kept."""
        return [slot for slot in self._typed() if slot not in area.slots]

    def differs_from(self, area: AreaRota) -> bool:
        """Whether anything is chosen or written that is not kept yet."""
        return self.rule is not area.sharing or bool(self.notes_changed(area))

    def _typed(self) -> Sequence[SlotSaid]:
        if self._slots:
            self._slots[self._at] = replace(self._slots[self._at], note=self.note.text())
        return self._slots

    def _choose(self, number: int) -> None:
        """Show the note of another slot; what was written for this one stays with it."""
        typed = self._typed()
        self._at = number
        self.note.setText(typed[number].note)
