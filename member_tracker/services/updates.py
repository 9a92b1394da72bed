"""Whether the council announces a newer version: read at most once a day from the address it set; nothing is run."""

import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from member_tracker import __version__
from member_tracker.domain.errors import Invalid, NotAllowed, TrackerError
from member_tracker.domain.values import one_line
from member_tracker.policy_file import safe_address
from member_tracker.services.parts import App

LOOKED_EVERY = timedelta(days=1)
LARGEST = 64 * 1024

_KEPT = "updates"
_VERSION = re.compile(r"\d{1,6}(?:\.\d{1,6}){0,3}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A version somebody announced; `words` are the council's own, `sha256` is of its installer. Empty: not said."""

    version: str
    published: str = ""
    notes_url: str = ""
    sha256: str = ""
    words: str = ""

    @property
    def is_newer(self) -> bool:
        """Whether it is newer than this program."""
        return _numbers(self.version) > _numbers(__version__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Updates:
    """Where versions are announced (empty: nowhere), what was last read there and when, and what was wrong with it.

    `hidden` is a version somebody wants to hear no more of.
    """

    address: str
    by_council: bool
    looked_at: datetime | None = None
    announced: Announcement | None = None
    title: str = ""
    advice: str = ""
    hidden: str = ""

    @property
    def newer(self) -> Announcement | None:
        """The newer version that is announced; None where there is none."""
        return self.announced if self.announced is not None and self.announced.is_newer else None

    @property
    def to_show(self) -> Announcement | None:
        """The newer version a quiet line should tell of."""
        newer = self.newer
        return newer if newer is not None and newer.version != self.hidden else None

    def as_json(self) -> dict[str, object]:
        """In the form of `updates`."""
        return {
            "address": self.address or None,
            "set_by_council": self.by_council,
            "version": __version__,
            "newer": self.newer is not None,
            "announced": asdict(self.announced) if self.announced else None,
            "looked_at": self.looked_at.isoformat() if self.looked_at else None,
            "problem": self.title or None,
            "advice": self.advice or None,
        }


def updates_here(app: App) -> Updates:
    """How it stands with updates, without looking for any."""
    address = app.profile.settings().updates_address
    nothing = Updates(address=address, by_council=bool(app.profile.policy.updates_address))
    with app.store.reading() as tx:
        kept = json.loads(tx.local(_KEPT) or "{}")
    if not address or kept.get("address") != address:
        return nothing
    return replace(
        nothing,
        looked_at=datetime.fromisoformat(kept["looked_at"]) if kept["looked_at"] else None,
        announced=Announcement(**kept["announced"]) if kept["announced"] else None,
        title=kept["title"],
        advice=kept["advice"],
        hidden=kept["hidden"],
    )


def is_due(app: App) -> bool:
    """Whether an address is set and was not looked at within a day."""
    stands = updates_here(app)
    return bool(stands.address) and (
        stands.looked_at is None or abs(app.now() - stands.looked_at) >= LOOKED_EVERY  # a clock may have been set back
    )


def look_when_due(app: App) -> Updates:
    """Look for updates where it is time to, and say how it stands."""
    return look_for_updates(app) if is_due(app) else updates_here(app)


def look_for_updates(app: App) -> Updates:
    """Read what is announced now; what goes wrong is remembered and not raised."""
    before = updates_here(app)
    if not before.address:
        raise NotAllowed(
            "No address is set where updates are announced.",
            advice="Your council’s IT team names one, where they announce them.",
        )
    found = replace(before, looked_at=app.now(), title="", advice="")
    try:
        found = replace(found, announced=_read(app, before.address))
    except TrackerError as problem:
        found = replace(found, title=problem.title, advice=problem.advice)
    _keep(app, found)
    return found


def set_updates_address(app: App, address: str) -> Updates:
    """Set where updates are announced, nothing for nowhere; refused where the council set it."""
    policy, address = app.profile.policy, address.strip()
    policy.must_be_whole()
    if policy.updates_address not in {"", address}:
        raise NotAllowed(
            f"Where updates are announced is set by your council: {policy.updates_address}.",
            advice=f"To have that changed, ask {policy.ask}.",
        )
    if address and (not safe_address(address) or "?" in address or "#" in address):
        raise Invalid("That is no safe address.", advice="Write it as https://it.example.org/member-tracker.json")
    app.profile.keep_updates_address(address)
    return updates_here(app)


def hide_announced(app: App, version: str) -> Updates:
    """Say no more of that version; a newer one is told again."""
    found = replace(updates_here(app), hidden=version)
    _keep(app, found)
    return found


def announcement_in(content: bytes) -> Announcement:
    """What an announcement says; raises `Invalid` naming what is wrong. Keys nobody knows yet are left alone."""
    try:
        said = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise _bad("it is no JSON object")
    version, published = _text(said, "version"), _text(said, "published")
    if not _VERSION.fullmatch(version):
        raise _bad("version is no number such as 1.3")
    if published and not _is_day(published):
        raise _bad("published is no day such as 2026-12-01")
    sha256, notes_url = _text(said, "sha256").lower(), _text(said, "notes_url")
    if sha256 and not _DIGEST.fullmatch(sha256):
        raise _bad("sha256 is no number of 64 digits")
    if notes_url and not safe_address(notes_url):
        raise _bad("notes_url does not begin with https://")
    return Announcement(
        version=version, published=published, notes_url=notes_url, sha256=sha256, words=_text(said, "words")
    )


# --- within -----------------------------------------------------------------------------------------------------------


def _read(app: App, address: str) -> Announcement:
    from member_tracker.mail.published import read_published

    if not safe_address(address):
        raise Invalid("The address in the settings is no safe one.", advice="It must begin with https://")
    return announcement_in(read_published(address, ca_file=app.profile.policy.ca_file, largest=LARGEST))


def _keep(app: App, found: Updates) -> None:
    kept = {
        "address": found.address,
        "looked_at": found.looked_at.isoformat() if found.looked_at else None,
        "announced": asdict(found.announced) if found.announced else None,
        "title": found.title,
        "advice": found.advice,
        "hidden": found.hidden,
    }
    with app.store.writing(author=None) as tx:
        tx.set_local(_KEPT, json.dumps(kept))


def _text(said: dict[str, object], key: str) -> str:
    """One line; nothing in it may steer a terminal or fill the screen."""
    value = said.get(key, "")
    if not isinstance(value, str):
        raise _bad(f"{key} is no text")
    line = one_line(value)
    if len(line) > _LONGEST_WORDS:
        raise _bad(f"{key} is longer than {_LONGEST_WORDS} signs")
    return line


def _is_day(said: str) -> bool:
    try:
        return date.fromisoformat(said).isoformat() == said
    except ValueError:
        return False


def _numbers(version: str) -> tuple[int, ...]:
    """A version to compare by: 1.3 and 1.3.0 are one."""
    found = [int(number) for number in re.findall(r"\d+", version)[:4]]
    return tuple(found + [0] * (4 - len(found)))


def _bad(what: str) -> Invalid:
    return Invalid(f"What is announced cannot be understood: {what}.", advice="Whoever publishes it must put it right.")
