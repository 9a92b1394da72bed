"""The duty officers of a service area: who is asked whether they are there before an enquiry is sent."""

import re
from collections.abc import Sequence
from dataclasses import replace

from member_tracker.domain.errors import Invalid
from member_tracker.domain.people import DutyOfficer, ServiceArea
from member_tracker.services.editing import checked_email
from member_tracker.services.parts import App, author_of
from member_tracker.services.people import clean_name, service_area_named
from member_tracker.services.setup import service_areas_as_json

_NAME_AND_ADDRESS = re.compile(r"\s*\"?([^<>\"]*)\"?\s*<([^<>]*)>\s*")


def duty_officer_said(said: str) -> DutyOfficer:
    """A duty officer written as `Name <address>`; raises `Invalid` for anything else."""
    found = _NAME_AND_ADDRESS.fullmatch(said)
    if found is None:
        raise Invalid(
            f"“{said}” is not a name with an address.", advice="Write it as: Sam Reed <sam.reed@council.example.org>"
        )
    return DutyOfficer(name=clean_name(found[1], "duty officer"), email=checked_email(found[2].strip()))


def keep_duty_officers(app: App, area: str, officers: Sequence[DutyOfficer]) -> ServiceArea:
    """Let these be the duty officers of the service area of that name, asked in this order."""
    names = [officer.name.casefold() for officer in officers]
    if len(set(names)) < len(names):
        raise Invalid("Two duty officers have one name.", advice="Write the names so that they differ.")
    with app.store.writing(author=author_of(app)) as tx:
        changed = replace(service_area_named(tx, app, area), duty_officers=tuple(officers))
        tx.save(changed)
    return changed


def areas_as_json(app: App) -> list[dict[str, object]]:
    """The service areas with what is known of them, their duty officers too."""
    with app.store.reading() as tx:
        officers = {area.name: area.duty_officers for area in tx.every(ServiceArea)}
    return [
        {
            **area,
            "duty_officers": [
                {"name": officer.name, "email": officer.email} for officer in officers.get(str(area["name"]), ())
            ],
        }
        for area in service_areas_as_json(app)
    ]
