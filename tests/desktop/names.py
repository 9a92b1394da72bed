"""What the journeys look for on the screens: a role, and the name a person and a screen reader know it by."""

from tests.desktop.program import Part


def button(called: str) -> Part:
    """A button of that name."""
    return Part(role="push button", called=called)


def field(called: str) -> Part:
    """A field to type in, of that label."""
    return Part(role="text", called=called)


def secret(called: str) -> Part:
    """A field that does not show what is typed, of that label."""
    return Part(role="password text", called=called)


def choices(called: str) -> Part:
    """A field to choose in, of that label."""
    return Part(role="combo box", called=called)


def table(called: str) -> Part:
    """A table of that label."""
    return Part(role="table", called=called)


# The first start
SET_UP_COUNCIL = button("Set it up for my council")
PRACTISE = button("Try it with practice data")
COUNCIL = choices("Council")
MY_NAME = field("Your name")
SET_IT_UP = button("Set it up")
NEW_PASSPHRASE = secret("Choose passphrase")
AGAIN = secret("Type it again")
USE_PASSPHRASE = button("Use this passphrase")
PASSPHRASE = secret("Passphrase")

# The frame
FIND = field("Find")
LOG = button("Log an enquiry")
PLACES = Part(role="list", called="Go to")

# The form
COUNCILLOR = choices("Councillor")
RESIDENT = field("Resident")
AREA = choices("Service area")
SUBJECT = field("Subject")
QUESTION = field("The question")
SAVE = button("Save unsent")
SAVE_AND_SEND = button("Save and send")

# An enquiry
SEND = button("Send…")
SEND_IT = button("Send it")
ACCEPT_ANSWER = button("Accept as answer")
TELL = button("Tell resident…")
TEXT = field("Text")
TAKE_BACK = button("Do not send it (0)")
KEEP_AS_TOLD = button("Keep as told")
CLOSE_IT = button("Close it")
REASON = field("Reason")

# Unmatched mail
TRAY = table("Unmatched mail")
FILE_WITH = button("File with it")

# Lists
ENQUIRIES = table("Enquiries")
FOUND = table("Found")
WHAT_IT_SAYS = field("What it says")
