"""An auditor's pack of one enquiry: every message, every change, every step of its clocks, and checksums of it all.

Without the resident's details it holds nothing that anybody wrote in words of their own, for no search finds every
name: who did what and when, words of the council's own lists, dates, and the digests of what was left out.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from member_tracker import __version__
from member_tracker.domain.change import Conflict, RecordKind
from member_tracker.domain.clock import Clock, ClockEntry
from member_tracker.domain.dates import LONDON
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.people import PersonId, Resident
from member_tracker.domain.timeline import Entry, Suggestion
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.services.exporting_files import (
    MANIFEST,
    Paper,
    built_beside,
    files_in_words,
    json_bytes,
    written_beside,
)
from member_tracker.services.exporting_tables import Flat, write_csv
from member_tracker.services.merged import with_all_absorbed
from member_tracker.services.parts import App, the_council
from member_tracker.services.people import person_name
from member_tracker.services.shown_values import field_in_words, value_in_words
from member_tracker.services.taken_out import note_taken_out
from member_tracker.store.plain import as_json
from member_tracker.store.store import Reading

T = TypeVar("T", ReceivedMail, QueuedMail, Entry, Suggestion)

FORMAT = 1
LEFT_OUT = "[left out]"

_TELLING = frozenset(
    "council_id raised_by entered_by service_area_id channel received_at logged_at kind stage priority status flags "
    "ward_id tier sent_at acknowledged_at holding_at promised_on answered_at told_at closed_at reopened handovers "
    "officer_back_at special_category arrived_at collected_at proposal others returns_on state decided_by decided_at "
    "effect_at queued_at purpose automatic claimed_at handed_over_at at written_at author place settled by kept_at "
    "record_kind field reference deleted_at not_before".split()
)
"""Fields that hold no words of anybody's own, so that they may be shown without the resident's details."""

_THEIRS = re.compile("paused|extended", re.IGNORECASE)

_ABOUT = """{reference}: everything that is kept about one enquiry.

enquiry.json     the enquiry with all its fields{redacted_enquiry}
clock.csv        each day of its clocks: whether it counted, and why
changes.csv      who changed what and when, with the values before and after, oldest first
timeline.csv     what happened, as it was written down at the time
messages.csv     each message with its digest, and the file that holds it
conflicts.json   changes that two people made at once, and what was decided
consent.json     what the resident agreed to
messages/        each message, its bytes as they came or went
manifest.json    the SHA-256 of every file here

