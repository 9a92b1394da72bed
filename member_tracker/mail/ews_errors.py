"""What a mail server's refusals mean to a person: every one is put into words here, once, and none keeps its letter.

The codes are those of Exchange Web Services; one that is not listed keeps its code in the title. Nothing of what was
sent or answered is repeated: it may hold a resident's words.
Source: https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode
"""

from dataclasses import dataclass

from member_tracker.domain.errors import NotAllowed, Offline, SignInRefused, TooMuch, TrackerError, Unavailable
from member_tracker.mail.mailbox import NotOffered

GONE = frozenset({"ErrorItemNotFound"})
LOST_PLACE = frozenset({"ErrorInvalidSyncStateData", "ErrorSyncFolderNotFound"})
OTHER_VERSION = frozenset(
    {"ErrorInvalidServerVersion", "ErrorInvalidSchemaVersionForMailboxVersion", "ErrorIncorrectSchemaVersion"}
)
NOT_MAIL = frozenset({"ErrorUnsupportedMimeConversion", "ErrorUnsupportedTypeForConversion"})
BUSY = frozenset(
    {
        "ErrorServerBusy",
        "ErrorExceededConnectionCount",
        "ErrorTooManyObjectsOpened",
        "ErrorInsufficientResources",
        "ErrorInternalServerTransientError",
        "ErrorNotEnoughMemory",
        "ErrorSubmissionQuotaExceeded",
    }
)


class Dropped(Offline):
    """The connection broke off in the middle: the server may have done what it was asked, or not."""


_AWAY = frozenset(
    {
        "ErrorMailboxMoveInProgress",
        "ErrorMailboxStoreUnavailable",
        "ErrorMailboxFailover",
        "ErrorConnectionFailed",
        "ErrorTimeoutExpired",
        "ErrorADUnavailable",
        "ErrorADOperation",
        "ErrorProxyCallFailed",
        "ErrorProxyRequestProcessingFailed",
        "ErrorNoRespondingCASInDestinationSite",
        "ErrorRequestAborted",
        "ErrorClientDisconnected",
    }
)
_MICROSOFT_HOSTS = frozenset({"outlook.office365.com", "outlook.office.com", "outlook.office365.us"})


@dataclass(frozen=True, slots=True)
class _Words:
    kind: type[TrackerError]
    title: str
    advice: str


def _not_allowed(title: str, advice: str) -> _Words:
    return _Words(NotAllowed, title, advice)


_NO_ACCESS = _not_allowed(
    "You may not open the mailbox {mailbox}.",
    "Ask your Exchange administrator for Full Access: Add-MailboxPermission -Identity {mailbox} -User {user} "
    "-AccessRights FullAccess. It can take an hour to hold.",
)
_NO_MAILBOX = _not_allowed(
    "The server knows no mailbox {mailbox}, or you may not open it.",
    "Check the address. If it is right, ask your Exchange administrator for Full Access to it.",
)
_NO_SEND_AS = _not_allowed(
    "The server does not let you send as {mailbox}.",
    "The mail waits in Drafts. Ask your Exchange administrator for Send As: Add-ADPermission -Identity {mailbox} "
    "-User {user} -ExtendedRights 'Send As'. It can take an hour to hold; then send again.",
)
_TOO_LARGE = _not_allowed(
    "The mail is larger than the server takes.",
    "Leave out or shrink attachments, or send a link to them. Your Exchange administrator knows the limit "
    "(Get-TransportConfig, MaxSendSize).",
)
_FULL = _not_allowed(
    "The mailbox {mailbox} is full, so nothing can be sent or saved.",
    "Delete or archive mail in Outlook and empty Deleted Items, or ask your Exchange administrator for more room.",
)
_BAD_RECIPIENT = _not_allowed(
    "The server does not take the address this mail goes to.",
    "Check the address of the service area or person, correct it, and write the mail again.",
)
_PASSWORD_OVER = _Words(
    SignInRefused,
    "The password of {user} has run out.",
    "Change it at a council computer or in webmail, then sign in here with the new one.",
)
_DISABLED = _Words(
    SignInRefused,
    "The account {user} is switched off or locked.",
    "Ask your IT service desk to unlock it, then sign in again.",
)
_NO_FOLDER = _Words(
    Unavailable,
    "The folder to be read is not in the mailbox {mailbox}.",
    "Choose another folder in the mailbox's settings, or make it again in Outlook.",
)
_BAD_CONTENT = _not_allowed(
    "The server cannot make a mail of what it was given.",
    "Write the mail again without its attachments. If it is refused again, tell whoever looks after the program.",
)
_INFECTED = _not_allowed(
    "The server found something harmful in the mail and does not take it.",
    "Leave the attachments out and ask your IT service desk to look at them.",
)

