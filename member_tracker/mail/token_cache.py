"""The tokens of Microsoft's sign-in in a file: encrypted, its key in the keyring, shared by every process of a profile.

Without a keyring that works nothing is written, and the tokens last as long as the process.
"""

import base64
import contextlib
import json
import os
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from member_tracker import system_keyring
from member_tracker.domain.errors import Unavailable

if TYPE_CHECKING:
    from msal import SerializableTokenCache  # type: ignore[import-untyped]  # it ships no types

KEY_BYTES = 32

_LOCK_SECONDS = 30.0
_NONCE_BYTES = 12


class TokenCache:
    """What msal remembers, and as whom each mailbox is signed in (msal's id of the account, by the mailbox's name)."""

    def __init__(self, file: Path) -> None:
        import msal

        self.tokens: SerializableTokenCache = msal.SerializableTokenCache()
        self.accounts: dict[str, str] = {}
        self.is_kept = True
        self._file = file
        self._lock = threading.RLock()
        self._seen: tuple[int, int, int] | None = None
        self._stored_accounts: dict[str, str] = {}
        self._key_id = ""
        self._key = b""
        self._tried_keyring = False

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Work on the tokens as they are now, alone; what changed is stored at the end, whatever happened."""
        with self._lock, self._alone():
            self._read_again()
            try:
                yield
            finally:
                if self.tokens.has_state_changed or self.accounts != self._stored_accounts:
                    self._store()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the file's lock, where there is a file at all."""
        if not self._can_keep():
            yield
            return
        from filelock import FileLock, Timeout

        lock = FileLock(f"{self._file}.lock", timeout=_LOCK_SECONDS)
        try:
            lock.acquire()
        except Timeout:
            raise Unavailable(
                "Another window or command is signing in to Microsoft 365.",
                advice="Wait until it has finished, then try again.",
            ) from None
        try:
            yield
        finally:
            lock.release()

    def _can_keep(self) -> bool:
        """Whether there is a keyring and a folder; tried once."""
        if not self._tried_keyring:
            self._tried_keyring = True
            self.is_kept = system_keyring.keyring_works()
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
            except OSError:
                self.is_kept = False
        return self.is_kept

    # --- the file -----------------------------------------------------------------------------------------------------

    def _read_again(self) -> None:
        """Take over what another process stored meanwhile; a damaged file counts as an empty one."""
        if not self.is_kept:
            return
        now = self._signature()
        if now == self._seen:
            return
        self._seen = now
        said = self._opened() if now else {}
        tokens, accounts = said.get("tokens"), said.get("accounts")
        try:
            self.tokens.deserialize(tokens if isinstance(tokens, str) else None)
        except ValueError:
            self.tokens.deserialize(None)
        self.accounts = {str(name): str(one) for name, one in accounts.items()} if isinstance(accounts, dict) else {}
        self._stored_accounts = dict(self.accounts)

    def _opened(self) -> Mapping[str, object]:
        """What the file holds; nothing where it is damaged or its key is gone."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            outside = json.loads(self._file.read_bytes())
            key_id, nonce, sealed = (str(outside[name]) for name in ("key", "nonce", "sealed"))
            key = self._find_key(key_id)
            plain = AESGCM(key).decrypt(base64.b64decode(nonce), base64.b64decode(sealed), key_id.encode())
            said = json.loads(plain)
        except (OSError, ValueError, KeyError, TypeError, InvalidTag):
            return {}
        return said if isinstance(said, dict) else {}

    def _find_key(self, key_id: str) -> bytes:
        """The key of this name; raises `ValueError` where the keyring has none."""
        if key_id != self._key_id:
            try:
                found = system_keyring.find(_name(key_id))
            except system_keyring.NoKeyring:
                self.is_kept = False  # it may be locked: the file is left for when it is not
                found = None
            self._key, self._key_id = bytes.fromhex(found or ""), key_id
        if len(self._key) != KEY_BYTES:
            self._key, self._key_id = b"", ""
            raise ValueError("no key")
        return self._key

    def _store(self) -> None:
        """Write the file anew, whole or not at all, for its owner's eyes; memory alone where that cannot be done."""
        text = self.tokens.serialize()
        self._stored_accounts = dict(self.accounts)
        if not self.is_kept:
            return
        if not self.accounts:
            self._forget()
            return
        try:
            self._write(json.dumps({"tokens": text, "accounts": self.accounts}).encode())
        except OSError:
            self.is_kept = False
        self._seen = self._signature()

    def _write(self, plain: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if not self._key:
            key, key_id = secrets.token_bytes(KEY_BYTES), secrets.token_hex(16)
            if not system_keyring.keep(_name(key_id), key.hex()):
                raise OSError("the keyring did not keep the key")
            self._key, self._key_id = key, key_id
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(self._key).encrypt(nonce, plain, self._key_id.encode())
        outside = {"key": self._key_id, "nonce": _text(nonce), "sealed": _text(sealed)}
        beside = self._file.with_name(f"{self._file.name}.{secrets.token_hex(4)}")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                json.dump(outside, file)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._file)
        finally:
            beside.unlink(missing_ok=True)

    def _forget(self) -> None:
        """Leave nothing behind once nobody is signed in."""
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)
        if self._key_id:
            system_keyring.forget(_name(self._key_id))
        self._key, self._key_id, self._seen = b"", "", None

    def _signature(self) -> tuple[int, int, int] | None:
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def _name(key_id: str) -> str:
    return f"mail-tokens-{key_id}"


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
