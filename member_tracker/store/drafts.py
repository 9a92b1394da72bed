"""What somebody was writing on this computer: kept with its settings, never sent to a hub, gone with whom it names."""

import sqlite3
from collections.abc import Iterable

UNDER = "draft:"
"""How the key of each draft begins among the settings of this device."""


def forget_naming(connection: sqlite3.Connection, words: Iterable[str]) -> None:
    """Forgets the drafts that have one of these in them, ids or names, whatever their case."""
    drafts = connection.execute("SELECT key, value FROM local WHERE substr(key, 1, ?) = ?", (len(UNDER), UNDER))
    held = [(key, f"{key}\n{value}".casefold()) for key, value in drafts]
    if not held:
        return
    sought = [word.casefold() for word in words if word]
    gone = [(key,) for key, text in held if any(word in text for word in sought)]
    connection.executemany("DELETE FROM local WHERE key = ?", gone)


def forget_all(connection: sqlite3.Connection) -> None:
    """Forgets every draft."""
    connection.execute("DELETE FROM local WHERE substr(key, 1, ?) = ?", (len(UNDER), UNDER))
