"""What else can be done to an enquiry beside sending, telling and closing: each with its words, fields and deed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_tracker.domain.consent import THE_COUNCIL, ConsentKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.routing import EscalationLevel
from member_tracker.domain.vocabulary import Kind, Stage, Status
from ui.enquiries.small_form import Answers, Ask, Asks
from ui.enquiries.step_deeds import (
    WITHDRAWN,
    call_deed,
    complain_deed,
    consent_deed,
    delete_deed,
    escalate_deed,
    extend_deed,
    merge_deed,
    pass_on_deed,
    pause_deed,
    promise_deed,
    reroute_deed,
    resume_deed,
    stage_two_deed,
    unmerge_deed,
)

if TYPE_CHECKING:
    from member_tracker.app import App

Choices = dict[str, tuple[tuple[str, str], ...]]
"""What can be chosen in a field that only the office knows the values of, by the field's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: what the menu calls it, what the form says and asks, when it is offered, and what is done."""

    name: str
    text: str
    title: str
    explanation: str
    agree: str
    asks: tuple[Ask, ...]
    offered: Callable[[Enquiry], bool]
    deed: Callable[["App", Enquiry, Answers], object]


def read_choices(app: "App") -> Choices:
    """The service areas an enquiry may be handed to, by name."""
    from member_tracker.domain.people import OutsideBody, ServiceArea, in_being
    from member_tracker.services.parts import the_council

    with app.store.reading() as tx:
        areas = [
            area.name
            for area in tx.every(ServiceArea, council_id=the_council(tx).id)
            if not area.retired and in_being(area, app.today())
        ]
        bodies = [body.name for body in tx.every(OutsideBody)]
    consenting = [(THE_COUNCIL, "The council and its service areas"), *((name, name) for name in bodies)]
    return {"to_area": tuple((name, name) for name in areas), "body": tuple(consenting)}


def _is_owed(enquiry: Enquiry) -> bool:
    return enquiry.status.is_open and enquiry.answered_at is None


def _is_paused(enquiry: Enquiry) -> bool:
    return enquiry.status is Status.WAITING_FOR_RESIDENT or any(pause.until_at is None for pause in enquiry.pauses)


_REASON = Ask(name="reason", label="&Reason", needed="Say why, in a few words.")
_LEVELS = tuple((level.value, level.words) for level in EscalationLevel)
_KINDS = (*((kind.value, kind.words) for kind in ConsentKind), (WITHDRAWN, "Withdrawn"))

