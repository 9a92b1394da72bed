"""The running program: one application, one window on one profile, its timers, and the last resort for a bug."""

import gc
import logging
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtWidgets import QApplication

from ui import imports, look  # noqa: F401 - the first sets right how the others are imported
from ui.language import speak, tr
from ui.shell.painting import OncePainted
from ui.shell.screens import bring_onto_a_screen
from ui.shell.sole import SoleWindow
from ui.widgets.keyboard_back import KeyboardBack

if TYPE_CHECKING:
    from types import TracebackType

    from member_tracker.profile import Profile
    from ui.first_run.opening import Opening
    from ui.hub_standing import HubStanding
    from ui.logbook import Logbook
    from ui.mail_round import MailRounds
    from ui.main_window import MainWindow
    from ui.remembered import Remembered
    from ui.shell.reminding import Reminding
    from ui.shell.ticking import Ticking
    from ui.sync_round import SyncRounds

log = logging.getLogger(__name__)

_LISTEN_MS = 1_000
_COLLECT_MS = 5_000
_EMPTY_MS = 1_000
_FULL_EVERY = 24


def application() -> QApplication:
    """The one application, made where there is none yet."""
    found = QCoreApplication.instance()
    if isinstance(found, QApplication):
        return found
    made = QApplication([*sys.argv[:1], "-style", "Fusion"])
    made.setApplicationName("Member Tracker")
    made.setDesktopFileName("member-tracker")
    speak(made)
    look.dress(made, look.Scheme.SYSTEM)
    KeyboardBack(made)
    return made


