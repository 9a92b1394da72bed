"""What the server that took a mail in says of its sender, and when that is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.senders import SenderProof
from member_tracker.mail.headers import verdicts_of
from member_tracker.mail.mime import read_mail

RESULTS = "Authentication-Results: spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=example.org; dkim=pass"
PASS = (
    f"{RESULTS} (signature was verified)\r\n header.d=example.org;dmarc=pass action=none"
    " header.from=example.org;compauth=pass\r\n"
)
FAIL = PASS.replace("dmarc=pass", "dmarc=fail")
INTERNAL = "X-MS-Exchange-Organization-AuthAs: Internal\r\n"
FROM = "From: Jo Fell <jo.fell@example.org>\r\n"


def proof(head: str, *, stamped: bool | None = True, sender: str = FROM) -> SenderProof:
    return read_mail(f"{head}{sender}Subject: x\r\n\r\nx\r\n".encode(), stamped=stamped).sender_proof


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (PASS, SenderProof.PASSED),
        (FAIL, SenderProof.FAILED),
        (INTERNAL, SenderProof.INTERNAL),
        (INTERNAL + FAIL, SenderProof.INTERNAL),
        ("X-MS-Exchange-Organization-AuthAs: Anonymous\r\n" + PASS, SenderProof.PASSED),
        (INTERNAL + "X-MS-Exchange-Organization-AuthAs: Anonymous\r\n", SenderProof.NOT_TOLD),
        ("", SenderProof.NOT_TOLD),
        ("Authentication-Results: mx.example.org; dmarc = pass (p=reject)\r\n", SenderProof.PASSED),
        ("Authentication-Results: mx.example.org; DMARC/1=FAIL\r\n", SenderProof.FAILED),
        ("Authentication-Results: mx.example.org; dmarc=none\r\n", SenderProof.NOT_TOLD),
        ("Authentication-Results: mx.example.org; dmarc=bestguesspass\r\n", SenderProof.NOT_TOLD),
        ("Authentication-Results: mx.example.org; dmarc=temperror\r\n", SenderProof.NOT_TOLD),
        ("Authentication-Results: mx.example.org; dmarc=pass header.from=other.example\r\n", SenderProof.NOT_TOLD),
        ("Authentication-Results: mx.example.org; dmarc=pass; dmarc=fail\r\n", SenderProof.FAILED),
        ("Authentication-Results: mx.example.org; none (dmarc=pass)\r\n", SenderProof.NOT_TOLD),
        ("Authentication-Results: mx.example.org; x=y (a (b; dmarc=pass ) ; dmarc=pass)\r\n", SenderProof.NOT_TOLD),
        ('Authentication-Results: mx.example.org; spf=none smtp.mailfrom="a;dmarc=pass "\r\n', SenderProof.NOT_TOLD),
    ],
)
def test_the_head_of_a_mail_from_exchange_says_who_sent_it(head: str, said: SenderProof) -> None:
    assert proof(head) is said


@pytest.mark.parametrize("head", [PASS, FAIL, INTERNAL])
def test_in_mail_from_a_folder_these_prove_nothing(head: str) -> None:
    assert proof(head, stamped=False) is SenderProof.NOT_TOLD


def test_only_the_topmost_verdict_counts() -> None:
    assert proof(RESULTS + "=x; dmarc=none\r\n" + PASS) is SenderProof.NOT_TOLD
    assert proof(FAIL + PASS) is SenderProof.FAILED


def test_read_again_later_a_failed_check_still_counts_and_a_passed_one_does_not() -> None:
    found = [proof(head, stamped=None) for head in (FAIL, PASS, INTERNAL)]
    assert found == [SenderProof.FAILED, SenderProof.NOT_TOLD, SenderProof.NOT_TOLD]


def test_a_mail_with_two_senders_did_not_pass() -> None:
    assert proof(PASS, sender=FROM + "From: thief@example.org\r\n") is SenderProof.NOT_TOLD
    assert proof(PASS, sender="From: a@example.org, b@example.org\r\n") is SenderProof.NOT_TOLD


@given(st.text(max_size=300))
def test_any_field_is_read_without_an_error(raw: str) -> None:
    for verdict, domain in verdicts_of(raw, "dmarc"):
        assert verdict == verdict.lower()
        assert " " not in domain
