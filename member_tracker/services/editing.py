"""Changing an enquiry's facts by name, as `edit REFERENCE FIELD=VALUE` does; words are checked, steps are not edits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.people import Resident, ResidentId, Ward
from member_tracker.domain.values import one_line, plain_text, with_fields
from member_tracker.domain.vocabulary import Channel, Kind, Priority, Stage, Status
from member_tracker.services.charters import local_time
from member_tracker.services.enquiries import save_edited_in
from member_tracker.services.parts import App, author_of
from member_tracker.services.people import (
    clean_name,
    councillor_named,
    nearest_names,
    resident_named,
    same_name,
    service_area_named,
    the_one_named,
)
from member_tracker.store.store import Transaction

W = TypeVar("W", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Editing:
    """An enquiry and its resident as they are being changed, within one transaction."""

    app: App
    tx: Transaction
    enquiry: Enquiry
    resident: Resident


Change = Callable[[Editing, str], Editing]


def edit_enquiry(app: App, enquiry_id: EnquiryId, said: Sequence[str]) -> Enquiry:
    """Change the fields named in `FIELD=VALUE` words; an empty value clears a field that may be empty."""
    changes = dict(split_field(word) for word in said)
    with app.store.writing(author=author_of(app)) as tx:
        before = tx.get(Enquiry, enquiry_id)
        resident = tx.get(Resident, before.resident_id)
        editing = Editing(app=app, tx=tx, enquiry=before, resident=resident)
        for name in sorted(changes, key=_in_turn):
            editing = change_named(name)(editing, changes[name])
        if (editing.enquiry, editing.resident) == (before, resident):
            return before
        tx.save(editing.resident)
        return save_edited_in(tx, app, before, editing.enquiry, changes)


def _in_turn(name: str) -> int:
    """Whom it is about and its kind are changed first, for what else is said holds of that resident and that kind."""
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def split_field(word: str) -> tuple[str, str]:
    """The name and value of a `FIELD=VALUE` word; raises `Invalid` for anything else."""
    name, equals, value = word.partition("=")
    if not equals or not name.strip():
        raise Invalid(f"“{word}” is not FIELD=VALUE.", advice="Write for example: priority=urgent")
    return name.strip().replace("-", "_").casefold(), plain_text(value)


def change_named(name: str) -> Change:
    """How the field of that name is changed; raises with advice where it is a step or unknown."""
    if name in _CHANGES:
        return _CHANGES[name]
    if name in _STEPS:
        raise NotAllowed(f"{name} is not edited.", advice=f"It follows from what is done: {_STEPS[name]}.")
    raise Invalid(f"An enquiry has no field “{name}”.", advice=f"Did you mean {nearest_names(name, _CHANGES)}?")


def word_of(words: type[W], said: str, what: str) -> W:
    """The stored word as typed; raises `Invalid` naming the words there are."""
    for word in words:
        if said.strip().casefold().replace(" ", "_").replace("-", "_") == word.value:
            return word
    known = ", ".join(word.value for word in words)
    raise Invalid(f"“{said}” is not a {what}.", advice=f"Use one of: {known}.")


def _set_councillor(editing: Editing, value: str) -> Editing:
    councillor = councillor_named(editing.tx, value)
    if councillor.id == editing.enquiry.raised_by:
        return editing
    resident = replace(editing.resident, id=ResidentId(editing.app.new_id()), councillor_id=councillor.id)
    enquiry = replace(editing.enquiry, raised_by=councillor.id, resident_id=resident.id)
    return replace(editing, enquiry=enquiry, resident=resident)


def _set_resident(editing: Editing, value: str) -> Editing:
    if same_name(value, editing.resident.name):
        return editing
    resident = resident_named(editing.tx, editing.enquiry.raised_by, value)
    return replace(editing, enquiry=replace(editing.enquiry, resident_id=resident.id), resident=resident)


def _set_resident_id(editing: Editing, value: str) -> Editing:
    resident = editing.tx.get(Resident, value)
    if resident.councillor_id != editing.enquiry.raised_by:
        raise NotAllowed(
            "That resident belongs to another councillor's casework.",
            advice="Give the resident's name instead; a record of their own is then made.",
        )
    return replace(editing, enquiry=replace(editing.enquiry, resident_id=resident.id), resident=resident)


def _set_resident_name(editing: Editing, value: str) -> Editing:
    return replace(editing, resident=replace(editing.resident, name=clean_name(value, "resident")))


def _set_service_area(editing: Editing, value: str) -> Editing:
    area = service_area_named(editing.tx, editing.app, value)
    if editing.enquiry.status is not Status.DRAFT and area.id != editing.enquiry.service_area_id:
        raise NotAllowed(
            f"{editing.enquiry.reference} is already on its way to its service area.",
            advice=f"Re-route it: reroute {editing.enquiry.reference} --to AREA --reason T",
        )
    return replace(editing, enquiry=replace(editing.enquiry, service_area_id=area.id))


def _set_ward(editing: Editing, value: str) -> Editing:
    ward_id = the_one_named(editing.tx.every(Ward), value, "ward").id if value else None
    return replace(editing, enquiry=replace(editing.enquiry, ward_id=ward_id))


def _set_kind(editing: Editing, value: str) -> Editing:
    kind = word_of(Kind, value, "kind")
    stage = (editing.enquiry.stage or Stage.ONE) if kind is Kind.COMPLAINT else None
    return replace(editing, enquiry=replace(editing.enquiry, kind=kind, stage=stage))


def _set_stage(editing: Editing, value: str) -> Editing:
    if editing.enquiry.kind is not Kind.COMPLAINT:
        raise NotAllowed("Only a complaint has stages.", advice="Set kind=complaint first.")
    return replace(editing, enquiry=replace(editing.enquiry, stage=word_of(Stage, value, "stage")))


def _set_channel(editing: Editing, value: str) -> Editing:
    return replace(editing, enquiry=replace(editing.enquiry, channel=word_of(Channel, value, "channel")))


def _set_priority(editing: Editing, value: str) -> Editing:
    return replace(editing, enquiry=replace(editing.enquiry, priority=word_of(Priority, value, "priority")))


def _set_officer_back_at(editing: Editing, value: str) -> Editing:
    back_at = local_time(value) if value else None
    return replace(editing, enquiry=replace(editing.enquiry, officer_back_at=back_at))


def _set_received_at(editing: Editing, value: str) -> Editing:
    received_at = local_time(value)
    if received_at > editing.app.now():
        raise Invalid("The date received is still to come.", advice="Give the date the contact came in.")
    return replace(editing, enquiry=replace(editing.enquiry, received_at=received_at))


def _set_special_category(editing: Editing, value: str) -> Editing:
    words = {"yes": True, "no": False}
    if value.casefold() not in words:
        raise Invalid(f"“{value}” is neither yes nor no.", advice="Write special_category=yes or special_category=no.")
    return replace(editing, enquiry=replace(editing.enquiry, special_category=words[value.casefold()]))


def _set_tier(editing: Editing, value: str) -> Editing:
    if value and value not in ("1", "2", "3"):
        raise Invalid(f"“{value}” is not a tier.", advice="Use 1, 2 or 3.")
    return replace(editing, enquiry=replace(editing.enquiry, tier=int(value) if value else None))


def _set_tags(editing: Editing, value: str) -> Editing:
    tags = tuple(dict.fromkeys(tag.strip() for tag in value.split(",") if tag.strip()))
    return replace(editing, enquiry=replace(editing.enquiry, tags=tags))


def _needed_text(name: str) -> Change:
    def change(editing: Editing, value: str) -> Editing:
        if not value:
            raise Invalid(f"The {name} may not be empty.", advice=f"Write {name}=… with something after it.")
        return replace(editing, enquiry=with_fields(editing.enquiry, {name: value}))

    return change


def _set_subject(editing: Editing, value: str) -> Editing:
    return _needed_text("subject")(editing, one_line(value))


def _optional_text(name: str) -> Change:
    return lambda editing, value: replace(editing, enquiry=with_fields(editing.enquiry, {name: value or None}))


def _resident_text(name: str) -> Change:
    return lambda editing, value: replace(editing, resident=with_fields(editing.resident, {name: value or None}))


def _set_resident_email(editing: Editing, value: str) -> Editing:
    return replace(editing, resident=replace(editing.resident, email=checked_email(value) if value else None))


def _set_preferred_channel(editing: Editing, value: str) -> Editing:
    channel = word_of(Channel, value, "channel") if value else None
    return replace(editing, resident=replace(editing.resident, preferred_channel=channel))


def checked_email(value: str) -> str:
    """An email address that can be written to; raises `Invalid` with what is wrong."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(value, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise Invalid(f"“{value}” is not an email address.", advice=str(error)) from error


