"""The clocks of an enquiry: by when it is to be acknowledged and answered, and day by day why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import cast

from member_tracker.domain.dates import day_in_words, local_date, moment_in_words
from member_tracker.domain.vocabulary import AfterHours, Start, State


class Step(StrEnum):
    """Which of the two promises a clock runs for."""

    ACKNOWLEDGEMENT = "acknowledgement"
    REPLY = "reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEntry:
    """One day of the ledger: whether it counted towards the due date, and why or why not in plain words.

    `paused` marks a day that does not count because the clock stood still; `moves_to` is the day that an extension, or
    its carrying over, moves the due date to.
    """

    on: date
    counted: bool
    reason: str
    paused: bool = False
    moves_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What pauses and extensions made of a clock.

    `paused_since` is set while it stands still; `unpaused_due_at` is the last second without the pauses, None where
    they moved nothing. `extended_to` is the day agreed in place of the standard's, and `standard_due_at` the last
    second the standard gave, None where that is not known.
    """

    paused_since: datetime | None = None
    unpaused_due_at: datetime | None = None
    extended_to: date | None = None
    standard_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The running count for one promise on one enquiry.

    `due_by` is the last day that meets it: None where the promise gives no day, has not started, or the calendar does
    not reach that far (`warning` then says so). `due_at` is the last second that meets it, in UTC. `days` is how many
    counted entries of the ledger make up the due date, None where it is not a number of working days. `provisional`
    means that the event it starts from has not happened, so the last day allowed for that event was taken, or that
    the clock is paused, so that there is no due day until it runs again. `moved` is None where nothing moved it.
    """

    step: Step
    contact: str
    within: str
    starts: Start
    days: int | None = None
    counts_from: date | None = None
    due_by: date | None = None
    due_at: datetime | None = None
    provisional: bool = False
    stopped_at: datetime | None = None
    warning: str | None = None
    ledger: tuple[ClockEntry, ...] = ()
    moved: Moved | None = None

    @property
    def paused_since(self) -> datetime | None:
        """When the clock stopped running; None where it runs."""
        return self.moved.paused_since if self.moved else None

    @property
    def extended_to(self) -> date | None:
        """The day agreed in place of the standard's; None where the standard's own day holds."""
        return self.moved.extended_to if self.moved else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Both clocks of an enquiry, under the charter and the standard it is judged by.

    None in place of a clock means that the charter sets no standard for that step; `standard_id` is None where it
    sets none at all, and `note` then says so. `holding_stops` is the charter's word that a holding reply with a date
    stops the clock of the answer.
    """

    charter_id: str
    standard_id: str | None
    received_at: datetime
    after_hours: AfterHours
    counts_from: date | None
    acknowledge: Clock | None = None
    respond: Clock | None = None
    note: ClockEntry | None = None
    holding_stops: bool = False

    @property
    def ledger(self) -> tuple[ClockEntry, ...]:
        """The ledgers of both clocks together, one entry a day."""
        return (self.note,) if self.note else merge_ledgers(self._running())

    @property
    def warning(self) -> str | None:
        """What a person must know before trusting the dates; None where there is nothing."""
        said = dict.fromkeys(clock.warning for clock in self._running() if clock.warning)
        return " ".join(said) or None

    def _running(self) -> tuple[Clock, ...]:
        return tuple(clock for clock in (self.acknowledge, self.respond) if clock is not None)


def stop(clock: Clock, at: datetime) -> Clock:
    """The clock stopped at `at`, or where it was if it stopped earlier than that."""
    at = at.astimezone(UTC)
    return replace(clock, stopped_at=min(clock.stopped_at or at, at))


def state_of(clock: Clock | None, now: datetime) -> State:
    """How a clock stands at `now`; one that gives no due day is not measured here.

    A paused clock was in time when it stood still, so it is in time, and met if the answer comes meanwhile.
    """
    if clock is not None and clock.paused_since is not None:
        return State.IN_TIME if clock.stopped_at is None else State.MET
    if clock is None or clock.due_by is None or clock.due_at is None:
        return State.NOT_MEASURED
    if clock.stopped_at is not None:
        return State.MET if clock.stopped_at.replace(microsecond=0) <= clock.due_at else State.MISSED
    if now.replace(microsecond=0) > clock.due_at:
        return State.OVERDUE
    return State.DUE_TODAY if local_date(now) == clock.due_by else State.IN_TIME


