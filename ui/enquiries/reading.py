"""What the screens of casework ask: pages of a list, one enquiry, and what would be sent."""

from dataclasses import dataclass, replace
from datetime import datetime

from member_tracker.app import App
from member_tracker.domain.correspondence import OutgoingMail
from member_tracker.domain.dates import local_date
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.people import DutyOfficer, Resident
from member_tracker.domain.vocabulary import OutgoingState
from member_tracker.services.casework import EnquiryView, open_enquiry, why
from member_tracker.services.facts import answer_text
from member_tracker.services.letters import mail_to_resident, mail_to_service_area
from member_tracker.services.lists import (
    SOON_WORKING_DAYS,
    Anchor,
    EnquiryRow,
    Order,
    Wanted,
    Which,
    enquiry_page,
    working_days_on,
)
from ui.places import Place
from ui.table import PAGE_ROWS, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One enquiry as read at `now`, with the sentence that says why it is due when it is.

    `elsewhere` are its mails that wait on another computer; `has_begun` says that the first is being sent
    there.
    """

    view: EnquiryView
    why: str
    now: datetime
    elsewhere: tuple[QueuedMail, ...] = ()

    @property
    def has_begun(self) -> bool:
        """Whether the other computer has begun to send the first of them."""
        from member_tracker.services.taking_over import has_begun

        return bool(self.elsewhere) and has_begun(self.elsewhere[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What would be sent: to whom, and the text; `to` is empty where it is told in another way than by mail."""

    to: tuple[str, ...]
    subject: str
    body: str


def read_list(app: App, place: Place, find: str, pages: int) -> list[Page[EnquiryRow]]:
    """The first pages of a list, one after another."""
    read: list[Page[EnquiryRow]] = []
    after: object | None = None
    while len(read) < pages:
        page = read_page(app, place, find, after)
        read.append(page)
        after = page.next
        if after is None:
            break
    return read


def read_page(app: App, place: Place, find: str, after: object | None) -> Page[EnquiryRow]:
    """The page of a list after an anchor; a search that gives few rows is read on until the page is full."""
    what = wanted(app, place, find)
    rows: list[EnquiryRow] = []
    anchor = after if isinstance(after, Anchor) else None
    while True:
        page = enquiry_page(app, what, after=anchor, limit=PAGE_ROWS - len(rows))
        rows += page.rows
        anchor = page.next
        if anchor is None or len(rows) >= PAGE_ROWS:
            return Page(rows=tuple(rows), next=anchor)


def wanted(app: App, place: Place, find: str) -> Wanted:
    """What a place lists: by due date, or newest first where everything is listed or searched."""
    which = {Place.OVERDUE: Which.OVERDUE, Place.DUE_SOON: Which.DUE_SOON, Place.ALL: Which.ALL}.get(place, Which.OPEN)
    until = working_days_on(app, SOON_WORKING_DAYS) if which is Which.DUE_SOON else None
    what = Wanted(which=which, today=local_date(app.now()), now=app.now(), until=until, find=find or None)
    return replace(what, order=Order.NEWEST) if which is Which.ALL else what


def read_enquiry(app: App, enquiry_id: str) -> Opened:
    """One enquiry with all that is shown beside it."""
    view = open_enquiry(app, EnquiryId(enquiry_id))
    return Opened(view=view, why=why(view.enquiry), now=app.now(), elsewhere=_elsewhere(app, view))


def _elsewhere(app: App, view: EnquiryView) -> tuple[QueuedMail, ...]:
    """The mails that wait on another computer; the parts of the hub are not fetched where none waits at all."""
    queued = [mail for mail in view.sent if mail.state is OutgoingState.QUEUED]
    if not queued:
        return ()
    from member_tracker.services.taking_over import waiting_elsewhere

    return waiting_elsewhere(app, queued)


def letter_to_area(app: App, enquiry_id: str, duty_officer: DutyOfficer | None = None) -> Letter:
    """The mail that would go to the service area, and to a duty officer of it."""
    with app.store.reading() as tx:
        return _letter(mail_to_service_area(app, tx, tx.get(Enquiry, enquiry_id), duty_officer=duty_officer))


def letter_to_resident(app: App, enquiry_id: str) -> Letter:
    """What the resident would be told: the answer as accepted; by mail where an address is held and mail is liked."""
    with app.store.reading() as tx:
        enquiry = tx.get(Enquiry, enquiry_id)
        text = answer_text(tx, enquiry)
        try:
            mail = mail_to_resident(app, tx, enquiry, tx.get(Resident, enquiry.resident_id), text or "…")
        except TrackerError:
            mail = None
        return Letter(to=mail.to if mail else (), subject=enquiry.subject, body=text)


def _letter(mail: OutgoingMail) -> Letter:
    return Letter(to=mail.to, subject=mail.subject, body=mail.body)
