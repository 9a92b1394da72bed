"""The frame of the window: menus, navigation, the page that is shown, and the status bar. Nothing clever."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QShortcut
from PySide6.QtWidgets import QLineEdit, QMainWindow, QPushButton, QStackedWidget, QWidget

from member_tracker.domain.change import ChangeSet, RecordKind
from member_tracker.domain.errors import TrackerError
from ui import look
from ui.desk import Desk
from ui.help_text import about_reader, help_reader
from ui.menus import Menus
from ui.navigation import Navigation
from ui.places import Place
from ui.status import Status
from ui.today.page import TodayPage
from ui.widgets.banner import Banner
from ui.widgets.page import Page
from ui.widgets.parts import buddy, column, row, wear_icon

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.services.lists import TodayPage as TodayAnswer
    from ui.enquiries.form import LogForm
    from ui.enquiries.page import CaseworkPage
    from ui.inbox.page import TrayPage

TITLE = "Member Tracker"
_COUNTED = (RecordKind.ENQUIRY, RecordKind.SUGGESTION, RecordKind.MAIL, RecordKind.OUTGOING)


def read_counts(app: "App") -> "TodayAnswer":
    """How much waits in each place."""
    from member_tracker.services.lists import today_page

    return today_page(app, limit=1)


class MainWindow(QMainWindow):
    """Shows one page at a time; a page is made when it is first gone to."""

    closed = Signal()
    page_made = Signal(QWidget)
    mail_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mainWindow")
        self.setWindowTitle(TITLE)
        self._desk = desk
        self._pages: dict[str, QWidget] = {}
        self._waiting = 0
        self.navigation = Navigation()
        self._find = _find_box()
        self._top = QWidget()
        self._banner = Banner()
        self._stack = QStackedWidget()
        self._stack.setObjectName("pages")
        self.status = Status(desk)
        self.menus = Menus(self)
        self._lay_out()
        self._connect()
        self.go_to(Place.TODAY)
        self.navigation.places.setFocus()

    def _lay_out(self) -> None:
        top = row(buddy("F&ind", self._find), self._find, None)
        top.setContentsMargins(look.ROOM, look.GAP, look.ROOM, 0)
        self._top.setLayout(top)
        right = column(self._top, self._banner, self._stack, gap=look.TIGHT)
        right.setStretch(2, 1)
        whole = QWidget()
        whole.setObjectName("central")
        whole.setLayout(row(self.navigation, right, gap=0))
        self.setCentralWidget(whole)
        self.setStatusBar(self.status)

    def _connect(self) -> None:
        self.navigation.gone_to.connect(self._show_place)
        self.navigation.log_wanted.connect(self.log)
        self._find.returnPressed.connect(self._find_now)
        self._desk.jobs.refused.connect(self.tell)
        self._desk.opened.connect(self._begin)
        self._desk.show_enquiry.connect(self.open_enquiry)
        self._desk.news.changed.connect(self._hear)
        for place in Place:
            self.menus.places[place].triggered.connect(lambda _on=False, place=place: self.go_to(place))
        self.menus.log.triggered.connect(self.log)
        self.menus.find.triggered.connect(self.go_to_find)
        self.menus.mail.triggered.connect(self.mail_wanted)
        self.menus.next_pane.triggered.connect(self._next_pane)
        self.menus.help.triggered.connect(lambda: help_reader(self).open())
        self.menus.about.triggered.connect(lambda: about_reader(self).open())
        self.menus.quit.triggered.connect(self.close)
        back = QShortcut(Qt.Key.Key_Escape, self._stack)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self._back)

    def go_to(self, place: Place) -> None:
        """Show a place of the navigation."""
        self.navigation.go_to(place)

    def log(self) -> None:
        """Show the form that logs an enquiry, as it was left."""
        if self._desk.is_open:
            form = self._page("form", self._make_form)
            self._stack.setCurrentWidget(form)
            form.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def go_to_find(self) -> None:
        """Go to the find box."""
        self._find.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._find.selectAll()

    def open_enquiry(self, enquiry_id: str) -> None:
        """Show one enquiry beside the list it is in."""
        if (
            self.navigation.place in {Place.TODAY, Place.UNMATCHED}
            or self._stack.currentWidget() is not self._casework()
        ):
            self._go_quietly(Place.OPEN)
            self._casework().show_list(Place.OPEN)
        self._stack.setCurrentWidget(self._casework())
        self._casework().open_enquiry(enquiry_id)

    def tell(self, error: TrackerError) -> None:
        """Say across the page what went wrong."""
        self._banner.tell(error)

    def wear(self) -> None:
        """Draw what is tinted again, after the palette has changed."""
        self.navigation.wear()
        for found in self.findChildren(QPushButton):
            wear_icon(found)
        self._desk.news.changed.emit(ChangeSet(everything=True))

    def put_in_place(self, page: QWidget) -> None:
        """Show a page that is none of the places: the first run, or asking for a passphrase."""
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        self.navigation.hide()
        self._top.hide()
        self.menus.enable(opened=False)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell whoever runs the window that it goes."""
        self.closed.emit()
        super().closeEvent(event)

    def _begin(self) -> None:
        """A profile was opened."""
        self.navigation.setVisible(True)
        self.navigation.show_practice(practice=self._desk.is_practice)
        self.setWindowTitle(f"{TITLE}: practice data" if self._desk.is_practice else TITLE)
        self._top.show()
        self._find.setEnabled(True)
        self.menus.enable(opened=True)
        self._show_place(self.navigation.place)
        self._count()

    def _hear(self, change: ChangeSet) -> None:
        if change.touches(*_COUNTED) and self._desk.is_open:
            self._count()

    def _count(self) -> None:
        self._desk.ask(read_counts, owner=self, done=self._show_counts)

    def _show_counts(self, answer: "TodayAnswer") -> None:
        counts = answer.counts
        self.navigation.show_counts(
            {
                Place.OPEN: counts.open,
                Place.OVERDUE: counts.overdue,
                Place.DUE_SOON: counts.due_soon,
                Place.UNMATCHED: counts.tray,
            }
        )
        self.status.show_waiting(counts.waiting_to_send)
        waiting, self._waiting = self._waiting, counts.waiting_to_send
        if counts.waiting_to_send > waiting:
            self.mail_wanted.emit()

    def _show_place(self, place: Place) -> None:
        if place is Place.TODAY:
            page: QWidget = self._page("today", self._make_today)
        elif not self._desk.is_open:
            return
        elif place is Place.UNMATCHED:
            page = self._page("tray", self._make_tray)
        else:
            page = self._casework()
            self._casework().show_list(place)
        self._stack.setCurrentWidget(page)

    def _go_quietly(self, place: Place) -> None:
        self.navigation.blockSignals(True)
        self.navigation.go_to(place)
        self.navigation.blockSignals(False)

    def _find_now(self) -> None:
        if self._desk.is_open:
            self._go_quietly(Place.ALL)
            self._stack.setCurrentWidget(self._casework())
            self._casework().show_list(Place.ALL, find=self._find.text().strip())

    def _back(self) -> None:
        page = self._stack.currentWidget()
        if page is self._pages.get("form"):
            self._show_place(self.navigation.place)
        elif page is self._pages.get("casework"):
            self._casework().back()

    def _next_pane(self) -> None:
        """Go round the parts of the window with the keyboard."""
        page = self._stack.currentWidget()
        inside = page.panes() if isinstance(page, Page) else []
        panes = [pane for pane in (self.navigation.places, *inside) if pane.isVisible()]
        here = next((number for number, pane in enumerate(panes) if pane.hasFocus()), -1)
        panes[(here + 1) % len(panes)].setFocus(Qt.FocusReason.TabFocusReason)

    def _page(self, name: str, make: Callable[[], QWidget]) -> QWidget:
        if name not in self._pages:
            self._pages[name] = make()
            self._stack.addWidget(self._pages[name])
            self.page_made.emit(self._pages[name])
        return self._pages[name]

    def _casework(self) -> "CaseworkPage":
        from ui.enquiries.page import CaseworkPage

        page = self._page("casework", lambda: CaseworkPage(self._desk))
        if not isinstance(page, CaseworkPage):
            raise TypeError("another page was put in the place of casework")
        return page

    def _make_today(self) -> TodayPage:
        page = TodayPage(self._desk)
        page.place_wanted.connect(self.go_to)
        return page

    def _make_tray(self) -> "TrayPage":
        from ui.inbox.page import TrayPage

        return TrayPage(self._desk)

    def _make_form(self) -> "LogForm":
        from ui.enquiries.form import LogForm

        form = LogForm(self._desk)
        form.logged.connect(self.open_enquiry)
        form.left.connect(lambda: self._show_place(self.navigation.place))
        return form


def _find_box() -> QLineEdit:
    box = QLineEdit()
    box.setObjectName("findBox")
    box.setPlaceholderText("Name, reference, street or words")
    box.setClearButtonEnabled(True)
    box.setMinimumWidth(340)
    box.setMaximumWidth(look.FIELD_WIDTH)
    box.setEnabled(False)
    return box
