"""Replies brought in, beside the least that could be done: parse each, and one transaction of plain rows for it."""

import email
import email.policy
import itertools
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from benchmarks.figure import Figure, side_by_side
from member_tracker.app import App, build
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.vocabulary import Channel
from member_tracker.profile import Profile
from member_tracker.services.collecting import collect
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.intake import Intake, log_by_name
from member_tracker.services.post import post_queued
from member_tracker.services.setup import SetUp, set_up
from member_tracker.store.engine import open_file

ENQUIRIES = 250
WORDS = (
    "council road parking licence school waste collection planning housing benefit member councillor resident street"
    " light repair drainage library contact please update regarding response officer service team ward meeting thanks"
).split()
FIRST_REPLY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def reply(number: int, to: QueuedMail, run: int, dice: random.Random) -> bytes:
    """A reply as offices write them: plain text and HTML, with what it answers quoted below."""

    def said(words: int) -> str:
        return " ".join(dice.choice(WORDS) for _ in range(words))

    message = EmailMessage()
    message["From"] = f"Officer {number} <{to.to[0]}>"
    message["To"] = to.from_address
    message["Date"] = format_datetime(FIRST_REPLY + timedelta(minutes=7 * number))
    message["Subject"] = f"Re: {to.subject}"
    message["Message-ID"] = f"<reply-{run}-{number}@council.example.org>"
    message["In-Reply-To"] = message["References"] = to.message_id
    written = "\n".join(said(12) for _ in range(8))
    quoted = "\n".join(f"> {said(12)}" for _ in range(15))
    text = f"{written}\n\nOn Mon, 2 Mar 2026 at 08:00, Members <members@example.org> wrote:\n{quoted}\n"
    message.set_content(text)
    message.add_alternative("<html><body><p>" + text.replace("\n", "<br>\n") + "</p></body></html>", subtype="html")
    return message.as_bytes()


class Least:
    """The limit: message, search row, one op and one history row through the driver, on a file encrypted as ours."""

    def __init__(self, folder: Path, key: bytes, sent: tuple[QueuedMail, ...]) -> None:
        self.file = open_file(folder / "least.db", key)
        self.file.executescript(
            "create table message(id integer primary key, enquiry_id text, message_id text unique not null,"
            " in_reply_to text, sender text, subject text, date text, body text, raw blob);"
            "create index message_enquiry on message(enquiry_id);"
            "create table op(id integer primary key, op_id text, record_id text, value text);"
            "create table history(id integer primary key, record_id text, at text, verb text);"
            "create virtual table words using fts5(subject, body, content='', contentless_delete=1);"
        )
        self.file.executemany(
            "insert into message(enquiry_id, message_id, subject) values(?, ?, ?)",
            [(mail.enquiry_id, mail.message_id, mail.subject) for mail in sent],
        )

    def take(self, raw: bytes) -> None:
        """Parse, find what it answers, write four rows, commit."""
        mail = email.message_from_bytes(raw, policy=email.policy.compat32)
        own, answered, sender, subject, date = (
            str(mail[name]) for name in ("Message-ID", "In-Reply-To", "From", "Subject", "Date")
        )
        part = next(each for each in mail.walk() if each.get_content_type() == "text/plain")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        body = content.decode(part.get_content_charset() or "utf-8")
        file = self.file
        file.execute("begin immediate")
        (enquiry,) = file.execute("select enquiry_id from message where message_id = ?", (answered,)).fetchone()
        row = file.execute(
            "insert into message(enquiry_id, message_id, in_reply_to, sender, subject, date, body, raw)"
            " values(?, ?, ?, ?, ?, ?, ?, ?)",
            (enquiry, own, answered, sender, subject, date, body, raw),
        ).lastrowid
        file.execute("insert into words(rowid, subject, body) values(?, ?, ?)", (row, subject, body))
        file.execute("insert into op(op_id, record_id, value) values(?, ?, ?)", (own, enquiry, body))
        file.execute("insert into history(record_id, at, verb) values(?, ?, 'create')", (enquiry, date))
        file.execute("commit")


def office(folder: Path) -> tuple[App, tuple[QueuedMail, ...]]:
    """A profile with its enquiries logged and sent."""
    app = build(Profile(folder=folder), passphrase=lambda: None, practice=True)
    set_up(app, SetUp(council="Chorley", councillors=("Cllr Vera Quill",)))
    for number in range(ENQUIRIES):
        intake = Intake(
            councillor="Cllr Vera Quill",
            resident=f"Resident {number}",
            service_area="Housing",
            channel=Channel.EMAIL,
            subject=f"Enquiry {number}",
            text="Please look into this.",
        )
        send_enquiry(app, log_by_name(app, intake).id)
    post_queued(app)
    with app.store.reading() as tx:
        return app, tx.every(QueuedMail)


def figures() -> Iterator[Figure]:
    """Milliseconds of processor time for each reply: parsed, classified, matched, read, suggested, kept and indexed."""
    with tempfile.TemporaryDirectory() as scratch:
        app, sent = office(Path(scratch) / "profile")
        least = Least(Path(scratch), bytes(range(32)), sent)
        dice, runs = random.Random(7), itertools.count()
        corpus: list[Path] = []

        def write_corpus() -> Path:
            run = next(runs)
            folder = Path(scratch) / f"replies-{run}"
            folder.mkdir()
            for number, mail in enumerate(sent):
                (folder / f"{number:05}.eml").write_bytes(reply(number, mail, run, dice))
            return folder

        corpus = [write_corpus() for _ in range(8)]
        ours, theirs = iter(corpus), iter(corpus)

        def bring_in() -> None:
            collected = collect(app, next(ours))
            assert (collected.new, collected.filed) == (ENQUIRIES, ENQUIRIES), collected

        def take_all() -> None:
            for path in sorted(next(theirs).iterdir()):
                least.take(path.read_bytes())

        bring_in()
        take_all()
        our_seconds, least_seconds = side_by_side(bring_in, take_all)
        least.file.close()
        app.store.close()
    each = 1e3 / ENQUIRIES
    yield Figure(
        name="a reply brought in", ours=our_seconds * each, limit=least_seconds * each, unit="ms", at_most=1 / 0.3
    )
