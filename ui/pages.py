"""The pages of an open profile: made when they are first gone to, one of them shown at a time."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from member_tracker.domain.change import ChangeSet, RecordKind
from ui.deeds import Deed, Doing
from ui.desk import Desk
from ui.importing.drop import take_drops
from ui.page_table import CASEWORK, PageLine, line_of, page_at
from ui.places import Place
from ui.rounds import once
from ui.today.page import read_today
from ui.widgets.focus import first_of
from ui.widgets.page import Page

if TYPE_CHECKING:
    from member_tracker.services.lists import TodayCounts
    from member_tracker.services.lists import TodayPage as TodayAnswer
    from ui.enquiries.page import CaseworkPage
    from ui.find.page import FindPage
    from ui.settings.page import SettingsPage

_COUNTED = (RecordKind.ENQUIRY, RecordKind.SUGGESTION, RecordKind.MAIL, RecordKind.OUTGOING)
_ABOUT_MAIL = ("settings", "unsure")
_SETTLED_MS = 250
_LEFT_BEHIND = ("form", "compose")


class Pages(QObject):
    """Goes from page to page. `counted` carries how much waits in each place, `went` the place that is shown now.

    `made` carries a page that was just made, `titled` what the page shown adds to the window's title, and
    `mail_wanted` asks for mail to be sent and received; `unfocused` says that nothing shown can hold the keyboard.
    """

    counted = Signal(object)
    went = Signal(object)
    made = Signal(QWidget)
    titled = Signal(str)
    mail_wanted = Signal()
    unfocused = Signal()

    def __init__(self, desk: Desk, stack: QStackedWidget) -> None:
        super().__init__(stack)
        self._desk = desk
        self._stack = stack
        self._place = Place.TODAY
        self._made: dict[str, Page] = {}
        self._titles: dict[Page, str] = {}
        self._behind: list[Page] = []
        self._waiting = 0
        self._settled = once(self, _SETTLED_MS, self._see_to_focus)
        desk.news.changed.connect(self._hear)
        take_drops(stack.window(), desk)
        desk.show_enquiry.connect(self.open_enquiry)
        desk.page_wanted.connect(self.show)
        stack.currentChanged.connect(lambda _index: self._say_title())

    # --- where to -----------------------------------------------------------------------------------------------------

    def go_to(self, place: Place) -> None:
        """Show a place of the navigation."""
        self._place = place
        self._behind.clear()
        line = page_at(place)
        page = self._page(line)
        if line is CASEWORK:
            self._casework().show_list(place)
        self._stack.setCurrentWidget(page)

    def show(self, name: str, about: object = None) -> Page:
        """Show the page of that name, as it was left or about something; a place is gone to."""
        line = line_of(name)
        page = self._page(line)
        if about is not None:
            page.show_about(about)
        if line.place is not None:
            self._go_and_say(line.place)
        else:
            self._remember_where(page)
            self._stack.setCurrentWidget(page)
        page.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._settled.start()
        return page

    def show_settings(self) -> "SettingsPage":
        """Show the settings, as they were left."""
        from ui.settings.page import SettingsPage

        page = self.show("settings")
        if not isinstance(page, SettingsPage):
            raise TypeError("another page was put in the place of the settings")
        return page

    def find(self, words: str) -> None:
        """Show what has these words, and leave the keyboard where they are typed; without any nobody goes there."""
        page = self._found
        if not words and page is not self._shown:
            return
        page.show_about(words)
        self._remember_where(page)
        self._stack.setCurrentWidget(page)

    def go_into_found(self) -> None:
        """Put the keyboard on what was found."""
        if self._shown is self._found:
            self._found.go_into()

    def open_enquiry(self, enquiry_id: str) -> None:
        """Show one enquiry beside the list it is in."""
        casework, here = self._casework(), self._shown
        if here is not casework:
            self._behind[:] = [here] if here and here not in map(self._made.get, _LEFT_BEHIND) else []
            self._went_to(Place.OPEN)
            casework.show_list(Place.OPEN)
        self._stack.setCurrentWidget(casework)
        casework.open_enquiry(enquiry_id)

    def back(self) -> None:
        """Esc: go back inside the page, else to the page somebody came from, else to Today."""
        page = self._shown
        if page is None or page.back():
            return
        if self._behind or page is not self._made.get("today"):
            self._leave(page)

    # --- what is shown ------------------------------------------------------------------------------------------------

    @property
    def is_about_mail(self) -> bool:
        """Whether a page is shown that says how the mailboxes stand."""
        return self._shown is not None and self._shown in map(self._made.get, _ABOUT_MAIL)

    def deeds(self) -> Doing:
        """What of the menus can be done to what is shown."""
        return self._shown.deeds() if self._shown is not None else {}

    def do(self, deed: Deed) -> bool:
        """Do it to what is shown; whether that could be done."""
        found = self.deeds().get(deed)
        if found is not None:
            found()
        return found is not None

    def why_not(self, deed: Deed) -> str:
        """Why that cannot be done to what is shown."""
        return (self._shown.why_not(deed) if self._shown is not None else "") or deed.value.sorry

    def panes(self) -> list[QWidget]:
        """The parts of the page shown, for F6 to go round."""
        return self._shown.panes() if self._shown is not None else []

    def count(self) -> None:
        """Ask how much waits in each place."""
        self._desk.ask(read_today, owner=self, done=self._show_counts)

    def redraw(self) -> None:
        """Have every page ask again, and so draw what is tinted anew."""
        self._desk.news.changed.emit(ChangeSet(everything=True))

    @property
    def _shown(self) -> Page | None:
        page = self._stack.currentWidget()
        return page if isinstance(page, Page) else None

    def leave_found(self) -> None:
        """Go back to what was shown before somebody looked for something."""
        if self._shown is self._made.get("find") and self._shown is not None:
            self._leave(self._shown)
        else:
            self._focus_page()

    @property
    def _found(self) -> "FindPage":
        from ui.find.page import FindPage

        page = self._page(line_of("find"))
        if not isinstance(page, FindPage):
            raise TypeError("another page was put in the place of what is found")
        return page

    # --- how ----------------------------------------------------------------------------------------------------------

    def _hear(self, change: ChangeSet) -> None:
        if change.touches(*_COUNTED):
            self.count()

    def _show_counts(self, answer: "TodayAnswer") -> None:
        counts: TodayCounts = answer.counts
        self.counted.emit(counts)
        before, self._waiting = self._waiting, counts.waiting_to_send
        if self._waiting > before:
            self.mail_wanted.emit()

    def _page(self, line: PageLine) -> Page:
        """The page of that line, made and connected the first time."""
        if line.name not in self._made:
            page = line.make(self._desk)
            self.take_over(line.name, page)
            self._stack.addWidget(page)
            self.made.emit(page)
        return self._made[line.name]

    def take_over(self, name: str, page: Page) -> None:
        """Go to this page by that name: one just made, or one that was shown before the profile was open."""
        self._made[name] = page
        page.left.connect(lambda: self._leave(page))
        page.place_wanted.connect(self._go_and_say)
        page.titled.connect(lambda words: self._retitle(page, words))
        for inside in page.findChildren(Page):
            inside.titled.connect(page.titled)

    def _casework(self) -> "CaseworkPage":
        from ui.enquiries.page import CaseworkPage

        page = self._page(CASEWORK)
        if not isinstance(page, CaseworkPage):
            raise TypeError("another page was put in the place of casework")
        return page

    def _remember_where(self, page: Page) -> None:
        """Esc in that page leads back to the one shown now."""
        here = self._shown
        if page in self._behind:
            del self._behind[self._behind.index(page) :]
        elif here is not None and here is not page:
            self._behind.append(here)

    def _leave(self, page: Page) -> None:
        """A page is done with, whether Esc or one of its buttons said so."""
        if page is self._shown:
            if self._behind:
                self._stack.setCurrentWidget(self._behind.pop())
            else:
                is_place = page in {self._made.get(page_at(place).name) for place in Place}
                self._go_and_say(Place.TODAY if is_place else self._place)
            self._focus_page()

    def _focus_page(self) -> None:
        """Nothing that is hidden keeps the keyboard."""
        panes = [pane for pane in self.panes() if pane.isVisible()]
        first = panes[0] if panes else first_of(self._stack)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.unfocused.emit()

    def _see_to_focus(self) -> None:
        """What held the keyboard may have been hidden when the page had its answers."""
        focus = self._stack.window().focusWidget()
        if focus is None or isinstance(focus, Page) or not focus.isVisible():
            self._focus_page()

    def _retitle(self, page: Page, words: str) -> None:
        self._titles[page] = words
        self._say_title()

    def _say_title(self) -> None:
        page = self._shown
        self.titled.emit(self._titles.get(page, "") if page is not None else "")

    def _went_to(self, place: Place) -> None:
        self._place = place
        self.went.emit(place)

    def _go_and_say(self, place: Place) -> None:
        self._went_to(place)
        self.go_to(place)
