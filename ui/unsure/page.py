"""Mail that may have gone out: each is looked for in its mailbox by a person, who says what became of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import TrackerError
from member_tracker.services.unsure import Unsure, Verdict, settle, unsure_mails
from ui import look
from ui.desk import Desk
from ui.table import Column, TableModel
from ui.table import Page as RowsPage
from ui.widgets.announce import announce
from ui.widgets.focus import holds_focus
from ui.widgets.page import Page
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.rows_view import RowsView
from ui.widgets.shown_text import shown_text
from ui.words import capital, short_moment

if TYPE_CHECKING:
    from member_tracker.app import App

_MOST_ROWS = 8
_WIDTHS = (160, 0, 0, 150)
_WHY = (
    "The mailbox was told to send each of these, and no copy came into its Sent Items. Member Tracker cannot know "
    "whether it went, so it does not send it again by itself. Look in the mailbox, or ask whoever it was for."
)
_NOTHING = "No mail is in doubt.\nWhat was sent was seen in Sent Items; what waits is in the status bar."
_SAID = {
    Verdict.WENT: "counts as sent",
    Verdict.AGAIN: "is sent again as a new mail",
    Verdict.NEVER: "counts as not sent",
}


class UnsurePage(Page):
    """Lists mail in doubt; the one chosen takes one deed. `left` says that somebody goes back."""

    kinds = (RecordKind.OUTGOING,)
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "unsurePage", parent)
        self._deciding = False
        self._model: TableModel[Unsure] = TableModel(self._columns(), self)
        self._view = RowsView("unsureList", "Mail that may have gone out", quiet=True, wrap=True)
        self._heading = buddy("&Mail in doubt", self._view, kind="heading")
        self._why = label(_WHY, name="unsureWhy")
        self._nothing = label(_NOTHING, name="unsureEmpty", kind="quiet")
        self._said = label(name="unsureSaid", kind="heading")
        self._went = button("It &went", lambda: self._settle(Verdict.WENT), name="itWent", kind="first")
        self._again = button("&Send it again", lambda: self._settle(Verdict.AGAIN), name="sendAgain", icon="send")
        self._never = button("It did &not go", lambda: self._settle(Verdict.NEVER), name="itDidNotGo")
        self._back = button("&Back", self.left.emit, name="unsureBack", tip="Esc")
        self._view.show_model(self._model, _WIDTHS)
        self.setLayout(
            column(
                label("Mail that may have gone out", name="unsureTitle", kind="title"),
                self._why,
                self._said,
                self._heading,
                self._nothing,
                self._view,
                row(self._went, self._again, self._never, self._back, None),
                None,
                margin=look.ROOM,
                gap=look.GAP + look.TIGHT,
            )
        )
        self._said.hide()
        self.show_mails(())

    def ask(self) -> None:
        """Read which mails are in doubt."""
        self.desk.ask(unsure_mails, owner=self, done=self.show_mails)

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._view]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the mails."""
        super().focusInEvent(event)
        (self._view if self._view.isVisible() else self._back).setFocus(event.reason())

    def show_mails(self, mails: Sequence[Unsure]) -> None:
        """Show these; the place of the one decided last is taken by the next."""
        at = max(0, self._view.currentIndex().row())
        had_focus = holds_focus(self)
        self._model.show([RowsPage(rows=tuple(mails))])
        for part in (self._why, self._heading, self._view, self._went, self._again, self._never):
            part.setVisible(bool(mails))
        self._nothing.setVisible(not mails)
        if mails:
            self._view.fit(_MOST_ROWS)
            self._view.go_to(min(at, len(mails) - 1))
        if had_focus and self.isVisible():
            (self._view if mails else self._back).setFocus()

    def _settle(self, verdict: Verdict) -> None:
        """Take somebody's word for what became of the mail chosen; one press is one deed."""
        index = self._view.currentIndex()
        mail = self._model.row(index.row()) if index.isValid() else None
        if mail is None or self._deciding:
            return
        self._deciding = True

        def deed(app: "App") -> None:
            settle(app, mail.id, verdict)

        def done(_settled: None) -> None:
            self._deciding = False
            self._say(f"{mail.reference}: the mail {_SAID[verdict]}.")
            self.ask()

        def refuse(error: TrackerError) -> None:
            self._deciding = False
            self.desk.jobs.refused.emit(error)
            self.ask()

        self.desk.ask(deed, owner=self, done=done, failed=refuse)

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.show()
        announce(self, words)

    def _columns(self) -> tuple[Column[Unsure], ...]:
        def told(mail: Unsure) -> str:
            if mail.told_at is None:
                return "Not known"
            return capital(short_moment(mail.told_at, local_date(self.desk.now())))

        def about(mail: Unsure) -> str:
            return shown_text(",\n".join(mail.to) + f"\n{mail.subject}")

        def spoken(mail: Unsure) -> str:
            to = shown_text(", ".join(mail.to))
            return f"{mail.reference} to {to}, from {mail.mailbox}, {told(mail)}: {shown_text(mail.subject)}"

        return (
            Column(heading="Reference", words=lambda mail: mail.reference, spoken=spoken),
            Column(heading="To", words=about),
            Column(heading="Look in the mailbox", words=lambda mail: mail.mailbox),
            Column(heading="When", words=told),
        )
