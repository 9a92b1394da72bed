"""Nothing is cut off: every page fits the smallest window, or scrolls in it, whatever the size of the text."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QWidget

from tests.ui.walking import named
from tests.ui.windows import at_rest
from ui.app import Running
from ui.page_table import PAGES
from ui.picture import wait_until
from ui.status import Status

LOW, QUARTER = (911, 512), (683, 384)


@pytest.fixture(autouse=True)
def usual_text(qapp: QApplication) -> Iterator[None]:
    """Text is as large as before for the tests that follow."""
    before = qapp.font()
    yield
    qapp.setFont(before)


def squeezed(window: QWidget) -> list[str]:
    """The labels and buttons with less room than their words need, where nothing scrolls to the rest."""
    found = []
    parts: list[QLabel | QPushButton] = [*window.findChildren(QLabel), *window.findChildren(QPushButton)]
    for part in parts:
        if not part.isVisible() or not part.text() or part.objectName() == "statusLine":
            continue
        width = part.width()
        needed = part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()
        wraps = isinstance(part, QLabel) and part.wordWrap()
        narrow = not wraps and width < part.minimumSizeHint().width()
        if part.height() < needed - 2 or narrow:
            found.append(f"{part.objectName()}: {part.text()[:30]}")
    return found


def test_every_page_fits_a_small_screen_and_larger_text_or_scrolls(running: Running) -> None:
    window = running.window
    assert window._pages is not None
    cut: dict[str, list[str]] = {}

    def look_at(name: str, size: tuple[int, int]) -> None:
        window.resize(*size)
        wait_until(lambda: (window.width(), window.height()) == size)
        if found := squeezed(window):
            cut[f"{name} at {size}"] = found

    for name in [line.name for line in PAGES]:
        window.show_page(name)
        at_rest(running, LOW)
        look_at(name, LOW)
        look_at(name, QUARTER)
    for _step in range(4):
        window.menus.larger.trigger()
    for name in ("today", "casework", "form"):
        window.show_page(name)
        at_rest(running, LOW)
        look_at(f"{name} in larger text", LOW)
    assert cut == {}


def test_the_places_lie_closer_on_a_low_window_and_can_be_scrolled(running: Running) -> None:
    at_rest(running, QUARTER)
    low = running.window.navigation.places.sizeHintForRow(0)
    assert not named(running.window, QLabel, "programName").isVisible()
    at_rest(running)
    assert running.window.navigation.places.sizeHintForRow(0) > low
    assert named(running.window, QLabel, "programName").isVisible()


def test_a_page_that_needs_more_room_than_there_is_scrolls(running: Running) -> None:
    page = running.window._stack.currentWidget()
    assert page is not None
    page.setMinimumSize(1_200, 900)
    at_rest(running, LOW)
    room = named(running.window, QScrollArea, "pagesRoom")
    assert room.horizontalScrollBar().maximum() > 0
    assert room.verticalScrollBar().maximum() > 0


def test_a_long_state_gives_way_to_an_ellipsis_and_is_whole_in_its_tip(running: Running) -> None:
    status: Status = running.window.status
    status.say("Saved 10:31 · " * 40)
    at_rest(running, LOW)
    line = named(running.window, QLabel, "statusLine")
    line.grab()
    assert line.toolTip() == line.text()
    status.say("Saved 10:31")
    line.grab()
    assert line.toolTip() == ""
