"""What reports add up: enquiries counted off an index, month by month, and the rows behind one figure."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from member_tracker.domain.indicators import By, Tallied
from member_tracker.domain.period import Period, Stretch
from member_tracker.store.lists import Anchor, EnquiryPage, Wanted, Which, anchors_of, page_at
from member_tracker.store.moments import utc_text
from member_tracker.store.reading import Reading

_COLUMNS = {By.AREA: "service_area_id", By.WARD: "ward_id", By.COUNCILLOR: "raised_by", By.CHANNEL: "channel"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """Which enquiries: received in a period, of one group of a split (None with `everyone` False: of no group)."""

    period: Period
    by: By
    group: str | None = None
    everyone: bool = False


class Tallies(Reading):
    """A reading that counts."""

    def tallied(self, stretch: Stretch, by: By) -> Iterator[Tallied]:
        """The enquiries received in part of a month by group and by how they count, none that is merged or deleted.

        A whole month is read off its index alone.
        """
        where, given = _received(stretch)
        column = _COLUMNS[by]
        found = self._connection.execute(
            f"SELECT {column}, judged, handovers, count(*) FROM enquiry"  # noqa: S608 - fixed words
            f" WHERE {where} AND judged IS NOT NULL GROUP BY {column}, judged, handovers",
            given,
        )
        return map(Tallied._make, found)

    def rows_behind(
        self, behind: Behind, judged: Collection[str], *, now: datetime, limit: int, after: Anchor | None = None
    ) -> EnquiryPage:
        """The enquiries behind a figure that count in one of these ways, newest first, after an anchor."""
        anchors = self._anchors(behind, judged, limit, after) if judged else []
        wanted = Wanted(which=Which.ALL, today=now.date(), now=now)
        return page_at(self._connection, wanted, anchors, full=len(anchors) == limit)

    def _anchors(self, behind: Behind, judged: Collection[str], limit: int, after: Anchor | None) -> list[Anchor]:
        """The next ones, newest first; after an anchor first those of the same moment, for a pair does not seek."""
        where, given = _conditions(behind, judged)
        wide = f"SELECT e.received_at, e.pos FROM enquiry e WHERE {where}"  # noqa: S608 - fixed words
        newest = "ORDER BY e.received_at DESC, e.pos DESC LIMIT :limit"
        if after is None:
            return anchors_of(self._connection, f"{wide} {newest}", given | {"limit": limit})
        given |= {"at": after.key, "pos": after.pos, "limit": limit}
        found = anchors_of(self._connection, f"{wide} AND e.received_at = :at AND e.pos < :pos {newest}", given)
        given["limit"] = limit - len(found)
        return found + anchors_of(self._connection, f"{wide} AND e.received_at < :at {newest}", given)


def _received(stretch: Stretch) -> tuple[str, dict[str, object]]:
    if stretch.month is not None:
        return "received_month = :month", {"month": stretch.month}
    return "is_open >= 0 AND received_at >= :first AND received_at < :beyond", {
        "first": utc_text(stretch.part.starts_at),
        "beyond": utc_text(stretch.part.ends_at),
    }


def _conditions(behind: Behind, judged: Collection[str]) -> tuple[str, dict[str, object]]:
    given: dict[str, object] = {
        "first": utc_text(behind.period.starts_at),
        "beyond": utc_text(behind.period.ends_at),
        "judged": json.dumps(list(judged)),
    }
    where = (
        "e.is_open >= 0 AND e.received_at >= :first AND e.received_at < :beyond"
        " AND e.judged IN (SELECT value FROM json_each(:judged))"
    )
    if behind.everyone:
        return where, given
    column = _COLUMNS[behind.by]
    if behind.group is None:
        return f"{where} AND e.{column} IS NULL", given
    return f"{where} AND e.{column} = :group", given | {"group": behind.group}
