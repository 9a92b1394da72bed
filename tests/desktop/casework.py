"""Casework for the journeys: made-up enquiries, each where one of the journeys begins, in a profile of one's own."""

from dataclasses import dataclass
from pathlib import Path

from member_tracker.app import App, build
from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.timeline import Suggestion, SuggestionState
from member_tracker.domain.vocabulary import Channel, Role
from member_tracker.profile import Profile
from member_tracker.services.collecting import collect
from member_tracker.services.enquiries import Accepting, accept_suggestion, send_enquiry
from member_tracker.services.intake import Intake, log_by_name
from member_tracker.services.lists import EnquiryRow, Wanted, Which, enquiry_page
from member_tracker.services.post import post_queued
from member_tracker.services.practice import place_reply
from member_tracker.services.setup import SetUp, set_up

PASSPHRASE = "four quiet words here"
COUNCILLOR = "Cllr Ada Byron"

UNMATCHED = """\
From: Joan Pilling <joan.pilling@example.org>
To: member.enquiries@example.org
Subject: Lamp at the corner of Mill Lane
Message-ID: <lamp-1@example.org>
Date: Sun, 1 Nov 2026 10:10:00 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

About {reference}: the lamp was mended on Friday, thank you.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One enquiry as it is logged."""

    resident: str
    area: str
    subject: str
    text: str


TO_SEND = Told(resident="Noor Whitaker", area="Waste", subject="Bins missed again", text="Not emptied for three weeks.")
TO_ACCEPT = Told(
    resident="Ivo Marchetti", area="Housing", subject="Damp in the hall", text="The wall is black with mould."
)
TO_TELL = Told(
    resident="Gethin Rowlands", area="Licensing", subject="Taxi badge renewal", text="The badge ran out in October."
)
TO_CLOSE = Told(
    resident="Bronwen Okafor", area="Planning", subject="Fence across the track", text="Was permission given for it?"
)
TO_FILE = Told(
    resident="Farida Nasser", area="Environmental Health", subject="Lamp out of order", text="Dark for a month now."
)


def make_casework(folder: Path) -> None:
    """Fill a new profile, as if it had been at work since this morning; what it sends is put into a folder."""
    profile = Profile(folder=folder)
    folder.mkdir(parents=True)
    profile.settings_file.write_text('[mailbox]\noutbox = "mailbox/outbox"\n', encoding="utf-8")
    app = build(profile, passphrase=lambda: PASSPHRASE)
    set_up(app, SetUp(council="Chorley", me=COUNCILLOR, role=Role.COUNCILLOR))
    log(app, TO_SEND)
    for told in (TO_ACCEPT, TO_CLOSE, TO_FILE):
        send(app, log(app, told))
    answered = log(app, TO_TELL)
    send(app, answered)
    place_reply(app, answered, "answer.eml")
    collect(app)
    accept(app, answered)
    leave_mail(app)
    app.store.close()


def log(app: App, told: Told) -> EnquiryId:
    """Log an enquiry that came by email."""
    intake = Intake(
        councillor=COUNCILLOR,
        resident=told.resident,
        service_area=told.area,
        channel=Channel.EMAIL,
        subject=told.subject,
        text=told.text,
    )
    return EnquiryId(log_by_name(app, intake).id)


def send(app: App, enquiry_id: EnquiryId) -> None:
    """Send it to its service area."""
    send_enquiry(app, enquiry_id)
    post_queued(app)


def accept(app: App, enquiry_id: EnquiryId) -> None:
    """Accept what a reply seems to mean."""
    with app.store.reading() as tx:
        waiting = tx.every(Suggestion, enquiry_id=enquiry_id, state=SuggestionState.OPEN)
    for suggestion in waiting:
        accept_suggestion(app, suggestion.id, Accepting())


def leave_mail(app: App) -> None:
    """Let an answer and a mail that no enquiry claims lie in the mailbox, to be fetched by the window."""
    ids = {row.subject: row for row in _everything(app)}
    place_reply(app, EnquiryId(ids[TO_ACCEPT.subject].id), "answer.eml")
    inbox = app.profile.settings().inbox
    text = UNMATCHED.format(reference=ids[TO_FILE.subject].reference)
    (inbox / "lamp.eml").write_text(text, encoding="utf-8")


def _everything(app: App) -> tuple[EnquiryRow, ...]:
    return enquiry_page(app, Wanted(which=Which.ALL, today=app.today())).rows
