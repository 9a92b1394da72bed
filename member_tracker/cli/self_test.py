"""`self-test`: whether this installation can do its work, part by part."""

import importlib
import tempfile
from collections.abc import Callable
from pathlib import Path

from member_tracker.cli.call import Window

_PARTS = (
    "alembic",
    "cryptography",
    "email_validator",
    "exchangelib",
    "filelock",
    "jinja2",
    "keyring",
    "platformdirs",
    "sqlalchemy",
    "sqlcipher3",
    "typer",
)


def check(window: Window | None) -> dict[str, object]:
    """Each part's answer in words, and `ok`: whether all work. A part that fails says why; the others still run."""
    answers: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="member-tracker-self-test-") as folder:
        checks: dict[str, Callable[[], str]] = {
            "imports": _imports,
            "store": lambda: _store(Path(folder)),
            "charter": _charter,
            "mail": _mail,
            "keyring": _keyring,
        }
        if window is not None:
            checks["window"] = lambda: window.check(Path(folder) / "window.png")
        failed = [name for name, run in checks.items() if not _run(name, run, answers)]
    return {"ok": not failed, **answers}


def _run(name: str, run: Callable[[], str], answers: dict[str, object]) -> bool:
    try:
        answers[name] = run()
    except Exception as error:  # noqa: BLE001 - a self-test reports whatever is wrong and goes on
        answers[name] = f"failed: {type(error).__name__}: {error}"
        return False
    return True


def _imports() -> str:
    for part in _PARTS:
        importlib.import_module(part)
    return f"{len(_PARTS)} parts import"


def _store(folder: Path) -> str:
    """Migrate a scratch store from its first version, fill it with practice data and read it back."""
    from member_tracker.app import build
    from member_tracker.profile import Profile
    from member_tracker.services import lists, practice
    from member_tracker.store.engine import FILE_NAME, make_by_migrating
    from member_tracker.store.keys import make_key

    key = make_key(folder / "profile", passphrase=None, practice=True)
    make_by_migrating(folder / "profile" / FILE_NAME, key)
    app = build(Profile(folder=folder / "profile"), passphrase=lambda: None, practice=True)
    try:
        practice.fill(app)
        return f"encrypted, migrated, {len(lists.listed(app, lists.wanted(app, everything=True)))} enquiries read back"
    finally:
        app.store.close()


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


def _keyring() -> str:
    from member_tracker.system_keyring import keyring_works

    return "works" if keyring_works() else "none here: a passphrase is used instead"
