"""Writing an import, and taking one back, some rows at a time: between two lots others save what they have to.

Each lot is one transaction that also remembers how far the import has come. Whatever ends it, what was written can be
taken back, but for what was worked on since, or gone on with; no row comes in twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Event

from member_tracker.domain.change import RecordKind
from member_tracker.domain.people import ServiceArea
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.services.importing_kept import Imported, forget_import, keep_import
from member_tracker.services.importing_making import Maker
from member_tracker.services.importing_rows import Plan, Ready
from member_tracker.services.parts import App, author_of, is_shared
from member_tracker.store.bulk import Bulk, BulkReading

LOT = 250
"""Rows written in one transaction: nobody who saves something waits for longer than that takes."""

TAKEN_BACK = 2_000
"""Records taken back in one transaction."""

_TURN_SECONDS = 0.025
_turn = Event()


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What is to be written: the file by its SHA-256, how it is read, its ready rows, and how many rows are not."""

    sha256: str
    plan: Plan
    ready: Sequence[Ready]
    left_out: int


def write_lots(app: App, writing: Writing, begun: Imported | None, watch: Watch) -> Imported:
    """Write the rows, going on from what was begun; stopped meanwhile, what was written stays, as `stopped_at` says.

    Raises `Stopped` where nothing was written yet.
    """
    maker = Maker(app=app, plan=writing.plan)
    made = replace(begun, left_out=begun.left_out + writing.left_out) if begun is not None else None
    whole = len(writing.ready)
    for done, lot in _lots(writing.ready, LOT):
        try:
            watch.at("Writing the enquiries", done, whole)
        except Stopped:
            if made is None:
                raise
            return made
        is_last = done + len(lot) >= whole
        made = _write_lot(app, maker, lot, made, writing, is_last=is_last)
        _turn.wait(0 if is_last else _TURN_SECONDS)
    if made is None:
        raise RuntimeError("an import without a row was to be written")
    watch.progress("Writing the enquiries", 1.0)
    return _write_lot(app, maker, (), made, writing, is_last=True) if made.stopped_at is not None else made


def _write_lot(
    app: App, maker: Maker, lot: Sequence[Ready], before: Imported | None, writing: Writing, *, is_last: bool
) -> Imported:
    with app.store.writing_by(Bulk, author=author_of(app)) as tx:
        made = before or Imported(
            deed=tx.deed,
            at=app.now().isoformat(),
            sha256=writing.sha256,
            enquiries=0,
            residents=0,
            councillors=0,
            left_out=writing.left_out,
        )
        tx.go_on(made.deed)
        maker.begin(tx)
        residents, councillors = maker.residents, maker.councillors
        fit = _still_fit(tx, lot)
        for row in fit:
            maker.make(row)
        maker.end()
        made = replace(
            made,
            enquiries=made.enquiries + len(fit),
            residents=made.residents + maker.residents - residents,
            councillors=made.councillors + maker.councillors - councillors,
            left_out=made.left_out + len(lot) - len(fit),
            stopped_at=None if is_last else lot[-1].row,
        )
        keep_import(tx, made)
    return made


def _still_fit(tx: Bulk, lot: Sequence[Ready]) -> list[Ready]:
    """The rows that nothing has happened to since they were looked at: neither came they by another way meanwhile,
    nor has their service area gone.
    """
    came = tx.other_references([row.reference for row in lot if row.reference])
    areas = {row.area.id for row in lot}
    gone = {area for area in areas if tx.find(ServiceArea, area) is None}
    return [row for row in lot if row.reference not in came and row.area.id not in gone]


def take_back_lots(app: App, made: Imported, watch: Watch) -> Imported:
    """Take back all that an import made, the latest first, but for what somebody has worked on since: `stayed` says.

    Stopped or cut short, `going` says that there is some left, which is taken back by beginning again.
    """
    with app.store.reading_by(BulkReading) as reading:
        whole = sum(map(len, reading.made_by(made.deed).values()))
    gone, going = 0, replace(made, going=True)
    before: int | None = None
    while True:
        try:
            watch.at("Taking the import back", gone, whole)
        except Stopped:
            return going if gone else made
        with app.store.writing_by(Bulk, author=author_of(app)) as tx:
            some, before = tx.take_back(made.deed, told=is_shared(tx), last=TAKEN_BACK, before=before)
            gone += some
            if before is None:
                forget_import(tx, made)
                return replace(made, going=False, stayed=len(tx.made_by(made.deed).get(RecordKind.ENQUIRY, ())))
            keep_import(tx, going)
        _turn.wait(_TURN_SECONDS)


def _lots(rows: Sequence[Ready], size: int) -> Iterator[tuple[int, Sequence[Ready]]]:
    for start in range(0, len(rows), size):
        yield start, rows[start : start + size]
