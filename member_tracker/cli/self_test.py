"""`self-test`: whether this installation can do its work, part by part, without touching anybody's profile.

Each part says in words what it found; one that fails says why, and the others still run. What needs Qt runs in a
process of its own, for a Qt that lacks a library of the system ends its process without another word.
"""

import importlib
import json
import os
import pkgutil
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from member_tracker.cli.call import Window
from member_tracker.domain.errors import Invalid

_LIBRARIES = """
    alembic cryptography email_validator exchangelib filelock jinja2 keyring lxml msal nh3 olefile orjson oxmsg
    platformdirs psycopg requests requests_ntlm rich spnego sqlalchemy sqlcipher3 tnefparse tomlkit truststore typer
    tzdata urllib3 xlsxwriter
""".split()
_PATIENCE_SECONDS = 120
_FAILED = "failed: "


def check(window: Window | None, *, only: Collection[str] = ()) -> dict[str, object]:
    """Each part's answer in words, and `ok`: whether all work.

    With `only`, those parts alone, in this process; raises `Invalid` for a part there is not.
    """
    with tempfile.TemporaryDirectory(prefix="member-tracker-self-test-") as folder:
        checks = _checks(Path(folder))
        if window is not None:
            for part, run in window.checks.items():
                checks[part] = partial(run, Path(folder)) if only else partial(_apart, window, part)
        for part in only:
            if part not in checks:
                raise Invalid(f"The self-test has no part “{part}”.", advice=f"Choose from: {', '.join(checks)}.")
        answers = {part: _answer(checks[part]) for part in only or checks}
    ok = not any(answer.startswith(_FAILED) for answer in answers.values())
    return {"ok": ok, "version": _version(), **answers}


def _checks(folder: Path) -> dict[str, Callable[[], str]]:
    return {
        "imports": _imports,
        "files": _files,
        "store": lambda: _store(folder),
        "charter": _charter,
        "mail": _mail,
        "workbook": lambda: _workbook(folder / "workbook.xlsx"),
        "hub": _hub,
        "keyring": _keyring,
    }


def _answer(run: Callable[[], str]) -> str:
    try:
        return run()
    except Exception as error:  # noqa: BLE001 - a self-test reports whatever is wrong and goes on
        return f"{_FAILED}{type(error).__name__}: {error}"


def _version() -> str:
    from member_tracker import __version__

    made = "installed" if getattr(sys, "frozen", False) else "from its source"
    return f"{__version__}, {made}, Python {platform.python_version()}, {platform.system()}"


