"""What PostgreSQL, the hub's functions and the way there may refuse, put into words once: what is wrong, what to do."""

import re
from collections.abc import Callable
from random import SystemRandom

from member_tracker.domain.errors import (
    AccountDisabled,
    Invalid,
    NotAllowed,
    NotFound,
    Offline,
    SignInNeeded,
    TooMuch,
    TooSlow,
    TrackerError,
    Unavailable,
    UpdateNeeded,
)

_KEPT = "What is not sent yet is safe on this computer."
_ASK = "Ask whoever runs the hub."
_LATER = f"It is tried again by itself. {_KEPT}"
_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")
"""What a token of a sign-in service looks like (JSON Web Token, RFC 7519); servers refuse old ones like passwords."""
_random = SystemRandom()


def refusal(code: str | None, message: str) -> TrackerError:
    """What to tell a person for an SQLSTATE of a statement; None means that the connection broke."""
    if code is None:
        return no_way_there(message)
    if code in _BY_CODE:
        return _BY_CODE[code]()
    if code in _BY_CLASS:
        return _BY_CLASS[code]()
    if code[:2] in _BY_CLASS:
        return _BY_CLASS[code[:2]]()
    return Unavailable(f"The hub refused with code {code}.", advice=f"{_KEPT} {_ASK}")


def no_way_there(message: str, *, password: str | None = None) -> TrackerError:
    """What to tell a person where no connection came about with that password: libpq gives words only, no code."""
    for pattern, make in _BY_WORDS:
        if pattern.search(message):
            is_token = make is _sign_in and password is not None and _TOKEN.fullmatch(password) is not None
            return _expired() if is_token else make()
    return Offline("The hub cannot be reached.", advice=_LATER)


def busy(title: str = "The hub is busy.") -> TooMuch:
    """Try again after a while, not all at the same moment."""
    return TooMuch(title, advice=_LATER, wait_seconds=round(_random.uniform(2, 15), 1))


def not_a_hub() -> NotFound:
    """There is a database, and it holds no hub."""
    return NotFound("There is no hub in that database.", advice=f"Check the address. {_ASK}")


def _other_ways() -> TrackerError:
    return UpdateNeeded(
        "The hub does not know what this program asks it.",
        advice=f"Please update this program; if it is the newest, have the hub upgraded: hub upgrade. {_KEPT}",
    )


def _sign_in() -> TrackerError:
    return SignInNeeded("The hub does not take this password.", advice=f"Type it again. {_KEPT}")


def _expired() -> TrackerError:
    return SignInNeeded(
        "The token that served as a password has expired.", advice=f"Sign in again with a new one. {_KEPT}"
    )


def _disabled() -> TrackerError:
    return AccountDisabled("Your account at the hub is disabled.", advice=_ASK)


def _wrong_certificate() -> TrackerError:
    return Unavailable(
        "What answers for the hub does not prove that it is the hub.",
        advice="Nothing was sent. Ask your IT service for the hub's certificate authority (sslrootcert) and its name.",
    )


def _full() -> TrackerError:
    return Unavailable("The hub's disk is full.", advice=f"{_KEPT} Tell whoever runs the hub.")


def _away() -> TrackerError:
    return Offline("The hub is starting or stopping.", advice=_LATER)


def _slow() -> TrackerError:
    return TooSlow("The hub took too long to answer.", advice=_LATER)


def _reads_only() -> TrackerError:
    return Unavailable("The hub takes no changes: this is its copy for reading.", advice=f"Check the address. {_ASK}")


def _not_granted() -> TrackerError:
    return NotAllowed("Your account at the hub may not see or change this.", advice=_ASK)


def _no_account() -> TrackerError:
    return NotAllowed("You have no account at this hub.", advice="Ask an administrator of the hub: hub add-user LOGIN")


def _only_administrators() -> TrackerError:
    return NotAllowed("Only an administrator of the hub may do that.", advice="Ask one of them.")


def _owner_needed() -> TrackerError:
    return NotAllowed(
        "This database account may not do that.",
        advice="Use one that may make schemas and roles there (CREATEROLE and CREATE on the database).",
    )


_BY_CODE: dict[str, Callable[[], TrackerError]] = {
    "HB001": _no_account,
    "HB002": _disabled,
    "HB003": lambda: UpdateNeeded(
        "The hub needs a newer Member Tracker.", advice=f"Please update this program. {_KEPT}"
    ),
    "HB004": lambda: UpdateNeeded(
        "The hub is older than this program.", advice="An administrator brings it up to date: hub upgrade"
    ),
    "HB005": _not_granted,
    "HB006": lambda: Invalid("The hub cannot read what was sent.", advice=f"Please update this program. {_KEPT}"),
    "HB007": lambda: Unavailable("The hub's own order is broken.", advice=f"{_KEPT} {_ASK}"),
    "HB008": _only_administrators,
    "HB009": lambda: Invalid("There is such an account already.", advice="Choose another login, or grant it more."),
    "HB010": lambda: NotFound("There is no such account.", advice="See who has one: hub users"),
    "HB011": lambda: NotFound("The hub knows no such casework.", advice="Send that councillor to the hub first: sync"),
    "HB012": lambda: NotAllowed(
        "That is the only administrator of the hub.", advice="Make another one first: hub add-user LOGIN"
    ),
    "HB013": lambda: NotFound("The hub knows no such record.", advice="Send it to the hub first: sync"),
    "HB014": lambda: Invalid(
        "The database server has a role of that name that is not this hub's.",
        advice="Choose another login, or --no-password to let that role in as it is.",
    ),
    "42501": _owner_needed,
    "3D000": lambda: NotFound("There is no such database.", advice="Check the address of the hub."),
    "3F000": not_a_hub,
    "42883": _other_ways,
    "42P01": _other_ways,
    "25006": _reads_only,
    "53100": _full,
    "53200": busy,
    "53300": busy,
    "55P03": busy,
    "40001": busy,
    "40P01": busy,
    "57014": _slow,
    "57P03": _away,
}
_BY_CLASS: dict[str, Callable[[], TrackerError]] = {
    "08": lambda: Offline("The connection to the hub broke.", advice=_LATER),
    "28": _sign_in,
    "57": _away,
    "58": lambda: Unavailable("The hub's disk does not answer.", advice=f"{_KEPT} Tell whoever runs the hub."),
    "54": lambda: Invalid("That is more than the hub takes at once.", advice=_ASK),
    "22": lambda: Invalid("The hub cannot keep what was sent.", advice=f"{_KEPT} {_ASK}"),
}
_BY_WORDS: tuple[tuple[re.Pattern[str], Callable[[], TrackerError]], ...] = tuple(
    (re.compile(words, re.IGNORECASE), make)
    for words, make in (
        (r"token.*expired|expired.*token", _expired),
        (r"password authentication failed|no password supplied|empty password|authentication failed", _sign_in),
        (r"not permitted to log in", _disabled),
        (r"too many (connections|clients)|connection slots are reserved", busy),
        (r"database .* does not exist", lambda: NotFound("There is no such database.", advice="Check the address.")),
        (r"role .* does not exist", _sign_in),
        (r"no pg_hba.conf entry", _no_account),
        (r"starting up|shutting down|recovery mode", _away),
        (r"No space left", _full),
        (r"certificate|SSL error|does not support SSL|server does not match", _wrong_certificate),
        (r"read-only|hot standby", _reads_only),
    )
)
