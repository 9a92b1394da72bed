"""Mailboxes as the settings name them."""

import pytest

from member_tracker.domain.errors import Invalid
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind, accounts_in, table_of

MEMBERS = MailboxAccount(address="members@example.org", kind=MailboxKind.EXCHANGE_SERVER)


def test_a_mailbox_takes_twenty_five_million_bytes_unless_its_settings_say_otherwise() -> None:
    assert MEMBERS.largest_mb == 25
    assert "largest_mb" not in table_of(MEMBERS)
    (said,) = accounts_in([{**table_of(MEMBERS), "largest_mb": 40}])
    assert said.largest_mb == 40
    assert accounts_in([table_of(said)]) == (said,)


@pytest.mark.parametrize("said", [0, -1, True, "25", 2.5, None])
def test_a_size_that_is_no_whole_number_from_1_is_refused_with_advice(said: object) -> None:
    with pytest.raises(Invalid, match="cannot be understood") as refused:
        accounts_in([{**table_of(MEMBERS), "largest_mb": said}])
    assert "largest_mb" in refused.value.advice
