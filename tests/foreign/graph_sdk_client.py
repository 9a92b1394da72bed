"""Microsoft's own client of Graph at work in a mailbox: address of the server, token, mailbox, recipient.

Runs in an environment of its own; what it saw goes to standard output as JSON.
"""

# These packages are only where the script runs, so their types are not known here.
# mypy: disable-error-code="import-not-found, misc"

import asyncio
import json
import sys

import httpx
from kiota_abstractions.authentication import AuthenticationProvider
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.request_information import RequestInformation
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.attachment_item import AttachmentItem
from msgraph.generated.models.attachment_type import AttachmentType
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.file_attachment import FileAttachment
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.mail_tips_type import MailTipsType
from msgraph.generated.models.message import Message
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.recipient import Recipient
from msgraph.generated.models.single_value_legacy_extended_property import SingleValueLegacyExtendedProperty
from msgraph.generated.models.upload_session import UploadSession
from msgraph.generated.users.item.calendar.get_schedule.get_schedule_post_request_body import GetSchedulePostRequestBody
from msgraph.generated.users.item.get_mail_tips.get_mail_tips_post_request_body import GetMailTipsPostRequestBody
from msgraph.generated.users.item.mail_folders.item.messages.delta.delta_request_builder import DeltaRequestBuilder
from msgraph.generated.users.item.mail_folders.item.messages.messages_request_builder import MessagesRequestBuilder
from msgraph.generated.users.item.messages.item.attachments.create_upload_session import (
    create_upload_session_post_request_body as upload,
)
from msgraph.generated.users.item.messages.item.create_reply.create_reply_post_request_body import (
    CreateReplyPostRequestBody,
)
from msgraph.generated.users.item.messages.item.move.move_post_request_body import MovePostRequestBody
from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder

KEY = "String {8e7c2a50-6a3c-4d1c-9f0a-6f2f7a1b3c4d} Name EnquirySend"
LARGE = 3 * 1024 * 1024 + 500_000
PIECE = 2 * 1024 * 1024


class Token(AuthenticationProvider):
    """Shows the token to Graph and to nobody else."""

    async def authenticate_request(
        self, request: RequestInformation, additional_authentication_context: dict[str, object] | None = None
    ) -> None:
        """Put the token on where the request goes to Graph itself, which an upload does not."""
        del additional_authentication_context
        if request.url.startswith(sys.argv[1]):
            request.headers.add("Authorization", f"Bearer {sys.argv[2]}")


def with_ids(query: object = None) -> RequestConfiguration[object]:
    """A request for ids that last, in pages of two."""
    configuration = RequestConfiguration(query_parameters=query)
    configuration.headers.add("Prefer", 'odata.maxpagesize=2, IdType="ImmutableId"')
    return configuration


async def changes(user: UserItemRequestBuilder) -> tuple[list[str], list[str]]:
    """A whole round, and what came in the next after a message was read."""
    builder = user.mail_folders.by_mail_folder_id("inbox").messages.delta
    query = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(select=["subject", "isRead", "receivedDateTime"])
    page = await builder.get(with_ids(query))
    found = list(page.value)
    while page.odata_next_link:
        page = await builder.with_url(page.odata_next_link).get(with_ids())
        found += page.value
    await user.messages.by_message_id(found[0].id).patch(Message(is_read=True), with_ids())
    news = await builder.with_url(page.odata_delta_link).get(with_ids())
    return [one.subject for one in found], [str(one.is_read) for one in news.value]


