"""The form that adds a mailbox: what is wrong with it stands above it, and its password is gone once it was used."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QWidget

from member_tracker.domain.errors import Invalid, SignInNeeded, TrackerError
from member_tracker.domain.mailboxes import MailboxKind
from ui import look
from ui.language import tr
from ui.settings.form_fields import MailboxFields
from ui.widgets.announce import announce
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.parts import button, column, empty, label, row

_EXPLANATION = tr(
    "Member Tracker reads this mailbox and sends through it. Nothing in it is deleted, moved or marked as read. "
    "It is kept only if it can be read."
)


class MailboxForm(QFrame):
    """`wanted` carries the mailbox and its password once both can be tried; `copy_wanted` what went wrong before."""

    wanted = Signal(object, object)
    copy_wanted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("mailboxForm")
        self._today: date | None = None
        self._taken: frozenset[str] = frozenset()
        self._summary = ErrorSummary("mailboxErrors")
        self._said = label(name="mailboxFormSaid")
        self._copy = button(tr("C&opy for your IT team"), self.copy_wanted.emit, name="copyRefusal")
        self._copied = label(name="copyRefusalSaid", kind="quiet")
        self.fields = MailboxFields()
        self._add = button(tr("Add the mailbo&x"), self._say, name="mailboxAdd", kind="first")
        self._back = button(tr("&Back"), self.left.emit, name="mailboxFormBack", tip="Esc")
        self.fields.submitted.connect(self._say)
        form = QWidget()
        form.setMaximumWidth(look.FORM_WIDTH)
        form.setLayout(self.fields.form)
        self.setLayout(
            column(
                label(tr("Add a mailbox"), name="mailboxFormTitle", kind="title"),
                label(_EXPLANATION, name="mailboxFormWords", kind="quiet"),
                self._summary,
                row(self._copy, self._copied, None),
                self._said,
                form,
                row(self._add, self._back, None),
                None,
                gap=look.GAP + look.TIGHT,
            )
        )
        self._put_away()

    def begin(self, today: date, taken: frozenset[str]) -> None:
        """Show an empty form; `taken` are the names of the mailboxes there are."""
        self._today, self._taken = today, taken
        self.fields.clear(today)
        self._put_away()

    def refuse(self, error: TrackerError) -> None:
        """Show why the mailbox could not be added; the password must be typed again."""
        self._put_away()
        self._copy.show()
        self._summary.tell([self._read(error)])

    def say(self, words: str) -> None:
        """Say something that is no error."""
        self._put_away()
        self._said.setText(words)
        self._said.show()
        announce(self, words)

    def say_copied(self) -> None:
        """Say that the words for the IT team can be pasted."""
        self._copied.setText(tr("Copied: paste it into a mail to them."))
        self._copied.show()
        announce(self, self._copied.text())

    def forget(self) -> None:
        """Nothing secret stays in a field that is not seen."""
        empty(self.fields.password)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the first field."""
        super().focusInEvent(event)
        first = self.fields.user if self.fields.address.isReadOnly() else self.fields.address
        first.setFocus(event.reason())

    def _put_away(self) -> None:
        self._summary.tell(())
        self._said.hide()
        self._copy.hide()
        self._copied.hide()

    def _say(self) -> None:
        if self._today is None:
            return
        self._put_away()
        wrongs = self.fields.wrongs(self._today)
        if self.fields.address.text().strip().casefold() in self._taken:
            words = tr("This mailbox is set up already. Go back, choose it in the list, and test it.")
            wrongs.insert(0, Wrong(words=words, field=self.fields.address))
        self._summary.tell(wrongs)
        if not wrongs:
            account = self.fields.account(self._today)
            self.wanted.emit(account, self.fields.take_password())

    def _read(self, error: TrackerError) -> Wrong:
        """The error in the words of this form, and the field it is in."""
        fields = self.fields
        if isinstance(error, Invalid) and fields.chosen_kind is not MailboxKind.EXCHANGE_ONLINE:
            fields.choose_online()
            advice = tr("Ask your IT team for its tenant and client id, and type both here.")
            return Wrong(words=error.title, advice=advice, field=fields.tenant)
        signs_in = isinstance(error, SignInNeeded) and fields.needs_password
        return Wrong(words=error.title, advice=error.advice, field=fields.password if signs_in else fields.address)
