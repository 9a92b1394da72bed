"""Writing out everything a profile keeps in forms that other programs read: JSON, .eml and the files themselves."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import cast

from member_tracker import __version__
from member_tracker.domain.change import RecordKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.mail.attachments import safe_name
from member_tracker.mail.mime import read_mail
from member_tracker.services.casework import enquiry_as_json
from member_tracker.services.exporting_files import MANIFEST, OneMoment, Paper, built_beside
from member_tracker.services.parts import App, the_council
from member_tracker.services.setup import profile_as_json
from member_tracker.services.taken_out import note_taken_out
from member_tracker.store.in_step_outbox import Outbox, Refusal
from member_tracker.store.plain import as_json, kinds
from member_tracker.store.store import Reading, Store

FORMAT = 1

_ABOUT = """What Member Tracker kept, in forms that other programs read.

manifest.json    what is here: how many records of each kind, and the SHA-256 of every file; and what is missing of
                 mails whose bytes had not come from the hub
profile.json     the council, its charters and service areas, and whose profile it is
records/         every record with all its fields, a file for each kind
history/         who changed what, and when, a file for each kind of record
enquiries/       each enquiry whole, as it is shown, under its reference
mail/received/   each mail that came in, its bytes as they came
mail/sent/       each mail of ours, its bytes as they went or wait to go
attachments/     the files that came with a mail, in a folder named after it
not-accepted.json  changes made here that the hub did not take, where there are any

None of it is encrypted. It is about people: keep it where only you can read it, and delete it when it is done with.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written: how many records of each kind, how many files, and their size in bytes."""

    folder: Path
    records: dict[str, int]
    files: int
    size: int


def export(app: App, folder: Path, *, watch: Watch = UNWATCHED) -> Exported:
    """Write everything this profile keeps into a new or empty folder, as it stands at one moment.

    It is written beside the folder and takes its place at the end, so that a failure leaves nothing.
    """
    with built_beside(folder, app.random_bytes) as scratch:
        paper = Paper(scratch, watch)
        with app.store.reading_by(Outbox) as tx:
            _write_all(replace(app, store=cast("Store", OneMoment(tx))), tx, paper)
    note_taken_out(app, "export", paper.records)
    size = sum(int(str(file["size"])) for file in paper.files)
    return Exported(folder=folder, records=paper.records, files=len(paper.files), size=size)


def _write_all(app: App, tx: Outbox, paper: Paper) -> None:
    paper.write("READ-ME.txt", (_ABOUT.encode(),))
    paper.write_json("profile.json", profile_as_json(app))
    for kind in kinds():
        _write_records(tx, paper, kind)
    enquiries = tx.every(Enquiry)
    for done, enquiry in enumerate(enquiries):
        paper.watch.at("Enquiries", done, len(enquiries))
        paper.write_json(f"enquiries/{enquiry.reference}.json", enquiry_as_json(app, enquiry.id))
    received = tx.every(ReceivedMail)
    for done, mail in enumerate(received):
        paper.watch.at("Mail", done, len(received))
        _write_received(tx, paper, mail)
    for sent in tx.every(QueuedMail):
        paper.write_original(tx, f"mail/sent/{_named(sent.id)}.eml", sent.original)
    if refused := tx.refused():
        paper.write_json("not-accepted.json", [_refused_as_json(each) for each in refused])
    paper.write_json(
        MANIFEST,
        {
            "format": FORMAT,
            "version": __version__,
            "made_at": app.now().isoformat(),
            "council": the_council(tx).name,
            "records": paper.records,
            "files": list(paper.files),
            "missing": list(paper.missing),
        },
    )


def _write_records(tx: Reading, paper: Paper, kind: RecordKind) -> None:
    """All records of a kind, and what was done to each."""
    values = tx.every(kinds()[kind])
    paper.records[kind.value] = len(values)
    paper.write_list(f"records/{kind.value}.json", map(as_json, values))
    paper.watch.at("Records", len(paper.records), len(kinds()))
    paper.write_list(
        f"history/{kind.value}.json",
        (
            {
                "id": value.id,
                "at": row.at.isoformat(),
                "author": row.author,
                "verb": row.verb.value,
                "changes": {name: list(pair) for name, pair in row.changes.items()},
            }
            for value in values
            for row in tx.history(kind, value.id)
        ),
    )


def _write_received(tx: Reading, paper: Paper, mail: ReceivedMail) -> None:
    """A mail as it came, whatever else came under its Message-ID, and its files."""
    name = _named(mail.id)
    for number, original in enumerate((mail.original, *mail.other_originals), start=1):
        again = f"-{number}" if number > 1 else ""
        paper.write_original(tx, f"mail/received/{name}{again}.eml", original)
    if mail.attachments and f"mail/received/{name}.eml" not in paper.missing:
        for number, attached in enumerate(read_mail(tx.original(mail.original)).attachments, start=1):
            wanted = safe_name(attached.name, otherwise=f"file-{number}")
            if attached.content is not None:
                paper.write(paper.free_name(f"attachments/{name}", wanted), (attached.content,))


def _refused_as_json(refusal: Refusal) -> dict[str, object]:
    return {**asdict(refusal), "made_at": refusal.made_at.isoformat()}


def _named(record_id: str) -> str:
    return safe_name(record_id, otherwise="mail")
