"""Where one person's files live: the store, its key, the settings, the folder mailbox and the lock of remote work."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from member_tracker.domain.errors import Invalid
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind, accounts_in, table_of

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

PRACTICE_WORD = "practice"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubPlace:
    """The hub this profile belongs to, as `settings.toml` names it: a PostgreSQL URL without user and password."""

    url: str
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What stands in `settings.toml`: folders of messages, sender's address, mailboxes, the hub; never a secret."""

    inbox: Path
    outbox: Path
    written_from: str
    mailboxes: tuple[MailboxAccount, ...] = ()
    hub: HubPlace | None = None

    @property
    def from_address(self) -> str:
        """The address our mail is sent from: that of the first mailbox, else what the settings say."""
        return self.mailboxes[0].address if self.mailboxes else self.written_from

    @property
    def own_addresses(self) -> tuple[str, ...]:
        """Every address that is ours."""
        return tuple(dict.fromkeys((self.from_address, *(each.address for each in self.mailboxes))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The folder of one person's files."""

    folder: Path

    @property
    def store_file(self) -> Path:
        """The encrypted store."""
        return self.folder / "tracker.db"

    @property
    def remote_lock(self) -> Path:
        """Locked by the one process that does remote work for this profile."""
        return self.folder / "remote.lock"

    @property
    def sign_in_file(self) -> Path:
        """The encrypted sign-ins with Microsoft."""
        return self.folder / "sign-in.bin"

    @property
    def settings_file(self) -> Path:
        """Settings a person may edit by hand."""
        return self.folder / "settings.toml"

    @property
    def is_new(self) -> bool:
        """Whether nothing has been stored here yet."""
        return not self.store_file.exists()

    def settings(self) -> Settings:
        """The settings, with what is not said filled in; raises `Invalid` for a file that cannot be read."""
        written = self._read_settings()
        said = written.get("mailbox", {})
        if not isinstance(said, dict):
            raise Invalid("settings.toml is not as expected.", advice="[mailbox] must be a table of names and values.")
        return Settings(
            inbox=self._path(said.get("inbox"), "mailbox/inbox"),
            outbox=self._path(said.get("outbox"), "mailbox/outbox"),
            written_from=str(said.get("from", "member.enquiries@example.org")),
            mailboxes=accounts_in(written.get("mailboxes", [])),
            hub=_hub_in(written.get("hub")),
        )

    def accounts(self) -> tuple[MailboxAccount, ...]:
        """Every mailbox; the folder of messages where no other is set up."""
        settings = self.settings()
        return settings.mailboxes or (MailboxAccount(address=settings.written_from, kind=MailboxKind.FOLDER),)

    def keep_mailboxes(self, accounts: Sequence[MailboxAccount]) -> None:
        """Write the mailboxes into the settings and leave everything else there as somebody wrote it."""
        import tomlkit

        written = self._as_written()
        written.pop("mailboxes", None)
        if accounts:
            tables = tomlkit.aot()
            for account in accounts:
                tables.append(tomlkit.item(table_of(account)))
            written["mailboxes"] = tables
        self._write(written)

    def keep_hub(self, place: HubPlace | None) -> None:
        """Write into the settings which hub this profile belongs to, None for none; everything else stays."""
        written = self._as_written()
        written.pop("hub", None)
        if place is not None:
            written["hub"] = {"url": place.url, "user": place.user}
        self._write(written)

    def _as_written(self) -> "TOMLDocument":
        import tomlkit

        return tomlkit.parse(self.settings_file.read_text(encoding="utf-8") if self.settings_file.exists() else "")

    def _write(self, written: "TOMLDocument") -> None:
        """Put the settings in the place of those there were, whole or not at all."""
        import tomlkit

        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self.settings_file.with_suffix(".part")
        part.write_text(tomlkit.dumps(written), encoding="utf-8")
        part.replace(self.settings_file)

    def _path(self, said: object, default: str) -> Path:
        return self.folder / (said if isinstance(said, str) and said else default)

    def _read_settings(self) -> dict[str, object]:
        if not self.settings_file.exists():
            return {}
        import tomllib

        try:
            return tomllib.loads(self.settings_file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise Invalid(
                f"The settings of this profile cannot be read: {error}.",
                advice=f"Put {self.settings_file.name} right, or rename it to start with the usual settings.",
            ) from error


def _hub_in(said: object) -> HubPlace | None:
    if said is None:
        return None
    if not isinstance(said, dict) or not all(isinstance(said.get(name), str) for name in ("url", "user")):
        raise Invalid("settings.toml is not as expected.", advice="[hub] must have a url and a user, both as text.")
    return HubPlace(url=said["url"], user=said["user"])


def profile_at(folder: str | Path | None) -> Profile:
    """The profile in `folder`; without one the folder of MEMBER_TRACKER_PROFILE, else this user's own."""
    named = folder or os.environ.get("MEMBER_TRACKER_PROFILE")
    return Profile(folder=Path(named).expanduser().absolute() if named else profiles_folder() / "own")


def practice_profile() -> Profile:
    """The profile with made-up data, beside the user's own."""
    return Profile(folder=profiles_folder() / "practice")


def profiles_folder() -> Path:
    """Where profiles are kept: local, not roaming, application data."""
    import platformdirs

    return Path(platformdirs.user_data_dir("MemberTracker", appauthor=False, roaming=False))
