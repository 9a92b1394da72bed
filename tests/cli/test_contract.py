"""The command line as a contract: options anywhere, JSON alone on standard output, errors with exit code 2."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from member_tracker.domain.reading import read_reply
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


def test_the_value_of_an_option_is_taken_as_it_is_whatever_it_looks_like(run: Run, tmp_path: Path) -> None:
    evil = f"--profile={tmp_path / 'evil'}"
    words = [*LOG[:-3], "--json", "--text", evil]
    reference = str(as_dict(run(*words, "--json"))["reference"])
    shown = as_dict(run("show", reference, "--json"))
    assert (shown["subject"], shown["text"]) == ("--json", evil)
    assert not (tmp_path / "evil").exists()
    noted = as_dict(run("note", reference, "- rang, no answer", "--json"))
    assert "- rang, no answer" in str(noted["timeline"])
    noted = as_dict(run("--json", "note", reference, "--", "--json"))
    assert "'text': '--json'" in str(noted["timeline"])


def test_the_options_without_a_value_are_known_by_name() -> None:
    from typer.main import get_command

    from member_tracker.cli import FLAGS
    from member_tracker.cli.commands import commands

    def flags(command: Any) -> set[str]:  # noqa: ANN401 - a command, or a group of them
        own = {
            name
            for option in command.params
            if getattr(option, "is_flag", False)
            for name in (*option.opts, *option.secondary_opts)
        }
        return own.union(*(flags(each) for each in getattr(command, "commands", {}).values()))

    assert flags(get_command(commands)) | {"--help"} == FLAGS


def test_a_slip_in_setup_makes_no_profile(run: Run, tmp_path: Path) -> None:
    for words in (
        ("setup", "--council", "Nowhere"),
        ("setup", "--council", "Chorley", "--charter", "no-such-set"),
        ("setup", "--council", "Chorley", "--councillor", " "),
        ("setup", "--council", "Chorley", "--role", "mayor"),
        ("list", "--profile", ""),
        ("list", "--profile="),
    ):
        assert run(*words).code == 2
    assert not (tmp_path / "profile").exists()


@pytest.mark.parametrize(
    ("received", "moment"),
    [
        ("2024-02-29", "2024-02-29T00:00:00+00:00"),
        ("2026-06-01", "2026-05-31T23:00:00+00:00"),
        ("2026-06-01T17:20", "2026-06-01T16:20:00+00:00"),
        ("2026-06-01T17:20:30Z", "2026-06-01T17:20:30+00:00"),
        ("2026-06-01T23:30+05:00", "2026-06-01T18:30:00+00:00"),
        ("20260601T172030", "2026-06-01T16:20:30+00:00"),
        ("2025-12-25T12:00", "2025-12-25T12:00:00+00:00"),
    ],
)
def test_the_time_received_is_taken_in_every_iso_form(run: Run, received: str, moment: str) -> None:
    reference = str(as_dict(run(*LOG, "--received", received, "--json"))["reference"])
    assert as_dict(run("show", reference, "--json"))["received_at"] == moment
    assert as_dict(run("edit", reference, f"received_at={received}", "--json"))["received_at"] == moment


@pytest.mark.parametrize(
    "received", ["2026-02-29", "yesterday", "", " ", "2999-01-01", "2026-13-01", "9999-12-31T23:59-14:00"]
)
def test_a_time_that_cannot_be_is_refused_and_nothing_is_logged(run: Run, received: str) -> None:
    assert run(*LOG, "--received", received).code == 2
    assert run("list", "--all", "--json").json == []


def test_on_christmas_day_counting_starts_after_the_holidays(run: Run) -> None:
    said = as_dict(run(*LOG, "--received", "2025-12-25T12:00", "--json"))
    assert (said["acknowledge_by"], said["respond_by"]) == ("2025-12-29", "2025-12-30")


@pytest.mark.parametrize(
    ("words", "respond_by"),
    [
        (("--kind", "complaint"), "2026-03-16"),
        (("--kind", "complaint", "--stage", "2"), "2026-03-16"),
        (("--kind", "complaint", "--stage", "informal"), None),
        (("--kind", "COMPLIMENT"), "2026-03-04"),
        (("--channel", "text"), None),
        (("--channel", "social_media"), None),
        (("--channel", "telephone"), None),
        (("--channel", "officer_email"), "2026-03-04"),
        (("--channel", "letter"), "2026-03-11"),
    ],
)
def test_kind_and_channel_decide_the_standard_and_none_is_null(
    run: Run, words: tuple[str, ...], respond_by: str | None
) -> None:
    said = as_dict(run(*LOG, "--received", "2026-03-02T10:00", *words, "--json"))
    assert said["respond_by"] == respond_by
    shown = as_dict(run("show", str(said["reference"]), "--json"))
    assert shown["respond_by"] == respond_by
    assert shown["why"]
    assert shown["ledger"]


def test_bytes_that_are_no_text_are_refused_or_replaced_but_never_crash(run: Run) -> None:
    reference = logged(run)
    for words in (
        ("note", reference, "caf\udce9"),
        ("edit", reference, "subject=\udcff\x1b[31m"),
        ("list", "--find", "\udcff"),
    ):
        assert run(*words, "--json").code == 0
    for refused in (("show", "\udcff"), ("mail", "unfile", "\udcff"), ("accept", reference, "\udcff")):
        said = run(*refused)
        assert (said.code, said.out) == (2, "")
        assert len(said.err.strip().splitlines()) == 2


def test_nothing_in_a_mail_steers_the_terminal(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(
        b"From: \x1b]0;owned\x07 <a@example.net>\nSubject: \x1b[2J\x9b31mBins\n\nDone. \x1b[31m\n"
    )
    run("mail", "collect", "--from", str(tmp_path))
    for words in (("mail", "tray"), ("mail", "read", str(tmp_path))):
        said = run(*words)
        assert "Bins" in said.out or "one.eml" in said.out
        assert not set(said.out) & set("\x1b\x07\x9b\x00")


def test_a_file_that_cannot_be_opened_has_its_object_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_text("From: a@example.org\nSubject: Bins\n\nDone.\n")
    (tmp_path / "b.mbox").symlink_to("/proc/self/mem") if Path("/proc/self/mem").exists() else None
    said = run("mail", "read", str(tmp_path), "--json")
    assert said.code == 0
    found = [json.loads(line) for line in said.out.splitlines()]
    assert found[0]["file"] == f"{tmp_path}/a.eml"
    assert all(set(each) == set(found[0]) for each in found)
    if len(found) > 1:
        assert found[1]["defects"]


def test_a_message_nobody_thought_of_has_its_object_too(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(*args: object, **more: object) -> object:
        raise OverflowError("date value out of range")

    (tmp_path / "a.eml").write_text("From: a@example.org\nSubject: Bins\n\nWe reply by the end of next week.\n")
    read_as_usual = run("mail", "read", str(tmp_path), "--json")
    with monkeypatch.context() as patch:
        reads = "member_tracker.services.mail_reading.read_reply"
        patch.setattr(reads, lambda mail, **more: (stumbles if mail.text else read_reply)(mail, **more))
        said = run("mail", "read", str(tmp_path), "--json")
    assert said.code == 0
    assert set(json.loads(said.out)) == set(json.loads(read_as_usual.out))
    assert "OverflowError" in str(json.loads(said.out)["defects"])


def test_json_is_utf_8_whatever_the_terminal_speaks(tmp_path: Path) -> None:
    environment = os.environ | {
        "MEMBER_TRACKER_PROFILE": str(tmp_path / "profile"),
        "MEMBER_TRACKER_PASSPHRASE": "a passphrase for tests",
        "PYTHONIOENCODING": "ascii",
    }
    words = ["Zoë 你好" if word == "Ned Barlow" else word for word in LOG]
    code = "import sys; from member_tracker.cli import main; sys.exit(main(sys.argv[1:]))"
    for command in (words, ["list", "--json"], ["list"]):
        said = subprocess.run([sys.executable, "-c", code, *command], env=environment, capture_output=True, check=True)
        if "--json" in command:
            assert json.loads(said.stdout.decode())[0]["resident"] == "Zoë 你好"


def test_a_file_is_named_as_it_was_given_and_a_missing_one_stops_before_anything_is_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.eml").write_text("From: a@example.org\nSubject: Bins\n\nThe bin was emptied.\n")
    monkeypatch.chdir(tmp_path)
    assert as_dict(run("mail", "read", "./one.eml", "--json"))["file"] == "./one.eml"
    said = run("mail", "read", "one.eml", "nowhere.eml", "--json")
    assert (said.code, said.out) == (2, "")


def test_the_self_test_finds_every_part_at_work(run: Run) -> None:
    said = as_dict(run("self-test", "--json"))
    assert said["ok"] is True
    assert "migrated" in str(said["store"])
