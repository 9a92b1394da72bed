"""One window for each profile: a second start raises the first one, hands over the files it was given, and ends.

The first start holds a lock and listens at a socket that only its own user can reach; both are named by a digest, so
that no name of a person or folder is seen there. A lock or socket left by a crash is taken over. Qt's network library
is imported when somebody listens or calls, after the first window is painted.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCryptographicHash, QDeadlineTimer, QEventLoop, QLockFile, QObject, QTimer, Signal

from ui.shell.handed import is_handed

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

_MOST_BYTES, _MOST_FILES = 65_536, 50
_CALL_MS, _AGAIN_MS, _ANSWER_MS, _IDLE_MS = 3_000, 100, 2_000, 5_000
_HEARD = b"heard\n"


class SoleWindow(QObject):
    """The one window of a profile. `called` carries the files that a second start hands over, often none."""

    called = Signal(object)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        place = _place_of(folder)
        self._address = _address_of(place)
        self._lock = _lock_at(place)
        self._server: QLocalServer | None = None

    def take(self) -> bool:
        """Be the first window of the profile, unless another is; where that cannot be known, be it all the same."""
        return self._lock.tryLock(0) or self._lock.error() is not QLockFile.LockError.LockFailedError

    def listen(self) -> bool:
        """Be there for a second start; whether that is possible here. What a crash left in the way is removed."""
        from PySide6.QtNetwork import QLocalServer

        QLocalServer.removeServer(self._address)
        server = self._server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(lambda: self._welcome(server))
        return server.listen(self._address)

    def call(self, files: Sequence[str]) -> bool:
        """From a second start: raise the first window and hand it these files; whether it heard."""
        import json

        until = QDeadlineTimer(_CALL_MS)
        said = json.dumps([str(Path(file).absolute()) for file in files][:_MOST_FILES]).encode() + b"\n"
        while not until.hasExpired():
            if _is_own(self._address) and _say(self._address, said):
                return True
            _wait(_AGAIN_MS)
        return False

    def follow(self, folder: Path) -> None:
        """The window went over to another profile: be the window of that one, unless it has one of its own."""
        place = _place_of(folder)
        if self._lock.fileName() == f"{place}.lock":
            return
        lock = _lock_at(place)
        if lock.tryLock(0):
            self.close()
            self._lock, self._address = lock, _address_of(place)
            self.listen()

    def close(self) -> None:
        """Let another start be the first."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    def _welcome(self, server: "QLocalServer") -> None:
        """Somebody calls: read one line, answer, and hang up; who says nothing or too much is hung up on."""
        caller = server.nextPendingConnection()
        heard = bytearray()

        def read() -> None:
            heard.extend(caller.readAll().data())
            if b"\n" in heard or len(heard) > _MOST_BYTES:
                files = _files_in(bytes(heard))
                if files is not None:
                    caller.write(_HEARD)
                    caller.flush()
                    self.called.emit(files)
                caller.disconnectFromServer()

        caller.readyRead.connect(read)
        caller.disconnected.connect(caller.deleteLater)
        QTimer.singleShot(_IDLE_MS, caller, caller.abort)
        read()


def _place_of(folder: Path) -> Path:
    """Where lock and socket of a profile lie: in the user's own run-time folder, or among the temporary files."""
    named = f"{getuser()}\n{folder.absolute()}".encode()
    digest = bytes(QCryptographicHash.hash(named, QCryptographicHash.Algorithm.Sha256).data()).hex()[:24]
    own = os.environ.get("XDG_RUNTIME_DIR", "")
    room = own if own and os.access(own, os.W_OK) else tempfile.gettempdir()
    return Path(room) / f"member-tracker-{digest}"


def _address_of(place: Path) -> str:
    """What the socket goes by: a pipe of that name on Windows, elsewhere a file."""
    return place.name if sys.platform == "win32" else str(place)


def _lock_at(place: Path) -> QLockFile:
    lock = QLockFile(f"{place}.lock")
    lock.setStaleLockTime(0)
    return lock


def _is_own(address: str) -> bool:
    """Whether the socket there belongs to this user: nobody else is told what file is opened."""
    if sys.platform == "win32":
        return True
    try:
        return Path(address).stat().st_uid == os.getuid()
    except OSError:
        return False


def _say(address: str, said: bytes) -> bool:
    """Say it to the window that listens there; whether it answered."""
    from PySide6.QtNetwork import QLocalSocket

    line = QLocalSocket()
    line.connectToServer(address)
    if not line.waitForConnected(_ANSWER_MS):
        return False
    line.write(said)
    answered = line.waitForReadyRead(_ANSWER_MS) and line.readAll().data() == _HEARD
    line.disconnectFromServer()
    return answered


def _files_in(said: bytes) -> tuple[str, ...] | None:
    """The files named in what a caller said; None where it said anything else."""
    import json

    try:
        named = json.loads(said[:_MOST_BYTES])
    except ValueError:
        return None
    if not isinstance(named, list) or len(named) > _MOST_FILES or not all(isinstance(name, str) for name in named):
        return None
    return tuple(name for name in named if is_handed(name) and Path(name).is_absolute())


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop, loop.quit)
    loop.exec()
