"""The whole job on real mail, through the command line: twenty real replies among hundreds of other messages.

`python -m tests.flows.real_mail` writes the transcript in docs/real-mail.md anew; it holds counts and references only.
"""

import io
import json
import os
import re
import sys
import tempfile
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from member_tracker.cli import main
from member_tracker.mail.mime import read_mail

REPLIES = 20
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
_HEADER = re.compile(rb"^(from|in-reply-to):.*?(?:\r?\n)(?![ \t])", re.IGNORECASE | re.MULTILINE | re.DOTALL)


Shown = dict[str, Any]


@dataclass(slots=True)
class Job:
    """What was said on the way, and what is to be asserted of it."""

    lines: list[str] = field(default_factory=list)
    collected: dict[str, int] = field(default_factory=dict)
    again: dict[str, int] = field(default_factory=dict)
    filed: int = 0
    filed_ours: int = 0
    clocks_moved_before_accepting: bool = False
    proposals: Counter[str] = field(default_factory=Counter)
    statuses: list[str] = field(default_factory=list)

    def run(self, *words: str) -> object:
        """Run a command with --json, and remember it."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main([*words, "--json"])
        if code != 0:
            raise AssertionError(f"{words} ended with {code}: {err.getvalue()}")
        return json.loads(out.getvalue())

    def tell(self, line: str) -> None:
        """Add a line to the transcript."""
        self.lines.append(line)

    def run_dict(self, *words: str) -> Shown:
        """Run a command whose answer is one object."""
        answer = self.run(*words)
        if not isinstance(answer, dict):
            raise TypeError(f"{words} gave {answer}")
        return answer


def whole_job(samples: Path, folder: Path) -> Job:
    """Log and send an enquiry, make twenty replies answer it, collect everything, accept, tell and close."""
    job = Job()
    os.environ["MEMBER_TRACKER_PROFILE"] = str(folder / "profile")
    os.environ["MEMBER_TRACKER_PASSPHRASE"] = "a passphrase for practice"
    reference, sent = _log_and_send(job)
    replies = _scratch_copy(samples, folder / "mail", sender=sent["to"][0], message_id=sent["message_id"])
    before = _clocks(job, reference)
    job.tell(f"$ member-tracker mail collect --from MAIL    # {len(replies)} of them answer our mail")
    job.collected = job.run_dict("mail", "collect", "--from", str(folder / "mail"))
    job.tell(json.dumps(job.collected))
    job.tell("$ member-tracker mail collect --from MAIL    # the same mail once more")
    job.again = job.run_dict("mail", "collect", "--from", str(folder / "mail"))
    job.tell(json.dumps(job.again))
    job.clocks_moved_before_accepting = _clocks(job, reference) != before
    _decide(job, reference, replies)
    return job


def _log_and_send(job: Job) -> tuple[str, Shown]:
    job.run("setup", "--council", "Chorley", "--councillor", "Cllr Vera Quill")
    job.tell('$ member-tracker log --councillor "Cllr Vera Quill" --resident "Ned Barlow" --channel email …')
    logged = job.run_dict(
        "log", "--councillor", "Cllr Vera Quill", "--resident", "Ned Barlow", "--channel", "email",
        "--service-area", "Housing", "--subject", "Damp in a flat", "--text", "Please inspect the flat.",
    )  # fmt: skip
    reference = logged["reference"]
    job.tell("{…}")
    job.tell("$ member-tracker send REFERENCE; member-tracker post")
    job.run("send", reference)
    job.tell(json.dumps(job.run("post")))
    shown = job.run_dict("show", reference)
    return reference, shown["sent"][0]


def _clocks(job: Job, reference: str) -> object:
    shown = job.run_dict("show", reference)
    return [shown[name] for name in ("status", "clocks", "acknowledged_at", "answered_at")]


def _scratch_copy(samples: Path, target: Path, *, sender: str, message_id: str) -> set[str]:
    """Copy every sample; the first twenty replies, each with a Message-ID of its own, are made to answer our mail."""
    labels = [json.loads(line) for line in (samples / "labels.jsonl").read_text().splitlines()]
    replies = _first_replies(samples, [label["file"] for label in labels if label["class"] == "human_reply"])
    for label in labels:
        raw = (samples / label["file"]).read_bytes()
        place = target / label["file"]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(_as_our_reply(raw, sender, message_id) if label["file"] in replies else raw)
    return replies


def _first_replies(samples: Path, files: list[str]) -> set[str]:
    found: dict[str, str] = {}
    for file in files:
        mail = read_mail((samples / file).read_bytes())
        found.setdefault(mail.message_id or mail.content_hash, file)
    return set(list(found.values())[:REPLIES])


def _as_our_reply(raw: bytes, sender: str, message_id: str) -> bytes:
    head, gap, body = raw.partition(b"\r\n\r\n") if b"\r\n\r\n" in raw else raw.partition(b"\n\n")
    mbox_line = re.match(rb"From .*\r?\n", head)
    start = mbox_line.end() if mbox_line else 0
    rest = _HEADER.sub(b"", head[start:] + b"\n").rstrip(b"\r\n")
    ours = f"From: {sender}\nIn-Reply-To: {message_id}\n".encode()
    return head[:start] + ours + rest + gap + body


def _decide(job: Job, reference: str, replies: set[str]) -> None:
    shown = job.run_dict("show", reference)
    mails = [mail for mail in shown["mails"] if mail["kind"] == "human"]
    job.filed = len(mails)
    area = shown["sent"][0]["to"][0]
    job.filed_ours = sum(mail["from"] == area for mail in mails)
    waiting = shown["suggestions"]
    job.proposals = Counter(found["proposal"] for found in waiting)
    job.tell("$ member-tracker show REFERENCE    # what the replies propose")
    job.tell(json.dumps(dict(sorted(job.proposals.items()))))
    chosen = next(found for found in waiting if found["proposal"] == "answer")
    for words in (
        ("accept", reference, chosen["id"]),
        ("tell", reference, "--text", "It was inspected."),
        ("close", reference),
    ):
        done = job.run_dict(*words)
        job.statuses.append(done["status"])
        job.tell(f"$ member-tracker {words[0]} REFERENCE{' SUGGESTION' if words[0] == 'accept' else ''}")
        job.tell(f"status: {done['status']}, state: {done['state']}")


def transcript(job: Job) -> str:
    """The transcript as a page."""
    told = "\n".join(job.lines)
    return (
        "# The whole job on real mail\n\n"
        "One enquiry is logged and sent from the command line. Then every message of a collection of real mail is\n"
        f"collected, {REPLIES} replies among them having been given, in a scratch copy, the service area's address as\n"
        "sender and the Message-ID of our mail in In-Reply-To. Written by `python -m tests.flows.real_mail`; the test\n"
        "is `tests/flows/test_real_mail.py`.\n\n"
        f"```\n{told}\n```\n\n"
        f"Of {job.collected['read']} messages, {job.filed} filed themselves, {job.filed_ours} of them replies\n"
        "to our mail; no automatic mail moved a clock, and nothing changed before a person accepted.\n"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sys.stdout.write(transcript(whole_job(SHARED / "mail-samples", Path(scratch))))
