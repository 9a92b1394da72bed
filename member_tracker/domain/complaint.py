"""Complaints: informal, stage 1 and stage 2, who decides each, and the dates that carry from one to the next.

An informal complaint made formal is the same record with the same date received. Stage 2 is a record of its own: its
clock runs from the day the request for it came, it is linked to stage 1, and what was judged at stage 1 stays so.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.vocabulary import Stage, Word

OMBUDSMAN = "the Local Government and Social Care Ombudsman"
FINAL_RESPONSE = (
    f"This is the council's final response. If you are still unhappy, you can ask {OMBUDSMAN} to look at it."
)


class Decider(Word):
    """Who decides a complaint, by the officer's place in the council."""

    MANAGER = "manager"
    HEAD_OF_SERVICE = "head_of_service"
    CHIEF_EXECUTIVE = "chief_executive"

    @property
    def words(self) -> str:
        """The decider as the policy names it."""
        return _DECIDERS[self]


_DECIDERS = {
    Decider.MANAGER: "Team leader or manager",
    Decider.HEAD_OF_SERVICE: "Head of service or senior management",
    Decider.CHIEF_EXECUTIVE: "Chief Executive",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintRoute:
    """What a complaint carries beside its stage; every field has its empty value where it does not apply.

    `serious` is why it goes straight to the Chief Executive, and `decided_by` the officer who decides this stage. From
    stage 2 `stage_one_id` and `first_received_at` lead back to stage 1, and `dissatisfied` is why it was asked for.
    """

    serious: str = ""
    decided_by: str = ""
    stage_one_id: str | None = None
    first_received_at: datetime | None = None
    dissatisfied: str = ""

    def decider(self, stage: Stage) -> Decider | None:
        """Who decides this complaint at that stage."""
        return who_decides(stage, serious=bool(self.serious))


def send_to_chief_executive(route: ComplaintRoute, *, why: str) -> ComplaintRoute:
    """The route of a complaint too serious for its stage: straight to the Chief Executive, with the reason."""
    if not why.strip():
        raise Invalid("A complaint goes to the Chief Executive for a reason.", advice="Say why it is that serious.")
    return replace(route, serious=why)


def who_decides(stage: Stage, *, serious: bool = False) -> Decider | None:
    """Who decides at that stage, the Chief Executive where it is serious; None for one settled where it was made."""
    if serious:
        return Decider.CHIEF_EXECUTIVE
    return {Stage.ONE: Decider.MANAGER, Stage.TWO: Decider.HEAD_OF_SERVICE}.get(stage)


def must_differ_in_decider(stage_one_decided_by: str, stage_two_decided_by: str) -> None:
    """Stage 2 is decided by somebody else than stage 1: council practice, `NotAllowed` where it is the same person."""
    if stage_one_decided_by and _same(stage_one_decided_by) == _same(stage_two_decided_by):
        raise NotAllowed(
            f"{stage_two_decided_by} decided stage 1 of this complaint.",
            advice="Choose another head of service or director for stage 2.",
        )


def closing_words(stage: Stage) -> str:
    """What the last letter of that stage must say; empty where nothing is prescribed."""
    return FINAL_RESPONSE if stage is Stage.TWO else ""


def _same(name: str) -> str:
    return " ".join(name.casefold().split())
