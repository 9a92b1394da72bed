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
_CALM_MOMENTS = 5
_MOST_MOMENTS = 120
_FEW_COLOURS = 16
_MUCH = 0.05


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
        """What is on it once nothing changes any more; raises `NothingShown` where there is nothing new."""
        calm, before = 0, QImage()
        for _ in range(_MOST_MOMENTS):
            if _has_ended(program, within=_MOMENT_SECONDS):
                raise NothingShown(f"The program ended with {program.returncode}.")
            now = self.picture()
            shows = _colours(now) > _FEW_COLOURS and (other_than is None or _changed(now, other_than) > _MUCH)
            calm = calm + 1 if shows and now == before else 0
            if calm == _CALM_MOMENTS:
                return now
            before = now
        raise NothingShown("Nothing new was shown on the screen within a minute.")

    def press(self, keys: str, program: subprocess.Popen[bytes]) -> None:
        """Press keys in the window, which has to be given the keyboard where there is no window manager.

        A window that goes by these keys may be gone before the pressing has ended.
        """
        environment = {**os.environ, "DISPLAY": self.display}
        words = ["xdotool", "search", "--onlyvisible", "--name", "Member Tracker", "windowfocus", "key", keys]
        told = ""
        for _ in range(_CALM_MOMENTS):
            done = subprocess.run(words, capture_output=True, check=False, env=environment, text=True, timeout=60)
            if done.returncode == 0 or _has_ended(program, within=_MOMENT_SECONDS):
                return
            told = done.stderr
        raise NothingShown(f"No window of the program takes keys: {told}")


def _has_ended(program: subprocess.Popen[bytes], *, within: float) -> bool:
    try:
        program.wait(within)
    except subprocess.TimeoutExpired:
        return False
    return True


def _colours(picture: QImage) -> int:
    return len(set(_dots(picture)))


def _changed(picture: QImage, other: QImage) -> float:
    """The share of dots that are not as in the other picture."""
    dots = _dots(picture)
    return sum(ours != theirs for ours, theirs in zip(dots, _dots(other), strict=True)) / len(dots)


def _dots(picture: QImage) -> list[int]:
    return [picture.pixel(x, y) for x in range(0, picture.width(), 5) for y in range(0, picture.height(), 5)]


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
