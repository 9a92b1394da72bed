"""Original bytes, kept for ever inside the encrypted file under their SHA-256 and checked each time they are read."""

import hashlib
import sqlite3

from member_tracker.domain.errors import NotFound, Unavailable

CHUNK_BYTES = 1024 * 1024
CHUNKS = 2**20


def keep(connection: sqlite3.Connection, raw: bytes, media_type: str) -> str:
    """Keeps the bytes once, however often they come, and gives their SHA-256 in hexadecimal."""
    digest = hashlib.sha256(raw).hexdigest()
    made = connection.execute(
        "INSERT INTO blob (sha256, media_type, size) VALUES (?, ?, ?) ON CONFLICT (sha256) DO NOTHING",
        (digest, media_type, len(raw)),
    )
    if made.rowcount == 1:
        connection.executemany(
            "INSERT INTO blob_chunk (pos, bytes) VALUES (? * ? + ?, ?)",
            (
                (made.lastrowid, CHUNKS, n, raw[start : start + CHUNK_BYTES])
                for n, start in enumerate(range(0, len(raw), CHUNK_BYTES))
            ),
        )
    return digest


def read(connection: sqlite3.Connection, digest: str) -> bytes:
    """The bytes kept under a SHA-256; refused where they are missing or no longer the same."""
    found = connection.execute("SELECT pos FROM blob WHERE sha256 = ?", (digest,)).fetchone()
    if found is None:
        raise NotFound(
            "The original of this mail or attachment is not on this computer.",
            advice="Connect to the hub and bring this profile into step, then try again.",
        )
    bounds = (found[0] * CHUNKS, (found[0] + 1) * CHUNKS)
    chunks = connection.execute("SELECT bytes FROM blob_chunk WHERE pos >= ? AND pos < ? ORDER BY pos", bounds)
    raw = b"".join(chunk for (chunk,) in chunks)
    if hashlib.sha256(raw).hexdigest() != digest:
        raise Unavailable(
            "The original of this mail or attachment is damaged.",
            advice="Restore the profile from a back-up, or look in the mailbox it came from.",
        )
    return raw
