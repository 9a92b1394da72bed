"""F1 helps with the page that is shown, and the keys it names are those of the menus."""

import pytest
from PySide6.QtWidgets import QPlainTextEdit, QTableView

from member_tracker.shipped import shipped
from tests.ui.checks import shortcomings
from tests.ui.walking import named, words_of
from ui.app import Running
from ui.help.keys import keys_of
from ui.help.page import KeysPage
from ui.help_text import help_reader, page_help, shown_page
from ui.page_table import PAGES
from ui.picture import settle
from ui.widgets.reader import Reader


def help_of(running: Running) -> tuple[str, str]:
    """The heading and text of the help that F1 opens now."""
    running.window.menus.help.trigger()
    reader = running.window.findChildren(Reader)[-1]
    said = words_of(reader, "readerHeading"), named(reader, QPlainTextEdit, "readerText").toPlainText()
    reader.close()
    settle(running.desk.jobs)
    return said


def test_help_is_for_the_page_that_is_shown(running: Running) -> None:
    heading, text = help_of(running)
    assert heading == "Today"
    assert text.startswith("What needs you now")
    running.window.log()
    settle(running.desk.jobs)
    heading, text = help_of(running)
    assert heading == "Log an enquiry"
    assert "Dates may be typed as you say them" in text
    assert "Ctrl+S:  Save\n" in text
    assert "How it works" in text


def test_every_page_of_the_program_has_help_of_its_own(running: Running) -> None:
    lacking = []
    for line in PAGES:
        running.window.show_page(line.name)
        page = shown_page(running.window)
        assert page is not None
        if not page_help(page.objectName())[1]:
            lacking.append(page.objectName())
    settle(running.desk.jobs)
    assert lacking == []


@pytest.mark.parametrize("name", ["welcomePage", "councilPage", "passphrasePage"])
def test_the_pages_of_a_first_start_have_help(name: str) -> None:
    assert page_help(name)[1]


def test_each_help_is_a_heading_and_short_paragraphs() -> None:
    for file in shipped("help").iterdir():
        heading, said = page_help(file.name.removesuffix(".txt"))
        assert len(heading) < 40
        assert 60 < len(said) < 1_600


def test_before_a_page_is_there_help_says_how_it_works(running: Running) -> None:
    assert page_help("")[0] == "How Member Tracker works"
    assert page_help("noSuchPage")[0] == "How Member Tracker works"
    assert help_reader(running.window).windowTitle() == "Help: Today"


def test_the_shortcuts_are_the_menus_own(running: Running) -> None:
    running.window.menus.log.setShortcut("Ctrl+Alt+N")
    running.window.show_page("keys")
    settle(running.desk.jobs)
    page = named(running.window, KeysPage, "keysPage")
    model = named(page, QTableView, "keysTable").model()
    shown = {model.index(row, 0).data(): model.index(row, 2).data() for row in range(model.rowCount())}
    assert shown["Ctrl+Alt+N"] == "Log an enquiry"
    assert "Ctrl+N" not in shown
    assert shown["Shift+F1"] == "Keyboard shortcuts"
    assert len(shown) == len({key.keys for key in keys_of(running.window)})
    assert shortcomings(running.window) == {}


def test_no_two_deeds_have_the_same_keys(running: Running) -> None:
    keys = [key.keys for key in keys_of(running.window)]
    assert sorted(keys) == sorted(set(keys))
