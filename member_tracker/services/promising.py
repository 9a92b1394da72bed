"""Holding replies that we write, the days that people promise, and what a holding reply of others leaves out."""

from dataclasses import replace
from datetime import date, datetime

from member_tracker.domain import enquiry as steps
from member_tracker.domain.dates import day_in_words, local_date
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.holding import HoldingReply, must_be_in_full
from member_tracker.domain.mailbag import MailPurpose
from member_tracker.domain.people import Resident
from member_tracker.domain.promise import Promise, give
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.values import one_line, plain_text
from member_tracker.domain.vocabulary import Status
from member_tracker.services.enquiries import write_entry
from member_tracker.services.letters import mail_to_resident, queue
from member_tracker.services.parts import App, author_of


def hold_resident(app: App, enquiry_id: EnquiryId, holding: HoldingReply, *, text: str = "") -> Enquiry:
    """Write a holding reply to the resident: by mail where an address is held, else as told by us.

    It must say who, why, by when and an urgent number, whatever `text` it begins with, and it is no answer: the clocks
    run on.
    """
    holding = must_be_in_full(_cleaned(holding), written_on=app.today())
    said = _in_words(holding, plain_text(text) or "This takes longer than we hoped.")
    with app.store.writing(author=author_of(app)) as tx:
        enquiry = tx.get(Enquiry, enquiry_id)
        _must_be_owed_an_answer(enquiry)
        told = steps.tell_resident(enquiry, at=app.now())
        held = replace(_promised(told, holding.promised_on, by=holding.who, at=app.now()), holding=holding)
        mail = mail_to_resident(app, tx, held, tx.get(Resident, held.resident_id), said)
        if mail is not None:
            queue(app, tx, mail, MailPurpose.RESIDENT_UPDATE)
        tx.save(held)
        how = "by email" if mail is not None else "by us"
        write_entry(tx, app, held, EntryKind.HELD, f"Holding reply to the resident {how}: {said}")
    return held


def promise(app: App, enquiry_id: EnquiryId, *, promised_on: date, made_by: str) -> Enquiry:
    """Keep the day by which somebody said the answer would come; it moves no clock."""
    who = one_line(made_by)
    if not who:
        raise Invalid("A promise needs somebody who made it.", advice="Name the person: --by NAME")
    if promised_on < app.today():
        raise Invalid("That day has passed.", advice="Give a day that is still to come.")
    with app.store.writing(author=author_of(app)) as tx:
        enquiry = tx.get(Enquiry, enquiry_id)
        _must_be_owed_an_answer(enquiry)
        promised = _promised(enquiry, promised_on, by=who, at=app.now())
        tx.save(promised)
        text = f"{who} promised an answer by {day_in_words(promised_on)}."
        write_entry(tx, app, promised, EntryKind.PROMISED, text)
    return promised


def _promised(enquiry: Enquiry, on: date | None, *, by: str, at: datetime) -> Enquiry:
    if on is None:
        return enquiry
    new = Promise(promised_on=on, made_at=at, made_by=by)
    return replace(enquiry, promised_on=on, promises=give(enquiry.promises, new))


def _cleaned(holding: HoldingReply) -> HoldingReply:
    return replace(
        holding,
        who=one_line(holding.who),
        why=plain_text(holding.why),
        urgent_number=one_line(holding.urgent_number),
    )


def _in_words(holding: HoldingReply, opening: str) -> str:
    day = day_in_words(holding.promised_on) if holding.promised_on else ""
    why = holding.why if holding.why.endswith((".", "!", "?")) else f"{holding.why}."
    return (
        f"{opening} The reason: {why}\n\n{holding.who} is dealing with it, and you can expect a"
        f" full answer by {day}. If it is urgent, please ring {holding.urgent_number}."
    )


def _must_be_owed_an_answer(enquiry: Enquiry) -> None:
    if not enquiry.status.is_open:
        raise NotAllowed(f"{enquiry.reference} is closed.", advice="Reopen it first.")
    if enquiry.answered_at is not None and enquiry.status in (Status.ANSWERED, Status.RESIDENT_TOLD):
        raise NotAllowed(
            f"{enquiry.reference} was answered on {day_in_words(local_date(enquiry.answered_at))}.",
            advice="Tell the resident the answer: tell REFERENCE",
        )
