"""The first five minutes with practice data: six steps that are done when the casework shows that they were."""

from dataclasses import dataclass
from datetime import datetime

from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.mailbag import ReceivedMail
from member_tracker.domain.people import ServiceArea
from member_tracker.domain.vocabulary import Status, Word
from member_tracker.services.parts import App
from member_tracker.services.practice import place_reply
from member_tracker.store.store import Reading

_SINCE = "first_steps_since"
_LEFT = "first_steps_left"
_ANSWERED = "first_steps_answered"
_ANSWER = "answer.eml"


class FirstStep(Word):
    """What somebody new does, in order."""

    LOG = "log"
    SEND = "send"
    REPLY = "reply"
    ACCEPT = "accept"
    TELL = "tell"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSteps:
    """How far somebody has come with an enquiry of their own; `enquiry_id` is None before one is logged.

    `is_left` says that they put the guide away; `replied` that a reply was laid in the mailbox just now.
    """

    done: tuple[FirstStep, ...] = ()
    enquiry_id: str | None = None
    reference: str = ""
    service_area: str = ""
    is_left: bool = False
    replied: bool = False

    @property
    def next(self) -> FirstStep | None:
        """The step to do now; None once all are done."""
        return next((step for step in FirstStep if step not in self.done), None)


def begin_first_steps(app: App) -> None:
    """Begin anew: only what is logged from now on counts."""
    with app.store.writing(author=None) as tx:
        tx.set_local(_SINCE, app.now().isoformat())
        tx.set_local(_LEFT, None)


def leave_first_steps(app: App, *, left: bool) -> None:
    """Put the guide away, or take it out again where it was."""
    with app.store.writing(author=None) as tx:
        tx.set_local(_LEFT, "yes" if left else None)


def first_steps(app: App) -> FirstSteps | None:
    """How far somebody has come; None where the guide was never begun. A mail that was sent is answered."""
    with app.store.reading() as tx:
        since = tx.local(_SINCE)
        if since is None:
            return None
        steps = _furthest(tx, datetime.fromisoformat(since))
        is_answered = tx.local(_ANSWERED) == steps.enquiry_id
        gone = steps.enquiry_id is not None and tx.get(Enquiry, steps.enquiry_id).sent_at is not None
    if steps.next is not FirstStep.REPLY or is_answered or not gone:
        return steps
    return _answered(app, steps)


def _answered(app: App, steps: FirstSteps) -> FirstSteps:
    """Lay the reply of the service area in the mailbox, once."""
    place_reply(app, EnquiryId(steps.enquiry_id or ""), _ANSWER)
    with app.store.writing(author=None) as tx:
        tx.set_local(_ANSWERED, steps.enquiry_id)
    return FirstSteps(
        done=steps.done,
        enquiry_id=steps.enquiry_id,
        reference=steps.reference,
        service_area=steps.service_area,
        is_left=steps.is_left,
        replied=True,
    )


def _furthest(tx: Reading, since: datetime) -> FirstSteps:
    """The enquiry logged since then with which most was done."""
    is_left = tx.local(_LEFT) is not None
    own = [each for each in tx.every(Enquiry) if each.logged_at > since and each.deleted_at is None]
    found = [
        FirstSteps(
            done=_done(tx, enquiry),
            enquiry_id=enquiry.id,
            reference=enquiry.reference,
            service_area=tx.get(ServiceArea, enquiry.service_area_id).name,
            is_left=is_left,
        )
        for enquiry in own
    ]
    return max(found, key=lambda steps: len(steps.done), default=FirstSteps(is_left=is_left))


def _done(tx: Reading, enquiry: Enquiry) -> tuple[FirstStep, ...]:
    """The steps done, each only after those before it."""
    facts = {
        FirstStep.LOG: True,
        FirstStep.SEND: enquiry.status is not Status.DRAFT,
        FirstStep.REPLY: bool(tx.every(ReceivedMail, enquiry_id=enquiry.id)),
        FirstStep.ACCEPT: enquiry.answered_at is not None,
        FirstStep.TELL: enquiry.told_at is not None,
        FirstStep.CLOSE: enquiry.status is Status.CLOSED,
    }
    done: list[FirstStep] = []
    for step, is_done in facts.items():
        if not is_done:
            break
        done.append(step)
    return tuple(done)
