"""Real messages of many programs: each is read, and how well is measured."""

import json
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
        assert len(missed) <= 0.02 * of_these, missed


def test_the_visible_reply_is_mostly_what_the_collectors_say(samples: list[Sample]) -> None:
    told = [one for one in samples if one.reply is not None]
    wrong = [one.file for one in told if one.mail.reply_text.split() != (one.reply or "").split()]
    _say(f"visible reply exactly as expected: {len(told) - len(wrong)} of {len(told)}")
    assert len(wrong) <= 0.15 * len(told), wrong
