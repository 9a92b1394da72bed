"""The wording of a council: shipped, changed, refused with the original kept, and every change told with its author."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.people import Councillor
from member_tracker.domain.templates import NAMES, Template, Use
from member_tracker.services.parts import the_council
from member_tracker.services.printed_letters import PrintedLetter
from member_tracker.services.template_reading import BadTemplate
from member_tracker.services.wording import (
    EXAMPLE,
    drop_template,
    save_sign_off,
    save_template,
    shipped_text,
    sign_off_of,
    templates_of,
    try_sign_off,
    try_template,
    wording,
)
from member_tracker.store.shapes import shape_of
from tests.fakes.office import Office

GOLDEN = Path(__file__).parents[1] / "golden" / "mails"


def golden(name: str) -> str:
    """What a person agreed to read."""
    return (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def template(office: Office, id_: str) -> Template:
    return next(each for each in wording(office.app).templates if each.id == id_)


@pytest.mark.parametrize("name", [*(use.value for use in Use), "sign_off"])
def test_each_shipped_wording_reads_as_agreed(name: str) -> None:
    made = try_sign_off(shipped_text(name)) if name == "sign_off" else try_template(shipped_text(name), Use(name))
    assert made == golden(name)


def test_a_letter_reads_as_agreed() -> None:
    letter = PrintedLetter(
        reference=EXAMPLE["enquiry.reference"],
        sender=("Example Council", "Town Hall", "Example", "01632 960000"),
        recipient=("Robin Resident", "1 Sample Street", "Example"),
        day=EXAMPLE["today"],
        body=try_template(shipped_text("answer"), Use.ANSWER) + "\n" + try_sign_off(shipped_text("sign_off")),
    )
    parts = ("\n".join(letter.sender), letter.postage, "\n".join(letter.recipient), letter.day, *letter.paragraphs)
    made = "\n\n".join(parts) + f"\n\n[{letter.file_name}]\n"
    assert made == golden("letter")


def test_the_example_names_nothing_that_is_not_listed() -> None:
    assert set(EXAMPLE) <= set(NAMES)


def test_the_councils_own_wording_stands_in_for_the_shipped_one_until_it_goes_back(office: Office) -> None:
    changed = replace(template(office, "chase"), text="Dear {{ area.name }}, how does it stand?")
    save_template(office.app, changed)
    assert template(office, "chase").is_own
    assert template(office, "chase").text == changed.text
    drop_template(office.app, "chase")
    assert template(office, "chase").text == shipped_text("chase")
    assert not template(office, "chase").is_own


def test_saving_the_shipped_words_again_leaves_nothing_of_its_own(office: Office) -> None:
    save_template(office.app, replace(template(office, "chase"), text="Hello"))
    save_template(office.app, replace(template(office, "chase"), text=shipped_text("chase")))
    with office.app.store.reading() as tx:
        assert the_council(tx).templates == ()


def test_a_bad_template_is_refused_with_its_line_and_what_was_there_stays(office: Office) -> None:
    good = replace(template(office, "update"), text="Dear {{ resident.name }}")
    save_template(office.app, good)
    with pytest.raises(BadTemplate, match=r"^Line 2: "):
        save_template(office.app, replace(good, text="Dear\n{{ resident.nme }}"))
    with pytest.raises(BadTemplate, match="must say"):
        save_template(office.app, replace(template(office, "acknowledgement"), text="Thank you."))
    assert template(office, "update").text == good.text


def test_one_more_template_has_a_name_of_its_own_and_can_be_chosen(office: Office) -> None:
    new = Template(id="", name="  Second   chaser ", use=Use.CHASE, text="Please answer.")
    save_template(office.app, new)
    with pytest.raises(NotAllowed, match="already"):
        save_template(office.app, replace(new, name="second chaser"))
    with pytest.raises(Invalid, match="no name"):
        save_template(office.app, replace(new, name=" "))
    with office.app.store.reading() as tx:
        names = [each.name for each in templates_of(the_council(tx), (Use.CHASE,))]
    assert names == [Use.CHASE.words, "Second chaser"]


@pytest.mark.parametrize(
    "text", ["", "  \n", "a\n" * 13, "{{ resident.name }}", "{{ enquiry.text }}", "{{ answer }}", "{{ x }}", "{% if"]
)
def test_a_sign_off_that_would_not_do_is_refused_and_the_old_one_stays(office: Office, text: str) -> None:
    before = wording(office.app).sign_off
    with pytest.raises(Invalid):
        save_sign_off(office.app, text)
    assert wording(office.app).sign_off == before
    assert not wording(office.app).sign_off_is_own


def test_every_change_is_told_with_its_author_newest_first(office: Office) -> None:
    with office.app.store.writing(author=None) as tx:
        (councillor,) = tx.every(Councillor)
        tx.set_local("me", councillor.id)
    save_sign_off(office.app, "Yours, {{ council.name }}")
    save_template(office.app, replace(template(office, "chase"), text="Hello"))
    changes = wording(office.app).changes
    assert [change.what for change in changes] == ["Templates", "Sign-off"]
    assert [change.by for change in changes] == ["Cllr Vera Quill"] * 2
    assert changes[0].at >= changes[1].at


def test_the_wording_is_part_of_what_reaches_every_computer(office: Office) -> None:
    save_sign_off(office.app, "Yours, {{ council.name }}")
    save_template(office.app, Template(id="", name="Second chaser", use=Use.CHASE, text="Please answer."))
    with office.app.store.reading() as tx:
        council = the_council(tx)
        plain = json.loads(json.dumps(shape_of(type(council)).every_plain(council)))
        back = shape_of(type(council)).with_plain(replace(council, sign_off=None, templates=()), plain)
    assert back == council
    assert sign_off_of(back, {"council.name": "Chorley"}) == "Yours, Chorley\n"
