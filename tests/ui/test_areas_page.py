"""Service areas in the settings: added, changed, retired, undone; at a hub by those alone whom it lets."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QTableView, QWidget

from member_tracker.app import App
from member_tracker.domain.errors import Unavailable
from member_tracker.services.office_records import Rows
from member_tracker.services.service_areas import AreaSaid, keep_office_area, office_areas
from tests.ui.checks import shortcomings
from tests.ui.exchange import Exchange, alt, focused, in_front, settled
from tests.ui.hub import belong_to_a_hub
from tests.ui.walking import named, press, words_of
from ui.app import Running
from ui.deeds import Deed
from ui.settings import areas as page


@pytest.fixture
def shown(running: Running) -> Running:
    """The page, come to by keyboard."""
    in_front(running)
    QTest.keyClick(running.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    alt(running, "a")
    settled(running)
    return running


def cells(running: Running, column: int = 0) -> list[str]:
    model = named(running.window, QTableView, "areaList").model()
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def wrong(running: Running) -> tuple[str, str]:
    return named(running.window, QPushButton, "areaErrorsLink0").text(), words_of(running.window, "areaErrorsAdvice0")


def go_to(running: Running, name: str) -> None:
    view = named(running.window, QTableView, "areaList")
    view.setFocus()
    view.setCurrentIndex(view.model().index(cells(running).index(name), 0))


def field(running: Running, name: str) -> QLineEdit:
    return named(running.window, QLineEdit, f"area{name}")


def addresses(running: Running) -> QPlainTextEdit:
    return named(running.window, QPlainTextEdit, "areaAddresses")


def save(running: Running) -> None:
    alt(running, "s")
    settled(running)


def undo(running: Running) -> None:
    running.window.menus.deeds[Deed.UNDO].trigger()
    settled(running)


def change_housing(running: Running, **said: object) -> None:
    """Somebody else changes Housing."""

    def change(app: App) -> object:
        housing = next(row for row in office_areas(app).rows if row.said.name == "Housing")
        return keep_office_area(app, replace(housing.said, **said), before=housing)  # type: ignore[arg-type]  # by name

    running.desk.ask(change, owner=running.window)
    settled(running)


def test_an_area_is_added_by_keyboard_alone_and_the_form_offers_it(shown: Running) -> None:
    assert focused() is named(shown.window, QTableView, "areaList")
    assert shortcomings(shown.window) == {}
    alt(shown, "a")
    assert focused() is field(shown, "Name")
    QTest.keyClicks(focused(), "Parks")
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert focused() is addresses(shown)
    QTest.keyClicks(focused(), "parks@example.org")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    QTest.keyClicks(focused(), "trees@example.org")
    QTest.keyClick(focused(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settled(shown)
    assert words_of(shown.window, "areaSaid") == "“Parks” was saved."
    assert words_of(shown.window, "areaHeading") == "Parks"
    assert cells(shown, 1)[cells(shown).index("Parks")] == "parks@example.org, trees@example.org"
    shown.window.log()
    settled(shown)
    areas = named(shown.window, QComboBox, "areaField")
    assert "Parks" in [areas.itemText(number) for number in range(areas.count())]


def test_an_address_is_changed_and_ctrl_z_brings_the_old_one_back(shown: Running) -> None:
    go_to(shown, "Housing")
    old = addresses(shown).toPlainText()
    addresses(shown).setPlainText("repairs@example.org")
    field(shown, "Head").setText("Rosa Villiers")
    save(shown)
    assert words_of(shown.window, "areaSaid") == "“Housing” was saved. Ctrl+Z undoes it."
    assert focused() is named(shown.window, QTableView, "areaList")
    QTest.keyClick(focused(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(shown)
    assert words_of(shown.window, "areaSaid") == "Undone: “Housing” is as it was."
    assert (addresses(shown).toPlainText(), field(shown, "Head").text()) == (old, "")
    undo(shown)
    assert shown.window.status.words == Deed.UNDO.value.sorry


def test_what_is_typed_after_saving_is_there_still_when_the_saving_is_undone(shown: Running) -> None:
    go_to(shown, "Housing")
    field(shown, "Name").setText("Homes")
    save(shown)
    field(shown, "Number").setText("01257 515151")
    undo(shown)
    assert "Housing" in cells(shown)
    assert field(shown, "Number").text() == "01257 515151"
    assert words_of(shown.window, "areaHeading") == "Housing (not saved yet)"


def test_an_area_is_retired_and_brought_back(shown: Running) -> None:
    go_to(shown, "Housing")
    alt(shown, "r")
    settled(shown)
    assert (cells(shown)[-1], cells(shown, 2)[-1]) == ("Housing", "Retired")
    assert words_of(shown.window, "areaSaid").startswith("“Housing” is retired: it takes no mail.")
    assert named(shown.window, QPushButton, "areaRetire").text() == "B&ring it back"
    assert shortcomings(shown.window) == {}
    alt(shown, "r")
    settled(shown)
    assert "Retired" not in cells(shown, 2)


def test_what_was_written_for_one_is_there_after_others_were_looked_at(shown: Running) -> None:
    go_to(shown, "Housing")
    field(shown, "Name").setText("Homes")
    alt(shown, "a")
    field(shown, "Name").setText("Parks")
    go_to(shown, "Planning")
    assert field(shown, "Name").text() == "Planning"
    go_to(shown, "Housing")
    assert field(shown, "Name").text() == "Homes"
    assert words_of(shown.window, "areaHeading") == "Housing (not saved yet)"
    press(shown.window, "areaSave")
    settled(shown)
    assert "Homes" in cells(shown)
    alt(shown, "a")
    assert field(shown, "Name").text() == "Parks"


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(shown: Running) -> None:
    alt(shown, "a")
    save(shown)
    assert wrong(shown) == ("The service area has no name.", "Type the name as it should be shown.")
    QTest.mouseClick(named(shown.window, QPushButton, "areaErrorsLink0"), Qt.MouseButton.LeftButton)
    assert focused() is field(shown, "Name")
    QTest.keyClicks(field(shown, "Name"), "housing")
    addresses(shown).setPlainText("repairs")
    save(shown)
    assert "called Housing already" in wrong(shown)[0]
    field(shown, "Name").setText("Homes")
    save(shown)
    assert wrong(shown)[0] == "“repairs” is not an email address."
    press(shown.window, "areaErrorsLink0")
    assert focused() is addresses(shown)
    assert (field(shown, "Name").text(), addresses(shown).toPlainText()) == ("Homes", "repairs")
    assert "Homes" not in cells(shown)


def test_what_others_changed_meanwhile_is_shown_and_not_written_over(shown: Running) -> None:
    go_to(shown, "Housing")
    field(shown, "Name").setText("Homes")
    change_housing(shown, head_of_service="Rosa Villiers")
    assert field(shown, "Name").text() == "Homes"
    save(shown)
    assert "changed by somebody else" in wrong(shown)[0]
    assert field(shown, "Name").text() == "Homes"
    go_to(shown, "Planning")
    go_to(shown, "Housing")
    assert field(shown, "Head").text() == "Rosa Villiers"
    change_housing(shown, direct_number="01257 515151")
    assert field(shown, "Number").text() == "01257 515151"


def test_at_a_hub_a_councillor_reads_them_and_is_told_who_changes_them(shown: Running) -> None:
    belong_to_a_hub(shown)
    page_shown(shown).refresh()
    settled(shown)
    assert "your account may not change them" in words_of(shown.window, "areaNote")
    for name in ("areaSave", "areaAdd", "areaRetire"):
        assert not named(shown.window, QPushButton, name).isVisible()
    assert field(shown, "Name").isReadOnly()
    assert addresses(shown).isReadOnly()
    assert shortcomings(shown.window) == {}
    shown.window.menus.deeds[Deed.SAVE].trigger()
    assert shown.window.status.words == Deed.SAVE.value.sorry


def test_made_up_addresses_are_named_until_they_are_replaced(shown: Running, exchange: Exchange) -> None:
    del exchange
    assert not named(shown.window, QWidget, "areaNote").isVisible(), "practice data have no others"
    page_shown(shown).refresh()
    settled(shown)
    assert "Housing" in words_of(shown.window, "areaNote")
    go_to(shown, "Housing")
    addresses(shown).setPlainText("housing@council.example.com")
    save(shown)
    assert "Housing" not in words_of(shown.window, "areaNote")
    assert "Planning" in words_of(shown.window, "areaNote")


def test_a_council_without_areas_has_the_form_and_a_store_that_cannot_be_read_says_so(
    shown: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_app: App) -> Rows[AreaSaid]:
        return Rows(rows=())

    monkeypatch.setattr(page, "office_areas", none)
    page_shown(shown).refresh()
    settled(shown)
    assert not named(shown.window, QTableView, "areaList").isVisible()
    assert words_of(shown.window, "areaHeading") == "A new service area"
    assert field(shown, "Name").text() == ""

    def broken(_app: App) -> Rows[AreaSaid]:
        raise Unavailable("The casework cannot be read.", advice="Start Member Tracker again.")

    monkeypatch.setattr(page, "office_areas", broken)
    page_shown(shown).refresh()
    settled(shown)
    assert "cannot be read" in words_of(shown.window, "bannerTitle")


def page_shown(running: Running) -> page.AreasPage:
    return running.window.findChildren(page.AreasPage)[0]
