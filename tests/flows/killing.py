"""`python -m tests.flows.killing DEED FOLDER KILLS SEED`: kill a process that does one deed over and over.

The process is a fork of this one, so that it starts at once and the kill falls into its work rather than its imports.
It says a line for each deed only after the deed is committed. After each kill everything said must be there, nothing
twice, and the store must agree with itself.
"""

import contextlib
import json
import os
import random
import select
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Protocol

from member_tracker.app import App, build, now
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.timeline import Entry, EntryKind
from member_tracker.domain.vocabulary import Channel, OutgoingState, Status
from member_tracker.mail.mailbox import Found, Letter, SentReceipt, Spot
from member_tracker.profile import Profile
from member_tracker.services.collecting import collect
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.intake import Intake, log_by_name
from member_tracker.services.post import post_queued
from member_tracker.services.setup import SetUp, set_up
from member_tracker.store import engine
from tests.fakes.mailboxes import Wrapped, mailbox_in, with_mailbox
from tests.store.agreement import disagreements

Say = Callable[[str], None]


class Deed(Protocol):
    """Something done over and over until the process is killed.

    The kill comes at most `longest` seconds after the last word waited for, and no more than `words` are waited for.
    """

    longest: float
    words: int

    def prepare(self, folder: Path) -> None:
        """Before each run, in the process that is not killed."""
        ...

    def do(self, folder: Path, say: Say, draw: random.Random) -> None:
        """The deed, for ever; says what is committed."""
        ...

    def check(self, folder: Path, said: list[str]) -> None:
        """After each kill: `said` is all that was ever acknowledged."""
        ...


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[App]:
    """The program on the profile in `folder`."""
    app = build(Profile(folder=folder), passphrase=lambda: None, practice=True)
    with closing(app.store):
        yield app


def logged(app: App, word: str) -> Enquiry:
    """An enquiry in whose text the word stands."""
    return log_by_name(
        app,
        Intake(
            councillor="Cllr Vera Quill",
            resident="Ned Barlow",
            service_area="Housing",
            channel=Channel.EMAIL,
            subject=f"Damp in a flat {word}",
            text=f"The bedroom wall is wet ({word}). Please inspect it.",
        ),
    )


def must_agree(app: App) -> None:
    """Nothing in the store contradicts anything else in it."""
    found = disagreements(app.store)
    assert found == [], found[:5]


class Council:
    """Sets the profile up before the first run."""

    def prepare(self, folder: Path) -> None:
        """Make the profile where there is none."""
        if not folder.exists():
            with opened(folder) as app:
                set_up(app, SetUp(council="Chorley", councillors=("Cllr Vera Quill",)))


class Logging(Council):
    """Enquiries logged one after the other."""

    longest, words = 0.06, 3

    def do(self, folder: Path, say: Say, draw: random.Random) -> None:
        """Log for ever."""
        with opened(folder) as app:
            while True:
                say(logged(app, f"word{draw.randrange(10**9)}").reference)

    def check(self, folder: Path, said: list[str]) -> None:
        """Every reference said is there once, and the numbers have no gap."""
        with opened(folder) as app:
            with app.store.reading() as tx:
                kept = [enquiry.reference for enquiry in tx.every(Enquiry)]
                serial = int(tx.local("serial") or 0)
            assert set(said) <= set(kept), "an acknowledged enquiry is gone"
            assert len(set(kept)) == len(kept) == serial
            assert sorted(int(each.split("-")[2]) for each in kept) == list(range(1, serial + 1))
            must_agree(app)


