"""The form that joins a hub: its address, who signs in, and their password, which is gone once it was used."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFormLayout, QFrame, QWidget

from member_tracker.domain.errors import SignInNeeded, TrackerError
from member_tracker.policy import Policy
from member_tracker.services.hub_here import NobodyNamed, typed_hub
from ui import look
from ui.language import tr
from ui.widgets.announce import announce
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.fixed import fix_text, fixed_words
from ui.widgets.parts import buddy, button, column, empty, frame, label, line, row

_WHAT = tr(
    "A hub is a database of your council's, through which councillors and officers share casework. This computer keeps "
    "an encrypted copy of what you may see, and works on without a connection. Your council's IT team gives you the "
    "address and your user name."
)
_KEPT = tr(
    "The mailboxes and settings of this computer stay. The council, its people and its service areas come from the hub "
    "and take the place of those here."
)
_PRACTICE = tr(
    "Practice data are made up, and are shared with nobody. Choose “Set it up for my council” in the File menu, and "
    "join the hub there. To see two computers share made-up casework, run: member-tracker hub practice"
)


class JoinPart(QFrame):
    """`wanted` carries the hub as it was typed, `test_wanted` the same for trying it out."""

    wanted = Signal(object)
    test_wanted = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("joinHub")
        self._summary = ErrorSummary("joinHubErrors")
        self._said = label(name="joinHubSaid")
        self._found = frame("hint", name="joinHubFound")
        self._found.setLayout(column(self._said, margin=look.GAP))
        self._cannot = label(name="joinHubCannot", kind="strong")
        self._instead = label(name="joinHubInstead")
        self._address = line("hubAddress", "postgresql://hub.example.org/casework")
        self._user = line("hubUser", tr("Your user name at the hub"))
        kept = tr("Kept in this computer's secure store, never in the settings")
        self._password = line("hubJoinPassword", kept, secret=True)
        self._join = button(tr("&Join the hub"), lambda: self._say(test=False), name="joinHubGo", kind="first")
        self._test = button(tr("&Test it"), lambda: self._say(test=True), name="joinHubTest")
        self._back = button(tr("&Back"), self.left.emit, name="joinHubBack", tip="Esc")
        for field in (self._address, self._user, self._password):
            field.returnPressed.connect(lambda: self._say(test=False))
        self._form = QWidget()
        self._lay_out()
        self.show_work(None, is_practice=False)

    def fix(self, policy: Policy) -> None:
        """Show an address the council set, which nobody can change here."""
        fix_text(self._address, policy.hub_address)
        self._set.setText(fixed_words(tr("The address") if policy.hub_address else ""))
        self._set.setVisible(bool(policy.hub_address) and not self._form.isHidden())

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(look.ROOM)
        form.setVerticalSpacing(look.GAP)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        lines = ((tr("&Address"), self._address), (tr("&User"), self._user), (tr("&Password"), self._password))
        for words, field in lines:
            form.addRow(buddy(words, field), field)
        self._form.setLayout(form)
        self._form.setMaximumWidth(look.FORM_WIDTH)
        self._set = label(name="joinHubSet", kind="quiet")
        self._kept = label(_KEPT, name="joinHubKept", kind="quiet")
        self.setLayout(
            column(
                label(tr("Join a hub"), name="joinHubTitle", kind="title"),
                label(_WHAT, name="joinHubWords", kind="quiet"),
                self._summary,
                self._found,
                self._cannot,
                self._instead,
                self._form,
                self._set,
                self._kept,
                row(self._join, self._test, self._back, None),
                None,
                gap=look.GAP + look.TIGHT,
            )
        )
        self._found.hide()
        self._set.hide()

    def show_work(self, own_work: TrackerError | None, *, is_practice: bool) -> None:
        """Offer the form, or say why this profile cannot join a hub and what can be done instead."""
        cannot = tr("These are practice data.") if is_practice else own_work.title if own_work else ""
        self._cannot.setText(cannot)
        self._instead.setText(_PRACTICE if is_practice else own_work.advice if own_work else "")
        for words in (self._cannot, self._instead):
            words.setVisible(bool(cannot))
        for part in (self._form, self._kept, self._join, self._test):
            part.setVisible(not cannot)
        self._set.setVisible(not cannot and bool(self._set.text()))

    def say(self, lines: Sequence[str]) -> None:
        """Say what was found, or that it was stopped."""
        self._summary.tell(())
        self._said.setText("\n".join(lines))
        self._found.setVisible(bool(lines))
        if lines:
            announce(self, " ".join(lines))

    def refuse(self, error: TrackerError) -> None:
        """Show why the hub could not be joined; a password that was refused must be typed again."""
        self.say(())
        field = self._password if isinstance(error, SignInNeeded) else self._address
        self._summary.tell([Wrong(words=error.title, advice=error.advice, field=field)])

    def forget(self) -> None:
        """Nothing secret stays in a field that is not seen."""
        empty(self._password)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the first field, or to the way back."""
        super().focusInEvent(event)
        first = self._user if self._address.isReadOnly() else self._address
        (self._back if self._form.isHidden() else first).setFocus(event.reason())

    def _say(self, *, test: bool) -> None:
        self.say(())
        try:
            typed = typed_hub(self._address.text(), self._user.text(), self._password.text())
        except TrackerError as error:
            field = self._user if isinstance(error, NobodyNamed) else self._address
            self._summary.tell([Wrong(words=error.title, advice=error.advice, field=field)])
            return
        (self.test_wanted if test else self.wanted).emit(typed)
