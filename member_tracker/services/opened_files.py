"""Attachments put where another program can open them: a private folder, emptied at start and at close."""

import os
import shutil
from pathlib import Path

from member_tracker.domain.errors import NotAllowed, Unavailable
from member_tracker.domain.mailbag import MailAttachment
from member_tracker.mail.attachments import safe_name
from member_tracker.profile import Profile
from member_tracker.services.parts import App
from member_tracker.services.risky_files import why_risky

FOLDER = "opened"
_NAME_BYTES = 12


def put_out(app: App, attachment: MailAttachment) -> Path:
    """A copy of the attachment to be opened, under a name that says nothing; only its kind is kept.

    Raises `NotAllowed` for what would run something: that may be saved, never opened from here.
    """
    content = _content(app, attachment)
    why = why_risky(attachment.name, content)
    if why is not None:
        raise NotAllowed(
            f"This attachment is not opened: it is {why}.",
            advice="Save it only if you know who sent it and why, and ask your IT before you open it.",
        )
    folder = _made(app.profile)
    path = folder / f"{app.random_bytes(_NAME_BYTES).hex()}{_ending(attachment.name)}"
    _write(path, content, mode=0o400)
    return path


def why_only_saved(app: App, attachment: MailAttachment) -> str | None:
    """Why the attachment is not opened from here, in a few words; None where it may be."""
    return why_risky(attachment.name, _content(app, attachment))


def save_as(app: App, attachment: MailAttachment, path: Path) -> None:
    """Write the attachment to a file somebody chose, whole or not at all."""
    write_whole(_content(app, attachment), path)


def write_whole(content: bytes, path: Path) -> None:
    """Write a file that somebody chose, whole or not at all; raises `Unavailable` where it cannot be."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.unlink(missing_ok=True)
        _write(beside, content, mode=0o600)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Unavailable(
            f"The file could not be written there ({error.strerror or 'the folder cannot be used'}).",
            advice="Choose another folder, or free some room on the disc.",
        ) from error


def shown_name(name: str) -> str:
    """A name as it may be shown and saved under: nothing in it turns letters round or hides its ending."""
    return safe_name(name, otherwise="attachment")


def empty(profile: Profile) -> None:
    """Remove every copy that was opened, of this run or of one that ended badly; one still in use stays until next."""
    shutil.rmtree(profile.folder / FOLDER, ignore_errors=True)


def _content(app: App, attachment: MailAttachment) -> bytes:
    with app.store.reading() as tx:
        return tx.original(attachment.sha256)


def _ending(name: str) -> str:
    ending = Path(shown_name(name)).suffix
    return ending if len(ending) <= 12 and ending[1:].isalnum() else ""


def _made(profile: Profile) -> Path:
    """The folder for copies, which only its owner may look into."""
    folder = profile.folder / FOLDER
    unusable = Unavailable(
        "The folder for opened attachments cannot be used.", advice="Save the attachment elsewhere instead."
    )
    if folder.is_symlink():
        raise unusable
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise unusable from error
    return folder


def _write(path: Path, content: bytes, *, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        file.write(content)