def _apart(window: Window, part: str) -> str:
    """The answer of a part that is asked in a process of its own, or how that process ended."""
    words = [*window.program, "self-test", "--part", part, "--json"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(  # noqa: S603 - this program again, with words written above
        words, capture_output=True, check=False, encoding="utf-8", env=environment, timeout=_PATIENCE_SECONDS
    )
    try:
        return str(json.loads(done.stdout)[part])
    except (ValueError, KeyError):
        ended = f"signal {-done.returncode}" if done.returncode < 0 else f"exit code {done.returncode}"
        return f"{_FAILED}it ended with {ended}: {' '.join(done.stderr.split())[-500:] or 'it said nothing'}"


# --- the parts --------------------------------------------------------------------------------------------------------


def _imports() -> str:
    import member_tracker

    for library in _LIBRARIES:
        importlib.import_module(library)
    own = modules_below(member_tracker.__name__, member_tracker.__path__)
    return f"{len(_LIBRARIES)} libraries and {own} modules import"


def modules_below(name: str, places: Collection[str]) -> int:
    """Import every module of a package; how many there are. Migrations are scripts that are run, not imported."""
    found = [each.name for each in pkgutil.walk_packages(places, f"{name}.") if ".migrations." not in each.name]
    for module in found:
        importlib.import_module(module)
    return len(found)


def _files() -> str:
    """Look into everything that ships as a file."""
    from importlib.resources import files

    from member_tracker.services.charters import CharterShelf
    from member_tracker.shipped import shipped

    shelf = CharterShelf.shipped()
    if shelf.problems:
        raise AssertionError(f"a charter cannot be read: {shelf.problems[0]}")
    places = [shipped(name) for name in ("bank_holidays", "councils", "help", "icons", "practice", "templates")]
    empty = [place.name for place in places if not any(place.iterdir())]
    if empty:
        raise AssertionError(f"nothing is in {', '.join(empty)}")
    if not files("tzdata.zoneinfo.Europe").joinpath("London").is_file():
        raise AssertionError("there is no time zone of London")
    helps = sum(1 for file in shipped("help").iterdir() if file.name.endswith(".txt"))
    return f"{len(shelf.charters)} charters, {helps} pages of help, bank holidays, templates and time zones are there"


def _store(folder: Path) -> str:
    """Migrate a scratch store from its first version, fill it with practice data and read it back."""
    from member_tracker.app import build
    from member_tracker.profile import Profile
    from member_tracker.services import lists, practice
    from member_tracker.store.engine import FILE_NAME, make_by_migrating
    from member_tracker.store.keys import make_key

    file = folder / "profile" / FILE_NAME
    key = make_key(file.parent, passphrase=None, practice=True)
    make_by_migrating(file, key)
    app = build(Profile(folder=file.parent), passphrase=lambda: None, practice=True)
    try:
        practice.fill(app)
        read = len(lists.listed(app, lists.wanted(app, everything=True)))
    finally:
        app.store.close()
    if b"SQLite format" in file.read_bytes()[:16]:
        raise AssertionError("the store is not encrypted")
    return f"encrypted, migrated, {read} enquiries read back"


def _charter() -> str:
    from member_tracker.domain.vocabulary import Channel, Kind
    from member_tracker.services.charters import charter_due, local_time

    due = charter_due(
        council="Chorley",
        channel=Channel.EMAIL,
        received=local_time("2026-06-01T10:00"),
        kind=Kind.ENQUIRY,
        stage=None,
    )
    if due["respond_by"] != "2026-06-03":
        raise AssertionError(f"an email of 1 June 2026 is due on {due['respond_by']}")
    return "a due date is worked out"


def _mail() -> str:
    from member_tracker.mail.mime import read_mail

    mail = read_mail(b"From: a@example.org\r\nSubject: A test\r\n\r\nThe bin was emptied on Monday.\r\n")
    if mail.subject != "A test":
        raise AssertionError("a mail was not read")
    return "a mail is read"


def _workbook(file: Path) -> str:
    from datetime import UTC, datetime
    from zipfile import ZipFile

    from member_tracker.services.exporting_tables import write_workbook

    with file.open("wb") as out:
        write_workbook(
            out, [("Enquiry", "Days"), ("A test", 3)], made_at=datetime(2026, 6, 1, tzinfo=UTC), beside=file.parent
        )
    with ZipFile(file) as book:
        if "xl/workbook.xml" not in book.namelist() or book.testzip() is not None:
            raise AssertionError("the workbook is not whole")
    return f"a workbook of {file.stat().st_size} bytes is written"


def _hub() -> str:
    """What speaks to a hub, and the SQL that makes one; no hub is asked."""
    from member_tracker.sync import hub_scripts

    driver = importlib.import_module("psycopg").pq
    if not (hub_scripts.numbered() and all(hub_scripts.rules()) and hub_scripts.logins()):
        raise AssertionError("the SQL of the hub is not whole")
    return f"libpq {driver.version()} ({driver.__impl__}), the hub's SQL is there"


def _keyring() -> str:
    from member_tracker.system_keyring import NoKeyring, working_keyring

    try:
        return f"works: {working_keyring()}"
    except NoKeyring as reason:
        return f"none here ({reason}): a passphrase is used instead"
