"""The command line as a contract: options anywhere, JSON alone on standard output, errors with exit code 2."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run, Said

LOG = (
    "log", "--councillor", "Cllr Vera Quill", "--resident", "Ned Barlow", "--channel", "email",
    "--service-area", "housing", "--subject", "Damp in a flat", "--text", "Please inspect.",
)  # fmt: skip


def logged(run: Run) -> str:
    said = run(*LOG, "--json").json
    assert isinstance(said, dict)
    assert set(said) == {"id", "reference", "acknowledge_by", "respond_by"}
    return str(said["reference"])


def as_dict(said: Said) -> dict[str, object]:
    found = said.json
    assert isinstance(found, dict)
    return found


def test_json_and_profile_are_accepted_before_and_after_every_command(run: Run, tmp_path: Path) -> None:
    folder = str(tmp_path / "other")
    for words in (
        ("--json", "--profile", folder, "list"),
        ("list", "--json", f"--profile={folder}"),
        ("mail", "--json", "tray", "--profile", folder),
        ("--profile", folder, "mail", "tray", "--json"),
    ):
        assert run(*words).json == []
    assert (tmp_path / "other" / "tracker.db").exists()


def test_a_command_on_an_empty_profile_sets_chorley_up_and_says_so_on_standard_error(run: Run) -> None:
    said = run("list", "--json")
    assert said.json == []
    assert "Chorley" in said.err
    assert run("list", "--json").err == ""


def test_charter_and_mail_read_and_help_open_no_profile(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_text("From: a@example.org\nSubject: Bins\n\nThe bin was emptied.\n")
    for words in (
        ("charter", "list"),
        ("charter", "due", "--council", "Chorley", "--channel", "email", "--received", "2026-06-01T10:00"),
        ("mail", "read", str(tmp_path / "one.eml"), "--json"),
        ("--help",),
        ("mail", "--help"),
    ):
        assert run(*words).code == 0
    assert not (tmp_path / "profile").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("show", "ENQ-0000-1-00"),
        ("edit", "{reference}", "status=closed"),
        ("send", "{reference}", "surplus"),
        ("accept", "{reference}", "nothing"),
        ("close", "{reference}"),
        ("reopen", "{reference}"),
        ("note", "{reference}", " "),
        ("mail", "file", "nothing", "{reference}"),
        ("mail", "collect", "--from", "/nowhere/at/all"),
        ("list", "--open", "--all"),
        ("log", "--channel", "pigeon"),
        ("setup", "--council", "Nowhere"),
        ("charter", "due", "--council", "Chorley", "--channel", "email", "--received", "soon"),
        ("nonsense",),
        ("--profile",),
    ],
)
def test_an_error_ends_with_2_and_advice_and_changes_nothing(run: Run, words: tuple[str, ...]) -> None:
    reference = logged(run)
    before = run("show", reference, "--json").out
    said = run(*(word.replace("{reference}", reference) for word in words))
    assert said.code == 2
    assert said.out == ""
    assert len(said.err.strip().splitlines()) >= 2
    assert run("show", reference, "--json").out == before


def test_an_unknown_service_area_is_refused_with_the_nearest(run: Run) -> None:
    words = ["Howsing" if word == "housing" else word for word in LOG]
    said = run(*words)
    assert said.code == 2
    assert "Housing" in said.err
    assert run("list", "--all", "--json").json == []


def test_show_has_every_field_that_edit_takes_and_edit_returns_the_same_form(run: Run) -> None:
    from member_tracker.services.editing import _CHANGES

    reference = logged(run)
    shown = as_dict(run("show", reference, "--json"))
    assert set(_CHANGES) <= set(shown)
    assert {"clocks", "ledger", "timeline", "suggestions"} <= set(shown)
    edited = as_dict(run("edit", reference, "priority=urgent", "tags=damp,roof", "tier=3", "--json"))
    assert set(edited) == set(shown)
    assert (edited["priority"], edited["tags"], edited["tier"]) == ("urgent", ["damp", "roof"], 3)


def test_list_finds_by_word_and_by_reference(run: Run) -> None:
    reference = logged(run)
    for text in ("damp", "BARLOW", reference, "inspec"):
        rows = run("list", "--find", text, "--json").json
        assert isinstance(rows, list)
        assert [row["reference"] for row in rows] == [reference]
    assert run("list", "--find", "pothole", "--json").json == []
    assert run("list", "--find", '"* NEAR( OR', "--json").code == 0


def test_list_rows_have_the_promised_fields(run: Run) -> None:
    logged(run)
    rows = run("list", "--json").json
    assert isinstance(rows, list)
    assert set(rows[0]) == {
        "reference", "subject", "councillor", "resident", "service_area",
        "status", "acknowledge_by", "respond_by", "state",
    }  # fmt: skip


def test_mail_read_gives_one_object_a_line_however_broken_the_file(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.eml").write_text("From: a@example.org\nSubject: Bins\n\nThe bin was emptied on Monday.\n")
    (folder / "b.eml").write_bytes(b"\xff\xfe\x00\x00 not a mail at all")
    (folder / "c.eml").write_bytes(b"")
    (folder / "d.eml").write_text("From nobody Mon Nov 16 10:00:00 2026\nSubject: One\n\nFrom here on it is text\n")
    said = run("mail", "read", str(folder), "--json")
    assert said.code == 0
    objects = [json.loads(line) for line in said.out.splitlines()]
    assert [found["file"] for found in objects] == [f"{folder}/{name}.eml" for name in "abcd"]
    assert set(objects[0]) == {
        "file", "kind", "from", "to", "subject", "sent_at", "message_id", "in_reply_to", "references",
        "reply_text", "proposal", "sentence", "promised_on", "returns_on", "attachments", "defects",
    }  # fmt: skip


def test_the_whole_story_runs_through_the_command_line(run: Run, tmp_path: Path) -> None:
    reference = logged(run)
    assert as_dict(run("send", reference, "--json"))["status"] == "waiting_to_send"
    assert run("post", "--json").json == {"sent": 1, "waiting": 0, "unknown": 0}
    shown = as_dict(run("show", reference, "--json"))
    assert shown["status"] == "with_service_area"
    sent = shown["sent"]
    assert isinstance(sent, list)
    replies = tmp_path / "replies"
    replies.mkdir()
    (replies / "answer.eml").write_text(
        f"From: {sent[0]['to'][0]}\nTo: x@example.org\nSubject: RE: Damp\nMessage-ID: <reply@example.org>\n"
        f"In-Reply-To: {sent[0]['message_id']}\n\n"
        "I inspected the flat this morning and the gutter has been repaired. The wall was treated as well.\n"
    )
    assert run("mail", "collect", "--from", str(replies), "--json").json == {
        "read": 1, "new": 1, "known": 0, "filed": 1, "tray": 0, "automatic": 0, "refused": 0,
    }  # fmt: skip
    suggestions = as_dict(run("show", reference, "--json"))["suggestions"]
    assert isinstance(suggestions, list)
    assert suggestions[0]["proposal"] == "answer"
    accepted = as_dict(run("accept", reference, suggestions[0]["id"], "--json"))
    assert (accepted["status"], accepted["state"]) == ("answered", "met")
    assert as_dict(run("tell", reference, "--text", "The gutter is mended.", "--json"))["status"] == "resident_told"
    assert as_dict(run("close", reference, "--json"))["status"] == "closed"
    assert run("list", "--json").json == []
    assert as_dict(run("reopen", reference, "--json"))["status"] == "with_service_area"


def test_no_command_but_self_test_and_practice_imports_qt(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from member_tracker.cli import main\n"
        "for words in (['setup','--council','Chorley'], ['list'], ['charter','list'], ['mail','tray'], ['post'],\n"
        "              ['mail','collect'], ['service-area','list'], ['--help']):\n"
        "    assert main(words) == 0, words\n"
        "assert not [name for name in sys.modules if name.startswith(('PySide6', 'shiboken6', 'ui'))]\n"
    )
    environment = {
        **os.environ, "MEMBER_TRACKER_PROFILE": str(tmp_path / "p"), "MEMBER_TRACKER_PASSPHRASE": "some words",
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_without_a_keyring_and_a_passphrase_nothing_is_made(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MEMBER_TRACKER_PASSPHRASE")
    monkeypatch.setattr("sys.stdin", None)
    said = run("list")
    assert said.code == 2
    assert "MEMBER_TRACKER_PASSPHRASE" in said.err
    assert not (tmp_path / "profile" / "tracker.db").exists()
