"""Messages made, changed, moved, deleted and sent through Graph."""

from http import HTTPStatus

from tests.fakes.exchange_items import Item, PropertyKey
from tests.fakes.exchange_post import with_headers
from tests.fakes.graph_composing import changed, compose, mime_of_body, properties_of, reply_to
from tests.fakes.graph_desk import Desk
from tests.fakes.graph_properties import settable_key
from tests.fakes.graph_query import invalid
from tests.fakes.graph_shapes import ALL, message_json
from tests.fakes.graph_words import Call, GraphError, Reply, text_of, without_body

ONLY_IN_DRAFTS = frozenset(
    "subject body from sender toRecipients ccRecipients bccRecipients replyTo internetMessageId".split()
)
CHANGEABLE = ONLY_IN_DRAFTS | frozenset(
    "isRead categories importance flag inferenceClassification singleValueExtendedProperties"
    " isDeliveryReceiptRequested isReadReceiptRequested".split()
)


def create_message(desk: Desk, call: Call) -> Reply:
    """POST messages, POST mailFolders/{id}/messages: a draft from JSON, or from base64 of MIME as text/plain."""
    folder = desk.folder(call, call.path[1] if call.path[0] == "mailFolders" else "drafts")
    if call.content_type == "text/plain":
        mime, properties = mime_of_body(call), {}
    else:
        given = call.entity("message")
        mime, properties = compose(desk, call, given), properties_of(given)
    if desk.new_message_id_of_drafts:
        mime = with_headers(mime, add=[("Message-ID", desk.world.new_message_id())], drop=["Message-ID"])
    item = desk.world.save(call.mailbox, mime, folder=folder.id, is_draft=True, is_read=True, properties=properties)
    return _made(desk, call, item)


def change_message(desk: Desk, call: Call) -> Reply:
    """PATCH messages/{id}."""
    item = desk.message(call, call.path[1])
    given = call.entity("message")
    fixed = [name for name in given if name not in CHANGEABLE and "@" not in name]
    if fixed or (not item.is_draft and ONLY_IN_DRAFTS & set(given)):
        name = fixed[0] if fixed else next(one for one in given if one in ONLY_IN_DRAFTS)
        raise GraphError(HTTPStatus.BAD_REQUEST, "ErrorInvalidPropertySet", f"Property {name} is read-only.")
    etag = call.headers.get("if-match", "*")
    if etag not in {"*", f'W/"{item.change_key}"'}:
        text = "The send or update operation could not be performed because the change key is not current."
        raise GraphError(HTTPStatus.PRECONDITION_FAILED, "ErrorIrresolvableConflict", text)
    properties = properties_of(given)
    mime = changed(item, given) if (ONLY_IN_DRAFTS | {"importance"}) & set(given) else None
    if properties or mime is not None:
        desk.world.update(item, properties=properties, without=_taken_away(given), mime=mime)
    if isinstance(given.get("isRead"), bool):
        desk.world.mark_read(item, given["isRead"] is True)
    shown = message_json(desk.shown(call, item), ALL)
    return Reply(json={"@odata.context": desk.context(call, "messages/$entity"), **shown}, type="message")


def delete_message(desk: Desk, call: Call) -> Reply:
    """DELETE messages/{id}: into Deleted Items, or for good from there."""
    desk.world.delete(desk.message(call, call.path[1]))
    return without_body()


def delete_for_good(desk: Desk, call: Call) -> Reply:
    """POST messages/{id}/permanentDelete."""
    desk.world.delete(desk.message(call, call.path[1]), hard=True)
    return without_body()


def move_message(desk: Desk, call: Call) -> Reply:
    """POST messages/{id}/move."""
    item = desk.message(call, call.path[1])
    target = desk.folder(call, text_of(call.parameters("move", "message"), "destinationid"))
    return _made(desk, call, desk.world.move(item, target.id))


def create_reply(desk: Desk, call: Call) -> Reply:
    """POST messages/{id}/createReply."""
    item = desk.message(call, call.path[1])
    asked = call.parameters("createReply", "message")
    given = asked.get("message")
    message = given if isinstance(given, dict) else {}
    if "body" in message and "comment" in asked:
        raise invalid("Specify either a comment or the body of the message.")
    mime = reply_to(desk, call, item, message, text_of(asked, "comment"))
    draft = desk.world.save_draft(call.mailbox, mime, properties_of(message))
    return _made(desk, call, draft)


def send_message(desk: Desk, call: Call) -> Reply:
    """POST messages/{id}/send: 202, and nobody knows yet what became of it."""
    item = desk.message(call, call.path[1])
    if call.body.strip():
        call.wrong.append("send: takes no body")
    desk.world.send(item, by=call.user)
    return Reply(status=HTTPStatus.ACCEPTED)


def send_mail(desk: Desk, call: Call) -> Reply:
    """POST sendMail: in one act, and nothing to look for afterwards but the message itself."""
    keep = True
    if call.content_type == "text/plain":
        mime = mime_of_body(call)
    else:
        asked = call.parameters("sendMail", "user")
        message = asked.get("message")
        if not isinstance(message, dict):
            raise invalid("The parameter Message is required.")
        keep = asked.get("savetosentitems") is not False
        mime = compose(desk, call, message)
    desk.world.send_mime(call.mailbox, mime, by=call.user, save_copy=keep)
    return Reply(status=HTTPStatus.ACCEPTED)


def _made(desk: Desk, call: Call, item: Item) -> Reply:
    shown = message_json(desk.shown(call, item), ALL)
    context = desk.context(call, "messages/$entity")
    return Reply(status=HTTPStatus.CREATED, json={"@odata.context": context, **shown}, type="message")


def _taken_away(given: dict[str, object]) -> list[PropertyKey]:
    values = given.get("singleValueExtendedProperties")
    rows = values if isinstance(values, list) else []
    return [settable_key(text_of(one, "id")) for one in rows if isinstance(one, dict) and one.get("value") is None]
