"""The fields of the form that adds a mailbox: which are shown for which kind, and what was typed in them."""

from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QSizePolicy, QWidget

from member_tracker.domain.errors import TrackerError
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind, SignInWay
from member_tracker.policy import NO_POLICY, Policy
from ui import look
from ui.language import tr
from ui.settings.words import KINDS, WAYS
from ui.typed_dates import typed_past_day
from ui.widgets.error_summary import Wrong
from ui.widgets.file_dialog import a_file
from ui.widgets.fixed import fix_choice, fix_text, fixed_words
from ui.widgets.parts import buddy, button, combo, empty, label, row
from ui.words import day_in_words

USUAL_DAYS = 28
"""So many days back mail is first read from, unless another day is typed."""
_SERVER, _ONLINE = MailboxKind.EXCHANGE_SERVER, MailboxKind.EXCHANGE_ONLINE
_CERTIFICATE = tr("&Certificate file")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of the form: its label, its field, and the kinds it is for; `more` is shown only when asked for."""

    words: str
    field: QWidget
    kinds: tuple[MailboxKind | None, ...] = (None, _SERVER, _ONLINE)
    more: bool = False


class MailboxFields(QObject):
    """The fields by name; `submitted` says that Enter was pressed in one."""

    submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.address = _text("mailboxAddress", "members@example.org")
        self.kind = combo("mailboxKind")
        self.user = _text("mailboxUser", tr("Only for a shared mailbox: the user who signs in"))
        self.password = _text("mailboxPassword", tr("Kept in this computer's secure store, never in the settings"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.folder = _text("mailboxFolder", "")
        self.since = _text("mailboxSince", tr("24/11/2026, 24 nov or yesterday; empty for all mail"))
        self._echo = label(name="mailboxSinceEcho", kind="quiet")
        self._echo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._today: date | None = None
        self.more = button(tr("Show &more"), self._show_lines, name="mailboxMore", kind="link")
        self.more.setCheckable(True)
        self.url = _text("mailboxUrl", tr("Found where it can be: https://mail.example.org/EWS/Exchange.asmx"))
        self.way = combo("mailboxSignIn")
        self.ca_file = _text(
            "mailboxCertificates", tr("Only where your council has a certificate authority of its own")
        )
        self.tenant = _text("mailboxTenant", tr("Your council's tenant, from your IT team"))
        self.client_id = _text("mailboxClientId", tr("Member Tracker's registration, from your IT team"))
        self.code = QCheckBox(tr("Sign in with a c&ode typed on another device"))
        self.code.setObjectName("mailboxCode")
        self._policy = NO_POLICY
        self.by_council = label(name="mailboxByCouncil", kind="quiet")
        self.by_council.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.form = QFormLayout()
        self._lines = self._make_lines()
        self._lay_out()
        self.clear(None)

    def _make_lines(self) -> tuple[_Line, ...]:
        browse = button(tr("B&rowse…"), self._browse, name="browseCertificates")
        files = QWidget()
        files.setLayout(row(self.ca_file, browse))
        return (
            _Line(words=tr("&Address"), field=self.address),
            _Line(words=tr("&What it is"), field=self.kind),
            _Line(words=tr("&User"), field=self.user),
            _Line(words=tr("&Password"), field=self.password, kinds=(None, _SERVER)),
            _Line(words=tr("&Tenant"), field=self.tenant, kinds=(_ONLINE,)),
            _Line(words=tr("Clie&nt id"), field=self.client_id, kinds=(_ONLINE,)),
            _Line(words=tr("Fol&der"), field=self.folder),
            _Line(words=tr("First da&y to read"), field=self.since),
            _Line(words="", field=self._echo),
            _Line(words="", field=self.by_council),
            _Line(words="", field=self.more),
            _Line(words=tr("&Server address"), field=self.url, kinds=(_SERVER,), more=True),
            _Line(words=tr("How to sign i&n"), field=self.way, kinds=(_SERVER,), more=True),
            _Line(words=_CERTIFICATE, field=files, more=True),
            _Line(words="", field=self.code, kinds=(_ONLINE,), more=True),
        )

    def _lay_out(self) -> None:
        self.kind.addItem(tr("Found automatically"), None)
        for kind in (_SERVER, _ONLINE):
            self.kind.addItem(KINDS[kind], kind)
        self.way.addItem(tr("As the server asks"), None)
        for way, words in WAYS.items():
            self.way.addItem(words, way)
        self.form.setHorizontalSpacing(look.ROOM)
        self.form.setVerticalSpacing(look.GAP)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for line in self._lines:
            led_to = self.ca_file if line.words == _CERTIFICATE else line.field
            self.form.addRow(buddy(line.words, led_to) if line.words else "", line.field)
            if isinstance(line.field, QLineEdit):
                line.field.returnPressed.connect(self.submitted)
        self.since.textChanged.connect(lambda _text: self._say_first_day())
        self.kind.currentIndexChanged.connect(lambda _index: self._show_lines())
        self.way.currentIndexChanged.connect(lambda _index: self._show_lines())

    @property
    def chosen_kind(self) -> MailboxKind | None:
        """The kind that was said; None where it is to be found."""
        said = self.kind.currentData()
        return MailboxKind(said) if said else None

    @property
    def chosen_way(self) -> SignInWay | None:
        """How to sign in; None as the server asks."""
        said = self.way.currentData()
        return SignInWay(said) if said and self.chosen_kind is _SERVER else None

    def choose_online(self) -> None:
        """It turned out to be a mailbox of Exchange Online: show what that needs."""
        self.kind.setCurrentIndex(self.kind.findData(_ONLINE))

    def clear(self, today: date | None) -> None:
        """Begin anew; the first day is four weeks back."""
        self._today = today
        empty(self.address, self.user, self.password, self.url, self.ca_file, self.tenant, self.client_id)
        self.folder.setText("Inbox")
        self.since.setText(f"{today - timedelta(days=USUAL_DAYS):%d/%m/%Y}" if today else "")
        self.kind.setCurrentIndex(0)
        self.way.setCurrentIndex(0)
        self.code.setChecked(False)
        self.more.setChecked(False)
        self._show_fixed()
        self._show_lines()

    def fix(self, policy: Policy) -> None:
        """Show what the council set, from the next time the form is begun on."""
        self._policy = policy

    def _show_fixed(self) -> None:
        """Fill in what is fixed; it can be read and not changed."""
        policy = self._policy
        texts = (
            (tr("The address"), self.address, policy.mailbox),
            (tr("the tenant"), self.tenant, policy.tenant),
            (tr("the client id"), self.client_id, policy.client_id),
            (tr("the server address"), self.url, policy.server),
            (tr("the certificate file"), self.ca_file, policy.ca_file),
        )
        choices = (
            (tr("what it is"), self.kind, policy.mailbox_kind),
            (tr("how to sign in"), self.way, policy.sign_in),
        )
        for _, field, value in texts:
            fix_text(field, value)
        for _, choice, set_to in choices:
            fix_choice(choice, set_to)
        said = [name for name, _, value in texts if value] + [name for name, _, set_to in choices if set_to]
        self.by_council.setText(fixed_words(*said))

    def take_password(self) -> str | None:
        """What was typed as password, which is not shown or kept here any longer; None where none is needed."""
        typed = self.password.text()
        empty(self.password)
        return typed if typed and self.needs_password else None

    @property
    def needs_password(self) -> bool:
        """Whether this kind signs in by password."""
        return self.chosen_kind is not _ONLINE and self.chosen_way is not SignInWay.KERBEROS

    def wrongs(self, today: date) -> list[Wrong]:
        """What must be put right before the mailbox can be looked for."""
        found = []
        if "@" not in self.address.text().strip(" @"):
            found.append(
                Wrong(words=tr("Type the mailbox's address, such as members@example.org."), field=self.address)
            )
        if self.needs_password and not self.password.text():
            found.append(Wrong(words=tr("Type the password of the user who signs in."), field=self.password))
        found += self._missing()
        if not self.folder.text().strip():
            found.append(Wrong(words=tr("Type the name of the folder to read, such as Inbox."), field=self.folder))
        try:
            self.first_day(today)
        except TrackerError as error:
            found.append(Wrong(words=str(error), field=self.since))
        return found

    def _missing(self) -> list[Wrong]:
        """What the chosen kind needs and nobody typed."""
        if self.chosen_kind is _ONLINE:
            asked = (
                (tr("Type the tenant that your IT team gave you."), self.tenant),
                (tr("Type the client id that your IT team gave you."), self.client_id),
            )
            return [Wrong(words=words, field=field) for words, field in asked if not field.text().strip()]
        if self.chosen_way is SignInWay.KERBEROS and not self.url.text().strip():
            return [Wrong(words=tr("Type the server's address: without a password it is not found."), field=self.url)]
        return []

    def first_day(self, today: date) -> date | None:
        """The first day mail is read from; None for all of it. Raises `Invalid` for what is no day."""
        typed = self.since.text().strip()
        return typed_past_day(typed, today) if typed else None

    def account(self, today: date) -> MailboxAccount:
        """The mailbox as it was typed; what is not for its kind is left out. One without a kind is looked for."""
        kind = self.chosen_kind
        online, server = kind is _ONLINE, kind is _SERVER
        return MailboxAccount(
            address=self.address.text().strip(),
            kind=kind or _SERVER,
            user=self.user.text().strip(),
            url=self.url.text().strip() if server else "",
            sign_in=self.chosen_way,
            folder=self.folder.text().strip(),
            since=self.first_day(today),
            ca_file=self.ca_file.text().strip(),
            tenant=self.tenant.text().strip() if online else "",
            client_id=self.client_id.text().strip() if online else "",
            device_code=online and self.code.isChecked(),
        )

    def _say_first_day(self) -> None:
        """Echo the first day in words."""
        if self._today is None:
            return
        try:
            first = self.first_day(self._today)
        except TrackerError as error:
            self._echo.setText(str(error))
            return
        self._echo.setText(day_in_words(first) if first else tr("All mail in the folder is read."))

    def _show_lines(self) -> None:
        """Show what is for the chosen kind, and the rest of it where somebody wants to see more."""
        kind = self.chosen_kind
        for line in self._lines:
            wanted = kind in line.kinds and (not line.more or self.more.isChecked())
            if line.field is self.password:
                wanted = self.needs_password
            if line.field is self.by_council:
                wanted = bool(self.by_council.text())
            self.form.setRowVisible(line.field, wanted)
        self.more.setText(tr("Show less (&m)") if self.more.isChecked() else tr("Show &more"))

    def _browse(self) -> None:
        """Look for the certificate file; the dialog is opened, not waited in."""
        dialog = a_file(
            self.ca_file,
            tr("The council's certificate authority"),
            name="certificateDialog",
            then=self.ca_file.setText,
        )
        dialog.setNameFilter(tr("Certificates (*.pem *.crt *.cer);;Any file (*)"))
        dialog.open()


def _text(name: str, example: str) -> QLineEdit:
    made = QLineEdit()
    made.setObjectName(name)
    made.setPlaceholderText(example)
    return made
