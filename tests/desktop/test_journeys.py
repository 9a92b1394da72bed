"""What a councillor does in a day, in the real program on a real screen, by keyboard alone, its results read back."""

import email
from email.message import Message
from pathlib import Path

import pytest

from member_tracker.domain.vocabulary import Status
from tests.desktop import names
from tests.desktop.casework import COUNCILLOR, PASSPHRASE, TO_ACCEPT, TO_CLOSE, TO_FILE, TO_SEND, TO_TELL, Told
from tests.desktop.conftest import Opens, unlock
from tests.desktop.program import Part, Program
from tests.desktop.screen import wait_for

pytestmark = pytest.mark.desktop


def test_a_council_is_set_up_at_the_first_start(opens: Opens, home: dict[str, str]) -> None:
    with opens() as program:
        program.press(names.SET_UP_COUNCIL)
        program.wait_focus(names.COUNCIL)
        program.choose(names.COUNCIL, "Chorley")
        program.fill(names.MY_NAME, COUNCILLOR)
        program.press(names.SET_IT_UP)
        program.fill(names.NEW_PASSPHRASE, PASSPHRASE)
        program.fill(names.AGAIN, PASSPHRASE)
        program.press(names.USE_PASSPHRASE)
        program.read("Today,")
        program.read("No enquiry is open.")
    assert (Path(home["XDG_DATA_HOME"]) / "MemberTracker" / "own" / "tracker.db").exists()


def test_practice_data_is_opened_with_one_key_at_the_first_start(opens: Opens) -> None:
    with opens() as program:
        program.wait_focus(names.PRACTISE)
        program.keys("space")
        program.read("Practice data")
        assert program.windows()[0].name.endswith("Member Tracker: practice data")


def test_an_enquiry_is_logged(program: Program) -> None:
    program.keys("ctrl+n")
    program.wait_focus(names.RESIDENT)
    assert program.find(names.COUNCILLOR).name == COUNCILLOR
    fill_form(program)
    program.read("Answer due by")
    program.press(names.SAVE)
    program.read("Cold radiators")
    status(program, Status.DRAFT)
    program.keys("Escape")
    assert program.wait_rows(names.ENQUIRIES, "Cold radiators").count > 1


def test_an_enquiry_is_found_by_a_word_of_its_text(program: Program) -> None:
    program.keys("ctrl+f")
    program.wait_focus(names.FIND)
    program.screen.type("mould")
    found = program.wait_rows(names.FOUND, TO_ACCEPT.subject)
    assert found.count == 1
    assert found.current == 0, "a screen reader is nowhere in a table without a current row"
    program.keys("Return")
    program.wait_focus(names.FOUND)
    program.keys("Return")
    program.read(TO_ACCEPT.text)


def test_an_enquiry_is_sent(program: Program, own: Path) -> None:
    before = len(sent(own))
    show(program, TO_SEND)
    status(program, Status.DRAFT)
    write_and_send(program)
    status(program, Status.WAITING_TO_SEND)
    status(program, Status.WITH_SERVICE_AREA)
    wait_for(lambda: len(sent(own)) > before, "the mail")
    (mail,) = [mail for mail in sent(own) if TO_SEND.subject in str(mail["Subject"])]
    assert "@" in str(mail["To"])
    assert TO_SEND.resident not in str(mail["Subject"])


def test_a_mail_is_taken_back_before_it_goes(program: Program, own: Path) -> None:
    before = len(sent(own))
    show(program, TO_SEND)
    write_and_send(program)
    program.press(names.TAKE_BACK)
    assert TO_SEND.text in program.find(names.TEXT).text, "what was written is there still"
    program.keys("Escape")
    status(program, Status.DRAFT)
    assert len(sent(own)) == before


def test_a_mail_nobody_could_place_is_filed(program: Program) -> None:
    program.keys("ctrl+5")
    program.wait_rows(names.TRAY, "Lamp at the corner")
    program.press(names.FILE_WITH)
    program.read("No mail waits to be placed")
    show(program, TO_FILE)
    program.read("Joan Pilling")


