"""News from a worker's thread is heard on the GUI thread."""

import threading

from pytestqt.qtbot import QtBot

from member_tracker.domain.change import ChangeSet, RecordKind
from ui.news import News


def test_a_change_told_on_another_thread_is_heard_on_the_gui_thread(qtbot: QtBot) -> None:
    news = News()
    heard: list[tuple[ChangeSet, bool]] = []
    news.changed.connect(lambda change: heard.append((change, threading.current_thread() is threading.main_thread())))
    change = ChangeSet.of([(RecordKind.ENQUIRY, "e1")])
    worker = threading.Thread(target=news.hear, args=(change,))
    worker.start()
    worker.join()
    assert heard == []
    qtbot.waitUntil(lambda: len(heard) == 1)
    assert heard == [(change, True)]


def test_a_change_told_on_the_gui_thread_is_heard_only_after_what_is_going_on(qtbot: QtBot) -> None:
    news = News()
    heard: list[ChangeSet] = []
    news.changed.connect(heard.append)
    news.hear(ChangeSet(everything=True))
    assert heard == []
    qtbot.waitUntil(lambda: len(heard) == 1)
