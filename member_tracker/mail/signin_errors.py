"""What Microsoft's sign-in says when it says no, put into words once.

https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""

import re
from collections.abc import Mapping

from member_tracker.domain.errors import NotAllowed, SignInNeeded, TrackerError, Unavailable

_AGAIN = "Sign in to the mailbox."
_WORDS: dict[str, tuple[type[TrackerError], str, str]] = {
    "50034": (SignInNeeded, "Microsoft does not know this user.", "Check the user name in the mailbox's settings."),
    "50053": (NotAllowed, "The account is locked.", "Wait a while, or ask your administrator to unlock it."),
    "50055": (SignInNeeded, "The password has expired.", "Change it on the sign-in page, then sign in again."),
    "50057": (NotAllowed, "The account is switched off.", "Ask your administrator."),
    "50076": (SignInNeeded, "Microsoft wants a second proof of who you are.", _AGAIN),
    "50079": (SignInNeeded, "Microsoft wants you to set up a second proof of who you are.", _AGAIN),
    "50097": (NotAllowed, "Microsoft wants to know this computer.", "Ask your administrator to register it."),
    "50105": (
        NotAllowed,
        "You have not been given the use of Member Tracker in Microsoft 365.",
        "Ask your administrator to assign you, or a group you are in, to the app registration.",
    ),
    "50126": (SignInNeeded, "The user name or password is wrong.", _AGAIN),
    "50158": (SignInNeeded, "Microsoft wants a further proof of who you are.", _AGAIN),
    "50173": (SignInNeeded, "The sign-in has ended, as after a change of password.", _AGAIN),
    "50194": (
        NotAllowed,
        "The app registration is for one tenant only.",
        "Enter your council's tenant in the settings.",
    ),
    "53000": (
        NotAllowed,
        "Your council lets in only computers that meet its rules, and this one does not.",
        "Ask your administrator what is missing on this computer.",
    ),
    "53001": (NotAllowed, "Your council lets in only computers of its own.", "Use one, or ask your administrator."),
    "53003": (
        NotAllowed,
        "A rule of your council (Conditional Access) does not let this sign-in through.",
        "Ask your administrator which rule it is; the number in brackets helps to find it.",
    ),
    "530003": (
        NotAllowed,
        "Your council lets in only computers that it manages, and this one is not.",
        "Use a computer of the council's, or ask your administrator to enrol this one.",
    ),
    "65001": (
        NotAllowed,
        "Nobody has agreed yet that Member Tracker may use the mailbox.",
        "Ask your administrator to grant consent for the app registration.",
    ),
    "65004": (NotAllowed, "You did not agree that Member Tracker may use the mailbox.", "Sign in again and agree."),
    "70011": (NotAllowed, "The app registration lacks a permission.", "Ask your administrator to add the permissions."),
    "70016": (SignInNeeded, "The code has not been typed yet.", _AGAIN),
    "70017": (NotAllowed, "The sign-in by code was declined.", "Sign in again if that was a mistake."),
    "70020": (SignInNeeded, "The code was not typed in time.", _AGAIN),
    "70043": (SignInNeeded, "The sign-in has ended, as your council's rules ask for.", _AGAIN),
    "700016": (
        NotAllowed,
        "Microsoft does not know the application in your council's tenant.",
        "Check the tenant and the client id in the mailbox's settings; your administrator has both.",
    ),
    "700082": (SignInNeeded, "The sign-in has ended, because it was not used for long.", _AGAIN),
    "700084": (SignInNeeded, "The sign-in has ended.", _AGAIN),
    "7000218": (
        NotAllowed,
        "The app registration does not allow sign-in from a computer.",
        "Ask your administrator to switch on “Allow public client flows” and add http://localhost as redirect address.",
    ),
    "50011": (
        NotAllowed,
        "The app registration does not know the address of this computer.",
        "Ask your administrator to add http://localhost as redirect address for desktop applications.",
    ),
    "90002": (NotAllowed, "Microsoft does not know your council's tenant.", "Check the tenant in the settings."),
    "90072": (NotAllowed, "This account is of another organisation.", "Sign in with your council's account."),
    "90094": (
        NotAllowed,
        "Your administrator has to agree before Member Tracker may use the mailbox.",
        "Ask your administrator to grant admin consent for the app registration.",
    ),
}
_BY_ERROR = {
    "invalid_grant": "50173",
    "interaction_required": "50158",
    "login_required": "50158",
    "consent_required": "65001",
    "authorization_declined": "70017",
    "expired_token": "70020",
    "code_expired": "70020",
}
_PASSING = frozenset({"temporarily_unavailable", "server_error", "service_unavailable", "request_timeout"})


def in_words(answer: Mapping[str, object]) -> TrackerError:
    """The error a person reads; a number nobody foresaw stays in its title. Nothing else of the answer is in it."""
    number, error = _number(answer), _error(answer)
    known = _WORDS.get(number) or _WORDS.get(_BY_ERROR.get(error, ""))
    shown = f"AADSTS{number}" if number else error or "no reason given"
    if known is not None:
        kind, title, advice = known
        return kind(f"{title.rstrip('.')} ({shown}).", advice=advice)
    if error in _PASSING:
        return Unavailable(f"Microsoft's sign-in has trouble ({shown}).", advice="It is tried again by itself.")
    if error == "access_denied":
        return NotAllowed(f"The sign-in was called off ({shown}).", advice="Sign in again when you want to.")
    return NotAllowed(
        f"Microsoft refuses the sign-in ({shown}).", advice="Give your administrator what is in brackets."
    )


def _number(answer: Mapping[str, object]) -> str:
    found = re.search(r"AADSTS(\d{4,8})", str(answer.get("error_description", "")))
    if found:
        return found[1]
    numbers = answer.get("error_codes")
    return str(numbers[0]) if isinstance(numbers, list) and numbers and isinstance(numbers[0], int) else ""


def _error(answer: Mapping[str, object]) -> str:
    error = str(answer.get("error") or "")
    return error if re.fullmatch(r"[a-z_]{1,60}", error) else ""