class Running(QObject):
    """A window on a profile, from its first paint to its last."""

    def __init__(self, app: QApplication, profile: "Profile | None") -> None:
        from ui.desk import Desk
        from ui.main_window import MainWindow

        super().__init__(app)
        self._app = app
        self._named = profile
        self.desk = Desk(self)
        self.window = MainWindow(self.desk)
        self._opening: Opening | None = None
        self._ticks: Ticking | None = None
        self._mail: MailRounds | None = None
        self._sync: SyncRounds | None = None
        self._remembered: Remembered | None = None
        self._logbook: Logbook | None = None
        self._stands: HubStanding | None = None
        self._reminding: Reminding | None = None
        self._handed: list[str] = []
        self.desk.jobs.broken.connect(self._broke)
        self.desk.opened.connect(self._opened)
        self.desk.settled.connect(self._begin_rounds)
        self.desk.hub_stands.connect(self._note_stands)
        self.window.mail_wanted.connect(self._send_and_receive)
        self.window.mail_unwanted.connect(self._stop_mail)
        self.window.closed.connect(self._remember)
        app.commitDataRequest.connect(self.keep_all)
        self.desk.emptied.connect(self._open_anew)
        self.window.practice_wanted.connect(lambda: self.begin_again(practice=True))
        self.window.own_wanted.connect(lambda: self.begin_again(practice=False))

    @property
    def opening(self) -> "Opening":
        """What leads to an open profile."""
        if self._opening is None:
            from ui.first_run.opening import Opening

            self._opening = Opening(self.desk, self.window, named=self._named)
            self._opening.first_look.coming.connect(self._restore)
            self._opening.begun.connect(self._furnish)
        return self._opening

    @property
    def _ticking(self) -> "Ticking":
        if self._ticks is None:
            from ui.shell.ticking import Ticking

            self._ticks = Ticking(self.desk, self)
        return self._ticks

    def start(self, first: Callable[[], None] | None = None) -> None:
        """Show the frame; once it is painted open the profile, or do `first` instead."""
        self.window.resize(look.FIRST_SIZE)
        bring_onto_a_screen(self.window)
        self.window.show()
        OncePainted(self.window, lambda: self._open(first))

    def stop(self) -> None:
        """Put everything away, waiting for what is under way."""
        if self._ticks is not None:
            self._ticks.stop()
        self._remember()
        self.window.hide()
        self.desk.close()
        if self._reminding is not None:
            self._reminding.put_away()
        if self._logbook is not None:
            self._logbook.close()
        self.window.deleteLater()
        self.deleteLater()

    def begin_again(self, *, practice: bool) -> None:
        """Go over to the practice profile, or set up one's own, in a fresh window."""
        following = Running(self._app, None)
        self._give_way(following, following.opening.practise if practice else following.opening.open_own)

    def _open_anew(self) -> None:
        """Open the same profile again, in which nothing is left."""
        following = Running(self._app, self.desk.profile)
        self._give_way(following, following.opening.start)

    def _give_way(self, following: "Running", first: Callable[[], None]) -> None:
        following.start(first)
        _keep(following)
        self.window.close()
        self.stop()

    def _open(self, first: Callable[[], None] | None) -> None:
        """After the first paint: open the profile."""
        (first or self.opening.start)()
        bring_onto_a_screen(self.window)

    def _furnish(self) -> None:
        """Once the first list or question is painted: make the rest of the window, and draw the icons."""
        self.window.furnish()
        if self.window.windowIcon().isNull():
            self.window.setWindowIcon(look.icon("app", "accent"))
            self.window.wear()

    def _restore(self, folder: Path, today: date) -> None:
        """A profile is about to be seen: show the window as it was."""
        from ui.remembered import Remembered

        self._remembered = Remembered(folder, self._app, self.window)
        self._remembered.restore(today)

    def _opened(self) -> None:
        """A profile is open: once its first list is there, all else may begin."""
        from member_tracker.domain.dates import local_date
        from ui.logbook import Logbook
        from ui.privacy.lock import Lock

        self._logbook = Logbook(self.desk.profile.folder)
        if self._remembered is None:
            self._restore(self.desk.profile.folder, local_date(self.desk.now()))
        if self._remembered is not None:
            self._remembered.begin()
        Lock(self.desk, self.window, self)

    def _note_stands(self, stands: "HubStanding") -> None:
        self._stands = stands

    def _begin_rounds(self) -> None:
        """The first list is there: look for mail and for what others write."""
        from member_tracker.services.deleting import empty_deleted
        from ui.desk import empty_opened
        from ui.mail_round import MailRounds
        from ui.shell.notices import Notices
        from ui.shell.reminding import Reminding
        from ui.sync_round import SyncRounds

        if not self.desk.is_open:
            return
        self.desk.ask(empty_deleted, owner=self)
        self._mail = MailRounds(self.desk, self.window.status, self)
        self._mail.progress.connect(self.window.show_progress)
        self._sync = SyncRounds(self.desk, self)
        self._sync.progress.connect(self.window.show_hub_progress)
        self._sync.stopped.connect(self.window.status.show_hub_stopped)
        self._reminding = Reminding(self.desk, self.window, self)
        Notices(self.desk, self.window, self)
        self.desk.mail_wanted.connect(self._mail.go)
        self.desk.hub_wanted.connect(self._sync.go)
        self.desk.hub_sign_in.connect(self._sync.sign_in)
        if self.desk.is_practice:
            from ui.first_run.guide import show_practice

            show_practice(self.window, self.desk)
        handle = self.window.windowHandle()
        if self._stands is not None:
            self.desk.hub_stands.emit(self._stands)  # said before there were rounds: a locked laptop touches no mail
        for rounds in (self._mail, self._sync):
            if handle is not None:
                handle.installEventFilter(rounds)
            QTimer.singleShot(0, rounds, rounds.start)
        self._ticking.woke.connect(self._send_and_receive)
        self._ticking.start()
        QTimer.singleShot(_EMPTY_MS, self, lambda: self.desk.ask(empty_opened, owner=self))
        self._hand_on()

    def _send_and_receive(self) -> None:
        if self._mail is not None:
            self._mail.go()
        if self._sync is not None:
            self._sync.go()

    def _stop_mail(self) -> None:
        if self._mail is not None:
            self._mail.stop()
        if self._sync is not None:
            self._sync.stop()

    def be_called(self, files: Sequence[str]) -> None:
        """A second start was made: come to the front, and take the files it was given."""
        self._handed += files
        self.window.come_forward()
        if self.desk.is_open:
            self._hand_on()

    def keep_all(self, _session: object = None) -> None:
        """The session ends, perhaps with the computer: what was typed and how the window is are kept at once."""
        self.desk.ending.emit()
        self._remember()

    def _hand_on(self) -> None:
        """Files go to whoever imports them, once a profile is open."""
        handed, self._handed = self._handed, []
        for file in handed:
            self.desk.file_handed.emit(file)

    def _remember(self) -> None:
        if self._remembered is not None and self.desk.is_open:
            self._remembered.keep()

    def _broke(self, error: BaseException) -> None:
        apologise(error, self.window)