STEPS: tuple[Step, ...] = (
    Step(
        name="pause",
        text="&Pause the clock…",
        title="Pause the clock",
        explanation="While the resident is asked, the days do not count. The acknowledgement is still owed.",
        agree="&Pause it",
        asks=(
            Ask(name="reason", label="What the resident was &asked", needed="Say what the resident was asked."),
            Ask(name="from_at", label="&Since", asks=Asks.MOMENT, example="now; or yesterday 16:50, 24 nov"),
        ),
        offered=lambda enquiry: _is_owed(enquiry) and not _is_paused(enquiry),
        deed=pause_deed,
    ),
    Step(
        name="resume",
        text="Let the clock &run again…",
        title="Let the clock run again",
        explanation="The resident has answered: the days count again, and the answer is due later by the days between.",
        agree="Let it &run",
        asks=(Ask(name="at", label="Answered &on", asks=Asks.MOMENT, example="now; or yesterday 16:50, 24 nov"),),
        offered=lambda enquiry: _is_owed(enquiry) and _is_paused(enquiry),
        deed=resume_deed,
    ),
    Step(
        name="extend",
        text="Agree a &later day…",
        title="Agree a later day",
        explanation="Figures are given with this extension and without it.",
        agree="&Agree it",
        asks=(
            Ask(
                name="until", label="New &day", asks=Asks.DAY, example="4 dec, friday, +5wd",
                needed="Give the day that was agreed.",
            ),
            _REASON,
            Ask(name="agreed_by", label="Agreed &by", needed="Name who agreed it."),
        ),
        offered=_is_owed,
        deed=extend_deed,
    ),
    Step(
        name="promise",
        text="Note a pr&omise…",
        title="Note a promise",
        explanation="Somebody said by when the answer comes. It moves no due date, and it is seen if it is broken.",
        agree="&Note it",
        asks=(
            Ask(
                name="on", label="Promised for the &day", asks=Asks.DAY, example="4 dec, friday, +5wd",
                needed="Give the day that was promised.",
            ),
            Ask(name="by", label="Promised &by", needed="Name who promised it."),
        ),
        offered=_is_owed,
        deed=promise_deed,
    ),
    Step(
        name="call",
        text="Note a &telephone call…",
        title="Note a telephone call",
        explanation="It is kept as an internal note: for your office alone, and never put into a mail.",
        agree="&Note it",
        asks=(
            Ask(name="who", label="&With whom", needed="Name who was on the telephone."),
            Ask(name="what", label="What was &said", asks=Asks.TEXT, needed="Say in a few words what was said."),
        ),
        offered=lambda _enquiry: True,
        deed=call_deed,
    ),
    Step(
        name="reroute",
        text="&Hand over to another service area…",
        title="Hand over to another service area",
        explanation="The date received and the clocks stay. If it was sent before, it is sent there too.",
        agree="&Hand it over",
        asks=(Ask(name="to_area", label="To &service area", asks=Asks.CHOICE), _REASON),
        offered=_is_owed,
        deed=reroute_deed,
    ),
    Step(
        name="escalate",
        text="&Escalate…",
        title="Escalate",
        explanation="It is noted that somebody higher has to know. Nothing is sent by itself.",
        agree="&Escalate it",
        asks=(Ask(name="to", label="&To", asks=Asks.CHOICE, choices=_LEVELS), _REASON),
        offered=lambda enquiry: enquiry.status.is_open,
        deed=escalate_deed,
    ),
    Step(
        name="passOn",
        text="Pass to an outside &body…",
        title="Pass to an outside body",
        explanation="It is noted that a body outside the council has it now. The clocks run on.",
        agree="&Pass it on",
        asks=(Ask(name="to", label="&Body", needed="Name the body, such as a water company."), _REASON),
        offered=lambda enquiry: enquiry.status.is_open,
        deed=pass_on_deed,
    ),
    Step(
        name="consent",
        text="&What the resident agreed to…",
        title="What the resident agreed to",
        explanation="It decides what of the resident leaves the office from now on, in what waits to be sent too.",
        agree="&Keep it",
        asks=(
            Ask(name="kind", label="&Consent", asks=Asks.CHOICE, choices=_KINDS, value=ConsentKind.EXPLICIT.value),
            Ask(name="how", label="&How it was given", example="by telephone on Monday"),
            Ask(name="body", label="&For", asks=Asks.CHOICE),
            Ask(name="until", label="&Until", asks=Asks.DAY, example="without end"),
            Ask(name="special", label="Health, &belief and the like included", asks=Asks.YES_NO),
        ),
        offered=lambda _enquiry: True,
        deed=consent_deed,
    ),
    Step(
        name="merge",
        text="&Merge into another enquiry…",
        title="Merge into another enquiry",
        explanation="The other enquiry stays, with the earliest date received and the stricter clock.",
        agree="&Merge it",
        asks=(
            Ask(
                name="into", label="Reference of the &other", example="ENQ-7K3M-142-XR",
                needed="Give the reference of the enquiry that is to stay.",
            ),
        ),
        offered=lambda enquiry: enquiry.status.is_open and enquiry.merged is None,
        deed=merge_deed,
    ),
    Step(
        name="unmerge",
        text="Ta&ke apart again",
        title="Take apart again",
        explanation="What was merged becomes an enquiry of its own again, as it stood. Both are counted anew.",
        agree="&Take apart",
        asks=(),
        offered=lambda enquiry: enquiry.merged is not None,
        deed=unmerge_deed,
    ),
    Step(
        name="complain",
        text="Make it a &complaint…",
        title="Make it a complaint",
        explanation="It keeps the date it was received, and is judged by the standard for complaints.",
        agree="&Make it a complaint",
        asks=(
            Ask(
                name="stage", label="&Stage", asks=Asks.CHOICE, value=Stage.ONE.value,
                choices=((Stage.INFORMAL.value, Stage.INFORMAL.words), (Stage.ONE.value, "Stage 1")),
            ),
            Ask(name="decided_by", label="Decided &by", example="the officer who decides it"),
            Ask(name="serious", label="&Why it goes to the Chief Executive", example="only where it is serious"),
        ),
        offered=lambda enquiry: enquiry.status.is_open
        and (enquiry.kind is not Kind.COMPLAINT or enquiry.stage is Stage.INFORMAL),
        deed=complain_deed,
    ),
    Step(
        name="stageTwo",
        text="Stage &2 was asked for…",
        title="Stage 2 was asked for",
        explanation="A record of its own is made, whose clock runs from when the request came.",
        agree="&Begin stage 2",
        asks=(
            Ask(
                name="because", label="&Why the resident is not satisfied", asks=Asks.TEXT,
                needed="Say why the resident is not satisfied.",
            ),
            Ask(name="received", label="Request &received", asks=Asks.MOMENT, example="now; or yesterday 16:50"),
            Ask(name="decided_by", label="Decided &by", example="not whoever decided stage 1"),
        ),
        offered=lambda enquiry: enquiry.kind is Kind.COMPLAINT and enquiry.stage is Stage.ONE,
        deed=stage_two_deed,
    ),
    Step(
        name="delete",
        text="&Delete: logged by mistake",
        title="Delete",
        explanation="It lies among the recently deleted for thirty days, in the File menu, and can be put back.",
        agree="&Delete it",
        asks=(),
        offered=lambda enquiry: enquiry.deleted_at is None,
        deed=delete_deed,
    ),
)  # fmt: skip


def steps_for(enquiry: Enquiry) -> tuple[Step, ...]:
    """The steps this enquiry can take now, in the order of the menu."""
    return tuple(step for step in STEPS if step.offered(enquiry))
