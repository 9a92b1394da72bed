"""The check of Graph's JSON: both publications say the same, what is wrong is found, the server's names are theirs."""

import json
from pathlib import Path

import pytest

from tests.fakes.graph_schema_check import Schema, published_schema
from tests.fakes.graph_shapes import READERS

GOOD: dict[str, object] = {
    "@odata.etag": 'W/"x"',
    "id": "AAMk",
    "subject": "Damp",
    "isRead": False,
    "importance": "normal",
    "receivedDateTime": "2026-11-23T09:00:00Z",
    "conversationIndex": "AQHTe7/VAniOJVgCxEmtF1z6ZY1rFQ==",
    "from": {"emailAddress": {"name": "Pat", "address": "pat@example.org"}},
    "toRecipients": [{"emailAddress": {"address": "members@example.org"}}],
    "attachments": [{"@odata.type": "#microsoft.graph.fileAttachment", "name": "x", "contentBytes": "eA=="}],
}


@pytest.fixture
def schema(shared_folder: Path) -> Schema:
    """The published schema."""
    del shared_folder
    found = published_schema()
    assert found is not None
    return found


def test_a_good_message_passes(schema: Schema) -> None:
    assert schema.errors("message", GOOD) == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"subject": 1}, "message/subject: 1 is no Edm.String"),
        ({"isRead": "true"}, "message/isRead: 'true' is no Edm.Boolean"),
        ({"importance": "High"}, "message/importance: 'High' is not in importance"),
        ({"receivedDateTime": "2026-11-31T09:00:00Z"}, "message/receivedDateTime: '2026-11-31T09:00:00Z' is no"),
        ({"conversationIndex": "?"}, "message/conversationIndex: '?' is no Edm.Binary"),
        ({"from": []}, "message/from: [] is no object"),
        ({"toRecipients": {}}, "message/toRecipients: {} is no collection"),
        ({"toRecipients": [{"address": "x"}]}, "message/toRecipients/0: no property address"),
        ({"toRecipients": None}, "message/toRecipients: None is no collection"),
        ({"id": None}, "message/id: may not be null"),
        ({"invented": 1}, "message: no property invented"),
        ({"@odata.invented": 1}, "message: no property @odata.invented"),
        ({"attachments": [{"name": "x"}]}, "message/attachments/0: needs an @odata.type"),
        ({"attachments": [{"@odata.type": "#microsoft.graph.message"}]}, "message/attachments/0: message is no attach"),
    ],
)
def test_what_is_wrong_is_found(schema: Schema, change: dict[str, object], error: str) -> None:
    (found,) = schema.errors("message", GOOD | change)
    assert found.startswith(error)


def test_parameters_are_known_in_any_letters_and_all_there(schema: Schema) -> None:
    assert schema.parameter_errors("move", "message", {"destinationId": "inbox"}) == []
    assert schema.parameter_errors("move", "message", {}) == ["move/destinationid: missing"]
    assert schema.parameter_errors("move", "message", {"DestinationId": "x", "y": 1}) == ["move/y: no such parameter"]
    tips = {"EmailAddresses": ["x@example.org"], "MailTipsOptions": "automaticReplies, mailboxFullStatus"}
    assert schema.parameter_errors("getMailTips", "user", tips) == []
    assert len(schema.parameter_errors("getMailTips", "user", tips | {"MailTipsOptions": "weather"})) == 1


def test_both_publications_say_the_same(schema: Schema, shared_folder: Path) -> None:
    other = shared_folder / "schemas" / "graph-csdl" / "mail-subset.openapi3.json"
    components = json.loads(other.read_bytes())["components"]["schemas"]
    compared = 0
    for name, structure in schema.structures.items():
        written = components.get(f"microsoft.graph.{name}", {}).get("properties")
        if written is None or structure.abstract:
            continue
        assert {one for one in written if "@" not in one} == set(schema.properties(name)), name
        compared += 1
    for name, enumeration in schema.enumerations.items():
        written = components.get(f"microsoft.graph.{name}", {}).get("enum")
        if written is not None and not enumeration.flags:
            assert set(written) == enumeration.members, name
            compared += 1
    assert compared > 40


def test_the_server_names_nothing_a_message_does_not_have(schema: Schema) -> None:
    assert set(READERS) <= set(schema.properties("message"))
