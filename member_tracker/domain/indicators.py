"""Performance against the charter: sums over enquiries that a store has counted, and the table a report shows."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from member_tracker.domain.judged import Judged, Measure, Standing, read_judged
from member_tracker.domain.report_table import FEW, Cell, Column, ColumnKind, OutOf, Table
from member_tracker.domain.vocabulary import Word

NEAR_POINTS = 5
"""So many percentage points below a target are still near it."""

JUDGING = (Measure.ACKNOWLEDGED, Measure.ANSWERED, Measure.EXTENDED, Measure.UNPAUSED)


class By(Word):
    """What a report is split by."""

    AREA = "area"
    WARD = "ward"
    COUNCILLOR = "councillor"
    CHANNEL = "channel"

    @property
    def heading(self) -> str:
        """What one group is called."""
        return "Service area" if self is By.AREA else self.words


class Tallied(NamedTuple):
    """So many enquiries of one group that count alike, and how often each of them was handed over."""

    group: str | None
    judged: str
    handovers: int
    enquiries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How many count for a measure, against it, not yet, and not at all."""

    kept: int = 0
    late: int = 0
    not_due: int = 0
    not_measured: int = 0

    @property
    def out_of(self) -> OutOf:
        """Those in time, of those judged."""
        return OutOf(self.kept, self.kept + self.late)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What there is to say of one group, or of all: `standards` counts those judged by each standard."""

    received: int
    scores: Mapping[Measure, Score]
    standards: Mapping[str, int]
    provisional: int
    handovers: int
    most_handovers: int

    @property
    def answered(self) -> Score:
        """The answers against the standard itself."""
        return self.scores[Measure.ANSWERED]


def add_up(tallied: Iterable[Tallied], now: str) -> dict[str | None, Sums]:
    """The sums of each group at `now`, as `second_of` writes it."""
    counted: dict[str | None, _Counting] = {}
    known: dict[str, _Way] = {}
    for group, judged, handovers, count in tallied:
        way = known.get(judged)
        if way is None:
            way = known[judged] = _way(read_judged(judged), now)
        counting = counted.get(group)
        if counting is None:
            counting = counted[group] = _Counting()
        counting.add(way, handovers, count)
    return {group: counting.sums() for group, counting in counted.items()}


def all_together(groups: Iterable[Sums]) -> Sums:
    """The sums of several groups as one."""
    every = tuple(groups)
    standards: Counter[str] = Counter()
    for each in every:
        standards.update(each.standards)
    return Sums(
        received=sum(each.received for each in every),
        scores={
            measure: Score(
                **{
                    standing.value: sum(getattr(each.scores[measure], standing.value) for each in every)
                    for standing in Standing
                }
            )
            for measure in JUDGING
        },
        standards=standards,
        provisional=sum(each.provisional for each in every),
        handovers=sum(each.handovers for each in every),
        most_handovers=max((each.most_handovers for each in every), default=0),
    )


_STANDINGS = tuple(Standing)


class _Way(NamedTuple):
    """A way to count at one moment: its place among the standings of each measure, and its standard if judged."""

    places: tuple[int, int, int, int]
    standard: str | None
    provisional: bool


def _way(judged: Judged, now: str) -> _Way:
    first, answered, extended, unpaused = (judged.standing(measure, now) for measure in JUDGING)
    return _Way(
        places=(
            _STANDINGS.index(first),
            4 + _STANDINGS.index(answered),
            8 + _STANDINGS.index(extended),
            12 + _STANDINGS.index(unpaused),
        ),
        standard=judged.standard if answered in (Standing.KEPT, Standing.LATE) else None,
        provisional=judged.provisional and answered is not Standing.NOT_MEASURED,
    )


class _Counting:
    """Sums being made, in plain lists, for there may be very many ways to count."""

    def __init__(self) -> None:
        self._received = self._provisional = self._handovers = self._most = 0
        self._places = [0] * (len(JUDGING) * len(_STANDINGS))
        self._standards: dict[str, int] = {}

    def add(self, way: _Way, handovers: int, count: int) -> None:
        """Count some enquiries that count alike, each handed over so often."""
        self._received += count
        places = self._places
        for place in way.places:
            places[place] += count
        if handovers:
            self._handovers += handovers * count
            self._most = max(self._most, handovers)
        if way.standard is not None:
            self._standards[way.standard] = self._standards.get(way.standard, 0) + count
        if way.provisional:
            self._provisional += count

    def sums(self) -> Sums:
        """What was counted."""
        scores = {
            measure: Score(
                **{standing.value: self._places[4 * row + place] for place, standing in enumerate(_STANDINGS)}
            )
            for row, measure in enumerate(JUDGING)
        }
        return Sums(
            received=self._received,
            scores=scores,
            standards=self._standards,
            provisional=self._provisional,
            handovers=self._handovers,
            most_handovers=self._most,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What a column of the performance table is about, for whoever wants the enquiries behind it.

    Without a `standing` it is about all that were judged, or received.
    """

    measure: Measure
    standing: Standing | None = None


