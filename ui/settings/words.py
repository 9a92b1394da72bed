"""The words of the settings page: what a mailbox is, how it stands, and what a test came to."""

from datetime import datetime

from member_tracker import __version__
from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.mailboxes import Finding, Holds, MailboxAccount, MailboxHealth, MailboxKind, Right, SignInWay
from member_tracker.services.mailboxes import Tested
from ui.language import tr
from ui.words import short_moment

KINDS = {
    MailboxKind.EXCHANGE_SERVER: tr("Exchange Server"),
    MailboxKind.EXCHANGE_ONLINE: tr("Exchange Online (Microsoft 365)"),
    MailboxKind.FOLDER: tr("Folders on this computer"),
}
WAYS = {
    SignInWay.NTLM: "NTLM",
    SignInWay.KERBEROS: tr("Kerberos (as signed in to this computer)"),
    SignInWay.BASIC: tr("Basic (over an encrypted connection)"),
}
RIGHTS = {
    Right.READ: tr("Reading mail"),
    Right.FULL_ACCESS: tr("Full Access"),
    Right.SEND_AS: tr("Sending as this mailbox"),
    Right.MAIL_TIPS: tr("Mail tips"),
    Right.FREE_BUSY: tr("Free and busy times"),
}
HOLDS = {
    Holds.YES: tr("Yes"),
    Holds.NO: tr("No"),
    Holds.NOT_OFFERED: tr("Not offered"),
    Holds.NOT_TRIED: tr("Not tried"),
}
TONES = {Holds.YES: "good", Holds.NO: "late", Holds.NOT_OFFERED: "quiet", Holds.NOT_TRIED: "quiet"}
ICONS = {Holds.YES: "met", Holds.NO: "missed", Holds.NOT_OFFERED: "not_measured", Holds.NOT_TRIED: "not_measured"}

NOT_KEPT = tr(
    "This computer has no secure place for the sign-in, so it is remembered only until Member Tracker is closed: "
    "you will be asked again after each start."
)


def standing_words(health: MailboxHealth, now: datetime) -> str:
    """How a mailbox stands, in a sentence."""
    today = local_date(now)
    if health.failing_since is None:
        return (
            tr("Read {time}").format(time=short_moment(health.read_at, today)) if health.read_at else tr("Not read yet")
        )
    if health.read_at is None:
        return tr("Could not be read since {time}: {health}").format(
            time=short_moment(health.failing_since, today), health=health.title
        )
    return tr("Not read since {time}: {health}").format(time=short_moment(health.read_at, today), health=health.title)


def finding_words(found: Finding) -> str:
    """What trying one right came to, for a screen reader or a letter."""
    advice = f" {found.advice}" if found.advice else ""
    return f"{RIGHTS[found.right]}: {HOLDS[found.holds]}. {found.words}{advice}"


def verdict_words(tested: Tested) -> str:
    """Whether the mailbox works."""
    address = tested.account.address
    return (
        tr("{address} works").format(address=address)
        if tested.works
        else tr("{address} does not work yet").format(address=address)
    )


def findings_for_it(tested: Tested, now: datetime) -> str:
    """What a test came to, for an IT team: the mailbox's settings and every finding, and nothing secret."""
    lines = [*_about(tested.account, now), verdict_words(tested) + ".", ""]
    return "\n".join([*lines, *(f"- {finding_words(found)}" for found in tested.findings)]) + "\n"


def refusal_for_it(account: MailboxAccount, error: TrackerError, now: datetime) -> str:
    """Why a mailbox could not be reached, for an IT team."""
    return "\n".join([*_about(account, now), error.title, error.advice]) + "\n"


def _about(account: MailboxAccount, now: datetime) -> list[str]:
    """Which mailbox it is, as far as it is known; a user is named only where it is another."""
    facts = (
        (tr("Mailbox"), account.address),
        (tr("Kind"), KINDS[account.kind]),
        (tr("Signs in as"), account.user),
        (tr("Server address"), account.url),
        (tr("How it signs in"), WAYS.get(account.sign_in, "") if account.sign_in else ""),
        (tr("Folder"), account.folder),
        (tr("Certificate file"), account.ca_file),
        (tr("Tenant"), account.tenant),
        (tr("Client id"), account.client_id),
        (tr("The server says it is"), account.build),
    )
    when = short_moment(now, local_date(now))
    head = tr("Member Tracker {this}, tried {when} ({now})").format(
        this=__version__, when=when, now=now.isoformat(timespec="seconds")
    )
    return [head, *(f"{name}: {said}" for name, said in facts if said), ""]
