"""A folder of messages as a mailbox: .eml files, a Maildir or an mbox to read, a folder to write into.

How far it was read is told by what the files look like, not by when: clocks go wrong, files are moved in with old
dates. Files fall into buckets by name; the cursor keeps, for each bucket, the sum of its files' fingerprints (name,
size, times). A poll looks at every file's entry but opens only the files of buckets whose sum changed. So no file is
ever left out, a folder of ten thousand costs about ten files read for each new one, and the cursor stays small.
"""

import contextlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from member_tracker.domain.availability import Busy, MailTip
from member_tracker.domain.errors import Invalid, Unavailable
from member_tracker.domain.mailboxes import Finding, Holds, Right, SendingWay
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.mail.files import MailFile, mail_files, messages_of
from member_tracker.mail.headers import message_id
from member_tracker.mail.mailbox import (
    NOTHING_KNOWN,
    Arrival,
    Arrivals,
    Cursor,
    Found,
    Known,
    Letter,
    NotOffered,
    Proof,
    Refused,
    SentReceipt,
    Spot,
)

PAGE = 100
BUCKETS = 1024

_KEY = re.compile(r"[0-9a-f]{8,128}")


class FolderMailbox:
    """Arrivals lie in `inbox` (folder, Maildir, mbox or one .eml); what is sent is written into `outbox`."""

    def __init__(self, inbox: Path, outbox: Path) -> None:
        self.inbox = inbox
        self.outbox = outbox

    def arrivals(self, cursor: Cursor | None, known: Known = NOTHING_KNOWN, watch: Watch = UNWATCHED) -> Arrivals:
        """The next page of messages that are new or changed; raises `Unavailable` where the inbox is not there."""
        del known, watch  # what a file is called says nothing about what is in it
        try:
            files = list(mail_files(os.fspath(self.inbox)))
        except OSError as problem:
            raise Unavailable(
                f"The mail folder {self.inbox} cannot be read ({problem.strerror}).",
                advice="Check that it is there and that you may open it, or choose another in Settings.",
            ) from problem
        return _page(files, _Seen.of(cursor))

    @property
    def drafts(self) -> bool:
        """A letter is written beside the sent ones first."""
        return True

    def look(self, letter: Letter) -> Found:
        """SENT where the letter lies in the outbox, DRAFT where it is written but not put there yet."""
        target = self._place(letter.key)
        try:
            return Found(spot=Spot.SENT, receipt=_receipt(target, target.read_bytes()))
        except FileNotFoundError:
            return Found(spot=Spot.DRAFT if self._draft(letter.key).exists() else Spot.NOWHERE)
        except OSError as problem:
            raise Unavailable(
                f"The sent mail {target.name} cannot be read ({problem.strerror}).",
                advice="Check that you may open the outbox folder.",
            ) from problem

    def save_draft(self, letter: Letter) -> None:
        """Write the letter under its key, whole or not at all."""
        draft = self._draft(letter.key)
        part = draft.with_suffix(".part")
        with _writing_to(self.outbox):
            self.outbox.mkdir(parents=True, exist_ok=True)
            _write_through(part, letter.raw)
            part.replace(draft)
            _settle(self.outbox)

    def send_draft(self, letter: Letter) -> None:
        """Give the draft its place among what was sent, in one step."""
        with _writing_to(self.outbox), contextlib.suppress(FileNotFoundError):
            self._draft(letter.key).replace(self._place(letter.key))
            _settle(self.outbox)

    def prove(self, watch: Watch = UNWATCHED) -> Proof:
        """A folder sends nothing to itself."""
        del watch
        raise NotOffered("A folder of messages sends nothing.", advice="Look into the outbox folder.")

    def close(self) -> None:
        """There is nothing to let go of."""

    def sweep(self, since: datetime, known: Known = NOTHING_KNOWN, watch: Watch = UNWATCHED) -> Arrivals:
        """A folder is compared as a whole each time it is read."""
        del since, known, watch
        raise NotOffered("A folder leaves nothing to sweep up.", advice="Collect mail.")

    def still_there(self, provider_ids: Sequence[str]) -> AbstractSet[str]:
        """Nobody can say where a file went."""
        del provider_ids
        raise NotOffered("A folder does not say where a message went.", advice="Look for it yourself.")

    def tips(self, addresses: Sequence[str]) -> tuple[MailTip, ...]:
        """A folder knows nobody's mailbox."""
        del addresses
        raise NotOffered("A folder of messages gives no mail tips.", advice="Add an Exchange mailbox to have them.")

    def free_busy(self, addresses: Sequence[str], start: datetime, end: datetime) -> tuple[Busy, ...]:
        """A folder knows nobody's calendar."""
        del addresses, start, end
        raise NotOffered("A folder of messages knows no calendars.", advice="Add an Exchange mailbox to have them.")

    def check(self, way: SendingWay | None = None) -> tuple[Finding, ...]:
        """Whether the inbox can be read and the outbox be written to."""
        del way
        return tuple(
            Finding(
                right=right,
                holds=Holds.YES if good else Holds.NO,
                words=f"The folder {folder} {'can' if good else 'cannot'} be {what}.",
                advice="" if good else "Check that it is there and that you may use it.",
            )
            for right, folder, what, good in (
                (Right.READ, self.inbox, "read", os.access(self.inbox, os.R_OK)),
                (Right.SEND_AS, self.outbox, "written to", os.access(_nearest(self.outbox), os.W_OK)),
            )
        )

    def _draft(self, key: str) -> Path:
        return self._place(key).with_name(f".{key}.draft")

    def _place(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise Invalid("The key of this mail is not lower-case hexadecimal.", advice="Compose the mail again.")
        return self.outbox / f"{key}.eml"


@dataclass(slots=True)
class _Seen:
    """The cursor taken apart: sums by bucket, where the running pass goes on, and how far into a large mbox it is."""

    sums: dict[int, int]
    next_bucket: int = 0
    inside: tuple[int, int] = (0, 0)  # fingerprint of the mbox, number of its messages already handed over

    @classmethod
    def of(cls, cursor: Cursor | None) -> "_Seen":
        if cursor is None:
            return cls({})
        try:
            stored = json.loads(cursor)
            sums = {int(bucket, 36): int(total, 36) for bucket, total in stored["sums"].items()}
            return cls(sums, int(stored["next"]), (int(stored["inside"][0], 36), int(stored["inside"][1])))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            return cls({})  # reading everything again is harmless; missing something would not be

    def cursor(self) -> Cursor:
        sums = {_base36(bucket): _base36(total) for bucket, total in sorted(self.sums.items())}
        inside = [_base36(self.inside[0]), self.inside[1]]
        return Cursor(json.dumps({"sums": sums, "next": self.next_bucket, "inside": inside}, separators=(",", ":")))


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, last = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[last] + digits
    return digits or "0"


def _page(files: list[MailFile], seen: _Seen) -> Arrivals:
    """The files of changed buckets from where the pass stands, until the page is full."""
    buckets: dict[int, list[MailFile]] = {}
    for file in sorted(files, key=lambda one: one.name):
        buckets.setdefault(file.place % BUCKETS, []).append(file)
    page: list[Arrival] = []
    refused: list[Refused] = []
    for bucket in sorted(buckets.keys() | seen.sums.keys()):
        if bucket < seen.next_bucket:
            continue
        if len(page) >= PAGE:
            seen.next_bucket = bucket
            return _arrivals(page, refused, seen, more=True)
        members = buckets.get(bucket, [])
        if seen.sums.get(bucket, 0) == _sum(members):
            continue
        if not _read_bucket(bucket, members, seen, page, refused):
            return _arrivals(page, refused, seen, more=True)
    seen.next_bucket = 0
    return _arrivals(page, refused, seen, more=False)


def _arrivals(page: list[Arrival], refused: list[Refused], seen: _Seen, *, more: bool) -> Arrivals:
    page.sort(key=lambda one: one.name)
    return Arrivals(page=tuple(page), cursor=seen.cursor(), more=more, refused=tuple(refused))


def _read_bucket(bucket: int, files: list[MailFile], seen: _Seen, page: list[Arrival], refused: list[Refused]) -> bool:
    """Read a bucket onto the page; False where a large mbox in it is to be continued on the next page."""
    good: list[MailFile] = []
    for file in files:
        messages = messages_of(file)
        if isinstance(messages, Refused):
            refused.append(messages)
            continue
        good.append(file)
        done = seen.inside[1] if seen.inside[0] == file.fingerprint else 0
        for number, (offset, raw) in enumerate(messages[done : done + PAGE], start=done):
            several = f"#{number + 1}" if len(messages) > 1 else ""
            page.append(Arrival(name=file.name + several, raw=raw, provider_id=f"{file.name}@{offset}"))
        if done + PAGE < len(messages):
            seen.next_bucket, seen.inside = bucket, (file.fingerprint, done + PAGE)
            return False
        seen.inside = (0, 0)
    seen.sums[bucket] = _sum(good)
    if not good:
        del seen.sums[bucket]
    return True


def _sum(files: Iterable[MailFile]) -> int:
    return sum(file.fingerprint for file in files) % (1 << 48)


@contextlib.contextmanager
def _writing_to(outbox: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise Unavailable(
            f"The mail could not be written to {outbox} ({problem.strerror}).",
            advice="It stays waiting to send. Check the folder and the free space, then send again.",
        ) from problem


def _nearest(folder: Path) -> Path:
    """The folder, or what is there already on the way to it."""
    return next((each for each in (folder, *folder.parents) if each.exists()), folder)


def _write_through(path: Path, raw: bytes) -> None:
    with path.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Make the new name in the folder outlast a power cut, where the system can do that for folders."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _receipt(path: Path, raw: bytes) -> SentReceipt:
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0].decode("utf-8", "replace")
    found = re.search(r"^Message-ID:\s*(\S+)", head, re.IGNORECASE | re.MULTILINE)
    return SentReceipt(
        message_id=message_id(found[1] if found else "") or f"<{path.stem}@outbox>",
        sent_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        provider_id=path.name,
    )
