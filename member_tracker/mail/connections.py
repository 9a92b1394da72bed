"""The ways to mailboxes: opens each kind, finds which kind an address is, and keeps what is needed to sign in.

Everything slow to import is imported when a mailbox is first used, never before.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from member_tracker.domain.errors import Invalid
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.domain.watching import Watch

if TYPE_CHECKING:
    from member_tracker.mail.mailbox import Mailbox
    from member_tracker.mail.signin import MicrosoftSignIn, Passwords


@dataclass(slots=True, kw_only=True)
class Connections:
    """Opens mailboxes; `sign_in_file` is where the sign-ins with Microsoft are kept, encrypted."""

    sign_in_file: Path
    now: Callable[[], datetime]
    _passwords: "Passwords | None" = field(default=None, repr=False)
    _sign_ins: "dict[tuple[str, ...], MicrosoftSignIn]" = field(default_factory=dict, repr=False)

    def open(self, account: MailboxAccount) -> "Mailbox":
        """The mailbox; nothing is asked of the server yet."""
        match account.kind:
            case MailboxKind.EXCHANGE_SERVER:
                from member_tracker.mail.ews import EwsMailbox

                passwords = self.passwords
                return EwsMailbox(account, password=lambda: passwords.find(account), now=self.now)
            case MailboxKind.EXCHANGE_ONLINE:
                from member_tracker.mail.graph import GraphMailbox

                return GraphMailbox(account, token=self.sign_in_of(account).token, now=self.now)
            case MailboxKind.FOLDER:
                raise Invalid("A folder of messages needs no connection.", advice="Name its folders in the settings.")

    @property
    def passwords(self) -> "Passwords":
        """The passwords for Exchange Server: in the keyring, or for as long as the program runs."""
        if self._passwords is None:
            from member_tracker.mail.signin import Passwords

            self._passwords = Passwords()
        return self._passwords

    def sign_in_of(self, account: MailboxAccount) -> "MicrosoftSignIn":
        """The sign-in with Microsoft for this mailbox, the same one for as long as the settings say the same."""
        from member_tracker.mail.signin import MicrosoftSignIn

        key = (account.name, account.signs_in_as.casefold(), account.tenant, account.client_id, account.authority)
        if key not in self._sign_ins:
            self._sign_ins[key] = MicrosoftSignIn(account, cache_file=self.sign_in_file)
        return self._sign_ins[key]

    def sign_in(
        self, account: MailboxAccount, password: str | None, watch: Watch, say_code: Callable[[str], None] | None
    ) -> bool:
        """Sign in anew, by password or in the browser; whether that is kept for the next start."""
        if account.kind is MailboxKind.EXCHANGE_ONLINE:
            sign_in = self.sign_in_of(account)
            sign_in.sign_in(watch, say_code)
            return sign_in.is_kept
        return self.passwords.keep(account, password) if password else True

    def take_back(self, account: MailboxAccount) -> None:
        """Undo a sign-in by password that came to nothing, where another mailbox needs the one from before."""
        self.passwords.take_back(account)

    def forget(self, account: MailboxAccount) -> None:
        """Forget how to sign in to this mailbox."""
        if account.kind is MailboxKind.EXCHANGE_ONLINE:
            self.sign_in_of(account).sign_out()
        elif account.kind is MailboxKind.EXCHANGE_SERVER:
            self.passwords.forget(account)

    def find(self, account: MailboxAccount, password: str) -> MailboxAccount:
        """The mailbox with what its organisation says of it: where its server is and how to sign in there."""
        from member_tracker.mail.ews_discover import discover

        found = discover(account.address, account.user, password, now=self.now, ca_file=account.ca_file)
        return replace(account, url=found.url, sign_in=account.sign_in or found.sign_in, build=found.build)
