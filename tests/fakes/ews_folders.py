"""The folder operations of the test Exchange server: GetFolder, FindFolder, CreateFolder."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from tests.fakes.ews_asking import Asking, each, folder_id, shape_of
from tests.fakes.ews_xml import Reply, children, find, find_all, m, needed, responses, t, text_at, truth
from tests.fakes.exchange_items import Folder

RIGHTS = ("CreateAssociated", "CreateContents", "CreateHierarchy", "Delete", "Modify", "Read", "ViewPrivateItems")
DEFAULT = {
    "folder:FolderId",
    "folder:DisplayName",
    "folder:TotalCount",
    "folder:ChildFolderCount",
    "folder:UnreadCount",
}


def get_folder(asking: Asking, body: Element) -> Element:
    """Answer GetFolder: each folder, or why not."""
    shape = shape_of(body, "FolderShape")

    def one(named: Element) -> Reply:
        return Reply(parts=(m("Folders", None, _shown(asking, asking.folder(named), shape)),))

    return responses("GetFolder", each(children(find(body, "FolderIds")), one))


def find_folder(asking: Asking, body: Element) -> Element:
    """Answer FindFolder: what lies in a folder, or at whatever depth."""
    shape = shape_of(body, "FolderShape")
    deep = body.get("Traversal") == "Deep"
    page = find(body, "IndexedPageFolderView")
    offset = int(page.get("Offset", "0")) if page is not None else 0
    most = int(page.get("MaxEntriesReturned", "1000")) if page is not None else 1000

    def one(named: Element) -> Reply:
        found = _inside(asking, asking.folder(named), deep=deep)
        shown = found[offset : offset + most]
        ended = offset + len(shown) >= len(found)
        root = m("RootFolder", None, t("Folders", None, *(_shown(asking, folder, shape) for folder in shown)))
        root.attrib.update(TotalItemsInView=str(len(found)), IncludesLastItemInRange=truth(ended))
        root.attrib["IndexedPagingOffset"] = str(offset + len(shown))
        return Reply(parts=(root,))

    return responses("FindFolder", each(children(find(body, "ParentFolderIds")), one))


def create_folder(asking: Asking, body: Element) -> Element:
    """Answer CreateFolder; ErrorFolderExists."""
    parent = asking.folder(needed(body, "ParentFolderId")[0])

    def one(wanted: Element) -> Reply:
        made = asking.world.add_folder(parent.mailbox, text_at(wanted, "DisplayName"), parent=parent.id)
        return Reply(parts=(m("Folders", None, t("Folder", None, folder_id(made))),))

    return responses("CreateFolder", each(children(find(body, "Folders")), one))


def _inside(asking: Asking, above: Folder, *, deep: bool) -> list[Folder]:
    every = asking.world.mailbox(above.mailbox).folders.values()
    below = [one for one in every if one.parent_id == above.id]
    if not deep:
        return below
    return [one for child in below for one in (child, *_inside(asking, child, deep=True))]


def _shown(asking: Asking, folder: Folder, shape: Element) -> Element:
    """A folder with the wanted properties, in the order of the schema."""
    base = text_at(shape, "BaseShape")
    wanted = {"folder:FolderId", *(one.get("FieldURI", "") for one in find_all(shape, "AdditionalProperties/FieldURI"))}
    if base == "Default":
        wanted |= DEFAULT
    every = PROPERTIES if base == "AllProperties" else [one for one in PROPERTIES if one in wanted]
    shown = (PROPERTIES[name](asking, folder) for name in every)
    return t("Folder", None, *(one for one in shown if one is not None))


def _parent(asking: Asking, folder: Folder) -> Element | None:
    if folder.parent_id is None:
        return None
    return folder_id(asking.world.folder_by_id(folder.parent_id), "ParentFolderId")


def _rights(_: Asking, __: Folder) -> Element:
    return t("EffectiveRights", None, *(t(name, "true") for name in RIGHTS))


def _well_known(_: Asking, folder: Folder) -> Element | None:
    nameless = folder.well_known in {"", "archive"}
    return None if nameless else t("DistinguishedFolderId", folder.well_known)


Property = Callable[[Asking, Folder], Element | None]
PROPERTIES: dict[str, Property] = {
    "folder:FolderId": lambda _, one: folder_id(one),
    "folder:ParentFolderId": _parent,
    "folder:FolderClass": lambda _, __: t("FolderClass", "IPF.Note"),
    "folder:DisplayName": lambda _, one: t("DisplayName", one.name),
    "folder:TotalCount": lambda _, one: t("TotalCount", str(len(one.items))),
    "folder:ChildFolderCount": lambda asking, one: t("ChildFolderCount", str(len(_inside(asking, one, deep=False)))),
    "folder:EffectiveRights": _rights,
    "folder:DistinguishedFolderId": _well_known,
    "folder:UnreadCount": lambda _, one: t("UnreadCount", str(one.unread)),
}
