"""The mailboxes that are set up, how each stands in words, and what can be done with the one chosen."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QSize, Signal, SignalInstance
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QWidget

from member_tracker.domain.mailboxes import MailboxKind
from member_tracker.services.mailboxes import MailboxView
from ui import look
from ui.language import tr
from ui.settings.words import KINDS, standing_words
from ui.table import Column, Page, TableModel
from ui.widgets.announce import announce
from ui.widgets.flow import Flow
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.rows_view import RowsView

MOST_ROWS = 8
_NONE = tr(
    "No mailbox is set up. Without one no mail leaves this computer.\n"
    "Add the mailbox your council's answers come to, and Member Tracker reads and sends mail through it."
)
_NO_HUB = tr(
    "This computer works by itself. Where your council has a hub, casework can be shared with others through it."
)
_PRACTICE = tr(
    "Practice data have no mailbox of their own: no mail leaves this computer.\n"
    "To read and send real mail, choose “Set it up for my council” in the File menu, and add the mailbox there."
)


class Overview(QFrame):
    """Asks for a deed: `add_wanted`, or with the mailbox's name `test_wanted`, `sign_in_wanted`, `remove_wanted`.

    `hub_wanted` asks for what concerns the hub, `page_wanted` for another page of the settings.
    """

    add_wanted = Signal()
    hub_wanted = Signal()
    test_wanted = Signal(str)
    sign_in_wanted = Signal(str)
    remove_wanted = Signal(str)
    page_wanted = Signal(str)
    left = Signal()

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.setObjectName("mailboxOverview")
        self._now = now
        self._model: TableModel[MailboxView] = TableModel(self._columns(), self)
        self._view = RowsView("mailboxList", tr("Mailboxes"), quiet=True, wrap=True)
        self._heading = buddy(tr("&Mailboxes"), self._view, kind="heading")
        self._said = label(name="settingsSaid")
        self._nothing = label(name="mailboxesEmpty", kind="quiet")
        self._detail = label(name="mailboxAdvice")
        self._add = button(tr("Add a mailbo&x…"), self.add_wanted.emit, name="addMailbox", kind="first")
        self._test = button(tr("&Test it"), lambda: self._want(self.test_wanted), name="testMailbox")
        self._sign_in = button(tr("&Sign in again…"), lambda: self._want(self.sign_in_wanted), name="signInMailbox")
        self._remove = button(tr("&Remove…"), lambda: self._want(self.remove_wanted), name="removeMailbox")
        self._pages = [
            button(words, partial(self.page_wanted.emit, page), name=f"settings{page.title()}")
            for words, page in (
                (tr("&Your council…"), "office"),
                (tr("Service &areas…"), "areas"),
                (tr("People: &who is who…"), "people"),
                (tr("&Duty rota…"), "rota"),
                (tr("&Closure days…"), "closures"),
                (tr("Charter and its &promises…"), "charter"),
                (tr("Templates and sign-&off…"), "templates"),
                (tr("Sub&jects and questions…"), "subjects"),
                (tr("Display and si&ze…"), "display"),
            )
        ]
        self._hub_words = label(_NO_HUB, name="settingsHubWords")
        self._hub = button(tr("H&ub…"), self.hub_wanted.emit, name="settingsHub")
        self._council = button(
            tr("Set by your cou&ncil…"), lambda: self.page_wanted.emit("council"), name="settingsCouncil"
        )
        self._backups = button(tr("Bac&k-ups…"), lambda: self.page_wanted.emit("where"), name="settingsBackups")
        self._back = button(tr("&Back"), self.left.emit, name="settingsBack", tip="Esc")
        self._deeds = QWidget()
        self._lay_out()

    def _lay_out(self) -> None:
        self._view.show_model(self._model, (0, 0))
        self._view.setIconSize(QSize(18, 18))
        self._view.row_current.connect(lambda _row: self._show_detail())
        self._deeds.setLayout(row(self._test, self._sign_in, self._remove, None))
        self.setLayout(
            column(
                label(tr("Settings"), name="settingsTitle", kind="title"),
                self._said,
                self._heading,
                self._nothing,
                self._view,
                self._detail,
                self._deeds,
                row(self._add, None),
                label(tr("The office"), name="settingsOfficeHeading", kind="heading"),
                Flow(*self._pages),
                label(tr("Casework shared with others"), name="settingsHubHeading", kind="heading"),
                self._hub_words,
                row(self._hub, self._council, self._backups, self._back, None),
                None,
                gap=look.GAP,
            )
        )
        self._said.hide()
        self.show_mailboxes((), is_practice=False)

    @property
    def view(self) -> QWidget:
        """The table, for the keyboard to go to."""
        return self._view

    @property
    def chosen(self) -> MailboxView | None:
        """The mailbox the keyboard is on."""
        return self._model.row(self._view.currentIndex().row()) if self._view.currentIndex().isValid() else None

    def choose(self, address: str) -> MailboxView | None:
        """The mailbox of that address, made the current one."""
        number = self._model.find(lambda view: view.account.name == address.casefold())
        if number is None:
            return None
        self._view.go_to(number)
        return self._model.row(number)

    def say(self, words: str) -> None:
        """Say what was done."""
        self._said.setText(words)
        self._said.setVisible(bool(words))
        if words:
            announce(self, words)

    def show_hub(self, words: str) -> None:
        """Say how this computer stands with its hub; no words: it belongs to none."""
        self._hub_words.setText(words or _NO_HUB)
        self._hub.setText(tr("H&ub…") if words else tr("Join a h&ub…"))

    def show_mailboxes(self, views: Sequence[MailboxView], *, is_practice: bool) -> None:
        """Show these; the folders of a profile without a mailbox are none."""
        shown = tuple(view for view in views if view.account.kind is not MailboxKind.FOLDER)
        at = max(0, self._view.currentIndex().row())
        self._model.show([Page(rows=shown)])
        self._nothing.setText(_PRACTICE if is_practice else _NONE)
        self._nothing.setVisible(not shown)
        for part in (self._view, self._detail, self._deeds):
            part.setVisible(bool(shown))
        self._add.setVisible(not is_practice)
        if self._add.isHidden() and self.window().focusWidget() is self._add:
            self.focus_first()
        if shown:
            self._view.fit(MOST_ROWS)
            self._view.go_to(min(at, len(shown) - 1))
        self._show_detail()

    def focus_first(self) -> None:
        """The keyboard goes to the mailboxes, or to what is to be done where there is none."""
        first = self._view if self._model.rowCount() else self._add
        (first if first.isVisibleTo(self) else self._back).setFocus()

    def _show_detail(self) -> None:
        """What to do about the mailbox chosen."""
        chosen = self.chosen
        advice = chosen.health.advice if chosen is not None else ""
        self._detail.setText(advice)
        self._detail.setVisible(bool(advice))
        named = chosen.account.address if chosen is not None else ""
        for deed, words in (
            (self._test, tr("Test {mailbox}")),
            (self._sign_in, tr("Sign in again to {mailbox}")),
            (self._remove, tr("Remove {mailbox}")),
        ):
            deed.setAccessibleName(words.format(mailbox=named))

    def _columns(self) -> tuple[Column[MailboxView], ...]:
        def what(view: MailboxView) -> str:
            return f"{view.account.address}\n{KINDS[view.account.kind]}"

        def stands(view: MailboxView) -> str:
            return standing_words(view.health, self._now())

        def spoken(view: MailboxView) -> str:
            return f"{view.account.address}, {KINDS[view.account.kind]}. {stands(view)}. {view.health.advice}".strip()

        return (
            Column(heading=tr("Mailbox"), words=what, spoken=spoken),
            Column(heading=tr("How it stands"), words=stands, icon=_icon),
        )

    def _want(self, wanted: SignalInstance) -> None:
        chosen = self.chosen
        if chosen is not None:
            wanted.emit(chosen.account.address)


def _icon(view: MailboxView) -> QIcon:
    """A tick, a cross or a dash; the words beside it say the same."""
    if view.health.failing_since is not None:
        return look.icon("missed", "late")
    return look.icon("met", "good") if view.health.read_at else look.icon("not_measured", "quiet")
