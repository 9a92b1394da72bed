"""A user who does anything a user might: presses, types, chooses and looks about in what is shown, drawn by a seed."""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDateEdit,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from member_tracker.app import App
from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.errors import TrackerError
from member_tracker.services.lists import Wanted, Which, enquiry_page
from member_tracker.services.practice import place_reply, put_into_inbox
from ui.app import Running
from ui.picture import wait_for, wait_until

LEFT_ALONE = {
    *("actionQuit", "actionOwn", "actionPractise"),  # another profile, or the end of this one
    *("actionLock", "lockNow"),  # nothing more could be done
    *("joinHubTest", "joinHubGo", "hubSignOut", "signOutGo"),  # a hub elsewhere
    *("mailboxAdd", "testMailbox", "signInMailbox", "outcomeSignIn", "passwordGo"),  # a mail server elsewhere
}
SIZES = ((1366, 768), (1180, 720), (911, 512), (1600, 900))
WORDS = (
    *("Bins missed again", "Damp in the hall", "canal", "Noor Whitaker", "Siân Ó Briain", "Ada Greenhalgh", "ENQ-"),
    *("today", "yesterday 16:50", "24 nov", "+5wd", "31/2", "next tuesday", "14:05", "PR7 1AB", "noor@example.org"),
    *("Please look into this.\nThank you.", "<b>&amp;</b>", "x" * 300, "100%", "“quoted” – and so on", "   ", "0"),
)
KEYS = (
    *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_End),
    *(Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space),
)
W = TypeVar("W", bound=QWidget)

MOST_MAILS = 150
"""After that no more come: what is kept of mail is not what memory is looked at for."""
REPLIES = ("acknowledgement.eml", "holding.eml", "answer.eml")
STRANGER = """\
From: Joan Pilling <joan.pilling{number}@example.org>
To: member.enquiries@example.org
Subject: {subject}
Message-ID: <any-{number}@example.org>
Date: Sun, 1 Nov 2026 10:10:00 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

{text}
"""


