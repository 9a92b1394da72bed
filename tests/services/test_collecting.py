"""Bringing mail in: certain mail files itself, the rest waits for a person, and the same mail is the same record."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from member_tracker.domain.errors import NotAllowed, NotFound
from member_tracker.domain.mailbag import MailPlace, QueuedMail, ReceivedMail
from member_tracker.domain.timeline import Suggestion, SuggestionState
from member_tracker.domain.vocabulary import MailKind, OutgoingState, Proposal
from member_tracker.services import collecting, keeping
from member_tracker.services.enquiries import Accepting, accept_suggestion
from member_tracker.services.filing import file_by_hand, tray_as_json, unfile_by_hand
from tests.fakes.office import Office

DONE = "The gutter was repaired on Tuesday and the wall has been treated. Nothing else is outstanding at the flat."


def mails(office: Office) -> tuple[ReceivedMail, ...]:
    with office.app.store.reading() as tx:
        return tx.every(ReceivedMail)


def suggestions(office: Office) -> tuple[Suggestion, ...]:
    with office.app.store.reading() as tx:
        return tx.every(Suggestion)


def test_a_reply_from_the_service_area_files_itself(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.clock.forward(hours=2)
    office.reply(enquiry, DONE)
    collected = office.collect()
    assert (collected.read, collected.new, collected.filed, collected.tray) == (1, 1, 1, 0)
    (mail,) = mails(office)
    assert mail.enquiry_id == enquiry.id
    assert mail.place is MailPlace.FILED


def test_the_same_mail_ten_times_is_one_record(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(enquiry, DONE)
    for _ in range(10):
        office.collect(office.inbox)
    assert len(mails(office)) == 1
    assert len(suggestions(office)) == 1
    assert office.collect(office.inbox).known == 1


def test_a_reply_with_the_right_reference_from_a_stranger_goes_to_the_tray(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(enquiry, DONE, sender="someone@elsewhere.example.net")
    assert office.collect().tray == 1
    (waiting,) = tray_as_json(office.app)
    assert isinstance(waiting["candidates"], list)
    assert waiting["candidates"][0]["reference"] == enquiry.reference


def test_one_wrong_check_character_is_never_a_match(office: Office) -> None:
    enquiry = office.logged_and_sent()
    wrong = enquiry.reference[:-1] + ("0" if enquiry.reference[-1] != "0" else "1")
    office.reply(enquiry, DONE, subject=f"RE: Damp [{wrong}]", in_reply_to="<unknown@example.org>")
    assert office.collect().tray == 1
    assert mails(office)[0].enquiry_id is None


def test_two_enquiries_with_one_subject_and_officer_never_cross(office: Office) -> None:
    first, second = office.logged_and_sent(), office.logged_and_sent()
    office.reply(second, DONE)
    office.reply(first, DONE)
    office.collect()
    assert {mail.enquiry_id for mail in mails(office)} == {first.id, second.id}
    for mail in mails(office):
        owner = first if mail.enquiry_id == first.id else second
        assert mail.in_reply_to == office.sent_mail(owner).message_id


@pytest.mark.parametrize(
    ("headers", "subject"),
    [
        ("Auto-Submitted: auto-replied\n", "RE: Damp"),
        ("", "Automatic reply: Damp"),
        ("", "Ateb awtomatig: Damp"),
    ],
)
def test_an_out_of_office_is_filed_and_moves_no_clock(office: Office, headers: str, subject: str) -> None:
    enquiry = office.logged_and_sent()
    office.reply(enquiry, "I am out of the office until 30 November 2026.", headers=headers, subject=subject)
    collected = office.collect()
    assert (collected.automatic, collected.filed, collected.tray) == (1, 0, 0)
    assert mails(office)[0].enquiry_id == enquiry.id
    assert mails(office)[0].kind is MailKind.AUTO_REPLY
    assert suggestions(office) == ()
    assert office.read(enquiry) == enquiry


def test_a_persons_reply_that_asks_for_quiet_does_count(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(enquiry, DONE, headers="X-Auto-Response-Suppress: All\n")
    assert office.collect().filed == 1
    assert suggestions(office)[0].proposal is not Proposal.NONE


def test_our_own_copy_coming_back_is_known(office: Office) -> None:
    office.logged_and_sent()
    collected = office.collect(office.outbox)
    assert (collected.known, collected.new) == (1, 0)


def test_somebody_elses_mail_under_our_message_id_is_kept(office: Office) -> None:
    enquiry = office.logged_and_sent()
    ours = office.sent_mail(enquiry).message_id
    office.reply(enquiry, DONE, message_id=ours, sender="someone@elsewhere.example.net")
    collected = office.collect()
    assert (collected.known, collected.new, collected.tray) == (0, 1, 1)


@pytest.mark.parametrize("part", ["read_mail", "classify", "match", "read_reply"])
def test_a_mail_nobody_thought_of_is_kept_in_the_tray_and_the_others_come_in(
    office: Office, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    enquiry = office.logged_and_sent()
    office.reply(enquiry, "UNTHOUGHT OF")
    office.reply(enquiry, DONE)
    module = collecting if part == "read_mail" else keeping
    usual = getattr(module, part)

    def stumbles(mail: object, *args: object, **more: object) -> object:
        if "UNTHOUGHT" in str(mail if isinstance(mail, bytes) else getattr(mail, "reply_text", "")):
            raise OverflowError("date value out of range")
        return usual(mail, *args, **more)

    monkeypatch.setattr(module, part, stumbles)
    collected = office.collect()
    assert (collected.read, collected.new, collected.tray, collected.filed) == (2, 2, 1, 1)
    (kept,) = [mail for mail in mails(office) if mail.place is MailPlace.TRAY]
    assert "OverflowError" in kept.defects[-1]
    with office.app.store.reading() as tx:
        assert b"UNTHOUGHT" in tx.original(kept.original)
    assert office.collect(office.inbox).known == 2


def test_a_bounce_marks_our_mail_as_not_delivered(office: Office) -> None:
    enquiry = office.logged_and_sent()
    sent = office.sent_mail(enquiry)
    bounce = (
        "From: MAILER-DAEMON@example.org\nTo: member.enquiries@example.org\nSubject: Undeliverable\n"
        "Date: Mon, 16 Nov 2026 11:00:00 +0000\nMessage-ID: <bounce@example.org>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nYour mail was not delivered.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\nAction: failed\n\n"
        f"--b\nContent-Type: message/rfc822\n\nMessage-ID: {sent.message_id}\nSubject: {sent.subject}\n\nText\n--b--\n"
    )
    (office.inbox / "bounce.eml").write_text(bounce)
    assert office.collect().automatic == 1
    assert office.sent_mail(enquiry).state is OutgoingState.BOUNCED
    assert mails(office)[0].enquiry_id == enquiry.id


def test_a_mail_filed_by_hand_proposes_and_can_be_taken_back(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(enquiry, DONE, sender="someone@elsewhere.example.net")
    office.collect()
    (mail,) = mails(office)
    file_by_hand(office.app, mail.id, enquiry.id)
    assert suggestions(office)[0].proposal is Proposal.ANSWER
    unfile_by_hand(office.app, mail.id)
    (mail,) = mails(office)
    assert (mail.place, mail.enquiry_id, mail.unfiled_from) == (MailPlace.TRAY, None, (enquiry.id,))
    assert suggestions(office)[0].state is SuggestionState.DISMISSED
    file_by_hand(office.app, mail.id, enquiry.id)
    assert [found.state for found in suggestions(office)].count(SuggestionState.OPEN) == 1


def test_a_mail_whose_proposal_was_accepted_is_not_taken_away(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.clock.forward(hours=1)
    office.reply(enquiry, DONE)
    office.collect()
    accept_suggestion(office.app, suggestions(office)[0].id, Accepting())
    with pytest.raises(NotAllowed):
        unfile_by_hand(office.app, mails(office)[0].id)
    assert mails(office)[0].enquiry_id == enquiry.id


def test_an_unknown_mail_is_refused_with_advice(office: Office) -> None:
    with pytest.raises(NotFound) as refused:
        unfile_by_hand(office.app, "nothing")
    assert refused.value.advice


def test_the_original_bytes_of_a_broken_message_are_kept(office: Office) -> None:
    raw = b"From: x@example.org\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n\xff\xfe\x00 broken"
    (office.inbox / "broken.eml").write_bytes(raw)
    assert office.collect().new == 1
    with office.app.store.reading() as tx:
        assert tx.original(mails(office)[0].original) == raw


def test_what_was_read_before_is_not_read_again_until_something_new_comes(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(enquiry, DONE)
    assert office.collect().read == 1
    assert office.collect().read == 0


def test_mail_from_the_resident_proposes_no_answer(office: Office) -> None:
    from member_tracker.services.editing import edit_enquiry

    enquiry = office.logged_and_sent()
    edit_enquiry(office.app, enquiry.id, ["resident_email=ned.barlow@example.org"])
    office.reply(enquiry, "Has the gutter been repaired yet? I have heard nothing.", sender="ned.barlow@example.org")
    assert office.collect().filed == 1
    assert suggestions(office)[0].proposal in (Proposal.CHASING, Proposal.NEW_INFORMATION)


def test_a_path_that_is_not_there_is_refused(office: Office, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        office.collect(tmp_path / "nowhere")


def test_nothing_of_the_resident_stands_in_the_subject_of_a_sent_mail(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with office.app.store.reading() as tx:
        (sent,) = tx.every(QueuedMail, enquiry_id=enquiry.id)
    assert "Barlow" not in sent.subject
    assert sent.subject.endswith(f"[{enquiry.reference}]")


def test_another_message_under_a_known_message_id_is_kept_beside_it(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(enquiry, DONE, message_id="<same@example.org>")
    office.collect()
    office.reply(enquiry, "Something quite different.", message_id="<same@example.org>")
    collected = office.collect()
    assert collected.known == 1
    assert "Another message" in collected.notices[0]
    assert office.collect(office.inbox).notices == []
    (mail,) = mails(office)
    assert len(mail.other_originals) == 1
    with office.app.store.reading() as tx:
        assert b"quite different" in tx.original(mail.other_originals[0])


@pytest.mark.parametrize("form", ["folder", "file", "mbox", "maildir"])
def test_mail_comes_from_a_folder_a_file_an_mbox_or_a_maildir_alike(office: Office, tmp_path: Path, form: str) -> None:
    enquiry = office.logged_and_sent()
    raw = (office.inbox / office.reply(enquiry, DONE)).read_bytes()
    for folder in ("folder", "maildir/cur", "maildir/new", "maildir/tmp"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "folder" / "one.eml").write_bytes(raw)
    (tmp_path / "file").write_bytes(raw)
    (tmp_path / "mbox").write_bytes(b"From housing@chorley.example.org Mon Nov 16 10:00:00 2026\n" + raw + b"\n")
    (tmp_path / "maildir" / "new" / "1234.host").write_bytes(raw)
    (tmp_path / "maildir" / "tmp" / "5678.host").write_bytes(b"From: half@example.org\n\nhalf")
    assert office.collect(tmp_path / form).filed == 1
    assert office.collect().known == 1


def test_two_processes_that_collect_at_once_keep_each_mail_once(office: Office) -> None:
    enquiry = office.logged_and_sent()
    for _ in range(20):
        office.reply(enquiry, DONE)
    code = "import sys; from member_tracker.cli import main; sys.exit(main(sys.argv[1:]))"
    place = ["--from", str(office.inbox), "--profile", str(office.parts.profile.folder), "--json"]
    command = [sys.executable, "-c", code, "mail", "collect", *place]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    said = [json.loads(one.communicate(timeout=60)[0]) for one in both]
    assert sorted((one["new"], one["known"]) for one in said) == [(0, 20), (20, 0)]
    assert len(mails(office)) == len(suggestions(office)) == 20


def test_an_empty_folder_brings_nothing(office: Office, tmp_path: Path) -> None:
    nothing = dict.fromkeys(("read", "new", "known", "filed", "tray", "automatic", "refused"), 0)
    (tmp_path / "empty").mkdir()
    assert office.collect(tmp_path / "empty").as_json() == nothing


def test_a_mail_goes_in_and_out_of_the_tray_as_often_as_somebody_likes(office: Office) -> None:
    enquiry, other = office.logged_and_sent(), office.logged_and_sent()
    office.reply(enquiry, DONE)
    office.collect()
    (mail,) = mails(office)
    for _ in range(3):
        unfile_by_hand(office.app, mail.id)
        file_by_hand(office.app, mail.id, other.id)
        unfile_by_hand(office.app, mail.id.upper())
        file_by_hand(office.app, mail.id, enquiry.id)
        with pytest.raises(NotAllowed, match="filed already"):
            file_by_hand(office.app, mail.id, other.id)
    (mail,) = mails(office)
    assert (mail.enquiry_id, set(mail.unfiled_from)) == (enquiry.id, {enquiry.id, other.id})
    waiting = [found for found in suggestions(office) if found.state is SuggestionState.OPEN]
    assert [found.enquiry_id for found in waiting] == [enquiry.id]
    assert office.collect(office.inbox).known == 1


def test_an_attachments_bytes_are_kept_once_under_their_checksum(office: Office) -> None:
    enquiry = office.logged_and_sent()
    photograph = b"\x89PNG made-up picture of a wet wall"
    headers = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n'
    encoded = base64.b64encode(photograph).decode()
    text = (
        f"--b\nContent-Type: text/plain\n\n{DONE}\n--b\nContent-Type: image/png\n"
        'Content-Disposition: attachment; filename="../wall.png"\n'
        f"Content-Transfer-Encoding: base64\n\n{encoded}\n--b--\n"
    )
    office.reply(enquiry, text, headers=headers)
    office.collect()
    (kept,) = mails(office)[0].attachments
    assert kept.name == "wall.png"
    with office.app.store.reading() as tx:
        assert tx.original(kept.sha256) == photograph


def test_an_enquiry_whose_mail_came_back_needs_attention(office: Office) -> None:
    from dataclasses import replace

    from member_tracker.services.lists import listed, wanted

    enquiry = office.logged_and_sent()
    assert listed(office.app, wanted(office.app, needs_attention=True)) == []
    with office.app.store.writing(author=None) as tx:
        tx.save(replace(office.sent_mail(enquiry), state=OutgoingState.BOUNCED))
    (row,) = listed(office.app, wanted(office.app, needs_attention=True))
    assert row["reference"] == enquiry.reference
