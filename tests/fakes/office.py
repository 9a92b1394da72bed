"""An office to try deeds in: a real encrypted store, a folder mailbox, and a clock that stands still."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from member_tracker.app import App, build
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.people import ServiceArea
from member_tracker.domain.values import with_fields
from member_tracker.domain.vocabulary import Channel
from member_tracker.profile import Profile
from member_tracker.services.collecting import Collected, collect
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.intake import Intake, log_by_name
from member_tracker.services.post import post_queued
from member_tracker.services.practice import at_moment
from member_tracker.services.setup import SetUp, set_up
from tests.fakes.clock import StoppedClock

MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


@dataclass(slots=True)
class Office:
    """A council's office with its parts; every deed happens at the moment its clock shows."""

    parts: App
    clock: StoppedClock

    @property
    def app(self) -> App:
        """The program as it runs at this moment."""
        return at_moment(self.parts, self.clock())

    def log(self, **more: object) -> Enquiry:
        """An enquiry logged just now; `more` are the fields of an `Intake` that differ."""
        intake = Intake(
            councillor="Cllr Vera Quill",
            resident="Ned Barlow",
            service_area="Housing",
            channel=Channel.EMAIL,
            subject="Damp in a flat",
            text="The bedroom wall is wet. Please inspect it.",
        )
        return log_by_name(self.app, with_fields(intake, more))

    def logged_and_sent(self, **more: object) -> Enquiry:
        """An enquiry that has reached its service area just now."""
        enquiry = self.log(**more)
        send_enquiry(self.app, enquiry.id)
        post_queued(self.app)
        return self.read(enquiry)

    def read(self, enquiry: Enquiry) -> Enquiry:
        """The enquiry as it is stored now."""
        with self.app.store.reading() as tx:
            return tx.get(Enquiry, enquiry.id)

    def sent_mail(self, enquiry: Enquiry) -> QueuedMail:
        """The mail of ours about an enquiry."""
        with self.app.store.reading() as tx:
            return tx.every(QueuedMail, enquiry_id=enquiry.id)[0]

    def area(self, enquiry: Enquiry) -> ServiceArea:
        """The service area of an enquiry."""
        with self.app.store.reading() as tx:
            return tx.get(ServiceArea, enquiry.service_area_id)

    def reply(self, enquiry: Enquiry, text: str, *, sender: str | None = None, headers: str = "", **more: str) -> str:
        """Put a reply to an enquiry's mail into the inbox, as received just now; gives its file name."""
        mail = self.sent_mail(enquiry)
        date = format_datetime(self.clock())
        name = f"{len(list(self.inbox.glob('*.eml'))) + 1:03}.eml"
        raw = (
            f"Received: from relay.example.org by mx.example.org; {date}\n"
            f"From: {sender or self.area(enquiry).addresses[0]}\n"
            f"To: {mail.from_address}\n"
            f"Subject: {more.get('subject', 'RE: ' + mail.subject)}\n"
            f"Date: {date}\n"
            f"Message-ID: {more.get('message_id', f'<{name}.{enquiry.id}@example.org>')}\n"
            f"In-Reply-To: {more.get('in_reply_to', mail.message_id)}\n"
            f"{headers}"
            f"\n{text}\n"
        )
        (self.inbox / name).write_bytes(raw.encode())
        return name

    def collect(self, source: Path | None = None) -> Collected:
        """Bring in what lies in the inbox, or in another folder."""
        return collect(self.app, source)

    @property
    def inbox(self) -> Path:
        """The folder mail arrives in."""
        return self.parts.profile.settings().inbox

    @property
    def outbox(self) -> Path:
        """The folder sent mail lies in."""
        return self.parts.profile.settings().outbox


def open_office(folder: Path, moment: datetime = MONDAY, *, council: str = "Chorley") -> Office:
    """An office of a council in `folder`, at mid-morning of an ordinary Monday."""
    app = build(Profile(folder=folder), passphrase=lambda: None, practice=True)
    office = Office(parts=app, clock=StoppedClock(moment))
    set_up(office.app, SetUp(council=council, councillors=("Cllr Vera Quill",)))
    return office
