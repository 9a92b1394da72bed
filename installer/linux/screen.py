"""A screen that nobody looks at: Xvfb, its picture read from the file it keeps, its keys pressed by xdotool."""

import os
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

_SIZE = "1366x768x24"
_MOMENT_SECONDS = 0.5
_CALM_MOMENTS = 4
_MOST_MOMENTS = 120
_FEW_COLOURS = 16


class NothingShown(Exception):
    """What should have drawn something has ended, or shows nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A screen by its display, and the file that its picture is kept in."""

    display: str
    memory: Path

    def picture(self) -> QImage:
        """What is on it now."""
        raw = self.memory.read_bytes()
        words = struct.unpack(">25I", raw[:100])
        width, height, line = words[4], words[5], words[12]
        dots = raw[words[0] + 12 * words[19] :]
        return QImage(dots, width, height, line, QImage.Format.Format_RGB32).copy()

    def calm_picture(self, program: subprocess.Popen[bytes], *, other_than: QImage | None = None) -> QImage:
        """What is on it once nothing changes any more; raises `NothingShown` where that is nothing, or the same."""
        calm, before = 0, QImage()
        for _ in range(_MOST_MOMENTS):
            try:
                raise NothingShown(f"The program ended with {program.wait(_MOMENT_SECONDS)}.")
            except subprocess.TimeoutExpired:
                now = self.picture()
            calm = calm + 1 if now == before and now != other_than and _colours(now) > _FEW_COLOURS else 0
            if calm == _CALM_MOMENTS:
                return now
            before = now
        raise NothingShown("Nothing new was shown on the screen within a minute.")

    def press(self, keys: str) -> None:
        """Press keys, for the window that has the keyboard; without a window manager it has to be given it."""
        environment = {**os.environ, "DISPLAY": self.display}
        words = ["xdotool", "search", "--onlyvisible", "--name", "Member Tracker", "windowfocus", "--sync", "key", keys]
        subprocess.run(words, capture_output=True, check=True, env=environment, timeout=60)


def _colours(picture: QImage) -> int:
    return len({picture.pixel(x, y) for x in range(0, picture.width(), 5) for y in range(0, picture.height(), 5)})


@contextmanager
def screen(folder: Path) -> Iterator[Screen]:
    """A screen for as long as it is needed; it is reached from within a bare root as well."""
    folder.mkdir(parents=True, exist_ok=True)
    ours, theirs = os.pipe()
    words = ["Xvfb", "-displayfd", str(theirs), "-screen", "0", _SIZE, "-fbdir", str(folder), "-nolisten", "tcp", "-ac"]
    server = subprocess.Popen(words, pass_fds=[theirs], stderr=subprocess.DEVNULL)
    os.close(theirs)
    with os.fdopen(ours) as told:
        number = told.readline().strip()
    try:
        yield Screen(display=f":{number}", memory=folder / "Xvfb_screen0")
    finally:
        server.terminate()
        server.wait()