_CODES = {
    "ErrorAccessDenied": _NO_ACCESS,
    "ErrorCreateItemAccessDenied": _NO_ACCESS,
    "ErrorImpersonateUserDenied": _NO_ACCESS,
    "ErrorImpersonationDenied": _NO_ACCESS,
    "ErrorMailboxLogonFailed": _NO_ACCESS,
    "ErrorNotDelegate": _NO_ACCESS,
    "ErrorNonExistentMailbox": _NO_MAILBOX,
    "ErrorMissingEmailAddress": _NO_MAILBOX,
    "ErrorInvalidMailbox": _NO_MAILBOX,
    "ErrorNonPrimarySmtpAddress": _not_allowed(
        "{mailbox} is not the first address of its mailbox.", "Set the mailbox up again with its first address."
    ),
    "ErrorInvalidUserPrincipalName": _NO_MAILBOX,
    "ErrorSendAsDenied": _NO_SEND_AS,
    "ErrorMessageSizeExceeded": _TOO_LARGE,
    "ErrorDataSizeLimitExceeded": _TOO_LARGE,
    "ErrorRequestStreamTooBig": _TOO_LARGE,
    "ErrorAttachmentSizeLimitExceeded": _TOO_LARGE,
    "ErrorQuotaExceeded": _FULL,
    "ErrorInvalidRecipients": _BAD_RECIPIENT,
    "ErrorMailRecipientNotFound": _BAD_RECIPIENT,
    "ErrorMissingRecipients": _BAD_RECIPIENT,
    "ErrorInvalidSmtpAddress": _BAD_RECIPIENT,
    "ErrorMissingInformationEmailAddress": _BAD_RECIPIENT,
    "ErrorMimeContentInvalid": _BAD_CONTENT,
    "ErrorInvalidPropertySet": _BAD_CONTENT,
    "ErrorVirusDetected": _INFECTED,
    "ErrorVirusMessageDeleted": _INFECTED,
    "ErrorPasswordExpired": _PASSWORD_OVER,
    "ErrorPasswordChangeRequired": _PASSWORD_OVER,
    "ErrorAccountDisabled": _DISABLED,
    "ErrorFolderNotFound": _NO_FOLDER,
    "ErrorParentFolderNotFound": _NO_FOLDER,
}

REFUSED = frozenset(code for code, one in _CODES.items() if one.kind is NotAllowed)
"""What a server says only where it did not send: whatever else it says, the mail may have gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom and what a refusal is about."""

    mailbox: str
    user: str
    host: str

    @property
    def is_microsoft(self) -> bool:
        """Whether Microsoft's own servers answer, and not the council's."""
        return self.host.lower() in _MICROSOFT_HOSTS

    def words(self, template: _Words) -> TrackerError:
        """The refusal with the names filled in."""
        names = {"mailbox": self.mailbox, "user": self.user, "host": self.host}
        return template.kind(template.title.format(**names), advice=template.advice.format(**names))


