"""Settings: the mailboxes of this profile; each is added, tested, signed in to and removed here."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QMessageBox, QStackedLayout, QWidget

from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind, SignInWay
from member_tracker.domain.watching import Stopped
from member_tracker.services.mailboxes import (
    MailboxView,
    Tested,
    add_mailbox,
    list_mailboxes,
    remove_mailbox,
    sign_in_again,
    try_mailbox,
)
from ui.desk import Desk
from ui.jobs import Job, Line
from ui.settings.form import MailboxForm
from ui.settings.outcome import Outcome
from ui.settings.overview import Overview
from ui.settings.password import PasswordForm
from ui.settings.words import NOT_KEPT, refusal_for_it
from ui.settings.working import Working
from ui.widgets.focus import holds_focus
from ui.widgets.page import Page
from ui.widgets.scrolled import Scrolled

if TYPE_CHECKING:
    from member_tracker.app import App

T = TypeVar("T")


class SettingsPage(Page):
    """Shows one of its parts at a time; while a mailbox is tried or changed, rounds of mail are held.

    `left` says that somebody goes back to where they were.
    """

    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "settingsPage", parent)
        self._job: Job | None = None
        self._views: tuple[MailboxView, ...] = ()
        self._account: MailboxAccount | None = None
        self._refused = ""
        self._wanted = ""
        self._overview = Overview(desk.now)
        self._form = MailboxForm()
        self._password = PasswordForm()
        self._working = Working()
        self._outcome = Outcome(desk.now)
        self._stack = QStackedLayout()
        for part in (self._overview, self._form, self._password, self._working, self._outcome):
            self._stack.addWidget(Scrolled(part))
        self._shown: QWidget = self._overview
        self.setLayout(self._stack)
        self._connect()

    def _connect(self) -> None:
        self._overview.add_wanted.connect(self.add)
        self._overview.test_wanted.connect(self._test)
        self._overview.sign_in_wanted.connect(self.sign_in)
        self._overview.remove_wanted.connect(self._ask_remove)
        self._overview.left.connect(self.left)
        self._form.wanted.connect(self._try_to_add)
        self._form.copy_wanted.connect(self._copy_refusal)
        self._form.left.connect(self._show_overview)
        self._password.wanted.connect(self._sign_in_with)
        self._password.left.connect(self._show_overview)
        self._working.stop_wanted.connect(self._stop)
        self._outcome.again_wanted.connect(self._test)
        self._outcome.sign_in_wanted.connect(self.sign_in)
        self._outcome.left.connect(self._show_overview)
        self.desk.mail_stands.connect(lambda _standing: self.refresh())

    def ask(self) -> None:
        """Read which mailboxes there are and how each stands."""
        self.desk.ask(list_mailboxes, owner=self, done=self._show_mailboxes)

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._overview.view]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the part that is shown."""
        super().focusInEvent(event)
        self._focus()

    def back(self) -> bool:
        """Esc: go back from a part to the mailboxes; whether there was anywhere to go back to in here."""
        if self._shown is self._overview:
            return False
        if self._shown is self._working:
            self._stop()
        else:
            self._show_overview()
        return True

    def add(self) -> None:
        """Show an empty form."""
        self._form.begin(local_date(self.desk.now()), frozenset(view.account.name for view in self._views))
        self._show(self._form)

    def sign_in(self, address: str) -> None:
        """Sign in again: by a password, or in the browser."""
        if self._job is not None:
            return
        view = self._overview.choose(address)
        if view is None:
            self._wanted = address
            return
        self._account = view.account
        by_password = view.account.kind is MailboxKind.EXCHANGE_SERVER
        if by_password and view.account.sign_in is not SignInWay.KERBEROS:
            self._password.begin(view.account)
            self._show(self._password)
        else:
            self._sign_in_with(None)

    def _show_mailboxes(self, views: Sequence[MailboxView]) -> None:
        had_some = bool(self._views)
        self._views = tuple(view for view in views if view.account.kind is not MailboxKind.FOLDER)
        self._overview.show_mailboxes(self._views, is_practice=self.desk.is_practice)
        if bool(self._views) != had_some and holds_focus(self._overview):
            self._focus()
        wanted, self._wanted = self._wanted, ""
        if wanted and any(view.account.name == wanted.casefold() for view in self._views):
            self.sign_in(wanted)

    def _try_to_add(self, account: MailboxAccount, password: str | None) -> None:
        self._account = account

        def deed(app: "App", line: Line) -> Tested:
            return add_mailbox(app, account, password, line.watch, line.say)

        def refuse(error: TrackerError) -> None:
            self._show(self._form)
            if isinstance(error, Stopped):
                self._form.say("Stopped: the mailbox was not added, and nothing was kept.")
            else:
                self._refused = refusal_for_it(account, error, self.desk.now())
                self._form.refuse(error)

        self._begin(f"Adding {account.address}", deed, self._show_added, refuse)

    def _show_added(self, tested: Tested) -> None:
        self._form.forget()
        self._show_tested(tested, title=f"{tested.account.address} was added" if tested.works else "")

    def _test(self, address: str) -> None:
        view = self._overview.choose(address)
        account = view.account if view is not None else self._account
        if account is None:
            return

        def deed(app: "App", line: Line) -> Tested:
            return try_mailbox(app, address, line.watch)

        def refuse(error: TrackerError) -> None:
            if isinstance(error, Stopped):
                self._show_overview("The test was stopped.")
            else:
                self._show(self._outcome)
                self._outcome.show_refused(account, f"{address} does not work yet", error)

        self._begin(f"Testing {address} with a message to itself", deed, self._show_tested, refuse)

    def _show_tested(self, tested: Tested, *, title: str = "") -> None:
        self._outcome.show_tested(tested, title=title)
        self._show(self._outcome)

    def _sign_in_with(self, password: str | None) -> None:
        account = self._account
        if account is None:
            return
        address = account.address

        def deed(app: "App", line: Line) -> bool:
            return sign_in_again(app, address, password, line.watch, line.say)

        def done(is_kept: bool) -> None:
            self._show_overview(f"Signed in to {address}." + ("" if is_kept else f" {NOT_KEPT}"))

        def refuse(error: TrackerError) -> None:
            if isinstance(error, Stopped):
                self._show_overview("Signing in was stopped.")
            elif account.kind is MailboxKind.EXCHANGE_SERVER and account.sign_in is not SignInWay.KERBEROS:
                self._show(self._password)
                self._password.refuse(error)
            else:
                self._show(self._outcome)
                self._outcome.show_refused(account, f"Signing in to {address} did not work", error)

        self._begin(f"Signing in to {address}", deed, done, refuse)

    def _ask_remove(self, address: str) -> None:
        """Removing cannot be undone, so it is asked, and what stays is said."""
        box = QMessageBox(self.window())
        box.setObjectName("removeDialog")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Remove a mailbox")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Remove {address} from Member Tracker?")
        box.setInformativeText(
            "Every enquiry and all mail that was collected stay here, and nothing is deleted in the mailbox itself. "
            "Its settings and its sign-in are forgotten. This cannot be undone: to use it again, add it again."
        )
        remove = box.addButton("&Remove it", QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton("&Keep it", QMessageBox.ButtonRole.RejectRole)
        remove.setObjectName("removeAgree")
        keep.setObjectName("removeKeep")
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        remove.clicked.connect(lambda: self._remove(address))
        box.open()

    def _remove(self, address: str) -> None:
        def done(_removed: None) -> None:
            self._show_overview(f"{address} was removed. Mail that was collected stays.")

        def refuse(error: TrackerError) -> None:
            self._show_overview()
            self.desk.jobs.refused.emit(error)

        self._begin(f"Removing {address}", lambda app, _line: remove_mailbox(app, address), done, refuse)

    def _begin(
        self,
        title: str,
        deed: "Callable[[App, Line], T]",
        done: Callable[[T], None],
        refuse: Callable[[TrackerError], None],
    ) -> None:
        """Have something done to a mailbox, with rounds of mail held meanwhile."""
        if self._job is not None:
            return
        self._overview.say("")
        self._working.begin(title)
        self._show(self._working)
        self.desk.mail_held.emit(True)

        def over(what: T) -> None:
            self._over()
            done(what)

        def refused(error: TrackerError) -> None:
            self._over()
            refuse(error)

        self._job = self.desk.ask_long(deed, owner=self, heard=self._working.show_step, done=over, failed=refused)

    def _over(self) -> None:
        self._job = None
        self.desk.mail_held.emit(False)
        self.refresh()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()

    def _copy_refusal(self) -> None:
        from PySide6.QtGui import QGuiApplication

        QGuiApplication.clipboard().setText(self._refused)
        self._form.say_copied()

    def _show_overview(self, said: str = "") -> None:
        self._form.forget()
        self._password.forget()
        self._show(self._overview)
        self._overview.say(said)

    def _show(self, part: QWidget) -> None:
        """Show a part, with the keyboard in it where it was in this page."""
        had_focus = holds_focus(self)
        self._shown = part
        for number in range(self._stack.count()):
            area = self._stack.widget(number)
            if area is not None and area.isAncestorOf(part):
                self._stack.setCurrentIndex(number)
        if had_focus:
            self._focus()

    def _focus(self) -> None:
        if self._shown is self._overview:
            self._overview.focus_first()
        else:
            self._shown.setFocus(Qt.FocusReason.OtherFocusReason)
