"""A duty officer as somebody types one."""

import re

from member_tracker.domain.errors import Invalid
from member_tracker.domain.people import DutyOfficer
from member_tracker.services.editing import checked_email
from member_tracker.services.people import clean_name

_NAME_AND_ADDRESS = re.compile(r"\s*\"?([^<>\"]*)\"?\s*<([^<>]*)>\s*")


def duty_officer_said(said: str) -> DutyOfficer:
    """A duty officer written as `Name <address>`; raises `Invalid` for anything else."""
    found = _NAME_AND_ADDRESS.fullmatch(said)
    if found is None:
        raise Invalid(
            f"“{said}” is not a name with an address.", advice="Write it as: Sam Reed <sam.reed@council.example.org>"
        )
    return DutyOfficer(name=clean_name(found[1], "duty officer"), email=checked_email(found[2].strip()))