@dataclass(slots=True, kw_only=True)
class Somebody:
    """Does one thing after another in a running window; `did` tells the last of them, for whoever looks for a fault."""

    running: Running
    seed: int
    did: deque[str] = field(default_factory=lambda: deque(maxlen=40))
    done: int = 0
    _came: int = 0
    _draw: random.Random = field(init=False)
    _owner: QObject = field(init=False)

    def __post_init__(self) -> None:
        self._draw = random.Random(self.seed)
        self._owner = QObject()

    def act(self) -> None:
        """Do one thing, and most times wait for what comes of it."""
        self.done += 1
        deeds: tuple[tuple[int, Callable[[], str]], ...] = (
            (24, self._press),
            (22, self._type),
            (10, self._choose),
            (18, self._go_through_rows),
            (14, self._use_keys),
            (12, self._use_menus),
            (8, self._let_mail_come),
            (2, self._resize),
        )
        said = ""
        while not said:
            said = self._draw.choices([deed for _weight, deed in deeds], [weight for weight, _deed in deeds])[0]()
        self.did.append(f"{self.done}: {said}")
        if self._draw.random() < 0.8:
            wait_until(lambda: not self.running.desk.jobs.under_way)
        wait_for(self._draw.choice((0, 0, 5, 30)))

    # --- what can be done ---------------------------------------------------------------------------------------------

    def _press(self) -> str:
        buttons = [each for each in self._usable(QAbstractButton) if each.objectName() not in LEFT_ALONE]
        if not buttons:
            return ""
        chosen = self._draw.choice(buttons)
        said = f"press {chosen.objectName()}"
        if self._draw.random() < 0.5:
            QTest.mouseClick(chosen, Qt.MouseButton.LeftButton)
        else:
            chosen.setFocus()
            QTest.keyClick(chosen, Qt.Key.Key_Space)
        return said

    def _type(self) -> str:
        fields: list[QWidget] = [each for each in self._usable(QLineEdit) if not each.isReadOnly()]
        if len(fields) > 1 and self._draw.random() < 0.8:
            fields = [each for each in fields if each.objectName() != "findBox"]
        fields += [each for each in self._usable(QPlainTextEdit) if not each.isReadOnly()]
        fields += [each for each in self._usable(QTextEdit) if not each.isReadOnly()]
        if not fields:
            return ""
        chosen, words = self._draw.choice(fields), self._draw.choice(WORDS)
        name = chosen.objectName()
        chosen.setFocus()
        if self._draw.random() < 0.6:
            QTest.keySequence(chosen, QKeySequence(QKeySequence.StandardKey.SelectAll))
        _write(chosen, words)
        if self._draw.random() < 0.3 and shiboken6.isValid(chosen):
            QTest.keyClick(chosen, Qt.Key.Key_Return)
        return f"type {words[:20]!r} into {name}"

    def _choose(self) -> str:
        fields: list[QWidget] = [*self._usable(QComboBox), *self._usable(QDateEdit)]
        if not fields:
            return ""
        chosen = self._draw.choice(fields)
        chosen.setFocus()
        for _time in range(self._draw.randint(1, 4)):
            QTest.keyClick(chosen, self._draw.choice((Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up)))
        return f"choose in {chosen.objectName()}"

    def _go_through_rows(self) -> str:
        views = [each for each in self._usable(QAbstractItemView) if _rows(each.model())]
        if not views:
            return ""
        chosen = self._draw.choice(views)
        name = chosen.objectName() or type(chosen).__name__
        if self._draw.random() < 0.4:
            index = chosen.model().index(self._draw.randrange(min(_rows(chosen.model()), 30)), 0)
            spot = chosen.visualRect(index).center()
            if chosen.viewport().rect().contains(spot):
                QTest.mouseClick(chosen.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(spot))
            return f"click a row of {name}"
        chosen.setFocus()
        for _time in range(self._draw.randint(1, 5)):
            QTest.keyClick(chosen, self._draw.choice((Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up)))
        if self._draw.random() < 0.5:
            QTest.keyClick(chosen, Qt.Key.Key_Return)
        return f"go through {name}"

    def _use_keys(self) -> str:
        here = QApplication.focusWidget() or self._front()
        key = self._draw.choice(KEYS)
        name = here.objectName()
        if key is Qt.Key.Key_Space and name in LEFT_ALONE:
            return ""
        QTest.keyClick(here, key)
        return f"{key.name} in {name}"

    def _use_menus(self) -> str:
        if self._front() is not self.running.window:
            QTest.keyClick(self._front(), Qt.Key.Key_Escape)
            return "Esc in a dialog"
        actions = [each for each in self.running.window.findChildren(QAction) if _is_deed(each)]
        chosen = self._draw.choice(actions)
        said = f"choose {chosen.objectName()} in a menu"
        chosen.trigger()
        return said

    def _let_mail_come(self) -> str:
        if self._came >= MOST_MAILS:
            self.running.window.menus.mail.trigger()
            return "mail is sent and received"
        self._came += 1
        if self._draw.random() < 0.3:
            text, subject = self._draw.choice(WORDS), self._draw.choice(WORDS).split("\n")[0]
            raw = STRANGER.format(number=self.done, subject=subject, text=text).encode()
            self.running.desk.ask(lambda app: put_into_inbox(app, raw), owner=self._owner)
            return "a mail from a stranger comes"
        file, which = self._draw.choice(REPLIES), self._draw.random()
        self.running.desk.ask(lambda app: _reply(app, which, file), owner=self._owner)
        return f"{file} comes"

    def _resize(self) -> str:
        width, height = self._draw.choice(SIZES)
        self.running.window.resize(width, height)
        return f"resize to {width}×{height}"

    # --- what is there ------------------------------------------------------------------------------------------------

    def _front(self) -> QWidget:
        """The dialog in front, else the window; what opened over both, such as a menu, is closed first."""
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        modal = QApplication.activeModalWidget()
        while isinstance(modal, QFileDialog):
            modal.reject()
            wait_for(0)
            modal = QApplication.activeModalWidget()
        return modal or self.running.window

    def _usable(self, kind: type[W]) -> list[W]:
        front = self._front()
        return [
            each
            for each in front.findChildren(kind)
            if each.isVisible() and each.isEnabled() and each.window() is front and not _is_inner(each)
        ]


def _write(field: QWidget, words: str) -> None:
    """Type words of any alphabet, key by key; what is typed may well take the field away."""
    for each in words:
        if not shiboken6.isValid(field):
            return
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = Qt.Key.Key_Return if each == "\n" else Qt.Key.Key_unknown
            QApplication.sendEvent(field, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, each))


def _is_inner(widget: QWidget) -> bool:
    return widget.objectName().startswith("qt_") or isinstance(widget.parentWidget(), QComboBox)


def _is_deed(action: QAction) -> bool:
    return action.isEnabled() and bool(action.objectName()) and action.objectName() not in LEFT_ALONE


def _rows(model: QAbstractItemModel | None) -> int:
    return model.rowCount() if model is not None else 0


def _reply(app: App, which: float, file: str) -> None:
    """Let a reply to some enquiry come, if mail about it ever went out."""
    rows = enquiry_page(app, Wanted(which=Which.ALL, today=app.today())).rows
    chosen = rows[int(which * len(rows))]
    try:
        place_reply(app, EnquiryId(chosen.id), file)
    except (IndexError, TrackerError):
        return
