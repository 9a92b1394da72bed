"""Time that does not count, and time agreed: pausing a clock, running it again, and extending the day it is due."""

from dataclasses import replace
from datetime import date, datetime

from member_tracker.domain.dates import day_in_words, moment_in_words
from member_tracker.domain.enquiry import Enquiry, EnquiryId, go_on, wait_for_resident
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.extension import Extension, agree_extension
from member_tracker.domain.pause import Pause, begin_pause, open_pause, pause_at
from member_tracker.domain.pause import resume as end_pause
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.values import one_line, plain_text
from member_tracker.domain.vocabulary import Status
from member_tracker.services.enquiries import write_entry
from member_tracker.services.judging import charter_of, count_again
from member_tracker.services.parts import App, author_of, me


def pause(
    app: App, enquiry_id: EnquiryId, *, reason: str, from_at: datetime | None = None, until_at: datetime | None = None
) -> Enquiry:
    """Stop the clock of the answer while the resident is asked, from `from_at` (now unless said) until it is resumed.

    One that began earlier is honoured and marked as entered late; the acknowledgement's clock runs on.
    """
    now = app.now()
    with app.store.writing(author=author_of(app)) as tx:
        enquiry = tx.get(Enquiry, enquiry_id)
        _must_be_running(enquiry, "paused")
        charter = charter_of(app, enquiry)
        if charter is None:
            raise NotAllowed("No charter judges this enquiry.", advice="There is no clock to pause.")
        new = Pause(
            from_at=from_at or now,
            until_at=until_at,
            reason=plain_text(reason),
            entered_at=now,
            by=me(tx) or enquiry.entered_by,
        )
        if new.from_at < enquiry.received_at:
            raise Invalid("The pause begins before the enquiry came in.", advice="Give a later moment.")
        paused = replace(enquiry, pauses=begin_pause(enquiry.pauses, new, charter=charter))
        is_on = pause_at(paused.pauses, now) is not None
        paused = count_again(app, tx, wait_for_resident(paused) if is_on else paused)
        tx.save(paused)
        until = f" until {moment_in_words(new.until_at)}" if new.until_at else ""
        text = f"Clock paused from {moment_in_words(new.from_at)}{until}: {new.said}"
        write_entry(tx, app, paused, EntryKind.PAUSED, text, at=new.from_at)
    return paused


def resume(app: App, enquiry_id: EnquiryId, *, at: datetime | None = None) -> Enquiry:
    """Let the clock of the answer run again, from `at` (now unless said); the enquiry stands where it stood before."""
    now = app.now()
    since = at or now
    if since > now:
        raise Invalid("That time is still to come.", advice="Give the time the resident answered.")
    with app.store.writing(author=author_of(app)) as tx:
        enquiry = tx.get(Enquiry, enquiry_id)
        _must_be_running(enquiry, "resumed")
        resumed = count_again(app, tx, go_on(replace(enquiry, pauses=_ended(enquiry, since, now))))
        tx.save(resumed)
        due = f" The answer is due on {day_in_words(resumed.respond_by)}." if resumed.respond_by else ""
        text = f"Waiting no longer, since {moment_in_words(since)}.{due}"
        write_entry(tx, app, resumed, EntryKind.RESUMED, text, at=since)
    return resumed


def extend(app: App, enquiry_id: EnquiryId, *, until_on: date, reason: str, agreed_by: str) -> Enquiry:
    """Agree a later day for the answer; figures are given before and after it."""
    now = app.now()
    if until_on < app.today():
        raise Invalid("That day has passed.", advice="Give a day that is still to come.")
    with app.store.writing(author=author_of(app)) as tx:
        enquiry = tx.get(Enquiry, enquiry_id)
        _must_be_running(enquiry, "extended")
        clock = enquiry.clocks.respond if enquiry.clocks else None
        if clock is None:
            raise NotAllowed("No day is set for an answer to this.", advice="Note a promise instead: promise REFERENCE")
        new = Extension(until_on=until_on, reason=plain_text(reason), agreed_by=one_line(agreed_by), agreed_at=now)
        agreed = agree_extension(enquiry.extensions, new, clock=clock, now=now)
        extended = count_again(app, tx, replace(enquiry, extensions=agreed))
        tx.save(extended)
        text = f"Extended to {day_in_words(until_on)}, agreed by {new.agreed_by}: {new.reason}"
        write_entry(tx, app, extended, EntryKind.EXTENDED, text)
    return extended


def _ended(enquiry: Enquiry, at: datetime, now: datetime) -> tuple[Pause, ...]:
    """The pauses with the one that is on ended; as they are where only a question to the resident was open."""
    if open_pause(enquiry.pauses) is None:
        planned = pause_at(enquiry.pauses, at)
        if planned is not None and planned.until_at is not None and planned.until_at > now and at > planned.from_at:
            return tuple(replace(each, until_at=at) if each is planned else each for each in enquiry.pauses)
        if enquiry.status is Status.WAITING_FOR_RESIDENT:
            return enquiry.pauses
    return end_pause(enquiry.pauses, at=at)


def _must_be_running(enquiry: Enquiry, step: str) -> None:
    if not enquiry.status.is_open:
        raise NotAllowed(f"{enquiry.reference} is closed, so it cannot be {step}.", advice="Reopen it first.")
    if enquiry.answered_at is not None:
        raise NotAllowed(
            f"{enquiry.reference} was answered on {day_in_words(enquiry.answered_at.date())}, and what was judged stays"
            " so.",
            advice="Add a note instead.",
        )