_running: list[Running] = []
_sole: list[SoleWindow] = []


def _keep(running: Running) -> None:
    """Hold on to the one running window, which second starts then call."""
    _running[:] = [running]
    running.desk.opened.connect(lambda: _be_sole_of(running.desk.profile))


def _be_sole_of(profile: "Profile") -> None:
    for sole in _sole:
        sole.follow(profile.folder)


def _hear_call(files: Sequence[str]) -> None:
    for running in _running:
        running.be_called(files)


class Sweeper(QObject):
    """Collects Python's garbage on the GUI thread alone: a worker that finalised a widget would crash the program."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._times = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_COLLECT_MS)
        self._timer.timeout.connect(self._sweep)
        self._timer.start()

    def _sweep(self) -> None:
        self._times += 1
        gc.collect(2 if self._times % _FULL_EVERY == 0 else 1)


def apologise(error: BaseException, window: "MainWindow | None") -> None:
    """Write a bug down without anybody's words in it, and tell the user; the dialog is opened, not waited in."""
    import traceback

    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QMessageBox

    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("bug: %s\n%s", type(error).__name__, frames, extra={"error": error})
    box = QMessageBox(window)
    box.setObjectName("apology")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(tr("Something went wrong"))
    box.setText(tr("Sorry, that did not work because of a fault in Member Tracker."))
    box.setInformativeText(
        tr(
            "Nothing half-done was kept. You can go on working; if it happens again, restart the program. "
            "The fault is written down in the log as {error}."
        ).format(error=type(error).__name__)
    )
    box.addButton(tr("&Go on"), QMessageBox.ButtonRole.AcceptRole)
    if window is not None:
        report = box.addButton(tr("&Save a report…"), QMessageBox.ButtonRole.ActionRole)
        report.clicked.connect(window.show_report)
    box.open()


def watch_for_bugs() -> None:
    """Send what nothing else caught to the last-resort dialog."""

    def caught(kind: type[BaseException], error: BaseException, trace: "TracebackType | None") -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            QApplication.quit()
            return
        apologise(error, _running[0].window if _running else None)

    sys.excepthook = caught


def open_window(profile: "Profile | None", files: Sequence[str] = ()) -> int:
    """Open the window on a profile (None: the usual one, or the first-run choice) and run until it is closed.

    Where that profile has a window already, that one comes to the front and is handed the files.
    """
    from member_tracker.profile import profile_at, usual_profile

    app = application()
    sole = SoleWindow((profile or usual_profile() or profile_at(None)).folder, app)
    if not sole.take() and sole.call(files):
        return 0
    watch_for_bugs()
    Sweeper(app)
    _sole[:] = [sole]
    sole.called.connect(_hear_call)
    running = Running(app, profile)
    _keep(running)
    running.start()
    _hear_call([str(Path(file).absolute()) for file in files])
    OncePainted(running.window, lambda: QTimer.singleShot(_LISTEN_MS, sole, sole.listen))
    status = app.exec()
    for still in _running:
        still.stop()
    _running.clear()
    sole.close()
    return status
