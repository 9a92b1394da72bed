"""What the tests of the clock share: calendars and pauses of every shape, and a charter of one promise."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from member_tracker.domain.charter import Charter, CharterId, Standard, StandardId, Target, Unit
from member_tracker.domain.clock import Clock
from member_tracker.domain.counting import start_clocks
from member_tracker.domain.dates import LONDON
from member_tracker.domain.extension import Extension
from member_tracker.domain.pause import Pause
from member_tracker.domain.people import PersonId
from member_tracker.domain.vocabulary import Channel, Kind, Stage
from member_tracker.domain.working_time import (
    BankHolidays,
    BankHolidaySource,
    ClosureDay,
    Division,
    OpeningHours,
    Purpose,
    WorkingCalendar,
)

FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)
NINE_TO_FIVE = ((time(9), time(17)),) * 5 + (None, None)


def at(text: str) -> datetime:
    """A moment in London."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def a_calendar(
    holidays: Sequence[date] = (), week: tuple[tuple[time, time] | None, ...] | None = NINE_TO_FIVE
) -> WorkingCalendar:
    """The years 2025 to 2027 with these holidays and hours."""
    source = BankHolidaySource(from_on=FIRST, until_on=LAST, name="made up")
    return WorkingCalendar(
        bank_holidays=BankHolidays(
            division=Division.ENGLAND_AND_WALES, names=dict.fromkeys(holidays, "Fair day"), sources=(source,)
        ),
        closure_days=(ClosureDay(on=date(2026, 12, 29), reason="Christmas"),),
        opening_hours=(OpeningHours(purpose=Purpose.OFFICES, week=week),) if week else (),
    )


def a_charter(amount: int, unit: Unit, *, pauses: bool = True, day_received: int = 0) -> Charter:
    """One promise for everything, with an acknowledgement on the next working day."""
    standard = Standard(
        id=StandardId("only"),
        source="made up",
        acknowledge=Target(amount=1, unit=Unit.WORKING_DAY, source="made up"),
        respond=Target(amount=amount, unit=unit, source="made up"),
    )
    return Charter(
        id=CharterId("made-up"), title="Made up", standards=(standard,), pauses=pauses, day_received=day_received
    )


def a_pause(start: str, end: str | None, *, entered: str | None = None) -> Pause:
    """A pause between two London moments, entered as it began unless said otherwise."""
    return Pause(
        from_at=at(start).astimezone(UTC),
        until_at=at(end).astimezone(UTC) if end else None,
        reason="waiting for photographs",
        entered_at=at(entered or start),
        by=PersonId("p"),
    )


def answer_clock(
    charter: Charter,
    received: datetime | str,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    *,
    calendar: WorkingCalendar | None = None,
    channel: Channel = Channel.EMAIL,
    kind: Kind = Kind.ENQUIRY,
    stage: Stage | None = None,
) -> Clock:
    """The clock of the answer."""
    found = start_clocks(
        charter=charter,
        calendar=calendar or a_calendar(),
        channel=channel,
        kind=kind,
        stage=stage,
        received_at=at(received) if isinstance(received, str) else received,
        pauses=pauses,
        extensions=extensions,
    ).respond
    assert found is not None
    return found


_times = st.sampled_from(
    [(time(8, 30), time(17, 15)), (time(10), time(17, 15)), (time(9), time(17)), (time(7), time(23))]
)
weeks = st.one_of(
    st.just(NINE_TO_FIVE),
    st.tuples(_times, _times, st.one_of(st.none(), _times), _times, _times, st.none(), st.none()),
)
holidays = st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=25, unique=True)
calendars = st.builds(a_calendar, holidays, weeks)
moments = st.integers(0, 250 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=minutes)
)
_lengths = st.one_of(st.integers(1, 12 * 24 * 60), st.integers(1, 180)).map(lambda minutes: timedelta(minutes=minutes))


def pauses_after(received: datetime, *, may_be_open: bool = True) -> st.SearchStrategy[tuple[Pause, ...]]:
    """Up to six pauses around the time that follows, overlapping as they like, the last perhaps without an end."""

    def built(parts: list[tuple[int, timedelta]], is_open: bool) -> tuple[Pause, ...]:
        starts = [(received + timedelta(minutes=offset), length) for offset, length in parts]
        made = [
            Pause(from_at=start, until_at=start + length, reason="waiting", entered_at=start + length, by=PersonId("p"))
            for start, length in starts
        ]
        if made and is_open:
            final = made[-1]
            made[-1] = Pause(
                from_at=final.from_at, until_at=None, reason="waiting", entered_at=final.from_at, by=final.by
            )
        return tuple(made)

    offsets = st.integers(-2 * 24 * 60, 25 * 24 * 60)
    parts = st.lists(st.tuples(offsets, _lengths), max_size=6)
    return st.builds(built, parts, st.booleans() if may_be_open else st.just(False))
