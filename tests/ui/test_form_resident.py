"""Whom an enquiry is for: a record that somebody else's casework has already is pointed out before one more is made."""

from PySide6.QtWidgets import QComboBox

from tests.ui.test_form import write
from tests.ui.walking import named, words_of
from ui.app import Running
from ui.enquiries.form import LogForm
from ui.picture import settle


def test_a_resident_of_another_councillors_is_pointed_out_before_a_second_record_is_made(running: Running) -> None:
    running.window.log()
    settle(running.desk.jobs)
    form = named(running.window, LogForm, "logForm")
    named(form, QComboBox, "councillorField").setCurrentText("Cllr Priya Marsden")
    settle(running.desk.jobs)
    write(form, "residentField", "Gethin Rowlands")
    settle(running.desk.jobs)
    said = words_of(form, "residentStanding")
    assert said.startswith("New here: a record is made for them. Somebody of that name is in the casework of Cllr Siân")
    assert "choose that councillor" in said
    named(form, QComboBox, "councillorField").setCurrentText("Cllr Siân Ó Briain")
    settle(running.desk.jobs)
    assert words_of(form, "residentStanding").startswith("Known.")
