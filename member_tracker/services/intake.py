"""Logging an enquiry by names, as the command line and imports do; everything made is made in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.people import Council, Councillor, Resident, ServiceArea
from member_tracker.domain.vocabulary import Channel, Kind, Priority, Stage
from member_tracker.services.enquiries import Draft, log_in
from member_tracker.services.parts import App, author_of
from member_tracker.services.people import (
    councillor_made,
    resident_made,
    same_name,
    service_area_named,
    the_one_named,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """An enquiry as somebody types it, people and places by name."""

    councillor: str
    resident: str
    service_area: str
    channel: Channel
    subject: str
    text: str
    council: str | None = None
    resident_id: str | None = None
    kind: Kind = Kind.ENQUIRY
    stage: Stage | None = None
    priority: Priority = Priority.NORMAL
    received_at: datetime | None = None


def log_by_name(app: App, intake: Intake) -> Enquiry:
    """Log the enquiry, making the resident, and the councillor, where they are not known yet."""
    with app.store.writing(author=author_of(app)) as tx:
        council = the_one_named(tx.every(Council), intake.council, "council") if intake.council is not None else None
        area = service_area_named(tx, app, intake.service_area, council)
        councillor = councillor_made(tx, app, intake.councillor, area.council_id)
        if intake.resident_id is not None:
            resident = tx.get(Resident, intake.resident_id)
            if resident.councillor_id != councillor.id:
                raise NotAllowed(
                    f"That resident is not in {councillor.name}'s casework.",
                    advice="Leave --resident-id out to make a record of their own.",
                )
            if not same_name(intake.resident, resident.name):
                raise NotAllowed(
                    f"That id is {resident.name}'s, not {intake.resident}'s.",
                    advice="Give the name and the id of one and the same resident.",
                )
        else:
            resident = resident_made(tx, app, councillor.id, intake.resident)
        return log_in(tx, app, draft_of(intake, councillor, resident, area))


def draft_of(intake: Intake, councillor: Councillor, resident: Resident, area: ServiceArea) -> Draft:
    """The enquiry as it was typed, its people and places found."""
    return Draft(
        raised_by=councillor.id,
        resident_id=resident.id,
        service_area_id=area.id,
        channel=intake.channel,
        subject=intake.subject,
        text=intake.text,
        kind=intake.kind,
        stage=intake.stage,
        priority=intake.priority,
        received_at=intake.received_at,
    )