def test_a_suggestion_is_accepted_with_one_key(program: Program) -> None:
    show(program, TO_ACCEPT)
    program.read("It looks like an answer")
    status(program, Status.WITH_SERVICE_AREA)
    program.find(names.ACCEPT_ANSWER)
    program.keys("alt+a")
    status(program, Status.ANSWERED)


def test_a_resident_is_told(program: Program) -> None:
    show(program, TO_TELL)
    status(program, Status.ANSWERED)
    program.press(names.TELL)
    program.wait_focus(names.TEXT)
    assert "road was closed" in program.find(names.TEXT).text, "the officer's answer is there to begin from"
    program.fill(names.TEXT, "Your badge is in the post.")
    program.press(names.KEEP_AS_TOLD)
    status(program, Status.RESIDENT_TOLD)
    program.read("Your badge is in the post.")


def test_a_close_is_undone(program: Program) -> None:
    show(program, TO_CLOSE)
    status(program, Status.WITH_SERVICE_AREA)
    program.keys("alt+e")
    go_down_to(program, "Close the enquiry…")
    program.keys("Return")
    program.wait_focus(names.REASON)
    program.fill(names.REASON, "The fence was taken down.")
    program.press(names.CLOSE_IT)
    status(program, Status.CLOSED)
    program.keys("ctrl+z")
    status(program, Status.WITH_SERVICE_AREA)


def test_the_colours_are_changed_and_stay_so(own: Path, opens: Opens) -> None:
    assert own.is_dir()
    with opens() as program:
        unlock(program)
        choose_dark(program)
        program.keys("Return")
    with opens() as program:
        unlock(program)
        assert "checked" in choose_dark(program)
        program.keys("Escape", "Escape", "Escape")


# --- steps ------------------------------------------------------------------------------------------------------------


def fill_form(program: Program) -> None:
    """Fill in the form from top to bottom."""
    program.fill(names.RESIDENT, "Tamsin Ferreira")
    program.choose(names.AREA, "Housing")
    program.fill(names.SUBJECT, "Cold radiators")
    program.fill(names.QUESTION, "No heat since Monday.")


def write_and_send(program: Program) -> None:
    """Have the mail written, read what leaves, and agree."""
    program.press(names.SEND)
    program.wait_focus(names.TEXT)
    program.press(names.SEND)
    program.wait_focus(names.WHAT_IT_SAYS)
    program.press(names.SEND_IT)


def show(program: Program, told: Told) -> None:
    """Find an enquiry by its subject, and have it shown."""
    program.keys("ctrl+f")
    program.wait_focus(names.FIND)
    program.keys("ctrl+a")
    program.screen.type(told.subject)
    program.wait_rows(names.FOUND, told.subject)
    program.keys("Return")
    program.wait_focus(names.FOUND)
    program.keys("Return")
    program.find(Part(role="label", called=told.subject))
    program.read(f"For {told.resident}")


def status(program: Program, wanted: Status) -> None:
    """The head of the enquiry says that it stands there."""
    program.find(Part(role="label", called=wanted.words))


def choose_dark(program: Program) -> frozenset[str]:
    """Go to the dark colours in the menus, and say in what state the entry is."""
    program.keys("alt+v")
    go_down_to(program, "Colours")
    program.keys("Right")
    go_down_to(program, "Dark")
    return program.find(Part(role="menu item", called="Dark")).states


def go_down_to(program: Program, entry: str) -> None:
    """Go down an open menu to an entry."""
    wait_for(lambda: program.shows(Part(role="menu item", called=entry)), f"the menu with {entry}")
    for _entry in range(40):
        here = program.focused()
        if here is not None and here.name == entry:
            return
        program.keys("Down")
    raise AssertionError(f"the menu has no entry {entry} that can be chosen")


def sent(own: Path) -> list[Message]:
    """Every mail that went out."""
    return [email.message_from_bytes(file.read_bytes()) for file in own.rglob("*.eml") if "outbox" in file.parts]
