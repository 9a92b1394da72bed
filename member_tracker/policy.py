"""What a council's IT fixed for every profile of a computer; `policy_file` reads it from where only they can write."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from member_tracker.domain.errors import TrackerError

if TYPE_CHECKING:
    from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind, SignInWay

LONGEST_LEASE = 365
MOST_MINUTES = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """One setting that is fixed: its key in the file, what it is called on screen, and its value in words."""

    key: str
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is fixed; an empty text or None is free. `file` is None where there is no policy.

    `lease_days` is the most a laptop may be out of touch with its hub, `lock_minutes` after how long without anybody at
    the keyboard the window locks itself. `contact` says whom to ask, in the council's words.
    """

    file: Path | None = None
    problem: TrackerError | None = None
    council: str = ""
    charter: str = ""
    contact: str = ""
    hub_address: str = ""
    lease_days: int | None = None
    tenant: str = ""
    client_id: str = ""
    authority: str = ""
    mailbox: str = ""
    mailbox_kind: "MailboxKind | None" = None
    server: str = ""
    sign_in: "SignInWay | None" = None
    ca_file: str = ""
    updates_address: str = ""
    lock_minutes: int | None = None

    @property
    def fixed(self) -> tuple[Fixed, ...]:
        """Everything that is fixed, in the order of the file."""
        said = (
            ("council name", "Council", self.council),
            ("council charter", "Charter", self.charter),
            ("council contact", "Whom to ask", self.contact),
            ("hub address", "Hub", self.hub_address),
            ("hub lease_days", "Days without the hub, at most", _number(self.lease_days)),
            ("exchange tenant", "Tenant", self.tenant),
            ("exchange client_id", "Client id", self.client_id),
            ("exchange authority", "Sign-in server", self.authority),
            ("mailbox address", "Mailbox", self.mailbox),
            ("mailbox kind", "Kind of mailbox", self.mailbox_kind.value if self.mailbox_kind else ""),
            ("mailbox server", "Mail server", self.server),
            ("mailbox sign_in", "How to sign in to it", self.sign_in.value if self.sign_in else ""),
            ("mailbox ca_file", "Certificate file", self.ca_file),
            ("updates address", "Where updates are announced", self.updates_address),
            ("lock minutes", "Minutes until the window locks itself", _number(self.lock_minutes)),
        )
        return tuple(Fixed(key=key, name=name, value=value) for key, name, value in said if value)

    @property
    def ask(self) -> str:
        """Whom to ask, as part of a sentence."""
        return self.contact or "your council’s IT team"

    def must_be_whole(self) -> None:
        """Raises what is wrong with the file, where it cannot be used."""
        if self.problem is not None:
            raise self.problem

    def on_mailbox(self, account: "MailboxAccount") -> "MailboxAccount":
        """A mailbox with what is fixed in the place of what somebody else said."""
        from member_tracker.domain.mailboxes import MailboxKind

        if account.kind is MailboxKind.FOLDER:
            return account
        if self.mailbox_kind is not None and self.mailbox_kind is not account.kind:
            account = replace(
                account, kind=self.mailbox_kind, url="", sign_in=None, tenant="", client_id="", authority=""
            )
        account = replace(account, ca_file=self.ca_file or account.ca_file)
        if account.kind is MailboxKind.EXCHANGE_ONLINE:
            return replace(
                account,
                tenant=self.tenant or account.tenant,
                client_id=self.client_id or account.client_id,
                authority=self.authority or account.authority,
            )
        return replace(account, url=self.server or account.url, sign_in=self.sign_in or account.sign_in)

    def allows_mailbox(self, address: str) -> bool:
        """Whether a mailbox of that address may be used."""
        return not self.mailbox or self.mailbox.casefold() == address.strip().casefold()


NO_POLICY = Policy()


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