def rederive(clock: Clock) -> date | None:
    """The due day worked out from the ledger alone; None where the ledger does not reach one."""
    last = clock.ledger[-1] if clock.ledger else None
    if last is None or not (last.counted or last.moves_to):
        return None
    if last.moves_to:
        return last.moves_to
    counted = [entry.on for entry in clock.ledger if entry.counted]
    if clock.days is not None and len(counted) < clock.days:
        return None
    return counted[clock.days - 1] if clock.days else counted[-1]


def why_due(clock: Clock) -> str:
    """Why a clock is due when it is, in one sentence."""
    step = clock.step.capitalize()
    if clock.paused_since is not None:
        reason = clock.ledger[-1].reason.partition(": ")[2]
        return f"{step} paused since {moment_in_words(clock.paused_since)} ({reason}): no due day until it runs again."
    if clock.due_by is None:
        return f"{step}: {_why_no_day(clock)}"
    provisional = " (provisional until it is acknowledged)" if clock.provisional else ""
    due = f"{step} due by {day_in_words(clock.due_by)}{provisional}"
    moved = f"; {_lower(clock.ledger[-1].reason)}" if clock.extended_to and clock.ledger else ""
    return f"{due}, because {clock.contact}: {clock.within}{_left_out(clock)}{moved}."


def merge_ledgers(clocks: Iterable[Clock]) -> tuple[ClockEntry, ...]:
    """Several ledgers as one, a day a row; where they say different things each says which promise it is about."""
    said: dict[date, dict[str, list[Step]]] = {}
    counted, paused, moved = set[date](), set[date](), dict[date, date]()
    running = [clock for clock in clocks if clock.ledger]
    for clock in running:
        for entry in clock.ledger:
            said.setdefault(entry.on, {}).setdefault(entry.reason, []).append(clock.step)
            if entry.counted:
                counted.add(entry.on)
            if entry.paused:
                paused.add(entry.on)
            if entry.moves_to:
                moved[entry.on] = entry.moves_to
    return tuple(
        ClockEntry(
            on=on,
            counted=on in counted,
            reason=_joined(said[on], len(running), numbered=on in counted),
            paused=on in paused,
            moves_to=moved.get(on),
        )
        for on in sorted(said)
    )


def clocks_to_json(clocks: Clocks) -> dict[str, object]:
    """The clocks as plain words, numbers, lists and dictionaries."""
    return {
        "charter_id": clocks.charter_id,
        "standard_id": clocks.standard_id,
        "received_at": clocks.received_at.isoformat(),
        "after_hours": clocks.after_hours.value,
        "counts_from": _written(clocks.counts_from),
        "acknowledge": _clock_to_json(clocks.acknowledge),
        "respond": _clock_to_json(clocks.respond),
        "note": _entry_to_json(clocks.note) if clocks.note else None,
    } | ({"holding_stops": True} if clocks.holding_stops else {})


def _why_no_day(clock: Clock) -> str:
    if clock.warning:
        return clock.warning
    if clock.starts is Start.SENT and clock.due_at is None and clock.days is not None:
        return f"{clock.within} from the day the enquiry is sent."
    return f"{clock.within} ({clock.contact}); no due day."


def _left_out(clock: Clock) -> str:
    """The days left out for another reason than a weekend or being the first, the paused ones as a number."""
    left_out = [
        entry
        for entry in clock.ledger
        if not (entry.counted or entry.moves_to)
        and entry.on.weekday() < 5
        and clock.counts_from
        and entry.on > clock.counts_from
    ]
    paused = sum(entry.paused for entry in left_out)
    named = [
        f"; {day_in_words(entry.on)} does not count ({entry.reason})"
        for entry in left_out
        if paused < 2 or not entry.paused
    ]
    return "".join(named) + (f"; {paused} working days do not count (paused)" if paused > 1 else "")


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _joined(reasons: dict[str, list[Step]], running: int, *, numbered: bool) -> str:
    if running == 1 or (len(reasons) == 1 and not numbered):
        return "; ".join(reasons)
    return "; ".join(f"{reason} ({' and '.join(steps)})" for reason, steps in reasons.items())


