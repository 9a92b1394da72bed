"""Signing out of a hub: refused while something is nowhere but here, and what a copy of everything then holds."""

import json
from contextlib import closing
from pathlib import Path
from unittest import mock

import psycopg
import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, Offline
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.hub_here import HubHere, hub_here
from member_tracker.services.hub_joining import leave_hub, unsent_work
from member_tracker.services.not_accepted import not_accepted
from member_tracker.services.parts import me
from member_tracker.services.syncing import sync_now
from member_tracker.services.taking_over import claim
from member_tracker.sync.administration import Administration
from member_tracker.sync.postgres import PostgresHub
from tests.fakes.hub_offices import Shared, in_step, share_folders
from tests.fakes.office import Office

BROKE = Offline("The connection to the hub broke.", advice="It is tried again by itself.")


def test_attachments_the_hub_has_not_got_yet_keep_somebody_from_signing_out(hub: Shared, vera: Office) -> None:
    enquiry = vera.logged_and_sent()
    vera.reply(enquiry, "It is mended.")
    vera.collect()
    with mock.patch.object(PostgresHub, "put_blob", side_effect=BROKE), pytest.raises(Offline):
        sync_now(vera.app)
    with pytest.raises(NotAllowed, match=r"^Attachments wait to be sent to the hub\."):
        leave_hub(vera.app)
    here = hub_here(vera.app)
    assert isinstance(here, HubHere)
    assert (here.unsent.changes, here.unsent.has_files, here.unsent.is_any) == (0, True, True)
    in_step(vera)
    assert not unsent_work(vera.app).is_any
    assert unsent_work(vera.app).sentence == ""
    leave_hub(vera.app)


def test_a_mail_this_computer_has_begun_to_send_keeps_somebody_from_signing_out(vera: Office) -> None:
    send_enquiry(vera.app, vera.log().id)
    in_step(vera)
    with vera.app.store.reading() as tx:
        (mail,) = tx.every(QueuedMail)
    assert claim(vera.app, mail)
    in_step(vera)
    with pytest.raises(NotAllowed, match="Mail waits to go out"):
        leave_hub(vera.app)


def test_words_the_hub_did_not_take_are_in_the_copy_and_the_hub_is_told_of_it(
    hub: Shared, vera: Office, tmp_path: Path
) -> None:
    enquiry = vera.log()
    in_step(vera)
    edit_enquiry(vera.app, enquiry.id, ["subject=Words nobody else has"])
    with vera.app.store.reading() as tx:
        own = me(tx)
    with closing(Administration(hub.owner_url)) as administration:
        administration.revoke(hub.address("vera").login, str(own))
    in_step(vera)
    assert len(not_accepted(vera.app)) == 2, "the edit, and what the timeline says of it"
    with pytest.raises(NotAllowed, match="2 changes were not accepted by the hub"):
        leave_hub(vera.app)
    leave_hub(vera.app, tmp_path / "out")
    refused = json.loads((tmp_path / "out" / "not-accepted.json").read_text("utf-8"))
    assert (refused[0]["field"], refused[0]["value"]) == ("subject", "Words nobody else has")
    with psycopg.connect(hub.owner_url) as owner:
        told = owner.execute("SELECT value ->> 'what' FROM hub.op WHERE verb = 'exported'").fetchall()
    assert told == [("export",)]


def test_a_copy_is_made_though_not_all_bytes_have_come_from_the_hub(hub: Shared, vera: Office, tmp_path: Path) -> None:
    enquiry = vera.logged_and_sent()
    vera.reply(enquiry, "It is mended.")
    vera.collect()
    in_step(vera)
    with mock.patch.object(PostgresHub, "get_blob", return_value=None):
        olga = hub.joined("olga")
    share_folders(olga)
    edit_enquiry(olga.app, enquiry.id, ["subject=Words nobody else has"])
    leave_hub(olga.app, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert len(manifest["missing"]) == 2
    assert manifest["records"]["mail"] == 1
    (kept,) = (tmp_path / "out" / "enquiries").iterdir()
    assert "Words nobody else has" in kept.read_text("utf-8")
    with olga.app.store.reading() as tx:
        assert tx.every(Enquiry) == ()
