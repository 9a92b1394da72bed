"""The frame of the window: menus, navigation, the page that is shown, and the status bar. Nothing clever.

It is painted before a profile is open, so what only an open profile needs is imported after that.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QShortcut
from PySide6.QtWidgets import QMainWindow, QPushButton, QSizePolicy, QStackedWidget, QWidget

from ui import look
from ui.desk import Desk
from ui.find.box import FindBox
from ui.language import tr
from ui.menu_titles import put_titles
from ui.navigation import Navigation
from ui.places import Place
from ui.shell.titles import Titles
from ui.status import Status
from ui.widgets.focus import holds_focus
from ui.widgets.parts import buddy, column, label, row, wear_icon
from ui.widgets.room import Room

if TYPE_CHECKING:
    from member_tracker.domain.errors import TrackerError
    from member_tracker.services.lists import TodayCounts
    from ui.deeds import Deed
    from ui.hub_standing import HubStanding
    from ui.menus import Menus
    from ui.pages import Pages
    from ui.shell.strips import Strips
    from ui.widgets.page import Page

_COUNTED = (Place.OPEN, Place.OVERDUE, Place.DUE_SOON, Place.UNMATCHED)
_LOCKED = tr("Casework is not shown while this laptop is locked. Nothing is lost, and what waits to be sent is kept.")


class MainWindow(QMainWindow):
    """The frame, and in it the pages of the profile once one is open.

    `page_made` carries a page that was just made, `mail_wanted` asks for mail to be sent and received, and
    `mail_unwanted` for that to be given up. `practice_wanted` and `own_wanted` ask for the other profile. `furnished`
    says that the menus have their entries.
    """

    closed = Signal()
    page_made = Signal(QWidget)
    mail_wanted = Signal()
    mail_unwanted = Signal()
    practice_wanted = Signal()
    own_wanted = Signal()
    furnished = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mainWindow")
        self._titles = Titles(self)
        self._desk = desk
        self._pages: Pages | None = None
        self._ahead: Page | None = None
        self._menus: Menus | None = None
        self._strips: Strips | None = None
        self._is_locked = False
        self._menu_titles = put_titles(self)
        self._central = QWidget(self)
        self.setCentralWidget(self._central)
        self.navigation = Navigation(self._central)
        self._top = QWidget(self._central)
        self._find = FindBox(self._top)
        self._stack = QStackedWidget()
        self.status = Status(desk)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top = row(buddy(tr("F&ind"), self._find), self._find, None)
        top.setContentsMargins(look.ROOM, look.GAP, look.ROOM, 0)
        self._top.setLayout(top)
        self._opening = opening = label(tr("Opening your casework…"), name="opening", kind="quiet")
        opening.setAlignment(Qt.AlignmentFlag.AlignTop)
        opening.setMargin(look.ROOM)
        self._stack.setObjectName("pages")
        self._stack.addWidget(opening)
        self._right = column(self._top, Room("pagesRoom", self._stack), gap=look.TIGHT)
        self._right.setStretch(1, 1)
        self._central.setObjectName("central")
        self._central.setLayout(row(self.navigation, self._right, gap=0))
        self.setStatusBar(self.status)
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
        self.status.stop_wanted.connect(self.mail_unwanted)
        self._stack.currentChanged.connect(self._arrange_pages)
        self._desk.hub_stands.connect(self._show_hub)
        for menu in self._menu_titles.values():
            menu.aboutToShow.connect(self.furnish)
        back = QShortcut(Qt.Key.Key_Escape, self._central)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self._back)

    def furnish(self) -> None:
        """Make what nobody needs in the first picture of the window, nor before its first list: entries and strips."""
        _ = self.menus, self.strips

    @property
    def is_furnished(self) -> bool:
        """Whether the menus have their entries."""
        return self._menus is not None

    @property
    def menus(self) -> "Menus":
        """The actions of the menus, made when they are first needed."""
        if self._menus is None:
            from ui.menus import Menus
            from ui.shell.menu_wires import connect_menus

            self._menus = Menus(self, self._menu_titles)
            self._menus.enable(opened=False)
            connect_menus(self, self._menus)
            self.furnished.emit()
        return self._menus

    @property
    def strips(self) -> "Strips":
        """The strips above the pages, made when they are first needed."""
        if self._strips is None:
            from ui.shell.strips import Strips

            self._strips = Strips(self._desk)
            self._right.insertLayout(1, self._strips.layout)
            self._strips.mail.settings_wanted.connect(lambda _mailbox: self.show_settings())
            self._strips.mail.sign_in_wanted.connect(self._sign_in)
            self._strips.mail.decide_wanted.connect(self._decide)
        return self._strips

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
        if self._strips is not None:
            self._strips.mail.be_wanted(wanted=self._pages is None or not self._pages.is_about_mail)

    def _sign_in(self, mailbox: str) -> None:
        if self._pages is not None:
            self._pages.show_settings().sign_in(mailbox)

    def _decide(self) -> None:
        self.show_page("unsure")

    def _take_file(self, file: str) -> None:
        """A file was opened with the program: it is imported, where that page says what it would become."""
        if self._pages is not None:
            self._pages.show("import", Path(file))

    def do(self, deed: "Deed") -> None:
        """Do it to what is shown, or say why that cannot be."""
        if self._pages is not None and not self._pages.do(deed):
            self.status.say(self._pages.why_not(deed))

    def go_to_find(self) -> None:
        """Go to the find box."""
        self._find.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._find.selectAll()

    def tell(self, error: "TrackerError") -> None:
        """Say across the page what went wrong."""
        self.strips.banner.tell(error)

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
        from ui.shell.strips import strip as in_place

        self._right.insertLayout(1, in_place(strip))

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

    def say_opening(self, words: str) -> None:
        """Say why opening takes a while: in the window, and below it where a question still stands there."""
        self._opening.setText(words)
        self.status.say(words.partition("\n")[0])

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
        self.strips.hub.show_standing(stands)
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

    def go_round(self, by: int) -> None:
        """Go round the parts of the window with the keyboard, forwards or backwards."""
        inside = self._pages.panes() if self._pages is not None else []
        panes = [pane for pane in (self.navigation.places, *inside, self.status.reminders) if pane.isVisible()]
        here = next((number for number, pane in enumerate(panes) if holds_focus(pane)), -1 if by > 0 else 0)
        if panes:
            panes[(here + by) % len(panes)].setFocus(Qt.FocusReason.TabFocusReason)

    def show_report(self) -> None:
        """Show what a report on a fault would say, to be saved."""
        from ui.shell.saving_report import ReportDialog

        ReportDialog(self._desk, self).open()
