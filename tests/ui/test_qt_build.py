"""The Qt that is pinned is sound on this Python."""

import sys

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

CALLS = 2_000


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None lives for ever from Python 3.12, so nothing is counted")
def test_calls_of_qt_that_return_nothing_lose_no_reference_to_none(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        widget.setWindowTitle("Member Tracker")
    assert sys.getrefcount(None) > before - CALLS // 2
