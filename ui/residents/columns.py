"""The columns of lists of residents, of what was said to one, and of two records side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from member_tracker.domain.dates import local_date
from member_tracker.services.residents import ResidentRow, Word
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
        open_ones = f", {row.open_enquiries} open" if row.open_enquiries else ""
        return f"{row.name}{open_ones}, {(row.address or 'no address').replace(chr(10), ', ')}"

    return (
        Column(heading="Name", words=lambda row: row.name, spoken=spoken),
        Column(heading="Address", words=lambda row: (row.address or "").replace("\n", ", ")),
        Column(heading="Open", words=lambda row: str(row.open_enquiries) if row.open_enquiries else ""),
    )


def word_columns(today: Callable[[], date]) -> tuple[Column[Word], ...]:
    """When, what, and about what."""
    return (
        Column(heading="When", words=lambda word: short_day(local_date(word.at), today())),
        Column(heading="What", words=lambda word: word.what),
        Column(heading="About", words=lambda word: word.about),
    )


def side_columns() -> tuple[Column[SideBySide], ...]:
    """What it is, both values, and which of them will stand."""

    def stands(row: SideBySide) -> str:
        if not row.differs:
            return "the same" if row.mine else ""
        return f"{'the other' if row.takes_theirs else 'this'}: {row.stands or 'nothing'}"

    def spoken(row: SideBySide) -> str:
        return f"{row.what}: this record {row.mine or 'nothing'}, the other {row.theirs or 'nothing'}, {stands(row)}"

    return (
        Column(heading="What", words=lambda row: row.what, spoken=spoken),
        Column(heading="This record", words=lambda row: row.mine),
        Column(heading="The other record", words=lambda row: row.theirs),
        Column(heading="What will stand", words=stands),
    )
