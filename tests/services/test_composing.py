"""What would leave, to the letter: recipients, headers, text with sign-off, and nothing without consent."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from member_tracker.domain.consent import Consent, ConsentKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.people import Council, Councillor, DutyOfficer, Resident
from member_tracker.domain.vocabulary import Channel, Proposal
from member_tracker.domain.writing import Blank, Wanted, Way, Writing, Written, from_plain, ways_to_tell
from member_tracker.services.composing import begin, preview, text_for
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import Accepting, accept_suggestion, add_note, close_enquiry, tell_resident
from member_tracker.services.reminding import remind_service_area
from member_tracker.services.sending_by_hand import send_written
from member_tracker.services.waiting import resume
from member_tracker.services.wording import save_sign_off
from tests.fakes.office import Office
from tests.services.deeds import answered, mails, replied, suggestions

OFFICER = DutyOfficer(name="Ines Farrow", email="ines.farrow@example.org")


def wanted(enquiry: Enquiry, writing: Writing, reply_to: str | None = None) -> Wanted:
    return Wanted(enquiry_id=enquiry.id, writing=writing, reply_to=reply_to)


def begun(office: Office, enquiry: Enquiry, writing: Writing, reply_to: str | None = None) -> Blank:
    return begin(office.app, wanted(enquiry, writing, reply_to))


def with_resident(office: Office, enquiry: Enquiry, **changes: object) -> Resident:
    with office.app.store.writing(author=None) as tx:
        changed = replace(tx.get(Resident, enquiry.resident_id), **changes)  # type: ignore[arg-type] # any field
        tx.save(changed)
    return changed


def with_officer(office: Office, enquiry: Enquiry) -> None:
    area = office.area(enquiry)
    with office.app.store.writing(author=None) as tx:
        tx.save(replace(area, duty_officers=(OFFICER,)))


def received(office: Office, enquiry: Enquiry) -> ReceivedMail:
    with office.app.store.reading() as tx:
        return tx.every(ReceivedMail, enquiry_id=enquiry.id)[-1]


def everything(office: Office, written: Written) -> str:
    shown = preview(office.app, written)
    return "\n".join((shown.from_address, *shown.to, *shown.cc, shown.subject, shown.body))


def test_what_is_shown_is_what_is_queued_to_the_letter(office: Office) -> None:
    enquiry = office.log()
    with_officer(office, enquiry)
    with office.app.store.writing(author=None) as tx:
        tx.save(replace(tx.get(Councillor, enquiry.raised_by), email="vera.quill@example.org"))
    blank = begun(office, enquiry, Writing.ENQUIRY)
    written = replace(
        blank.written, to=(*blank.written.to, OFFICER.email), copy=True, body=f"{blank.written.body}\nPlease ring."
    )
    shown = preview(office.app, written)
    held = send_written(office.app, written)
    with office.app.store.reading() as tx:
        queued = tx.get(QueuedMail, held.mail_id)
        raw = message_from_bytes(tx.original(queued.original), policy=policy.default)
    assert (shown.to, shown.cc, shown.subject, shown.body) == (queued.to, queued.cc, queued.subject, queued.body)
    assert raw["To"] == ", ".join(shown.to)
    assert raw["Cc"] == "vera.quill@example.org"
    assert raw["Subject"] == shown.subject == f"Damp in a flat [{enquiry.reference}]"
    assert raw.get_content().replace("\r\n", "\n") == shown.body
    assert "Please ring." in shown.body


def test_without_consent_nothing_of_the_resident_is_shown_or_sent_whatever_is_typed(office: Office) -> None:
    enquiry = office.log(text="Ned Barlow says the wall is wet.")
    with_resident(office, enquiry, phone="01632 960111", address="2 Mill Lane", email="ned.barlow@example.org")
    with office.app.store.writing(author=None) as tx:
        tx.save(replace(tx.get(Enquiry, enquiry.id), consent=Consent(kind=ConsentKind.NONE)))
    blank = begun(office, enquiry, Writing.ENQUIRY)
    typed = "Ring ned  barlow on 01632-960111 at 2 Mill Lane or ned.barlow@example.org."
    shown = everything(office, replace(blank.written, body=f"{blank.written.body}\n{typed}"))
    for detail in ("barlow", "960111", "mill lane"):
        assert detail not in shown.casefold()
    assert "[name left out]" in shown
    assert blank.withheld.startswith("Without consent the resident’s name, address, phone and email will not leave")


def test_special_category_information_is_neither_shown_nor_sent_without_consent_to_it(office: Office) -> None:
    enquiry = office.log()
    blank = begun(office, enquiry, Writing.ENQUIRY)
    with office.app.store.writing(author=None) as tx:
        tx.save(replace(tx.get(Enquiry, enquiry.id), special_category=True))
    for deed in (preview, send_written):
        with pytest.raises(NotAllowed, match="special category"):
            deed(office.app, blank.written)


def test_a_mail_goes_to_nobody_but_those_offered(office: Office) -> None:
    enquiry = office.log()
    written = replace(begun(office, enquiry, Writing.ENQUIRY).written, to=("somebody@example.net",))
    with pytest.raises(NotAllowed, match="belongs to nobody"):
        send_written(office.app, written)
    with pytest.raises(Invalid, match="nobody to go to"):
        preview(office.app, replace(written, to=()))


def test_a_subject_that_names_the_resident_is_refused_and_can_be_changed(office: Office) -> None:
    enquiry = office.log(subject="Damp at Ned Barlow's")
    written = begun(office, enquiry, Writing.ENQUIRY).written
    with pytest.raises(Invalid, match="about the resident"):
        preview(office.app, written)
    assert preview(office.app, replace(written, topic="Damp")).subject == f"Damp [{enquiry.reference}]"


def test_a_reply_goes_to_who_wrote_and_stays_in_the_thread(office: Office) -> None:
    enquiry = office.logged_and_sent()
    own = office.area(enquiry).addresses[0].rpartition("@")[2]
    replied(office, enquiry, "Which room is it?", sender=f"Ines Farrow <ines@{own}>")
    mail = received(office, enquiry)
    blank = begun(office, enquiry, Writing.REPLY, mail.id)
    assert [each.address for each in blank.offered if each.usual] == [f"ines@{own}"]
    held = send_written(office.app, replace(blank.written, body="The bedroom."))
    with office.app.store.reading() as tx:
        raw = message_from_bytes(tx.original(tx.get(QueuedMail, held.mail_id).original), policy=policy.default)
    assert raw["In-Reply-To"] == mail.message_id
    assert str(raw["References"]).split()[-1] == mail.message_id


def test_a_reply_is_not_offered_to_a_stranger_who_wrote(office: Office) -> None:
    enquiry = office.logged_and_sent()
    replied(office, enquiry, "Send it to me.", sender="thief@example.net")
    with office.app.store.reading() as tx:
        mails = tx.every(ReceivedMail)
    blank = begun(office, enquiry, Writing.REPLY, mails[-1].id)
    assert "thief@example.net" not in [each.address for each in blank.offered]


def test_a_message_id_of_others_that_is_none_does_not_keep_a_reply_from_going(office: Office) -> None:
    enquiry = office.logged_and_sent()
    replied(office, enquiry, "Which room is it?", message_id="<not one of>")
    blank = begun(office, enquiry, Writing.REPLY, received(office, enquiry).id)
    assert preview(office.app, replace(blank.written, body="The bedroom.")).to


def test_an_answer_to_the_residents_own_mail_is_an_update_to_the_resident(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with_resident(office, enquiry, email="ned.barlow@example.org")
    replied(office, enquiry, "How does it stand?", sender="ned.barlow@example.org")
    with office.app.store.reading() as tx:
        mail = tx.every(ReceivedMail)[-1]
    blank = begun(office, enquiry, Writing.REPLY, mail.id)
    assert blank.wanted.writing is Writing.UPDATE
    assert blank.written.to == ("ned.barlow@example.org",)


def test_the_update_is_the_officers_answer_without_greeting_and_signature(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with_resident(office, enquiry, email="ned.barlow@example.org")
    text = "Dear Councillor,\n\nThe gutter was mended on Monday.\n\nKind regards\nI. Farrow\nHousing repairs"
    replied(office, enquiry, text)
    enquiry = answered_now(office, enquiry)
    body = begun(office, enquiry, Writing.UPDATE).written.body
    assert "The gutter was mended on Monday." in body
    assert "Dear Councillor" not in body
    assert "Farrow" not in body


def answered_now(office: Office, enquiry: Enquiry) -> Enquiry:
    (suggestion,) = suggestions(office, enquiry)
    return accept_suggestion(office.app, suggestion.id, Accepting(proposal=Proposal.ANSWER))


def test_an_acknowledgement_leaves_only_with_what_it_owes_the_resident(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with_resident(office, enquiry, email="ned.barlow@example.org")
    written = begun(office, enquiry, Writing.UPDATE).written
    assert written.template == "acknowledgement"
    assert preview(office.app, written).body.startswith(written.body)
    for sentence in ("You can expect an answer by", "has taken this up with", "We will write to you when"):
        (line,) = [line for line in written.body.splitlines() if sentence in line]
        with pytest.raises(Invalid, match="does not say"):
            preview(office.app, replace(written, body=written.body.replace(line, "")))


def test_nobody_is_told_to_expect_an_answer_by_a_day_that_has_passed(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with_resident(office, enquiry, email="ned.barlow@example.org")
    office.clock.forward(days=60)
    body = begun(office, enquiry, Writing.UPDATE).written.body
    assert "You can expect an answer" not in body
    (line,) = [line for line in body.splitlines() if line.startswith("An answer was due by ")]
    assert line.endswith("and has not come yet. We will ask for it and tell you.")


def test_a_chaser_is_for_what_waits_and_a_reply_for_what_was_sent(office: Office) -> None:
    enquiry = office.log()
    for writing in (Writing.CHASE, Writing.REPLY):
        with pytest.raises(NotAllowed):
            begun(office, enquiry, writing)
    sent = office.logged_and_sent()
    with pytest.raises(NotAllowed):
        begun(office, sent, Writing.ENQUIRY)
    assert begun(office, sent, Writing.CHASE).written.template == "chase"
    close_enquiry(office.app, sent.id, "Settled")
    with pytest.raises(NotAllowed):
        begun(office, sent, Writing.UPDATE)


def test_the_sign_off_of_the_council_closes_whatever_is_written(office: Office) -> None:
    enquiry = office.logged_and_sent()
    save_sign_off(office.app, "Yours\n{{ council.name }}, on {{ council.main_number }}")
    for writing in (Writing.REPLY, Writing.CHASE):
        shown = preview(office.app, replace(begun(office, enquiry, writing).written, body="Hello."))
        assert shown.body.startswith("Hello.\n\nYours\nChorley, on 01632 960100\n")


def test_a_draft_comes_back_as_it_was_kept(office: Office) -> None:
    written = replace(begun(office, office.log(), Writing.ENQUIRY).written, files=("a.txt",), copy=True, reply_to="x")
    assert from_plain(written.as_plain()) == written


def test_ways_to_tell_follow_the_resident_and_the_councils_setting() -> None:
    council = Council(id="c", name="Chorley", letters="only_without_email")  # type: ignore[arg-type] # a made-up id
    base = Resident(id="r", councillor_id="v", name="Ned Barlow", address="2 Mill Lane")  # type: ignore[arg-type]
    email = replace(base, email="ned.barlow@example.org")
    likes_letters = replace(email, preferred_channel=Channel.LETTER)
    assert ways_to_tell(council, base) == (Way.LETTER, Way.TOLD)
    assert ways_to_tell(council, email) == (Way.EMAIL, Way.TOLD)
    assert ways_to_tell(council, likes_letters) == (Way.TOLD,)
    assert ways_to_tell(replace(council, letters="preferred"), likes_letters) == (Way.LETTER, Way.TOLD)
    assert ways_to_tell(council, replace(base, address=None)) == (Way.TOLD,)


@given(
    st.lists(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=60), min_size=1, max_size=3),
    st.sampled_from(list(Writing)),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_note_ever_gets_into_what_leaves(office: Office, notes: list[str], writing: Writing) -> None:
    enquiry = office.log() if writing is Writing.ENQUIRY else office.logged_and_sent()
    with_resident(office, enquiry, email="ned.barlow@example.org")
    marked = [f"N0TE-{number} {note} Q{number}X" for number, note in enumerate(notes)]
    before = preview(office.app, begun(office, enquiry, writing).written).body
    for note in marked:
        add_note(office.app, enquiry.id, note)
    if writing is not Writing.ENQUIRY:
        edit_enquiry(office.app, enquiry.id, ["findings=N0TE-F", "solution=N0TE-S", "tags=N0TE-T"])
    if writing is Writing.UPDATE:
        answered(office, enquiry)
    blank = begun(office, enquiry, writing)
    for choice in blank.choices:
        body = text_for(office.app, blank.wanted, choice.id)
        assert "N0TE" not in body
        assert "N0TE" not in everything(office, replace(blank.written, template="", body=body))
    if writing is not Writing.UPDATE:
        assert preview(office.app, blank.written).body == before


def test_the_charters_promise_is_said_beside_what_is_written(office: Office) -> None:
    blank = begun(office, office.logged_and_sent(), Writing.CHASE)
    assert blank.promise.startswith("The charter promises an answer by ")
    assert "2026" in blank.promise


ASKS = "Dear councillor,\n\nCould you please ask the resident since when the wall is wet?\n\nKind regards\nInes Farrow"


def asked(office: Office) -> Enquiry:
    """An enquiry whose service area asked something of the resident."""
    enquiry = office.logged_and_sent()
    replied(office, enquiry, ASKS)
    accept_suggestion(office.app, suggestions(office, enquiry)[-1].id, Accepting(proposal=Proposal.QUESTION))
    return enquiry


def test_what_the_service_area_asks_is_passed_on_to_the_resident_plainly(office: Office) -> None:
    enquiry = asked(office)
    blank = begun(office, enquiry, Writing.UPDATE)
    assert blank.written.template == "question"
    assert "Could you please ask the resident since when the wall is wet?" in blank.written.body
    assert "Kind regards" not in blank.written.body
    assert "Dear councillor" not in blank.written.body
    resume(office.app, enquiry.id)
    blank = begun(office, enquiry, Writing.UPDATE)
    assert blank.written.template != "question"
    assert "question" not in [choice.id for choice in blank.choices]


def test_a_resident_told_without_a_text_of_ones_own_is_asked_what_the_service_area_asks(office: Office) -> None:
    enquiry = asked(office)
    with_resident(office, enquiry, email="ned.barlow@example.org")
    tell_resident(office.app, enquiry.id)
    assert "since when the wall is wet?" in mails(office, enquiry)[-1].body


def test_the_service_area_is_not_chased_while_the_resident_is_waited_for(office: Office) -> None:
    enquiry = asked(office)
    for chased in (lambda: begun(office, enquiry, Writing.CHASE), lambda: remind_service_area(office.app, enquiry.id)):
        with pytest.raises(NotAllowed, match="waits for the resident") as refused:
            chased()
        assert "let the clock run again" in str(refused.value.advice)
    resume(office.app, enquiry.id)
    assert begun(office, enquiry, Writing.CHASE).written.template == "chase"


def test_a_reply_thanks_for_one_only_where_somebody_of_the_council_wrote(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with_resident(office, enquiry, email="ned.barlow@example.org")
    replied(office, enquiry, "I am away.", subject="Automatic reply: Damp", headers="Auto-Submitted: auto-replied\n")
    replied(office, enquiry, "It is worse now.", sender="ned.barlow@example.org")
    body = begun(office, enquiry, Writing.REPLY).written.body
    assert "Thank you" not in body
    assert "This is about an enquiry that Cllr Vera Quill raised: Damp in a flat." in body
    replied(office, enquiry, "Which room is it?")
    assert "Thank you for your reply about: Damp in a flat." in begun(office, enquiry, Writing.REPLY).written.body
