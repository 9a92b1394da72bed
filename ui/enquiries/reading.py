"""What the screens of casework ask: pages of a list, one enquiry, and what would be sent."""

from dataclasses import dataclass, replace
from datetime import datetime

from member_tracker.app import App
from member_tracker.domain.dates import local_date
from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.vocabulary import OutgoingState
from member_tracker.services.casework import EnquiryView, open_enquiry, why
from member_tracker.services.lists import (
    SOON_WORKING_DAYS,
    Known,
    ListView,
    Mark,
    Order,
    Wanted,
    Which,
    Window,
    list_again,
    list_part,
    narrowed,
    remembered_view,
    working_days_on,
)
from ui.enquiries.long_list import PAGE_ROWS
from ui.places import Place


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
class Listed:
    """What a list shows: its parts around where somebody is, how far that row moved, and how it is narrowed."""

    windows: tuple[Window, ...]
    moved: int
    view: ListView
    order: Order


def read_list(app: App, place: Place, view: ListView | None, *, first: int, keep: Mark | None) -> Listed:
    """What a place lists around row `first`; shown as it last was where nothing else is said."""
    shown = remembered_view(app, place.value) if view is None else view
    what = narrowed(wanted(app, place), shown)
    windows, moved = list_again(app, what, first=first, limit=PAGE_ROWS, keep=keep)
    return Listed(windows=windows, moved=moved, view=shown, order=what.order)


def read_part(app: App, place: Place, view: ListView | None, *, first: int, known: Known) -> Window:
    """One more part of a list."""
    what = narrowed(wanted(app, place), view or ListView())
    return list_part(app, what, first=first, limit=PAGE_ROWS, known=known)


def wanted(app: App, place: Place) -> Wanted:
    """What a place lists: by due date, or newest first where everything is listed."""
    which = {Place.OVERDUE: Which.OVERDUE, Place.DUE_SOON: Which.DUE_SOON, Place.ALL: Which.ALL}.get(place, Which.OPEN)
    until = working_days_on(app, SOON_WORKING_DAYS) if which is Which.DUE_SOON else None
    what = Wanted(which=which, today=local_date(app.now()), now=app.now(), until=until)
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
