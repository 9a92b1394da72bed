"""The test Exchange server as a client finds it that nobody here wrote: ews-javascript-api."""

import json
import os
import subprocess
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.fakes.ews_server import EwsServer
from tests.fakes.exchange_world import DEFAULT_PASSWORD
from tests.fakes.imaginary_council import CLERK, SHARED, imaginary_council
from tests.mail.exchange_client import mail

HERE = Path(__file__).parent
NODE_FOLDER = Path(os.environ.get("MEMBER_TRACKER_NODE_FOLDER", HERE.parent.parent / "build" / "foreign-node"))
NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
HOUSING = "housing@example.org"
GUID = "b0c2f3a4-6d1e-4f58-9a7b-3c5d7e9f1a2b"


def test_a_clerks_morning_through_a_client_nobody_here_wrote() -> None:
    world = imaginary_council(lambda: NOON)
    world.deliver_many(SHARED, ((NOON - timedelta(hours=hours), mail(f"No {hours}")) for hours in range(5)))
    with EwsServer(world) as server:
        task = {"url": server.url, "user": CLERK, "password": DEFAULT_PASSWORD, "mailbox": SHARED}
        task |= {"recipient": HOUSING, "guid": GUID}
        done = subprocess.run(
            ["node", str(HERE / "ews_client.mjs"), str(NODE_FOLDER)],
            input=json.dumps(task),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    seen = json.loads(done.stdout)
    assert b64decode(seen.pop("mime")) == mail("No 0")
    assert seen == {
        "inbox": ["Inbox", 5, 5],
        "first": ["Create"] * 5,
        "bound": ["No 0", SHARED, "<No 0@ours.example.org>", "IPM.Note"],
        "drafts": 1,
        "draftsAfter": 0,
        "sent": ["Damp at Mill Lane"],
        "moved": True,
        "second": ["Delete"],
        "gone": "ErrorItemNotFound",
        "busy": 1,
    }
    assert len(world.items(HOUSING)) == 1
