"""Which endpoint answers what, what it is called in faults and in the log, and which permission it needs."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes import graph_attachments as attachments
from tests.fakes import graph_office as office
from tests.fakes import graph_reading as reading
from tests.fakes import graph_writing as writing
from tests.fakes.graph_delta import delta
from tests.fakes.graph_desk import Desk
from tests.fakes.graph_words import Call, Reply

Endpoint = Callable[[Desk, Call], Reply]

READ, WRITE, SEND, CALENDAR, SETTINGS = (
    "Mail.Read",
    "Mail.ReadWrite",
    "Mail.Send",
    "Calendars.Read",
    "MailboxSettings.Read",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An endpoint: `pattern` are the parts of its path after the mailbox, with a star for a key."""

    name: str
    method: str
    pattern: tuple[str, ...]
    scope: str
    endpoint: Endpoint

    def fits(self, method: str, path: tuple[str, ...]) -> bool:
        """Whether a request is for this endpoint."""
        if method != self.method or len(path) != len(self.pattern):
            return False
        return all(wanted in {"*", given} for wanted, given in zip(self.pattern, path, strict=True))


def _folder_delta(desk: Desk, call: Call) -> Reply:
    desk.world.look()
    return delta(desk, call, desk.folder(call, call.path[1]))


def _route(name: str, method: str, pattern: str, scope: str, endpoint: Endpoint) -> Route:
    return Route(name=name, method=method, pattern=tuple(pattern.split("/")), scope=scope, endpoint=endpoint)


ROUTES = (
    _route("list_folders", "GET", "mailFolders", READ, reading.list_folders),
    _route("list_folders", "GET", "mailFolders/*/childFolders", READ, reading.list_folders),
    _route("create_folder", "POST", "mailFolders", WRITE, reading.create_folder),
    _route("create_folder", "POST", "mailFolders/*/childFolders", WRITE, reading.create_folder),
    _route("get_folder", "GET", "mailFolders/*", READ, reading.get_folder),
    _route("list_messages", "GET", "messages", READ, reading.list_messages),
    _route("list_messages", "GET", "mailFolders/*/messages", READ, reading.list_messages),
    _route("delta", "GET", "mailFolders/*/messages/delta", READ, _folder_delta),
    _route("create_message", "POST", "messages", WRITE, writing.create_message),
    _route("create_message", "POST", "mailFolders/*/messages", WRITE, writing.create_message),
    _route("get_message", "GET", "messages/*", READ, reading.get_message),
    _route("get_mime", "GET", "messages/*/$value", READ, reading.get_mime),
    _route("change_message", "PATCH", "messages/*", WRITE, writing.change_message),
    _route("delete_message", "DELETE", "messages/*", WRITE, writing.delete_message),
    _route("delete_for_good", "POST", "messages/*/permanentDelete", WRITE, writing.delete_for_good),
    _route("move_message", "POST", "messages/*/move", WRITE, writing.move_message),
    _route("create_reply", "POST", "messages/*/createReply", WRITE, writing.create_reply),
    _route("send_message", "POST", "messages/*/send", SEND, writing.send_message),
    _route("send_mail", "POST", "sendMail", SEND, writing.send_mail),
    _route("list_attachments", "GET", "messages/*/attachments", READ, attachments.list_attachments),
    _route("add_attachment", "POST", "messages/*/attachments", WRITE, attachments.add_attachment),
    _route(
        "create_upload_session",
        "POST",
        "messages/*/attachments/createUploadSession",
        WRITE,
        attachments.create_upload_session,
    ),
    _route("get_attachment", "GET", "messages/*/attachments/*", READ, attachments.get_attachment),
    _route("get_attachment", "GET", "messages/*/attachments/*/$value", READ, attachments.get_attachment_bytes),
    _route("remove_attachment", "DELETE", "messages/*/attachments/*", WRITE, attachments.remove_attachment),
    _route("get_schedule", "POST", "calendar/getSchedule", CALENDAR, office.get_schedule),
    _route("get_mail_tips", "POST", "getMailTips", READ, office.get_mail_tips),
    _route("get_mailbox_settings", "GET", "mailboxSettings", SETTINGS, office.get_mailbox_settings),
)
WORDS = {word.lower(): word for route in ROUTES for word in route.pattern if word != "*"}


def route_of(method: str, path: tuple[str, ...]) -> Route | None:
    """The endpoint for a path that `normal` has been over; None when there is none."""
    return next((one for one in ROUTES if one.fits(method, path)), None)


def normal(path: tuple[str, ...]) -> tuple[str, ...]:
    """A path with its words in their usual letters and without detours: a child folder is a folder, a message in a
    folder is a message.
    """
    words = tuple(WORDS.get(one.removesuffix("()").lower().removeprefix("microsoft.graph."), one) for one in path)
    while len(words) > 3 and words[0] == "mailFolders" and words[2] == "childFolders":
        words = ("mailFolders", *words[3:])
    if len(words) > 3 and words[0] == "mailFolders" and words[2] == "messages" and words[3] != "delta":
        words = words[2:]
    return words


def is_allowed(scope: str, granted: frozenset[str], *, shared: bool) -> bool:
    """Whether these delegated permissions are enough: for another's mailbox only those that end in .Shared."""
    wide = {scope}
    if scope == READ:
        wide.add(WRITE)
    if scope == CALENDAR:
        return bool(granted & {"Calendars.Read", "Calendars.ReadWrite", "Calendars.Read.Shared", "Calendars.ReadBasic"})
    return bool(granted & {f"{one}.Shared" for one in wide}) or (not shared and bool(granted & wide))