{redacted}Times are those of the office, Europe/London, with the hours they were ahead of UTC.
None of it is encrypted. It is about people: keep it where only those can read it who must.
"""
_REDACTED = """The resident's details are left out, and with them everything that anybody wrote in words of their own.
messages.csv has the digest of each message, so that it can be compared with the pack that has them.

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What was written: where, how many files, and their size in bytes; `missing` are messages the hub still has."""

    path: Path
    reference: str
    files: int
    size: int
    missing: int


def make_pack(
    app: App,
    enquiry_id: EnquiryId,
    into: Path,
    *,
    with_resident: bool = True,
    as_zip: bool = False,
    watch: Watch = UNWATCHED,
) -> Packed:
    """Write the pack as a new folder in `into`, or as one zip file there, named by the reference alone."""
    with app.store.reading() as tx:
        enquiry = tx.get(Enquiry, enquiry_id)
        packing = _Packing(app, tx, enquiry, with_resident=with_resident)
        place = into / (f"{enquiry.reference}.zip" if as_zip else enquiry.reference)
        if as_zip:
            paper = _zipped(app, packing, place, watch)
        else:
            with built_beside(place, app.random_bytes) as scratch:
                paper = Paper(scratch, watch)
                packing.write(paper)
    note_taken_out(app, "pack", {"enquiry": len(packing.together)})
    return Packed(
        path=place,
        reference=enquiry.reference,
        files=len(paper.files),
        size=sum(int(str(file["size"])) for file in paper.files),
        missing=len(paper.missing),
    )


class _Packing:
    """One enquiry, with those merged into it, on its way into a folder."""

    def __init__(self, app: App, tx: Reading, enquiry: Enquiry, *, with_resident: bool) -> None:
        self._app, self._tx, self._enquiry, self._whole = app, tx, enquiry, with_resident
        self.together = with_all_absorbed(tx, enquiry)
        self._received = self._every(ReceivedMail)
        self._sent = self._every(QueuedMail)
        self._entries = self._every(Entry)
        self._suggestions = self._every(Suggestion)
        ids: set[str] = {each.id for each in self.together}
        ids |= {each.id for each in self._received} | {each.id for each in self._sent}
        ids |= {each.id for each in self._suggestions}
        self._conflicts = [each for each in tx.every(Conflict) if each.record_id in ids]

    def write(self, paper: Paper) -> None:
        """Write every file, the manifest last."""
        steps: Sequence[tuple[str, Callable[[Paper], None]]] = (
            ("The enquiry", self._write_enquiry),
            ("Its clocks", self._write_clock),
            ("Changes", self._write_changes),
            ("What happened", self._write_timeline),
            ("Messages", self._write_messages),
        )
        for done, (stage, step) in enumerate(steps):
            paper.watch.at(stage, done, len(steps))
            step(paper)
        self._write_manifest(paper)

    def _every(self, of: type[T]) -> list[T]:
        return [each for enquiry in self.together for each in self._tx.every(of, enquiry_id=enquiry.id)]

    # --- the enquiry and its clocks -----------------------------------------------------------------------------------

    def _write_enquiry(self, paper: Paper) -> None:
        reference = self._enquiry.reference
        about = _ABOUT.format(
            reference=reference,
            redacted_enquiry="" if self._whole else " that hold no words of anybody's own",
            redacted="" if self._whole else _REDACTED,
        )
        paper.write("READ-ME.txt", (about.encode(),))
        paper.write_json("enquiry.json", [self._told(each) for each in self.together])
        if self._whole:
            paper.write_json("resident.json", as_json(self._tx.get(Resident, self._enquiry.resident_id)))
        paper.write_json("consent.json", [self._consent(each) for each in self.together])
        paper.write_json("conflicts.json", [self._told(each) for each in self._conflicts])

    def _told(self, record: Enquiry | Conflict) -> dict[str, object]:
        plain = as_json(record)
        if self._whole:
            return plain
        return {name: value for name, value in plain.items() if name in _TELLING or name == "id"}

    def _consent(self, enquiry: Enquiry) -> dict[str, object]:
        plain = as_json(enquiry)["consent"]
        said = dict(plain) if isinstance(plain, Mapping) else {"kind": enquiry.agreed_consent.kind.value}
        if not self._whole:
            said = {name: said[name] for name in ("kind", "given_on", "until", "withdrawn_on") if name in said}
        return {"reference": enquiry.reference, "said": enquiry.consent is not None, **said}

    def _write_clock(self, paper: Paper) -> None:
        lines: list[Flat] = [
            ("Reference", "Charter", "Standard", "Clock", "Within", "Day", "Counted", "Why", "Due", "Stopped")
        ]
        for each in self.together:
            clocks = each.clocks
            if clocks is None:
                lines.append((each.reference, "none", "", "", "", "", "", "No charter judges this.", "", ""))
                continue
            for clock in (clocks.acknowledge, clocks.respond):
                named = (each.reference, clocks.charter_id, clocks.standard_id or "")
                lines += [(*named, *line) for line in self._clock_lines(clock)]
        self._csv(paper, "clock.csv", lines)

    def _clock_lines(self, clock: Clock | None) -> Iterator[tuple[str, ...]]:
        if clock is None:
            return
        ends = (_local(clock.due_at), _local(clock.stopped_at))
        for entry in clock.ledger or (None,):
            if entry is None:
                yield (clock.step.value, clock.within, "", "", clock.warning or "", *ends)
            else:
                counted = "yes" if entry.counted else "no"
                yield (clock.step.value, clock.within, entry.on.isoformat(), counted, self._why(entry), *ends)

    def _why(self, entry: ClockEntry) -> str:
        """The reason of a day; of a pause or an extension no more than that it was one, for the rest may be theirs."""
        if self._whole:
            return entry.reason
        told = _THEIRS.search(entry.reason)
        return entry.reason[: told.end()] if told else entry.reason

    # --- changes and the timeline -------------------------------------------------------------------------------------

    def _write_changes(self, paper: Paper) -> None:
        kept: tuple[tuple[RecordKind, Sequence[str]], ...] = (
            (RecordKind.ENQUIRY, [each.id for each in self.together]),
            (RecordKind.RESIDENT, [self._enquiry.resident_id] if self._whole else []),
            (RecordKind.MAIL, [each.id for each in self._received]),
            (RecordKind.OUTGOING, [each.id for each in self._sent]),
            (RecordKind.SUGGESTION, [each.id for each in self._suggestions]),
            (RecordKind.CONFLICT, [each.id for each in self._conflicts]),
        )
        changes = [change for kind, ids in kept for record_id in ids for change in self._changes(kind, record_id)]
        heading: Flat = ("When", "Who", "What", "Id", "Done", "Field", "Before", "After")
        self._csv(paper, "changes.csv", [heading, *sorted(changes, key=lambda change: change[0])])

    def _changes(self, kind: RecordKind, record_id: str) -> Iterator[tuple[str, ...]]:
        for row in self._tx.history(kind, record_id):
            done = (_local(row.at), self._name(row.author), kind.words, record_id, row.verb.value)
            for name, (before, after) in (row.changes or {"": (None, None)}).items():
                yield (
                    *done,
                    field_in_words(name) if name else "",
                    self._value(kind, name, before),
                    self._value(kind, name, after),
                )

    def _value(self, kind: RecordKind, name: str, plain: object) -> str:
        if plain is None:
            return ""
        if not self._whole and name not in _TELLING:
            return LEFT_OUT
        return value_in_words(self._tx, kind, name, plain)

    def _write_timeline(self, paper: Paper) -> None:
        lines: list[Flat] = [("When", "Written down", "Who", "What", "Said")]
        lines += sorted(
            (
                _local(each.at),
                _local(each.written_at),
                self._name(each.author),
                each.kind.words,
                each.text if self._whole else LEFT_OUT,
            )
            for each in self._entries
        )
        self._csv(paper, "timeline.csv", lines)

    # --- messages -----------------------------------------------------------------------------------------------------

    def _write_messages(self, paper: Paper) -> None:
        lines: list[Flat] = [("When", "Which way", "From", "To", "About", "SHA-256", "File")]
        for number, mail in enumerate(sorted(self._received, key=lambda mail: mail.received_at), start=1):
            for again, sha256 in enumerate((mail.original, *mail.other_originals)):
                name = f"messages/received-{number:03}{f'-{again + 1}' if again else ''}.eml"
                who = (mail.from_address, ", ".join(mail.to), mail.subject)
                lines.append(self._message(paper, (_local(mail.received_at), "received"), who, sha256, name))
        for number, sent in enumerate(sorted(self._sent, key=lambda mail: mail.queued_at), start=1):
            when = (_local(sent.sent_at or sent.queued_at), sent.state.words.lower())
            who = (sent.from_address, ", ".join(sent.to), sent.subject)
            lines.append(self._message(paper, when, who, sent.original, f"messages/sent-{number:03}.eml"))
        self._csv(paper, "messages.csv", lines)

    def _message(
        self, paper: Paper, when: tuple[str, str], who: tuple[str, str, str], sha256: str, name: str
    ) -> tuple[str, ...]:
        if not self._whole:
            return (*when, LEFT_OUT, LEFT_OUT, LEFT_OUT, sha256, LEFT_OUT)
        before = len(paper.missing)
        paper.write_original(self._tx, name, sha256)
        return (*when, *who, sha256, name if len(paper.missing) == before else "not here yet: the hub has it")

    def _write_manifest(self, paper: Paper) -> None:
        said = {
            "format": FORMAT,
            "version": __version__,
            "reference": self._enquiry.reference,
            "council": the_council(self._tx).name,
            "made_at": self._app.now().isoformat(),
            "with_resident": self._whole,
            "files": list(paper.files),
            "missing": list(paper.missing),
        }
        paper.write(MANIFEST, (json_bytes(said), b"\n"))

    # --- how things are written ---------------------------------------------------------------------------------------

    def _name(self, person: PersonId | None) -> str:
        return "" if person is None else person_name(self._tx, person) or "not known on this computer"

    def _csv(self, paper: Paper, name: str, lines: Iterable[Flat]) -> None:
        out = io.BytesIO()
        write_csv(out, lines)
        paper.write(name, (out.getvalue(),))


def _zipped(app: App, packing: "_Packing", place: Path, watch: Watch) -> Paper:
    """The pack as one file; what goes into it lies in a private folder beside it meanwhile."""
    with files_in_words(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        with (
            written_beside(place, app.random_bytes) as out,
            TemporaryDirectory(dir=place.parent, prefix=".", suffix=".part") as scratch,
            ZipFile(out, "w", ZIP_DEFLATED) as packed,
        ):
            paper = Paper(Path(scratch), watch)
            packing.write(paper)
            made_at = app.now().astimezone(LONDON)
            for file in (*paper.files,):
                name = str(file["path"])
                entry = ZipInfo(f"{place.stem}/{name}", date_time=made_at.timetuple()[:6])
                entry.external_attr = 0o600 << 16
                entry.compress_type = ZIP_DEFLATED
                packed.writestr(entry, (Path(scratch) / name).read_bytes())
    return paper


def _local(at: datetime | None) -> str:
    """A moment on the office clock, as spreadsheets sort it."""
    return "" if at is None else at.astimezone(LONDON).isoformat(sep=" ", timespec="seconds")
