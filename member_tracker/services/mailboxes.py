"""The mailboxes of this profile: adding, testing, signing in again, taking away; how each stands."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from member_tracker.domain.errors import Invalid, NotAllowed, NotFound, SignInNeeded
from member_tracker.domain.mailboxes import (
    Finding,
    Holds,
    MailboxAccount,
    MailboxHealth,
    MailboxKind,
    Right,
    SignInWay,
)
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.services.council_policy import fixed_mailbox
from member_tracker.services.mailbox_health import by_a_person, forget_health, health_of
from member_tracker.services.parts import App, OpenMailbox
from member_tracker.services.patience import patiently
from member_tracker.services.post import prove_sending
from member_tracker.services.remote_work import remote_work

_MICROSOFT_HOSTS = ("outlook.office365.com", "outlook.office.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxView:
    """A mailbox as the settings page and `mailbox list` show it."""

    account: MailboxAccount
    health: MailboxHealth

    def as_json(self) -> dict[str, object]:
        """In the form of `mailbox list`."""
        account, health = self.account, self.health
        return {
            "address": account.address,
            "kind": account.kind.value,
            "user": account.signs_in_as,
            "url": account.url,
            "folder": account.folder,
            "since": account.since.isoformat() if account.since else None,
            "sending": account.sending.value if account.sending else None,
            "read_at": health.read_at.isoformat() if health.read_at else None,
            "failing_since": health.failing_since.isoformat() if health.failing_since else None,
            "problem": health.title or None,
            "advice": health.advice or None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """What a test of a mailbox came to; `is_kept` says whether the sign-in is still known after the next start."""

    account: MailboxAccount
    findings: tuple[Finding, ...]
    is_kept: bool = True

    @property
    def works(self) -> bool:
        """Whether mail can be read and nothing that was tried was refused."""
        return all(found.holds is not Holds.NO for found in self.findings if found.right in _NEEDED)

    def as_json(self) -> dict[str, object]:
        """In the form of `mailbox add` and `mailbox test`."""
        return {
            "address": self.account.address,
            "kind": self.account.kind.value,
            "works": self.works,
            "sign_in_kept": self.is_kept,
            "sending": self.account.sending.value if self.account.sending else None,
            "rights": [
                {
                    "right": found.right.value,
                    "holds": found.holds.value,
                    "words": found.words,
                    "advice": found.advice or None,
                }
                for found in self.findings
            ],
        }


_NEEDED = (Right.READ, Right.FULL_ACCESS, Right.SEND_AS)


def list_mailboxes(app: App) -> tuple[MailboxView, ...]:
    """Every mailbox with how it stands; the folder of messages where no other is set up."""
    with app.store.reading() as tx:
        return tuple(
            MailboxView(account=account, health=health_of(tx, account.name)) for account in app.profile.accounts()
        )


def add_mailbox(
    app: App,
    account: MailboxAccount,
    password: str | None,
    watch: Watch = UNWATCHED,
    say_code: Callable[[str], None] | None = None,
    *,
    by_sending: bool = True,
) -> Tested:
    """Sign in, find what is not said, try to read, prove how it sends; a mailbox that can be read is kept.

    Nothing is kept where it cannot be: neither the settings nor the password. Without `by_sending` the way of sending
    is proved when the first mail goes.
    """
    if app.practice:
        raise NotAllowed(
            "Practice data have no mailbox of their own.", advice="Set up your own profile, then add the mailbox there."
        )
    if any(account.name == each.name for each in app.profile.settings().mailboxes):
        raise NotAllowed(
            f"{account.address} is set up already.",
            advice=f"Test it with: member-tracker mailbox test {account.address}",
        )
    account = fixed_mailbox(app.profile.policy, account)
    watch.at("Finding the mail server", 0, 4)
    found = _completed(app, account, password)
    watch.at("Signing in", 1, 4)
    is_kept = app.connections.sign_in(found, password, watch, say_code)
    try:
        watch.at("Trying to read", 2, 4)
        findings = _checked(app, found, watch)
    except Exception:
        undo = app.connections.take_back if _is_needed_still(app, found) else app.connections.forget
        undo(found)
        raise
    with remote_work(app):
        app.profile.keep_mailboxes((*app.profile.settings().mailboxes, found))
    if not by_sending:
        return Tested(account=found, findings=findings, is_kept=is_kept)
    watch.at("Trying to send", 3, 4)
    return replace(try_mailbox(app, found.name, watch), is_kept=is_kept)


def try_mailbox(app: App, name: str, watch: Watch = UNWATCHED, *, by_sending: bool = True) -> Tested:
    """Try each right by itself and, where wanted, prove the way of sending by a message of the mailbox to itself.

    The way that works is remembered.
    """
    box = _named(app, name)
    with remote_work(app):
        with by_a_person(app, box):
            findings = patiently(box.mailbox.check, watch)
        account = box.account
        if by_sending and account.kind is not MailboxKind.FOLDER:
            proof = prove_sending(app, box, watch)
            account = replace(account, sending=proof.way)
            findings = tuple({each.right: each for each in (*findings, *proof.findings)}.values())
    return Tested(account=account, findings=findings)


def sign_in_again(
    app: App,
    name: str,
    password: str | None,
    watch: Watch = UNWATCHED,
    say_code: Callable[[str], None] | None = None,
) -> bool:
    """Sign in anew, by password or in the browser, and try to read; whether it is kept for the next start."""
    box = _named(app, name)
    needs_password = box.account.kind is MailboxKind.EXCHANGE_SERVER and box.account.sign_in is not SignInWay.KERBEROS
    if needs_password and not password:
        raise SignInNeeded(
            f"Signing in to {name} needs a password.", advice="Type it, or give it in MEMBER_TRACKER_MAILBOX_PASSWORD."
        )
    is_kept = app.connections.sign_in(box.account, password, watch, say_code)
    box.mailbox.close()
    with by_a_person(app, box):
        patiently(box.mailbox.check, watch)
    return is_kept


def remove_mailbox(app: App, name: str) -> None:
    """Take a mailbox out of the settings and forget how to sign in to it; mail that was collected stays."""
    box = _named(app, name)
    if box.account.kind is MailboxKind.FOLDER:
        raise NotAllowed(
            "The folder of messages is used because no mailbox is set up.", advice="Add a mailbox to use that instead."
        )
    with remote_work(app):
        left = [each for each in app.profile.settings().mailboxes if each.name != box.name]
        app.profile.keep_mailboxes(left)
        if not _is_needed_still(app, box.account):
            app.connections.forget(box.account)
        forget_health(app, box.name)


def _is_needed_still(app: App, account: MailboxAccount) -> bool:
    """Whether the password of the account opens another mailbox of the settings."""
    kept = app.profile.settings().mailboxes
    return any(each.name != account.name and each.shares_sign_in_with(account) for each in kept)


def _named(app: App, name: str) -> OpenMailbox:
    wanted = name.strip().casefold()
    found = next((box for box in app.mailboxes() if box.name == wanted), None)
    if found is None:
        raise NotFound(f"No mailbox {name} is set up.", advice="See which are: member-tracker mailbox list")
    return found


def _completed(app: App, account: MailboxAccount, password: str | None) -> MailboxAccount:
    """The account with what was not said looked up once: the kind, the server's address, how to sign in."""
    account = replace(account, url=account.url.strip().rstrip("/"))
    if any("@" in address.partition("://")[2].partition("/")[0] for address in (account.url, account.authority)):
        raise Invalid(
            "A server's address must not hold a name or a password: it is kept where anybody can read it.",
            advice="Write the address alone, and say who signs in by the user's name.",
        )
    if account.kind is MailboxKind.EXCHANGE_SERVER and not account.url:
        if not password:
            raise SignInNeeded(
                f"Finding the server of {account.address} needs its password.",
                advice="Give the password, or the address of the server: --url https://mail.example.org/EWS/Exchange.asmx",
            )
        account = app.connections.find(account, password)
    if account.kind is MailboxKind.EXCHANGE_SERVER and any(host in account.url for host in _MICROSOFT_HOSTS):
        account = replace(account, kind=MailboxKind.EXCHANGE_ONLINE, url="", sign_in=None)
    if account.kind is MailboxKind.EXCHANGE_ONLINE and not (account.tenant and account.client_id):
        raise Invalid(
            f"{account.address} is a mailbox of Exchange Online (Microsoft 365).",
            advice="Ask your IT team for the tenant and the client id of Member Tracker's registration, and give both: "
            "--tenant TENANT --client-id ID (docs/mailboxes.md says how it is registered).",
        )
    return account


def _checked(app: App, account: MailboxAccount, watch: Watch) -> tuple[Finding, ...]:
    """What may be done with the mailbox; raises where it cannot even be read."""
    mailbox = app.connections.open(account)
    try:
        findings = patiently(mailbox.check, watch)
    finally:
        mailbox.close()
    refused = next((each for each in findings if each.right is Right.READ and each.holds is Holds.NO), None)
    if refused is not None:
        raise NotAllowed(refused.words, advice=refused.advice)
    return findings
