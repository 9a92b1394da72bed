"""How an enquiry stands in the form of `show`: its outcome, pauses, extensions, holding reply, promises, complaint."""

from collections.abc import Callable
from datetime import date, datetime

from member_tracker.domain.complaint import closing_words
from member_tracker.domain.dates import local_date
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.holding import HoldingReply
from member_tracker.domain.outcome import outcome_of
from member_tracker.domain.pause import Pause
from member_tracker.domain.vocabulary import State

Json = dict[str, object]


def steps_as_json(enquiry: Enquiry, now: datetime, name: Callable[[str], str | None]) -> Json:
    """What was done to the clocks of an enquiry, promised and decided; `name` gives a person's name by their id."""
    return {
        "outcome": _outcome(enquiry, now),
        "pauses": [_pause(pause, name) for pause in enquiry.pauses],
        "extensions": [
            {
                "until_on": _day(extension.until_on),
                "reason": extension.reason,
                "agreed_by": extension.agreed_by,
                "agreed_at": _moment(extension.agreed_at),
            }
            for extension in enquiry.extensions
        ],
        "holding": _holding(enquiry.holding) if enquiry.holding else None,
        "promises": [
            {
                "promised_on": _day(promise.promised_on),
                "made_at": _moment(promise.made_at),
                "made_by": promise.made_by,
                "kept_at": _moment(promise.kept_at),
                "state": promise.state(local_date(now)).value,
            }
            for promise in enquiry.promises
        ],
        "handovers": enquiry.handovers,
        "complaint": _complaint(enquiry),
    }


def _outcome(enquiry: Enquiry, now: datetime) -> Json:
    """The answer judged by the standard, with its extension, and without its pauses; one closed unanswered as then."""
    clock = enquiry.clocks.respond if enquiry.clocks else None
    unanswered = not enquiry.status.is_open and (clock is None or clock.stopped_at is None)
    outcome = outcome_of(clock, enquiry.closed_at if unanswered and enquiry.closed_at else now)

    def said(state: State) -> str:
        if unanswered and state is not State.MET:
            return (State.MISSED if state in (State.OVERDUE, State.MISSED) else State.NOT_MEASURED).value
        return state.value

    return {
        "by_standard": said(outcome.by_standard),
        "with_extension": said(outcome.with_extension),
        "without_pauses": said(outcome.without_pauses),
        "words": outcome.words if outcome.met_after_extension else enquiry.state(now).words,
    }


def _pause(pause: Pause, name: Callable[[str], str | None]) -> Json:
    return {
        "from_at": _moment(pause.from_at),
        "until_at": _moment(pause.until_at),
        "reason": pause.reason,
        "entered_at": _moment(pause.entered_at),
        "entered_late": pause.entered_late,
        "by": name(pause.by),
    }


def _holding(holding: HoldingReply) -> Json:
    return {
        "who": holding.who,
        "why": holding.why,
        "promised_on": _day(holding.promised_on),
        "urgent_number": holding.urgent_number,
        "gaps": list(holding.gaps),
        "chaser": holding.chaser or None,
    }


def _complaint(enquiry: Enquiry) -> Json | None:
    route = enquiry.complaint
    if route is None or enquiry.stage is None:
        return None
    decider = route.decider(enquiry.stage)
    return {
        "decider": decider.value if decider else None,
        "decided_by": route.decided_by or None,
        "serious": route.serious or None,
        "stage_one_id": route.stage_one_id,
        "first_received_at": _moment(route.first_received_at),
        "dissatisfied": route.dissatisfied or None,
        "closing_words": closing_words(enquiry.stage) or None,
    }


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
