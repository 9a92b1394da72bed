"""Who takes the next enquiry: turn about or chosen, shown where it is sent, and hand-over notes that never leave."""

from dataclasses import replace

import pytest

from member_tracker.domain.availability import MailTip
from member_tracker.domain.change import RecordKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.people import Councillor, Resident, ServiceArea
from member_tracker.domain.vocabulary import Sharing
from member_tracker.domain.writing import Blank, Wanted, Writing
from member_tracker.services.before_sending import BeforeSending, before_sending, duty_officer_of
from member_tracker.services.composing import begin, preview, text_as_told
from member_tracker.services.enquiries import close_enquiry, send_enquiry
from member_tracker.services.facts import facts_for_area, facts_for_resident
from member_tracker.services.printed_letters import letter_to_resident
from member_tracker.services.rota import AreaRota, keep_handover, keep_rota, rotas, undo_rota
from member_tracker.services.sending_by_hand import send_written
from member_tracker.services.setup import service_areas_as_json
from member_tracker.services.undoing import undo_last
from tests.fakes.mailboxes import mailbox_in, with_mailbox
from tests.fakes.office import Office
from tests.services.test_before_sending import Talkative

SAM = "Sam Reed <sam.reed@example.org>: Mon-Fri 08:45-12:30"
ASHA = "Asha Bell <asha.bell@example.org>: Mon-Fri 08:45-12:30"
JO = "Jo Fell <jo.fell@example.org>: Mon-Fri 12:30-17:00"
NOTE = "Boiler calls go to Sam until noon."


def housing(office: Office) -> AreaRota:
    return next(rota for rota in rotas(office.app) if rota.name == "Housing")


def share(office: Office, sharing: Sharing | None, *lines: str) -> AreaRota:
    return keep_rota(office.app, housing(office).area_id, "\n".join(lines), sharing=sharing)


def hand_over(office: Office, text: str = NOTE, *, slot: int = 0) -> AreaRota:
    area = housing(office)
    return keep_rota(office.app, area.area_id, area.text, notes=[replace(area.slots[slot], note=text)])


def begun(office: Office, enquiry: Enquiry, writing: Writing = Writing.ENQUIRY, *, also: str | None = None) -> Blank:
    return begin(office.app, Wanted(enquiry_id=enquiry.id, writing=writing, also=also))


def sent_to(office: Office, enquiry: Enquiry) -> tuple[str, ...]:
    with office.app.store.reading() as tx:
        return tx.every(QueuedMail, enquiry_id=enquiry.id)[0].to


def send(office: Office) -> str:
    """An enquiry sent as it is offered, a minute later; gives the address beside the service area's."""
    office.clock.forward(minutes=1)
    enquiry = office.log()
    send_written(office.app, begun(office, enquiry).written)
    return ", ".join(sent_to(office, enquiry)[1:])


def next_one(office: Office) -> str:
    """Who is next in turn in Housing."""
    return housing(office).said[1].removeprefix("Next in turn: ").partition(",")[0]


def looked(office: Office, enquiry: Enquiry, *tips: MailTip) -> BeforeSending:
    server = Talkative(mailbox_in(office.app))
    server.tips_told = tips
    return before_sending(with_mailbox(office.app, server), enquiry.id)


def test_two_officers_are_on_duty_in_one_slot_and_both_are_offered(office: Office) -> None:
    area = share(office, None, SAM, ASHA, JO)
    assert area.on_now == ("Sam Reed", "Asha Bell")
    assert area.said == ("On duty until 12:30: Sam Reed and Asha Bell.",)
    assert [slot.words for slot in area.slots][:3] == [
        "08:45 to 12:30 today (now): Sam Reed, Asha Bell",
        "12:30 to 17:00 today: Jo Fell",
        "08:45 to 12:30 tomorrow: Sam Reed, Asha Bell",
    ]
    offered = begun(office, office.log()).offered
    assert [(each.name, each.usual, each.duty) for each in offered] == [
        ("Housing", True, ""),
        ("Sam Reed", False, "on duty"),
        ("Asha Bell", False, "on duty"),
        ("Jo Fell", False, ""),
    ]


