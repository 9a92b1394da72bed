"""Practice data: made-up people and enquiries, and replies that arrive from message files as real mail would."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import cast

from member_tracker.domain.dates import local_date
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.people import Resident, ServiceArea
from member_tracker.domain.timeline import Suggestion, SuggestionState
from member_tracker.domain.values import with_fields
from member_tracker.domain.vocabulary import Channel, Kind, Priority, Role
from member_tracker.mail.mailbox import Found, Letter, Mailbox
from member_tracker.services.collecting import collect
from member_tracker.services.enquiries import (
    Accepting,
    accept_suggestion,
    add_note,
    close_enquiry,
    send_enquiry,
    tell_resident,
)
from member_tracker.services.intake import Intake, log_by_name
from member_tracker.services.parts import App, OpenMailbox, the_council
from member_tracker.services.post import post_queued
from member_tracker.services.setup import SetUp, set_up
from member_tracker.shipped import shipped


class DatedMailbox:
    """A mailbox in which what is sent has gone at a moment of the story."""

    def __init__(self, mailbox: Mailbox, at: datetime) -> None:
        self._mailbox = mailbox
        self._at = at

    def __getattr__(self, name: str) -> object:
        """Everything else is as the mailbox itself does it."""
        return getattr(self._mailbox, name)

    def look(self, letter: Letter) -> Found:
        """Where the letter is; if it went, it went at the moment of the story."""
        found = self._mailbox.look(letter)
        return replace(found, receipt=replace(found.receipt, sent_at=self._at)) if found.receipt else found


def at_moment(app: App, moment: datetime) -> App:
    """The same program as it would have run at `moment`."""

    def dated() -> tuple[OpenMailbox, ...]:
        boxes = app.mailboxes()
        return tuple(replace(box, mailbox=cast("Mailbox", DatedMailbox(box.mailbox, moment))) for box in boxes)

    return replace(app, now=lambda: moment, mailboxes=dated)


Deliver = Callable[[App, bytes], object]
"""Brings a reply to where the program reads its mail, at the moment of the story."""


def fill(app: App, deliver: Deliver | None = None) -> None:
    """Set up the practice council and play each enquiry of the story to where it stands, through the ordinary deeds.

    Without `deliver` the replies are put into the profile's own folder of messages.
    """
    story = tomllib.loads(shipped("practice", "story.toml").read_text(encoding="utf-8"))
    people = story["people"]
    set_up(
        app,
        SetUp(council=people["council"], me=people["me"], role=Role.SUPPORT, councillors=tuple(people["councillors"])),
    )
    start = app.now()
    for told in story["enquiry"]:
        _play(app, told, start, deliver or put_into_inbox)


def _play(app: App, told: Mapping[str, object], start: datetime, deliver: Deliver) -> None:
    moment = _working_moment(app, start, int(str(told["days_ago"])))
    enquiry = log_by_name(at_moment(app, moment), _intake(told, moment))
    _keep_details(app, enquiry, told.get("details"))
    for step in _steps(told):
        moment = min(moment + timedelta(hours=float(str(step.get("hours_later", 3)))), start)
        then = at_moment(app, moment)
        if step["do"] == "reply":
            deliver(then, practice_reply(then, enquiry.id, str(step["file"])))
            collect(then)
        else:
            _STEPS[str(step["do"])](then, enquiry.id, step)


def _intake(told: Mapping[str, object], moment: datetime) -> Intake:
    return Intake(
        councillor=str(told["councillor"]),
        resident=str(told["resident"]),
        service_area=str(told["service_area"]),
        channel=Channel(str(told["channel"])),
        subject=str(told["subject"]),
        text=str(told["text"]),
        kind=Kind(str(told.get("kind", Kind.ENQUIRY))),
        priority=Priority(str(told.get("priority", Priority.NORMAL))),
        received_at=moment,
    )


def _keep_details(app: App, enquiry: Enquiry, details: object) -> None:
    if isinstance(details, Mapping):
        with app.store.writing(author=None) as tx:
            resident = tx.get(Resident, enquiry.resident_id)
            tx.save(with_fields(resident, {str(name): str(value) for name, value in details.items()}))


def _send(app: App, enquiry_id: EnquiryId, step: Mapping[str, object]) -> None:
    del step
    send_enquiry(app, enquiry_id)
    post_queued(app)


def _queue(app: App, enquiry_id: EnquiryId, step: Mapping[str, object]) -> None:
    del step
    send_enquiry(app, enquiry_id)


def _accept(app: App, enquiry_id: EnquiryId, step: Mapping[str, object]) -> None:
    del step
    with app.store.reading() as tx:
        waiting = tx.every(Suggestion, enquiry_id=enquiry_id, state=SuggestionState.OPEN)
    for suggestion in waiting:
        accept_suggestion(app, suggestion.id, Accepting())


def _note(app: App, enquiry_id: EnquiryId, step: Mapping[str, object]) -> None:
    add_note(app, enquiry_id, str(step["text"]))


def _tell(app: App, enquiry_id: EnquiryId, step: Mapping[str, object]) -> None:
    del step
    tell_resident(app, enquiry_id)


def _close(app: App, enquiry_id: EnquiryId, step: Mapping[str, object]) -> None:
    del step
    close_enquiry(app, enquiry_id)


_STEPS = {
    "send": _send,
    "queue": _queue,
    "accept": _accept,
    "note": _note,
    "tell": _tell,
    "close": _close,
}


def practice_reply(app: App, enquiry_id: EnquiryId, file: str) -> bytes:
    """A practice reply to an enquiry, dated now."""
    with app.store.reading() as tx:
        enquiry = tx.get(Enquiry, enquiry_id)
        area = tx.get(ServiceArea, enquiry.service_area_id)
        sent = tx.every(QueuedMail, enquiry_id=enquiry_id)
    own = sent[0]
    moment = app.now()
    text = shipped("practice", "replies", file).read_text(encoding="utf-8")
    filled = text.format(
        to=own.from_address,
        sender=area.addresses[0],
        area=area.name,
        subject=own.subject,
        reference=enquiry.reference,
        in_reply_to=own.server_message_id or own.message_id,
        message_id=f"<{app.random_bytes(12).hex()}@practice.example.org>",
        date=format_datetime(moment),
        in_five_days=_in_words(moment + timedelta(days=5)),
        in_nine_days=_in_words(moment + timedelta(days=9)),
    )
    return filled.replace("\n", "\r\n").encode("utf-8")


def put_into_inbox(app: App, raw: bytes) -> None:
    """Let a mail lie in the profile's own folder of messages."""
    inbox = app.profile.settings().inbox
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / f"{app.random_bytes(6).hex()}.eml").write_bytes(raw)


def place_reply(app: App, enquiry_id: EnquiryId, file: str) -> None:
    """Put a practice reply to an enquiry into the inbox, dated now."""
    put_into_inbox(app, practice_reply(app, enquiry_id, file))


def _steps(told: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    steps = told.get("step", ())
    return [step for step in steps if isinstance(step, Mapping)] if isinstance(steps, list) else []


def _working_moment(app: App, start: datetime, days_ago: int) -> datetime:
    """Mid-morning of the day `days_ago` working days before today; just now for none."""
    if days_ago == 0:
        return start
    with app.store.reading() as tx:
        council = the_council(tx)
    calendar = app.charters.calendar(council.name, council.closure_days)
    day, left = start, days_ago
    while left:
        day -= timedelta(days=1)
        left -= calendar.is_working(local_date(day))
    return day.replace(hour=10, minute=20, second=0, microsecond=0)


def _in_words(moment: datetime) -> str:
    return f"{moment.day} {moment:%B}"
