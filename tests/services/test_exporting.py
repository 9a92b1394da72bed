"""Everything written out: what is in the folder is what is in the store, and a failure leaves nothing."""

import hashlib
import json
import os
import stat
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from member_tracker import __version__
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, TrackerError, Unavailable
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.services.casework import enquiry_as_json
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.exporting import export
from member_tracker.store.plain import as_json, kinds
from tests.fakes.office import Office

FILES = (
    'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nSee the files.\n'
    "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=Plan.txt\n\nfirst\n"
    "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=plan.txt\n\nsecond\n"
    '--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename="../../outside.txt"\n\nthird\n--b--\n'
)


@pytest.fixture
def filled(office: Office) -> Office:
    """An office with an answered enquiry whose reply has files, one that waits, and a mail in the tray."""
    enquiry = office.logged_and_sent(subject="Lámpara in the Ñ road")
    name = office.reply(enquiry, "We will repair it.")
    raw = (office.inbox / name).read_text("utf-8").split("\n\n")[0]
    (office.inbox / name).write_text(f"{raw}\n{FILES}", "utf-8")
    (office.inbox / "tray.eml").write_bytes(b"From: who@example.org\nMessage-ID: <x@example.org>\n\nCaf\xe9?\n")
    office.collect()
    send_enquiry(office.app, office.log().id)
    return office


def read(path: Path) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(path.read_bytes())


def test_every_record_mail_and_file_is_written_and_listed(filled: Office, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    done = export(filled.app, folder)
    manifest = read(folder / "manifest.json")
    assert (manifest["council"], manifest["version"]) == ("Chorley", __version__)
    with filled.app.store.reading() as tx:
        for kind, of in kinds().items():
            assert read(folder / "records" / f"{kind.value}.json") == [as_json(value) for value in tx.every(of)]
            assert manifest["records"][kind.value] == len(tx.every(of)) == done.records[kind.value]
        for mail in tx.every(ReceivedMail):
            assert (folder / "mail" / "received" / f"{mail.id}.eml").read_bytes() == tx.original(mail.original)
        for sent in tx.every(QueuedMail):
            written = (folder / "mail" / "sent" / f"{sent.id}.eml").read_bytes()
            assert message_from_bytes(written)["Message-ID"] == sent.message_id
        assert {path.stem for path in (folder / "enquiries").iterdir()} == {
            enquiry.reference for enquiry in tx.every(Enquiry)
        }
        for enquiry in tx.every(Enquiry):
            shown = json.loads(json.dumps(enquiry_as_json(filled.app, enquiry.id)))
            assert read(folder / "enquiries" / f"{enquiry.reference}.json") == shown
    assert manifest["records"]["enquiry"] == manifest["records"]["mail"] == 2


def test_every_file_is_listed_with_its_checksum_and_no_other_is_there(filled: Office, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    done = export(filled.app, folder)
    listed = {file["path"]: file for file in read(folder / "manifest.json")["files"]}
    there = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert listed.keys() | {"manifest.json"} == there.keys()
    assert len(there) == done.files
    for name, file in listed.items():
        assert (file["size"], file["sha256"]) == (len(there[name]), hashlib.sha256(there[name]).hexdigest()), name


def test_files_of_a_mail_keep_apart_and_inside_the_folder(filled: Office, tmp_path: Path) -> None:
    export(filled.app, tmp_path / "out")
    files = {path.name: path.read_text("utf-8").strip() for path in (tmp_path / "out" / "attachments").rglob("*.txt")}
    assert files == {"Plan.txt": "first", "plan-2.txt": "second", "outside.txt": "third"}
    assert {path.name for path in tmp_path.iterdir()} == {"office", "out"}


def test_history_says_who_changed_what(filled: Office, tmp_path: Path) -> None:
    export(filled.app, tmp_path / "out")
    rows = read(tmp_path / "out" / "history" / "enquiry.json")
    assert [row["verb"] for row in rows].count("create") == 2
    assert ["draft", "waiting_to_send"] in [row["changes"].get("status") for row in rows]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
def test_only_its_owner_may_read_what_was_written(filled: Office, tmp_path: Path) -> None:
    export(filled.app, tmp_path / "out")
    for path in ((tmp_path / "out"), *(tmp_path / "out").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_no_secret_is_written(filled: Office, tmp_path: Path) -> None:
    export(filled.app, tmp_path / "out")
    with filled.app.store.reading() as tx:
        secret = tx.local("council_key") or ""
    written = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*.json"))
    assert secret
    assert secret.encode() not in written


def test_an_empty_folder_is_filled_and_one_in_use_left_alone(filled: Office, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert export(filled.app, tmp_path / "empty").files > 10
    busy = tmp_path / "busy"
    busy.mkdir()
    (busy / "letter.txt").write_text("mine", "utf-8")
    with pytest.raises(NotAllowed, match=r"letter\.txt"):
        export(filled.app, busy)
    with pytest.raises(NotAllowed, match="a file"):
        export(filled.app, busy / "letter.txt")
    assert [path.name for path in busy.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("stage", ["Records", "Enquiries", "Mail"])
def test_stopping_leaves_nothing(filled: Office, tmp_path: Path, stage: str) -> None:
    told: list[str] = []
    watch = Watch(progress=lambda at, _: told.append(at), stop=lambda: told[-1:] == [stage])
    with pytest.raises(Stopped):
        export(filled.app, tmp_path / "out", watch=watch)
    assert {path.name for path in tmp_path.iterdir()} == {"office"}


def test_a_damaged_original_is_told_in_words_and_leaves_nothing(filled: Office, tmp_path: Path) -> None:
    with filled.app.store.writing(author=None) as tx:
        tx._connection.execute("UPDATE blob_chunk SET bytes = x'00'")
    with pytest.raises(TrackerError, match="damaged"):
        export(filled.app, tmp_path / "out")
    assert {path.name for path in tmp_path.iterdir()} == {"office"}


def test_a_folder_that_cannot_be_made_is_told_in_words(filled: Office, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(Unavailable, match="cannot be written"):
        export(filled.app, tmp_path / "file" / "out")


def test_what_is_logged_meanwhile_is_left_for_next_time(filled: Office, tmp_path: Path) -> None:
    logged: list[Enquiry] = []

    def log_one(stage: str, share: float) -> None:
        del share
        if stage == "Enquiries" and not logged:
            logged.append(filled.log())

    export(filled.app, tmp_path / "out", watch=Watch(progress=log_one))
    assert logged
    assert len(read(tmp_path / "out" / "records" / "enquiry.json")) == 2
    assert export(replace(filled.app), tmp_path / "again").records["enquiry"] == 3
