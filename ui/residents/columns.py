"""The columns of lists of residents, of what was said to one, and of two records side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from member_tracker.domain.dates import local_date
from member_tracker.services.residents import ResidentRow, Word
from ui.language import tr
from ui.table import Column
from ui.words import short_day


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """One field of two records: its name, both values as shown, and whether that of the other record will stand."""

    name: str
    what: str
    mine: str
    theirs: str
    takes_theirs: bool

    @property
    def differs(self) -> bool:
        """Whether there is something to choose."""
        return self.mine != self.theirs

    @property
    def stands(self) -> str:
        """The value that will stand."""
        return self.theirs if self.takes_theirs else self.mine


def resident_columns() -> tuple[Column[ResidentRow], ...]:
    """Who, where, and how many of their enquiries are open."""

    def spoken(row: ResidentRow) -> str:
        address = (row.address or tr("no address")).replace("\n", ", ")
        return (
            tr("{row}, {open_enquiries} open, {address}").format(
                row=row.name, open_enquiries=row.open_enquiries, address=address
            )
            if row.open_enquiries
            else f"{row.name}, {address}"
        )

    return (
        Column(heading=tr("Name"), words=lambda row: row.name, spoken=spoken),
        Column(heading=tr("Address"), words=lambda row: (row.address or "").replace("\n", ", ")),
        Column(heading=tr("Open"), words=lambda row: str(row.open_enquiries) if row.open_enquiries else ""),
    )


def word_columns(today: Callable[[], date]) -> tuple[Column[Word], ...]:
    """When, what, and about what."""
    return (
        Column(heading=tr("When"), words=lambda word: short_day(local_date(word.at), today())),
        Column(heading=tr("What"), words=lambda word: word.what),
        Column(heading=tr("About"), words=lambda word: word.about),
    )


def side_columns() -> tuple[Column[SideBySide], ...]:
    """What it is, both values, and which of them will stand."""

    def stands(row: SideBySide) -> str:
        if not row.differs:
            return tr("the same") if row.mine else ""
        return f"{tr('the other') if row.takes_theirs else tr('this')}: {row.stands or tr('nothing')}"

    def spoken(row: SideBySide) -> str:
        mine, theirs = row.mine or tr("nothing"), row.theirs or tr("nothing")
        return tr("{what}: this record {mine}, the other {theirs}, {stands}").format(
            what=row.what, mine=mine, theirs=theirs, stands=stands(row)
        )

    return (
        Column(heading=tr("What"), words=lambda row: row.what, spoken=spoken),
        Column(heading=tr("This record"), words=lambda row: row.mine),
        Column(heading=tr("The other record"), words=lambda row: row.theirs),
        Column(heading=tr("What will stand"), words=stands),
    )
