"""A keyring in a JSON file that takes no more than the one of Windows does: 1,280 characters.

    PYTHON_KEYRING_BACKEND=tests.fakes.keyring_backend.FileKeyring MEMBER_TRACKER_TEST_KEYRING=ring.json

works in processes that are started; in this one, `keyring.set_keyring(FileKeyring())`.
"""

import json
import os
from pathlib import Path

from filelock import FileLock
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError, PasswordSetError

FILE = "MEMBER_TRACKER_TEST_KEYRING"
MOST_CHARACTERS = 1_280


class FileKeyring(KeyringBackend):
    """Keeps secrets readable in the file FILE names, for tests alone."""

    priority = 1.0

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, or None."""
        with self._locked():
            return self._read().get(f"{service}\n{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it; too long a one is refused in the words of Windows."""
        if len(password) > MOST_CHARACTERS:
            raise PasswordSetError("(1783, 'CredWrite', 'The stub received bad data')")
        with self._locked():
            self._write(self._read() | {f"{service}\n{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        """Take it out."""
        with self._locked():
            kept = self._read()
            if kept.pop(f"{service}\n{username}", None) is None:
                raise PasswordDeleteError("not found")
            self._write(kept)

    def _file(self) -> Path:
        return Path(os.environ[FILE])

    def _locked(self) -> FileLock:
        return FileLock(f"{self._file()}.lock")

    def _read(self) -> dict[str, str]:
        try:
            kept: dict[str, str] = json.loads(self._file().read_text("utf-8"))
        except FileNotFoundError:
            return {}
        return kept

    def _write(self, kept: dict[str, str]) -> None:
        self._file().write_text(json.dumps(kept), "utf-8")
