"""A message as an object for other programs."""

import json

import pytest

from member_tracker.domain.vocabulary import MailKind, Proposal
from member_tracker.mail.mailbox import Refused
from member_tracker.services.mail_reading import mail_read_object, refused_object
from tests.mail.messages import message

FIELDS = [
    "file", "kind", "from", "to", "subject", "sent_at", "message_id", "in_reply_to", "references", "reply_text",
    "proposal", "sentence", "promised_on", "returns_on", "attachments", "defects",
]  # fmt: skip


def test_a_holding_reply_is_printed_with_its_sentence_and_date() -> None:
    raw = message(
        "Subject: RE: Light",
        "In-Reply-To: <ours@example.org>",
        "References: <first@example.org> <ours@example.org>",
        body="Thank you. The lamp will be replaced within 5 working days.\n\nOn 17/11/2026, we wrote:\n> Light?\n",
    )
    said = mail_read_object("mails/a.eml", raw)
    assert list(said) == FIELDS
    assert said == {
        "file": "mails/a.eml",
        "kind": "human",
        "from": "pat@example.org",
        "to": ["members@example.org"],
        "subject": "RE: Light",
        "sent_at": "2026-11-18T09:30:00+00:00",
        "message_id": "<one@example.org>",
        "in_reply_to": "<ours@example.org>",
        "references": ["<first@example.org>", "<ours@example.org>"],
        "reply_text": "Thank you. The lamp will be replaced within 5 working days.",
        "proposal": "holding",
        "sentence": "The lamp will be replaced within 5 working days.",
        "promised_on": "2026-11-25",
        "returns_on": None,
        "attachments": [],
        "defects": [],
    }


def test_working_days_over_christmas_skip_the_bank_holidays() -> None:
    raw = message("Date: Wed, 23 Dec 2026 10:00:00 +0000", body="We will reply within 3 working days.")
    assert mail_read_object("a", raw)["promised_on"] == "2026-12-30"


def test_an_out_of_office_reply_gives_the_day_of_return() -> None:
    raw = message("Subject: Automatic reply: Light", body="I am on leave and will return on 1 December.")
    said = mail_read_object("a", raw)
    assert (said["kind"], said["proposal"], said["returns_on"]) == ("auto_reply", "none", "2026-12-01")


def test_attachments_are_listed_without_their_content() -> None:
    raw = message("Content-Type: image/png; name=light.png", "Content-Transfer-Encoding: base64", body="AAAA")
    assert mail_read_object("a", raw)["attachments"] == [{"name": "light.png", "media_type": "image/png", "size": 3}]


@pytest.mark.parametrize("raw", [b"", b"\x00\xff", b"From: x", b"\n\n\n", b"Date: x\n\nWe will reply by Friday."])
def test_rubbish_has_its_object_too(raw: bytes) -> None:
    said = mail_read_object("a", raw)
    json.dumps(said)
    assert said["kind"] in set(MailKind)
    assert said["proposal"] in set(Proposal)
    assert said["promised_on"] is None


def test_a_file_that_cannot_be_opened_has_an_object_that_says_why() -> None:
    said = refused_object(Refused(name="a.eml", reason="It cannot be read (Permission denied)."))
    assert list(said) == FIELDS
    assert (said["file"], said["defects"]) == ("a.eml", ["It cannot be read (Permission denied)."])
