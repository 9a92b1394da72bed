"""The charters at hand, and the dates they give: what is promised, by when, and why, day by day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from member_tracker.domain.charter import Charter, Use, charter_in_force
from member_tracker.domain.charter_file import read_charter
from member_tracker.domain.clock import Clock, Clocks
from member_tracker.domain.counting import start_clocks
from member_tracker.domain.dates import LONDON, day_in_words, local_date
from member_tracker.domain.errors import Invalid, NotFound
from member_tracker.domain.people import Council
from member_tracker.domain.settings_table import BadFile
from member_tracker.domain.vocabulary import AfterHours, Channel, Kind, Stage
from member_tracker.domain.working_time import ClosureDay, WorkingCalendar
from member_tracker.services.shipped_councils import (
    ShippedArea,
    ShippedCouncil,
    calendar_of,
    council_called,
    load_councils,
)
from member_tracker.shipped import shipped

__all__ = [
    "CharterShelf",
    "ShippedArea",
    "charter_due",
    "charter_list",
    "charter_problems",
    "load_charters",
    "local_time",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterShelf:
    """Every charter and council at hand; names are found whatever their case."""

    charters: tuple[Charter, ...]
    councils: tuple[ShippedCouncil, ...]
    problems: tuple[BadFile, ...] = ()

    @classmethod
    @cache
    def shipped(cls) -> "CharterShelf":
        """The charters and councils that ship with the program."""
        charters, problems = load_charters()
        return cls(charters=charters, councils=load_councils(), problems=problems)

    def named(self, charter_id: str) -> Charter:
        """The charter of that id; `NotFound` with the nearest ones."""
        known = {charter.id.casefold(): charter for charter in self.charters}
        if found := known.get(charter_id.strip().casefold()):
            return found
        raise NotFound(
            f"There is no charter “{charter_id}”.", advice=_nearest(charter_id, [c.id for c in self.charters])
        )

    def council_named(self, name: str) -> str | None:
        """The name of the council as the charters write it; None where none is called that."""
        return next((known for known in self.council_names() if known.casefold() == _plain(name)), None)

    def council_names(self) -> tuple[str, ...]:
        """Every council known here."""
        of_charters = (name for charter in self.charters for name in charter.councils)
        return tuple(sorted({council.name for council in self.councils} | set(of_charters)))

    def council(self, name: str) -> ShippedCouncil:
        """What ships for that council; for one that is not known, bank holidays of England and Wales and no hours."""
        return council_called(name, self.councils)

    def areas_of(self, council: str) -> tuple[ShippedArea, ...]:
        """The service areas that ship for a council."""
        return self.council(council).areas

    def letters_of(self, council: str) -> str:
        """When the council writes letters: `preferred` or `only_without_email`."""
        return self.council(council).letters

    def contact(self, council: Council) -> tuple[str, str]:
        """The main number and the address of a council: what it says itself, else what ships; empty where none is."""
        ships = self.council(council.name)
        number = ships.main_number if council.main_number is None else council.main_number
        return number or "", (ships.main_address if council.main_address is None else council.main_address) or ""

    def calendar(self, council: str, closure_days: tuple[ClosureDay, ...] = ()) -> WorkingCalendar:
        """The calendar that council works by, with the closure days it added itself."""
        return calendar_of(self.council(council), closure_days)

    def of_council(self, council: str, adopted: Collection[str] = ()) -> tuple[Charter, ...]:
        """The sets that belong to a council, and those it adopted."""
        return tuple(
            charter
            for charter in self.charters
            if charter.id in adopted or (charter.councils and charter.belongs_to(council))
        )

    def in_force(self, council: Council, on: date, kind: Kind, *, service_area: str = "") -> Charter | None:
        """The set that judges what a council received on that day; None where none was in force."""
        adopted = dict.fromkeys(council.adopted)
        return charter_in_force(self.charters, council.name, on, kind, service_area=service_area, adopted=adopted)


def load_charters(files: Iterable[tuple[str, str]] | None = None) -> tuple[tuple[Charter, ...], tuple[BadFile, ...]]:
    """Every charter that can be read, and what is wrong with each that cannot; `files` are names with their text."""
    charters: dict[str, Charter] = {}
    problems: list[BadFile] = []
    for file, text in _shipped_charter_files() if files is None else files:
        try:
            charter = read_charter(file, text)
        except BadFile as problem:
            problems.append(problem)
            continue
        if charter.id in charters:
            wrong = f"“{charter.id}” is used by another file."
            problems.append(BadFile(file, "id", wrong, advice="Give this set another id."))
        else:
            charters[charter.id] = charter
    return tuple(charters.values()), tuple(problems)


def charter_list() -> list[dict[str, object]]:
    """The charters that ship, as `charter list` prints them."""
    return [
        {
            "id": charter.id,
            "councils": list(charter.councils),
            "title": charter.title,
            "from": _written(charter.from_on),
            "to": _written(charter.until_on),
        }
        for charter in CharterShelf.shipped().charters
    ]


def charter_problems() -> list[str]:
    """What is wrong with each charter file that could not be read."""
    return [str(problem) for problem in CharterShelf.shipped().problems]


def charter_due(
    *,
    council: str,
    channel: Channel,
    received: datetime,
    kind: Kind | None = None,
    stage: Stage | None = None,
    charter_id: str | None = None,
    after_hours: AfterHours | None = None,
) -> dict[str, object]:
    """By when contact is to be acknowledged and answered, and why, as `charter due` prints it.

    A stage makes it a complaint; with `charter_id` that set applies whatever its dates; `received` is also the time
    of sending. `NotFound` where council or charter is not known.
    """
    shelf = CharterShelf.shipped()
    name = shelf.council_named(council)
    if name is None:
        raise NotFound(f"There is no council “{council}”.", advice=_nearest(council, shelf.council_names()))
    named = shelf.named(charter_id) if charter_id else None
    kind = _kind(kind, stage, named)
    charter = named or charter_in_force(shelf.charters, name, local_date(received), kind)
    if charter is None:
        return _due(received, None, (_none_in_force(shelf, name, received),))
    clocks = start_clocks(
        charter=charter,
        calendar=shelf.calendar(name),
        channel=channel,
        kind=kind,
        stage=stage,
        received_at=received,
        sent_at=received,
        after_hours=after_hours,
    )
    foreign = "" if charter.belongs_to(name) else f"{charter.id} is not a set of {name}."
    return _due(received, clocks, (foreign, clocks.warning or "", _provisional(clocks)))


def local_time(text: str) -> datetime:
    """The moment (in UTC) written as ISO text, Europe/London unless it has an offset; a bare date is its first minute.

    The hour that comes twice in autumn is taken the first time, the one that does not come in spring an hour later.
    `Invalid` with advice for anything else.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        aware = moment if moment.tzinfo else moment.replace(tzinfo=LONDON)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(f"“{text}” is not a date and time.", advice="Write it like 2026-06-01T17:20.") from None


