"""Putting the program together: the only file that names concrete parts and draws identities."""

import os
from collections.abc import Callable
from dataclasses import replace

from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.mail.connections import Connections
from member_tracker.policy import NO_POLICY
from member_tracker.profile import PRACTICE_WORD, Profile
from member_tracker.services.charters import CharterShelf
from member_tracker.services.council_policy import council_policy
from member_tracker.services.parts import App, OpenMailbox
from member_tracker.store.keys import VARIABLE, KeyKind, find_key, has_key, key_kind, make_key
from member_tracker.store.store import Store
from member_tracker.sync.connections import HubConnections
from member_tracker.system_clock import now
from member_tracker.system_keyring import keyring_works

__all__ = ["App", "build", "new_id", "now"]


def build(
    profile: Profile, *, passphrase: Callable[[], str | None], practice: bool = False, watch: Watch = UNWATCHED
) -> App:
    """The parts for this profile; a new one gets its key and its folders. Raises `TrackerError` where it cannot open.

    `passphrase` is asked only where the key is wrapped in one, or a new profile has no keyring to keep its key in;
    `watch` hears how far bringing an older file up to date is.
    """
    if profile.restored_folder.exists():
        from member_tracker.services.replacing import put_in_place

        put_in_place(profile, now())
    _make_folders(profile)
    key = _key(profile, passphrase, practice=practice)
    is_practice = key_kind(profile.folder) is KeyKind.PRACTICE
    charters = CharterShelf.shipped()
    profile = replace(profile, policy=NO_POLICY if is_practice else council_policy(charters))
    connections = Connections(sign_in_file=profile.sign_in_file, now=now)
    return App(
        profile=profile,
        store=Store.open(profile.folder, key, now=now, new_id=new_id, watch=watch),
        mailboxes=Mailboxes(profile, connections),
        connections=connections,
        hubs=HubConnections(),
        charters=charters,
        now=now,
        new_id=new_id,
        random_bytes=os.urandom,
        practice=is_practice,
    )


class Mailboxes:
    """The profile's mailboxes as its settings name them at the moment they are asked for.

    A way to a mailbox is kept open while what the settings say of it stays the same.
    """

    def __init__(self, profile: Profile, connections: Connections) -> None:
        self._profile = profile
        self._connections = connections
        self._open: dict[str, OpenMailbox] = {}

    def __call__(self) -> tuple[OpenMailbox, ...]:
        """Every mailbox; the folder of messages where no other is set up. Raises where the policy cannot be used."""
        self._profile.policy.must_be_whole()
        accounts = self._profile.accounts()
        for name in set(self._open) - {account.name for account in accounts}:
            self._open.pop(name).mailbox.close()
        return tuple(self._opened(account) for account in accounts)

    def _opened(self, account: MailboxAccount) -> OpenMailbox:
        if account.kind is MailboxKind.FOLDER:
            from member_tracker.mail.folder import FolderMailbox

            settings = self._profile.settings()
            return OpenMailbox(account=account, mailbox=FolderMailbox(settings.inbox, settings.outbox))
        kept = self._open.get(account.name)
        if kept is None or kept.account != account:
            if kept is not None:
                kept.mailbox.close()
            kept = OpenMailbox(account=account, mailbox=self._connections.open(account))
            self._open[account.name] = kept
        return kept


def new_id() -> str:
    """A new identity: a UUID of version 7, so that ids sort by the time they were made (RFC 9562 §5.7)."""
    milliseconds = int(now().timestamp() * 1000)
    random = int.from_bytes(os.urandom(10), "big")
    value = milliseconds << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _key(profile: Profile, passphrase: Callable[[], str | None], *, practice: bool) -> bytes:
    """The key of the store, made where the profile is new."""
    if not has_key(profile.folder):
        if practice:
            return make_key(profile.folder, passphrase=PRACTICE_WORD, practice=True)
        return make_key(profile.folder, passphrase=_chosen_passphrase(passphrase))
    if key_kind(profile.folder) is KeyKind.PRACTICE:
        return find_key(profile.folder, ask=lambda: PRACTICE_WORD)
    return find_key(profile.folder, ask=passphrase)


def _chosen_passphrase(ask: Callable[[], str | None]) -> str | None:
    """The passphrase for a new profile: the one set for headless use, else asked for where no keyring works."""
    return os.environ.get(VARIABLE) or (None if keyring_works() else ask())


def _make_folders(profile: Profile) -> None:
    profile.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings = profile.settings()
    if settings.inbox.is_relative_to(profile.folder):
        settings.inbox.mkdir(parents=True, exist_ok=True)
