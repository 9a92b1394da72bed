"""Which folder of a mailbox is read: the inbox in any language, or one by its name as Outlook shows it."""

from collections.abc import Callable, Iterator

from member_tracker.domain.errors import Unavailable
from member_tracker.mail import ews_xml as xml
from member_tracker.mail.ews_connection import Connection
from member_tracker.mail.ews_xml import Element, Reply, m, t

INBOX = "inbox"
_FOLDERS_A_PAGE = 500
_MOST_PAGES = 20
_NOT_THERE = frozenset({"ErrorFolderNotFound", "ErrorItemNotFound", "ErrorSyncFolderNotFound"})


class Folders:
    """Finds the folder once and remembers its id, which stays the same when it is moved or renamed."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = name.strip() or INBOX
        self._id = ""

    def about_folder(self, asked: Callable[[Element], Element]) -> Reply:
        """What the server says to a question about the folder; it is looked for again where its id is not known."""
        reply = self._connection.read(asked(self.folder()))[0]
        if reply.code in _NOT_THERE and self._id:
            self._id = ""
            reply = self._connection.read(asked(self.folder()))[0]
        return reply

    def folder(self) -> Element:
        """The folder that is read; raises `Unavailable` where the mailbox has none of the name."""
        if self._name.casefold() == INBOX:
            return self._connection.folder(INBOX)
        if not self._id:
            self._id = self._found()
        return t("FolderId", Id=self._id)

    def _found(self) -> str:
        """The folder below the inbox or the mailbox's top; `Inbox/Members` names one inside another."""
        path = [one.strip() for one in self._name.replace("\\", "/").split("/") if one.strip()]
        if path[1:] and path[0].casefold() == INBOX:
            starts, path = [self._connection.folder(INBOX)], path[1:]
        else:
            starts = [self._connection.folder(one) for one in (INBOX, "msgfolderroot")]
        for start in starts:
            if found := self._down(start, path):
                return found
        raise Unavailable(
            f"There is no folder “{self._name}” in the mailbox {self._connection.about.mailbox}.",
            advice="Check its name in Outlook (Inbox/Members for one inside the inbox) and correct it in Settings.",
        )

    def _down(self, start: Element, path: list[str]) -> str:
        above, found = start, ""
        for name in path:
            found = next((one for title, one in self._below(above) if title.casefold() == name.casefold()), "")
            if not found:
                return ""
            above = t("FolderId", Id=found)
        return found

    def _below(self, above: Element) -> Iterator[tuple[str, str]]:
        shape = m("FolderShape", t("BaseShape", "IdOnly"), t("AdditionalProperties", xml.field("folder:DisplayName")))
        for page in range(_MOST_PAGES):
            view = m(
                "IndexedPageFolderView",
                MaxEntriesReturned=str(_FOLDERS_A_PAGE),
                Offset=str(page * _FOLDERS_A_PAGE),
                BasePoint="Beginning",
            )
            asked = m("FindFolder", shape, view, m("ParentFolderIds", above), Traversal="Shallow")
            reply = self._connection.must(self._connection.read(asked)[0])
            count = 0
            for holder in xml.every(reply.element, "Folders"):
                for one in holder:
                    count += 1
                    identity = xml.first(one, "FolderId")
                    yield xml.words(one, "DisplayName"), (identity.get("Id") or "") if identity is not None else ""
            if count < _FOLDERS_A_PAGE:
                return
