"""Today: what is overdue, what is due next, and which replies wait for a decision, on one screen in plain words."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from member_tracker.domain.change import RecordKind
from ui import look
from ui.desk import Desk
from ui.enquiries.columns import about_column, area_column, due_column, resident_column, status_column
from ui.language import tr, tr_count
from ui.places import Place
from ui.today.section import Section
from ui.widgets.page import Page
from ui.widgets.parts import column, label
from ui.words import day_in_words

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.services.today import TodayPage as TodayAnswer


def read_today(app: "App") -> "TodayAnswer":
    """What the page shows."""
    from member_tracker.services.lists import today_page

    return today_page(app)


class TodayPage(Page):
    """The first page; `place_wanted` asks for the whole of one of its lists."""

    kinds = (RecordKind.ENQUIRY, RecordKind.SUGGESTION, RecordKind.MAIL, RecordKind.RESIDENT, RecordKind.SERVICE_AREA)
    place_wanted = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "todayPage", parent)
        self._day = date.min
        self._inside = _scrolling(self)  # made first: parts put into another parent are dressed once more each time
        self._title = label(tr("Today"), name="todayTitle", kind="title")
        self._summary = label(tr("Opening your casework…"), name="todaySummary")
        self._overdue = self._section("overdue", tr("Nothing is overdue."), more=tr("Show &all that are overdue"))
        self._due_soon = self._section(
            "due",
            tr("Nothing is due in the next two working days. “Open” in the list on the left shows what is due later."),
            more=tr("&Show all that are due soon"),
        )
        self._replies = self._section(
            "new",
            tr("No reply waits for your decision. Press F5 to send and receive mail."),
        )
        parts = (self._title, self._summary, self._overdue, self._due_soon, self._replies)
        self._inside.setLayout(column(*parts, None, margin=look.ROOM, gap=look.ROOM))
        self._overdue.all_wanted.connect(lambda: self.place_wanted.emit(Place.OVERDUE))
        self._due_soon.all_wanted.connect(lambda: self.place_wanted.emit(Place.DUE_SOON))
        for section in (self._overdue, self._due_soon, self._replies):
            section.chosen.connect(desk.show_enquiry)
            section.hide()

    def ask(self) -> None:
        """Read what needs somebody today."""
        self.desk.ask(read_today, owner=self, done=self.show_answer)

    def show_answer(self, answer: "TodayAnswer") -> None:
        """Show what needs somebody today."""
        counts, self._day = answer.counts, answer.today
        self._title.setText(tr("Today, {day}").format(day=day_in_words(self._day)))
        self._summary.setText(summary(counts.overdue, counts.due_soon, counts.replies, counts.open, counts.tray))
        self._overdue.show_rows(
            tr("&Overdue ({overdue})").format(overdue=counts.overdue), answer.overdue, counts.overdue
        )
        self._due_soon.show_rows(
            tr("&Due in the next two working days ({due_soon})").format(due_soon=counts.due_soon),
            answer.due_soon,
            counts.due_soon,
        )
        self._replies.show_rows(
            tr("New re&plies ({replies})").format(replies=counts.replies), answer.replies, counts.replies
        )
        for section in (self._overdue, self._due_soon, self._replies):
            section.show()

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [section.view for section in (self._overdue, self._due_soon, self._replies)]

    def _today(self) -> date:
        return self._day

    def _section(self, name: str, nothing: str, *, more: str = "") -> Section:
        columns = (
            due_column(self._today),
            about_column(),
            resident_column(),
            area_column(),
            status_column(),
        )
        letters = (24, 0, 21, 26, 29)
        return Section(f"{name}Section", columns, letters, nothing=nothing, more=more, parent=self._inside)


def summary(overdue: int, due_soon: int, replies: int, open_: int, tray: int) -> str:
    """What needs somebody, in sentences."""
    if not (overdue or due_soon or replies or tray):
        if not open_:
            return tr("No enquiry is open. Log the first one: its due dates are worked out as you type.")
        now = tr_count(
            "Nothing needs you just now. {n} enquiry is open.",
            "Nothing needs you just now. {n} enquiries are open.",
            open_,
        )
        return now.format(n=open_)
    late = tr_count("{n} answer is overdue", "{n} answers are overdue", overdue)
    soon = tr_count("{n} is due in the next two working days", "{n} are due in the next two working days", due_soon)
    waiting = tr_count("{n} reply waits for your decision", "{n} replies wait for your decision", replies)
    unplaced = tr_count("{n} mail could not be placed", "{n} mails could not be placed", tray)
    said = [late.format(n=overdue) if overdue else tr("Nothing is overdue")]
    said += [words.format(n=n) for words, n in ((soon, due_soon), (waiting, replies), (unplaced, tray)) if n]
    all_but_last = ", ".join(said[:-1])
    return (tr("{others} and {last}").format(others=all_but_last, last=said[-1]) if all_but_last else said[0]) + "."


def _scrolling(page: QWidget) -> QFrame:
    """What a page scrolls, with nothing in it yet."""
    area = QScrollArea(page)
    area.setObjectName("todayScroll")
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    inside = QFrame()
    inside.setObjectName("scrolled")
    area.setWidget(inside)
    page.setLayout(column(area))
    return inside
