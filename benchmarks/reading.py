"""A reply parsed, classified and read, beside the library's bare parsing.

`python -m benchmarks.reading` prints how well real messages and made-up replies of officers are read.
"""

import email
import json
import random
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

from benchmarks.figure import Figure, side_by_side
from member_tracker.domain.correspondence import IncomingMail
from member_tracker.domain.reading import classify, read_reply
from member_tracker.domain.vocabulary import MailKind, Proposal
from member_tracker.mail.mime import read_mail

SAMPLES = Path(__file__).resolve().parent.parent.parent / "shared" / "mail-samples"
REPLIES = Path(__file__).resolve().parent.parent / "tests" / "domain"
RECEIVED_ON = date(2026, 11, 18)
MESSAGES = 200
AT_MOST = 10.0
WORDS = (
    "the council road light repair drainage waste bin officer crew visited was will please resident ward thank".split()
)


class MondayToFriday:
    """Working days without holidays: what the calendar costs is measured elsewhere."""

    def add_working_days(self, day: date, count: int) -> date:
        """The working day `count` working days later."""
        while count:
            day += timedelta(days=1)
            count -= day.weekday() < 5
        return day


def reply(number: int, dice: random.Random) -> bytes:
    """A reply as offices write them: plain text and HTML, with what it answers quoted below."""
    message = EmailMessage()
    message["From"] = f"Officer {number} <officer{number}@example.org>"
    message["To"] = "members@example.org"
    message["Date"] = "Wed, 18 Nov 2026 09:30:00 +0000"
    message["Subject"] = "Re: Street light [ENQ-7K3M-142-XR]"
    message["Message-ID"] = f"<{number}@example.org>"
    written = "\n".join(" ".join(dice.choices(WORDS, k=12)) + "." for _ in range(8))
    quoted = "\n".join("> " + " ".join(dice.choices(WORDS, k=12)) for _ in range(15))
    text = f"{written}\n\nOn Mon, 16 Nov 2026 at 08:00, Members <members@example.org> wrote:\n{quoted}\n"
    message.set_content(text)
    message.add_alternative("<html><body><p>" + text.replace("\n", "<br>\n") + "</p></body></html>", subtype="html")
    return message.as_bytes()


def read_all(raws: list[bytes]) -> None:
    """Parse, classify and read every message."""
    for raw in raws:
        read_reply(read_mail(raw), received_on=date(2026, 11, 18), calendar=MondayToFriday())


def parse_all(raws: list[bytes]) -> None:
    """What the library does with them by itself."""
    for raw in raws:
        email.message_from_bytes(raw)


def figures() -> Iterator[Figure]:
    """Reading against bare parsing, in the same run."""
    dice = random.Random(1)
    raws = [reply(number, dice) for number in range(MESSAGES)]
    ours, limit = side_by_side(lambda: read_all(raws), lambda: parse_all(raws))
    per_message = 1_000 / MESSAGES
    yield Figure(
        name="one reply parsed, classified and read",
        ours=ours * per_message,
        limit=limit * per_message,
        unit="ms",
        at_most=AT_MOST,
    )


def rates() -> Iterator[str]:
    """How well the real messages are read, where they are at hand."""
    if not SAMPLES.is_dir():
        yield f"no real messages at {SAMPLES}"
        return
    labels = [json.loads(line) for line in (SAMPLES / "labels.jsonl").read_text("utf-8").splitlines()]
    mails = [(label, read_mail((SAMPLES / label["file"]).read_bytes())) for label in labels]
    yield f"messages read without an exception: {len(mails)} of {len(labels)}"
    by_machine = [mail for label, mail in mails if label["class"] in {"auto_reply", "bounce"}]
    wrong = sum(classify(mail)[0] is MailKind.HUMAN for mail in by_machine)
    yield f"automatic mail called human: {wrong} of {len(by_machine)}"
    for on_list, words in ((False, ""), (True, ", public-list mail")):
        human = [m for label, m in mails if label["class"].startswith("human") and bool(label["list_mail"]) is on_list]
        wrong = sum(classify(mail)[0] is not MailKind.HUMAN for mail in human)
        yield f"human mail called automatic{words}: {wrong} of {len(human)}"
    told = [(label["expected_reply_text"], mail) for label, mail in mails if label["expected_reply_text"] is not None]
    right = sum(expected.split() == mail.reply_text.split() for expected, mail in told)
    yield f"visible reply exactly as expected: {right} of {len(told)} ({right / len(told):.0%})"


def confusion() -> Iterator[str]:
    """How officers' made-up replies are read: rows as a careful reader would, columns as read, then dates."""
    replies = [
        reply
        for path in sorted(REPLIES.glob("officer_replies*.toml"))
        for reply in tomllib.loads(path.read_text("utf-8"))["reply"]
    ]
    counted: Counter[tuple[str, str]] = Counter()
    dates = plain = 0
    for reply in replies:
        mail = IncomingMail(message_id=None, reply_text=reply["text"])
        says = read_reply(mail, received_on=RECEIVED_ON, calendar=MondayToFriday())
        counted[reply["proposal"], says.proposal.value] += 1
        dates += says.promised_on == reply.get("promised_on")
        plain += says.is_plain
    words = [word.value for word in Proposal if any(word.value in pair for pair in counted)]
    yield f"{'':18}" + "".join(f"{word[:11]:>13}" for word in words)
    for row in words:
        yield f"{row:18}" + "".join(f"{counted[row, column] or '.':>13}" for column in words)
    right = sum(count for (wanted, read), count in counted.items() if wanted == read)
    yield f"replies read rightly: {right} of {len(replies)} ({right / len(replies):.1%})"
    yield f"promised date right, or rightly none: {dates} of {len(replies)} ({dates / len(replies):.1%})"
    yield f"one proposal alone, so that it may be preselected: {plain} of {len(replies)}"


if __name__ == "__main__":
    for line in (*rates(), *confusion()):
        print(line)
