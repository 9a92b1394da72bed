"""The frame of the window: menus, navigation, the page that is shown, and the status bar. Nothing clever.

It is painted before a profile is open, so what only an open profile needs is imported after that.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QShortcut
from PySide6.QtWidgets import QMainWindow, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from ui import look
from ui.compose.held_bar import HeldBar
from ui.deeds import Deed
from ui.desk import Desk
from ui.find.box import FindBox
from ui.menus import Menus
from ui.navigation import Navigation
from ui.places import Place
from ui.shell.titles import Titles
from ui.status import Status
from ui.widgets.banner import Banner
from ui.widgets.focus import holds_focus
from ui.widgets.hub_banner import HubBanner
from ui.widgets.mail_banners import MailBanners
from ui.widgets.parts import buddy, column, label, row, wear_icon
from ui.widgets.room import Room

if TYPE_CHECKING:
    from member_tracker.domain.errors import TrackerError
    from member_tracker.services.lists import TodayCounts
    from ui.hub_standing import HubStanding
    from ui.pages import Pages
    from ui.widgets.page import Page

_COUNTED = (Place.OPEN, Place.OVERDUE, Place.DUE_SOON, Place.UNMATCHED)
_LOCKED = "Casework is not shown while this laptop is locked. Nothing is lost, and what waits to be sent is kept."


class MainWindow(QMainWindow):
    """The frame, and in it the pages of the profile once one is open.

    `page_made` carries a page that was just made, `mail_wanted` asks for mail to be sent and received, and
    `mail_unwanted` for that to be given up.
    """

    closed = Signal()
    page_made = Signal(QWidget)
    mail_wanted = Signal()
    mail_unwanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mainWindow")
        self._titles = Titles(self)
        self._desk = desk
        self._pages: Pages | None = None
        self._ahead: Page | None = None
        self._central = QWidget()
        self.navigation = Navigation()
        self._find = FindBox()
        self._top = QWidget()
        self._banner = Banner()
        self._hub_banner = HubBanner()
        self._is_locked = False
        self._mail_banners = MailBanners()
        self._held_bar = HeldBar(desk)
        self._stack = QStackedWidget()
        self.status = Status(desk)
        self.menus = Menus(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top = row(buddy("F&ind", self._find), self._find, None)
        top.setContentsMargins(look.ROOM, look.GAP, look.ROOM, 0)
        self._top.setLayout(top)
        self._opening = opening = label("Opening your casework…", name="opening", kind="quiet")
        opening.setAlignment(Qt.AlignmentFlag.AlignTop)
        opening.setMargin(look.ROOM)
        self._stack.setObjectName("pages")
        self._stack.addWidget(opening)
        room = Room("pagesRoom", self._stack)
        self._right = right = column(
            self._top,
            self._banner,
            _strip(self._hub_banner),
            self._mail_banners,
            _strip(self._held_bar),
            room,
            gap=look.TIGHT,
        )
        right.setStretch(5, 1)
        self._central.setObjectName("central")
        self._central.setLayout(row(self.navigation, right, gap=0))
        self.setCentralWidget(self._central)
        self.setStatusBar(self.status)
        self.menus.enable(opened=False)
        self.navigation.places.setFocus()

    def _connect(self) -> None:
        self.navigation.gone_to.connect(self._show_place)
        self.navigation.log_wanted.connect(self.log)
        self._find.typed.connect(self._find_now)
        self._find.into.connect(self._go_into_found)
        self._find.left.connect(self._leave_found)
        self._desk.jobs.refused.connect(self.tell)
        self._desk.opened.connect(self._begin)
        self._desk.file_handed.connect(self._take_file)
        for place, action in self.menus.places.items():
            action.triggered.connect(lambda _on=False, place=place: self.go_to(place))
        for name, action in self.menus.pages.items():
            action.triggered.connect(lambda _on=False, name=name: self.show_page(name))
        for deed, action in self.menus.deeds.items():
            action.triggered.connect(lambda _on=False, deed=deed: self._do(deed))
        self.menus.find.triggered.connect(self.go_to_find)
        self.menus.mail.triggered.connect(self.mail_wanted)
        self.menus.stop_mail.triggered.connect(self.mail_unwanted)
        self.status.stop_wanted.connect(self.mail_unwanted)
        self._stack.currentChanged.connect(self._arrange_pages)
        self._desk.mail_stands.connect(self._mail_banners.show_standing)
        self._desk.hub_stands.connect(self._show_hub)
        self._hub_banner.try_wanted.connect(self._desk.hub_wanted)
        self._hub_banner.sign_in_wanted.connect(self._desk.hub_sign_in)
        self._mail_banners.settings_wanted.connect(lambda _mailbox: self.show_settings())
        self._mail_banners.sign_in_wanted.connect(self._sign_in)
        self._mail_banners.decide_wanted.connect(self._decide)
        self.menus.next_pane.triggered.connect(lambda: self._go_round(1))
        self.menus.previous_pane.triggered.connect(lambda: self._go_round(-1))
        self.menus.help.triggered.connect(self._show_help)
        self.menus.about.triggered.connect(self._show_about)
        self.menus.report.triggered.connect(self.show_report)
        self.menus.quit.triggered.connect(self.close)
        back = QShortcut(Qt.Key.Key_Escape, self._central)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self._back)

    def go_to(self, place: Place) -> None:
        """Show a place of the navigation."""
        self.navigation.go_to(place)

    def log(self) -> None:
        """Show the form that logs an enquiry, as it was left."""
        self.show_page("form")

    def show_settings(self) -> None:
        """Show the settings."""
        self.show_page("settings")

    def show_page(self, name: str) -> None:
        """Show the page of that name, as it was left."""
        if self._pages is not None:
            self._pages.show(name)

    def show_progress(self, words: str) -> None:
        """Say how far a round of mail is; no words end it."""
        self.status.show_progress(words)
        self.menus.stop_mail.setEnabled(self.status.is_under_way)

    def show_hub_progress(self, words: str) -> None:
        """Say how far falling into step with the hub is; no words end it."""
        self.status.show_hub_progress(words)
        self.menus.stop_mail.setEnabled(self.status.is_under_way)

    def _arrange_pages(self, current: int) -> None:
        """Only the page shown needs room. The pages that banners lead to say themselves what the banners say."""
        for number in range(self._stack.count()):
            policy = QSizePolicy.Policy.Preferred if number == current else QSizePolicy.Policy.Ignored
            page = self._stack.widget(number)
            if page is not None:
                page.setSizePolicy(policy, policy)
        self._mail_banners.be_wanted(wanted=self._pages is None or not self._pages.is_about_mail)

    def _sign_in(self, mailbox: str) -> None:
        if self._pages is not None:
            self._pages.show_settings().sign_in(mailbox)

    def _decide(self) -> None:
        self.show_page("unsure")

    def _take_file(self, file: str) -> None:
        """A file was opened with the program: it is imported, where that page says what it would become."""
        if self._pages is not None:
            self._pages.show("import", Path(file))

    def _do(self, deed: Deed) -> None:
        """Do it to what is shown, or say why that cannot be."""
        if self._pages is not None and not self._pages.do(deed):
            self.status.say(deed.value.sorry)

    def go_to_find(self) -> None:
        """Go to the find box."""
        self._find.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._find.selectAll()

    def tell(self, error: "TrackerError") -> None:
        """Say across the page what went wrong."""
        self._banner.tell(error)

    @property
    def stack(self) -> QWidget:
        """Where pages are put."""
        return self._stack

    @property
    def shows_casework(self) -> bool:
        """Whether casework is on screen: not while it is locked, or the first questions are asked."""
        return self.navigation.isVisibleTo(self)

    def now(self) -> datetime:
        """The moment it is, as the open profile tells it."""
        return self._desk.now()

    def come_forward(self) -> None:
        """Show the window in front of others, as large as it was."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def wear(self) -> None:
        """Draw what is tinted again, after the palette has changed."""
        self.navigation.wear()
        for found in self.findChildren(QPushButton):
            wear_icon(found)
        if self._pages is not None:
            self._pages.redraw()

    def put_in_place(self, page: QWidget) -> None:
        """Show a page that is none of the places: the first run, or asking for a passphrase."""
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        self.navigation.hide()
        self._top.hide()
        self.menus.enable(opened=False)

    def add_strip(self, strip: QWidget) -> None:
        """Give a strip its place above the pages."""
        self._right.insertLayout(1, _strip(strip))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell whoever runs the window that it goes."""
        self.closed.emit()
        super().closeEvent(event)

    def _begin(self) -> None:
        """A profile was opened: it has pages of its own."""
        from ui.pages import Pages

        self._pages = Pages(self._desk, self._stack)
        self._pages.counted.connect(self._show_counts)
        self._pages.went.connect(self.navigation.show_place)
        self._pages.titled.connect(self._titles.show_page)
        self._pages.made.connect(self.page_made)
        self._pages.mail_wanted.connect(self.mail_wanted)
        self._pages.unfocused.connect(self.navigation.places.setFocus)
        if self._ahead is not None:
            self._pages.take_over("today", self._ahead)

    def show_ahead(self, page: "Page", counts: "TodayCounts", *, practice: bool) -> None:
        """Show Today before its profile is open; its pages take it over then."""
        self._ahead = page
        self._stack.addWidget(page)
        self.page_made.emit(page)
        self._say_practice(practice=practice)
        self._show_counts(counts)
        self._stack.setCurrentWidget(page)

    def take_away(self) -> None:
        """Show nothing of a profile that cannot be opened."""
        if self._ahead is not None:
            self._stack.setCurrentWidget(self._opening)
            self._stack.removeWidget(self._ahead)
            self._ahead.deleteLater()
            self._ahead = None
            self.navigation.show_counts(dict.fromkeys(_COUNTED, 0))
            self._titles.show_overdue(0)

    def show_profile(self) -> None:
        """Show the pages of the profile that is open, unless they may not be shown."""
        if self._pages is None or self._is_locked:
            return
        self.navigation.show()
        self._say_practice(practice=self._desk.is_practice)
        self._top.show()
        self._find.setEnabled(True)
        self.menus.enable(opened=True)
        self.menus.show_practice(practice=self._desk.is_practice)
        self._show_place(self.navigation.place)
        self.navigation.places.setFocus(Qt.FocusReason.OtherFocusReason)
        self._pages.count()

    def _say_practice(self, *, practice: bool) -> None:
        self.navigation.show_practice(practice=practice)
        self._titles.show_practice(practice=practice)

    def _show_counts(self, counts: "TodayCounts") -> None:
        waiting = (counts.open, counts.overdue, counts.due_soon, counts.tray)
        self.navigation.show_counts(dict(zip(_COUNTED, waiting, strict=True)))
        self.status.show_waiting(counts.waiting_to_send)
        if self.shows_casework:
            self._titles.show_overdue(counts.overdue)

    def _show_hub(self, stands: "HubStanding") -> None:
        self.navigation.offer_sorting_out(stands.to_sort_out)
        self.menus.show_hub(shared=stands.is_shared)
        self._hub_banner.show_standing(stands)
        before, self._is_locked = self._is_locked, stands.is_locked
        if self._is_locked:
            self._lock()
        elif before:
            self.show_profile()

    def _lock(self) -> None:
        """Show no casework, and offer nothing but to fall into step again."""
        self._opening.setText(_LOCKED)
        self._stack.setCurrentWidget(self._opening)
        self.navigation.hide()
        self._top.hide()
        self.menus.enable(opened=False)
        self.menus.mail.setEnabled(True)

    def _show_place(self, place: Place) -> None:
        if self._pages is not None:
            self._pages.go_to(place)

    def _find_now(self, words: str) -> None:
        if self._pages is not None:
            self._pages.find(words)

    def _go_into_found(self) -> None:
        if self._pages is not None:
            self._pages.go_into_found()

    def _leave_found(self) -> None:
        if self._pages is not None:
            self._pages.leave_found()

    def _back(self) -> None:
        if self._pages is not None:
            self._pages.back()

    def _go_round(self, by: int) -> None:
        """Go round the parts of the window with the keyboard, forwards or backwards."""
        inside = self._pages.panes() if self._pages is not None else []
        panes = [pane for pane in (self.navigation.places, *inside, self.status.reminders) if pane.isVisible()]
        here = next((number for number, pane in enumerate(panes) if holds_focus(pane)), -1 if by > 0 else 0)
        if panes:
            panes[(here + by) % len(panes)].setFocus(Qt.FocusReason.TabFocusReason)

    def _show_help(self) -> None:
        from ui.help_text import help_reader

        help_reader(self).open()

    def show_report(self) -> None:
        """Show what a report on a fault would say, to be saved."""
        from ui.shell.saving_report import ReportDialog

        ReportDialog(self._desk, self).open()

    def _show_about(self) -> None:
        from ui.help_text import about_reader

        about_reader(self).open()


def _strip(banner: QWidget) -> QVBoxLayout:
    """A strip with the same room at its sides as the others."""
    made = column(banner)
    made.setContentsMargins(look.ROOM, 0, look.ROOM, 0)
    return made
