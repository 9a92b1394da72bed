"""Where one person's files live: the store, its key, the settings, the folder mailbox and the lock of remote work."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from member_tracker.domain.errors import Invalid
from member_tracker.policy import NO_POLICY, Policy

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

    from member_tracker.domain.mailboxes import MailboxAccount

PRACTICE_WORD = "practice"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubPlace:
    """The hub this profile belongs to, as `settings.toml` names it: a PostgreSQL URL without user and password."""

    url: str
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What stands in `settings.toml`: folders of messages, sender's address, mailboxes, the hub; never a secret.

    What the council fixed stands in its place; `left_out` are the mailboxes that it does not allow.
    `updates_address` is where updates are announced, empty for nowhere. `outbox_named` says that somebody wrote down
    which folder mail is to be put into: where there is no mailbox, that is then how it is sent.
    """

    inbox: Path
    outbox: Path
    written_from: str
    mailboxes: "tuple[MailboxAccount, ...]" = ()
    hub: HubPlace | None = None
    left_out: "tuple[MailboxAccount, ...]" = ()
    updates_address: str = ""
    outbox_named: bool = False

    @property
    def can_send(self) -> bool:
        """Whether mail that is sent goes anywhere: through a mailbox, or into a folder somebody named for it."""
        return bool(self.mailboxes) or self.outbox_named

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
    """The folder of one person's files, and what is fixed for it."""

    folder: Path
    policy: Policy = NO_POLICY

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
        return not self.store_file.exists() and not self.restored_folder.exists()

    @property
    def restored_folder(self) -> Path:
        """A back-up made ready to take the place of this profile when it is next opened."""
        return self.folder.with_name(f".{self.folder.name}.restored")

    def settings(self) -> Settings:
        """The settings, with what is not said filled in; raises `Invalid` for a file that cannot be read."""
        from member_tracker.domain.mailboxes import accounts_in

        written = self._read_settings()
        said = written.get("mailbox", {})
        if not isinstance(said, dict):
            raise Invalid("settings.toml is not as expected.", advice="[mailbox] must be a table of names and values.")
        accounts, hub = accounts_in(written.get("mailboxes", [])), _hub_in(written.get("hub"))
        if hub is not None and self.policy.hub_address:
            hub = replace(hub, url=self.policy.hub_address)
        return Settings(
            inbox=self._path(said.get("inbox"), "mailbox/inbox"),
            outbox=self._path(said.get("outbox"), "mailbox/outbox"),
            written_from=str(said.get("from", "member.enquiries@example.org")),
            mailboxes=tuple(
                self.policy.on_mailbox(account) for account in accounts if self.policy.allows_mailbox(account.address)
            ),
            hub=hub,
            outbox_named=bool(said.get("outbox")),
            left_out=tuple(account for account in accounts if not self.policy.allows_mailbox(account.address)),
            updates_address=self.policy.updates_address or _updates_in(written.get("updates")),
        )

    def accounts(self) -> "tuple[MailboxAccount, ...]":
        """Every mailbox; the folder of messages where no other is set up."""
        from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind

        settings = self.settings()
        return settings.mailboxes or (MailboxAccount(address=settings.written_from, kind=MailboxKind.FOLDER),)

    def keep_mailboxes(self, accounts: "Sequence[MailboxAccount]") -> None:
        """Write the mailboxes into the settings and leave everything else there as somebody wrote it."""
        import tomlkit

        from member_tracker.domain.mailboxes import table_of

        written = self._as_written()
        written.pop("mailboxes", None)
        every = (*accounts, *self.settings().left_out)
        if every:
            tables = tomlkit.aot()
            for account in every:
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

    def keep_updates_address(self, address: str) -> None:
        """Write into the settings where updates are announced, nothing for nowhere; everything else stays."""
        written = self._as_written()
        written.pop("updates", None)
        if address:
            written["updates"] = {"address": address}
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


def _updates_in(said: object) -> str:
    if said is None:
        return ""
    if not isinstance(said, dict) or not isinstance(said.get("address"), str):
        raise Invalid("settings.toml is not as expected.", advice="[updates] must have an address, as text.")
    return str(said["address"])


def profile_at(folder: str | Path | None) -> Profile:
    """The profile in `folder`; without one the folder of MEMBER_TRACKER_PROFILE, else this user's own."""
    named = folder or os.environ.get("MEMBER_TRACKER_PROFILE")
    return Profile(folder=Path(named).expanduser().absolute() if named else profiles_folder() / "own")


def profile_named(folder: str | None) -> Profile:
    """The profile that an option names, as `profile_at`; `Invalid` where the option has no folder."""
    if folder is not None and not folder.strip():
        raise Invalid("--profile has no folder.", advice="Name one: --profile DIR")
    return profile_at(folder)


def practice_profile() -> Profile:
    """The profile with made-up data, beside the user's own."""
    return Profile(folder=profiles_folder() / "practice")


def usual_profile() -> Profile | None:
    """The profile to open where none is named: one's own, else the practice one; None before the first start."""
    return next((profile for profile in (profile_at(None), practice_profile()) if not profile.is_new), None)


def profiles_folder() -> Path:
    """Where profiles are kept: local, not roaming, application data."""
    import platformdirs

    return Path(platformdirs.user_data_dir("MemberTracker", appauthor=False, roaming=False))
