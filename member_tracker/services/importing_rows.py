"""Rows of a table made into enquiries: people and places found by name, and what is wrong with a row said in words."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from member_tracker.domain.errors import Invalid, TrackerError
from member_tracker.domain.people import Council, Councillor, PersonId, Resident, ServiceArea, in_being
from member_tracker.domain.values import one_line
from member_tracker.domain.vocabulary import Channel, Kind, Priority
from member_tracker.services.importing_fields import (
    DATES,
    NEEDED,
    Columns,
    Dates,
    Field,
    channel_of,
    kind_of,
    priority_of,
)
from member_tracker.services.importing_sheet import SheetRow
from member_tracker.services.parts import App, is_shared, the_council
from member_tracker.store.bulk import BulkReading

T = TypeVar("T")
MOST_LINES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a table is to be read: which column holds what, and what stands in for what the rows do not say.

    `stands_for` gives for a field what a value in the file is called here. `new_councillors` makes those not known.
    """

    columns: Columns
    day_first: bool = True
    councillor: str = ""
    stands_for: Mapping[Field, Mapping[str, str]] = field(default_factory=dict)
    new_councillors: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a row cannot be taken as it stands: its number in the spreadsheet, the field, what to do, and the value."""

    row: int
    field: Field
    words: str
    advice: str
    value: str = ""

    def as_json(self) -> dict[str, object]:
        """The problem in the form of `import`."""
        return {"row": self.row, "field": self.field.value, "problem": self.words, "advice": self.advice}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A row without problems: whom it is about by name, and what is known of the enquiry. Times are UTC."""

    row: int
    councillor: str
    resident: str
    area: ServiceArea
    subject: str
    text: str
    received_at: datetime
    channel: Channel
    kind: Kind
    priority: Priority
    reference: str
    tags: tuple[str, ...]
    contact: Mapping[str, str]
    moments: Mapping[Field, datetime]
    reason: str
    note: str


@dataclass(slots=True, kw_only=True)
class Known:
    """Who and what is known here, looked up once; `councillors` and `areas` by their names in small letters."""

    council: Council
    now: datetime
    councillors: dict[str, Councillor]
    areas: dict[str, ServiceArea]
    residents: dict[tuple[PersonId, str], list[Resident]]
    references: frozenset[str]
    may_make_councillors: bool
    seen: dict[str, int] = field(default_factory=dict)


def look_round(app: App, tx: BulkReading, references: Sequence[str]) -> Known:
    """What the rows are held against; `references` are those the file gives."""
    council = the_council(tx)
    residents: dict[tuple[PersonId, str], list[Resident]] = {}
    for person in tx.every(Resident):
        residents.setdefault((person.councillor_id, plain_name(person.name)), []).append(person)
    areas = [area for area in tx.every(ServiceArea, council_id=council.id) if in_being(area, app.today())]
    return Known(
        council=council,
        now=app.now(),
        councillors={plain_name(person.name): person for person in tx.every(Councillor)},
        areas={plain_name(area.name): area for area in areas},
        residents=residents,
        references=tx.other_references(references),
        may_make_councillors=not is_shared(tx),
    )


def plain_name(name: str) -> str:
    """A name as two are held beside each other: case and spare spaces ignored."""
    return one_line(name).casefold()


def read_row(known: Known, plan: Plan, row: SheetRow) -> tuple[Ready | None, list[Problem]]:
    """The row made ready, or what is wrong with it, every problem of it at once."""
    said = {name: row.cells[place] for name, place in plan.columns.items() if place < len(row.cells)}
    values = {name: plan.stands_for.get(name, {}).get(value, value) for name, value in said.items()}
    if plan.councillor and not values.get(Field.COUNCILLOR):
        values[Field.COUNCILLOR] = plan.councillor
    reader = _RowReader(known=known, plan=plan, number=row.number, values=values)
    ready = reader.read()
    return (None if reader.problems else ready), reader.problems


