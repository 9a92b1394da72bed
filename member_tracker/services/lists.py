"""Lists of enquiries and the counts beside them, for the window and for `list`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from member_tracker.domain.mailbag import MailPlace, ReceivedMail
from member_tracker.domain.people import Councillor, ServiceArea, Ward
from member_tracker.domain.vocabulary import Status
from member_tracker.services.parts import App
from member_tracker.services.today import SOON_WORKING_DAYS, TodayPage, read_today
from member_tracker.store.queries import (
    Anchor,
    EnquiryPage,
    EnquiryRow,
    Known,
    Mark,
    Order,
    TodayCounts,
    Wanted,
    Which,
    Window,
)

__all__ = [
    "SOON_WORKING_DAYS",
    "Anchor",
    "Choices",
    "EnquiryPage",
    "EnquiryRow",
    "Known",
    "ListView",
    "Mark",
    "Order",
    "TodayCounts",
    "TodayPage",
    "Wanted",
    "Which",
    "Window",
    "choices",
    "enquiry_page",
    "list_again",
    "list_part",
    "listed",
    "narrowed",
    "remember_view",
    "remembered_view",
    "row_as_json",
    "today_page",
    "tray",
    "wanted",
    "working_days_on",
]

_ROWS_AT_ONCE = 5000


def today_page(app: App, limit: int = 50) -> TodayPage:
    """The Today page; each list holds at most `limit` rows, the counts count all."""
    soon = working_days_on(app, SOON_WORKING_DAYS)
    with app.store.reading() as tx:
        return read_today(tx, now=app.now(), soon=soon, limit=limit)


def wanted(
    app: App,
    *,
    overdue: bool = False,
    due_within: int | None = None,
    everything: bool = False,
    needs_attention: bool = False,
    find: str | None = None,
) -> Wanted:
    """What is to be listed; open enquiries where nothing else is said, `due_within` in working days, late ones too."""
    until = None if due_within is None else working_days_on(app, due_within)
    if overdue:
        which = Which.OVERDUE
    elif needs_attention:
        which = Which.NEEDS_ATTENTION
    elif due_within is not None:
        which = Which.DUE_WITHIN
    else:
        which = Which.ALL if everything else Which.OPEN
    return Wanted(which=which, today=app.today(), until=until, find=find, now=app.now())


def working_days_on(app: App, days: int) -> date:
    """The date `days` working days from today in the office; plain days where no calendar is known."""
    with app.store.reading() as tx:
        office = tx.office()
    if office is None:
        return app.today() + timedelta(days=days)
    return app.charters.calendar(*office).add_working_days(app.today(), days)


def listed(app: App, what: Wanted) -> list[dict[str, object]]:
    """Every enquiry wanted, in the form of `list`."""
    rows: list[EnquiryRow] = []
    after: Anchor | None = None
    with app.store.reading() as tx:
        while True:
            page = tx.enquiry_rows(what, limit=_ROWS_AT_ONCE, after=after)
            rows += page.rows
            after = page.next
            if after is None:
                return [row_as_json(row) for row in rows]


def enquiry_page(app: App, what: Wanted, *, after: Anchor | None = None, limit: int = 200) -> EnquiryPage:
    """The next page of enquiries wanted after an anchor (None: from the top)."""
    with app.store.reading() as tx:
        return tx.enquiry_rows(what, limit=limit, after=after)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """How somebody has a list shown: in which order, and which enquiries alone; None leaves all."""

    order: Order | None = None
    councillor_id: str | None = None
    service_area_id: str | None = None
    ward_id: str | None = None
    status: Status | None = None
    late: bool = False

    @property
    def terms(self) -> int:
        """How many things it is narrowed by."""
        return sum(map(bool, (self.councillor_id, self.service_area_id, self.ward_id, self.status, self.late)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a list can be narrowed to, as ids with names, by name."""

    councillors: tuple[tuple[str, str], ...]
    service_areas: tuple[tuple[str, str], ...]
    wards: tuple[tuple[str, str], ...]


def narrowed(what: Wanted, view: ListView) -> Wanted:
    """A list as somebody has it shown."""
    return replace(
        what,
        order=view.order or what.order,
        councillor_id=view.councillor_id,
        service_area_id=view.service_area_id,
        ward_id=view.ward_id,
        status=view.status,
        late=view.late,
    )


def list_part(app: App, what: Wanted, *, first: int, limit: int, known: Known | None = None) -> Window:
    """Some rows of a long list from number `first` on (0 is the top), a multiple of `limit`."""
    with app.store.reading() as tx:
        return tx.enquiry_window(what, first=first, limit=limit, known=known)


def list_again(
    app: App, what: Wanted, *, first: int, limit: int, keep: Mark | None = None
) -> tuple[tuple[Window, ...], int]:
    """Two parts of a list, one after the other, around what somebody looks at, all as the store stands now.

    What stood before that and has come or gone shifts it: the second answer says by how many rows since `keep` was so.
    """
    with app.store.reading() as tx:
        moved = tx.enquiry_number(what, keep.anchor) + 1 - keep.number if keep is not None else 0
        here = tx.enquiry_window(what, first=max(0, first + moved), limit=limit)
        if here.first + limit >= here.count:
            return (here,), moved
        known = Known(version=here.version, count=here.count, marks=here.marks)
        return (here, tx.enquiry_window(what, first=here.first + limit, limit=limit, known=known)), moved


def choices(app: App) -> Choices:
    """What lists can be narrowed to."""
    with app.store.reading() as tx:
        councillors, areas, wards = tx.every(Councillor), tx.every(ServiceArea), tx.every(Ward)
    return Choices(councillors=_named(councillors), service_areas=_named(areas), wards=_named(wards))


def _named(people: Sequence[Councillor | ServiceArea | Ward]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(((each.id, each.name) for each in people), key=lambda pair: pair[1].casefold()))


def remembered_view(app: App, name: str) -> ListView:
    """How the list of that name was last shown on this computer."""
    with app.store.reading() as tx:
        kept = tx.local(_VIEW + name)
    if kept is None:
        return ListView()
    said = json.loads(kept)
    return ListView(
        order=Order(said["order"]) if "order" in said else None,
        councillor_id=said.get("councillor_id"),
        service_area_id=said.get("service_area_id"),
        ward_id=said.get("ward_id"),
        status=Status(said["status"]) if "status" in said else None,
        late=bool(said.get("late")),
    )


def remember_view(app: App, name: str, view: ListView) -> None:
    """Keep how the list of that name is shown on this computer."""
    said = {field.name: getattr(view, field.name) for field in fields(ListView)}
    with app.store.writing(author=None) as tx:
        tx.set_local(_VIEW + name, json.dumps({name: value for name, value in said.items() if value}))


_VIEW = "list shown: "


def tray(app: App) -> tuple[ReceivedMail, ...]:
    """The mails a person must place, newest first."""
    with app.store.reading() as tx:
        mails = tx.every(ReceivedMail, place=MailPlace.TRAY)
    return tuple(sorted(mails, key=lambda mail: mail.received_at, reverse=True))


def row_as_json(row: EnquiryRow) -> dict[str, object]:
    """One row in the form of `list`."""
    return {
        "reference": row.reference,
        "subject": row.subject,
        "councillor": row.councillor,
        "resident": row.resident,
        "service_area": row.service_area,
        "status": row.status.value,
        "acknowledge_by": row.acknowledge_by.isoformat() if row.acknowledge_by else None,
        "respond_by": row.respond_by.isoformat() if row.respond_by else None,
        "state": row.state.value,
    }
