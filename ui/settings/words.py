"""The words of the settings page: what a mailbox is, how it stands, and what a test came to."""

from datetime import datetime

from member_tracker import __version__
from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.mailboxes import Finding, Holds, MailboxAccount, MailboxHealth, MailboxKind, Right, SignInWay
from member_tracker.services.mailboxes import Tested
from ui.words import short_moment

KINDS = {
    MailboxKind.EXCHANGE_SERVER: "Exchange Server",
    MailboxKind.EXCHANGE_ONLINE: "Exchange Online (Microsoft 365)",
    MailboxKind.FOLDER: "Folders on this computer",
}
WAYS = {
    SignInWay.NTLM: "NTLM",
    SignInWay.KERBEROS: "Kerberos (as signed in to this computer)",
    SignInWay.BASIC: "Basic (over an encrypted connection)",
}
RIGHTS = {
    Right.READ: "Reading mail",
    Right.FULL_ACCESS: "Full Access",
    Right.SEND_AS: "Sending as this mailbox",
    Right.MAIL_TIPS: "Mail tips",
    Right.FREE_BUSY: "Free and busy times",
}
HOLDS = {Holds.YES: "Yes", Holds.NO: "No", Holds.NOT_OFFERED: "Not offered", Holds.NOT_TRIED: "Not tried"}
TONES = {Holds.YES: "good", Holds.NO: "late", Holds.NOT_OFFERED: "quiet", Holds.NOT_TRIED: "quiet"}
ICONS = {Holds.YES: "met", Holds.NO: "missed", Holds.NOT_OFFERED: "not_measured", Holds.NOT_TRIED: "not_measured"}

NOT_KEPT = (
    "This computer has no secure place for the sign-in, so it is remembered only until Member Tracker is closed: "
    "you will be asked again after each start."
)


def standing_words(health: MailboxHealth, now: datetime) -> str:
    """How a mailbox stands, in a sentence."""
    today = local_date(now)
    if health.failing_since is None:
        return f"Read {short_moment(health.read_at, today)}" if health.read_at else "Not read yet"
    if health.read_at is None:
        return f"Could not be read since {short_moment(health.failing_since, today)}: {health.title}"
    return f"Not read since {short_moment(health.read_at, today)}: {health.title}"


def finding_words(found: Finding) -> str:
    """What trying one right came to, for a screen reader or a letter."""
    advice = f" {found.advice}" if found.advice else ""
    return f"{RIGHTS[found.right]}: {HOLDS[found.holds]}. {found.words}{advice}"


def verdict_words(tested: Tested) -> str:
    """Whether the mailbox works."""
    return f"{tested.account.address} {'works' if tested.works else 'does not work yet'}"


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
        ("Mailbox", account.address),
        ("Kind", KINDS[account.kind]),
        ("Signs in as", account.user),
        ("Server address", account.url),
        ("How it signs in", WAYS.get(account.sign_in, "") if account.sign_in else ""),
        ("Folder", account.folder),
        ("Certificate file", account.ca_file),
        ("Tenant", account.tenant),
        ("Client id", account.client_id),
        ("The server says it is", account.build),
    )
    when = short_moment(now, local_date(now))
    head = f"Member Tracker {__version__}, tried {when} ({now.isoformat(timespec='seconds')})"
    return [head, *(f"{name}: {said}" for name, said in facts if said), ""]
