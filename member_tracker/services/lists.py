"""Lists of enquiries and the counts beside them, for the window and for `list`."""

from dataclasses import dataclass
from datetime import date, timedelta

from member_tracker.domain.mailbag import MailPlace, ReceivedMail
from member_tracker.services.parts import OWN_DEVICE, App
from member_tracker.store.queries import Anchor, EnquiryPage, EnquiryRow, Order, TodayCounts, Wanted, Which

__all__ = [
    "Anchor",
    "EnquiryPage",
    "EnquiryRow",
    "Order",
    "TodayCounts",
    "TodayPage",
    "Wanted",
    "Which",
    "enquiry_page",
    "listed",
    "row_as_json",
    "today_page",
    "tray",
    "wanted",
    "working_days_on",
]

SOON_WORKING_DAYS = 2
_ROWS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayPage:
    """What needs somebody today: late answers, answers due within two working days, replies not yet decided on."""

    counts: TodayCounts
    overdue: tuple[EnquiryRow, ...]
    due_soon: tuple[EnquiryRow, ...]
    replies: tuple[EnquiryRow, ...]


def today_page(app: App, limit: int = 50) -> TodayPage:
    """The Today page; each list holds at most `limit` rows, the counts count all."""
    today, soon, now = app.today(), working_days_on(app, SOON_WORKING_DAYS), app.now()
    with app.store.reading() as tx:
        return TodayPage(
            counts=tx.counts(today=today, soon=soon, now=now, device=tx.local(OWN_DEVICE) or ""),
            overdue=tx.enquiry_rows(Wanted(which=Which.OVERDUE, today=today, now=now), limit=limit).rows,
            due_soon=tx.enquiry_rows(Wanted(which=Which.DUE_SOON, today=today, until=soon, now=now), limit=limit).rows,
            replies=tx.enquiry_rows(Wanted(which=Which.REPLIES, today=today, now=now), limit=limit).rows,
        )


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
