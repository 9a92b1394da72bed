"""Writing a mail or letter by hand: what it begins with, whom it may go to, and exactly what would leave.

One function, `outgoing`, makes both what is shown before sending and what is sent.
"""

from dataclasses import replace
from pathlib import Path

from member_tracker.domain import enquiry as steps
from member_tracker.domain.consent import THE_COUNCIL, details_allowed
from member_tracker.domain.correspondence import OutgoingFile, OutgoingMail
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.mailbag import MailPurpose, QueuedMail, ReceivedMail
from member_tracker.domain.people import Council, Councillor, Resident, ServiceArea
from member_tracker.domain.senders import domain_of, is_at
from member_tracker.domain.templates import NAMES, Facts, Use
from member_tracker.domain.values import listed, one_line, plain_text
from member_tracker.domain.vocabulary import Status
from member_tracker.domain.writing import Blank, Choice, Offered, Preview, Wanted, Way, Writing, Written, ways_to_tell
from member_tracker.mail.written import is_message_id
from member_tracker.services.attaching import files_to_send
from member_tracker.services.facts import answer_text, facts_for_area, facts_for_resident, known_details, left_out
from member_tracker.services.letters import composed, must_be_allowed_to_leave, must_have_a_way_out
from member_tracker.services.on_duty import OnDuty, on_duty
from member_tracker.services.parts import App
from member_tracker.services.reminding import must_be_waiting
from member_tracker.services.wording import from_template, sign_off_of, signed, templates_of
from member_tracker.store.store import Reading

_MOST_IN_THREAD = 20
"""Message-IDs a reply names at most, the newest."""


def begin(app: App, wanted: Wanted) -> Blank:
    """What writing this begins with; raises `NotAllowed` with advice where the enquiry does not stand so."""
    with app.store.reading() as tx:
        enquiry = tx.get(Enquiry, wanted.enquiry_id)
        wanted = _for_whom(tx, enquiry, wanted)
        must_be_possible(app, enquiry, wanted.writing)
        council = tx.get(Council, enquiry.council_id)
        facts = _facts(app, tx, enquiry, wanted.writing)
        choices = tuple(
            Choice(id=each.id, name=each.name) for each in templates_of(council, _uses(wanted.writing, facts))
        )
        duty = None if wanted.writing.is_for_resident else _duty(app, tx, enquiry)
        offered = _on_duty(_offered(tx, enquiry, wanted), wanted, duty)
        first = _usual(enquiry, wanted.writing, facts)
        resident = tx.get(Resident, enquiry.resident_id)
        ways = ways_to_tell(council, resident)
        written = Written(
            enquiry_id=enquiry.id,
            writing=wanted.writing,
            template=first.value,
            topic=enquiry.subject,
            body=from_template(council, first.value, facts),
            to=tuple(each.address for each in offered if each.usual or each.address == wanted.also),
            reply_to=wanted.reply_to,
        )
        return Blank(
            wanted=wanted,
            reference=enquiry.reference,
            way=ways[0] if wanted.writing.is_for_resident else Way.EMAIL,
            written=written,
            offered=offered,
            choices=choices,
            sign_off=sign_off_of(council, facts),
            promise=_promise(facts),
            withheld=_withheld(app, enquiry, resident) if not wanted.writing.is_for_resident else "",
            copy_to=_copy_to(app, tx, enquiry),
            resident=resident.name,
            may_write_letter=wanted.writing.is_for_resident and Way.LETTER in ways,
            duty=(*(duty.notes if wanted.writing is Writing.ENQUIRY else ()), *duty.handover) if duty else (),
            choose_among=tuple(officer.name for officer in duty.officers) if duty and duty.must_choose else (),
        )


def text_for(app: App, wanted: Wanted, template_id: str) -> str:
    """What a template makes of the enquiry, to be edited; the sign-off comes under it when it leaves."""
    with app.store.reading() as tx:
        enquiry = tx.get(Enquiry, wanted.enquiry_id)
        council = tx.get(Council, enquiry.council_id)
        return from_template(council, template_id, _facts(app, tx, enquiry, wanted.writing))


def preview(app: App, written: Written) -> Preview:
    """Exactly what would leave if it were sent now; raises with advice where it could not be."""
    files = files_to_send(app, [Path(path) for path in written.files])
    with app.store.reading() as tx:
        mail = outgoing(app, tx, written, files)
    return Preview(
        from_address=mail.from_address,
        to=mail.to,
        cc=mail.cc,
        subject=mail.subject,
        body=mail.body,
        files=tuple((file.name, len(file.content)) for file in mail.attachments),
    )


def about_to_leave(app: App, written: Written) -> Preview:
    """The same once more, to be confirmed; raises also where no mail can leave from here."""
    must_have_a_way_out(app)
    return preview(app, written)


def text_as_told(app: App, written: Written) -> str:
    """The text with its sign-off, for what is told or posted and not mailed."""
    with app.store.reading() as tx:
        return text_that_leaves(app, tx, tx.get(Enquiry, written.enquiry_id), written)


