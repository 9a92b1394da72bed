"""What the Windows packages say of the program, each fact once: names, version, identities, what the MSI may fix."""

import uuid
from dataclasses import dataclass
from pathlib import Path

from member_tracker import __version__

NAME = "Member Tracker"
MAKER = "Member Tracker authors"
VERSION = __version__
WINDOW, COMMAND = "MemberTracker.exe", "member-tracker.exe"
"""The two programs of a bundle: with a window, and for the command line."""

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(__file__).resolve().parent

UPGRADE_CODE = "46BE2E88-1982-40F4-BC11-9E389CD5B452"
"""What ties every version of the MSI together. Never change it: a computer would then keep two versions."""

_FAMILY = uuid.UUID("337cfb7d-c245-48d5-ae4d-c9fad6c689b9")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyProperty:
    """A public property of the MSI, and the key of the policy file it fixes (docs/windows.md)."""

    name: str
    table: str
    key: str

    @property
    def component(self) -> str:
        """The MSI's component that writes it, as member_tracker.wxs calls it."""
        return f"Policy_{self.name}"


POLICY = (
    PolicyProperty(name="HUB_ADDRESS", table="hub", key="address"),
    PolicyProperty(name="TENANT", table="exchange", key="tenant"),
    PolicyProperty(name="CLIENT_ID", table="exchange", key="client_id"),
    PolicyProperty(name="MAILBOX", table="mailbox", key="address"),
    PolicyProperty(name="UPDATES_ADDRESS", table="updates", key="address"),
)


def identity(*of: str) -> str:
    """The GUID of something, always the same for the same words: of a file's place, of a version."""
    return str(uuid.uuid5(_FAMILY, "\n".join(of))).upper()


def four_numbers(version: str = VERSION) -> tuple[int, int, int, int]:
    """The version as Windows writes it: 1.2.3 is 1.2.3.0. What is no release (1.2.3rc1) counts as the release."""
    numbers = [int("".join(sign for sign in part if sign.isdigit()) or 0) for part in _release(version).split(".")]
    return (*numbers, 0, 0, 0, 0)[:4]  # type: ignore[return-value]  # a slice of four is a tuple of four


def _release(version: str) -> str:
    for mark in ("rc", "a", "b", ".dev", "+"):
        version = version.split(mark, 1)[0]
    return version
