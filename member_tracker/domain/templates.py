"""Templates: the wording mails and letters begin with, and what they may say of an enquiry.

A template is plain text with names in double braces, such as {{ enquiry.subject }}, and conditions between {% if … %}
and {% endif %}. Every name is listed here, and no internal note is among them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Use(StrEnum):
    """What a template is for; `words` is how a person reads it."""

    TO_SERVICE_AREA = "to_service_area"
    REPLY = "reply"
    CHASE = "chase"
    ACKNOWLEDGEMENT = "acknowledgement"
    HOLDING = "holding"
    UPDATE = "update"
    QUESTION = "question"
    ANSWER = "answer"
    CLOSING = "closing"

    @property
    def words(self) -> str:
        """The name of the template that ships for it."""
        return _TITLES[self]

    @property
    def is_for_resident(self) -> bool:
        """Whether it goes to the resident, and not to a service area."""
        return self not in (Use.TO_SERVICE_AREA, Use.REPLY, Use.CHASE)

    @property
    def needed(self) -> tuple[str, ...]:
        """The names a template for this must have in it: customer standards say three of an acknowledgement."""
        return _NEEDED.get(self, ())


_TITLES = {
    Use.TO_SERVICE_AREA: "New enquiry to a service area",
    Use.REPLY: "Reply to a service area",
    Use.CHASE: "Chaser to a service area",
    Use.ACKNOWLEDGEMENT: "Acknowledgement to the resident",
    Use.HOLDING: "Holding reply to the resident",
    Use.UPDATE: "Update to the resident",
    Use.QUESTION: "Question to the resident",
    Use.ANSWER: "Answer to the resident",
    Use.CLOSING: "Closing letter to the resident",
}
_NEEDED = {
    Use.ACKNOWLEDGEMENT: ("how_we_help", "how_long", "keep_in_touch"),
    Use.QUESTION: ("question",),
    Use.ANSWER: ("answer",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTemplate:
    """A council's own wording; under the id of a use it stands in for the shipped one, else it is one more choice."""

    id: str
    name: str
    use: Use
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Wording to begin with; `is_own` where the council wrote it, `is_shipped` where a shipped one lies beneath."""

    id: str
    name: str
    use: Use
    text: str
    is_own: bool = False

    @property
    def is_shipped(self) -> bool:
        """Whether there is a shipped wording to go back to."""
        return self.id == self.use.value


Facts = Mapping[str, str]
"""What the names in a template stand for; an empty text where it is not known or may not leave."""

NAMES: Facts = {
    "today": "today’s date in words",
    "councillor.name": "the councillor who raised it",
    "writer.name": "who writes the mail",
    "council.name": "the council",
    "council.main_number": "the council’s main telephone number",
    "council.main_address": "the council’s address",
    "area.name": "the service area",
    "area.direct_number": "the service area’s own number",
    "area.last_wrote": "the day somebody of the service area last wrote about it",
    "enquiry.reference": "the reference",
    "enquiry.subject": "what it is about, in a few words",
    "enquiry.kind": "enquiry, complaint and so on",
    "enquiry.text": "what was asked",
    "enquiry.received": "when it was received",
    "enquiry.other_reference": "the service area’s own reference",
    "enquiry.acknowledge_by": "the day an acknowledgement is due",
    "enquiry.answer_by": "the day an answer is due",
    "enquiry.promised_on": "the day somebody promised an answer by",
    "resident.name": "the resident’s name, where it may leave",
    "resident.address": "their address, where it may leave",
    "resident.phone": "their telephone number, where it may leave",
    "resident.email": "their email address, where it may leave",
    "resident.prefers": "how they like to be reached, where anything of them may leave",
    "resident.language": "their language, where anything of them may leave",
    "resident.needs": "what they need to be able to read or hear it, where anything of them may leave",
    "answer": "the answer of the service area as it was accepted",
    "question": "what the service area asks of the resident, as it was accepted",
    "missing": "what a holding reply left out, as a request",
    "how_we_help": "what the councillor does about it",
    "how_long": "when an answer is expected",
    "keep_in_touch": "how the resident is kept informed",
}
"""Every name a template may have in it, with what it stands for."""