def test_turn_about_gives_each_the_next_and_says_why(office: Office) -> None:
    share(office, Sharing.TURN_ABOUT, SAM, ASHA, JO)
    assert [send(office) for _ in range(5)] == [
        "sam.reed@example.org",
        "asha.bell@example.org",
        "sam.reed@example.org",
        "asha.bell@example.org",
        "sam.reed@example.org",
    ]
    (_, said) = begun(office, office.log()).duty
    assert said == "Next in turn: Asha Bell, because Asha Bell has had fewest since 08:45: 2, and Sam Reed 3."
    assert housing(office).said[1] == said


def test_a_turn_is_worked_out_from_what_was_sent_and_nothing_else_is_written(office: Office) -> None:
    share(office, Sharing.TURN_ABOUT, SAM, ASHA)
    with office.app.store.reading() as tx:
        before = len(tx.outbox(limit=10_000))
    send(office)
    with office.app.store.reading() as tx:
        written = {op.kind for op in tx.outbox(limit=10_000)[before:]}
    assert RecordKind.OUTGOING in written
    assert RecordKind.SERVICE_AREA not in written


def test_what_is_taken_back_or_kept_back_was_nobodys_turn(office: Office) -> None:
    share(office, Sharing.TURN_ABOUT, SAM, ASHA)
    undone, closed = office.log(), office.log()
    send_written(office.app, begun(office, undone).written)
    assert next_one(office) == "Asha Bell"
    undo_last(office.app, undone.id)
    assert next_one(office) == "Sam Reed"
    send_written(office.app, begun(office, closed).written)
    assert next_one(office) == "Asha Bell"
    close_enquiry(office.app, closed.id, "Asked twice.")
    assert next_one(office) == "Sam Reed"


def test_whoever_was_chosen_by_hand_has_had_their_turn(office: Office) -> None:
    share(office, Sharing.TURN_ABOUT, SAM, ASHA)
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id, duty_officer=duty_officer_of(office.app, enquiry.id, "Sam Reed"))
    chosen = begun(office, office.log(), also="sam.reed@example.org").written.to
    assert chosen[1:] == ("sam.reed@example.org",)
    assert send(office) == "asha.bell@example.org"


def test_another_area_and_a_chaser_are_no_turn(office: Office) -> None:
    planning = next(rota for rota in rotas(office.app) if rota.name == "Planning")
    keep_rota(office.app, planning.area_id, SAM, sharing=Sharing.TURN_ABOUT)
    share(office, Sharing.TURN_ABOUT, SAM, ASHA)
    elsewhere = office.log(service_area="Planning")
    send_written(office.app, begun(office, elsewhere).written)
    assert sent_to(office, elsewhere)[1:] == ("sam.reed@example.org",)
    assert send(office) == "sam.reed@example.org"
    waiting = office.logged_and_sent()
    chaser = begun(office, waiting, Writing.CHASE)
    assert not any(each.duty == "next in turn" or (each.usual and each.duty) for each in chaser.offered)
    send_written(office.app, replace(chaser.written, to=("asha.bell@example.org",)))
    assert send(office) == "asha.bell@example.org"


def test_whoever_sends_chooses_and_nobody_is_picked_silently(office: Office) -> None:
    share(office, Sharing.CHOOSE, SAM, ASHA, JO)
    enquiry = office.log()
    blank = begun(office, enquiry)
    assert blank.written.to == office.area(enquiry).addresses
    assert [each.name for each in blank.offered if each.duty == "on duty"] == ["Sam Reed", "Asha Bell"]
    assert blank.duty == (
        "On duty until 12:30: Sam Reed and Asha Bell.",
        "Whoever sends chooses which of them takes it.",
    )
    found = looked(office, enquiry)
    assert (found.duty_officer, [each.name for each in found.there]) == (None, ["Sam Reed", "Asha Bell"])
    assert "No duty officer is known to be there, so it goes to the service area alone." not in found.notes
    with pytest.raises(Invalid, match="Sam Reed and Asha Bell are on duty"):
        found.the_one()


