"""The item operations of the test Exchange server: what is read, saved, changed, sent, moved and deleted."""

import re
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from email.message import EmailMessage
from email.policy import SMTP
from xml.etree.ElementTree import Element

from tests.fakes import exchange_post as post
from tests.fakes.ews_asking import Asking, each, only_ids, shape_of
from tests.fakes.ews_shapes import Shown, attachment_bytes, attachment_element, key_of, shown, wanted_in
from tests.fakes.ews_xml import Reply, children, find, find_all, is_true, local, m, needed, responses, t, text_at
from tests.fakes.exchange_items import Item, PropertyKey, Refused

SEND = {"SendOnly", "SendAndSaveCopy"}


def get_item(asking: Asking, body: Element) -> Element:
    """Answer GetItem: each item as it was asked for, or why not."""
    wanted = wanted_in(shape_of(body, "ItemShape"))

    def one(named: Element) -> Reply:
        return Reply(parts=(m("Items", None, shown(asking, asking.item(named), wanted)),))

    return responses("GetItem", each(children(find(body, "ItemIds")), one))


def create_item(asking: Asking, body: Element) -> Element:
    """Answer CreateItem: save drafts, or send at once, with or without a copy."""
    disposition = body.get("MessageDisposition", "SaveOnly")
    default = "drafts" if disposition == "SaveOnly" else "sentitems"
    into = asking.target(find(body, "SavedItemFolderId"), asking.own_folder(default))

    def one(message: Element) -> Reply:
        mime = _mime_of(message)
        if disposition in SEND:
            asking.world.send_mime(
                into.mailbox,
                mime,
                by=asking.user,
                save_copy=disposition == "SendAndSaveCopy",
                properties=_properties_in(message),
            )
            return Reply(parts=(m("Items"),))
        item = asking.world.save(into.mailbox, mime, folder=into.id)
        item.is_draft = into.well_known == "drafts"
        item.is_read = is_true(text_at(message, "IsRead", "true"))
        item.item_class = text_at(message, "ItemClass", item.item_class)
        item.properties.update(_properties_in(message))
        return Reply(parts=(only_ids(item),))

    return responses("CreateItem", each(children(find(body, "Items")), one))


def update_item(asking: Asking, body: Element) -> Element:
    """Answer UpdateItem: set or take away properties, and send where the disposition says so."""
    resolution = body.get("ConflictResolution", "AutoResolve")
    sends = body.get("MessageDisposition") in SEND and not asking.switches.update_does_not_send

    def one(change: Element) -> Reply:
        named = needed(change, "ItemId")
        item = asking.item(named, needs_key=resolution != "AlwaysOverwrite")
        if resolution == "NeverOverwrite" and named.get("ChangeKey") != item.change_key:
            raise Refused("ErrorIrresolvableConflict", "The send or update operation could not be performed.")
        for update in children(find(change, "Updates")):
            _apply(asking, item, update)
        if sends:
            asking.world.send(item, by=asking.user, save_copy=body.get("MessageDisposition") == "SendAndSaveCopy")
        resolved = m("ConflictResults", None, t("Count", "0"))
        return Reply(parts=(m("Items") if sends else only_ids(item), resolved))

    return responses("UpdateItem", each(children(find(body, "ItemChanges")), one))


def send_item(asking: Asking, body: Element) -> Element:
    """Answer SendItem; the change key must be there and the newest."""
    save_copy = is_true(body.get("SaveItemToFolder", ""))

    def one(named: Element) -> Reply:
        if asking.switches.send_item_fails:
            raise Refused("ErrorInternalServerError", "An internal server error occurred. The operation failed.")
        item = asking.item(named, needs_key=True, right_key=True)
        asking.world.send(item, by=asking.user, save_copy=save_copy)
        return Reply()

    replies = each(children(find(body, "ItemIds")), one)
    odd = "DeleteItemResponseMessage" if asking.switches.odd_send_item_response else None
    return responses("SendItem", replies, message=odd)


def delete_item(asking: Asking, body: Element) -> Element:
    """Answer DeleteItem."""
    hard = body.get("DeleteType") != "MoveToDeletedItems"

    def one(named: Element) -> Reply:
        asking.world.delete(asking.item(named), hard=hard)
        return Reply()

    return responses("DeleteItem", each(children(find(body, "ItemIds")), one))


def move_item(asking: Asking, body: Element) -> Element:
    """Answer MoveItem: every item is told its new id."""
    into = asking.folder(needed(body, "ToFolderId")[0])

    def one(named: Element) -> Reply:
        item = asking.item(named)
        if item.mailbox != into.mailbox:
            raise Refused("ErrorMoveCopyFailed", "The item cannot be moved to another mailbox here.")
        return Reply(parts=(only_ids(asking.world.move(item, into.id)),))

    return responses("MoveItem", each(children(find(body, "ItemIds")), one))