def _shipped_charter_files() -> list[tuple[str, str]]:
    files = sorted(shipped("charters").iterdir(), key=lambda file: file.name)
    return [(file.name, file.read_text("utf-8")) for file in files if file.name.endswith(".toml")]


def _kind(kind: Kind | None, stage: Stage | None, named: Charter | None) -> Kind:
    """What was meant where it was not said: only complaints have stages, or sets of their own."""
    if kind in (None, Kind.ENQUIRY) and stage is not None:
        return Kind.COMPLAINT
    if kind is None and named is not None and set(named.uses) == {Use.COMPLAINT}:
        return Kind.COMPLAINT
    return kind or Kind.ENQUIRY


def _due(received: datetime, clocks: Clocks | None, warnings: Iterable[str]) -> dict[str, object]:
    acknowledge, respond = (clocks.acknowledge, clocks.respond) if clocks else (None, None)
    return {
        "charter": clocks.charter_id if clocks else None,
        "received_at": received.astimezone(LONDON).isoformat(),
        "counts_from": _written(clocks.counts_from) if clocks else None,
        "acknowledge_by": _due_by(acknowledge),
        "respond_by": _due_by(respond),
        "acknowledge_within": acknowledge.within if acknowledge else None,
        "respond_within": respond.within if respond else None,
        "warning": " ".join(warning for warning in warnings if warning) or None,
        "ledger": [
            {"date": entry.on.isoformat(), "counted": entry.counted, "reason": entry.reason}
            for entry in (clocks.ledger if clocks else ())
        ],
    }


def _none_in_force(shelf: CharterShelf, council: str, received: datetime) -> str:
    own = [f"{charter.id} ({_dates(charter)})" for charter in shelf.of_council(council)]
    known = ", ".join(own) or "none"
    return (
        f"No charter of {council} that judges this was in force on {day_in_words(local_date(received))}."
        f" Its sets: {known}. Any of them can be named to apply whatever its dates."
    )


def _dates(charter: Charter) -> str:
    if charter.from_on is None:
        return "no date set"
    return f"from {charter.from_on}" + (f" to {charter.until_on}" if charter.until_on else "")


def _provisional(clocks: Clocks) -> str:
    """A word of caution where a date hangs on an event that has not happened."""
    if clocks.respond is None or not clocks.respond.provisional:
        return ""
    return "The reply date is provisional: it moves once the acknowledgement is made."


def _due_by(clock: Clock | None) -> str | None:
    return _written(clock.due_by) if clock else None


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _nearest(typed: str, known: Collection[str]) -> str:
    """Advice naming what is nearest to what was typed, or everything there is."""
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in known}
    close = [folded[found] for found in get_close_matches(typed.casefold(), folded, 3, 0.4)]
    return f"Did you mean {' or '.join(close)}?" if close else f"Known: {', '.join(sorted(known))}."
