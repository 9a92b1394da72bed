"""The words of what the council fixed and announces: a strip across the window, and a page of the settings."""

from datetime import date
from typing import TYPE_CHECKING

from member_tracker import __version__
from ui.language import tr, tr_count
from ui.words import day_in_words, moment_in_words, short_moment

if TYPE_CHECKING:
    from member_tracker.services.council_here import CouncilHere, HeldBack
    from member_tracker.services.updates import Announcement, Updates

SET_BY_COUNCIL = tr("Set by your council")
NOBODY_LOOKS = tr("Nobody looks for newer versions: no address is set. The council may set one, or you may here.")


def newer_words(newer: "Announcement | None", ask: str) -> tuple[str, str]:
    """What a strip says of a newer version, and what to do; nothing where there is none."""
    if newer is None:
        return "", ""
    team = ask or tr("your council’s IT team")
    usual = tr("It is installed by {team}. Nothing is installed by itself.").format(team=team)
    return tr("Version {version} is available from your council.").format(version=newer.version), newer.words or usual


def held_words(held: "HeldBack | None") -> tuple[str, str]:
    """What a strip says after a restore."""
    if held is None:
        return "", ""
    waits = tr_count(
        "{n} mail waits that may have gone from another computer since.",
        "{n} mails wait that may have gone from another computer since.",
        held.waiting,
    )
    return (
        tr("This profile was restored from a back-up ({time}), so no mail goes out from here yet.").format(
            time=moment_in_words(held.since)
        ),
        f"{waits.format(n=held.waiting)} {tr('Each is looked for in the mailbox before it is sent.')}",
    )


def fixed_words(here: "CouncilHere") -> str:
    """What stands above the list of what is fixed."""
    if here.problem is not None:
        return str(here.problem)
    if not here.fixed:
        return tr("Nothing is set by your council on this computer.")
    left_out = (
        tr(" Not used because of it: {left_out}.").format(left_out=", ".join(here.left_out)) if here.left_out else ""
    )
    return tr("These are the same for everybody on this computer. To have one changed, ask {ask}.{left_out}").format(
        ask=here.ask, left_out=left_out
    )


def updates_words(updates: "Updates", today: date) -> str:
    """How it stands with newer versions, on several lines."""
    if not updates.address:
        return NOBODY_LOOKS
    lines = []
    if updates.newer is not None:
        newer = updates.newer
        lines.append(
            tr("Version {version} is available from your council; this is {this}.").format(
                version=newer.version, this=__version__
            )
        )
        lines += [newer.words] if newer.words else []
        lines += (
            [tr("Published on {day}.").format(day=day_in_words(date.fromisoformat(newer.published)))]
            if newer.published
            else []
        )
        lines += [tr("SHA-256 of its installer: {sha256}").format(sha256=newer.sha256)] if newer.sha256 else []
    elif updates.announced is not None:
        lines.append(tr("This is the newest version that is announced ({this}).").format(this=__version__))
    if updates.title:
        lines.append(f"{updates.title} {updates.advice}")
    looked = (
        tr("Looked at {time}.").format(time=short_moment(updates.looked_at, today))
        if updates.looked_at
        else tr("Nobody has looked yet.")
    )
    return "\n".join(
        [*lines, tr("{looked} The address is read once a day; nothing is downloaded or run.").format(looked=looked)]
    )
