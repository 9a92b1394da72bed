"""A report on a fault, to be given to somebody else: versions, settings without secrets, and the last lines of the log.

It says nothing of any resident, enquiry or person, and names no mailbox, hub or folder.
"""

import platform
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from member_tracker import __version__
from member_tracker.domain.dates import moment_in_words
from member_tracker.services.lists import SOON_WORKING_DAYS, working_days_on
from member_tracker.services.parts import OWN_DEVICE, App, is_shared

_PARTS = ("PySide6-Essentials", "SQLAlchemy", "sqlcipher3", "exchangelib", "msal", "psycopg", "keyring")
_LINES = 200
_SIGNS_OF_A_PERSON = (
    (re.compile(r"[^\s<>\"']+@[^\s<>\"']+"), "(an address)"),
    (re.compile(r"ENQ\W?[0-9A-Z]{4}\W?\d+\W?[0-9A-Z]{2}", re.IGNORECASE), "(an enquiry)"),
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE), "(a postcode)"),
    (re.compile(r"(?<![\d:.-])\+?\d[\d ]{6,}\d(?![\d:.-])"), "(a number)"),
    (re.compile(r"[“\"][^”\"\n]*[”\"]"), "(words)"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What only the window knows: what it looks like, in words, and the log kept for reports."""

    window: tuple[str, ...]
    log: Path


def fault_report(app: App, around: Surroundings) -> str:
    """The whole report as text."""
    head = (f"Member Tracker {__version__}: report of {moment_in_words(app.now())}", *versions())
    parts = (head, _settings(app), _counts(app), around.window, ("The last lines of the log", *_tail(around.log)))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def bare_report(log: Path | None) -> str:
    """What can be said where no profile is open."""
    lines = () if log is None else _tail(log)
    return "\n".join((f"Member Tracker {__version__}: report without an open profile", *versions(), "", *lines)) + "\n"


def versions() -> tuple[str, ...]:
    """What the program is made of and runs on."""
    known = {name: _version(name) for name in _PARTS}
    system = f"{platform.system()} {platform.release()} on {platform.machine()}"
    return (
        f"Python {sys.version.split()[0]}, {system}",
        ", ".join(f"{name} {version}" for name, version in known.items() if version),
    )


def scrubbed(line: str) -> str:
    """A line without what looks like an address, a reference, a postcode, a telephone number or words of somebody."""
    for sign, instead in _SIGNS_OF_A_PERSON:
        line = sign.sub(instead, line)
    return line


def _settings(app: App) -> tuple[str, ...]:
    kinds = Counter(account.kind.value for account in app.profile.settings().mailboxes)
    mailboxes = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "none"
    with app.store.reading() as tx:
        shared = is_shared(tx)
    return (
        f"Practice data: {_yes(app.practice)}",
        f"Mailboxes: {mailboxes}",
        f"Shared through a hub: {_yes(shared)}",
    )


def _counts(app: App) -> tuple[str, ...]:
    soon, size = working_days_on(app, SOON_WORKING_DAYS), app.profile.store_file.stat().st_size
    with app.store.reading() as tx:
        counts = tx.counts(today=app.today(), soon=soon, now=app.now(), device=tx.local(OWN_DEVICE) or "")
    return (
        f"Open enquiries: {counts.open}; overdue: {counts.overdue}",
        f"Mail in the tray: {counts.tray}; waiting to be sent: {counts.waiting_to_send}",
        f"Size of the store: {size // 1024} kB",
    )


def _tail(log: Path) -> Sequence[str]:
    """The last lines of the log kept for reports, scrubbed once more."""
    if not log.exists():
        return ("Nothing was logged.",)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [scrubbed(line) for line in lines[-_LINES:]]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _yes(so: bool) -> str:
    return "yes" if so else "no"
