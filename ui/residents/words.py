"""The words for what is kept of a resident."""

from collections.abc import Mapping

from member_tracker.domain.people import Resident
from ui.language import tr

FIELDS: Mapping[str, str] = {
    "name": tr("Name"),
    "kind": tr("Kind"),
    "address": tr("Address"),
    "phone": tr("Telephone"),
    "email": tr("Email"),
    "preferred_channel": tr("Prefers"),
    "language": tr("Language"),
    "communication_needs": tr("Needs"),
}
"""The fields of a resident in the order they are shown, with the words beside them."""

USUAL_NEEDS = (
    tr("Large print"),
    tr("Braille"),
    tr("Audio"),
    tr("Easy read"),
    tr("British Sign Language interpreter"),
    tr("Text relay"),
    tr("Somebody with them"),
)


def shown(resident: object, name: str) -> str:
    """One field as it is shown; nothing where it is not known."""
    value = getattr(resident, name)
    words = getattr(value, "words", None)
    return "" if value is None else str(words if words is not None else value)


def one_line(resident: Resident) -> str:
    """Who somebody is, in one line: name and where they live or write from."""
    where = (resident.address or "").replace("\n", ", ") or resident.email or resident.phone
    return f"{resident.name}, {where}" if where else resident.name
