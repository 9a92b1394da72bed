"""Draws the pictures of the guides into docs/pictures: practice people, on one Monday morning, in few colours.

    python -m tests.desktop.guide_pictures

The same program with the same fonts draws the same pictures; each is small enough to be kept with the text.
"""

import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, qInstallMessageHandler
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView

import member_tracker.app
from member_tracker.app import App, build
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.vocabulary import Channel
from member_tracker.profile import Profile
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.intake import Intake, log_by_name
from member_tracker.services.post import post_queued
from member_tracker.services.practice import fill, put_into_inbox
from tests.desktop.pictures import LAPTOP, Step, do, fill_form, go, open_reply, open_window, pass_on
from tests.ui.walking import named, press
from ui import look
from ui.app import Running, application
from ui.deeds import Deed
from ui.look import Scheme
from ui.picture import settle, wait_for
from ui.places import Place
from ui.residents.merge import MergeForm

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
MONDAY = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
MOST_COLOURS = 256
_NEAR = 0xF8F8F8F8  # shades that differ in less than an eighth of what can be told apart count as one
_TWICE = Intake(
    councillor="Cllr Priya Marsden",
    resident="A. Greenhalgh",
    service_area="Housing",
    channel=Channel.TELEPHONE,
    subject="Light on the stairs",
    text="The light on the stairs has been out since Friday. She asks who mends it.",
)
_TABLE = """\
Councillor,Resident,Service area,Date received,Subject,The question,Email
Cllr Priya Marsden,Ines Halloran,Waste,02/11/2026,Missed bin,The grey bin was left.,ines.halloran@example.org
Cllr Tom Ashworth,Jory Pascoe,Highways,03/11/2026,Pothole,A deep pothole at the crossing.,
Cllr Tom Ashworth,Keziah Lund,Housing,05/11/2026,Gutter,The gutter runs over.,keziah.lund@example.org
"""
_UNMATCHED = """\
From: Joan Pilling <joan.pilling@example.org>
To: member.enquiries@example.org
Subject: Heating in the hall
Message-ID: <hall-1@example.org>
Date: Mon, 23 Nov 2026 08:40:00 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

About {reference}: I keep the keys of the hall. The engineer is to come on Thursday at ten.

Joan Pilling
"""


def guide_screens() -> Mapping[str, Step]:
    """Every picture by its name, with how to come to its screen."""
    return {
        "today": partial(go, place=Place.TODAY),
        "log": fill_form,
        "enquiry": open_reply,
        "tray": partial(go, place=Place.UNMATCHED),
        "write": partial(do, deed=Deed.TELL),
        "merge": _begin_merging,
        "reports": partial(go, place=Place.REPORTS),
        "import": _look_at_table,
    }


def _begin_merging(running: Running) -> None:
    """Lay the two records of one person side by side."""
    go(running, place=Place.RESIDENTS)
    settle(running.desk.jobs)
    table = named(running.window, QTableView, "residentList")
    _choose(running, table, "Ada Greenhalgh")
    press(running.window, "mergeResident")
    settle(running.desk.jobs)
    _choose(running, table, "A. Greenhalgh")
    settle(running.desk.jobs)
    if not named(running.window, MergeForm, "mergeForm").isVisible():
        raise RuntimeError("the two records are not side by side")


def _choose(running: Running, table: QTableView, name: str) -> None:
    """Open the line that begins with that name."""
    model = table.model()
    place = next(model.index(row, 0) for row in range(model.rowCount()) if model.index(row, 0).data() == name)
    table.setCurrentIndex(place)
    QTest.keyClick(table, Qt.Key.Key_Return)
    settle(running.desk.jobs)


def _look_at_table(running: Running) -> None:
    """See what a table would become, one of its service areas not being known."""
    file = running.desk.profile.folder / "enquiries.csv"
    file.write_text(_TABLE, encoding="utf-8")
    running.desk.page_wanted.emit("import", [file])


def make_story(folder: Path) -> Profile:
    """The practice story on that Monday, with one person recorded twice and a mail that nobody could place."""
    profile = Profile(folder=folder)
    app = replace(
        build(profile, passphrase=lambda: None, practice=True), random_bytes=random.Random(MONDAY.toordinal()).randbytes
    )
    fill(app)
    twice = log_by_name(app, _TWICE)
    send_enquiry(app, twice.id)
    post_queued(app)
    put_into_inbox(app, _UNMATCHED.format(reference=_reference_of(app, "Hall heating for the lunch club")).encode())
    app.store.close()
    return profile


def _reference_of(app: App, subject: str) -> str:
    with app.store.reading() as tx:
        return next(each.reference for each in tx.every(Enquiry) if each.subject == subject)


def few_colours(image: QImage, most: int = MOST_COLOURS) -> QImage:
    """The picture in its most used shades alone, each other one turned into the nearest of them."""
    whole = image.convertToFormat(QImage.Format.Format_RGB32)
    used = Counter(memoryview(whole.constBits()).cast("I")).most_common()
    shades = {colour & _NEAR: colour for colour, _count in reversed(used)}
    table = [colour for colour, _count in used if shades[colour & _NEAR] == colour][:most]
    flags = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    return whole.convertToFormat(QImage.Format.Format_Indexed8, table, flags)


def save(picture: QPixmap, file: Path) -> None:
    """Write a picture in few colours, packed as small as PNG can be."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not few_colours(picture.toImage()).save(str(file), "PNG", 0):  # type: ignore[call-overload]  # the format is text
        raise OSError(f"{file} cannot be written")


def draw(folder: Path, now: Callable[[], datetime] = lambda: MONDAY) -> list[Path]:
    """Draw every picture into that folder, at a moment that stands still."""
    member_tracker.app.now = now
    app = application()
    app.setCursorFlashTime(0)  # where one types must not blink between two pictures
    before = qInstallMessageHandler(pass_on)
    drawn = []
    with tempfile.TemporaryDirectory(prefix="member-tracker-guide-") as scratch:
        running = open_window(app, make_story(Path(scratch) / "practice"), Scheme.LIGHT, LAPTOP)
        for name, step in guide_screens().items():
            drawn.append(_draw(running, step, folder / f"{name}.png"))
        look.dress(app, Scheme.DARK)
        running.window.wear()
        drawn.append(_draw(running, open_reply, folder / "dark.png"))
        running.stop()
    qInstallMessageHandler(before)
    return drawn


def _draw(running: Running, step: Step, file: Path) -> Path:
    named(running.window, QLineEdit, "findBox").clear()
    step(running)
    settle(running.desk.jobs)
    wait_for(300)
    save(running.window.grab(), file)
    for dialog in QApplication.topLevelWidgets():
        if dialog is not running.window and dialog.isVisible():
            dialog.close()
    return file


def main() -> int:
    """Draw the pictures and say how large they are."""
    for file in draw(FOLDER):
        sys.stdout.write(f"{file.name}: {file.stat().st_size // 1000} kB\n")
    return 0


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(main())