def test_where_one_alone_is_there_nothing_has_to_be_chosen(office: Office) -> None:
    share(office, Sharing.CHOOSE, SAM, ASHA)
    away = MailTip(address="sam.reed@example.org", automatic_reply="I am away until Friday.")
    found = looked(office, office.log(), away)
    one = found.the_one()
    assert one is not None
    assert one.name == "Asha Bell"


def test_whoever_is_away_is_passed_over_and_that_is_said(office: Office) -> None:
    share(office, Sharing.TURN_ABOUT, SAM, ASHA)
    enquiry = office.log()
    assert looked(office, enquiry).send_to[1:] == ("sam.reed@example.org",)
    found = looked(office, enquiry, MailTip(address="sam.reed@example.org", automatic_reply="I am away."))
    assert found.send_to[1:] == ("asha.bell@example.org",)
    assert "Sam Reed was next in turn and is not there, so Asha Bell is." in found.notes
    assert found.as_json()["next_in_turn"] == "Asha Bell"


def test_without_a_calendar_the_rota_says_whose_turn_it_is(office: Office) -> None:
    share(office, Sharing.TURN_ABOUT, SAM, ASHA)
    found = before_sending(office.app, office.log().id)
    assert found.send_to[1:] == ("sam.reed@example.org",)
    assert not any("service area alone" in note for note in found.notes)


def test_out_of_hours_the_turn_is_of_whoever_is_on_when_the_offices_open(office: Office) -> None:
    share(office, Sharing.TURN_ABOUT, JO, ASHA)
    office.clock.forward(hours=10)
    assert housing(office).said == (
        "On duty from 08:45 on Tuesday 17 November 2026 until 12:30: Asha Bell.",
        "Next in turn: Asha Bell, because nobody else is on duty.",
    )
    share(office, None, JO)
    assert housing(office).said == ("Nobody is on duty at 08:45 on Tuesday 17 November 2026, when the offices open.",)


def test_a_hand_over_note_is_shown_where_it_is_sent_and_to_whoever_comes_next(office: Office) -> None:
    share(office, None, SAM, ASHA, JO)
    hand_over(office)
    during = f"Hand-over note for 08:45 to 12:30 today: “{NOTE}”"
    assert begun(office, office.log()).duty[-1] == during
    assert looked(office, office.log()).duty.handover == (during,)
    office.clock.forward(hours=3)
    after = f"Handed over from 08:45 to 12:30 today: “{NOTE}”"
    assert housing(office).said == ("On duty until 17:00: Jo Fell.", after)
    assert begun(office, office.logged_and_sent(), Writing.CHASE).duty == (after,)
    office.clock.forward(days=1)
    assert housing(office).said == ("On duty until 17:00: Jo Fell.",)


def test_a_note_can_be_written_ahead_put_right_and_taken_away(office: Office) -> None:
    share(office, None, SAM, JO)
    hand_over(office, "Ask Jo about the  lifts.", slot=1)
    assert [slot.note for slot in housing(office).slots][:3] == ["", "Ask Jo about the lifts.", ""]
    assert housing(office).said == ("On duty until 12:30: Sam Reed.",)
    changed = hand_over(office, slot=1)
    assert changed.slots[1].note == NOTE
    assert changed.deed is not None
    assert undo_rota(office.app, changed.area_id, changed.deed).slots[1].note == "Ask Jo about the lifts."
    assert hand_over(office, "", slot=1).slots[1].note == ""
    assert hand_over(office, "", slot=1).deed is None


def test_a_note_stays_with_its_time_when_the_rota_is_written_anew(office: Office) -> None:
    share(office, None, SAM)
    hand_over(office)
    moved = share(office, None, JO, "Ines Farrow <ines.farrow@example.org>: Mon 9-11")
    assert moved.slots[0].note == NOTE
    assert moved.said[-1].endswith(f"“{NOTE}”")


