"""Saving the list that is shown, and one enquiry as a pack."""

import csv
import io
import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QRadioButton

from member_tracker.app import App
from member_tracker.services.exporting_tables import LIST_HEADINGS, Form
from member_tracker.services.lists import Order, Wanted, Which, enquiry_page
from tests.fakes.pdf_text import pdf_text
from tests.ui.exchange import focused, settled
from tests.ui.walking import named, words_of
from ui.app import Running
from ui.deeds import Deed, Doing
from ui.picture import wait_until
from ui.reports.list_saving import CaseworkSaving, PackBox


def offered(running: Running) -> Doing:
    """What a page that lists every enquiry, with the first of them open, can do."""
    found: list[str] = []
    running.desk.ask(lambda app: enquiry_page(app, everything(app)).rows[0].id, owner=running.desk, done=found.append)
    wait_until(lambda: bool(found))
    return CaseworkSaving(running.desk, running.window).deeds(everything, "All enquiries", found[0])


def everything(app: App) -> Wanted:
    return Wanted(which=Which.ALL, today=app.today(), now=app.now(), order=Order.NEWEST)


@pytest.mark.parametrize("form", list(Form))
def test_the_list_shown_is_saved_with_all_its_rows(running: Running, tmp_path: Path, form: Form) -> None:
    offered(running)[Deed.EXPORT]()
    dialog = named(running.window, QFileDialog, "saveDialog")
    file = tmp_path / f"mine.{form.value}"
    dialog.fileSelected.emit(str(file))
    dialog.reject()
    wait_until(file.exists)
    settled(running)
    counted: list[int] = []
    running.desk.ask(lambda app: len(enquiry_page(app, everything(app)).rows), owner=running.desk, done=counted.append)
    wait_until(lambda: bool(counted))
    if form is Form.CSV:
        heading, *rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
        assert tuple(heading) == LIST_HEADINGS
        assert len(rows) == counted[0]
    if form is Form.PDF:
        assert pdf_text(file.read_bytes()).count("ENQ-") == counted[0]


def test_an_enquiry_is_packed_without_the_resident_where_somebody_chooses_so(running: Running, tmp_path: Path) -> None:
    offered(running)[Deed.PACK]()
    box = named(running.window, PackBox, "packBox")
    box.activateWindow()
    wait_until(box.isActiveWindow)
    assert focused().objectName() == "packWhole"
    named(box, QRadioButton, "packBare").setChecked(True)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    dialog = named(running.window, QFileDialog, "packFolderDialog")
    folder = tmp_path / "packs"
    dialog.fileSelected.emit(str(folder))
    dialog.reject()
    wait_until(lambda: bool(list(folder.glob("ENQ-*/manifest.json"))))
    settled(running)
    [manifest] = folder.glob("ENQ-*/manifest.json")
    assert json.loads(manifest.read_bytes())["with_resident"] is False
    assert words_of(running.window, "bannerTitle") == ""


def test_escape_leaves_the_question_about_a_pack(running: Running) -> None:
    offered(running)[Deed.PACK]()
    box = named(running.window, PackBox, "packBox")
    QTest.keyClick(box, Qt.Key.Key_Escape)
    settled(running)
    assert not running.window.findChildren(QFileDialog)


def test_a_list_alone_offers_no_pack(running: Running) -> None:
    doing = CaseworkSaving(running.desk, running.window).deeds(everything, "All enquiries", None)
    assert set(doing) == {Deed.EXPORT}


def test_casework_offers_both_from_the_menus(running: Running) -> None:
    running.window.activateWindow()
    QTest.keyClick(running.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    QTest.keyClick(running.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    named(running.window, QFileDialog, "saveDialog").reject()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(running.window, Qt.Key.Key_E, both)
    named(running.window, PackBox, "packBox").reject()
