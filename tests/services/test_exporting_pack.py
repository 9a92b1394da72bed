"""An auditor's pack of one enquiry: all of it with its checksums, or nothing that tells who the resident is."""

import csv
import hashlib
import io
import json
import re
import stat
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from member_tracker.domain.change import RecordKind
from member_tracker.domain.clock import rederive
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, Unavailable
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.people import Resident
from member_tracker.domain.timeline import Entry
from member_tracker.domain.vocabulary import Status
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import add_note
from member_tracker.services.exporting_pack import LEFT_OUT, Packed, make_pack
from member_tracker.services.merging import merge
from member_tracker.services.waiting import extend, pause, resume
from tests.fakes.office import Office
from tests.services.deeds import answered, clock_at

SECRETS = ("Barlow", "Ned", "Tulip", "bedroom", "mould", "gutter", "flat number", "engineer", "Damp")


@pytest.fixture
def told(office: Office) -> tuple[Office, Enquiry]:
    """An enquiry with a note, a pause, an extension, a merged one, and an answer."""
    enquiry = office.logged_and_sent()
    with office.app.store.writing(author=None) as tx:
        tx.set_local("me", enquiry.raised_by)
    with office.app.store.writing(author=None) as tx:
        resident = tx.get(Resident, enquiry.resident_id)
        tx.save(replace(resident, address="7 Tulip Road", email="ned@example.org"))
    add_note(office.app, enquiry.id, "The mould is black, says Ned.")
    second = office.logged_and_sent(subject="Damp again")
    merge(office.app, second.id, enquiry.id)
    office.clock.forward(hours=1)
    pause(office.app, enquiry.id, reason="Asked for the flat number")
    clock_at(office, "2026-11-18T15:00:00")
    resume(office.app, enquiry.id)
    clock_at(office, "2026-11-18T16:00:00")
    extend(office.app, enquiry.id, until_on=date(2026, 11, 27), reason="No engineer", agreed_by="Cllr Vera Quill")
    answered(office, enquiry)
    return office, office.read(enquiry)


def packed(told: tuple[Office, Enquiry], into: Path, *, with_resident: bool = True, as_zip: bool = False) -> Packed:
    return make_pack(told[0].app, told[1].id, into, with_resident=with_resident, as_zip=as_zip)


def lines(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / name).read_text("utf-8-sig"), newline="")))


def test_a_pack_is_one_folder_named_by_the_reference_with_checksums_of_every_file(
    told: tuple[Office, Enquiry], tmp_path: Path
) -> None:
    done = packed(told, tmp_path / "packs")
    folder = tmp_path / "packs" / told[1].reference
    assert done.path == folder
    assert [path.name for path in (tmp_path / "packs").iterdir()] == [folder.name]
    manifest = json.loads((folder / "manifest.json").read_bytes())
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {file["path"] for file in manifest["files"]} | {"manifest.json"} == there
    for file in manifest["files"]:
        assert hashlib.sha256((folder / file["path"]).read_bytes()).hexdigest() == file["sha256"]
    assert (manifest["reference"], manifest["missing"], manifest["with_resident"]) == (told[1].reference, [], True)
    assert stat.S_IMODE((folder / "changes.csv").stat().st_mode) == 0o600
    assert not any(secret in name for name in there for secret in SECRETS)


def test_every_message_is_there_as_it_came_and_went(told: tuple[Office, Enquiry], tmp_path: Path) -> None:
    office, enquiry = told
    packed(told, tmp_path)
    folder = tmp_path / enquiry.reference
    listed = lines(folder, "messages.csv")
    with office.app.store.reading() as tx:
        originals = {mail.original for mail in tx.every(ReceivedMail)}
        originals |= {mail.original for mail in tx.every(QueuedMail)}
        assert {line["SHA-256"] for line in listed} == originals
        for line in listed:
            assert (folder / line["File"]).read_bytes() == tx.original(line["SHA-256"])


def test_every_change_tells_who_when_before_and_after(told: tuple[Office, Enquiry], tmp_path: Path) -> None:
    office, enquiry = told
    packed(told, tmp_path)
    changes = lines(tmp_path / enquiry.reference, "changes.csv")
    assert [change["When"] for change in changes] == sorted(change["When"] for change in changes)
    to_answered = [
        change for change in changes if change["Field"] == "Status" and change["After"] == Status.ANSWERED.words
    ]
    assert [change["Who"] for change in to_answered] == ["Cllr Vera Quill"]
    with office.app.store.reading() as tx:
        rows = tx.history(RecordKind.ENQUIRY, enquiry.id)
    assert len([change for change in changes if change["Id"] == enquiry.id]) == sum(
        max(1, len(row.changes)) for row in rows
    )


