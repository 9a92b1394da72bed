"""Run by the bundle's own Python under wine: what of the program works there, as JSON on one line.

Wine 8 has neither the libraries that Qt's core asks for nor the one that programs written in Rust ask for, and its WMI
ends the process: so nothing here touches the window, certificates of our own making, or Exchange.
"""

import json
import sys
from collections.abc import Callable

sys.modules["_wmi"] = None  # type: ignore[assignment]  # Python then asks Windows in the older way, which wine has


def main() -> int:
    """Run every part; how many failed."""
    answers: dict[str, str] = {}
    failed = 0
    for part in (sqlite, tls, zones, sql_toolkit, encrypted_store, hub_client, xml, credentials, places, policy):
        try:
            answers[part.__name__] = _call(part)
        except Exception as error:  # noqa: BLE001 - each part says for itself what is wrong
            answers[part.__name__] = f"FAILED: {type(error).__name__}: {error}"
            failed += 1
    print(json.dumps(answers))
    return failed


def _call(part: Callable[[], str]) -> str:
    return part()


def sqlite() -> str:
    """Python's own SQLite."""
    import sqlite3

    with sqlite3.connect(":memory:") as opened:
        return str(opened.execute("SELECT sqlite_version()").fetchone()[0])


def tls() -> str:
    """OpenSSL, and a place for authorities."""
    import ssl

    ssl.create_default_context()
    return ssl.OPENSSL_VERSION


def zones() -> str:
    """London's time in summer, from the tzdata in the bundle, for Windows has none."""
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    there = datetime(2026, 7, 1, 12, tzinfo=UTC).astimezone(ZoneInfo("Europe/London"))
    if there.hour != 13:  # noon in UTC
        raise ValueError(there.isoformat())
    return there.isoformat()


def sql_toolkit() -> str:
    """SQLAlchemy over SQLite."""
    import sqlalchemy

    with sqlalchemy.create_engine("sqlite://").connect() as opened:
        return f"{sqlalchemy.__version__}: {opened.execute(sqlalchemy.text('SELECT 40 + 2')).scalar()}"


def encrypted_store() -> str:
    """SQLCipher, which the store is kept in: a table written under one key is not read under another."""
    import tempfile
    from pathlib import Path

    import sqlcipher3

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "store.db"
        opened = sqlcipher3.connect(str(file))
        opened.execute("PRAGMA key = 'one'")
        opened.execute("CREATE TABLE enquiry (reference TEXT)")
        opened.commit()
        version = opened.execute("PRAGMA cipher_version").fetchone()[0]
        opened.close()
        other = sqlcipher3.connect(str(file))
        other.execute("PRAGMA key = 'another'")
        try:
            other.execute("SELECT * FROM enquiry")
        except sqlcipher3.DatabaseError:
            return str(version)
        finally:
            other.close()
    raise ValueError("another key opened it")


def hub_client() -> str:
    """Psycopg with the libpq that comes along."""
    import psycopg

    return f"{psycopg.__version__}, libpq {psycopg.pq.version()}"


def xml() -> str:
    """lxml, which Exchange's answers are read with."""
    from lxml import etree  # type: ignore[import-untyped]  # it ships no types

    return str(etree.tostring(etree.fromstring("<a><b/></a>")), "ascii")


def credentials() -> str:
    """The keyring's part for Windows is there and says it may be used."""
    from keyring.backends.Windows import WinVaultKeyring

    return f"WinVaultKeyring, priority {WinVaultKeyring.priority}"


def places() -> str:
    """Where this user's casework would be."""
    from member_tracker.profile import profiles_folder

    return str(profiles_folder())


def policy() -> str:
    """What the policy file of this computer fixes, as the program reads it."""
    from member_tracker.policy_file import read_policy

    found = read_policy()
    found.must_be_whole()
    return ", ".join(f"{each.key} = {each.value}" for each in found.fixed) or "nothing fixed"


if __name__ == "__main__":
    sys.exit(main())
