"""O365, a client of Graph nobody here wrote, at work in a mailbox: address of the server, token, mailbox, recipient.

Runs in an environment of its own; what it saw goes to standard output as JSON.
"""

# These packages are only where the script runs, so their types are not known here.
# mypy: disable-error-code="import-not-found, misc"

import json
import sys

from O365 import Account
from O365.connection import MSGraphProtocol
from O365.utils.token import MemoryTokenBackend

CLIENT = "0f3f2d4e-8c55-4b0e-9b44-5a4f6b1f0a22"


class Protocol(MSGraphProtocol):
    """Graph at the address of the test server."""

    _protocol_url = sys.argv[1].removesuffix("v1.0")


def signed_in(token: str) -> Account:
    """An account that has this token."""
    backend = MemoryTokenBackend()
    backend.add(
        {
            "client_id": CLIENT,
            "scope": ["https://graph.microsoft.com/Mail.ReadWrite.Shared"],
            "token_endpoint": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
            "response": {"access_token": token, "token_type": "Bearer", "expires_in": 3600},
        }
    )
    return Account(
        CLIENT,
        auth_flow_type="public",
        protocol=Protocol(),
        token_backend=backend,
        raise_http_errors=True,
        requests_delay=0,
        default_headers={"Prefer": 'IdType="ImmutableId"'},
    )


def main(token: str, address: str, recipient: str) -> dict[str, object]:
    """Read, write, answer and send."""
    account = signed_in(token)
    box = account.mailbox(resource=address)
    inbox = box.inbox_folder()
    seen: dict[str, object] = {"folders": sorted(one.name for one in box.get_folders(limit=25))}
    messages = list(inbox.get_messages(limit=25, batch=2, order_by="receivedDateTime desc"))
    seen["subjects"] = [one.subject for one in messages]
    query = box.new_query().equals("subject", messages[0].subject)
    seen["found"] = [one.subject for one in inbox.get_messages(query=query)]
    seen["mime"] = messages[0].get_mime_content().decode()
    messages[0].mark_as_read()
    messages[0].attachments.download_attachments()
    seen["attachments"] = [one.name for one in messages[0].attachments]

    draft = box.new_message()
    draft.sender.address = address
    draft.to.add(recipient)
    draft.subject = "From O365"
    draft.body = "Hello from O365."
    draft.attachments.add([(_file("note.txt", b"a note"), "note.txt")])
    seen["saved"] = draft.save_draft()
    draft.subject = "From O365, changed"
    draft.save_draft()
    seen["sent"] = draft.send()
    seen["sent items"] = [one.subject for one in box.sent_folder().get_messages()]

    answer = messages[0].reply(to_all=False)
    answer.body = "Thank you."
    seen["answered"] = answer.send()
    at_once = box.new_message()
    at_once.to.add(recipient)
    at_once.subject = "At once"
    seen["at once"] = at_once.send()
    seen["moved"] = messages[1].move(box.archive_folder())
    seen["deleted"] = messages[2].delete()
    seen["left"] = [one.subject for one in inbox.get_messages(limit=25)]
    return seen


def _file(name: str, content: bytes) -> object:
    from io import BytesIO

    file = BytesIO(content)
    file.name = name
    return file


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[2:])))