def translated(code: str, about: Subject, *, wait_seconds: float | None = None) -> TrackerError:
    """The refusal of this code in words."""
    if code == "ErrorAccessDenied" and about.is_microsoft:
        return switched_off()
    if code in BUSY:
        return busy(about.host, wait_seconds)
    if known := _CODES.get(code):
        return about.words(known)
    if code in _AWAY:
        return Unavailable(
            f"The mailbox {about.mailbox} is being moved or cannot be reached on the server just now ({code}).",
            advice="It will be tried again. If it lasts longer than an hour, ask your Exchange administrator.",
        )
    return Unavailable(
        f"The mail server refused with “{code}”.",
        advice="Try again later. If it happens again, give this word to your Exchange administrator.",
    )


def busy(host: str, wait_seconds: float | None) -> TooMuch:
    """The server wants to be left alone for a while."""
    return TooMuch(
        f"The mail server {host} is busy and asks to be left alone for a while.",
        advice="Nothing is lost: it is asked again by itself.",
        wait_seconds=wait_seconds,
    )


def switched_off() -> NotAllowed:
    """Exchange Online no longer takes this way in.

    Source: https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/deprecation-of-ews-exchange-online
    """
    return NotAllowed(
        "Microsoft has switched off Exchange Web Services for this mailbox in Exchange Online.",
        advice="Switch this mailbox to Microsoft 365 (Graph): set it up again as Exchange Online. Since 1 October 2026 "
        "it works only for programs on the council's own list, and from 1 April 2027 for none. A council's own "
        "Exchange Server is not concerned.",
    )


def sign_in_refused(about: Subject) -> SignInRefused:
    """Name or password are wrong, or the way of signing in is."""
    return SignInRefused(
        f"The mail server {about.host} does not accept the name or the password of {about.user}.",
        advice="Sign in again with your Windows name (DOMAIN\\name or address) and password. After some wrong tries "
        "Windows locks an account for a while; your IT service desk can unlock it.",
    )


def locked_out(about: Subject) -> SignInRefused:
    """Too many wrong tries."""
    error = about.words(_DISABLED)
    return SignInRefused(error.title, advice=error.advice)


def not_for_programs(about: Subject) -> NotAllowed:
    """The server lets people in by webmail, but not programs."""
    return NotAllowed(
        f"The mail server {about.host} does not let programs into the mailbox {about.mailbox} (403).",
        advice=f"Ask your Exchange administrator to allow it: Set-CASMailbox -Identity {about.user} -EwsEnabled $true.",
    )


def too_large(about: Subject) -> TrackerError:
    """The web server in front of the mail server takes no request of this size."""
    return about.words(_TOO_LARGE)


def no_way(host: str, reason: str) -> Offline:
    """The server is not reached."""
    return Offline(
        f"The mail server {host} cannot be reached ({reason}).",
        advice="Check the network or VPN. What waits goes by itself as soon as there is a way.",
    )


def cut(host: str) -> Dropped:
    """The connection broke off."""
    return Dropped(
        f"The connection to the mail server {host} was cut.",
        advice="It is tried again by itself. If it happens often, ask your IT service desk to look at the network.",
    )


def not_trusted(host: str, reason: str) -> Unavailable:
    """The certificate is not one this computer believes."""
    return Unavailable(
        f"The certificate of the mail server {host} is not trusted ({reason}).",
        advice="Ask your IT service desk for the file of the council's certificate authority and name it in the "
        "mailbox's settings. Do not go on if the server is not the council's.",
    )


def not_understood(host: str, reason: str) -> Unavailable:
    """Something answers, but not as a mail server of this kind does."""
    return Unavailable(
        f"What answers at {host} does not speak Exchange Web Services ({reason}).",
        advice="Check the server's address: it usually ends in /EWS/Exchange.asmx. A sign-in page of the network or "
        "a proxy may be in between.",
    )


def not_offered(what: str, error: TrackerError) -> NotOffered:
    """The server does not do this at all; what it said is kept."""
    return NotOffered(f"This mail server does not tell {what}: {error.title}", advice="The rest works without it.")
