"""The head of an enquiry: reference, status and due state in words, subject, people, and whose turn it is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from member_tracker.domain.dates import local_date
from member_tracker.domain.people import Resident
from member_tracker.domain.vocabulary import Kind, Priority
from ui.enquiries.reading import Opened
from ui.language import tr, tr_word
from ui.widgets.parts import column, label, row, set_tone
from ui.words import TONES, came_words, due_words, short_moment, whose_turn


class Header(QWidget):
    """What one looks for first."""

    def __init__(self, back: QWidget) -> None:
        """`back` stands before the reference: the way to the list, where that is hidden."""
        super().__init__()
        self.setObjectName("enquiryHeader")
        self._reference = label(name="enquiryReference", kind="quiet", wrap=False)
        self._status = label(name="enquiryStatus", kind="badge", wrap=False)
        self._due = label(name="enquiryDue", kind="badge", wrap=False)
        self._subject = label(name="enquirySubject", kind="title")
        self._people = label(name="enquiryPeople", kind="quiet")
        self._contact = label(name="residentContact", kind="quiet")
        self._turn = label(name="enquiryTurn", kind="heading")
        for badge in (self._status, self._due):
            badge.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for selectable in (self._reference, self._contact):
            selectable.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setLayout(
            column(
                row(back, self._reference, None, self._status, self._due),
                self._subject,
                self._turn,
                self._people,
                self._contact,
                gap=2,
            )
        )

    def show_opened(self, opened: Opened) -> None:
        """Show the head of this enquiry."""
        view = opened.view
        enquiry, today = view.enquiry, local_date(opened.now)
        state = enquiry.state(opened.now)
        self._reference.setText(enquiry.reference)
        self._status.setText(tr_word(enquiry.status))
        self._due.setText(due_words(state, enquiry.respond_by, today))
        set_tone(self._due, TONES[state])
        urgent = "" if enquiry.priority is Priority.NORMAL else f"{tr_word(enquiry.priority)}: "
        self._subject.setText(urgent + enquiry.subject)
        kind = "" if enquiry.kind is Kind.ENQUIRY else f"{tr_word(enquiry.kind)}. "
        councillor = view.name(enquiry.raised_by) or tr("a councillor")
        self._people.setText(
            tr("{kind}For {resident}, raised by {councillor}, with {service_area}. Received {time}, {came}.").format(
                kind=kind,
                resident=view.resident.name,
                councillor=councillor,
                service_area=view.service_area.name,
                time=short_moment(enquiry.received_at, today),
                came=came_words(enquiry.channel),
            )
        )
        self._contact.setText(contact_words(view.resident))
        self._turn.setText(whose_turn(enquiry, view.service_area.name, view.resident.name, undecided=len(view.waiting)))


def contact_words(resident: Resident) -> str:
    """How a resident is reached, in one line."""
    liked = resident.preferred_channel
    said = [
        resident.phone,
        resident.email,
        resident.address,
        tr("prefers {liked}").format(liked=tr_word(liked).lower()) if liked else None,
        resident.communication_needs,
    ]
    known = [word for word in said if word]
    return (
        f"{resident.name}: {', '.join(known)}"
        if known
        else tr("No contact details are held for {resident}.").format(resident=resident.name)
    )
