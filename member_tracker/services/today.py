"""Today: what needs somebody, in three short lists. It asks little of the program, so that it can be shown first."""

from dataclasses import dataclass
from datetime import date, datetime

from member_tracker.domain.dates import local_date
from member_tracker.services.own import OWN_DEVICE
from member_tracker.store.lists import EnquiryRow, Wanted, Which
from member_tracker.store.today import TodayCounts, TodayReading

SOON_WORKING_DAYS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayPage:
    """What needs somebody today: late answers, answers due within two working days, replies not yet decided on."""

    today: date
    counts: TodayCounts
    overdue: tuple[EnquiryRow, ...]
    due_soon: tuple[EnquiryRow, ...]
    replies: tuple[EnquiryRow, ...]


def read_today(tx: TodayReading, *, now: datetime, soon: date, limit: int = 50) -> TodayPage:
    """The Today page of that moment; `soon` is the last day that counts as soon, each list has at most `limit` rows."""
    today = local_date(now)

    def rows(which: Which, until: date | None = None) -> tuple[EnquiryRow, ...]:
        return tx.rows_in_order(Wanted(which=which, today=today, until=until, now=now), limit=limit).rows

    return TodayPage(
        today=today,
        counts=tx.counts(today=today, soon=soon, now=now, device=tx.local(OWN_DEVICE) or ""),
        overdue=rows(Which.OVERDUE),
        due_soon=rows(Which.DUE_SOON, soon),
        replies=rows(Which.REPLIES),
    )
