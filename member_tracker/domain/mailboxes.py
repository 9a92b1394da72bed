"""The mailboxes of a profile: what kind each is, how one signs in to it, what one may do there, and how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from member_tracker.domain.errors import Invalid
from member_tracker.domain.vocabulary import Word

W = TypeVar("W", bound=StrEnum)

LARGEST_MB = 25
"""What a mailbox takes unless its settings say otherwise."""


class MailboxKind(Word):
    """What stands behind a mailbox."""

    FOLDER = "folder"
    EXCHANGE_SERVER = "exchange_server"
    EXCHANGE_ONLINE = "exchange_online"


class SignInWay(Word):
    """How a user proves who they are to a mail server."""

    NTLM = "ntlm"
    KERBEROS = "kerberos"
    BASIC = "basic"
    MICROSOFT = "microsoft"


class SendingWay(Word):
    """How a mailbox was proved to send a draft: by changing it, by sending it, or only when it is made."""

    UPDATE = "update"
    SEND_ITEM = "send_item"
    CREATE = "create"


class Right(Word):
    """What a user needs to be allowed, or a server to offer, each tried by itself."""

    READ = "read"
    FULL_ACCESS = "full_access"
    SEND_AS = "send_as"
    MAIL_TIPS = "mail_tips"
    FREE_BUSY = "free_busy"


class Holds(Word):
    """Whether a right is there; `not_offered` is what a server does not have for anybody."""

    YES = "yes"
    NO = "no"
    NOT_OFFERED = "not_offered"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What trying a right came to: in words, with advice where it is not there."""

    right: Right
    holds: Holds
    words: str
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxAccount:
    """A mailbox as it stands in the settings; never a secret.

    `user` signs in (empty: the address itself); a mailbox whose user is another is shared. `url` is the server's
    address of EWS or Graph, `folder` the one that is read, from `since` on. `ca_file` names the council's own
    certificate authority where the system does not know it. `tenant` and `client_id` are of the council's registration
    with Microsoft, `authority` another sign-in server than Microsoft's. `largest_mb` is the largest mail it takes, in
    millions of bytes, files and all. `sending` is the way proved by a test, `build`
    what the server said it is.
    """

    address: str
    kind: MailboxKind
    user: str = ""
    url: str = ""
    sign_in: SignInWay | None = None
    folder: str = "Inbox"
    since: date | None = None
    ca_file: str = ""
    tenant: str = ""
    client_id: str = ""
    authority: str = ""
    device_code: bool = False
    sending: SendingWay | None = None
    build: str = ""
    largest_mb: int = LARGEST_MB

    @property
    def name(self) -> str:
        """What the mailbox goes by: its address in small letters."""
        return self.address.casefold()

    @property
    def signs_in_as(self) -> str:
        """Who signs in."""
        return self.user or self.address

    def shares_sign_in_with(self, other: "MailboxAccount") -> bool:
        """Whether one password opens both."""
        same = self.signs_in_as.casefold() == other.signs_in_as.casefold()
        return same and self.kind is other.kind is MailboxKind.EXCHANGE_SERVER

    @property
    def is_shared(self) -> bool:
        """Whether somebody else than its own user opens it."""
        return bool(self.user) and self.user.casefold() != self.address.casefold() and "\\" not in self.user


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxHealth:
    """How a mailbox stands: when it was last read to its end, and what has been wrong since when, with advice.

    `not_before` is until when its busy server is left alone, `times_busy` how often it was busy one after the other.
    `refused` says that the password was refused, and is not shown again until somebody signs in.
    """

    read_at: datetime | None = None
    failing_since: datetime | None = None
    title: str = ""
    advice: str = ""
    needs_sign_in: bool = False
    offline: bool = False
    times_busy: int = 0
    not_before: datetime | None = None
    refused: bool = False


def table_of(account: MailboxAccount) -> dict[str, object]:
    """The mailbox as a table of the settings; what is as usual is left out."""
    usual = MailboxAccount(address="", kind=account.kind)
    said = {each.name: getattr(account, each.name) for each in fields(account)}
    return {
        name: value.value if isinstance(value, StrEnum) else value
        for name, value in said.items()
        if name == "kind" or value != getattr(usual, name)
    }


def accounts_in(tables: object) -> tuple[MailboxAccount, ...]:
    """The mailboxes in the settings; raises `Invalid` for what cannot be understood, naming it."""
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise Invalid("settings.toml is not as expected.", advice="Each mailbox is a table: [[mailboxes]]")
    accounts = tuple(_account(table) for table in tables)
    names = [account.name for account in accounts]
    if len(set(names)) < len(names):
        raise Invalid("settings.toml names a mailbox twice.", advice="Leave one [[mailboxes]] of each address.")
    return accounts


def _account(table: Mapping[str, object]) -> MailboxAccount:
    known = {each.name for each in fields(MailboxAccount)}
    strange = sorted(set(table) - known)
    address = table.get("address")
    if strange or not isinstance(address, str) or "@" not in address:
        wrong = f"“{strange[0]}” is not known" if strange else "it has no address"
        raise Invalid(f"A mailbox in settings.toml cannot be understood: {wrong}.", advice="See docs/mailboxes.md.")
    values: dict[str, object] = dict(table)
    values["kind"] = _word(table, "kind", MailboxKind)
    for name, words in (("sign_in", SignInWay), ("sending", SendingWay)):
        if name in table:
            values[name] = _word(table, name, words)
    if not all(_is_right(name, value) for name, value in values.items()):
        raise Invalid(
            f"The mailbox {address} in settings.toml cannot be understood.",
            advice="Every setting is a text, `since` a date, `device_code` true or false, `largest_mb` a whole number"
            " from 1.",
        )
    return MailboxAccount(**values)  # type: ignore[arg-type] # each was looked at above


def _is_right(name: str, value: object) -> bool:
    """Whether a setting holds what it should."""
    match name:
        case "since":
            return type(value) is date
        case "device_code":
            return isinstance(value, bool)
        case "largest_mb":
            return type(value) is int and value > 0
        case _:
            return isinstance(value, str)


def _word(table: Mapping[str, object], name: str, words: type[W]) -> W:
    said = table.get(name)
    try:
        return words(str(said))
    except ValueError:
        choice = ", ".join(words)
        raise Invalid(f"A mailbox in settings.toml has {name} = “{said}”.", advice=f"It is one of: {choice}.") from None
