"""What Microsoft Graph says when it says no, put into words once: what is wrong and what to do, and whom to ask."""

from dataclasses import dataclass
from http import HTTPStatus

from member_tracker.domain.errors import NotAllowed, SignInNeeded, TooMuch, TrackerError, Unavailable
from member_tracker.domain.mailboxes import MailboxAccount
from member_tracker.mail.mailbox import NotOffered

BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})
_LOST_PLACE = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired", "errorinvalidsyncstatedata"})
_GONE = frozenset({"erroritemnotfound", "itemnotfound", "errormessagenotfound", "errorinvalididmalformed"})


class Refusal(Exception):
    """Graph's answer to a request it did not carry out: its code, and how long it wants to be left alone (seconds).

    `codes` are all it names, the outermost first. Neither the address asked nor anything of a mail is in it.
    """

    def __init__(self, status: int, codes: tuple[str, ...], *, wait_seconds: float | None = None) -> None:
        super().__init__(f"{status} {' '.join(codes)}".strip())
        self.status = status
        self.codes = codes
        self.wait_seconds = wait_seconds

    @property
    def code(self) -> str:
        """The code a person can look up, else the number of HTTP."""
        return self.codes[0] if self.codes else f"HTTP {self.status}"

    @property
    def lost_its_place(self) -> bool:
        """Whether Graph no longer knows how far a folder was read (spelled differently from time to time)."""
        return self.status == HTTPStatus.GONE or any(code.casefold() in _LOST_PLACE for code in self.codes)

    @property
    def is_gone(self) -> bool:
        """Whether what was asked for is not in the mailbox."""
        named = any(code.casefold() in _GONE for code in self.codes)
        return named or (
            self.status == HTTPStatus.NOT_FOUND and not any(self._is_of_the_mailbox(c) for c in self.codes)
        )

    @staticmethod
    def _is_of_the_mailbox(code: str) -> bool:
        return code.casefold() in _TABLE

    @property
    def nothing_was_done(self) -> bool:
        """Whether it is certain that the request had no effect; after a time-out or a fault of the server it is not."""
        if self.status == HTTPStatus.SERVICE_UNAVAILABLE:
            return self.wait_seconds is not None
        refused = HTTPStatus.BAD_REQUEST <= self.status < HTTPStatus.INTERNAL_SERVER_ERROR
        return (refused and self.status != HTTPStatus.REQUEST_TIMEOUT) or self.code.casefold() in _DEFINITE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """A title and advice; `{mailbox}` and `{user}` are put in."""

    title: str
    advice: str
    kind: type[TrackerError] = NotAllowed


_NO_ACCESS = _Words(
    title="{user} may not open the mailbox {mailbox}.",
    advice="Ask your administrator for Full Access (Add-MailboxPermission -Identity {mailbox} -User {user} "
    "-AccessRights FullAccess) and for the permission Mail.ReadWrite.Shared in the app registration.",
)
_NO_FOLDER = _Words(
    title="The folder is no longer in the mailbox {mailbox}.",
    advice="Choose another folder in the mailbox's settings.",
)
_NO_MAILBOX = _Words(
    title="There is no mailbox {mailbox} in Exchange Online that {user} could open.",
    advice="Check the address. If it is right, ask your administrator whether the mailbox has a licence.",
)
_ON_PREMISES = _Words(
    title="The mailbox {mailbox} is not in Exchange Online.",
    advice="It may be on the council's own Exchange Server: set it up again as Exchange Server.",
)
_NOT_AS = _Words(
    title="{user} may not send as {mailbox}.",
    advice="Ask your administrator for Send As (Add-RecipientPermission {mailbox} -Trustee {user} "
    "-AccessRights SendAs). It can take an hour to count.",
)
_TOO_LARGE = _Words(
    title="The mail is larger than the mailbox {mailbox} may send.",
    advice="Attach a smaller file, or put it where the reader can fetch it and send the link.",
)
_FULL = _Words(
    title="The mailbox {mailbox} is full.",
    advice="Delete or archive what is no longer needed there, then try again.",
)
_TOO_MANY_SENT = _Words(
    title="{mailbox} has sent as many mails as it may for now.",
    advice="The mail stays waiting. Exchange Online allows so many recipients a day; try again tomorrow.",
)
_NO_RECIPIENT = _Words(
    title="Exchange Online does not accept an address this mail is for.",
    advice="Check the address in the service area or on the enquiry, then send again.",
)
_MOVING = _Words(
    title="The mailbox {mailbox} is being moved or cannot be opened just now.",
    advice="Nothing is lost; it is tried again by itself. If it lasts for hours, tell your administrator.",
    kind=Unavailable,
)
_SIGN_IN = _Words(
    title="Microsoft 365 wants {user} to sign in again.", advice="Sign in to the mailbox.", kind=SignInNeeded
)
_CONSENT = _Words(
    title="The program has not been given the permission for this in Microsoft 365.",
    advice="Ask your administrator to grant Mail.ReadWrite, Mail.ReadWrite.Shared, Mail.Send, Mail.Send.Shared and "
    "Calendars.Read to the app registration.",
)
_BUSY = _Words(
    title="Microsoft 365 asks to be left alone for a while.",
    advice="Nothing is lost; it is tried again by itself.",
    kind=TooMuch,
)

