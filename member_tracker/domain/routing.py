"""Where an enquiry goes: to another service area, up to somebody higher, or to a body outside the council."""

from dataclasses import replace

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.pause import open_pause
from member_tracker.domain.people import ServiceArea
from member_tracker.domain.vocabulary import Flag, Status, Word


class EscalationLevel(Word):
    """Who is told, in order, when an enquiry is late or serious."""

    HEAD_OF_SERVICE = "head_of_service"
    DIRECTOR = "director"
    CHIEF_EXECUTIVE = "chief_executive"


_UNSENT = (Status.DRAFT, Status.WAITING_TO_SEND)


def reroute(enquiry: Enquiry, area: ServiceArea, *, reason: str) -> Enquiry:
    """The enquiry with another service area, handed over once more; its date received and its clocks stay."""
    _must_be_unanswered(enquiry)
    _must_have_reason(reason, "A re-routed enquiry", "Say why the first service area is not the right one.")
    if area.id == enquiry.service_area_id:
        raise NotAllowed(f"{enquiry.reference} is with {area.name} already.", advice="Choose another service area.")
    if area.council_id != enquiry.council_id:
        raise NotAllowed(
            f"{area.name} belongs to another council.", advice="Pass it on instead: pass-on REFERENCE --to BODY"
        )
    if area.retired:
        raise NotAllowed(f"{area.name} no longer takes mail.", advice="Choose another service area.")
    waiting = open_pause(enquiry.pauses) is not None
    status = Status.WAITING_FOR_RESIDENT if waiting else Status.WITH_SERVICE_AREA
    return replace(
        _flagged(enquiry, Flag.REROUTED),
        service_area_id=area.id,
        status=enquiry.status if enquiry.status in _UNSENT else status,
        handovers=enquiry.handovers + 1,
    )


def escalate(enquiry: Enquiry, *, reason: str) -> Enquiry:
    """The enquiry once somebody higher has been told of it."""
    _must_be_open(enquiry)
    _must_have_reason(reason, "An escalation", "Say why somebody higher has to know.")
    return _flagged(enquiry, Flag.ESCALATED)


def pass_on(enquiry: Enquiry, *, reason: str) -> Enquiry:
    """The enquiry once a body outside the council has it: handed over, not answered, and its clocks run on."""
    _must_be_open(enquiry)
    _must_have_reason(reason, "Passing an enquiry on", "Say why the council cannot answer it.")
    return replace(_flagged(enquiry, Flag.OUTSIDE_BODY), handovers=enquiry.handovers + 1)


def _flagged(enquiry: Enquiry, flag: Flag) -> Enquiry:
    return enquiry if flag in enquiry.flags else replace(enquiry, flags=(*enquiry.flags, flag))


def _must_have_reason(reason: str, what: str, advice: str) -> None:
    if not reason.strip():
        raise Invalid(f"{what} needs a reason.", advice=advice)


def _must_be_open(enquiry: Enquiry) -> None:
    if not enquiry.status.is_open:
        raise NotAllowed(f"{enquiry.reference} is closed.", advice="Reopen it first.")


def _must_be_unanswered(enquiry: Enquiry) -> None:
    _must_be_open(enquiry)
    if enquiry.status in (Status.ANSWERED, Status.RESIDENT_TOLD):
        raise NotAllowed(
            f"{enquiry.reference} has been answered.", advice="Log a new enquiry for another service area."
        )
