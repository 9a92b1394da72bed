"""Errors a person can act on: a title that says what is wrong and advice that says what to do."""

from email.errors import MessageError

UNFORESEEN = (ArithmeticError, AttributeError, LookupError, MessageError, RecursionError, TypeError, ValueError)
"""What a mail nobody thought of may set off while it is read: it is kept for a person, the others still come in."""


class TrackerError(Exception):
    """Something went wrong that the user can put right; anything else is a bug."""

    def __init__(self, title: str, *, advice: str) -> None:
        super().__init__(title)
        self.title = title
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.title} {self.advice}"


class NotAllowed(TrackerError):
    """The step is not one this record can take now."""


class AccountDisabled(NotAllowed):
    """The hub no longer lets this account in: what a laptop holds of it may not be shown any more."""


class UpdateNeeded(NotAllowed):
    """Program and hub do not know each other's form of records; what waits to be sent is kept until one is updated."""


class NotFound(TrackerError):
    """Nothing, or more than one thing, answers to the name given."""


class Invalid(TrackerError):
    """What was typed or read cannot be understood or may not be stored."""


class Unavailable(TrackerError):
    """A part outside the program (file, keyring, mailbox, hub) cannot be used just now."""


class Offline(Unavailable):
    """There is no way to the other side just now; what waits will go by itself, and nobody need do anything."""


class TooSlow(Offline):
    """The other side is there, and what it was asked took too long to go there or to come back: less may go through."""


class SignInNeeded(Unavailable):
    """The other side wants to know again who this is: a person must sign in."""


class SignInRefused(SignInNeeded):
    """The password was refused: shown again and again it locks the account, so it is not until a person signs in."""


class TooMuch(Unavailable):
    """The other side asks to be left alone for a while: `wait_seconds` from now (None: it did not say how long)."""

    def __init__(self, title: str, *, advice: str, wait_seconds: float | None = None) -> None:
        super().__init__(title, advice=advice)
        self.wait_seconds = wait_seconds
