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
from ui.language import tr, tr_word

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
    consenting = [(THE_COUNCIL, tr("The council and its service areas")), *((name, name) for name in bodies)]
    return {"to_area": tuple((name, name) for name in areas), "body": tuple(consenting)}


def _is_owed(enquiry: Enquiry) -> bool:
    return enquiry.status.is_open and enquiry.answered_at is None


def _is_paused(enquiry: Enquiry) -> bool:
    return enquiry.status is Status.WAITING_FOR_RESIDENT or any(pause.until_at is None for pause in enquiry.pauses)


_REASON = Ask(name="reason", label=tr("&Reason"), needed=tr("Say why, in a few words."))
_LEVELS = tuple((level.value, tr_word(level)) for level in EscalationLevel)
_KINDS = (*((kind.value, tr_word(kind)) for kind in ConsentKind), (WITHDRAWN, tr("Withdrawn")))

STEPS: tuple[Step, ...] = (
    Step(
        name="pause",
        text=tr("&Pause the clock…"),
        title=tr("Pause the clock"),
        explanation=tr("While the resident is asked, the days do not count. The acknowledgement is still owed."),
        agree=tr("&Pause it"),
        asks=(
            Ask(name="reason", label=tr("What the resident was &asked"), needed=tr("Say what the resident was asked.")),
            Ask(name="from_at", label=tr("&Since"), asks=Asks.MOMENT, example=tr("now; or yesterday 16:50, 24 nov")),
        ),
        offered=lambda enquiry: _is_owed(enquiry) and not _is_paused(enquiry),
        deed=pause_deed,
    ),
    Step(
        name="resume",
        text=tr("Let the clock &run again…"),
        title=tr("Let the clock run again"),
        explanation=tr(
            "The resident has answered: the days count again, and the answer is due later by the days "
            "between."
        ),
        agree=tr("Let it &run"),
        asks=(Ask(name="at", label=tr("Answered &on"), asks=Asks.MOMENT,
                  example=tr("now; or yesterday 16:50, 24 nov")),),
        offered=lambda enquiry: _is_owed(enquiry) and _is_paused(enquiry),
        deed=resume_deed,
    ),
    Step(
        name="extend",
        text=tr("Agree a &later day…"),
        title=tr("Agree a later day"),
        explanation=tr("Figures are given with this extension and without it."),
        agree=tr("&Agree it"),
        asks=(
            Ask(
                name="until", label=tr("New &day"), asks=Asks.DAY, example=tr("4 dec, friday, +5wd"),
                needed=tr("Give the day that was agreed."),
            ),
            _REASON,
            Ask(name="agreed_by", label=tr("Agreed &by"), needed=tr("Name who agreed it.")),
        ),
        offered=_is_owed,
        deed=extend_deed,
    ),
    Step(
        name="promise",
        text=tr("Note a pr&omise…"),
        title=tr("Note a promise"),
        explanation=tr("Somebody said by when the answer comes. It moves no due date, and it is seen if it is broken."),
        agree=tr("&Note it"),
        asks=(
            Ask(
                name="on", label=tr("Promised for the &day"), asks=Asks.DAY, example=tr("4 dec, friday, +5wd"),
                needed=tr("Give the day that was promised."),
            ),
            Ask(name="by", label=tr("Promised &by"), needed=tr("Name who promised it.")),
        ),
        offered=_is_owed,
        deed=promise_deed,
    ),
    Step(
        name="call",
        text=tr("Note a &telephone call…"),
        title=tr("Note a telephone call"),
        explanation=tr("It is kept as an internal note: for your office alone, and never put into a mail."),
        agree=tr("&Note it"),
        asks=(
            Ask(name="who", label=tr("&With whom"), needed=tr("Name who was on the telephone.")),
            Ask(name="what", label=tr("What was &said"), asks=Asks.TEXT,
                needed=tr("Say in a few words what was said.")),
        ),
        offered=lambda _enquiry: True,
        deed=call_deed,
    ),
    Step(
        name="reroute",
        text=tr("&Hand over to another service area…"),
        title=tr("Hand over to another service area"),
        explanation=tr("The date received and the clocks stay. If it was sent before, it is sent there too."),
        agree=tr("&Hand it over"),
        asks=(Ask(name="to_area", label=tr("To &service area"), asks=Asks.CHOICE), _REASON),
        offered=_is_owed,
        deed=reroute_deed,
    ),
    Step(
        name="escalate",
        text=tr("&Escalate…"),
        title=tr("Escalate"),
        explanation=tr("It is noted that somebody higher has to know. Nothing is sent by itself."),
        agree=tr("&Escalate it"),
        asks=(Ask(name="to", label=tr("&To"), asks=Asks.CHOICE, choices=_LEVELS), _REASON),
        offered=lambda enquiry: enquiry.status.is_open,
        deed=escalate_deed,
    ),
    Step(
        name="passOn",
        text=tr("Pass to an outside &body…"),
        title=tr("Pass to an outside body"),
        explanation=tr("It is noted that a body outside the council has it now. The clocks run on."),
        agree=tr("&Pass it on"),
        asks=(Ask(name="to", label=tr("&Body"), needed=tr("Name the body, such as a water company.")), _REASON),
        offered=lambda enquiry: enquiry.status.is_open,
        deed=pass_on_deed,
    ),
    Step(
        name="consent",
        text=tr("&What the resident agreed to…"),
        title=tr("What the resident agreed to"),
        explanation=tr("It decides what of the resident leaves the office from now on, in what waits to be sent too."),
        agree=tr("&Keep it"),
        asks=(
            Ask(name="kind", label=tr("&Consent"), asks=Asks.CHOICE, choices=_KINDS, value=ConsentKind.EXPLICIT.value),
            Ask(name="how", label=tr("&How it was given"), example=tr("by telephone on Monday")),
            Ask(name="body", label=tr("&For"), asks=Asks.CHOICE),
            Ask(name="until", label=tr("&Until"), asks=Asks.DAY, example=tr("without end")),
            Ask(name="special", label=tr("Health, &belief and the like included"), asks=Asks.YES_NO),
        ),
        offered=lambda _enquiry: True,
        deed=consent_deed,
    ),
    Step(
        name="merge",
        text=tr("&Merge into another enquiry…"),
        title=tr("Merge into another enquiry"),
        explanation=tr("The other enquiry stays, with the earliest date received and the stricter clock."),
        agree=tr("&Merge it"),
        asks=(
            Ask(
                name="into", label=tr("Reference of the &other"), example="ENQ-7K3M-142-XR",
                needed=tr("Give the reference of the enquiry that is to stay."),
            ),
        ),
        offered=lambda enquiry: enquiry.status.is_open and enquiry.merged is None,
        deed=merge_deed,
    ),
    Step(
        name="unmerge",
        text=tr("Ta&ke apart again"),
        title=tr("Take apart again"),
        explanation=tr("What was merged becomes an enquiry of its own again, as it stood. Both are counted anew."),
        agree=tr("&Take apart"),
        asks=(),
        offered=lambda enquiry: enquiry.merged is not None,
        deed=unmerge_deed,
    ),
    Step(
        name="complain",
        text=tr("Make it a &complaint…"),
        title=tr("Make it a complaint"),
        explanation=tr("It keeps the date it was received, and is judged by the standard for complaints."),
        agree=tr("&Make it a complaint"),
        asks=(
            Ask(
                name="stage", label=tr("&Stage"), asks=Asks.CHOICE, value=Stage.ONE.value,
                choices=((Stage.INFORMAL.value, tr_word(Stage.INFORMAL)), (Stage.ONE.value, tr("Stage 1"))),
            ),
            Ask(name="decided_by", label=tr("Decided &by"), example=tr("the officer who decides it")),
            Ask(name="serious", label=tr("&Why it goes to the Chief Executive"),
                example=tr("only where it is serious")),
        ),
        offered=lambda enquiry: enquiry.status.is_open
        and (enquiry.kind is not Kind.COMPLAINT or enquiry.stage is Stage.INFORMAL),
        deed=complain_deed,
    ),
    Step(
        name="stageTwo",
        text=tr("Stage &2 was asked for…"),
        title=tr("Stage 2 was asked for"),
        explanation=tr("A record of its own is made, whose clock runs from when the request came."),
        agree=tr("&Begin stage 2"),
        asks=(
            Ask(
                name="because", label=tr("&Why the resident is not satisfied"), asks=Asks.TEXT,
                needed=tr("Say why the resident is not satisfied."),
            ),
            Ask(name="received", label=tr("Request &received"), asks=Asks.MOMENT,
                example=tr("now; or yesterday 16:50")),
            Ask(name="decided_by", label=tr("Decided &by"), example=tr("not whoever decided stage 1")),
        ),
        offered=lambda enquiry: enquiry.kind is Kind.COMPLAINT and enquiry.stage is Stage.ONE,
        deed=stage_two_deed,
    ),
    Step(
        name="delete",
        text=tr("&Delete: logged by mistake"),
        title=tr("Delete"),
        explanation=tr("It lies among the recently deleted for thirty days, in the File menu, and can be put back."),
        agree=tr("&Delete it"),
        asks=(),
        offered=lambda enquiry: enquiry.deleted_at is None,
        deed=delete_deed,
    ),
)  # fmt: skip


def steps_for(enquiry: Enquiry) -> tuple[Step, ...]:
    """The steps this enquiry can take now, in the order of the menu."""
    return tuple(step for step in STEPS if step.offered(enquiry))
