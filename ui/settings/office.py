"""The council's own details: its name, what stands under mails and on letters, and when letters go."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QLineEdit, QPlainTextEdit, QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.errors import NotFound, TrackerError
from member_tracker.services.office_council import (
    CouncilSaid,
    OfficeCouncil,
    UnusableLetterhead,
    UnusableNumber,
    keep_council,
    office_council,
    undo_council,
)
from ui import look
from ui.deeds import Deed, Doing
from ui.desk import Desk
from ui.language import tr, tr_count
from ui.widgets.announce import announce
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.flow import Flow
from ui.widgets.page import Page
from ui.widgets.parts import buddy, button, column, label
from ui.widgets.scrolled import Scrolled

if TYPE_CHECKING:
    from collections.abc import Callable

    from member_tracker.app import App

_WHY = tr(
    "What stands under every mail and at the head of every letter, and when letters are posted. Whoever shares this "
    "casework has the same. What was sent already stays as it left."
)
_LETTERS = {
    False: tr("To whoever prefers a letter, and where there is no email address"),
    True: tr("Only where there is no email address"),
}


class OfficePage(Page):
    """Shows what is said of the council and lets it be changed; what is typed stays until it is kept or put back."""

    kinds = (RecordKind.COUNCIL,)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "officePage", parent)
        self._known: OfficeCouncil | None = None
        self._undo = ""
        self._may_change = False
        self._said = label(name="officeSaid", kind="strong")
        self._note = label(name="officeNote")
        self._stays = label(name="officeNameStays", kind="quiet")
        self._summary = ErrorSummary("officeErrors")
        self._name = QLineEdit()
        self._number = QLineEdit()
        self._address = QPlainTextEdit()
        self._letters = QComboBox()
        self._sign_off = QPlainTextEdit()
        self._save = button(tr("&Save"), self._keep, name="officeSave", kind="first", tip="Ctrl+S")
        self._show_kept = button(tr("Show what is &kept"), self._forget_typed, name="officeShowKept")
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(look.ROOM)
        for field, name, words in (
            (self._name, "officeName", tr("&Name of the council")),
            (self._number, "officeNumber", tr("Main &telephone number")),
            (self._address, "officeAddress", tr("&Address on letters")),
            (self._letters, "officeLetters", tr("Letters are &posted")),
            (self._sign_off, "officeSignOff", tr("Mails en&d with")),
        ):
            field.setObjectName(name)
            field.setMaximumWidth(look.FIELD_WIDTH)
            form.addRow(buddy(words, field), field)
            if field is self._name:
                form.addRow("", self._stays)
        for line in (self._name, self._number):
            line.returnPressed.connect(self._keep)
        for text, lines in ((self._address, 4), (self._sign_off, 6)):
            text.setTabChangesFocus(True)
            text.setFixedHeight(text.fontMetrics().height() * lines + look.ROOM)
        self._sign_off.setReadOnly(True)
        for only, words in _LETTERS.items():
            self._letters.addItem(words, only)
        for part in (self._said, self._note, self._stays):
            part.hide()
        templates = button(
            tr("Templates and sign-&off…"),
            lambda: self.desk.page_wanted.emit("templates", None),
            name="officeTemplates",
        )
        back = button(tr("&Back"), self.left.emit, name="officeBack", tip="Esc")
        inside = QFrame()
        inside.setObjectName("office")
        inside.setLayout(
            column(
                label(tr("Your council"), name="officeTitle", kind="title"),
                label(_WHY, name="officeWhy", kind="quiet"),
                self._note,
                self._said,
                self._summary,
                form,
                Flow(self._save, self._show_kept, templates, back),
                None,
            )
        )
        self.setLayout(column(Scrolled(inside)))

    def ask(self) -> None:
        """Read what is kept."""
        self.desk.ask(office_council, owner=self, done=self._show)

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._number, self._save if self._save.isVisibleTo(self) else self._sign_off]

    def deeds(self) -> Doing:
        """Ctrl+S keeps what was written, Ctrl+Z undoes what was kept last."""
        found: dict[Deed, Callable[[], object]] = {}
        if self._may_change:
            found[Deed.SAVE] = self._keep
        if self._undo:
            found[Deed.UNDO] = self._undo_last
        return found

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to what is changed as a rule."""
        super().focusInEvent(event)
        self._number.setFocus(event.reason())

    # --- what is shown ------------------------------------------------------------------------------------------------

    def _show(self, known: OfficeCouncil) -> None:
        """Show what is kept now, unless something was typed that is not kept yet: then nothing of it is lost."""
        self._let_write(known)
        if self._known is None or self._typed(self._known.said) == self._known.said:
            self._summary.tell(())
            self._take(known, None)

    def _take(self, known: OfficeCouncil, shown: CouncilSaid | None) -> None:
        """Show this in every field that says what `shown` does still (None: in all); others were typed in since."""
        self._known, said, typed = known, known.said, self._typed(known.said)
        if shown is None or typed.name == shown.name:
            self._name.setText(said.name)
        if shown is None or typed.number == shown.number:
            self._number.setText(said.number)
        if shown is None or typed.address == shown.address:
            self._address.setPlainText(said.address)
        if shown is None or typed.only_without_email == shown.only_without_email:
            self._letters.setCurrentIndex(self._letters.findData(said.only_without_email))
        self._sign_off.setPlainText(known.sign_off.strip())

    def _let_write(self, known: OfficeCouncil) -> None:
        """Where nobody may change anything here, it is said, and all of it is to be read alone."""
        self._may_change = may_change = not known.not_allowed
        note = " ".join(filter(None, (known.not_allowed, "" if self.desk.is_practice else _made_up(known))))
        for part, words in ((self._note, note), (self._stays, known.name_stays if may_change else "")):
            part.setText(words)
            part.setVisible(bool(words))
        self._name.setReadOnly(not may_change or bool(known.name_stays))
        self._number.setReadOnly(not may_change)
        self._address.setReadOnly(not may_change)
        self._letters.setEnabled(may_change)
        for each in (self._save, self._show_kept):
            each.setVisible(may_change)

    def _typed(self, like: CouncilSaid) -> CouncilSaid:
        return replace(
            like,
            name=self._name.text(),
            number=self._number.text(),
            address=self._address.toPlainText(),
            only_without_email=bool(self._letters.currentData()),
        )

    # --- deeds --------------------------------------------------------------------------------------------------------

    def _keep(self) -> None:
        known = self._known
        if known is None or not self._may_change:
            return
        typed = self._typed(known.said)

        def done(kept: OfficeCouncil) -> None:
            self._undo = kept.deed or self._undo
            undo = tr(" Ctrl+Z undoes it.") if kept.deed else ""
            self._show_done(
                kept, typed, tr("The details of {said} were saved.{undo}").format(said=kept.said.name, undo=undo)
            )

        def refuse(error: TrackerError) -> None:
            self._summary.tell([Wrong(words=error.title, advice=error.advice, field=self._field_of(error))])

        self.desk.ask(lambda app: keep_council(app, typed, before=known.said), owner=self, done=done, failed=refuse)

    def _undo_last(self) -> None:
        deed, self._undo = self._undo, ""
        shown = self._known.said if self._known is not None else None

        def undone(app: "App") -> OfficeCouncil:
            return undo_council(app, deed)

        def done(kept: OfficeCouncil) -> None:
            self._show_done(
                kept, shown, tr("Undone: the details of {said} are as they were.").format(said=kept.said.name)
            )

        self.desk.ask(undone, owner=self, done=done)

    def _show_done(self, kept: OfficeCouncil, shown: CouncilSaid | None, said: str) -> None:
        """The keyboard is where Ctrl+Z undoes it."""
        self._let_write(kept)
        self._summary.tell(())
        self._take(kept, shown)
        self._said.setText(said)
        self._said.show()
        self._save.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, said)

    def _forget_typed(self) -> None:
        """Show what is kept now in the place of what was typed."""
        self._known = None
        self._said.hide()
        self.ask()
        self._number.setFocus(Qt.FocusReason.OtherFocusReason)

    def _field_of(self, error: TrackerError) -> QWidget:
        """Where what is wrong is put right."""
        if isinstance(error, UnusableLetterhead):
            return self._address
        if isinstance(error, UnusableNumber):
            return self._number
        return self._show_kept if isinstance(error, NotFound) else self._name


def _made_up(known: OfficeCouncil) -> str:
    """Which of what came with the program leads nowhere."""
    if not known.made_up:
        return ""
    words = tr_count(
        "The {what} came with the program and is made up: put in the council’s own before anything is sent.",
        "The {what} came with the program and are made up: put in the council’s own before anything is sent.",
        len(known.made_up),
    )
    return words.format(what=tr(" and the ").join(known.made_up))
