"""What the small forms of an enquiry have done: each deed takes what was answered to the service that does it."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from member_tracker.domain.consent import ConsentKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.routing import EscalationLevel
from member_tracker.domain.vocabulary import Stage
from ui.enquiries.small_form import Answers
from ui.language import tr

if TYPE_CHECKING:
    from member_tracker.app import App

WITHDRAWN = "withdrawn"
"""What is chosen where the resident takes back what they agreed to."""


def pause_deed(app: "App", enquiry: Enquiry, said: Answers) -> object:
    """Stop the clock while the resident is asked."""
    from member_tracker.services.waiting import pause

    return pause(app, enquiry.id, reason=text_of(said, "reason"), from_at=may_moment(said, "from_at"))


def resume_deed(app: "App", enquiry: Enquiry, said: Answers) -> object:
    """Let the clock run again."""
    from member_tracker.services.waiting import resume

    return resume(app, enquiry.id, at=may_moment(said, "at"))


def extend_deed(app: "App", enquiry: Enquiry, said: Answers) -> object:
    """Agree a later day."""
    from member_tracker.services.waiting import extend

    return extend(
        app,
        enquiry.id,
        until_on=day_of(said, "until"),
        reason=text_of(said, "reason"),
        agreed_by=text_of(said, "agreed_by"),
    )


def promise_deed(app: "App", enquiry: Enquiry, said: Answers) -> object:
    """Keep a day somebody promised."""
    from member_tracker.services.promising import promise

    return promise(app, enquiry.id, promised_on=day_of(said, "on"), made_by=text_of(said, "by"))


def reroute_deed(app: "App", enquiry: Enquiry, said: Answers) -> object:
    """Hand it over to another service area."""
    from member_tracker.services.rerouting import reroute

    return reroute(app, enquiry.id, to=text_of(said, "to_area"), reason=text_of(said, "reason"))


def escalate_deed(app: "App", enquiry: Enquiry, said: Answers) -> object:
    """Note that somebody higher has to know."""
    from member_tracker.services.rerouting import escalate

    return escalate(app, enquiry.id, to=EscalationLevel(text_of(said, "to")), reason=text_of(said, "reason"))


def pass_on_deed(app: "App", enquiry: Enquiry, said: Answers) -> object:
    """Note that an outside body has it."""
    from member_tracker.services.rerouting import pass_on

    return pass_on(app, enquiry.id, to=text_of(said, "to"), reason=text_of(said, "reason"))


def call_deed(app: "App", enquiry: Enquiry, said: Answers) -> object:
    """Keep what was said on the telephone as an internal note."""
    from member_tracker.services.enquiries import add_note

    return add_note(
        app,
        enquiry.id,
        tr("Telephone call with {who}: {what}").format(who=text_of(said, "who"), what=text_of(said, "what")),
    )


def consent_deed(app: "App", enquiry: Enquiry, said: Answers) -> object:
    """Keep what the resident agreed to, or that they withdrew it."""
    from member_tracker.services.consenting import Agreed, record_consent, withdraw_consent

    if text_of(said, "kind") == WITHDRAWN:
        return withdraw_consent(app, enquiry.id)
    agreed = Agreed(
        kind=ConsentKind(text_of(said, "kind")),
        how=text_of(said, "how"),
        bodies=(text_of(said, "body"),),
        until=may_day(said, "until"),
        special_category=bool(said.get("special")),
    )
    return record_consent(app, enquiry.id, agreed)


def merge_deed(app: "App", enquiry: Enquiry, said: Answers) -> object:
    """Merge it into the enquiry of that reference."""
    from member_tracker.services.enquiries import enquiry_named
    from member_tracker.services.merging import merge

    with app.store.reading() as tx:
        into = enquiry_named(tx, text_of(said, "into"))
    return merge(app, enquiry.id, into.id)


def unmerge_deed(app: "App", enquiry: Enquiry, said: Answers) -> object:
    """Take it apart again."""
    from member_tracker.services.merging import unmerge

    del said
    return unmerge(app, enquiry.id)


def complain_deed(app: "App", enquiry: Enquiry, said: Answers) -> object:
    """Make it a complaint."""
    from member_tracker.services.complaints import complain

    return complain(
        app,
        enquiry.id,
        stage=Stage(text_of(said, "stage")),
        serious=text_of(said, "serious"),
        decided_by=text_of(said, "decided_by"),
    )


def stage_two_deed(app: "App", enquiry: Enquiry, said: Answers) -> object:
    """Make the record of stage 2."""
    from member_tracker.services.complaints import Asked, ask_for_second_look

    asked = Asked(
        because=text_of(said, "because"),
        received_at=may_moment(said, "received"),
        decided_by=text_of(said, "decided_by"),
    )
    return ask_for_second_look(app, enquiry.id, asked)


def delete_deed(app: "App", enquiry: Enquiry, said: Answers) -> object:
    """Put it among the recently deleted."""
    from member_tracker.services.deleting import delete_enquiry

    del said
    return delete_enquiry(app, enquiry.id)


def text_of(answers: Answers, name: str) -> str:
    """A text as typed."""
    return str(answers.get(name) or "")


def day_of(answers: Answers, name: str) -> date:
    """A day that had to be given."""
    value = answers.get(name)
    if not isinstance(value, date):
        raise TypeError("a day was asked for and none came")
    return value


def may_day(answers: Answers, name: str) -> date | None:
    """A day that may be left out."""
    value = answers.get(name)
    return value if isinstance(value, date) else None


def may_moment(answers: Answers, name: str) -> datetime | None:
    """A moment that may be left out."""
    value = answers.get(name)
    return value if isinstance(value, datetime) else None
