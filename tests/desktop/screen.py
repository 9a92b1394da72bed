"""A screen, a session bus and a window manager of the tests' own, with nothing of whoever runs them."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

SYSTEM_PYTHON = Path("/usr/bin/python3")
SIZE = "1366x768x24"
PATIENCE = 20.0
"""Seconds before something that does not come is given up."""

_PROGRAMS = {"Xvfb": "xvfb", "dbus-daemon": "dbus", "openbox": "openbox", "xdotool": "xdotool"}
_GI = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"

T = TypeVar("T")


def missing_packages() -> list[str]:
    """The packages of Debian's that these tests need and this machine has not."""
    missing = [package for program, package in _PROGRAMS.items() if shutil.which(program) is None]
    if not Path("/usr/libexec/at-spi-bus-launcher").exists():
        missing.append("at-spi2-core")
    if not _has_gi():
        missing += ["python3-gi", "gir1.2-atspi-2.0"]
    return missing


def _has_gi() -> bool:
    """Whether the system's Python can read what programs tell assistive technology."""
    if not SYSTEM_PYTHON.exists():
        return False
    return subprocess.run([SYSTEM_PYTHON, "-c", _GI], check=False, capture_output=True).returncode == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What a program is started with so that it shows itself here, and nowhere else."""

    environment: Mapping[str, str]
    window_manager: "subprocess.Popen[bytes]"

    def wait_managed(self) -> None:
        """Wait for the window manager: until it is there the keyboard does not come back when a dialog is closed."""
        command = ["xdotool", "get_num_desktops"]

        def is_managed() -> bool:
            ended = self.window_manager.poll()
            assert ended is None, f"the window manager ended by itself: {ended}"
            asked = subprocess.run(command, env=self.environment, check=False, capture_output=True, timeout=60)
            return asked.returncode == 0

        wait_for(is_managed, "the window manager")

    def keys(self, *keys: str) -> None:
        """Press keys, one after another, as the window in front gets them."""
        self._xdotool("key", "--delay", "25", *keys)

    def type(self, words: str) -> None:
        """Type words."""
        self._xdotool("type", "--delay", "12", "--", words)

    def _xdotool(self, *said: str) -> None:
        subprocess.run(["xdotool", *said], env=self.environment, check=True, capture_output=True, timeout=60)


@contextmanager
def a_screen(folder: Path) -> Iterator[Screen]:
    """A screen the size of a council laptop's, until it is no longer needed."""
    with ExitStack() as stack:
        reading, writing = os.pipe()
        stack.enter_context(
            running(["Xvfb", "-displayfd", str(writing), "-screen", "0", SIZE, "-nolisten", "tcp"], pass_fds=[writing])
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            display = f":{told.readline().strip()}"
        environment = own_environment(folder) | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        bus = stack.enter_context(
            running(
                ["dbus-daemon", "--session", "--nofork", "--print-address"], env=environment, stdout=subprocess.PIPE
            )
        )
        assert bus.stdout is not None
        environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
        manager = stack.enter_context(running(["openbox"], env=environment))
        yield Screen(environment=environment, window_manager=manager)


def own_environment(folder: Path) -> dict[str, str]:
    """The environment of somebody who has just got this computer."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG", "TZ") if name in os.environ}
    places = {"HOME": "home", "XDG_RUNTIME_DIR": "runtime", "XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": "config",
              "XDG_CACHE_HOME": "cache", "XDG_STATE_HOME": "state"}  # fmt: skip
    for place in places.values():
        (folder / place).mkdir(mode=0o700, parents=True, exist_ok=True)
    return (
        kept
        | {name: str(folder / place) for name, place in places.items()}
        | {
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "PYTHONFAULTHANDLER": "1",
        }
    )


@contextmanager
def running(
    command: list[str],
    *,
    env: Mapping[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.DEVNULL,
    pass_fds: tuple[int, ...] | list[int] = (),
) -> "Iterator[subprocess.Popen[bytes]]":
    """A program that is ended afterwards."""
    started = subprocess.Popen(
        command, env=env, stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL, pass_fds=tuple(pass_fds)
    )
    try:
        yield started
    finally:
        end(started)


def end(started: "subprocess.Popen[bytes]") -> None:
    """End a program, by force where it does not heed."""
    started.terminate()
    try:
        started.wait(timeout=10)
    except subprocess.TimeoutExpired:
        started.kill()
        started.wait()
    for end_of_pipe in (started.stdin, started.stdout):
        if end_of_pipe is not None:
            end_of_pipe.close()


def wait_for(look: Callable[[], T | None], what: str, *, patience: float = PATIENCE) -> T:
    """What `look` finds once it finds something; fails with `what` was waited for where it never does."""
    pause, deadline = threading.Event(), time.monotonic() + patience
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} did not come within {patience:.0f} seconds"
        pause.wait(0.05)
