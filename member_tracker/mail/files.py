"""Files and folders that hold mail: found, told apart and read, whatever else lies beside them."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from member_tracker.domain.errors import NotFound
from member_tracker.mail.mailbox import Refused
from member_tracker.mail.mbox import is_mbox, messages_in

_MAIL_ENDINGS = (".eml", ".mbox", ".mbx", ".msg")
_OPEN = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFile:
    """A file that may hold mail; its `fingerprint` changes when the file does, its `place` never."""

    path: str
    name: str
    fingerprint: int
    place: int


def read_messages(
    paths: Iterable[str | os.PathLike[str]], *, refused: Callable[[Refused], None] | None = None
) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of every message in the files and folders, in order of name; an mbox gives its name each time.

    A file that cannot be read is handed to `refused` and passed over. Raises `NotFound` for a path that is not there.
    """
    for given in paths:
        path = os.fspath(given)
        try:
            files = list(mail_files(path))
        except OSError as problem:
            raise NotFound(
                f"{path} cannot be opened ({problem.strerror}).", advice="Check the spelling of the path."
            ) from problem
        for file in sorted(files, key=lambda one: one.name):
            messages = messages_of(file)
            if isinstance(messages, Refused):
                if refused is not None:
                    refused(messages)
            else:
                yield from ((file.name, raw) for _, raw in messages)


def mail_files(given: str) -> Iterator[MailFile]:
    """The files under a path that hold mail. Links to folders, and whatever is no plain file, are passed over."""
    path = Path(given)
    entry = path.stat()
    if stat.S_ISDIR(entry.st_mode):
        yield from _in_folder(given, path.absolute().name in {"cur", "new"})
    elif stat.S_ISREG(entry.st_mode):
        yield _file(given, entry)
    else:
        raise OSError(0, "neither a file nor a folder")


def _in_folder(folder: str, is_maildir: bool) -> Iterator[MailFile]:
    """Depth first without recursion; a folder that cannot be opened below the first is left to the next poll."""
    waiting = [(folder, is_maildir)]
    while waiting:
        here, maildir = waiting.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda one: one.name)
        except OSError:
            if here == folder:
                raise
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "tmp" or not _is_maildir(here):
                    waiting.append((entry.path, entry.name in {"cur", "new"} and _is_maildir(here)))
            elif _holds_mail(entry.name, maildir) and (found := _file_or_none(entry)):
                yield found


def _is_maildir(folder: str) -> bool:
    return all(Path(folder, name).is_dir() for name in ("cur", "new"))


def _holds_mail(name: str, in_maildir: bool) -> bool:
    if name.startswith("."):
        return False
    return in_maildir or name.lower().endswith(_MAIL_ENDINGS) or name.isdecimal()


def _file_or_none(entry: os.DirEntry[str]) -> MailFile | None:
    """None for a fifo, a device, a link to nowhere, or a file that has just gone."""
    try:
        status = entry.stat()
    except OSError:
        return None
    return _file(entry.path, status) if stat.S_ISREG(status.st_mode) else None


def _file(path: str, status: os.stat_result) -> MailFile:
    name = path.replace(os.sep, "/")
    encoded = os.fsencode(path)
    marks = f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}".encode()
    return MailFile(
        path=path,
        name=name.encode("utf-8", "replace").decode(),
        fingerprint=int.from_bytes(hashlib.blake2b(encoded + b"\0" + marks, digest_size=6).digest(), "big"),
        place=int.from_bytes(hashlib.blake2b(encoded, digest_size=4).digest(), "big"),
    )


def messages_of(file: MailFile) -> list[tuple[int, bytes]] | Refused:
    """The messages in a file; refused where it cannot be read, or is being written at this moment."""
    try:
        data = _whole(file.path)
        now = _file(file.path, Path(file.path).stat())
    except OSError as problem:
        return Refused(name=file.name, reason=f"It cannot be read ({problem.strerror}).")
    if now.fingerprint != file.fingerprint:
        return Refused(name=file.name, reason="It is being written just now; it will be read next time.")
    if file.path.lower().endswith(".eml") or not is_mbox(data[:5]):
        return [(0, data)]
    return list(messages_in(data))


def _whole(path: str) -> bytes:
    """All bytes of a plain file; opening never waits, should the path have become a fifo meanwhile."""
    with os.fdopen(os.open(path, _OPEN), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(0, "not a plain file")
        return file.read()
