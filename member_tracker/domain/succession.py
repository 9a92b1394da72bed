"""One council taking over from another: what came in before that day stays judged by the charter it came in under."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from member_tracker.domain.people import CouncilId, ServiceAreaId


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """A council that ends and the one that takes its place; `on` is the first day of the new one."""

    old: CouncilId
    new: CouncilId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOver:
    """Where an enquiry that was carried over to a new council came from."""

    from_council_id: CouncilId
    from_service_area_id: ServiceAreaId
    on: date


def council_on(council: CouncilId, day: date, successions: Iterable[Succession]) -> CouncilId:
    """The council that does the work of `council` on that day."""
    following = {succession.old: succession for succession in successions}
    seen = {council}
    while (step := following.get(council)) and step.on <= day and step.new not in seen:
        council = step.new
        seen.add(council)
    return council


def judging_council(council: CouncilId, received_on: date, carried: Iterable[CarriedOver]) -> CouncilId:
    """The council whose charter, calendar and closure days judge an enquiry: the one it was put to when it came in.

    `carried` is in order; what came in on or after the first day of the new council is judged by the new one.
    """
    return next((step.from_council_id for step in carried if received_on < step.on), council)