def _written(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _entry_to_json(entry: ClockEntry) -> dict[str, object]:
    written: dict[str, object] = {"date": entry.on.isoformat(), "counted": entry.counted, "reason": entry.reason}
    if entry.paused:
        written["paused"] = True
    if entry.moves_to:
        written["moves_to"] = entry.moves_to.isoformat()
    return written


def _clock_to_json(clock: Clock | None) -> dict[str, object] | None:
    if clock is None:
        return None
    written: dict[str, object] = {
        "step": clock.step.value,
        "contact": clock.contact,
        "within": clock.within,
        "starts": clock.starts.value,
        "days": clock.days,
        "counts_from": _written(clock.counts_from),
        "due_by": _written(clock.due_by),
        "due_at": _written(clock.due_at),
        "provisional": clock.provisional,
        "stopped_at": _written(clock.stopped_at),
        "warning": clock.warning,
        "ledger": [_entry_to_json(entry) for entry in clock.ledger],
    }
    if clock.moved:
        written["moved"] = _moved_to_json(clock.moved)
    return written


def _moved_to_json(moved: Moved) -> dict[str, object]:
    written = {
        "paused_since": _written(moved.paused_since),
        "unpaused_due_at": _written(moved.unpaused_due_at),
        "extended_to": _written(moved.extended_to),
        "standard_due_at": _written(moved.standard_due_at),
    }
    return {name: value for name, value in written.items() if value is not None}


def clocks_from_json(content: Mapping[str, object]) -> Clocks:
    """The clocks that `clocks_to_json` wrote down."""
    note = content["note"]
    return Clocks(
        charter_id=str(content["charter_id"]),
        standard_id=_text(content["standard_id"]),
        received_at=datetime.fromisoformat(str(content["received_at"])),
        after_hours=_AFTER_HOURS[content["after_hours"]],
        counts_from=_day(content["counts_from"]),
        acknowledge=_clock_from_json(content["acknowledge"]),
        respond=_clock_from_json(content["respond"]),
        note=_entry_from_json(note) if note else None,
        holding_stops=bool(content.get("holding_stops")),
    )


# A word looked up here is found in a tenth of the time that its class takes.
_STEPS: Mapping[object, Step] = {step.value: step for step in Step}
_STARTS: Mapping[object, Start] = {start.value: start for start in Start}
_AFTER_HOURS: Mapping[object, AfterHours] = {after.value: after for after in AfterHours}


def _clock_from_json(content: object) -> Clock | None:
    if content is None:
        return None
    said = cast("Mapping[str, object]", content)
    days, moved = said["days"], said.get("moved")
    return Clock(
        step=_STEPS[said["step"]],
        contact=str(said["contact"]),
        within=str(said["within"]),
        starts=_STARTS[said["starts"]],
        days=int(str(days)) if days is not None else None,
        counts_from=_day(said["counts_from"]),
        due_by=_day(said["due_by"]),
        due_at=_moment(said["due_at"]),
        provisional=bool(said["provisional"]),
        stopped_at=_moment(said["stopped_at"]),
        warning=_text(said["warning"]),
        ledger=tuple([_entry_from_json(entry) for entry in cast("list[object]", said["ledger"])]),
        moved=_moved_from_json(moved) if moved is not None else None,
    )


def _moved_from_json(content: object) -> Moved | None:
    if content is None:
        return None
    said = cast("Mapping[str, object]", content)
    return Moved(
        paused_since=_moment(said.get("paused_since")),
        unpaused_due_at=_moment(said.get("unpaused_due_at")),
        extended_to=_day(said.get("extended_to")),
        standard_due_at=_moment(said.get("standard_due_at")),
    )


def _entry_from_json(content: object) -> ClockEntry:
    said = cast("Mapping[str, object]", content)
    return ClockEntry(
        on=date.fromisoformat(str(said["date"])),
        counted=bool(said["counted"]),
        reason=str(said["reason"]),
        paused=bool(said.get("paused")),
        moves_to=_day(said.get("moves_to")),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value))


def _moment(value: object) -> datetime | None:
    return None if value is None else datetime.fromisoformat(str(value))