def test_a_note_is_short_and_is_about_somebody_on_duty(office: Office) -> None:
    with pytest.raises(NotAllowed, match="Nobody is on duty for Housing"):
        keep_handover(office.app, "Housing", NOTE)
    share(office, None, SAM)
    with pytest.raises(Invalid, match="201 characters"):
        keep_handover(office.app, "housing", "x" * 201)
    assert keep_handover(office.app, "housing", NOTE).slots[0].note == NOTE


def test_old_notes_are_not_kept_for_ever(office: Office) -> None:
    share(office, None, SAM)
    hand_over(office)
    office.clock.forward(days=21)
    hand_over(office, "Another.")
    with office.app.store.reading() as tx:
        (area,) = [area for area in tx.every(ServiceArea) if area.name == "Housing"]
    assert [note.note for note in area.handover_notes] == ["Another."]


def test_a_hand_over_note_is_in_no_mail_and_no_letter(office: Office) -> None:
    share(office, Sharing.TURN_ABOUT, SAM, ASHA)
    hand_over(office)
    enquiry = office.log()
    assert NOTE in begun(office, enquiry).duty[-1]
    written = begun(office, enquiry).written
    shown = preview(office.app, written)
    assert NOTE not in f"{shown.subject} {shown.body}"
    send_written(office.app, written)
    office.clock.forward(minutes=1)
    waiting = office.logged_and_sent()
    send_written(office.app, begun(office, waiting, Writing.CHASE).written)
    with office.app.store.writing(author=None) as tx:
        resident = tx.get(Resident, waiting.resident_id)
        tx.save(replace(resident, email=None, address="1 Elm Row, Chorley"))
    told = begun(office, waiting, Writing.UPDATE)
    assert told.duty == ()
    letter = letter_to_resident(office.app, told.written)
    with office.app.store.reading() as tx:
        facts = [facts_for_area(office.app, tx, waiting), facts_for_resident(office.app, tx, waiting, "")]
        mails = tx.every(QueuedMail)
        raw = b"".join(tx.original(mail.original) for mail in mails).decode()
    leaving = f"{raw} {letter!r} {text_as_told(office.app, told.written)} {[mail.body for mail in mails]}"
    assert not any("Boiler calls" in value for each in facts for value in each.values())
    assert len(mails) == 3
    assert "Boiler calls" not in leaving
    assert enquiry.text in leaving


def test_what_is_written_of_sharing_is_listed_as_json(office: Office) -> None:
    share(office, Sharing.CHOOSE, SAM, ASHA)
    hand_over(office)
    listed = next(area for area in service_areas_as_json(office.app) if area["name"] == "Housing")
    assert {name: listed[name] for name in ("sharing", "on_duty", "next_in_turn", "handover")} == {
        "sharing": "choose",
        "on_duty": ["Sam Reed", "Asha Bell"],
        "next_in_turn": None,
        "handover": [{"from": "2026-11-16T08:45:00+00:00", "until": "2026-11-16T12:30:00+00:00", "text": NOTE}],
    }


def test_a_rota_saved_as_it_was_keeps_its_rule_and_its_notes(office: Office) -> None:
    share(office, Sharing.TURN_ABOUT, SAM)
    noted = hand_over(office)
    with office.app.store.writing(author=None) as tx:
        tx.set_local("me", tx.every(Councillor)[0].id)  # somebody else saves it
    again = keep_rota(office.app, noted.area_id, noted.text, sharing=noted.sharing, notes=noted.slots)
    assert (again, again.deed) == (noted, None)


def test_the_turn_is_read_off_an_index(office: Office) -> None:
    from member_tracker.store import reading

    with office.app.store.reading() as tx:
        plan = " / ".join(
            step[3] for step in tx._connection.execute(f"EXPLAIN QUERY PLAN {reading._GIVEN}", ("area", "2026"))
        )
    assert "ix_enquiry_area_received (service_area_id=? AND received_at>?)" in plan
    assert "ix_outgoing_enquiry" in plan
