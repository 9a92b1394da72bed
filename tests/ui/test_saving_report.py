"""A report on a fault says what helps and nothing of anybody: no name, address, word, mail address or reference."""

import logging
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QPlainTextEdit, QPushButton

from member_tracker import __version__
from member_tracker.app import App
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.people import Councillor, Resident, ServiceArea, SupportOfficer
from member_tracker.profile import Profile
from member_tracker.services.fault_report import bare_report, scrubbed
from tests.ui.checks import nameless, same_names
from tests.ui.walking import named, press, words_of
from tests.ui.windows import at_rest
from ui.app import Running, apologise
from ui.logbook import BARE_FILE, Logbook, frames_of
from ui.picture import wait_until

log = logging.getLogger("member_tracker.services.post")


def personal(app: App) -> set[str]:
    """Every name, address, word, mail address and reference of an office."""
    with app.store.reading() as tx:
        found: list[str | None] = []
        for resident in tx.every(Resident):
            found += [resident.name, *_texts(resident)]
        for enquiry in tx.every(Enquiry):
            found += [enquiry.reference, enquiry.subject, enquiry.text]
        for person in (*tx.every(Councillor), *tx.every(SupportOfficer), *tx.every(ServiceArea)):
            found += [*_texts(person)]
        for mail in (*tx.every(ReceivedMail), *tx.every(QueuedMail)):
            found += [*_texts(mail)]
    return {text for text in found if text and len(text) > 5 and not text.isdecimal()}


def _texts(record: object) -> list[str]:
    """What a record says in words or as an address; what it is identified by says nothing of anybody."""
    names = ("name", "email", "phone", "address", "subject", "text", "body", "from_address", "from_name", "message_id")
    return [value for value in (getattr(record, name, None) for name in names) if isinstance(value, str)]


def write_everything_down(running: Running, seeded: set[str]) -> None:
    """As the worst of programs would: every word is logged, and stands in errors and what led to them."""
    for text in sorted(seeded):
        log.info("sent %s to %s, %d in all", text, text, 3)
        log.warning("kept", extra={"error": ValueError(text)})
    try:
        try:
            raise LookupError("\n".join(seeded))
        except LookupError as error:
            raise ValueError(next(iter(seeded))) from error
    except ValueError as error:
        apologise(error, running.window)
        log.exception("again")


def test_a_report_of_a_full_office_names_nobody_and_still_says_where_it_went_wrong(
    running: Running, practice: Profile, tmp_path: Path
) -> None:
    told: list[set[str]] = []
    running.desk.ask(personal, owner=running, done=told.append)
    wait_until(lambda: bool(told))
    seeded = told[0]
    assert len(seeded) > 60
    write_everything_down(running, seeded)
    box = running.window.findChild(QMessageBox, "apology")
    assert box is not None
    again = [button for button in box.buttons() if button.text() == "&Save a report…"]
    again[0].click()
    dialog = named(running.window, QDialog, "reportDialog")
    at_rest(running)
    report = named(dialog, QPlainTextEdit, "reportText").toPlainText()
    assert [text for text in seeded if text.casefold() in report.casefold()] == []
    for part in (str(practice.folder), str(tmp_path), str(Path.home()), "@", "ENQ-"):
        assert part not in report
    for part in (
        f"Member Tracker {__version__}",
        "Qt 6",
        "SQLAlchemy",
        "Mailboxes:",
        "Open enquiries: ",
        "sent %s to %s",
    ):
        assert part in report
    assert "bug: %s" in report
    assert "LookupError" in report
    assert "tests/ui" not in report
    assert "test_saving_report.py" in report
    assert (nameless(dialog), same_names(dialog)) == ([], [])


def test_the_report_is_saved_where_somebody_says_and_a_folder_that_refuses_is_told(
    running: Running, tmp_path: Path
) -> None:
    running.window.menus.report.trigger()
    dialog = named(running.window, QDialog, "reportDialog")
    wait_until(named(dialog, QPushButton, "reportSave").isEnabled)
    press(dialog, "reportSave")
    chooser = named(dialog, QFileDialog, "reportWhere")
    chooser.fileSelected.emit(str(tmp_path / "nowhere" / "report.txt"))
    wait_until(lambda: words_of(dialog, "reportSaid") != "")
    assert "could not be written" in words_of(dialog, "reportSaid")
    chooser.fileSelected.emit(str(tmp_path / "report.txt"))
    wait_until(lambda: words_of(dialog, "reportSaid") == "The report is saved.")
    assert "Practice data: yes" in (tmp_path / "report.txt").read_text(encoding="utf-8")
    chooser.close()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    wait_until(lambda: running.window.findChild(QDialog, "reportDialog") is None)


def test_the_log_for_reports_keeps_what_the_program_says_and_its_numbers(tmp_path: Path) -> None:
    book = Logbook(tmp_path)
    log.info("mail of %s: %d kept, %d passed over", "vera@example.org", 12, 3)
    log.info("rang %s", 1632960101)
    book.close()
    first, second, *more = (tmp_path / BARE_FILE).read_text(encoding="utf-8").splitlines()
    assert first.endswith("INFO member_tracker.services.post: mail of %s: %d kept, %d passed over")
    assert second == "  with 12, 3"
    assert more[0].endswith("rang %s")
    assert len(more) == 1, "a number as long as a telephone's is left out"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("gone to vera.quill@example.org now", "gone to (an address) now"),
        ("ENQ-7K3M-142-XR and enq 7k3m 142 xr", "(an enquiry) and (an enquiry)"),
        ("lives at PR7 1DP", "lives at (a postcode)"),
        ("rang 01632 960101", "rang (a number)"),
        ("said “come at six”", "said (words)"),
        ("2026-11-23 09:12:45,123 INFO ui.app: took 250 ms", "2026-11-23 09:12:45,123 INFO ui.app: took 250 ms"),
    ],
)
def test_what_looks_like_somebodys_is_taken_out_once_more(line: str, expected: str) -> None:
    assert scrubbed(line) == expected


def test_frames_name_places_of_the_program_and_kinds_of_errors_alone() -> None:
    said = ""
    try:
        Path("/nowhere/Ada Greenhalgh").read_text(encoding="utf-8")
    except OSError as error:
        said = frames_of(error)
    assert "FileNotFoundError" in said
    assert "pathlib.py" in said
    assert "Greenhalgh" not in said


def test_without_a_profile_versions_can_be_reported(tmp_path: Path) -> None:
    assert f"Member Tracker {__version__}: report without an open profile" in bare_report(None)
    assert "Nothing was logged." in bare_report(tmp_path / BARE_FILE)
