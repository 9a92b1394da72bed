"""Real messages of many programs: each is read, and how well is measured."""

import difflib
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from member_tracker.domain.correspondence import IncomingMail
from member_tracker.domain.reading_kind import classify
from member_tracker.domain.vocabulary import MailKind
from member_tracker.mail.mime import read_mail


class Sample(NamedTuple):
    """A real message with what its collectors say of it."""

    file: str
    label: str
    is_list_mail: bool
    reply: str | None
    parent: str | None
    mail: IncomingMail


@pytest.fixture(scope="module")
def samples(shared_folder: Path) -> list[Sample]:
    folder = shared_folder / "mail-samples"
    if not folder.is_dir():
        pytest.skip("the folder of real messages (shared/mail-samples) is not here")
    labels = map(json.loads, (folder / "labels.jsonl").read_text("utf-8").splitlines())
    return [
        Sample(
            label["file"],
            label["class"],
            bool(label["list_mail"]),
            label["expected_reply_text"],
            label["parent_file"],
            read_mail((folder / label["file"]).read_bytes()),
        )
        for label in labels
    ]


def _say(figure: str) -> None:
    sys.stdout.write(f"{figure}\n")


def test_every_real_message_is_read(samples: list[Sample]) -> None:
    assert len(samples) > 200
    assert all(sample.mail.size for sample in samples)


def test_automatic_mail_is_hardly_ever_called_human(samples: list[Sample]) -> None:
    automatic = [one for one in samples if one.label in {"auto_reply", "bounce"}]
    wrong = [one.file for one in automatic if classify(one.mail)[0] is MailKind.HUMAN]
    _say(f"automatic mail called human: {len(wrong)} of {len(automatic)}")
    assert len(wrong) <= 0.02 * len(automatic), wrong


def test_a_persons_mail_is_hardly_ever_called_automatic(samples: list[Sample]) -> None:
    human = [one for one in samples if one.label in {"human_reply", "human_new"}]
    wrong = [one for one in human if classify(one.mail)[0] is not MailKind.HUMAN]
    for on_list in (False, True):
        of_these = Counter(one.is_list_mail for one in human)[on_list]
        missed = [one.file for one in wrong if one.is_list_mail is on_list]
        _say(f"human mail called automatic{', public lists' if on_list else ''}: {len(missed)} of {of_these}")
        assert len(missed) <= (0.02 if on_list else 0.01) * of_these, missed


def _told(samples: list[Sample]) -> list[tuple[Sample, str]]:
    return [(one, one.reply) for one in samples if one.reply is not None]


def _at_least(share: float, right: list[bool], what: str) -> None:
    _say(f"{what}: {sum(right)} of {len(right)} ({sum(right) / len(right):.0%}), at least {share:.0%}")
    assert sum(right) >= share * len(right)


def test_the_first_line_of_a_reply_is_kept(samples: list[Sample]) -> None:
    kept = [
        " ".join(reply.strip().split("\n")[0].split()) in " ".join(one.mail.reply_text.split())
        for one, reply in _told(samples)
        if reply.strip()
    ]
    _at_least(0.95, kept, "first line of the expected reply kept")


def test_hardly_a_reply_has_a_line_of_what_it_quotes(samples: list[Sample]) -> None:
    by_file = {one.file: one.mail for one in samples}
    clean = [
        quoted.isdisjoint(_lines(one.mail.reply_text))
        for one in samples
        if (quoted := _quoted_lines(one, by_file.get(one.parent or "")))
    ]
    _at_least(0.90, clean, "no line of the quoted message left")


def _quoted_lines(one: Sample, parent: IncomingMail | None) -> set[str]:
    """What a reply quotes: the lines of the mail it answers, else those its collectors left out of it."""
    if parent is not None:
        return _lines(parent.text)
    if one.reply is None or not one.label.startswith("human"):
        return set()
    expected = " ".join(one.reply.split())
    return {line for line in _lines(one.mail.text) if " ".join(line.split()) not in expected}


def _lines(text: str) -> set[str]:
    """Lines long enough to be known again, without marks of quotation."""
    return {line for found in text.split("\n") if len(line := re.sub(r"^[> \t]+", "", found).strip()) > 20}


def test_the_visible_reply_is_mostly_what_the_collectors_say(samples: list[Sample]) -> None:
    words = [(reply.split(), one.mail.reply_text.split()) for one, reply in _told(samples)]
    alike = [difflib.SequenceMatcher(None, *pair, autojunk=False).ratio() >= 0.9 for pair in words]
    _at_least(0.75, alike, "words of the visible reply alike by nine tenths")
    _at_least(0.85, [expected == found for expected, found in words], "visible reply exactly as expected")