def get_attachment(asking: Asking, body: Element) -> Element:
    """Answer GetAttachment: files with their content, attached messages with their MIME."""

    def one(named: Element) -> Reply:
        number, item = _attachment(asking, named)
        view = Shown(item, asking.world.folder_of(item))
        part = view.attachments[number]
        element = attachment_element(view, number)
        content = b64encode(attachment_bytes(part)).decode()
        if local(element) == "FileAttachment":
            element.append(t("Content", content))
        else:
            inside = t("Message", None, t("MimeContent", content, CharacterSet="UTF-8"), t("ItemClass", "IPM.Note"))
            element.append(inside)
        return Reply(parts=(m("Attachments", None, element),))

    return responses("GetAttachment", each(children(find(body, "AttachmentIds")), one))


def convert_id(_: Asking, body: Element) -> Element:
    """Answer ConvertId, which clients send to learn the version of the server: no id is understood."""
    wrong = Reply(code="ErrorInvalidIdMalformed", text="Id is malformed.")
    return responses("ConvertId", [wrong for _ in children(find(body, "SourceIds"))])


def _attachment(asking: Asking, named: Element) -> tuple[int, Item]:
    item_name, _, number = named.get("Id", "").rpartition(":")
    item = asking.item(t("ItemId", None, Id=item_name))
    count = len(Shown(item, asking.world.folder_of(item)).attachments)
    if not number.isdigit() or int(number) >= count:
        raise Refused("ErrorInvalidAttachmentId", "The attachment id is invalid.")
    return int(number), item


def _apply(asking: Asking, item: Item, update: Element) -> None:
    uri = update[0]
    if local(uri) == "ExtendedFieldURI":
        if local(update) == "DeleteItemField":
            asking.world.update(item, without=[key_of(uri)])
        else:
            asking.world.update(item, properties=_properties_in(needed(update, "Message")))
        return
    path = uri.get("FieldURI", "")
    if path == "message:IsRead":
        asking.world.mark_read(item, is_true(text_at(update, "Message/IsRead")))
    elif path == "item:MimeContent":
        asking.world.update(item, mime=_decoded(text_at(update, "Message/MimeContent")))
    elif path in {"item:Subject", "item:Importance"}:
        name = path.partition(":")[2]
        text = text_at(update, f"Message/{name}")
        asking.world.update(item, mime=post.with_headers(item.mime, add=[(name, text)], drop=[name]))
    else:
        raise Refused("ErrorInvalidPropertySet", f"Set action is invalid for property {path}.")


def _properties_in(message: Element) -> dict[PropertyKey, str]:
    every = find_all(message, "ExtendedProperty")
    return {key_of(needed(one, "ExtendedFieldURI")): text_at(one, "Value") for one in every}


def _mime_of(message: Element) -> bytes:
    """The message a client gives: its MIME with what is said beside it, or one made of what is said."""
    given = find(message, "MimeContent")
    if find(message, "InternetMessageId") is not None:
        raise Refused("ErrorInvalidPropertySet", "Set action is invalid for property message:InternetMessageId.")
    if given is None:
        return _composed(message)
    mime = _decoded(given.text or "")
    said = {"Subject": text_at(message, "Subject"), "Importance": text_at(message, "Importance")}
    beside = [(name, text) for name, text in said.items() if text]
    return post.with_headers(mime, add=beside, drop=[name for name, _ in beside])


def _decoded(text: str) -> bytes:
    try:
        return b64decode(re.sub(r"\s+", "", text), validate=True)
    except BadBase64:
        raise Refused("ErrorMimeContentInvalidBase64String", "The MIME content is not valid Base64.") from None


def _composed(message: Element) -> bytes:
    made = EmailMessage(policy=SMTP)
    made["Subject"] = text_at(message, "Subject")
    for name in ("From", "Sender"):
        if address := text_at(message, f"{name}/Mailbox/EmailAddress"):
            made[name] = address
    for name in ("To", "Cc", "Bcc"):
        if people := find_all(message, f"{name}Recipients/Mailbox"):
            made[name] = ", ".join(text_at(one, "EmailAddress") for one in people)
    body = find(message, "Body")
    if body is not None:
        made.set_content(body.text or "", subtype="html" if body.get("BodyType") == "HTML" else "plain")
    for attached in find_all(message, "Attachments/FileAttachment"):
        main, _, sub = text_at(attached, "ContentType", "application/octet-stream").partition("/")
        content = _decoded(text_at(attached, "Content"))
        made.add_attachment(content, maintype=main, subtype=sub, filename=text_at(attached, "Name"))
    return made.as_bytes()
