"""Settings: the mailboxes of this profile; each is added, tested, signed in to and removed here."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

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
from ui.hub_standing import read_hub
from ui.jobs import Line
from ui.language import tr
from ui.settings.form import MailboxForm
from ui.settings.outcome import Outcome
from ui.settings.overview import Overview
from ui.settings.password import PasswordForm
from ui.settings.words import NOT_KEPT, refusal_for_it
from ui.widgets.focus import holds_focus
from ui.widgets.working import Working
from ui.widgets.working_page import WorkingPage

if TYPE_CHECKING:
    from member_tracker.app import App


class SettingsPage(WorkingPage):
    """Shows one of its parts at a time; `hub_wanted` asks for what concerns the hub."""

    hub_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "settingsPage", Working(), parent)
        self._views: tuple[MailboxView, ...] = ()
        self._account: MailboxAccount | None = None
        self._refused = ""
        self._wanted = ""
        self._overview = Overview(desk.now)
        self._form = MailboxForm()
        self._form.fields.fix(desk.profile.policy)
        self._password = PasswordForm()
        self._outcome = Outcome(desk.now)
        self._hold_parts(self._overview, self._form, self._password, self._working, self._outcome)
        self._connect()

    def _connect(self) -> None:
        self._overview.add_wanted.connect(self.add)
        self._overview.test_wanted.connect(self._test)
        self._overview.sign_in_wanted.connect(self.sign_in)
        self._overview.remove_wanted.connect(self._ask_remove)
        self._overview.hub_wanted.connect(self.hub_wanted)
        self.hub_wanted.connect(lambda: self.desk.page_wanted.emit("hub", None))
        self._overview.left.connect(self.left)
        self._overview.page_wanted.connect(lambda name: self.desk.page_wanted.emit(name, None))
        self._form.wanted.connect(self._try_to_add)
        self._form.copy_wanted.connect(self._copy_refusal)
        self._form.left.connect(self._show_overview)
        self._password.wanted.connect(self._sign_in_with)
        self._password.left.connect(self._show_overview)
        self._outcome.again_wanted.connect(self._test)
        self._outcome.sign_in_wanted.connect(self.sign_in)
        self._outcome.left.connect(self._show_overview)
        self.desk.mail_stands.connect(lambda _standing: self.refresh())
        self.desk.hub_stands.connect(lambda stands: self._overview.show_hub(stands.words))

    def ask(self) -> None:
        """Read which mailboxes there are and how each stands, and how the hub does."""
        self.desk.ask(list_mailboxes, owner=self, done=self._show_mailboxes)
        self.desk.ask(read_hub, owner=self, done=lambda stands: self._overview.show_hub(stands.words))

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._overview.view]

    def _is_first(self, part: QWidget) -> bool:
        return part is self._overview

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
                self._form.say(tr("Stopped: the mailbox was not added, and nothing was kept."))
            else:
                self._refused = refusal_for_it(account, error, self.desk.now())
                self._form.refuse(error)

        self._begin(tr("Adding {address}").format(address=account.address), deed, self._show_added, refuse)

    def _show_added(self, tested: Tested) -> None:
        self._form.forget()
        self._show_tested(
            tested, title=tr("{address} was added").format(address=tested.account.address) if tested.works else ""
        )

    def _test(self, address: str) -> None:
        view = self._overview.choose(address)
        account = view.account if view is not None else self._account
        if account is None:
            return

        def deed(app: "App", line: Line) -> Tested:
            return try_mailbox(app, address, line.watch)

        def refuse(error: TrackerError) -> None:
            if isinstance(error, Stopped):
                self._show_overview(tr("The test was stopped."))
            else:
                self._show(self._outcome)
                self._outcome.show_refused(account, tr("{address} does not work yet").format(address=address), error)

        self._begin(
            tr("Testing {address} with a message to itself").format(address=address), deed, self._show_tested, refuse
        )

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
            signed_in = tr("Signed in to {address}.").format(address=address)
            self._show_overview(signed_in if is_kept else f"{signed_in} {NOT_KEPT}")

        def refuse(error: TrackerError) -> None:
            if isinstance(error, Stopped):
                self._show_overview(tr("Signing in was stopped."))
            elif account.kind is MailboxKind.EXCHANGE_SERVER and account.sign_in is not SignInWay.KERBEROS:
                self._show(self._password)
                self._password.refuse(error)
            else:
                self._show(self._outcome)
                self._outcome.show_refused(
                    account, tr("Signing in to {address} did not work").format(address=address), error
                )

        self._begin(tr("Signing in to {address}").format(address=address), deed, done, refuse)

    def _ask_remove(self, address: str) -> None:
        """Removing cannot be undone, so it is asked, and what stays is said."""
        box = QMessageBox(self.window())
        box.setObjectName("removeDialog")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(tr("Remove a mailbox"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(tr("Remove {address} from Member Tracker?").format(address=address))
        box.setInformativeText(
            tr(
                "Every enquiry and all mail that was collected stay here, and nothing is deleted in the mailbox "
                "itself. "
                "Its settings and its sign-in are forgotten. This cannot be undone: to use it again, add it again."
            )
        )
        remove = box.addButton(tr("&Remove it"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(tr("&Keep it"), QMessageBox.ButtonRole.RejectRole)
        remove.setObjectName("removeAgree")
        keep.setObjectName("removeKeep")
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        remove.clicked.connect(lambda: self._remove(address))
        box.open()

    def _remove(self, address: str) -> None:
        def done(_removed: None) -> None:
            self._show_overview(tr("{address} was removed. Mail that was collected stays.").format(address=address))

        def refuse(error: TrackerError) -> None:
            self._show_overview()
            self.desk.jobs.refused.emit(error)

        self._begin(
            tr("Removing {address}").format(address=address),
            lambda app, _line: remove_mailbox(app, address),
            done,
            refuse,
        )

    def _copy_refusal(self) -> None:
        from PySide6.QtGui import QGuiApplication

        QGuiApplication.clipboard().setText(self._refused)
        self._form.say_copied()

    def _show_first(self) -> None:
        self._show_overview()

    def _show_overview(self, said: str = "") -> None:
        self._form.forget()
        self._password.forget()
        self._show(self._overview)
        self._overview.say(said)

    def _focus(self) -> None:
        if self._shown is self._overview:
            self._overview.focus_first()
        else:
            super()._focus()
