"""Casework shared through a real hub: one mail, one reminder, what two people changed, who is locked."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, Offline, SignInNeeded
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.timeline import Suggestion
from member_tracker.domain.vocabulary import OutgoingState, Status
from member_tracker.services.casework import open_enquiry
from member_tracker.services.conflicts import Choice, conflicts, settle
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import add_note, close_enquiry, send_enquiry
from member_tracker.services.hub_access import Access, with_hub
from member_tracker.services.hub_health import must_not_be_locked, standing
from member_tracker.services.new_enquiries import councillors_who_know
from member_tracker.services.not_accepted import not_accepted
from member_tracker.services.parts import author_of, own_device, the_council
from member_tracker.services.people import councillor_added
from member_tracker.services.post import post_queued
from member_tracker.services.reminding import remind_service_area
from member_tracker.services.safekeeping import Restoring, agree_to_post, back_up, restore
from member_tracker.services.syncing import sync_now
from member_tracker.services.taking_over import queued_elsewhere, take_over
from member_tracker.store.sealing import Cost
from tests.fakes.hub_offices import Shared, in_step, later, share_folders
from tests.fakes.office import Office


@pytest.fixture
def olga(hub: Shared) -> Office:
    """The officer's computer."""
    return hub.joined("olga")


@contextmanager
def cut_off(office: Office) -> Iterator[None]:
    """No way to the hub meanwhile: nobody listens where it is looked for."""
    settings = office.parts.profile.settings_file
    there = settings.read_text("utf-8")
    settings.write_text(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:9", there), "utf-8")
    yield
    settings.write_text(there, "utf-8")


def sent_files(office: Office) -> list[str]:
    return sorted(path.name for path in office.outbox.glob("*.eml"))


def mails(office: Office) -> tuple[QueuedMail, ...]:
    with office.app.store.reading() as tx:
        return tx.every(QueuedMail)


# --- mail -------------------------------------------------------------------------------------------------------------


def test_a_queued_mail_is_sent_by_the_computer_that_queued_it_and_by_no_other(vera: Office, olga: Office) -> None:
    enquiry = vera.log()
    send_enquiry(vera.app, enquiry.id)
    in_step(vera, olga)
    assert [mail.reference for mail in queued_elsewhere(olga.app)] == [enquiry.reference]
    assert post_queued(olga.app).sent == 0
    assert post_queued(vera.app).sent == 1
    in_step(vera, olga)
    assert post_queued(olga.app).sent == 0
    assert queued_elsewhere(olga.app) == ()
    assert open_enquiry(olga.app, enquiry.id).enquiry.status is Status.WITH_SERVICE_AREA


def test_a_mail_taken_over_is_sent_once_whoever_asks_first(vera: Office, olga: Office) -> None:
    enquiry = vera.log()
    send_enquiry(vera.app, enquiry.id)
    in_step(vera, olga)
    (mail,) = mails(olga)
    take_over(olga.app, mail.id)
    posted = [post_queued(vera.app).sent, post_queued(olga.app).sent]
    assert posted == [0, 1]
    in_step(olga, vera)
    assert post_queued(vera.app).sent == 0
    assert len(sent_files(vera)) + len(sent_files(olga)) == 1
    assert mails(vera)[0].state is OutgoingState.SENT
    assert conflicts(vera.app) == ()


def test_a_mail_that_is_being_sent_is_not_taken_over(vera: Office, olga: Office) -> None:
    send_enquiry(vera.app, vera.log().id)
    in_step(vera, olga)
    (mail,) = mails(olga)
    assert post_queued(vera.app).sent == 1  # the hub has heard of the claim, and not yet of the sending
    with pytest.raises(NotAllowed, match="begun to send"):
        take_over(olga.app, mail.id)
    assert conflicts(olga.app) == ()
    in_step(vera)
    with pytest.raises(NotAllowed, match="does not wait"):
        take_over(olga.app, mail.id)


def test_a_mail_the_hub_knows_waits_while_nobody_can_say_who_sends_it(vera: Office, olga: Office) -> None:
    send_enquiry(vera.app, vera.log().id)
    in_step(vera, olga)
    with cut_off(vera):
        posted = post_queued(vera.app)
    assert (posted.sent, posted.waiting) == (0, 1)
    assert post_queued(vera.app).sent == 1


def test_two_computers_that_read_one_mailbox_make_one_mail_and_one_suggestion(
    hub: Shared, vera: Office, olga: Office
) -> None:
    share_folders(vera, olga)
    enquiry = vera.logged_and_sent()
    in_step(vera, olga)
    vera.reply(enquiry, "We will repair the damp wall by 27 November 2026.")
    assert (vera.collect().new, olga.collect().new) == (1, 1)
    for synced in in_step(vera, olga, vera):
        assert (synced.conflicts, synced.denied, synced.in_step) == (0, 0, True)
    for office in (vera, olga):
        with office.app.store.reading() as tx:
            assert len(tx.every(Suggestion, enquiry_id=enquiry.id)) == 1
    assert open_enquiry(vera.app, enquiry.id).entries == open_enquiry(olga.app, enquiry.id).entries


def test_two_computers_that_remind_apart_make_one_reminder(vera: Office, olga: Office) -> None:
    share_folders(vera, olga)
    enquiry = vera.logged_and_sent()
    in_step(vera, olga)
    before = len(sent_files(vera))
    for office in (vera, olga):
        remind_service_area(office.app, enquiry.id)
    for synced in in_step(vera, olga, vera):
        assert (synced.conflicts, synced.denied) == (0, 0)
    assert post_queued(olga.app).sent + post_queued(vera.app).sent == 1
    assert len(sent_files(vera)) == before + 1


# --- what two people changed ------------------------------------------------------------------------------------------


def test_closing_against_somebodys_edit_leaves_it_open_until_a_person_says(vera: Office, olga: Office) -> None:
    enquiry = vera.logged_and_sent()
    in_step(vera, olga)
    add_note(olga.app, enquiry.id, "They are on their way.")
    edit_enquiry(olga.app, enquiry.id, ["priority=urgent"])
    close_enquiry(vera.app, enquiry.id, "Nobody answers any more.")
    in_step(olga, vera, olga)
    for office in (vera, olga):
        assert office.read(enquiry).status is Status.WITH_SERVICE_AREA
        shown = [(each.field, each.kept, each.lost) for each in conflicts(office.app)]
        assert shown == [("status", "with_service_area", "closed")]
    clash = conflicts(vera.app)[0]
    settle(vera.app, clash.id, Choice.KEPT)
    in_step(vera, olga)
    for office in (vera, olga):
        kept = office.read(enquiry)
        assert (kept.status, kept.closed_at, kept.close_reason) == (Status.WITH_SERVICE_AREA, None, None)
    settle(olga.app, clash.id, Choice.LOST)
    in_step(olga, vera)
    assert vera.read(enquiry) == olga.read(enquiry)
    assert vera.read(enquiry).status is Status.CLOSED


def test_what_was_logged_for_a_councillor_taken_away_is_not_accepted_and_keeps_its_words(
    hub: Shared, vera: Office, olga: Office
) -> None:
    from member_tracker.services.hub_people import revoke

    olga.log(text="Words nobody may lose.")
    revoke(hub.offices[0].app, hub.address("olga").login, "Cllr Vera Quill")
    synced = sync_now(olga.app)
    assert synced.denied > 0
    listed = not_accepted(olga.app)
    assert any("Words nobody may lose." in str(each.value) for each in listed)
    assert all("may not" in each.why or "does not know" in each.why for each in listed)
    with olga.app.store.reading() as tx:
        assert tx.every(Enquiry) == ()


# --- how it stands ----------------------------------------------------------------------------------------------------


def test_a_laptop_out_of_touch_for_longer_than_its_lease_is_locked_until_there_is_contact(vera: Office) -> None:
    must_not_be_locked(later(vera, days=14).app)
    late = later(vera, days=14, minutes=1)
    with pytest.raises(NotAllowed, match="not been in touch"):
        must_not_be_locked(late.app)
    stands = standing(late.app)
    assert stands is not None
    assert "locked" in stands.banners[0].title
    sync_now(vera.app)
    must_not_be_locked(vera.app)


def test_it_is_said_in_words_how_the_laptop_stands(vera: Office) -> None:
    in_step(vera)
    stands = standing(vera.app)
    assert stands is not None
    assert stands.words.startswith("In step at ")
    assert (stands.waiting, stands.banners) == (0, ())
    vera.log()
    with cut_off(vera), pytest.raises(Offline):
        sync_now(vera.app)
    stands = standing(vera.app)
    assert stands is not None
    assert stands.words.startswith("Working offline since ")
    assert stands.words.endswith(", 3 changes to send")
    sync_now(vera.app)
    assert (standing(vera.app) or stands).is_in_step


def test_a_clock_that_is_wrong_is_spoken_of_and_orders_nothing(vera: Office, olga: Office) -> None:
    enquiry = vera.log()
    in_step(vera, olga)
    ahead = later(vera, days=400)
    edit_enquiry(ahead.app, enquiry.id, ["priority=urgent"])
    synced = sync_now(ahead.app)
    assert synced.clock_ahead is not None
    assert synced.clock_ahead > timedelta(days=399)
    stands = standing(ahead.app)
    assert stands is not None
    assert "fast" in stands.banners[0].title
    in_step(olga)
    edit_enquiry(olga.app, enquiry.id, ["priority=normal"])
    assert in_step(olga, vera)[0].conflicts == 0
    assert vera.read(enquiry).priority == olga.read(enquiry).priority == "normal"
    stands = standing(vera.app)
    assert stands is not None
    assert stands.banners == ()


def test_a_refused_password_is_not_shown_again_until_a_person_signs_in(hub: Shared, vera: Office) -> None:
    address = hub.address("vera")
    right = vera.parts.hubs.known[address]
    vera.parts.hubs.forget(address)
    asked: list[str] = []

    def wrong(login: str) -> str:
        asked.append(login)
        return "wrong"

    greet = vera.app
    for _ in range(2):
        with pytest.raises(SignInNeeded):
            with_hub(greet, Access(address=address, ask=wrong), lambda found: found.greet(own_device(greet), 1))
    assert len(asked) == 2
    vera.parts.hubs.known[address] = "wrong"
    with pytest.raises(SignInNeeded):
        sync_now(vera.app)
    assert not vera.parts.hubs._open, "the hub was asked with a password it had refused"
    assert sync_now(vera.app, ask=lambda login: right).in_step


def test_a_restored_profile_is_another_computer_to_the_hub(hub: Shared, vera: Office, tmp_path: Path) -> None:
    import os

    from member_tracker.app import build, new_id
    from member_tracker.profile import Profile

    cheap = Cost(n=2**10, r=8, p=1)
    enquiry = vera.log()
    send_enquiry(vera.app, enquiry.id)
    in_step(vera)
    back_up(vera.app, tmp_path / "b", "seven grey herons", cost=cheap)
    restoring = Restoring(now=vera.clock, new_id=new_id, random_bytes=os.urandom, profile_passphrase=lambda: None)
    folder = tmp_path / "second"
    done = restore(Profile(folder=folder), tmp_path / "b", lambda: "seven grey herons", restoring)
    second = Office(parts=build(Profile(folder=folder), passphrase=lambda: None), clock=vera.clock)
    hub.offices.append(second)
    second.parts.hubs.known[hub.address("vera")] = vera.parts.hubs.known[hub.address("vera")]
    in_step(second)
    assert own_device(second.app) != own_device(vera.app)
    with second.app.store.reading() as tx:
        assert str(tx.local("device")) != done.device
        assert str(tx.local("device"))[0] in "0123456789ABCDEF"
    assert second.log().reference != vera.log().reference
    agree_to_post(second.app)
    assert post_queued(vera.app).sent == 1
    in_step(vera, second)
    assert replace(mails(second)[0], original="") == replace(mails(vera)[0], original="")
    assert post_queued(second.app).sent == 0


# --- what may be seen -------------------------------------------------------------------------------------------------


def test_nobody_is_told_of_a_resident_in_casework_they_may_not_see(hub: Shared, vera: Office, olga: Office) -> None:
    boss = hub.offices[0]
    with boss.app.store.writing(author=author_of(boss.app)) as tx:
        councillor_added(tx, boss.app, "Cllr Tom Ashworth", the_council(tx).id)
    in_step(boss, olga)
    olga.log(councillor="Cllr Tom Ashworth", resident="Una Bright")
    in_step(olga, vera)
    assert councillors_who_know(olga.app, "Una Bright", but="Cllr Vera Quill") == ("Cllr Tom Ashworth",)
    assert councillors_who_know(vera.app, "Una Bright", but="Cllr Vera Quill") == ()
