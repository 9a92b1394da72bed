"""The menus: every deed of the window with its keys. Pages and deeds come from their tables; the rest is here."""

from collections.abc import Mapping

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from ui.deeds import Deed
from ui.language import tr
from ui.look import Scheme
from ui.menu_titles import In
from ui.page_table import PAGES
from ui.places import Place, places

_SCHEMES = {
    Scheme.SYSTEM: tr("&Follow the system"),
    Scheme.LIGHT: tr("&Light"),
    Scheme.DARK: tr("&Dark"),
    Scheme.CONTRAST: tr("&High contrast"),
}
_PLACES = {
    Place.TODAY: tr("&Today"),
    Place.OPEN: tr("&Open"),
    Place.OVERDUE: tr("O&verdue"),
    Place.DUE_SOON: tr("&Due soon"),
    Place.UNMATCHED: tr("&Unmatched mail"),
    Place.ALL: tr("&All"),
    Place.RESIDENTS: tr("&Residents"),
    Place.REPORTS: tr("Re&ports"),
    Place.SORT_OUT: tr("C&hanges to sort out"),
}


class Menus:
    """The actions of the menu bar, for the window to connect; they are put below the titles that stand there."""

    def __init__(self, window: QMainWindow, titles: Mapping[In, QMenu]) -> None:
        self._window = window
        self._shown = titles
        self.find = self._action(tr("&Find"), "Ctrl+F", "actionFind")
        self.reminders = self._action(tr("Re&minders…"), "Ctrl+B", "actionReminders")
        self.mail = self._action(tr("Send and recei&ve mail"), "F5", "actionMail")
        self.stop_mail = self._action(tr("St&op sending and receiving"), "Shift+F5", "actionStopMail")
        self.practise = self._action(tr("Try it with &practice data"), "", "actionPractise")
        self.own = self._action(tr("Set it up for my cou&ncil"), "", "actionOwn")
        quit_keys = QKeySequence(QKeySequence.StandardKey.Quit).toString() or "Ctrl+Q"
        self.quit = self._action(tr("&Quit"), quit_keys, "actionQuit")
        self.next_pane = self._action(tr("&Next part of the window"), "F6", "actionNextPane")
        self.previous_pane = self._action(tr("Previous part of the &window"), "Shift+F6", "actionPreviousPane")
        self.larger = self._action(tr("&Larger text"), "Ctrl++", "actionLarger")
        self.smaller = self._action(tr("&Smaller text"), "Ctrl+-", "actionSmaller")
        self.usual_size = self._action(tr("Usual si&ze of text"), "Ctrl+0", "actionUsualSize")
        self.reset = self._action(tr("R&eset the window's layout"), "", "actionReset")
        self.help = self._action(tr("&Keys and how it works"), "F1", "actionHelp")
        self.report = self._action(tr("Save a re&port…"), "", "actionReport")
        self.about = self._action(tr("&About Member Tracker"), "", "actionAbout")
        self.places = {
            place: self._action(_PLACES[place], f"Ctrl+{number}", f"actionGo{place.value.title().replace('_', '')}")
            for number, place in enumerate(places(), start=1)
        }
        self.pages = {
            line.name: self._action(line.text, line.keys, f"actionPage{line.name.title()}")
            for line in PAGES
            if line.menu is not None
        }
        self.deeds = {
            deed: self._action(deed.value.text, deed.value.keys, f"actionDeed{deed.name.title()}") for deed in Deed
        }
        self.schemes = self._scheme_actions()
        self.show_hub(shared=False)
        self._fill()

    @property
    def log(self) -> QAction:
        """Goes to the form that logs an enquiry."""
        return self.pages["form"]

    @property
    def settings(self) -> QAction:
        """Goes to the settings."""
        return self.pages["settings"]

    def enable(self, *, opened: bool) -> None:
        """Offer what needs an open profile only while one is open."""
        needing = (self.find, self.mail, self.reminders)
        for action in (*needing, *self.places.values(), *self.pages.values(), *self.deeds.values()):
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
        self._add(In.FILE, self._of(In.FILE), [self.mail, self.stop_mail], [self.practise, self.own], [self.quit])
        self._add(In.ENQUIRY, self._of(In.ENQUIRY), [self.find])
        view = self._shown[In.VIEW]
        self._add(In.VIEW, [*self.places.values(), *self._of(In.VIEW), self.reminders])
        view.addSeparator()
        colours = view.addMenu(tr("&Colours"))
        colours.setObjectName("menuColours")
        colours.addActions(list(self.schemes.values()))
        view.addActions([self.larger, self.smaller, self.usual_size, self.next_pane, self.previous_pane, self.reset])
        self._add(In.HELP, [self.help], self._of(In.HELP), [self.report, self.about])

    def _of(self, menu: In) -> list[QAction]:
        """The pages and deeds that belong in a menu."""
        pages = [self.pages[line.name] for line in PAGES if line.menu is menu and line.name in self.pages]
        return pages + [action for deed, action in self.deeds.items() if deed.value.menu is menu]

    def _add(self, menu: In, *groups: list[QAction]) -> None:
        """Fill a menu with groups of actions, a line between each and the next."""
        for number, group in enumerate(groups):
            if number and group:
                self._shown[menu].addSeparator()
            self._shown[menu].addActions(group)

    def _scheme_actions(self) -> Mapping[Scheme, QAction]:
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
