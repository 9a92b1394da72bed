"""The pages of an open profile: made when they are first gone to, one of them shown at a time."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from member_tracker.domain.change import ChangeSet, RecordKind
from ui.desk import Desk
from ui.places import Place
from ui.today.page import TodayPage, read_today
from ui.widgets.page import Page
from ui.widgets.working_page import WorkingPage

if TYPE_CHECKING:
    from member_tracker.services.lists import TodayCounts
    from member_tracker.services.lists import TodayPage as TodayAnswer
    from ui.enquiries.form import LogForm
    from ui.enquiries.page import CaseworkPage
    from ui.inbox.page import TrayPage
    from ui.settings.page import SettingsPage
    from ui.sorting.page import SortOutPage

_ASIDE = ("form", "settings", "unsure", "hub")
_COUNTED = (RecordKind.ENQUIRY, RecordKind.SUGGESTION, RecordKind.MAIL, RecordKind.OUTGOING)


class Pages(QObject):
    """Goes from page to page. `counted` carries how much waits in each place, `went` the place that is shown now.

    `made` carries a page that was just made, `mail_wanted` asks for mail to be sent and received.
    """

    counted = Signal(object)
    went = Signal(object)
    made = Signal(QWidget)
    mail_wanted = Signal()

    def __init__(self, desk: Desk, stack: QStackedWidget) -> None:
        super().__init__(stack)
        self._desk = desk
        self._stack = stack
        self._place = Place.TODAY
        self._made: dict[str, Page] = {}
        self._waiting = 0
        desk.news.changed.connect(self._hear)
        desk.show_enquiry.connect(self.open_enquiry)

    def go_to(self, place: Place) -> None:
        """Show a place of the navigation."""
        self._place = place
        if place is Place.TODAY:
            page: Page = self._page("today", self._make_today)
        elif place is Place.UNMATCHED:
            page = self._page("tray", self._make_tray)
        elif place is Place.SORT_OUT:
            page = self._page("sorting", self._make_sorting)
        else:
            page = self._casework()
            self._casework().show_list(place)
        self._stack.setCurrentWidget(page)

    @property
    def is_about_mail(self) -> bool:
        """Whether a page is shown that says how the mailboxes stand."""
        return self._stack.currentWidget() in {self._made.get("settings"), self._made.get("unsure")} - {None}

    def log(self) -> None:
        """Show the form that logs an enquiry, as it was left."""
        self._show(self._page("form", self._make_form))

    def show_settings(self) -> "SettingsPage":
        """Show the settings, as they were left."""
        page = self._settings()
        self._show(page)
        return page

    def show_hub(self) -> None:
        """Show what concerns the hub."""
        self._show(self._page("hub", self._make_hub))

    def show_unsure(self) -> None:
        """Show the mail that may have gone out."""
        self._show(self._page("unsure", self._make_unsure))

    def find(self, words: str) -> None:
        """Show what has these words."""
        self._went_to(Place.ALL)
        self._stack.setCurrentWidget(self._casework())
        self._casework().show_list(Place.ALL, find=words)

    def open_enquiry(self, enquiry_id: str) -> None:
        """Show one enquiry beside the list it is in."""
        if self._stack.currentWidget() is not self._made.get("casework"):
            self._went_to(Place.OPEN)
            self._casework().show_list(Place.OPEN)
        self._stack.setCurrentWidget(self._casework())
        self._casework().open_enquiry(enquiry_id)

    def back(self) -> None:
        """Leave the form as it is, or go from an enquiry back to its list."""
        page = self._stack.currentWidget()
        if isinstance(page, WorkingPage) and page.back():
            return
        if page in {self._made.get(name) for name in _ASIDE}:
            self.go_to(self._place)
            self._focus_page()
        elif page is self._made.get("casework"):
            self._casework().back()
        elif page is self._made.get("sorting"):
            self._go_and_say(Place.TODAY)
            self._focus_page()

    def undo(self) -> None:
        """Undo the last step of the enquiry that is shown, or the last choice between two values."""
        page = self._stack.currentWidget()
        if page is self._made.get("casework"):
            self._casework().undo()
        elif page is self._made.get("sorting"):
            self._sorting().undo()

    def panes(self) -> list[QWidget]:
        """The parts of the page shown, for F6 to go round."""
        page = self._stack.currentWidget()
        return page.panes() if isinstance(page, Page) else []

    def count(self) -> None:
        """Ask how much waits in each place."""
        self._desk.ask(read_today, owner=self, done=self._show_counts)

    def redraw(self) -> None:
        """Have every page ask again, and so draw what is tinted anew."""
        self._desk.news.changed.emit(ChangeSet(everything=True))

    def _hear(self, change: ChangeSet) -> None:
        if change.touches(*_COUNTED):
            self.count()

    def _show_counts(self, answer: "TodayAnswer") -> None:
        counts: TodayCounts = answer.counts
        self.counted.emit(counts)
        before, self._waiting = self._waiting, counts.waiting_to_send
        if self._waiting > before:
            self.mail_wanted.emit()

    def _went_to(self, place: Place) -> None:
        self._place = place
        self.went.emit(place)

    def _page(self, name: str, make: Callable[[], Page]) -> Page:
        if name not in self._made:
            self._made[name] = make()
            self._stack.addWidget(self._made[name])
            self.made.emit(self._made[name])
        return self._made[name]

    def _show(self, page: Page) -> None:
        self._stack.setCurrentWidget(page)
        page.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _focus_page(self) -> None:
        """Nothing that is hidden keeps the keyboard."""
        panes = [pane for pane in self.panes() if pane.isVisible()]
        if panes:
            panes[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _casework(self) -> "CaseworkPage":
        from ui.enquiries.page import CaseworkPage

        page = self._page("casework", lambda: CaseworkPage(self._desk))
        if not isinstance(page, CaseworkPage):
            raise TypeError("another page was put in the place of casework")
        return page

    def _make_today(self) -> TodayPage:
        page = TodayPage(self._desk)
        page.place_wanted.connect(self._go_and_say)
        return page

    def _make_tray(self) -> "TrayPage":
        from ui.inbox.page import TrayPage

        return TrayPage(self._desk)

    def _make_form(self) -> "LogForm":
        from ui.enquiries.form import LogForm

        form = LogForm(self._desk)
        form.logged.connect(self.open_enquiry)
        form.left.connect(lambda: self.go_to(self._place))
        return form

    def _settings(self) -> "SettingsPage":
        from ui.settings.page import SettingsPage

        page = self._page("settings", self._make_settings)
        if not isinstance(page, SettingsPage):
            raise TypeError("another page was put in the place of the settings")
        return page

    def _make_settings(self) -> Page:
        from ui.settings.page import SettingsPage

        page = SettingsPage(self._desk)
        page.left.connect(self.back)
        page.hub_wanted.connect(self.show_hub)
        return page

    def _make_hub(self) -> Page:
        from ui.hub.page import HubPage

        page = HubPage(self._desk)
        page.left.connect(self.back)
        page.signed_out.connect(self._desk.emptied)
        return page

    def _make_unsure(self) -> Page:
        from ui.unsure.page import UnsurePage

        page = UnsurePage(self._desk)
        page.left.connect(self.back)
        return page

    def _sorting(self) -> "SortOutPage":
        from ui.sorting.page import SortOutPage

        page = self._page("sorting", self._make_sorting)
        if not isinstance(page, SortOutPage):
            raise TypeError("another page was put in the place of changes to sort out")
        return page

    def _make_sorting(self) -> Page:
        from ui.sorting.page import SortOutPage

        page = SortOutPage(self._desk)
        page.left.connect(lambda: self._go_and_say(Place.TODAY))
        return page

    def _go_and_say(self, place: Place) -> None:
        self._went_to(place)
        self.go_to(place)