class Collecting(Council):
    """Mail that arrives and is collected, some of it twice."""

    longest, words = 0.15, 3

    def do(self, folder: Path, say: Say, draw: random.Random) -> None:
        """Put mail into the inbox and collect it for ever."""
        with opened(folder) as app:
            inbox = app.profile.settings().inbox
            while True:
                ids = [self._arrive(inbox, draw) for _ in range(draw.randrange(1, 5))]
                collect(app)
                for message_id in ids:
                    say(message_id)

    def _arrive(self, inbox: Path, draw: random.Random) -> str:
        number = draw.randrange(10**12)
        message_id = f"<{number}@council.example.org>"
        automatic = "Auto-Submitted: auto-replied\r\n" if draw.random() < 0.2 else ""
        raw = (
            f"From: officer@council.example.org\r\nTo: members@example.org\r\nSubject: RE: Damp {number}\r\n"
            f"Date: Wed, 18 Nov 2026 09:30:00 +0000\r\nMessage-ID: {message_id}\r\n{automatic}\r\n"
            f"It will be inspected by 27 November 2026. Our number is {number}.\r\n"
        ).encode()
        for name in (number, f"{number}-again")[: 1 if draw.random() < 0.7 else 2]:
            part = inbox / f".{name}.part"
            part.write_bytes(raw)
            part.rename(inbox / f"{name}.eml")
        return message_id

    def check(self, folder: Path, said: list[str]) -> None:
        """What was said is there; reading on from where it stood brings every other mail, each once."""
        with opened(folder) as app:
            assert set(said) <= set(self._kept(app)), "an acknowledged mail is gone"
            must_agree(app)
            collect(app)
            arrived = {
                f"<{path.stem.removesuffix('-again')}@council.example.org>"
                for path in app.profile.settings().inbox.glob("*.eml")
            }
            kept = self._kept(app)
            assert set(kept) == arrived, "a mail was passed over"
            assert max(kept.values(), default=1) == 1, "a mail was kept twice"
            must_agree(app)

    def _kept(self, app: App) -> "Counter[str]":
        with app.store.reading() as tx:
            return Counter(mail.message_id or "" for mail in tx.every(ReceivedMail))


class Wire(Wrapped):
    """A mailbox that sends whatever it is given as often as it is told to, a line each in a file."""

    def __init__(self, app: App) -> None:
        super().__init__(mailbox_in(app))
        self._file = app.profile.folder / "wire.log"

    def look(self, letter: Letter) -> Found:
        """Among what was sent, else where the folder has it."""
        if letter.key not in self.keys():
            return self.within.look(letter)
        message_id = f"<{letter.key}@wire.example.org>"
        return Found(spot=Spot.SENT, receipt=SentReceipt(message_id=message_id, sent_at=now(), provider_id=letter.key))

    def send_draft(self, letter: Letter) -> None:
        """Send once more, in one write."""
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(handle, f"{letter.key}\n".encode())
        os.close(handle)

    def keys(self) -> list[str]:
        """Every key sent, in order."""
        return self._file.read_text("utf-8").split() if self._file.exists() else []


class Posting(Council):
    """Enquiries logged, queued and posted."""

    longest, words = 0.15, 3

    def do(self, folder: Path, say: Say, draw: random.Random) -> None:
        """Log, queue and post for ever."""
        with opened(folder) as without:
            app = with_mailbox(without, Wire(without))
            while True:
                several = [logged(app, str(draw.randrange(10**9))) for _ in range(draw.randrange(1, 4))]
                for enquiry in several:
                    send_enquiry(app, enquiry.id)
                    say(f"queued {enquiry.id}")
                post_queued(app)
                for enquiry in several:
                    say(f"sent {enquiry.id}")

    def check(self, folder: Path, said: list[str]) -> None:
        """What was queued goes once, however often it was begun; what was sent stays sent."""
        with opened(folder) as without:
            app = with_mailbox(without, Wire(without))
            must_agree(app)
            for line in said:
                what, enquiry_id = line.split()
                (mail,) = self._mails(app, enquiry_id)
                assert what == "queued" or mail.state is OutgoingState.SENT, "an acknowledged mail is not sent"
            post_queued(app)
            with app.store.reading() as tx:
                mails, entries = tx.every(QueuedMail), tx.every(Entry, kind=EntryKind.SENT)
                sent = {mail.enquiry_id for mail in mails}
                assert all(tx.get(Enquiry, each).status is Status.WITH_SERVICE_AREA for each in sent)
            assert {mail.state for mail in mails} <= {OutgoingState.SENT}
            assert sorted(Wire(without).keys()) == sorted(mail.key for mail in mails), "sent twice, or not at all"
            assert sorted(entry.enquiry_id for entry in entries) == sorted(mail.enquiry_id for mail in mails)
            must_agree(app)

    def _mails(self, app: App, enquiry_id: str) -> tuple[QueuedMail, ...]:
        with app.store.reading() as tx:
            return tx.every(QueuedMail, enquiry_id=enquiry_id)


