"""A holding reply: no answer, but who is dealing with it, why it takes longer, until when, and an urgent number."""

from dataclasses import dataclass
from datetime import date

from member_tracker.domain.errors import Invalid
from member_tracker.domain.values import listed

_FEWEST_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingReply:
    """What a holding reply says; empty, or no date, where it says nothing of it."""

    who: str = ""
    why: str = ""
    promised_on: date | None = None
    urgent_number: str = ""

    @property
    def gaps(self) -> tuple[str, ...]:
        """What it leaves out of the four things it owes, in words and in order."""
        said = {
            "who is dealing with it": bool(self.who.strip()),
            "why it takes longer": bool(self.why.strip()),
            "the day a full reply is promised": self.promised_on is not None,
            "a telephone number if it is urgent": _is_number(self.urgent_number),
        }
        return tuple(gap for gap, filled in said.items() if not filled)

    @property
    def is_in_full(self) -> bool:
        """Whether it says all four things."""
        return not self.gaps

    @property
    def is_only_an_acknowledgement(self) -> bool:
        """Whether it promises no day, so that it says no more than that the enquiry has arrived."""
        return self.promised_on is None

    @property
    def chaser(self) -> str:
        """A request for what is missing, to be offered as a chaser; empty where nothing is."""
        if not self.gaps:
            return ""
        return f"Thank you for your holding reply. Please also tell us {listed(self.gaps)}."


def must_be_in_full(holding: HoldingReply, *, written_on: date) -> HoldingReply:
    """A holding reply that we write ourselves: `Invalid`, naming each gap, unless it says all four things."""
    if holding.gaps:
        raise Invalid(f"The holding reply does not say {listed(holding.gaps)}.", advice="Fill that in, then send it.")
    if holding.promised_on is not None and holding.promised_on < written_on:
        raise Invalid("The holding reply promises a day that has passed.", advice="Give a day that is still to come.")
    return holding


def _is_number(text: str) -> bool:
    return sum(each.isdigit() for each in text) >= _FEWEST_DIGITS