COLUMNS: tuple[tuple[Column, Figure | None], ...] = (
    (Column(heading="Received", kind=ColumnKind.COUNT), Figure(measure=Measure.RECEIVED)),
    (Column(heading="Acknowledged in time", kind=ColumnKind.OUT_OF), Figure(measure=Measure.ACKNOWLEDGED)),
    (Column(heading="Answered in time", kind=ColumnKind.OUT_OF), Figure(measure=Measure.ANSWERED)),
    (Column(heading="Target"), None),
    (Column(heading="With extensions", kind=ColumnKind.OUT_OF), Figure(measure=Measure.EXTENDED)),
    (Column(heading="No pause counted", kind=ColumnKind.OUT_OF), Figure(measure=Measure.UNPAUSED)),
    (
        Column(heading="Not due yet", kind=ColumnKind.COUNT),
        Figure(measure=Measure.ANSWERED, standing=Standing.NOT_DUE),
    ),
    (
        Column(heading="Not measured", kind=ColumnKind.COUNT),
        Figure(measure=Measure.ANSWERED, standing=Standing.NOT_MEASURED),
    ),
    (Column(heading="Hand-overs: average", kind=ColumnKind.NUMBER), None),
    (Column(heading="Hand-overs: most", kind=ColumnKind.COUNT), None),
)
"""The columns after the name of the group, and what each figure is about; None where no enquiries lie behind it."""


def performance_table(
    by: By,
    groups: Iterable[tuple[str, Sums]],
    *,
    title: str,
    target_of: Callable[[str], float | None],
    notes: tuple[str, ...] = (),
    footers: tuple[str, ...] = (),
) -> Table:
    """The table of a report, its groups under their names in the order given, and all of them last.

    `target_of` gives the share that a standard must meet, in percent; None where none was set.
    """
    named = tuple(groups)
    lines = (*named, ("All", all_together(sums for _, sums in named)))
    return Table(
        title=title,
        notes=notes,
        columns=(Column(heading=by.heading), *(column for column, _ in COLUMNS)),
        rows=tuple((name, *_cells(sums, target_of)) for name, sums in lines),
        footers=footers,
        totals=True,
    )


def _cells(sums: Sums, target_of: Callable[[str], float | None]) -> tuple[Cell, ...]:
    return (
        sums.received,
        sums.scores[Measure.ACKNOWLEDGED].out_of,
        sums.answered.out_of,
        _target_words(sums, target_of),
        sums.scores[Measure.EXTENDED].out_of,
        sums.scores[Measure.UNPAUSED].out_of,
        sums.answered.not_due,
        sums.answered.not_measured,
        round(sums.handovers / sums.received, 1) if sums.received else None,
        sums.most_handovers,
    )


def _target_words(sums: Sums, target_of: Callable[[str], float | None]) -> str:
    """The share that must be met, and whether it is, in words; of a few it is not said whether."""
    targets = {target_of(standard) for standard, count in sums.standards.items() if count}
    if not targets - {None}:
        return "none set"
    if len(targets) > 1:
        set_ones = sorted(target for target in targets if target is not None)
        return " or ".join([f"{target:g}%" for target in set_ones] + ["none"] * (None in targets))
    target = targets.pop() or 0.0
    score = sums.answered.out_of
    if score.whole < FEW:
        return f"{target:g}%: too few to say"
    return f"{target:g}%: {_against(target, score)}"


def _against(target: float, score: OutOf) -> str:
    """Compared exactly, on the figures themselves."""
    if score.part * 100 >= target * score.whole:
        return "reached"
    return "near" if score.part * 100 >= (target - NEAR_POINTS) * score.whole else "missed"