def test_every_step_of_the_clocks_is_there_and_gives_the_due_day(told: tuple[Office, Enquiry], tmp_path: Path) -> None:
    packed(told, tmp_path)
    clocks = told[1].clocks
    assert clocks is not None
    assert clocks.respond is not None
    steps = [
        line
        for line in lines(tmp_path / told[1].reference, "clock.csv")
        if line["Clock"] == "reply" and line["Reference"] == told[1].reference
    ]
    assert [(step["Day"], step["Why"]) for step in steps] == [
        (entry.on.isoformat(), entry.reason) for entry in clocks.respond.ledger
    ]
    assert steps[-1]["Day"] == str(rederive(clocks.respond)) == "2026-11-27"
    assert "No engineer" in steps[-1]["Why"]


def test_what_happened_and_what_was_agreed_are_there(told: tuple[Office, Enquiry], tmp_path: Path) -> None:
    office, enquiry = told
    packed(told, tmp_path)
    folder = tmp_path / enquiry.reference
    with office.app.store.reading() as tx:
        assert len(lines(folder, "timeline.csv")) == len(tx.every(Entry))
    assert json.loads((folder / "consent.json").read_bytes())[0]["kind"] == "implied"
    assert len(json.loads((folder / "enquiry.json").read_bytes())) == 2
    assert json.loads((folder / "resident.json").read_bytes())["address"] == "7 Tulip Road"


def test_without_the_resident_nothing_of_anybodys_words_is_left(told: tuple[Office, Enquiry], tmp_path: Path) -> None:
    edit_enquiry(told[0].app, told[1].id, ["subject=Damp and Ned Barlow"])
    packed(told, tmp_path, with_resident=False)
    folder = tmp_path / told[1].reference
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        said = path.read_text("utf-8-sig")
        found = [secret for secret in SECRETS if re.search(rf"\b{secret}", said, re.IGNORECASE)]
        assert found == [], path.name
        assert "ned@example.org" not in said
    assert not (folder / "messages").exists()
    changes = lines(folder, "changes.csv")
    assert any(change["Field"] == "Status" and change["After"] == Status.ANSWERED.words for change in changes)
    assert any(change["Field"] == "Subject" and change["After"] == LEFT_OUT for change in changes)
    full = packed(told, tmp_path / "full").path
    assert [line["SHA-256"] for line in lines(folder, "messages.csv")] == [
        line["SHA-256"] for line in lines(full, "messages.csv")
    ]
    assert len(lines(folder, "clock.csv")) == len(lines(full, "clock.csv"))


def test_a_zip_holds_the_same_files(told: tuple[Office, Enquiry], tmp_path: Path) -> None:
    done = packed(told, tmp_path / "zipped", as_zip=True)
    folder = packed(told, tmp_path / "plain").path
    reference = told[1].reference
    assert [path.name for path in (tmp_path / "zipped").iterdir()] == [f"{reference}.zip"]
    with zipfile.ZipFile(done.path) as read:
        assert set(read.namelist()) == {
            f"{reference}/{path.relative_to(folder)}" for path in folder.rglob("*") if path.is_file()
        }
        assert read.read(f"{reference}/changes.csv") == (folder / "changes.csv").read_bytes()


@pytest.mark.parametrize("as_zip", [False, True])
def test_a_pack_is_not_written_over_and_a_stop_leaves_nothing(
    told: tuple[Office, Enquiry], tmp_path: Path, as_zip: bool
) -> None:
    office, enquiry = told
    for stop_at in range(1, 5):
        asked = iter(range(100))
        with pytest.raises(Stopped):
            make_pack(
                office.app,
                enquiry.id,
                tmp_path,
                as_zip=as_zip,
                watch=Watch(stop=lambda: next(asked) == stop_at),  # noqa: B023 - asked within the turn
            )
        assert list(tmp_path.glob("ENQ*")) == []
        assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]
    packed(told, tmp_path, as_zip=as_zip)
    with pytest.raises(NotAllowed, match=r"not empty|there already"):
        packed(told, tmp_path, as_zip=as_zip)


@pytest.mark.parametrize("as_zip", [False, True])
def test_a_place_that_cannot_be_written_is_said_with_advice(
    told: tuple[Office, Enquiry], tmp_path: Path, as_zip: bool
) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(Unavailable, match="cannot be written") as refused:
        packed(told, tmp_path / "file", as_zip=as_zip)
    assert "room" in refused.value.advice
    assert {path.name for path in tmp_path.iterdir()} <= {"file", "office"}