def outgoing(app: App, tx: Reading, written: Written, files: tuple[OutgoingFile, ...]) -> OutgoingMail:
    """The mail itself: consent applied, the sign-off under it, its reference in subject and last line."""
    enquiry = tx.get(Enquiry, written.enquiry_id)
    thread = _thread(tx, enquiry, written)
    return composed(
        app,
        tx,
        enquiry,
        to=_recipients(tx, enquiry, written),
        topic=one_line(written.topic),
        body=text_that_leaves(app, tx, enquiry, written),
        cc=(_copy_address(app, tx, enquiry) or "",) if written.copy and not written.writing.is_for_resident else (),
        in_reply_to=thread[-1] if thread else None,
        references=thread,
        attachments=files,
    )


def text_that_leaves(app: App, tx: Reading, enquiry: Enquiry, written: Written) -> str:
    """The text as written, without what may not leave, and the council's sign-off under it."""
    body = plain_text(written.body)
    if not body:
        raise Invalid("Nothing is written yet.", advice="Write the text, or choose a template.")
    facts = _facts(app, tx, enquiry, written.writing)
    if not written.writing.is_for_resident:
        must_be_allowed_to_leave(app, enquiry)
        resident = tx.get(Resident, enquiry.resident_id)
        allowed = details_allowed(enquiry.agreed_consent, resident, THE_COUNCIL, app.today())
        body = left_out(body, resident, allowed)
    elif written.template == Use.ACKNOWLEDGEMENT.value:
        _must_say_all(body, facts)
    return signed(tx.get(Council, enquiry.council_id), body, facts)


def must_be_possible(app: App, enquiry: Enquiry, writing: Writing) -> None:
    """Raise `NotAllowed` with advice where the enquiry does not stand so that this can be written."""
    if writing is Writing.ENQUIRY:
        steps.mark_queued(enquiry)
    elif writing is Writing.CHASE:
        must_be_waiting(enquiry)
    elif writing is Writing.UPDATE:
        steps.tell_resident(enquiry, at=app.now())
    elif enquiry.status in (Status.DRAFT, Status.WAITING_TO_SEND):
        raise NotAllowed(
            f"{enquiry.reference} has not been sent yet, so there is nobody to reply to.",
            advice="Send it to its service area first.",
        )


def _for_whom(tx: Reading, enquiry: Enquiry, wanted: Wanted) -> Wanted:
    """What is wanted; an answer to a mail of the resident's is an update to the resident."""
    if wanted.writing is not Writing.REPLY or wanted.reply_to is None:
        return wanted
    sender = tx.get(ReceivedMail, wanted.reply_to).from_address.casefold()
    theirs = (tx.get(Resident, enquiry.resident_id).email or "").casefold()
    if not sender or sender != theirs:
        return wanted
    return Wanted(enquiry_id=enquiry.id, writing=Writing.UPDATE, reply_to=wanted.reply_to)


def _facts(app: App, tx: Reading, enquiry: Enquiry, writing: Writing) -> Facts:
    if writing.is_for_resident:
        return facts_for_resident(app, tx, enquiry, answer_text(tx, enquiry))
    return facts_for_area(app, tx, enquiry)


def _uses(writing: Writing, facts: Facts) -> tuple[Use, ...]:
    """What templates there are for this; one that passes an answer or a question on only where there is one."""
    if writing.is_for_resident:
        passes_on = {Use.ANSWER: "answer", Use.QUESTION: "question"}
        return tuple(use for use in Use if use.is_for_resident and (use not in passes_on or facts.get(passes_on[use])))
    first = {Writing.ENQUIRY: Use.TO_SERVICE_AREA, Writing.CHASE: Use.CHASE}.get(writing, Use.REPLY)
    return (first, *(use for use in Use if not use.is_for_resident and use is not first))


def _usual(enquiry: Enquiry, writing: Writing, facts: Facts) -> Use:
    """The template to begin with."""
    if not writing.is_for_resident:
        return _uses(writing, facts)[0]
    if facts.get("question"):
        return Use.QUESTION
    if facts.get("answer"):
        return Use.ANSWER if enquiry.status is Status.ANSWERED else Use.UPDATE
    return Use.ACKNOWLEDGEMENT if enquiry.told_at is None else Use.UPDATE


def _offered(tx: Reading, enquiry: Enquiry, wanted: Wanted) -> tuple[Offered, ...]:
    """Whom it may go to: the service area, its duty officers, and whoever there wrote the mail replied to."""
    if wanted.writing.is_for_resident:
        resident = tx.get(Resident, enquiry.resident_id)
        return (Offered(address=resident.email, name=resident.name, usual=True),) if resident.email else ()
    area = tx.get(ServiceArea, enquiry.service_area_id)
    if area.retired:
        raise NotAllowed(f"{area.name} no longer takes mail.", advice="Choose another service area, then write to it.")
    sender = _sender(tx, area, wanted)
    found = [sender] if sender else []
    found += [Offered(address=address, name=area.name, usual=sender is None) for address in area.addresses]
    found += [Offered(address=each.email, name=each.name, usual=False) for each in area.duty_officers]
    return tuple({each.address.casefold(): each for each in reversed(found)}.values())[::-1]


