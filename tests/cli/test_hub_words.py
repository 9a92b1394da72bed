"""What administrators of a hub read at a terminal."""

from member_tracker.cli.hub_words import erased_in_words, status_in_words, users_in_words, verified_in_words

ACCOUNT = {"login": "sam", "role": "support", "person": "Sam", "disabled": False, "devices": 1, "seen_at": None}
STATUS = {
    "hub": "hub.example.org/casework", "server": "18.1", "accounts": 4, "devices": 5, "records": 20, "blobs": 2,
    "bytes": 8_713_919, "ops": 29, "head": 11, "conflicts": 1, "version": 2, "schema_min": 1, "schema_cur": 1,
    "epoch": 1,
}  # fmt: skip


def test_each_account_says_whose_casework_it_sees_and_until_when() -> None:
    rows = [
        ACCOUNT | {"councillors": ["Cllr Quill", "Cllr Ashworth"], "until": {"Cllr Ashworth": "2026-12-31"}},
        ACCOUNT | {"login": "olga", "councillors": None, "until": {}, "seen_at": "2026-03-02T09:00:00+00:00"},
        ACCOUNT | {"login": "new", "councillors": [], "until": {}, "disabled": True},
    ]
    head, sam, olga, new = users_in_words(rows).splitlines()
    assert head.split("  ")[0] == "Login"
    assert "Cllr Quill, Cllr Ashworth until" in sam
    assert "31 December 2026" in sam
    assert "never" in sam
    assert "every councillor" in olga
    assert "2 March" in olga
    assert "nobody" in new
    assert new.endswith("disabled")


def test_the_state_of_a_hub_is_told_in_sentences() -> None:
    said = status_in_words(STATUS)
    assert "hub.example.org/casework, on PostgreSQL 18.1" in said
    assert "8.7 MB" in said
    assert "of form 1\n" in said
    assert said.endswith("never")
    later = status_in_words(STATUS | {"schema_cur": 2, "epoch": 3})
    assert "of form 1 to 2\n" in later
    assert later.endswith("2 times")
    assert status_in_words(STATUS | {"epoch": 2}).endswith("once")


def test_a_log_that_is_broken_says_where_and_what_to_do() -> None:
    assert "29 lines" in verified_in_words({"ok": True, "ops": 29, "broken_at": None})
    broken = verified_in_words({"ok": False, "ops": 12, "broken_at": 7})
    assert "number 7" in broken
    assert "Keep a copy" in broken


def test_whoever_erases_is_told_what_is_left_to_see_to() -> None:
    assert "Back-ups, exports and the mailboxes" in erased_in_words({"resident": "x", "records": 3})
