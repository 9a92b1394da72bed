"""The places one can go to from the navigation, in order: Ctrl+1 to Ctrl+9."""

from dataclasses import dataclass
from enum import Enum, StrEnum

from ui.language import tr


class Place(StrEnum):
    """A place in the navigation; lists carry the stored word of what they show."""

    TODAY = "today"
    OPEN = "open"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    UNMATCHED = "unmatched"
    ALL = "all"
    RESIDENTS = "residents"
    REPORTS = "reports"
    SORT_OUT = "sync"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """How a place is signposted: its name, the heading of its list with a mnemonic, and what an empty one says."""

    name: str
    heading: str
    empty: str


class Signs(Enum):
    """The signs of every place."""

    TODAY = Sign(name=tr("Today"), heading=tr("Today"), empty="")
    OPEN = Sign(
        name=tr("Open"),
        heading=tr("Open enq&uiries"),
        empty=tr("No enquiry is open.\nLog one with Ctrl+N and it is listed here until it is closed."),
    )
    OVERDUE = Sign(
        name=tr("Overdue"),
        heading=tr("Overdue enq&uiries"),
        empty=tr("Nothing is overdue.\nAn enquiry comes here the day after its answer was due."),
    )
    DUE_SOON = Sign(
        name=tr("Due soon"),
        heading=tr("Enq&uiries due soon"),
        empty=tr("Nothing is due in the next two working days.\nOpen shows what is due later."),
    )
    UNMATCHED = Sign(
        name=tr("Unmatched mail"),
        heading=tr("&Unmatched mail"),
        empty=tr("No mail waits to be placed.\nPress F5 to look for new mail."),
    )
    ALL = Sign(
        name=tr("All"),
        heading=tr("All enq&uiries"),
        empty=tr("There are no enquiries yet.\nLog the first one with Ctrl+N."),
    )
    RESIDENTS = Sign(name=tr("Residents"), heading=tr("Residents"), empty="")
    REPORTS = Sign(name=tr("Reports"), heading=tr("Reports"), empty="")
    SORT_OUT = Sign(name=tr("Changes to sort out"), heading=tr("Changes to sort out"), empty="")


def sign_of(place: Place) -> Sign:
    """The sign of a place."""
    return Signs[place.name].value


def places() -> tuple[Place, ...]:
    """The places, in order."""
    return tuple(Place)
