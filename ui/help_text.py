"""What F1 and About show: plain text in the reader, the page that is shown first."""

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from member_tracker import __version__
from member_tracker.shipped import shipped
from ui.help.keys import BESIDE, keys_of
from ui.language import spoken, tr
from ui.menu_titles import TITLES, In
from ui.widgets.page import Page
from ui.widgets.reader import Reader

HOW = (
    tr("An enquiry is logged for a resident on behalf of a councillor."),
    tr("Its due dates come from the council's charter, and “Show each day” says why."),
    tr("Send it to its service area. Replies that come back are matched to it and read."),
    tr("What a reply seems to mean is a suggestion: nothing changes until you accept it."),
    tr("Once the answer has come, tell the resident, and close it."),
    tr("Mail that cannot be placed with certainty waits under Unmatched mail, with the likeliest enquiries first."),
    tr("Mail is sent and received every minute or two by itself; offline, it waits and goes later."),
    tr("Mailboxes are added and tested in Settings. One that is not read says so across the top, with what to do."),
    tr("Every field and button has an underlined letter: press it with Alt."),
)


def help_reader(window: QMainWindow) -> Reader:
    """The help for the page the window shows, its keys, and how it all works; to be opened."""
    page = shown_page(window)
    heading, said = page_help(page.objectName() if page is not None else "")
    keys = "\n".join(f"{keys}:  {deed}" for keys, deed in keys_here(window))
    how = "\n\n".join(HOW)
    parts = (said, tr("Keys\n\n{keys}").format(keys=keys) if keys else "", tr("How it works\n\n{how}").format(how=how))
    text = "\n\n".join(part for part in parts if part)
    return Reader(tr("Help: {heading}").format(heading=heading), heading, f"{text}\n", window)


def page_help(name: str) -> tuple[str, str]:
    """The heading and words that ship for the page of that object name; how it all works where there are none."""
    written = (shipped("translations", spoken(), "help", f"{name}.txt"), shipped("help", f"{name}.txt"))
    file = next((each for each in written if each.is_file()), None)
    if not name or file is None:
        return tr("How Member Tracker works"), ""
    heading, _, said = file.read_text(encoding="utf-8").partition("\n")
    return heading, said.strip()


def keys_here(window: QMainWindow) -> tuple[tuple[str, str], ...]:
    """The keys of what can be done on the page shown, then those that work everywhere; words and keys as the menus."""
    page = shown_page(window)
    deeds = {deed.value.keys for deed in page.deeds()} if isinstance(page, Page) else set()
    every = keys_of(window)
    native = [key for key in every if key.keys in {keys.replace("Return", "Enter") for keys in deeds}]
    view = TITLES[In.VIEW].replace("&", "")
    rest = [key for key in every if key.offered and key.menu.startswith(view) and key not in native]
    named = [(key.keys, key.deed) for key in (*native, *rest)]
    return (*named, *BESIDE)


def shown_page(window: QMainWindow) -> QWidget | None:
    """The page the window shows, None before there is one."""
    stack = window.findChild(QStackedWidget, "pages")
    return stack.currentWidget() if stack is not None else None


def about_reader(parent: QWidget) -> Reader:
    """About the program, to be opened."""
    text = tr(
        "Member Tracker {this}\nQt {qt}\n\n"
        "Free software under the MIT licence. Qt is used under the LGPL, version 3; the licences of every part come "
        "with the program.\n"
    ).format(this=__version__, qt=qVersion())
    return Reader(tr("About Member Tracker"), tr("Members' enquiries, by the council's own charter."), text, parent)