_FIRST = ("councillor", "resident", "resident_id", "kind")

_CHANGES: Mapping[str, Change] = {
    "councillor": _set_councillor,
    "resident": _set_resident,
    "resident_id": _set_resident_id,
    "resident_name": _set_resident_name,
    "resident_email": _set_resident_email,
    "resident_phone": _resident_text("phone"),
    "resident_address": _resident_text("address"),
    "resident_preferred_channel": _set_preferred_channel,
    "resident_language": _resident_text("language"),
    "resident_communication_needs": _resident_text("communication_needs"),
    "service_area": _set_service_area,
    "ward": _set_ward,
    "kind": _set_kind,
    "stage": _set_stage,
    "channel": _set_channel,
    "priority": _set_priority,
    "received_at": _set_received_at,
    "officer_back_at": _set_officer_back_at,
    "subject": _set_subject,
    "text": _needed_text("text"),
    "tier": _set_tier,
    "other_reference": _optional_text("other_reference"),
    "tags": _set_tags,
    "special_category": _set_special_category,
    "findings": _optional_text("findings"),
    "solution": _optional_text("solution"),
}

_STEPS = {
    "status": "use send, accept, tell, close or reopen",
    "flags": "they are set by re-routing, escalating and passing on",
    "state": "it is worked out from the charter",
    "reference": "a reference never changes",
    "id": "an identity never changes",
    "entered_by": "it is whoever typed the enquiry in",
    "acknowledge_by": "it is worked out from the charter; change received_at, channel or kind",
    "respond_by": "it is worked out from the charter; change received_at, channel or kind",
    "acknowledged_at": "accept the acknowledgement",
    "holding_at": "accept the holding reply",
    "promised_on": "accept the holding reply, with promised_on=DATE",
    "answered_at": "accept the answer",
    "told_at": "use tell",
    "closed_at": "use close",
    "close_reason": "use close --reason",
    "sent_at": "use send, then post",
    "logged_at": "it is when the enquiry was typed in",
    "charter": "it is the charter in force on the day received",
    "reopened": "it counts how often the enquiry was reopened",
}
