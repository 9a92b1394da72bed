"""Performance against the charter: sums over enquiries that a store has counted, and the table a report shows."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Tallied:
    """So many enquiries of one group that count alike, and how often each of them was handed over."""

    group: str | None
    judged: str
    handovers: int
    count: int


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
    known: dict[str, tuple[Judged, tuple[Standing, ...]]] = {}
    for each in tallied:
        read = known.get(each.judged)
        if read is None:
            judged = read_judged(each.judged)
            read = known[each.judged] = (judged, tuple(judged.standing(measure, now) for measure in JUDGING))
        if each.group not in counted:
            counted[each.group] = _Counting()
        counted[each.group].add(each, *read)
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


class _Counting:
    """Sums being made."""

    def __init__(self) -> None:
        self._received = self._provisional = self._handovers = self._most = 0
        self._standings: Counter[tuple[Measure, Standing]] = Counter()
        self._standards: Counter[str] = Counter()

    def add(self, tallied: Tallied, judged: Judged, standings: tuple[Standing, ...]) -> None:
        """Count some enquiries that count alike."""
        self._received += tallied.count
        self._handovers += tallied.handovers * tallied.count
        self._most = max(self._most, tallied.handovers)
        for measure, standing in zip(JUDGING, standings, strict=True):
            self._standings[measure, standing] += tallied.count
        if standings[1] in (Standing.KEPT, Standing.LATE):
            self._standards[judged.standard] += tallied.count
        if judged.provisional and standings[1] is not Standing.NOT_MEASURED:
            self._provisional += tallied.count

    def sums(self) -> Sums:
        """What was counted."""
        scores = {
            measure: Score(**{standing.value: self._standings[measure, standing] for standing in Standing})
            for measure in JUDGING
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