def _duty(app: App, tx: Reading, enquiry: Enquiry) -> OnDuty:
    return on_duty(app, tx, tx.get(ServiceArea, enquiry.service_area_id))


def _on_duty(offered: tuple[Offered, ...], wanted: Wanted, duty: OnDuty | None) -> tuple[Offered, ...]:
    """The same with who is on duty said; an enquiry goes to whose turn it is, unless somebody else was chosen."""
    if duty is None:
        return offered
    on = {officer.email.casefold() for officer in duty.officers}
    next_one = duty.turn.officer.email.casefold() if duty.turn and wanted.writing is Writing.ENQUIRY else ""
    found = []
    for each in offered:
        address = each.address.casefold()
        said = "next in turn" if address == next_one else "on duty" if address in on else ""
        is_usual = each.usual or (address == next_one and wanted.also is None)
        found.append(replace(each, duty=said, usual=is_usual))
    return tuple(found)


def _sender(tx: Reading, area: ServiceArea, wanted: Wanted) -> Offered | None:
    """Who wrote the mail replied to, where that is somebody of the service area; None else."""
    if wanted.reply_to is None:
        return None
    mail = tx.get(ReceivedMail, wanted.reply_to)
    known = {address.casefold() for address in (*area.addresses, *(each.email for each in area.duty_officers))}
    domains = [domain_of(address) for address in area.addresses]
    if mail.from_address.casefold() not in known and not is_at(mail.from_address, domains):
        return None
    return Offered(address=mail.from_address, name=mail.from_name or mail.from_address, usual=True)


def _recipients(tx: Reading, enquiry: Enquiry, written: Written) -> tuple[str, ...]:
    """The addresses chosen; raises where one was not offered or nobody was chosen."""
    offered = {each.address.casefold(): each.address for each in _offered(tx, enquiry, written.wanted)}
    if any(address.casefold() not in offered for address in written.to):
        raise NotAllowed(
            "One of the addresses belongs to nobody this may go to.",
            advice="Choose among the service area and its duty officers. Settings say who they are.",
        )
    if not written.to:
        raise Invalid("This mail has nobody to go to.", advice="Choose at least one address.")
    return tuple(offered[address.casefold()] for address in written.to)


def _copy_to(app: App, tx: Reading, enquiry: Enquiry) -> str | None:
    """Who may have a copy: the councillor, where it is not their own mailbox that sends; None else."""
    return tx.get(Councillor, enquiry.raised_by).name if _copy_address(app, tx, enquiry) else None


def _copy_address(app: App, tx: Reading, enquiry: Enquiry) -> str | None:
    theirs = tx.get(Councillor, enquiry.raised_by).email
    own = app.profile.settings().from_address.casefold()
    return theirs if theirs and theirs.casefold() != own else None


def _thread(tx: Reading, enquiry: Enquiry, written: Written) -> tuple[str, ...]:
    """The Message-IDs a reply follows, oldest first: of the mail replied to, else of ours that began it."""
    if written.reply_to is not None:
        mail = tx.get(ReceivedMail, written.reply_to)
        chain = (*mail.references, mail.in_reply_to, mail.message_id)
        return tuple(dict.fromkeys(each for each in chain if each and is_message_id(each)))[-_MOST_IN_THREAD:]
    if written.writing in (Writing.ENQUIRY, Writing.UPDATE):
        return ()
    sent = [mail for mail in tx.every(QueuedMail, enquiry_id=enquiry.id, purpose=MailPurpose.ENQUIRY) if mail.sent_at]
    return (sent[-1].server_message_id or sent[-1].message_id,) if sent else ()


def _must_say_all(body: str, facts: Facts) -> None:
    """An acknowledgement leaves only with what it owes the resident in it (customer standards 4)."""
    said = " ".join(body.split())
    for name in Use.ACKNOWLEDGEMENT.needed:
        if " ".join(facts[name].split()) not in said:
            raise Invalid(
                f"The acknowledgement does not say {NAMES[name]}.",
                advice=f"Write this into it: “{facts[name]}” Or choose the template again.",
            )


def _promise(facts: Facts) -> str:
    """What the charter promises, in a sentence."""
    answer, first = facts.get("enquiry.answer_by"), facts.get("enquiry.acknowledge_by")
    if not answer:
        return "No standard is set for an answer to this."
    return f"The charter promises an answer by {answer}" + (f" and a first word by {first}." if first else ".")


def _withheld(app: App, enquiry: Enquiry, resident: Resident) -> str:
    """What of the resident stays here, in a sentence."""
    allowed = details_allowed(enquiry.agreed_consent, resident, THE_COUNCIL, app.today())
    held = [detail.words.lower() for detail in known_details(resident) if detail not in allowed]
    if not held:
        return "The resident agreed that the council is told who they are."
    return f"Without consent the resident’s {listed(held)} will not leave: where the text has it, it is left out."
