"""The menus: every deed of the window with its keys."""

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from ui.look import Scheme
from ui.places import Place

_SCHEMES = {
    Scheme.SYSTEM: "&Follow the system",
    Scheme.LIGHT: "&Light",
    Scheme.DARK: "&Dark",
}
_PLACES = {
    Place.TODAY: "&Today",
    Place.OPEN: "&Open",
    Place.OVERDUE: "O&verdue",
    Place.DUE_SOON: "&Due soon",
    Place.UNMATCHED: "&Unmatched mail",
    Place.ALL: "&All",
    Place.SORT_OUT: "C&hanges to sort out",
}


class Menus:
    """The actions of the menu bar, for the window to connect."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.log = self._action("&Log an enquiry", "Ctrl+N", "actionLog")
        self.undo = self._action("&Undo the last step", "Ctrl+Z", "actionUndo")
        self.find = self._action("&Find", "Ctrl+F", "actionFind")
        self.mail = self._action("&Send and receive mail", "F5", "actionMail")
        self.stop_mail = self._action("S&top sending and receiving", "Shift+F5", "actionStopMail")
        self.settings = self._action("S&ettings…", "Ctrl+,", "actionSettings")
        self.practise = self._action("Try it with &practice data", "", "actionPractise")
        self.own = self._action("Set it up for my &council", "", "actionOwn")
        self.quit = self._action(
            "&Quit", QKeySequence(QKeySequence.StandardKey.Quit).toString() or "Ctrl+Q", "actionQuit"
        )
        self.next_pane = self._action("&Next part of the window", "F6", "actionNextPane")
        self.larger = self._action("&Larger text", "Ctrl++", "actionLarger")
        self.smaller = self._action("&Smaller text", "Ctrl+-", "actionSmaller")
        self.reset = self._action("&Reset the window's layout", "", "actionReset")
        self.help = self._action("&Keys and how it works", "F1", "actionHelp")
        self.about = self._action("&About Member Tracker", "", "actionAbout")
        self.places = {
            place: self._action(_PLACES[place], f"Ctrl+{number}", f"actionGo{place.value.title().replace('_', '')}")
            for number, place in enumerate(Place, start=1)
        }
        self.schemes = self._scheme_actions()
        self.show_hub(shared=False)
        self._fill()

    def enable(self, *, opened: bool) -> None:
        """Offer what needs an open profile only while one is open."""
        for action in (self.log, self.undo, self.find, self.mail, self.settings, *self.places.values()):
            action.setEnabled(opened)
        self.stop_mail.setEnabled(False)

    def show_hub(self, *, shared: bool) -> None:
        """Offer changes to sort out only where the profile belongs to a hub."""
        self.places[Place.SORT_OUT].setVisible(shared)

    def show_practice(self, *, practice: bool) -> None:
        """Offer the other profile: one's own from practice, practice from one's own."""
        self.practise.setVisible(not practice)
        self.own.setVisible(practice)

    def _fill(self) -> None:
        file = self._menu("&File", "menuFile")
        file.addActions([self.mail, self.stop_mail])
        file.addSeparator()
        file.addActions([self.settings])
        file.addSeparator()
        file.addActions([self.practise, self.own])
        file.addSeparator()
        file.addActions([self.quit])
        self._menu("&Enquiry", "menuEnquiry").addActions([self.log, self.undo, self.find])
        view = self._menu("&View", "menuView")
        view.addActions(list(self.places.values()))
        view.addSeparator()
        colours = view.addMenu("&Colours")
        colours.setObjectName("menuColours")
        colours.addActions(list(self.schemes.values()))
        view.addActions([self.larger, self.smaller, self.next_pane, self.reset])
        self._menu("&Help", "menuHelp").addActions([self.help, self.about])

    def _menu(self, text: str, name: str) -> QMenu:
        menu = self._window.menuBar().addMenu(text)
        menu.setObjectName(name)
        return menu

    def _scheme_actions(self) -> dict[Scheme, QAction]:
        group = QActionGroup(self._window)
        made = {}
        for scheme, text in _SCHEMES.items():
            made[scheme] = self._action(text, "", f"actionColours{scheme.value.title()}")
            made[scheme].setCheckable(True)
            group.addAction(made[scheme])
        made[Scheme.SYSTEM].setChecked(True)
        return made

    def _action(self, text: str, keys: str, name: str) -> QAction:
        made = QAction(text, self._window)
        made.setObjectName(name)
        if keys:
            made.setShortcut(QKeySequence(keys))
        self._window.addAction(made)
        return made
