"""Reports: performance against the charter for a period, and the enquiries behind each of its figures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from member_tracker.domain.charter import Charter, Standard
from member_tracker.domain.indicators import COLUMNS, By, Figure, Sums, Tallied, add_up, all_together, performance_table
from member_tracker.domain.judged import Measure, Standing, read_judged, second_of, standard_key
from member_tracker.domain.people import Councillor, ServiceArea, Ward
from member_tracker.domain.period import Period
from member_tracker.domain.report_notes import notes_above, notes_below
from member_tracker.domain.report_table import OutOf, Table
from member_tracker.domain.vocabulary import Channel
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.services.parts import App, the_council
from member_tracker.store.queries import Anchor, EnquiryPage
from member_tracker.store.tallies import Behind, Tallies

__all__ = ["Asked", "By", "Report", "Standing", "enquiries_behind", "looked_up", "performance"]

NO_GROUP = {By.WARD: "No ward given"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The enquiries behind one figure: which, as at when, and how many they are.

    `ways` are the ways they count in, None until they were looked up.
    """

    behind: Behind
    figure: Figure
    now: datetime
    title: str
    count: int
    ways: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A table, and what lies behind its cells: `groups` are the ids of its rows, the last row aside."""

    table: Table
    period: Period
    by: By
    now: datetime
    groups: tuple[str | None, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was received in the period."""
        return not self.groups

    def asked(self, row: int, column: int) -> Asked | None:
        """What lies behind a cell: all that were judged behind a share; None where no enquiries do."""
        figure = COLUMNS[column - 1][1] if column else Figure(measure=Measure.RECEIVED)
        if figure is None:
            return None
        cell = self.table.rows[row][column or 1]
        everyone = row >= len(self.groups)
        behind = Behind(period=self.period, by=self.by, group=None if everyone else self.groups[row], everyone=everyone)
        heading = self.table.columns[column or 1].heading
        name = f"{self.table.columns[0].heading}: {self.table.rows[row][0]}" if not everyone else "All"
        count = cell.whole if isinstance(cell, OutOf) else int(str(cell))
        return Asked(behind=behind, figure=figure, now=self.now, title=f"{name}, {heading.lower()}", count=count)

    def narrowed(self, row: int, column: int, standing: Standing) -> Asked | None:
        """Of what lies behind a share, those in time or those late."""
        asked = self.asked(row, column)
        cell = self.table.rows[row][column]
        if asked is None or not isinstance(cell, OutOf):
            return None
        count = cell.part if standing is Standing.KEPT else cell.whole - cell.part
        return replace(asked, figure=Figure(measure=asked.figure.measure, standing=standing), count=count)


def performance(app: App, period: Period, by: By, *, watch: Watch = UNWATCHED) -> Report:
    """How enquiries received in a period were acknowledged and answered, split by one thing, and all of them."""
    now = app.now()
    keys = dict[str, None]()
    standards = _known_standards(app)
    with app.store.reading_by(Tallies) as tx:
        sums = add_up(_counted(tx, period, by, watch, keys), second_of(now))
        name = _names(tx, by)
        council = the_council(tx).name
    ordered = sorted(((name(group), group, each) for group, each in sums.items()), key=_place)
    known = {standards[key][0].id: standards[key][0] for key in keys if key in standards}
    charters = sorted(known.values(), key=lambda charter: charter.title)
    unknown = ("a charter not known here",) if any(key not in standards for key in keys) else ()
    together = all_together(sums.values())
    table = performance_table(
        by,
        [(words, each) for words, _, each in ordered],
        title=f"{council}: performance by {by.heading.lower()}, {period.words}",
        target_of=lambda key: _target(standards.get(key)),
        notes=notes_above(period, now, charters, unknown),
        footers=notes_below(charters, together.provisional),
    )
    return Report(table=table, period=period, by=by, now=now, groups=tuple(group for _, group, _ in ordered))


def looked_up(app: App, asked: Asked, *, watch: Watch = UNWATCHED) -> Asked:
    """The same with the ways its enquiries count in, so that its pages come quickly."""
    with app.store.reading_by(Tallies) as tx:
        counted = _counted(tx, asked.behind.period, asked.behind.by, watch, {})
        return replace(asked, ways=frozenset(each.judged for each in counted if _is_asked(asked, each)))


def enquiries_behind(app: App, asked: Asked, *, after: Anchor | None = None, limit: int = 200) -> EnquiryPage:
    """The enquiries behind a figure, newest first, from an anchor on."""
    ways = asked.ways if asked.ways is not None else looked_up(app, asked).ways or frozenset()
    with app.store.reading_by(Tallies) as tx:
        return tx.rows_behind(asked.behind, ways, now=asked.now, limit=limit, after=after)


def _is_asked(asked: Asked, tallied: Tallied) -> bool:
    if not (asked.behind.everyone or tallied.group == asked.behind.group):
        return False
    standing = read_judged(tallied.judged).standing(asked.figure.measure, second_of(asked.now))
    wanted = asked.figure.standing
    return standing is wanted if wanted else standing in (Standing.KEPT, Standing.LATE)


def _counted(tx: Tallies, period: Period, by: By, watch: Watch, keys: dict[str, None]) -> Iterator[Tallied]:
    """What the store counts, month by month, noting the key of every standard on the way."""
    stretches = tuple(period.stretches())
    for done, stretch in enumerate(stretches):
        watch.at(f"Adding up {stretch.part.words}", done, len(stretches))
        for each in tx.tallied(stretch, by):
            if key := read_judged(each.judged).standard:
                keys[key] = None
            yield each


def _names(tx: Tallies, by: By) -> Callable[[str | None], str]:
    """How a group is named on the page."""
    if by is By.CHANNEL:
        names = {channel.value: channel.words for channel in Channel}
    elif by is By.AREA:
        names = {str(area.id): area.name for area in tx.every(ServiceArea)}
    elif by is By.WARD:
        names = {str(ward.id): ward.name for ward in tx.every(Ward)}
    else:
        names = {str(councillor.id): councillor.name for councillor in tx.every(Councillor)}

    def name(group: str | None) -> str:
        return NO_GROUP.get(by, "Not said") if group is None else names.get(group, "Not known on this computer")

    return name


def _place(named: tuple[str, str | None, Sums]) -> tuple[bool, str, str]:
    words, group, _ = named
    return group is None, words.casefold(), group or ""


def _known_standards(app: App) -> dict[str, tuple[Charter, Standard | None]]:
    """Every standard at hand by its key, and each charter where it sets none."""
    return {
        standard_key(charter.id, standard.id if standard else None): (charter, standard)
        for charter in app.charters.charters
        for standard in (None, *charter.standards)
    }


def _target(found: tuple[Charter, Standard | None] | None) -> float | None:
    """The share that a standard must meet; None where it sets none, or is not known here."""
    share = found[1].share if found and found[1] else None
    return share.percent if share else None
