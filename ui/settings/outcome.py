"""What a test came to: each right by itself, by shape, word and colour, with advice; or why it could not be tried."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication
from PySide6.QtWidgets import QFrame

from member_tracker.domain.errors import SignInNeeded, TrackerError
from member_tracker.domain.mailboxes import Finding, MailboxAccount
from member_tracker.services.mailboxes import Tested
from ui import look
from ui.language import tr
from ui.settings.words import (
    HOLDS,
    ICONS,
    NOT_KEPT,
    RIGHTS,
    TONES,
    finding_words,
    findings_for_it,
    refusal_for_it,
    verdict_words,
)
from ui.table import Column, Page, TableModel
from ui.widgets.announce import announce
from ui.widgets.error_summary import ErrorSummary, Wrong
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.rows_view import RowsView

_LETTERS = (30, 17, 0)
_MOST_ROWS = 8


class Outcome(QFrame):
    """Shows what came of a test; `again_wanted` and `sign_in_wanted` carry the mailbox."""

    again_wanted = Signal(str)
    sign_in_wanted = Signal(str)
    left = Signal()

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.setObjectName("mailboxOutcome")
        self._now = now
        self._account: MailboxAccount | None = None
        self._for_it = ""
        self._title = label(name="outcomeTitle", kind="title")
        self._summary = ErrorSummary("outcomeErrors")
        self._note = label(name="outcomeNote")
        self._model: TableModel[Finding] = TableModel(_columns(), self)
        self._view = RowsView("findings", tr("What was found"), quiet=True, wrap=True)
        self._heading = buddy(tr("&What was found"), self._view, kind="heading")
        self._again = button(tr("Try &again"), lambda: self._want(self.again_wanted.emit), name="tryAgain")
        self._sign_in = button(
            tr("&Sign in again…"), lambda: self._want(self.sign_in_wanted.emit), name="outcomeSignIn", kind="first"
        )
        self._copy = button(tr("&Copy for your IT team"), self._copy_words, name="copyFindings")
        self._copied = label(name="copyFindingsSaid", kind="quiet")
        self._back = button(tr("&Back to the mailboxes"), self.left.emit, name="outcomeBack", tip="Esc")
        self._view.show_model(self._model, _LETTERS)
        self._view.setIconSize(QSize(18, 18))
        self.setLayout(
            column(
                self._title,
                self._summary,
                self._note,
                self._heading,
                self._view,
                row(self._sign_in, self._again, self._copy, self._back, None),
                self._copied,
                None,
                gap=look.GAP + look.TIGHT,
            )
        )

    def show_tested(self, tested: Tested, *, title: str = "") -> None:
        """Show each right that was tried."""
        self._begin(tested.account, title or verdict_words(tested), findings_for_it(tested, self._now()))
        self._summary.tell(())
        self._note.setText("" if tested.is_kept else NOT_KEPT)
        self._note.setVisible(not tested.is_kept)
        self._model.show([Page(rows=tested.findings)])
        self._sign_in.hide()
        self._show_table(shown=bool(tested.findings))
        announce(self, " ".join([self._title.text() + ".", *map(finding_words, tested.findings)]))

    def show_refused(self, account: MailboxAccount, title: str, error: TrackerError) -> None:
        """Show why it could not be tried."""
        self._begin(account, title, refusal_for_it(account, error, self._now()))
        self._note.hide()
        self._show_table(shown=False)
        needs_sign_in = isinstance(error, SignInNeeded)
        self._sign_in.setVisible(needs_sign_in)
        field = self._sign_in if needs_sign_in else self._again
        self._summary.tell([Wrong(words=error.title, advice=error.advice, field=field)])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to what was found, or to what is to be done."""
        super().focusInEvent(event)
        (self._view if self._view.isVisible() else self._again).setFocus(event.reason())

    def _begin(self, account: MailboxAccount, title: str, for_it: str) -> None:
        self._account, self._for_it = account, for_it
        self._title.setText(title)
        self._copied.setText("")

    def _show_table(self, *, shown: bool) -> None:
        self._heading.setVisible(shown)
        self._view.setVisible(shown)
        if shown:
            self._view.fit(_MOST_ROWS)
            self._view.go_to(0)

    def _want(self, wanted: Callable[[str], None]) -> None:
        if self._account is not None:
            wanted(self._account.address)

    def _copy_words(self) -> None:
        QGuiApplication.clipboard().setText(self._for_it)
        self._copied.setText(tr("Copied: paste it into a mail to them."))
        announce(self, self._copied.text())


def _columns() -> tuple[Column[Finding], ...]:
    def said(found: Finding) -> str:
        return f"{found.words}\n{found.advice}" if found.advice else found.words

    return (
        Column(
            heading=tr("What was tried"),
            words=lambda found: RIGHTS[found.right],
            spoken=finding_words,
            icon=lambda found: look.icon(ICONS[found.holds], TONES[found.holds]),
        ),
        Column(
            heading=tr("Result"),
            words=lambda found: HOLDS[found.holds],
            colour=lambda found: look.ink_brush(TONES[found.holds]),
        ),
        Column(heading=tr("In words"), words=said),
    )
