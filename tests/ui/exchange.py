"""A window on a profile of one's own, whose mailboxes are stand-ins for Exchange: they answer as they are told to."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from member_tracker.app import App, Mailboxes
from member_tracker.domain.availability import Busy, MailTip
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.mailboxes import Finding, Holds, MailboxAccount, Right, SendingWay
from member_tracker.domain.watching import UNWATCHED, Stopped, Watch
from member_tracker.mail.connections import Connections
from member_tracker.mail.folder import FolderMailbox
from member_tracker.mail.mailbox import NOTHING_KNOWN, Arrivals, Cursor, Known, Proof
from member_tracker.profile import Profile
from tests.fakes.clock import StoppedClock
from tests.ui.windows import at_rest
from ui.app import Running
from ui.picture import wait_until
from ui.privacy.lock import Lock

PASSWORD = "correct-horse-battery"
ADDRESS = "members@example.org"

READ = Finding(right=Right.READ, holds=Holds.YES, words="Mail in Inbox can be read.")
TIPS = Finding(right=Right.MAIL_TIPS, holds=Holds.NOT_OFFERED, words="The server has no mail tips.")
MAY_NOT_SEND = Finding(
    right=Right.SEND_AS, holds=Holds.NO, words="Sending was refused.", advice="Ask your IT team for the Send As right."
)
MAY_SEND = Finding(right=Right.SEND_AS, holds=Holds.YES, words="A message to itself arrived.")


@dataclass
class Exchange:
    """What the mail server does: who may sign in, what is found, whether it is reached; and what it was asked."""

    signed_in: list[tuple[str, str | None]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    refusal: TrackerError | None = None
    unreached: TrackerError | None = None
    code: str = ""
    is_kept: bool = True
    sending: Finding = MAY_SEND
    hangs: bool = False
    asked: threading.Event = field(default_factory=threading.Event)
    found: Callable[[MailboxAccount], MailboxAccount] = lambda account: replace(account, url="https://mail.example.org")
    tips: tuple[MailTip, ...] = ()
    reads: int = 0
    gate: threading.Event | None = None

    def hang(self, watch: Watch) -> None:
        """Take for ever, until somebody wants no more of it."""
        never = threading.Event()
        while self.hangs:
            self.asked.set()
            if watch.stop():
                raise Stopped
            never.wait(0.01)


class StandInConnections:
    """In the place of the ways to real mailboxes."""

    def __init__(self, exchange: Exchange, folder: FolderMailbox) -> None:
        self._exchange = exchange
        self._folder = folder

    def open(self, account: MailboxAccount) -> object:
        del account
        return StandInMailbox(self._exchange, self._folder)

    def sign_in(
        self, account: MailboxAccount, password: str | None, watch: Watch, say_code: Callable[[str], None] | None
    ) -> bool:
        if self._exchange.code and say_code is not None:
            say_code(self._exchange.code)
        self._exchange.hang(watch)
        if self._exchange.refusal is not None:
            raise self._exchange.refusal
        self._exchange.signed_in.append((account.address, password))
        return self._exchange.is_kept

    def find(self, account: MailboxAccount, password: str) -> MailboxAccount:
        del password
        return self._exchange.found(account)

    def forget(self, account: MailboxAccount) -> None:
        self._exchange.forgotten.append(account.address)


class StandInMailbox(FolderMailbox):
    """A folder that is tested as Exchange is."""

    def __init__(self, exchange: Exchange, folder: FolderMailbox) -> None:
        super().__init__(folder.inbox, folder.outbox)
        self._exchange = exchange

    def arrivals(self, cursor: Cursor | None, known: Known = NOTHING_KNOWN, watch: Watch = UNWATCHED) -> Arrivals:
        self._exchange.reads += 1
        self._exchange.hang(watch)
        if self._exchange.unreached is not None:
            raise self._exchange.unreached
        return super().arrivals(cursor, known, watch)

    def check(self, way: SendingWay | None = None) -> tuple[Finding, ...]:
        del way
        if self._exchange.unreached is not None:
            raise self._exchange.unreached
        return (READ, Finding(right=Right.SEND_AS, holds=Holds.NOT_TRIED, words="Not tried yet."), TIPS)

    def prove(self, watch: Watch = UNWATCHED) -> Proof:
        self._exchange.hang(watch)
        works = self._exchange.sending.holds is Holds.YES
        return Proof(way=SendingWay.UPDATE if works else None, findings=(self._exchange.sending,))

    def tips(self, addresses: object) -> tuple[MailTip, ...]:
        del addresses
        self._exchange.asked.set()
        if self._exchange.gate is not None:
            self._exchange.gate.wait(10)
        return self._exchange.tips

    def free_busy(self, addresses: object, start: object, end: object) -> tuple[Busy, ...]:
        del addresses, start, end
        return ()


def with_exchange(running: Running, exchange: Exchange, clock: StoppedClock) -> None:
    """Make the open profile one's own, at the moment of the clock, with stand-ins for its mailboxes.

    Nobody takes it for sleep, nor for an empty chair, when that clock is put forward.
    """
    running._ticking.stop()
    for lock in running.findChildren(Lock):
        lock._timer.stop()
    app = running.desk._opened_app()
    settings = app.profile.settings()
    stand_in = StandInConnections(exchange, FolderMailbox(settings.inbox, settings.outbox))
    connections = cast("Connections", stand_in)
    running.desk._app = replace(
        app, practice=False, now=clock, connections=connections, mailboxes=Mailboxes(app.profile, connections)
    )


def send_into_a_folder(profile: Profile) -> None:
    """Let a profile's settings name the folder mail is put into, from where another program delivers it."""
    profile.folder.mkdir(parents=True, exist_ok=True)
    profile.settings_file.write_text('[mailbox]\noutbox = "mailbox/outbox"\n', encoding="utf-8")


def own_app(running: Running) -> App:
    """The parts of the open profile."""
    return running.desk._opened_app()


def in_front(running: Running) -> None:
    """The window has the keyboard."""
    running.window.activateWindow()
    wait_until(running.window.isActiveWindow)


def focused() -> QWidget:
    """What has the keyboard."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def alt(running: Running, letter: str) -> None:
    """Press Alt and a letter; a button stays down for a moment before it does anything."""
    in_front(running)
    QTest.keyClick(running.window, Qt.Key(ord(letter.upper())), Qt.KeyboardModifier.AltModifier)
    wait_until(lambda: not any(button.isDown() for button in running.window.findChildren(QAbstractButton)))


def write(text: str) -> None:
    """Type where the keyboard is."""
    QTest.keyClicks(focused(), text)


def settled(running: Running) -> None:
    """Wait until everything that was asked is answered; a screen that is not there forgets which window is in front."""
    wait_until(lambda: not running.desk.jobs.under_way)
    at_rest(running)
    in_front(running)
