"""Deleting what was entered by mistake: hidden everywhere, put back as it was, gone for good after thirty days."""

from datetime import timedelta

import pytest

from member_tracker.domain.change import RecordKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, NotFound
from member_tracker.domain.mailbag import MailPlace, QueuedMail, ReceivedMail
from member_tracker.domain.people import Resident
from member_tracker.domain.vocabulary import OutgoingState, Role
from member_tracker.services.deleting import (
    delete_enquiry,
    delete_resident,
    empty_deleted,
    put_back,
    recently_deleted,
)
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import add_note, send_enquiry
from member_tracker.services.lists import Wanted, Which, enquiry_page, today_page
from member_tracker.services.merging import merge
from member_tracker.services.post import post_queued
from member_tracker.services.residents import resident_page
from member_tracker.services.undoing import undo_last
from tests.fakes.hub_offices import VERA, Shared, in_step
from tests.fakes.office import Office
from tests.services.residents import a_resident, resident_now


def listed(office: Office, which: Which = Which.ALL, find: str | None = None) -> list[str]:
    wanted = Wanted(which=which, today=office.app.today(), find=find, now=office.app.now())
    return [row.reference for row in enquiry_page(office.app, wanted).rows]


def deleted(office: Office) -> list[str]:
    return [row.reference or row.title for row in recently_deleted(office.app).rows]


def everything_kept(office: Office) -> str:
    """Every row of every table of the file, the search indexes' own included."""
    with office.app.store.reading() as tx:
        asked = tx._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        tables = [name for (name,) in asked if name not in {"search", "search_term", "resident_search"}]
        return "\n".join(str(row) for name in tables for row in tx._connection.execute(f'SELECT * FROM "{name}"'))


def test_a_deleted_enquiry_is_in_no_list_no_count_and_not_found(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(enquiry, "We have received it and will answer by Friday.")
    office.collect()
    assert today_page(office.app).counts.replies == 1
    delete_enquiry(office.app, enquiry.id)
    for which in Which:
        assert listed(office, which) == []
    assert listed(office, find="damp") == listed(office, find=enquiry.reference) == []
    counts = today_page(office.app).counts
    assert (counts.open, counts.due_soon, counts.replies) == (0, 0, 0)
    assert deleted(office) == [enquiry.reference]


def test_an_enquiry_put_back_is_as_it_was(office: Office) -> None:
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id)
    before = office.read(enquiry)
    delete_enquiry(office.app, enquiry.id)
    assert post_queued(office.app).sent == 0
    assert put_back(office.app, RecordKind.ENQUIRY, enquiry.id) == f"{enquiry.reference} is back."
    assert office.read(enquiry) == before
    assert listed(office, Which.OPEN) == [enquiry.reference]
    assert post_queued(office.app).sent == 1
    assert deleted(office) == []


def test_deleting_is_undone_like_any_step(office: Office) -> None:
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id)
    before = office.read(enquiry)
    delete_enquiry(office.app, enquiry.id)
    assert undo_last(office.app, enquiry.id) == before
    assert office.sent_mail(enquiry).state is OutgoingState.QUEUED


def test_deleting_twice_is_deleting_once(office: Office) -> None:
    enquiry = office.log()
    first = delete_enquiry(office.app, enquiry.id)
    office.clock.forward(hours=1)
    assert delete_enquiry(office.app, enquiry.id) == first


def test_a_reply_to_a_deleted_enquiry_waits_in_the_tray(office: Office) -> None:
    enquiry = office.logged_and_sent()
    delete_enquiry(office.app, enquiry.id)
    office.reply(enquiry, "The gutter is mended.")
    office.collect()
    with office.app.store.reading() as tx:
        (mail,) = tx.every(ReceivedMail)
    assert (mail.place, mail.enquiry_id, mail.candidates) == (MailPlace.TRAY, None, ())


def test_a_resident_with_enquiries_stays_and_one_without_goes_and_comes_back(office: Office) -> None:
    enquiry = office.log()
    with pytest.raises(NotAllowed, match="an enquiry"):
        delete_resident(office.app, enquiry.resident_id)
    ada = a_resident(office, "Ada Lowe", {"phone": "01632 960101"})
    delete_resident(office.app, ada.id)
    assert [row.name for row in resident_page(office.app).rows] == ["Ned Barlow"]
    assert deleted(office) == ["Ada Lowe"]
    put_back(office.app, RecordKind.RESIDENT, ada.id)
    assert resident_now(office, ada) == ada


def test_an_enquiry_put_back_brings_its_resident_back(office: Office) -> None:
    enquiry = office.log()
    delete_enquiry(office.app, enquiry.id)
    delete_resident(office.app, enquiry.resident_id)
    put_back(office.app, RecordKind.ENQUIRY, enquiry.id)
    assert [row.name for row in resident_page(office.app).rows] == ["Ned Barlow"]


def test_merged_enquiries_are_taken_apart_first(office: Office) -> None:
    one, other = office.log(), office.log()
    merge(office.app, one.id, other.id)
    for each in (one, other):
        with pytest.raises(NotAllowed, match="merged"):
            delete_enquiry(office.app, each.id)


def test_after_thirty_days_nothing_is_left_of_what_was_deleted(office: Office) -> None:
    gone, stays = office.logged_and_sent(), office.log(resident="Ada Lowe", subject="Zebra crossing")
    add_note(office.app, gone.id, "Xylophone")
    edit_enquiry(office.app, gone.id, ["text=The quagga wall is wet."])
    assert "xylophone" in everything_kept(office)
    office.reply(gone, "We have received it and will answer by Friday.")
    office.collect()
    delete_enquiry(office.app, gone.id)
    delete_resident(office.app, gone.resident_id)
    delete_enquiry(office.app, stays.id)
    put_back(office.app, RecordKind.ENQUIRY, stays.id)
    office.clock.forward(seconds=timedelta(days=30).total_seconds())
    assert empty_deleted(office.app) == 0
    office.clock.forward(seconds=1)
    assert empty_deleted(office.app) == 2
    assert deleted(office) == []
    with office.app.store.reading() as tx:
        for of in (Enquiry, Resident):
            kept = [each.id for each in tx.every(of)]
            assert kept == [stays.id if of is Enquiry else stays.resident_id]
        assert not tx.every(QueuedMail)
        assert not tx.every(ReceivedMail)
    left = everything_kept(office)
    for word in ("quagga", "Xylophone", "xylophone", "Barlow", "barlow", gone.id):
        assert word not in left
    with pytest.raises(NotFound):
        put_back(office.app, RecordKind.ENQUIRY, gone.id)
    assert empty_deleted(office.app) == 0


def test_what_is_deleted_on_one_laptop_is_hidden_on_the_other_and_put_back_there(hub: Shared, vera: Office) -> None:
    olga = hub.joined("olga", Role.OFFICER, VERA)
    enquiry = vera.log()
    in_step(vera, olga)
    before = olga.read(enquiry)
    delete_enquiry(vera.app, enquiry.id)
    in_step(vera, olga)
    assert (listed(olga), deleted(olga)) == ([], [enquiry.reference])
    olga.clock.forward(seconds=timedelta(days=31).total_seconds())
    assert empty_deleted(olga.app) == 0
    assert recently_deleted(olga.app).is_shared
    put_back(olga.app, RecordKind.ENQUIRY, enquiry.id)
    in_step(olga, vera)
    assert vera.read(enquiry) == before
    assert listed(vera) == [enquiry.reference]