LATER = """
from alembic import op

revision = "{later}"
down_revision = "{head}"


def upgrade() -> None:
    op.execute("ALTER TABLE enquiry ADD COLUMN later TEXT")
    op.execute("UPDATE enquiry SET later = text || text")
    op.execute("CREATE TABLE later_still (pos INTEGER PRIMARY KEY, bytes BLOB)")
    op.execute("INSERT INTO later_still SELECT pos, bytes FROM blob_chunk")
"""


class Migrating(Council):
    """An older file brought up to date; each run begins with a copy of the older one."""

    longest, words = 0.35, 0
    enquiries = 25

    def prepare(self, folder: Path) -> None:
        """Make the file of today once, and take it for one of yesterday."""
        kept = folder.with_name("of-yesterday")
        if not kept.exists():
            super().prepare(kept)
            with opened(kept) as app:
                for number in range(self.enquiries):
                    send_enquiry(app, logged(app, str(number)).id)
            self._step_on(folder.with_name("migrations"))
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(kept, folder)

    def _step_on(self, migrations: Path) -> None:
        """Let this program be one version further on."""
        shutil.copytree(engine.MIGRATIONS, migrations)
        later = f"{int(engine.HEAD) + 1:04}"
        text = LATER.format(later=later, head=engine.HEAD)
        (migrations / "versions" / f"{later}_later.py").write_text(f'"""A later version."""\n{text}', "utf-8")
        engine.MIGRATIONS, engine.HEAD = migrations, later

    def do(self, folder: Path, say: Say, draw: random.Random) -> None:
        """Open the file, which brings it up to date."""
        del draw
        with opened(folder):
            say("open")
            signal.pause()

    def check(self, folder: Path, said: list[str]) -> None:
        """It is the older file or the newer one, whole; opened again it is the newer one, with a back-up beside it."""
        del said
        with opened(folder) as app:
            with app.store.reading() as tx:
                connection = tx._connection
                assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(engine.HEAD,)]
                (later,) = connection.execute("SELECT count(later) FROM enquiry").fetchone()
                (chunks,) = connection.execute("SELECT count(*) FROM blob_chunk").fetchone()
                assert connection.execute("SELECT count(*) FROM later_still").fetchone() == (chunks,)
                assert later == len(tx.every(Enquiry)) == self.enquiries
            must_agree(app)
            assert list(folder.glob("tracker-*.db")), "there is no back-up"


DEEDS: dict[str, Deed] = {
    "logging": Logging(), "collecting": Collecting(), "posting": Posting(), "migrating": Migrating(),
}  # fmt: skip


def killed(deed: Deed, folder: Path, draw: random.Random) -> list[str]:
    """Does the deed in a process of its own, kills it at some moment, and gives what it had said."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with contextlib.suppress(BrokenPipeError):
            deed.do(folder, partial(_write, writer), draw)
        os._exit(1)
    os.close(writer)
    words = draw.randint(0, deed.words)
    raw = bytearray()
    while raw.count(b"\n") < words and select.select([reader], [], [], 30)[0] and (part := os.read(reader, 4096)):
        raw += part
    select.select([], [], [], draw.random() * deed.longest)
    os.kill(child, signal.SIGKILL)
    while part := os.read(reader, 4096):
        raw += part
    os.close(reader)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the process ended by itself"
    return raw.decode().split("\n")[:-1]


def _write(handle: int, line: str) -> None:
    os.write(handle, f"{line}\n".encode())


def main(name: str, folder: Path, kills: int, seed: int) -> None:
    """Kill and check, over and over, and say how often and how much was acknowledged."""
    deed, draw, said = DEEDS[name], random.Random(seed), list[str]()
    began = time.monotonic()
    for _ in range(kills):
        deed.prepare(folder)
        said += killed(deed, folder, draw)
        draw.seed(draw.getrandbits(64))
        deed.check(folder, said)
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps({"deed": name, "kills": kills, "seed": seed, "acknowledged": len(said), "seconds": seconds}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
