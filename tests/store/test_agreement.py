"""The check that a store agrees with itself notices whatever does not fit."""

import pytest

from member_tracker.store.store import Store
from tests.store.agreement import disagreements
from tests.store.office import enquiry, note, queued, received, suggestion


@pytest.fixture
def busy(office: Store) -> Store:
    """An office in which a little has happened."""
    with office.writing(author=None) as tx:
        original = tx.keep_original(b"raw", "message/rfc822")
        tx.save(enquiry(tags=("lamp", "road")))
        tx.save(received(original=original, enquiry_id=enquiry().id))
        tx.save(queued(original=original))
        tx.save(suggestion())
        tx.add(note())
        for subject in ("Missed bin again", "Missed bins"):
            tx.save(enquiry(tags=("road",), subject=subject))
    return office


def test_a_store_in_use_agrees_with_itself(busy: Store) -> None:
    assert disagreements(busy) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("UPDATE enquiry SET subject = 'x'", "its ops say subject"),
        ("DELETE FROM op WHERE kind = 'enquiry'", "not made by exactly one op"),
        ("UPDATE enquiry SET is_open = 0", "is_open is kept as 0"),
        ("UPDATE enquiry SET heads = '{}'", "newest ops"),
        ("DELETE FROM history WHERE verb = 'create'", "does not begin with one making"),
        (
            "INSERT INTO history (kind, record_id, at, verb, changes, deed) VALUES ('mail', 'x', '', '', '', '')",
            "not there",
        ),
        ("UPDATE search_document SET enquiry_id = 'x'", "search document"),
        ("DELETE FROM search_document WHERE pos = 1", "search document 1"),
        ("DELETE FROM search WHERE rowid = 1", "search index"),
        ("INSERT INTO search (rowid, subject, words) VALUES (999, 'a', 'b')", "search index"),
        ("DELETE FROM address", "addresses"),
        ("UPDATE mail SET scope_id = 'x'", "belongs to x"),
        ("UPDATE outgoing SET original = 'x'", "originals: those"),
        ("DELETE FROM blob", "missing"),
        ("UPDATE blob_use SET state = 'wanted'", "here and yet wanted"),
        (
            "INSERT INTO hub_copy SELECT 1, 'enquiry', 'x', 'anna', 1, '{}', '{}', 0",
            "copy of enquiry x",
        ),
        ("UPDATE suggestion SET mail_id = 'x'", "its mail is missing"),
        (
            "INSERT INTO outgoing SELECT NULL, 'other', " + ", ".join(
                "enquiry_id key message_id from_address \"to\" subject body original state queued_at purpose automatic"
                " claimed_at handed_over_at mailbox sent_at server_message_id server_thread_key problem attachments"
                " device cc not_before heads scope_id hub_seq document".split()
            ) + " FROM outgoing",
            "2 with the key",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_noticed(busy: Store, wrong: str, said: str) -> None:
    with busy.writing(author=None) as tx:
        assert tx._connection.execute(wrong).rowcount > 0, "nothing was made wrong"
    assert any(said in each for each in disagreements(busy)), disagreements(busy)