async def send(user: UserItemRequestBuilder, address: str, recipient: str) -> dict[str, object]:
    """A draft with a key and two attachments, sent and found again."""
    draft = await user.messages.post(
        Message(
            subject="From the kit",
            body=ItemBody(content_type=BodyType.Text, content="Hello."),
            from_=Recipient(email_address=EmailAddress(address=address)),
            to_recipients=[Recipient(email_address=EmailAddress(address=recipient))],
            single_value_extended_properties=[SingleValueLegacyExtendedProperty(id=KEY, value="ab12")],
        ),
        with_ids(),
    )
    one = user.messages.by_message_id(draft.id)
    await one.attachments.post(FileAttachment(name="note.txt", content_type="text/plain", content_bytes=b"a note"))
    item = AttachmentItem(attachment_type=AttachmentType.File, name="large.bin", size=LARGE)
    session = await one.attachments.create_upload_session.post(
        upload.CreateUploadSessionPostRequestBody(attachment_item=item)
    )
    await upload_large(session)
    names = [found.name for found in (await one.attachments.get()).value]
    await one.send.post()
    wanted = f"singleValueExtendedProperties/any(ep: ep/id eq '{KEY}' and ep/value eq 'ab12')"
    query = MessagesRequestBuilder.MessagesRequestBuilderGetQueryParameters(
        filter=wanted, expand=[f"singleValueExtendedProperties($filter=id eq '{KEY}')"]
    )
    sent = await user.mail_folders.by_mail_folder_id("sentitems").messages.get(with_ids(query))
    return {
        "attachments": names,
        "same message id": draft.internet_message_id == sent.value[0].internet_message_id,
        "key": sent.value[0].single_value_extended_properties[0].value,
    }


async def upload_large(session: UploadSession) -> None:
    """Send a large attachment in pieces; the kit's own task for that understands OneDrive's ranges, not Outlook's."""
    ranges = session.next_expected_ranges
    async with httpx.AsyncClient(trust_env=False) as client:
        while ranges:
            first = int(ranges[0].removesuffix("-"))
            last = min(first + PIECE, LARGE) - 1
            headers = {"Content-Range": f"bytes {first}-{last}/{LARGE}", "Content-Type": "application/octet-stream"}
            answer = await client.put(session.upload_url, content=bytes(last - first + 1), headers=headers)
            answer.raise_for_status()
            ranges = answer.json()["nextExpectedRanges"] if answer.content else []


async def others(user: UserItemRequestBuilder, recipient: str) -> dict[str, object]:
    """Bytes, an answer, a move, mail tips, a calendar and a refusal."""
    inbox = user.mail_folders.by_mail_folder_id("inbox").messages
    first = (await inbox.get(with_ids())).value[0]
    message = user.messages.by_message_id(first.id)
    mime = await message.content.get()
    answer = await message.create_reply.post(CreateReplyPostRequestBody(comment="Thank you."))
    moved = await message.move.post(MovePostRequestBody(destination_id="archive"))
    tips = await user.get_mail_tips.post(
        GetMailTipsPostRequestBody(email_addresses=[recipient], mail_tips_options=MailTipsType.AutomaticReplies)
    )
    times = [DateTimeTimeZone(date_time=f"2026-11-23T{hour}:00:00", time_zone="UTC") for hour in ("09", "11")]
    schedule = await user.calendar.get_schedule.post(
        GetSchedulePostRequestBody(
            schedules=[recipient], start_time=times[0], end_time=times[1], availability_view_interval=60
        )
    )
    try:
        await user.messages.by_message_id("AAMk" + "x" * 44).get()
        refused = ""
    except ODataError as error:
        refused = error.error.code
    return {
        "mime": mime.decode(),
        "answer": answer.subject,
        "moved": moved.subject,
        "tip": tips.value[0].automatic_replies.message,
        "view": schedule.value[0].availability_view,
        "refused": refused,
    }


async def main(url: str, token: str, address: str, recipient: str) -> dict[str, object]:
    """Everything in turn."""
    del token
    adapter = GraphRequestAdapter(Token())
    adapter.base_url = url
    user = GraphServiceClient(request_adapter=adapter).users.by_user_id(address)
    folders = await user.mail_folders.get()
    subjects, news = await changes(user)
    return {
        "folders": sorted(one.display_name for one in folders.value),
        "subjects": subjects,
        "news": news,
        "send": await send(user, address, recipient),
        "others": await others(user, recipient),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(main(*sys.argv[1:]))))
