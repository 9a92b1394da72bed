"""A letter is made where the council's setting has one, says only what may be said, and is kept whole or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, Unavailable
from member_tracker.domain.people import Council, Resident
from member_tracker.domain.vocabulary import Channel, Status
from member_tracker.domain.writing import Wanted, Writing, Written
from member_tracker.services.composing import begin, text_as_told
from member_tracker.services.enquiries import add_note
from member_tracker.services.printed_letters import MOST_SIDES, keep_letter, letter_to_resident, must_fit
from tests.fakes.office import Office


def written(office: Office, enquiry: Enquiry, **resident: object) -> Written:
    with office.app.store.writing(author=None) as tx:
        tx.save(replace(tx.get(Resident, enquiry.resident_id), **resident))  # type: ignore[arg-type] # any field
    blank = begin(office.app, Wanted(enquiry_id=enquiry.id, writing=Writing.UPDATE))
    return replace(blank.written, template="update", body="Dear Ned,\n\nIt is mended.")


def test_the_letter_has_its_addresses_day_reference_and_sign_off_and_no_note(office: Office) -> None:
    enquiry = office.logged_and_sent()
    add_note(office.app, enquiry.id, "N0TE")
    said = written(office, enquiry, address="2 Mill Lane, Chorley\nPR7 1AA")
    letter = letter_to_resident(office.app, said)
    assert letter.recipient == ("Ned Barlow", "2 Mill Lane", "Chorley", "PR7 1AA")
    assert letter.sender[0] == "Chorley"
    assert letter.sender[-1] == "01632 960100"
    assert letter.postage == "Second class"
    assert letter.file_name == f"{enquiry.reference}.pdf"
    assert letter.paragraphs[:2] == ("Dear Ned,", "It is mended.")
    assert letter.paragraphs[-1] == f"Please keep this reference: {enquiry.reference}"
    assert letter.body.startswith(text_as_told(office.app, said).strip())
    assert "N0TE" not in repr(letter)


def test_a_letter_is_posted_only_where_the_councils_setting_has_one(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with_email = {"address": "2 Mill Lane", "email": "ned.barlow@example.org", "preferred_channel": Channel.LETTER}
    said = written(office, enquiry, **with_email)
    with pytest.raises(NotAllowed, match="an email address is held"):
        letter_to_resident(office.app, said)
    with office.app.store.writing(author=None) as tx:
        tx.save(replace(tx.get(Council, enquiry.council_id), letters="preferred"))
    assert letter_to_resident(office.app, said).recipient
    said = written(office, enquiry, address=None, email=None)
    with pytest.raises(NotAllowed, match="No address"):
        letter_to_resident(office.app, said)


def test_two_sides_are_printed_and_three_are_not() -> None:
    must_fit(MOST_SIDES)
    with pytest.raises(NotAllowed, match="takes 3 sides"):
        must_fit(3)


def test_the_file_is_written_and_the_resident_told_or_neither(office: Office, tmp_path: Path) -> None:
    enquiry = office.logged_and_sent()
    said = written(office, enquiry, address="2 Mill Lane")
    with pytest.raises(Unavailable):
        keep_letter(office.app, said, tmp_path / "missing" / "letter.pdf", b"%PDF")
    assert office.read(enquiry).told_at is None
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"an older one")
    keep_letter(office.app, said, file, b"%PDF")
    assert file.read_bytes() == b"%PDF"
    assert office.read(enquiry).told_at is not None
    assert office.read(enquiry).status is Status.WITH_SERVICE_AREA
