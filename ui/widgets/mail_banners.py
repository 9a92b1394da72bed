"""Strips across the top: a mailbox that is not read, and mail that may have gone out; they go by themselves."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from ui import look
from ui.language import tr, tr_count
from ui.mail_standing import MailStanding
from ui.widgets.announce import announce
from ui.widgets.parts import button, column, frame, label, row

if TYPE_CHECKING:
    from member_tracker.services.mailbox_health import MailboxWarning

MOST_LINES = 3


class MailBanners(QFrame):
    """One line for each mailbox in trouble, and one for mail in doubt; each has a button with a number as its letter.

    `sign_in_wanted` and `settings_wanted` carry the mailbox; `decide_wanted` asks for the mail in doubt.
    """

    sign_in_wanted = Signal(str)
    settings_wanted = Signal(str)
    decide_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mailBanners")
        self._shown = MailStanding()
        self._lines: list[QWidget] = []
        self._is_wanted = True
        self._layout = column(gap=look.TIGHT)
        self._layout.setContentsMargins(look.ROOM, look.TIGHT, look.ROOM, 0)
        self.setLayout(self._layout)
        self.hide()

    def show_standing(self, standing: MailStanding) -> None:
        """Show what somebody must do something about; what is shown already stays as it is."""
        before, self._shown = self._shown, standing
        if (before.warnings, before.unsure) == (standing.warnings, standing.unsure):
            return
        self._clear()
        shown = standing.warnings[:MOST_LINES]
        for number, warning in enumerate(shown, start=1):
            self._add(self._warning(number, warning))
        following = len(shown) + 1
        if len(standing.warnings) > MOST_LINES:
            self._add(self._others(following, len(standing.warnings) - MOST_LINES))
            following += 1
        if standing.unsure:
            self._add(self._in_doubt(following, standing.unsure))
        self._show_or_hide()
        self._announce(before, standing)

    def be_wanted(self, *, wanted: bool) -> None:
        """Leave out where the page says the same and has the room better used."""
        self._is_wanted = wanted
        self._show_or_hide()

    def _show_or_hide(self) -> None:
        self.setVisible(self._is_wanted and bool(self._lines))

    def _announce(self, before: MailStanding, now: MailStanding) -> None:
        said = [f"{warning.title} {warning.advice}" for warning in now.warnings if warning not in before.warnings]
        if now.unsure > before.unsure:
            said.append(in_doubt_words(now.unsure))
        if said:
            announce(self, " ".join(said))

    def _warning(self, number: int, warning: "MailboxWarning") -> QFrame:
        if warning.needs_sign_in:
            deed = button(
                tr("Sign in again (&{number})").format(number=number),
                lambda: self.sign_in_wanted.emit(warning.mailbox),
                name=f"signInAgain{number}",
                kind="first",
            )
            deed.setAccessibleName(tr("Sign in again to {mailbox}").format(mailbox=warning.mailbox))
        else:
            deed = button(
                tr("Settings (&{number})…").format(number=number),
                lambda: self.settings_wanted.emit(warning.mailbox),
                name=f"toSettings{number}",
            )
            deed.setAccessibleName(tr("Settings of {mailbox}").format(mailbox=warning.mailbox))
        title = label(warning.title, name=f"mailWarning{number}", kind="strong")
        return _line("wrong", f"mailBanner{number}", deed, title, label(warning.advice, name=f"mailAdvice{number}"))

    def _others(self, number: int, more: int) -> QFrame:
        words = tr_count("{n} more mailbox is not being read.", "{n} more mailboxes are not being read.", more).format(
            n=more
        )
        deed = button(
            tr("All mailboxes (&{number})…").format(number=number),
            lambda: self.settings_wanted.emit(""),
            name="toAllMailboxes",
        )
        return _line("wrong", "mailBannerMore", deed, label(words, name="mailWarningMore"))

    def _in_doubt(self, number: int, unsure: int) -> QFrame:
        deed = button(
            tr("Look and decide (&{number})").format(number=number), self.decide_wanted.emit, name="decideButton"
        )
        return _line("hint", "unsureBanner", deed, label(in_doubt_words(unsure), name="unsureWords", kind="strong"))

    def _add(self, line: QFrame) -> None:
        self._layout.addWidget(line)
        self._lines.append(line)

    def _clear(self) -> None:
        for line in self._lines:
            self._layout.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = []


def in_doubt_words(unsure: int) -> str:
    """How many mails are in doubt, and what to do."""
    words = tr_count(
        "{n} mail may have gone out: look and decide", "{n} mails may have gone out: look and decide", unsure
    )
    return words.format(n=unsure)


def _line(kind: str, name: str, deed: QWidget, *words: QWidget) -> QFrame:
    made = frame(kind, name=name)
    layout = row(column(*words, gap=2), deed, margin=look.GAP - 2, gap=look.ROOM)
    layout.setStretch(0, 1)
    made.setLayout(layout)
    return made
