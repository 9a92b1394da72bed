"""What F1 and About show: plain text in the reader."""

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QWidget

from member_tracker import __version__
from ui.widgets.reader import Reader

HOW = (
    "An enquiry is logged for a resident on behalf of a councillor.",
    "Its due dates come from the council's charter, and “Show each day” says why.",
    "Send it to its service area. Replies that come back are matched to it and read.",
    "What a reply seems to mean is a suggestion: nothing changes until you accept it.",
    "Once the answer has come, tell the resident, and close it.",
    "Mail that cannot be placed with certainty waits under Unmatched mail, with the likeliest enquiries first.",
    "Mail is sent and received every minute or two by itself; offline, it waits and goes later.",
    "Mailboxes are added and tested in Settings. One that is not read says so across the top, with what to do.",
    "Every field and button has an underlined letter: press it with Alt.",
)
KEYS = (
    ("Ctrl+N", "Log an enquiry"),
    ("Ctrl+S", "Save it, in the form"),
    ("Ctrl+F", "Find"),
    ("Ctrl+1 to Ctrl+6", "Today, Open, Overdue, Due soon, Unmatched mail, All"),
    ("Ctrl+7", "Changes to sort out, where several people share casework through a hub"),
    ("Ctrl+Z", "Undo the last step of the enquiry shown; sent mail stays sent"),
    ("F5", "Send and receive mail, and fall into step with the hub; Shift+F5 stops it"),
    ("Ctrl+,", "Settings: the mailboxes"),
    ("F6", "Next part of the window"),
    ("Up, Down, Enter", "Choose and open in a list"),
    ("Alt+A", "Accept what a reply seems to mean"),
    ("Esc", "Back"),
    ("Ctrl++ and Ctrl+-", "Larger and smaller text"),
    ("Ctrl+Q", "Quit"),
)


def help_reader(parent: QWidget) -> Reader:
    """The help, to be opened."""
    keys = "\n".join(f"{key}:  {deed}" for key, deed in KEYS)
    text = "\n\n".join(HOW)
    return Reader("Keys and how it works", "How Member Tracker works", f"{text}\n\nKeys\n\n{keys}\n", parent)


def about_reader(parent: QWidget) -> Reader:
    """About the program, to be opened."""
    text = (
        f"Member Tracker {__version__}\nQt {qVersion()}\n\n"
        "Free software under the MIT licence. Qt is used under the LGPL, version 3; the licences of every part come "
        "with the program.\n"
    )
    return Reader("About Member Tracker", "Members' enquiries, by the council's own charter.", text, parent)
