"""The columns of lists of enquiries."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtGui import QBrush, QIcon

from member_tracker.domain.dates import local_date
from member_tracker.domain.vocabulary import Priority
from ui import look
from ui.language import tr, tr_word
from ui.table import Column
from ui.words import due_words, short_day

if TYPE_CHECKING:
    from member_tracker.services.lists import EnquiryRow

    EnquiryColumn = Column[EnquiryRow]


def due_column(today: Callable[[], date]) -> "EnquiryColumn":
    """How each stands against its due date, in words, with an icon of its own shape and an ink."""

    def words(row: "EnquiryRow") -> str:
        return due_words(row.state, row.respond_by, today())

    def spoken(row: "EnquiryRow") -> str:
        by = tr(", due {day}").format(day=short_day(row.respond_by, today())) if row.respond_by else ""
        waiting = tr(", a reply waits for your decision") if row.waiting_suggestions else ""
        return tr("{words}{by}: {subject}, for {resident}, {status}{waiting}").format(
            words=words(row),
            by=by,
            subject=row.subject,
            resident=row.resident,
            status=tr_word(row.status),
            waiting=waiting,
        )

    def icon(row: "EnquiryRow") -> QIcon:
        return look.state_icon(row.state)

    def colour(row: "EnquiryRow") -> QBrush:
        return look.state_brush(row.state)

    return Column(heading=tr("Due"), words=words, spoken=spoken, icon=icon, colour=colour)


def about_column() -> "EnquiryColumn":
    """What each is about; what is urgent says so, and a reply that waits is marked."""

    def words(row: "EnquiryRow") -> str:
        urgent = "" if row.priority is Priority.NORMAL else f"{tr_word(row.priority)}: "
        return urgent + row.subject

    def icon(row: "EnquiryRow") -> QIcon | None:
        return look.icon("reply", "accent_ink") if row.waiting_suggestions else None

    return Column(heading=tr("About"), words=words, icon=icon)


def resident_column() -> "EnquiryColumn":
    """Whom each is for."""
    return Column(heading=tr("Resident"), words=lambda row: row.resident)


def area_column() -> "EnquiryColumn":
    """Who is to answer each."""
    return Column(heading=tr("With"), words=lambda row: row.service_area)


def status_column() -> "EnquiryColumn":
    """Where each stands."""
    return Column(heading=tr("Status"), words=lambda row: tr_word(row.status))


def received_column(today: Callable[[], date]) -> "EnquiryColumn":
    """The day each was received."""
    return Column(heading=tr("Received"), words=lambda row: short_day(local_date(row.received_at), today()))


def reference_column() -> "EnquiryColumn":
    """The reference of each."""
    return Column(heading=tr("Reference"), words=lambda row: row.reference)


def councillor_column() -> "EnquiryColumn":
    """Who raised each."""
    return Column(heading=tr("Councillor"), words=lambda row: row.councillor)
