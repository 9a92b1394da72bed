"""Every page of an open profile in one table: to add a page, add its line here.

A page is made from its line when it is first gone to, by `class(desk)`; what a page may say is told in `Page`.
"""

from dataclasses import dataclass
from importlib import import_module

from ui.desk import Desk
from ui.language import tr
from ui.menu_titles import In
from ui.places import Place
from ui.widgets.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLine:
    """One page: the place it is, or else it stands aside and Esc goes back to where somebody came from.

    With a `menu` it is offered there by its text and keys; others are gone to from a page, by `Desk.page_wanted`.
    """

    name: str
    module: str
    kind: str
    place: Place | None = None
    text: str = ""
    keys: str = ""
    menu: In | None = None

    def make(self, desk: Desk) -> Page:
        """The page itself."""
        made = getattr(import_module(self.module), self.kind)(desk)
        if not isinstance(made, Page):
            raise TypeError(f"{self.kind} is no page")
        return made


CASEWORK = PageLine(name="casework", module="ui.enquiries.page", kind="CaseworkPage")
PAGES = (
    PageLine(name="today", module="ui.today.page", kind="TodayPage", place=Place.TODAY),
    PageLine(name="tray", module="ui.inbox.page", kind="TrayPage", place=Place.UNMATCHED),
    CASEWORK,
    PageLine(name="residents", module="ui.residents.page", kind="ResidentsPage", place=Place.RESIDENTS),
    PageLine(name="reports", module="ui.reports.page", kind="ReportsPage", place=Place.REPORTS),
    PageLine(name="sorting", module="ui.sorting.page", kind="SortOutPage", place=Place.SORT_OUT),
    PageLine(
        name="form",
        module="ui.enquiries.form",
        kind="LogForm",
        text=tr("&Log an enquiry"),
        keys="Ctrl+N",
        menu=In.ENQUIRY,
    ),
    PageLine(
        name="settings",
        module="ui.settings.page",
        kind="SettingsPage",
        text=tr("Se&ttings…"),
        keys="Ctrl+,",
        menu=In.FILE,
    ),
    PageLine(name="council", module="ui.settings.council", kind="CouncilPage"),
    PageLine(name="office", module="ui.settings.office", kind="OfficePage"),
    PageLine(name="areas", module="ui.settings.areas", kind="AreasPage"),
    PageLine(name="people", module="ui.settings.people", kind="PeoplePage"),
    PageLine(name="rota", module="ui.settings.rota", kind="RotaPage"),
    PageLine(name="closures", module="ui.settings.closures", kind="ClosuresPage"),
    PageLine(name="charter", module="ui.settings.charter", kind="CharterSettings"),
    PageLine(name="templates", module="ui.compose.templates_editor", kind="TemplatesEditor"),
    PageLine(name="subjects", module="ui.settings.subjects", kind="SubjectsPage"),
    PageLine(name="display", module="ui.settings.display", kind="DisplayPage"),
    PageLine(name="hub", module="ui.hub.page", kind="HubPage"),
    PageLine(name="unsure", module="ui.unsure.page", kind="UnsurePage"),
    PageLine(name="compose", module="ui.compose.page", kind="ComposePage"),
    PageLine(name="find", module="ui.find.page", kind="FindPage"),
    PageLine(
        name="import",
        module="ui.importing.page",
        kind="ImportPage",
        text=tr("&Import…"),
        keys="Ctrl+I",
        menu=In.FILE,
    ),
    PageLine(
        name="bin",
        module="ui.privacy.bin",
        kind="BinPage",
        text=tr("Recentl&y deleted"),
        menu=In.FILE,
    ),
    PageLine(
        name="keys",
        module="ui.help.page",
        kind="KeysPage",
        text=tr("Keyboard &shortcuts"),
        keys="Shift+F1",
        menu=In.HELP,
    ),
    PageLine(
        name="where",
        module="ui.privacy.page",
        kind="WherePage",
        text=tr("&Where is my data?"),
        menu=In.HELP,
    ),
)


def line_of(name: str) -> PageLine:
    """The line of that name."""
    return next(line for line in PAGES if line.name == name)


def page_at(place: Place) -> PageLine:
    """The page a place shows: lists of enquiries share one."""
    return next((line for line in PAGES if line.place is place), CASEWORK)
