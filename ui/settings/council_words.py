"""The words of what the council fixed and announces: a strip across the window, and a page of the settings."""

from datetime import date
from typing import TYPE_CHECKING

from member_tracker import __version__
from member_tracker.domain.dates import day_in_words, moment_in_words
from ui.words import short_moment

if TYPE_CHECKING:
    from member_tracker.services.council_here import CouncilHere, HeldBack
    from member_tracker.services.updates import Announcement, Updates

SET_BY_COUNCIL = "Set by your council"
NOBODY_LOOKS = "Nobody looks for newer versions: no address is set. The council may set one, or you may here."


def newer_words(newer: "Announcement | None", ask: str) -> tuple[str, str]:
    """What a strip says of a newer version, and what to do; nothing where there is none."""
    if newer is None:
        return "", ""
    usual = f"It is installed by {ask or 'your council’s IT team'}. Nothing is installed by itself."
    return f"Version {newer.version} is available from your council.", newer.words or usual


def held_words(held: "HeldBack | None") -> tuple[str, str]:
    """What a strip says after a restore."""
    if held is None:
        return "", ""
    waits = "1 mail waits" if held.waiting == 1 else f"{held.waiting} mails wait"
    return (
        f"This profile was restored from a back-up ({moment_in_words(held.since)}), so no mail goes out from here yet.",
        f"{waits} that may have gone from another computer since. Each is looked for in the mailbox before it is sent.",
    )


def fixed_words(here: "CouncilHere") -> str:
    """What stands above the list of what is fixed."""
    if here.problem is not None:
        return str(here.problem)
    if not here.fixed:
        return "Nothing is set by your council on this computer."
    left_out = f" Not used because of it: {', '.join(here.left_out)}." if here.left_out else ""
    return f"These are the same for everybody on this computer. To have one changed, ask {here.ask}.{left_out}"


def updates_words(updates: "Updates", today: date) -> str:
    """How it stands with newer versions, on several lines."""
    if not updates.address:
        return NOBODY_LOOKS
    lines = []
    if updates.newer is not None:
        newer = updates.newer
        lines.append(f"Version {newer.version} is available from your council; this is {__version__}.")
        lines += [newer.words] if newer.words else []
        lines += [f"Published on {day_in_words(date.fromisoformat(newer.published))}."] if newer.published else []
        lines += [f"SHA-256 of its installer: {newer.sha256}"] if newer.sha256 else []
    elif updates.announced is not None:
        lines.append(f"This is the newest version that is announced ({__version__}).")
    if updates.title:
        lines.append(f"{updates.title} {updates.advice}")
    looked = f"Looked at {short_moment(updates.looked_at, today)}." if updates.looked_at else "Nobody has looked yet."
    return "\n".join([*lines, f"{looked} The address is read once a day; nothing is downloaded or run."])
