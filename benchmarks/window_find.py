"""Typing in the find box of the real window, over a million enquiries: from a key to the painted answer.

What a person waits for is the pause after the last key, the search in the lane of the store, and painting; the pause is
counted as it is and the rest in processor time of all threads, so that a busy machine does not count. Fast typing is
more than one key within the pause; here every key is waited for.
"""

import os
import random
import time
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from benchmarks.big_office import words
from benchmarks.big_profile import big_profile
from benchmarks.figure import Figure
from benchmarks.window_lists import open_window
from ui.app import Running
from ui.find.box import PAUSE_MS
from ui.find.page import FindPage
from ui.picture import settle, wait_until

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
WAITED_MS = 100.0
SEARCHES = 12


class Answered(QObject):
    """Notes when the answer to the words typed has been painted, whether rows or a sentence."""

    def __init__(self, page: FindPage) -> None:
        super().__init__()
        self._page, self.painted = page, False
        for widget in (page._view.viewport(), page._said):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - the name is Qt's
        """Looks at paint events once nothing more is asked."""
        del watched
        if event.type() == QEvent.Type.Paint and self._page._asked is None:
            self.painted = True
        return False


def figures() -> Iterator[Figure]:
    """The slowest of 20, newest first, over words as they are typed key by key."""
    with open_window(big_profile()) as running:
        spent = [spent for typed in _typed() for spent in _keys(running, typed)]
    spent.sort()
    for name, share in (("half", 0.5), ("slowest in 20", 0.95)):
        waited = spent[int(len(spent) * share)]
        yield Figure(name=f"a key to its answer: {name}", ours=waited, limit=WAITED_MS, unit="ms", at_most=1)


def _typed() -> list[str]:
    said = words(random.Random(2))
    return [f"{said[place * 7]} {said[place * 7 + 1]}" for place in range(SEARCHES)]


def _keys(running: Running, typed: str) -> Iterator[float]:
    """Milliseconds by the clock for each key, from the first that leads to the page on."""
    box = running.window.findChild(QLineEdit, "findBox")
    assert box is not None
    box.setFocus()
    box.clear()
    QTest.keyClicks(box, typed[:2])
    settle(running.desk.jobs)
    page = running.window.findChildren(FindPage)[0]
    answered = Answered(page)
    for key in typed[2:]:
        answered.painted = False
        words_before = page._words
        start = time.process_time()
        QTest.keyClicks(box, key)
        wanted = box.text().strip()
        while page._words != wanted or not answered.painted:
            QApplication.processEvents()
            if wanted == words_before:
                break
            time.sleep(0.0002)
        else:
            yield (time.process_time() - start) * 1e3 + PAUSE_MS
        wait_until(lambda: not running.desk.jobs.under_way)
    page._view.viewport().removeEventFilter(answered)
    QTest.keyClick(box, Qt.Key.Key_Escape)
    settle(running.desk.jobs)