# Codes: https://learn.microsoft.com/graph/errors and https://learn.microsoft.com/graph/resolve-auth-errors
_TABLE: dict[str, _Words] = {
    "invalidauthenticationtoken": _SIGN_IN,
    "compacttokenparsingfailed": _SIGN_IN,
    "authenticationerror": _SIGN_IN,
    "erroraccessdenied": _NO_ACCESS,
    "erroritemnotfound": _NO_ACCESS,  # of a mailbox as a whole: Exchange then says that there is no Inbox
    "errorfoldernotfound": _NO_FOLDER,
    "accessdenied": _NO_ACCESS,
    "forbidden": _NO_ACCESS,
    "authorization_requestdenied": _CONSENT,
    "erroraccesstokendenied": _CONSENT,
    "erroringressdenied": _NO_ACCESS,
    "errorinvaliduser": _NO_MAILBOX,
    "errornonexistentmailbox": _NO_MAILBOX,
    "mailboxnotfound": _NO_MAILBOX,
    "request_resourcenotfound": _NO_MAILBOX,
    "resourcenotfound": _NO_MAILBOX,
    "mailboxnotenabledforrestapi": _ON_PREMISES,
    "mailboxnotsupportedforrestapi": _ON_PREMISES,
    "errorsendasdenied": _NOT_AS,
    "errorsendonbehalfdenied": _NOT_AS,
    "errormessagesizeexceeded": _TOO_LARGE,
    "errorattachmentsizelimitexceeded": _TOO_LARGE,
    "requestbodytoolarge": _TOO_LARGE,
    "requestentitytoolarge": _TOO_LARGE,
    "errorquotaexceeded": _FULL,
    "quotalimitreached": _FULL,
    "errorsubmissionquotaexceeded": _TOO_MANY_SENT,
    "errorexceededmessagelimit": _TOO_MANY_SENT,
    "erroraccountsuspend": _TOO_MANY_SENT,
    "errorinvalidrecipients": _NO_RECIPIENT,
    "errorinvalidrecipientscount": _NO_RECIPIENT,
    "errorrecipientnotfound": _NO_RECIPIENT,
    "errormailboxmoveinprogress": _MOVING,
    "errormailboxstoreunavailable": _MOVING,
    "errormailboxfailover": _MOVING,
    "toomanyrequests": _BUSY,
    "applicationthrottled": _BUSY,
    "activitylimitreached": _BUSY,
    "errorserverbusy": _BUSY,
    "errorexceededconnectioncount": _BUSY,
    "mailboxconcurrency": _BUSY,
    "serviceunavailable": _BUSY,
}
_DEFINITE = frozenset(
    code for code, words in _TABLE.items() if words in (_NOT_AS, _TOO_LARGE, _FULL, _TOO_MANY_SENT, _NO_RECIPIENT)
)
_BY_STATUS: dict[int, _Words] = {
    HTTPStatus.UNAUTHORIZED: _SIGN_IN,
    HTTPStatus.FORBIDDEN: _NO_ACCESS,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _TOO_LARGE,
    HTTPStatus.TOO_MANY_REQUESTS: _BUSY,
    HTTPStatus.SERVICE_UNAVAILABLE: _BUSY,
    HTTPStatus.GATEWAY_TIMEOUT: _BUSY,
    HTTPStatus.INSUFFICIENT_STORAGE: _FULL,
}


def in_words(refusal: Refusal, account: MailboxAccount) -> TrackerError:
    """The error a person reads; a code nobody foresaw stays in its title."""
    words = next((found for code in refusal.codes if (found := _TABLE.get(code.casefold()))), None)
    words = words or _BY_STATUS.get(refusal.status)
    if words is None:
        return _unforeseen(refusal)
    who = {"mailbox": account.address, "user": account.signs_in_as}
    title, advice = words.title.format(**who), words.advice.format(**who)
    if words.kind is TooMuch:
        return TooMuch(title, advice=advice, wait_seconds=refusal.wait_seconds)
    return words.kind(title, advice=advice)


def _unforeseen(refusal: Refusal) -> TrackerError:
    if refusal.status in (HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.METHOD_NOT_ALLOWED):
        return NotOffered(f"Microsoft 365 does not offer this ({refusal.code}).", advice="It goes on without.")
    if refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(
            f"Microsoft 365 has a fault of its own ({refusal.code}).",
            advice="It is tried again by itself. If it lasts, give your administrator the code.",
        )
    return NotAllowed(
        f"Microsoft 365 refuses this ({refusal.code}).", advice="Give your administrator the code in brackets."
    )
