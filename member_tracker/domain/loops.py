"""Mail loops: when we may send a mail that nobody wrote by hand, and when two machines are answering each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

BETWEEN_REMINDERS = timedelta(hours=24)
AFTER_AUTOMATIC_MAIL = timedelta(hours=24)
RETURNS_COUNTED_OVER = timedelta(hours=1)
MOST_RETURNS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """An automatic mail of ours: to whom it was queued, and when."""

    address: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A mail that came in: from whom, when, and whether a machine made it."""

    address: str
    at: datetime
    by_machine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MailHistory:
    """The mail of one enquiry as far as loops go, in any order; `returned_at` is when others sent our own key back."""

    reminded: Sequence[Reminded] = ()
    heard: Sequence[Heard] = ()
    returned_at: Sequence[datetime] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Whether an automatic mail may go, and why not, in words for a person (empty where it may)."""

    why_not: str = ""

    def __bool__(self) -> bool:
        """Whether it may go."""
        return not self.why_not


def may_send_automatic(history: MailHistory, recipient: str, now: datetime) -> Permission:
    """Whether a reminder may go to `recipient`: one a day, never to a machine, never into a loop.

    All automatic mail carries `Auto-Submitted`; `mail.written` sees to that.
    """
    address = recipient.strip().casefold()
    if is_loop(history.returned_at, now):
        return Permission(why_not="Our own mail keeps coming back: somebody must look before anything more is sent.")
    if any(_same(sent.address, address) and now - sent.at < BETWEEN_REMINDERS for sent in history.reminded):
        return Permission(why_not="A reminder went there within the last 24 hours.")
    theirs = [heard for heard in history.heard if _same(heard.address, address)]
    last = max(theirs, key=lambda heard: heard.at, default=None)
    if last is not None and last.by_machine and now - last.at < AFTER_AUTOMATIC_MAIL:
        return Permission(why_not="The last mail from there was automatic, and came within the last 24 hours.")
    return Permission()


def is_loop(returned_at: Sequence[datetime], now: datetime) -> bool:
    """Whether mail of ours came back from others more than five times within the hour."""
    return sum(timedelta(0) <= now - at < RETURNS_COUNTED_OVER for at in returned_at) > MOST_RETURNS


def _same(one: str, folded: str) -> bool:
    return one.strip().casefold() == folded
