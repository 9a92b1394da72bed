"""Files that go with a mail of ours: read from the disk, and never more of them than the mailbox takes."""

import mimetypes
import stat
from collections.abc import Sequence
from pathlib import Path

from member_tracker.domain.correspondence import OutgoingFile
from member_tracker.domain.errors import Invalid, NotFound
from member_tracker.domain.mailboxes import LARGEST_MB
from member_tracker.services.parts import App

_MB = 1_000_000
_LINE = (57, 78)  # as many bytes of a file make a line of base64, and its characters with the line break
_OF_ITS_OWN = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".heic": "image/heic",
    ".webp": "image/webp",
}
"""What not every Python knows, so that a file is called the same on every machine."""


def files_to_send(app: App, paths: Sequence[Path]) -> tuple[OutgoingFile, ...]:
    """The files at these paths, no two of one name; raises `NotFound` or `Invalid` for what cannot be read or sent.

    Files that are too large are refused before they are read.
    """
    sizes = [_size(path) for path in paths]
    encoded = sum(-(-size // _LINE[0]) * _LINE[1] for size in sizes)
    must_not_be_too_large(app, app.profile.settings().from_address, encoded, with_files=True)
    names = _apart([path.name for path in paths])
    return tuple(
        OutgoingFile(name=name, media_type=_media_type(path), content=_read(path))
        for path, name in zip(paths, names, strict=True)
    )


def must_not_be_too_large(app: App, from_address: str, size: int, *, with_files: bool) -> None:
    """Raise `Invalid`, with both sizes in words, where a mail of `size` bytes is more than its mailbox takes."""
    box = next((each for each in app.profile.accounts() if each.name == from_address.casefold()), None)
    most = box.largest_mb if box else LARGEST_MB
    if size <= most * _MB:
        return
    whole = f"{-(-size // _MB)} MB{' with its attachments' if with_files else ''}"
    raise Invalid(
        f"The mail is {whole}; {from_address} takes at most {most} MB.",
        advice="Send fewer or smaller files, or send a link to them." if with_files else "Make the text shorter.",
    )


def files_in_words(count: int) -> str:
    """How many files go with a mail, to stand after its recipients; nothing where there are none."""
    return f" with {count} file{'' if count == 1 else 's'}" if count else ""


def _size(path: Path) -> int:
    """How many bytes the file holds; only a plain file is one."""
    try:
        entry = path.stat()
    except (OSError, ValueError) as problem:
        raise _unreadable(path, problem) from problem
    if not stat.S_ISREG(entry.st_mode):
        raise Invalid(f"{path} is no file.", advice="Name a file, not a folder; pack a folder into a file first.")
    return entry.st_size


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise _unreadable(path, problem) from problem


def _unreadable(path: Path, problem: OSError | ValueError) -> NotFound:
    why = problem.strerror if isinstance(problem, OSError) else "its name cannot be one"
    return NotFound(f"{path} cannot be read ({why}).", advice="Check the spelling, and that you may open it.")


def _apart(names: Sequence[str]) -> list[str]:
    """The names, with a number in each that would come again."""
    apart: list[str] = []
    for name in names:
        given, number = name, 1
        while given.casefold() in {other.casefold() for other in apart}:
            number += 1
            given = f"{Path(name).stem} ({number}){Path(name).suffix}"
        apart.append(given)
    return apart


def _media_type(path: Path) -> str:
    if own := _OF_ITS_OWN.get(path.suffix.lower()):
        return own
    kind, packed = mimetypes.MimeTypes().guess_type(path.name)
    return kind if kind and not packed else "application/octet-stream"