@dataclass(slots=True, kw_only=True)
class _RowReader:
    """Reads one row and gathers what is wrong with it."""

    known: Known
    plan: Plan
    number: int
    values: Mapping[Field, str]
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> Ready | None:
        """The row, of use only where no problem was found."""
        for name in NEEDED:
            if not self.values.get(name):
                self._wrong(name, f"There is no {name.words.lower()}.", "Fill it in, or choose its column.")
        moments = self._moments()
        self._reference()
        self._long()
        self._councillor()
        area = self._area()
        channel = self._word(Field.CHANNEL, channel_of, Channel.EMAIL)
        kind = self._word(Field.KIND, kind_of, Kind.ENQUIRY)
        priority = self._word(Field.PRIORITY, priority_of, Priority.NORMAL)
        self._resident()
        received = moments.pop(Field.RECEIVED, None)
        if area is None or received is None:
            return None
        subject = one_line(self._said(Field.SUBJECT))
        return Ready(
            row=self.number,
            councillor=one_line(self._said(Field.COUNCILLOR)),
            resident=one_line(self._said(Field.RESIDENT)),
            area=area,
            subject=subject,
            text=self._said(Field.QUESTION) or subject,
            received_at=received,
            channel=channel,
            kind=kind,
            priority=priority,
            reference=one_line(self._said(Field.REFERENCE)),
            tags=tuple(dict.fromkeys(each.strip() for each in self._said(Field.TAGS).split(",") if each.strip())),
            contact=self._contact(),
            moments=moments,
            reason=self._said(Field.REASON),
            note=self._said(Field.NOTE),
        )

    def _said(self, name: Field) -> str:
        return self.values.get(name, "")

    def _wrong(self, name: Field, words: str, advice: str) -> None:
        problem = Problem(row=self.number, field=name, words=words, advice=advice, value=self._said(name))
        self.problems.append(problem)

    def _refused(self, name: Field, error: TrackerError) -> None:
        self._wrong(name, error.title, error.advice)

    def _moments(self) -> dict[Field, datetime]:
        """The dates of the row, none before it was received and none still to come."""
        read: dict[Field, datetime] = {}
        dates = Dates(day_first=self.plan.day_first)
        for name in DATES:
            if not (text := self._said(name)):
                continue
            try:
                read[name] = self._not_to_come(dates.moment(text))
            except Invalid as error:
                self._refused(name, error)
        received = read.get(Field.RECEIVED)
        for name, moment in list(read.items()):
            if received is not None and moment < received:
                if moment.date() < received.date():
                    self._wrong(name, f"{name.words} is before it was received.", "Put one of the two dates right.")
                read[name] = received
        return read

    def _not_to_come(self, moment: datetime) -> datetime:
        """A day without a time is its midday, so today may look as if it were still to come."""
        if moment <= self.known.now:
            return moment
        if moment.date() == self.known.now.date():
            return self.known.now
        raise Invalid("That day is still to come.", advice="Check the year, and whether day or month stands first.")

    def _reference(self) -> None:
        reference = one_line(self._said(Field.REFERENCE))
        if not reference:
            return
        if reference in self.known.references:
            self._wrong(Field.REFERENCE, f"{reference} is here already.", "Leave the row out; it was imported before.")
        first = self.known.seen.setdefault(reference, self.number)
        if first != self.number:
            self._wrong(Field.REFERENCE, f"{reference} stands in row {first} too.", "Leave one of the two rows out.")

    def _long(self) -> None:
        for name, value in self.values.items():
            if value.count("\n") > MOST_LINES:
                self._wrong(name, f"{name.words} runs over {value.count(chr(10))} lines.", _QUOTE)
        if len(one_line(self._said(Field.SUBJECT))) > 300:
            self._wrong(Field.SUBJECT, "The subject is longer than 300 letters.", "Choose the column for the question.")

    def _councillor(self) -> None:
        name = self._said(Field.COUNCILLOR)
        if not name or plain_name(name) in self.known.councillors:
            return
        if self.plan.new_councillors and self.known.may_make_councillors:
            return
        names = [person.name for person in self.known.councillors.values()]
        self._wrong(Field.COUNCILLOR, f"There is no councillor called “{name[:60]}”.", _like(name, names))

    def _area(self) -> ServiceArea | None:
        name = self._said(Field.SERVICE_AREA)
        found = self.known.areas.get(plain_name(name)) if name else None
        if name and found is None:
            names = [area.name for area in self.known.areas.values()]
            self._wrong(Field.SERVICE_AREA, f"There is no service area called “{name[:60]}”.", _like(name, names))
        return found

    def _resident(self) -> None:
        councillor = self.known.councillors.get(plain_name(self._said(Field.COUNCILLOR)))
        if councillor is None or not self._said(Field.RESIDENT):
            return
        found = self.known.residents.get((councillor.id, plain_name(self._said(Field.RESIDENT))), [])
        if len(found) > 1 and not self._said(Field.EMAIL):
            self._wrong(Field.RESIDENT, "Two residents have that name.", "Give their email in a column of its own.")

    def _word(self, name: Field, read: Callable[[str], T], usual: T) -> T:
        try:
            return read(self._said(name))
        except Invalid as error:
            self._refused(name, error)
            return usual

    def _contact(self) -> dict[str, str]:
        said = {"email": Field.EMAIL, "phone": Field.PHONE, "address": Field.ADDRESS}
        return {name: self._said(of) for name, of in said.items() if self._said(of)}


def _like(name: str, names: Sequence[str]) -> str:
    """The names here that it may be a slip for, or what else to do."""
    known = {plain_name(each): each for each in names}
    close = difflib.get_close_matches(plain_name(name), known, n=2, cutoff=0.6)
    said = " or ".join(f"“{known[each]}”" for each in close)
    return f"Did you mean {said}?" if said else "Say what it stands for here, or ask your IT team to add it first."


_QUOTE = "A quotation mark may be missing: look in the spreadsheet for text that runs on over many rows."
